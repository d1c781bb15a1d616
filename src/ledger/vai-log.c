#include "vai-log.h"

#include <sodium.h>
#include <string.h>

G_STATIC_ASSERT (VAI_SECRET_KEY_BYTES == crypto_sign_SECRETKEYBYTES);
G_STATIC_ASSERT (VAI_SEED_BYTES == crypto_sign_SEEDBYTES);
G_STATIC_ASSERT (VAI_HASH_SIZE == 2 * crypto_hash_sha256_BYTES + 1);
G_STATIC_ASSERT (VAI_SIGNATURE_SIZE == 2 * crypto_sign_BYTES + 1);
G_STATIC_ASSERT (VAI_PUBLIC_KEY_SIZE == 2 * crypto_sign_PUBLICKEYBYTES + 1);

/* ── Signatures ── */

void
vai_signature_make_keys (const guint8 *seed, char public_key[VAI_PUBLIC_KEY_SIZE], guint8 *secret_key)
{
  guint8 bytes[crypto_sign_PUBLICKEYBYTES];
  crypto_sign_seed_keypair (bytes, secret_key, seed);
  sodium_bin2hex (public_key, VAI_PUBLIC_KEY_SIZE, bytes, sizeof bytes);
}

void
vai_signature_make (const char *text, const guint8 *secret_key, char signature[VAI_SIGNATURE_SIZE])
{
  guint8 bytes[crypto_sign_BYTES];
  crypto_sign_detached (bytes, NULL, (const guint8 *) text, strlen (text), secret_key);
  sodium_bin2hex (signature, VAI_SIGNATURE_SIZE, bytes, sizeof bytes);
}

/* FALSE for what is not exactly @size bytes in lower case. */
static gboolean
parse_hex (const char *text, guint8 *bytes, gsize size)
{
  gsize length;
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isdigit (*c) && (*c < 'a' || *c > 'f'))
      return FALSE;
  return strlen (text) == 2 * size && sodium_hex2bin (bytes, size, text, 2 * size, NULL, &length, NULL) == 0
         && length == size;
}

gboolean
vai_signature_check (const char *text, const char *signature, const char *public_key)
{
  guint8 bytes[crypto_sign_BYTES], key[crypto_sign_PUBLICKEYBYTES];
  return parse_hex (signature, bytes, sizeof bytes) && parse_hex (public_key, key, sizeof key)
         && crypto_sign_verify_detached (bytes, (const guint8 *) text, strlen (text), key) == 0;
}

gboolean
vai_public_key_is_valid (const char *public_key)
{
  guint8 key[crypto_sign_PUBLICKEYBYTES], curve[crypto_scalarmult_curve25519_BYTES];
  /* The conversion refuses points of small order, under which anything would seem signed. */
  return parse_hex (public_key, key, sizeof key) && crypto_sign_ed25519_pk_to_curve25519 (curve, key) == 0;
}

/* ── Entries ── */

static gboolean
is_word (const char *text, const char *more, gsize most)
{
  gsize length = strlen (text);
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_islower (text[i]) && !g_ascii_isdigit (text[i]) && strchr (more, text[i]) == NULL)
      return FALSE;
  return length > 0 && length <= most;
}

static gboolean
is_id (const char *text)
{
  return strlen (text) == 36 && is_word (text, "-", 36);
}

gboolean
vai_log_entry_is_valid (const VaiLogEntry *self)
{
  guint8 prev[crypto_hash_sha256_BYTES];
  return is_id (self->device_id) && is_id (self->op_id) && is_word (self->op_kind, "_", 40)
         && (self->resource_id == NULL || is_id (self->resource_id)) && parse_hex (self->prev_hash, prev, sizeof prev)
         && self->epoch >= 1 && self->seq >= 1 && self->units >= 0 && self->units <= VAI_LOG_UNITS_MAX
         && self->cost >= 0 && self->cost <= VAI_LOG_COST_MAX && self->price_version >= 0 && self->at >= 0;
}

char *
vai_log_entry_to_text (const VaiLogEntry *self)
{
#define N "%" G_GINT64_FORMAT "\n"
  return g_strdup_printf ("valutai-entry-1\ndevice %s\nepoch " N "seq " N "prev %s\nop %s\nkind %s\nunits " N "cost " N
                          "price_version " N "resource %s\nat " N,
                          self->device_id, self->epoch, self->seq, self->prev_hash, self->op_id, self->op_kind,
                          self->units, self->cost, self->price_version,
                          self->resource_id != NULL ? self->resource_id : "-", self->at);
#undef N
}

char *
vai_log_restored_to_text (const char *device_id, gint64 epoch)
{
  return g_strdup_printf ("valutai-restored-1\ndevice %s\nepoch %" G_GINT64_FORMAT "\n", device_id, epoch);
}

void
vai_log_hash (const char *text, char hash[VAI_HASH_SIZE])
{
  guint8 bytes[crypto_hash_sha256_BYTES];
  crypto_hash_sha256 (bytes, (const guint8 *) text, strlen (text));
  sodium_bin2hex (hash, VAI_HASH_SIZE, bytes, sizeof bytes);
}

gboolean
vai_log_entry_is_return (const VaiLogEntry *self)
{
  return strcmp (self->op_kind, VAI_LOG_RETURN) == 0;
}
