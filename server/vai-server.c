#include "vai-server.h"

#include "vai-access.h"
#include "vai-blob-store.h"
#include "vai-chores.h"
#include "vai-error.h"
#include "vai-first-owner.h"
#include "vai-lease-key.h"
#include "vai-listener.h"
#include "vai-sync.h"
#include "vai-time.h"
#include "vai-vault.h"
#include "vai-workers.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

gint64
vai_server_now (void)
{
  gint64 now = vai_time_now_ms ();
#ifdef VAI_FAILPOINTS
  g_autofree char *text = NULL;
  const char *file = g_getenv ("VALUTAI_CLOCK_OFFSET");
  if (file != NULL && g_file_get_contents (file, &text, NULL, NULL))
    now += g_ascii_strtoll (text, NULL, 10);
#endif
  return now;
}

static gboolean
make_folder (const VaiServerConfig *config, GError **error)
{
  const char *folder = vai_server_config_get_text (config, "data");
  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;
  vai_error_set_errno (error, errno, TRUE, "Cannot make the folder “%s”", folder);
  return FALSE;
}

typedef struct
{
  VaiServer *server;
  gboolean loaded;
  GError *error; /* why not */
} Keys;

/* A master key is made for a database that holds nothing under one. Under a lock, with the first key that it seals: of
 * several servers that start on a new database with folders of their own, all but one find that it has a master. */
static gboolean
load_master_key (VaiTransaction *transaction, gpointer data)
{
  Keys *keys = data;
  g_clear_error (&keys->error);
  vai_transaction_lock (transaction, "audit_head", "head");
  gboolean begins = vai_transaction_get_integer (transaction, 0, "SELECT count(*) FROM secret_key") == 0;
  if (vai_transaction_has_failed (transaction))
    return FALSE;
  const char *path = vai_server_config_get_text (keys->server->config, "master-key-file");
  keys->loaded = vai_vault_load (keys->server, path, begins, &keys->error);
  if (keys->loaded && begins)
    vai_lease_key_ensure (keys->server, transaction);
  return keys->loaded;
}

static gboolean
start_keys (VaiServer *self, GError **error)
{
  g_autoptr (VaiConnection) connection = vai_connection_new (self->database);
  Keys keys = { self, FALSE, NULL };
  if (!vai_connection_write (connection, load_master_key, &keys, error))
    return FALSE;
  if (!keys.loaded)
    g_propagate_error (error, keys.error);
  return keys.loaded && vai_access_start (self, error) && vai_lease_key_start (self, error);
}

static gboolean
notice_move (VaiServer *self, GError **error)
{
  g_autoptr (VaiConnection) connection = vai_connection_new (self->database);
  return vai_sync_notice_move (connection, vai_database_get_kind (self->database), error);
}

VaiServer *
vai_server_start (const VaiServerConfig *config, GError **error)
{
  g_autoptr (VaiServer) self = g_new0 (VaiServer, 1);
  self->config = config;
  if (!make_folder (config, error))
    return NULL;
  self->database = vai_database_open (vai_server_config_get_text (config, "database"), error);
  if (self->database == NULL || !start_keys (self, error) || !notice_move (self, error))
    return NULL;
  self->blobs = vai_blob_store_open (config, error);
  if (self->blobs == NULL)
    return NULL;
  self->chores = vai_chores_new (self);
  self->workers = vai_workers_new (self, (guint) vai_server_config_get_integer (config, "workers"));
  self->listener = vai_listener_new (self, error);
  if (self->listener == NULL)
    return NULL;
  self->public_url = g_strdup (vai_server_config_get_text (config, "public-url"));
  if (self->public_url == NULL)
    self->public_url = vai_listener_dup_url (self->listener);
  /* Paths are put after it. */
  if (g_str_has_suffix (self->public_url, "/"))
    self->public_url[strlen (self->public_url) - 1] = '\0';
  if (!vai_first_owner_offer (self, error))
    return NULL;
  vai_chores_start (self->chores);
  return g_steal_pointer (&self);
}

void
vai_server_stop (VaiServer *self)
{
  if (self == NULL)
    return;
  g_atomic_int_set (&self->draining, 1);
  if (self->chores != NULL)
    vai_chores_stop (self->chores);
  if (self->listener != NULL)
    vai_listener_drain (self->listener);
  g_clear_pointer (&self->workers, vai_workers_free);
  g_clear_pointer (&self->listener, vai_listener_free);
  g_clear_pointer (&self->chores, vai_chores_free);
  vai_lease_key_stop (self);
  vai_access_stop (self);
  g_clear_pointer (&self->blobs, vai_blob_store_close);
  g_clear_pointer (&self->database, vai_database_close);
  g_free (self->public_url);
  sodium_memzero (self->master_key, sizeof self->master_key);
  g_free (self);
}
