#include "vai-two-factor.h"

#include "vai-server.h"
#include "vai-vault.h"

#include <liboath/oath.h>
#include <string.h>

#define SECRET_BYTES 20 /* of SHA-1, as every phone expects */
#define STEP_SECONDS 30
#define DIGITS 6

/* 16 of 32 letters are 80 bits; with 0, 1, I and O left out they can be read from paper. */
#define BACKUP_LETTERS "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#define BACKUP_LENGTH 16

char *
vai_two_factor_begin (VaiCall *call, VaiTransaction *transaction, const char *user_id)
{
  char bytes[SECRET_BYTES];
  char *base32 = NULL;
  randombytes_buf (bytes, sizeof bytes);
  if (oath_base32_encode (bytes, sizeof bytes, &base32, NULL) != OATH_OK)
    g_error ("there is not enough memory");
  g_autoptr (GBytes) clear = g_bytes_new (bytes, sizeof bytes);
  g_autoptr (GBytes) sealed = vai_vault_seal (call->server, clear, TRUE);
  sodium_memzero (bytes, sizeof bytes);
  vai_transaction_run (
      transaction, "UPDATE \"user\" SET totp = $1, totp_enabled = 0, totp_counter = 0, updated_at = $2 WHERE id = $3",
      VAI_BYTES (sealed), VAI_INTEGER (call->now), VAI_TEXT (user_id));
  char *secret = g_strdup (base32);
  free (base32);
  return secret;
}

/* The step of time that @code belongs to, or -1. */
static gint64
find_counter (VaiCall *call, GBytes *secret, const char *code)
{
  uint64_t counter = 0;
  gsize size;
  const char *bytes = g_bytes_get_data (secret, &size);
  size_t window = (size_t) vai_server_config_get_integer (call->server->config, "totp-window");
  int found = oath_totp_validate4 (bytes, size, (time_t) (call->now / 1000), STEP_SECONDS, 0, window, NULL, &counter, 0,
                                   code);
  return found >= 0 ? (gint64) counter : -1;
}

/* The update only fits a later step than the last one used: the same code does not open twice (ASVS 6.5.1). */
static gboolean
use_time_code (VaiCall *call, VaiTransaction *transaction, const char *user_id, const char *code)
{
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction, "SELECT totp FROM \"user\" WHERE id = $1", VAI_TEXT (user_id));
  if (!vai_rows_next (rows) || vai_rows_is_null (rows, 0))
    return FALSE;
  g_autoptr (GBytes) sealed = vai_rows_dup_bytes (rows, 0);
  g_autoptr (GBytes) secret = vai_vault_open (call->server, sealed);
  gint64 counter = secret != NULL ? find_counter (call, secret, code) : -1;
  return counter >= 0
         && vai_transaction_run (transaction,
                                 "UPDATE \"user\" SET totp_counter = $1 WHERE id = $2 AND totp_counter < $3",
                                 VAI_INTEGER (counter), VAI_TEXT (user_id), VAI_INTEGER (counter))
                == 1;
}

/* ── Backup codes ── */

/* As it was given out, whatever case and marks it was typed with. */
static char *
clean (const char *code)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (; *code != '\0'; code++)
    if (g_ascii_isalnum (*code))
      g_string_append_c (text, g_ascii_toupper (*code));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Under the master key, with its owner: nobody tries codes against a copy of the database. */
static char *
hash_of (VaiCall *call, const char *user_id, const char *code)
{
  g_autofree char *cleaned = clean (code);
  g_autofree char *both = g_strconcat ("backup\n", user_id, "\n", cleaned, NULL);
  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, call->server->master_key, sizeof call->server->master_key, both,
                                    -1);
}

GStrv
vai_two_factor_make_backup_codes (VaiCall *call, VaiTransaction *transaction, const char *user_id)
{
  GStrv codes = g_new0 (char *, VAI_BACKUP_CODES + 1);
  vai_transaction_run (transaction, "DELETE FROM backup_code WHERE user_id = $1", VAI_TEXT (user_id));
  for (guint i = 0; i < VAI_BACKUP_CODES; i++)
    {
      g_autoptr (GString) code = g_string_new (NULL);
      for (guint k = 0; k < BACKUP_LENGTH; k++)
        g_string_append_printf (code, "%s%c", k > 0 && k % 4 == 0 ? "-" : "",
                                BACKUP_LETTERS[randombytes_uniform ((uint32_t) strlen (BACKUP_LETTERS))]);
      g_autofree char *hash = hash_of (call, user_id, code->str);
      vai_transaction_run (transaction, "INSERT INTO backup_code (user_id, code_hash) VALUES ($1, $2)",
                           VAI_TEXT (user_id), VAI_TEXT (hash));
      codes[i] = g_string_free (g_steal_pointer (&code), FALSE);
    }
  return codes;
}

gboolean
vai_two_factor_use (VaiCall *call, VaiTransaction *transaction, const char *user_id, const char *code)
{
  if (strlen (code) == DIGITS && strspn (code, "0123456789") == DIGITS)
    return use_time_code (call, transaction, user_id, code);
  g_autofree char *hash = hash_of (call, user_id, code);
  return vai_transaction_run (transaction,
                              "UPDATE backup_code SET used_at = $1 WHERE user_id = $2 AND code_hash = $3 "
                              "AND used_at IS NULL",
                              VAI_INTEGER (call->now), VAI_TEXT (user_id), VAI_TEXT (hash))
         == 1;
}
