#include "vai-fuzz-server.h"

#include "vai-tokens.h"
#include "vai-vault.h"

#include <glib/gstdio.h>
#include <string.h>

static VaiFuzzServer self;
static char *folder;

static gboolean
fill (VaiTransaction *transaction, gpointer data)
{
  const char *public_key = data;
  guint8 bytes[32];
  memset (bytes, VAI_FUZZ_BYTE, sizeof bytes);
  g_autoptr (GBytes) clear = g_bytes_new (bytes, sizeof bytes);
  g_autoptr (GBytes) sealed = vai_vault_seal (self.server, clear, TRUE);
  vai_transaction_run (transaction,
                       "INSERT INTO secret_key (id, purpose, value, created_at) VALUES ($1, 'token', $2, $3)",
                       VAI_TEXT (VAI_FUZZ_KEY), VAI_BYTES (sealed), VAI_INTEGER (vai_server_now ()));
  vai_transaction_run (transaction,
                       "INSERT INTO \"user\" (id, name, email, created_at, updated_at) VALUES ($1, 'A', 'a@b.c', 0, 0)",
                       VAI_TEXT (VAI_FUZZ_USER));
  vai_transaction_run (transaction,
                       "INSERT INTO device (id, user_id, name, public_key, created_at, updated_at) "
                       "VALUES ($1, $2, 'D', $3, 0, 0)",
                       VAI_TEXT (VAI_FUZZ_DEVICE), VAI_TEXT (VAI_FUZZ_USER), VAI_TEXT (public_key));
  return !vai_transaction_has_failed (transaction);
}

static void
stop (void)
{
  vai_tokens_free (self.server->tokens);
  vai_connection_free (self.connection);
  vai_database_close (self.server->database);
  g_free (self.server);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_unlink (path);
    }
  g_rmdir (folder);
  g_free (folder);
}

static void
start (void)
{
  g_autoptr (GError) error = NULL;
  g_assert (sodium_init () >= 0);
  folder = g_dir_make_tmp ("valutai-fuzz-XXXXXX", &error);
  g_assert_no_error (error);
  g_autofree char *path = g_build_filename (folder, "server.db", NULL);
  self.server = g_new0 (VaiServer, 1);
  self.server->database = vai_database_open (path, &error);
  g_assert_no_error (error);
  self.connection = vai_connection_new (self.server->database);
  guint8 seed[VAI_SEED_BYTES];
  char public_key[VAI_PUBLIC_KEY_SIZE];
  memset (seed, VAI_FUZZ_BYTE, sizeof seed);
  vai_signature_make_keys (seed, public_key, self.device_key);
  g_assert_true (vai_connection_write (self.connection, fill, public_key, &error));
  self.server->tokens = vai_tokens_new (self.server, &error);
  g_assert_no_error (error);
  atexit (stop);
}

const VaiFuzzServer *
vai_fuzz_server_get (void)
{
  if (self.server == NULL)
    start ();
  return &self;
}

VaiCall *
vai_fuzz_server_call (const char *method, const char *path)
{
  const VaiFuzzServer *fuzz = vai_fuzz_server_get ();
  gboolean path_known;
  VaiCall *call = g_new0 (VaiCall, 1);
  call->server = fuzz->server;
  call->connection = fuzz->connection;
  call->route = vai_route_find (method, path, &call->values, &path_known);
  call->path = g_strdup (path);
  call->request_id = g_strdup ("fuzz");
  call->user_id = g_strdup (VAI_FUZZ_USER);
  g_assert_nonnull (call->route);
  return call;
}

char *
vai_fuzz_line (const guint8 **data, size_t *size)
{
  const guint8 *end = *size > 0 ? memchr (*data, '\n', *size) : NULL;
  size_t length = end != NULL ? (size_t) (end - *data) : *size;
  char *line = g_strndup ((const char *) *data, length);
  *data += length + (end != NULL);
  *size -= length + (end != NULL);
  return line;
}
