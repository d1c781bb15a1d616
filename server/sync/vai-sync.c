#include "vai-sync.h"

#include "vai-message.h"
#include "vai-protocol.h"
#include "vai-route.h"

#include <sodium.h>
#include <string.h>

#define EPOCH_BYTES 4
#define BYTES_PER_MIB (G_GINT64_CONSTANT (1024) * 1024)

void
vai_sync_lock_account (VaiTransaction *transaction, const char *user_id, gint64 *seq, gint64 *bytes)
{
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "INSERT INTO sync_account (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET sync_seq = sync_account.sync_seq "
      "RETURNING sync_seq, bytes",
      VAI_TEXT (user_id));
  gboolean found = vai_rows_next (rows);
  if (seq != NULL)
    *seq = found ? vai_rows_get_integer (rows, 0) : 0;
  if (bytes != NULL)
    *bytes = found ? vai_rows_get_integer (rows, 1) : 0;
}

void
vai_sync_count_bytes (VaiTransaction *transaction, const char *user_id, gint64 more)
{
  vai_transaction_run (transaction, "UPDATE sync_account SET bytes = bytes + $1 WHERE id = $2", VAI_INTEGER (more),
                       VAI_TEXT (user_id));
}

gint64
vai_sync_get_quota (VaiServer *server)
{
  return vai_server_config_get_integer (server->config, "quota-mib") * BYTES_PER_MIB;
}

void
vai_sync_renew_epoch (VaiTransaction *transaction)
{
  guint8 bytes[EPOCH_BYTES];
  char epoch[2 * EPOCH_BYTES + 1];
  randombytes_buf (bytes, sizeof bytes);
  sodium_bin2hex (epoch, sizeof epoch, bytes, sizeof bytes);
  vai_transaction_run (transaction, "UPDATE sync_store SET epoch = $1", VAI_TEXT (epoch));
}

/* ── Where the database is ── */

#define HOME_SQL                                                                                                       \
  "SELECT s.system_identifier || '/' || c.timeline_id || '/' || d.oid || '/' || CAST(CAST('sync_store' AS regclass) "  \
  "AS oid) FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d WHERE d.datname = current_database()"

static gboolean
notice_move_work (VaiTransaction *transaction, gpointer data)
{
  g_autofree char *now = vai_transaction_dup_text (transaction, HOME_SQL);
  g_autofree char *then = vai_transaction_dup_text (transaction, "SELECT home FROM sync_store");
  if (now == NULL || g_strcmp0 (now, then) == 0)
    return FALSE;
  if (then != NULL)
    {
      g_warning ("the database was restored or moved: every machine pulls its library again");
      vai_sync_renew_epoch (transaction);
    }
  vai_transaction_run (transaction, "UPDATE sync_store SET home = $1", VAI_TEXT (now));
  return TRUE;
}

gboolean
vai_sync_notice_move (VaiConnection *connection, const char *kind, GError **error)
{
  return strcmp (kind, "postgresql") != 0 || vai_connection_write (connection, notice_move_work, NULL, error);
}

void
vai_sync_watch_home (VaiServer *server, VaiConnection *connection)
{
  g_autoptr (GError) error = NULL;
  if (!vai_sync_notice_move (connection, vai_database_get_kind (server->database), &error))
    g_warning ("where the database is could not be seen: %s", error->message);
}

void
vai_sync_forget (VaiTransaction *transaction, const char *user_id)
{
  vai_sync_lock_account (transaction, user_id, NULL, NULL);
  vai_transaction_run (transaction, "DELETE FROM object_history WHERE user_id = $1", VAI_TEXT (user_id));
  vai_transaction_run (transaction, "DELETE FROM sync_object WHERE user_id = $1", VAI_TEXT (user_id));
  vai_transaction_run (transaction, "DELETE FROM upload WHERE user_id = $1", VAI_TEXT (user_id));
  vai_transaction_run (transaction,
                       "UPDATE blob SET refs = refs - 1 WHERE hash IN (SELECT hash FROM user_blob WHERE user_id = $1)",
                       VAI_TEXT (user_id));
  vai_transaction_run (transaction, "DELETE FROM user_blob WHERE user_id = $1", VAI_TEXT (user_id));
  vai_transaction_run (transaction, "DELETE FROM sync_account WHERE id = $1", VAI_TEXT (user_id));
}

static const VaiField push_fields[] = {
  { "items", VAI_FIELD_ARRAY, 0, 1, VAI_SYNC_ITEMS_MAX },
  { NULL },
};

const VaiRoute vai_sync_routes[] = {
  { "GET", "/api/v1/sync", VAI_ACCESS_TOKEN, VAI_RATE_READ, 0, NULL, vai_sync_pull },
  { "POST", "/api/v1/sync", VAI_ACCESS_SESSION, VAI_RATE_WRITE, VAI_SYNC_BATCH_BYTES_MAX, push_fields, vai_sync_push },
  { "GET", "/api/v1/sync/{id}/versions", VAI_ACCESS_TOKEN, VAI_RATE_READ, 0, NULL, vai_sync_get_versions },
  { NULL },
};
