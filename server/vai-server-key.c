#include "vai-server-key.h"

#include "vai-error.h"
#include "vai-time.h"
#include "vai-vault.h"

#include <string.h>

void
vai_server_key_free (VaiServerKey *self)
{
  g_free (self->id);
  sodium_memzero (self->bytes, sizeof self->bytes);
  g_free (self);
}

void
vai_server_key_renew (VaiServer *server, VaiTransaction *transaction, const char *purpose, gint64 retired_at)
{
  guint8 bytes[VAI_SERVER_KEY_BYTES];
  randombytes_buf (bytes, sizeof bytes);
  g_autoptr (GBytes) clear = g_bytes_new (bytes, sizeof bytes);
  sodium_memzero (bytes, sizeof bytes);
  g_autoptr (GBytes) sealed = vai_vault_seal (server, clear, TRUE);
  g_autofree char *id = vai_uuid_new ();
  vai_transaction_run (transaction, "UPDATE secret_key SET retired_at = $1 WHERE purpose = $2 AND retired_at IS NULL",
                       VAI_INTEGER (retired_at), VAI_TEXT (purpose));
  vai_transaction_run (transaction, "INSERT INTO secret_key (id, purpose, value, created_at) VALUES ($1, $2, $3, $4)",
                       VAI_TEXT (id), VAI_TEXT (purpose), VAI_BYTES (sealed), VAI_INTEGER (vai_server_now ()));
}

void
vai_server_key_ensure (VaiServer *server, VaiTransaction *transaction, const char *purpose, gint64 age_ms)
{
  gint64 now = vai_server_now ();
  gint64 newest = vai_transaction_get_integer (
      transaction, 0, "SELECT max(created_at) FROM secret_key WHERE purpose = $1 AND retired_at IS NULL",
      VAI_TEXT (purpose));
  if (newest == 0 || now - newest > age_ms)
    vai_server_key_renew (server, transaction, purpose, now);
}

typedef struct
{
  VaiServer *server;
  const char *purpose;
  gint64 since;
  GPtrArray *keys;
  gboolean foreign; /* a key that the master key does not open */
} Reading;

static gboolean
read_work (VaiTransaction *transaction, gpointer data)
{
  Reading *reading = data;
  g_ptr_array_set_size (reading->keys, 0);
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction,
                               "SELECT id, value, retired_at FROM secret_key WHERE purpose = $1 "
                               "AND (retired_at IS NULL OR retired_at > $2) ORDER BY created_at DESC, id DESC",
                               VAI_TEXT (reading->purpose), VAI_INTEGER (reading->since));
  while (vai_rows_next (rows))
    {
      g_autoptr (GBytes) sealed = vai_rows_dup_bytes (rows, 1);
      g_autoptr (GBytes) clear = vai_vault_open (reading->server, sealed);
      if (clear == NULL || g_bytes_get_size (clear) != VAI_SERVER_KEY_BYTES)
        {
          reading->foreign = TRUE;
          continue;
        }
      VaiServerKey *key = g_new0 (VaiServerKey, 1);
      key->id = g_strdup (vai_rows_get_text (rows, 0));
      memcpy (key->bytes, g_bytes_get_data (clear, NULL), VAI_SERVER_KEY_BYTES);
      key->retired_at = vai_rows_get_integer (rows, 2);
      g_ptr_array_add (reading->keys, key);
    }
  return FALSE;
}

GPtrArray *
vai_server_key_read (VaiServer *server, VaiConnection *connection, const char *purpose, gint64 since, GError **error)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_server_key_free);
  Reading reading = { server, purpose, since, keys, FALSE };
  if (!vai_connection_read (connection, read_work, &reading, error))
    return NULL;
  if (!reading.foreign && keys->len > 0)
    return g_steal_pointer (&keys);
  g_set_error (
      error, VAI_ERROR, VAI_ERROR_FOREIGN,
      "The keys in the database were made under another master key than that in “%s”: put the right one there, "
      "copied from another server of this database, or give its place with master-key-file.",
      vai_server_config_get_text (server->config, "master-key-file"));
  return NULL;
}
