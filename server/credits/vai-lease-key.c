#include "vai-lease-key.h"

#include "vai-error.h"
#include "vai-time.h"
#include "vai-vault.h"

#include <string.h>

struct _VaiLeaseKey
{
  VaiServer *server;
  char *id;
  GBytes *sealed; /* the seed, while it is read */
  char public_key[VAI_PUBLIC_KEY_SIZE];
  guint8 secret_key[VAI_SECRET_KEY_BYTES];
};

static void
make_key (VaiServer *server, VaiTransaction *transaction)
{
  guint8 seed[VAI_SEED_BYTES];
  randombytes_buf (seed, sizeof seed);
  g_autoptr (GBytes) clear = g_bytes_new (seed, sizeof seed);
  sodium_memzero (seed, sizeof seed);
  g_autoptr (GBytes) sealed = vai_vault_seal (server, clear, TRUE);
  g_autofree char *id = vai_uuid_new ();
  vai_transaction_run (transaction,
                       "INSERT INTO secret_key (id, purpose, value, created_at) VALUES ($1, 'lease', $2, $3)",
                       VAI_TEXT (id), VAI_BYTES (sealed), VAI_INTEGER (vai_server_now ()));
}

static gboolean
read_key (VaiTransaction *transaction, VaiLeaseKey *self)
{
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction, "SELECT id, value FROM secret_key WHERE purpose = 'lease' ORDER BY created_at, id LIMIT 1");
  if (!vai_rows_next (rows))
    return FALSE;
  g_free (self->id);
  g_clear_pointer (&self->sealed, g_bytes_unref);
  self->id = g_strdup (vai_rows_get_text (rows, 0));
  self->sealed = vai_rows_dup_bytes (rows, 1);
  return TRUE;
}

/* Two instances that start together may make one each: the older is everybody's. */
static gboolean
ensure_key (VaiTransaction *transaction, gpointer data)
{
  VaiLeaseKey *self = data;
  if (!read_key (transaction, self))
    {
      make_key (self->server, transaction);
      read_key (transaction, self);
    }
  return TRUE;
}

static gboolean
read_work (VaiTransaction *transaction, gpointer data)
{
  return read_key (transaction, data);
}

gboolean
vai_lease_key_start (VaiServer *server, GError **error)
{
  VaiLeaseKey *self = server->lease_key = g_new0 (VaiLeaseKey, 1);
  self->server = server;
  g_autoptr (VaiConnection) connection = vai_connection_new (server->database);
  if (!vai_connection_write (connection, ensure_key, self, error)
      || !vai_connection_read (connection, read_work, self, error))
    return FALSE;
  g_autoptr (GBytes) seed = self->sealed != NULL ? vai_vault_open (server, self->sealed) : NULL;
  if (seed == NULL || g_bytes_get_size (seed) != VAI_SEED_BYTES)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_FOREIGN,
                   "The key of leases was made under another master key: give the right master-key-file.");
      return FALSE;
    }
  vai_signature_make_keys (g_bytes_get_data (seed, NULL), self->public_key, self->secret_key);
  return TRUE;
}

void
vai_lease_key_stop (VaiServer *server)
{
  VaiLeaseKey *self = g_steal_pointer (&server->lease_key);
  if (self == NULL)
    return;
  sodium_memzero (self->secret_key, sizeof self->secret_key);
  g_clear_pointer (&self->sealed, g_bytes_unref);
  g_free (self->id);
  g_free (self);
}

const char *
vai_lease_key_get_id (VaiServer *server)
{
  return server->lease_key->id;
}

const char *
vai_lease_key_get_public (VaiServer *server)
{
  return server->lease_key->public_key;
}

void
vai_lease_key_sign (VaiServer *server, const char *text, char signature[VAI_SIGNATURE_SIZE])
{
  vai_signature_make (text, server->lease_key->secret_key, signature);
}
