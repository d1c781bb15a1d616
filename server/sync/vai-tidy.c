/* What the library forgets by itself. Each step takes a handful at a time, one transaction for each, so that nobody
 * waits for long. */
#include "vai-sync.h"

#include "vai-blob-store.h"
#include "vai-blob.h"
#include "vai-object.h"

#include <string.h>

#define DAY_MS (24 * 3600 * G_GINT64_CONSTANT (1000))
#define TRASH_MS (30 * DAY_MS)
#define TOMBSTONE_MS (180 * DAY_MS)

#define HANDFUL 200

/* What is known of an object when the trash was emptied: “{}”. */
#define EMPTY_BYTES 2

/* One thing to look at again under its lock. */
typedef struct
{
  char *first, *second;
} Pair;

typedef struct
{
  gint64 now;
  const char *sql; /* two texts of what is due before $1, at most $2 */
  gint64 before;
  GPtrArray *found; /* of Pair */
  Pair *pair;
  void (*act) (VaiTransaction *transaction, const Pair *pair, gint64 before, gint64 now);
} Step;

static void
pair_free (gpointer data)
{
  Pair *pair = data;
  g_free (pair->first);
  g_free (pair->second);
  g_free (pair);
}

static gboolean
find_due (VaiTransaction *transaction, gpointer data)
{
  Step *step = data;
  g_ptr_array_set_size (step->found, 0);
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction, step->sql, VAI_INTEGER (step->before), VAI_INTEGER (HANDFUL));
  while (vai_rows_next (rows))
    {
      Pair *pair = g_new (Pair, 1);
      *pair = (Pair){ g_strdup (vai_rows_get_text (rows, 0)), g_strdup (vai_rows_get_text (rows, 1)) };
      g_ptr_array_add (step->found, pair);
    }
  return TRUE;
}

static gboolean
act_work (VaiTransaction *transaction, gpointer data)
{
  Step *step = data;
  step->act (transaction, step->pair, step->before, step->now);
  return TRUE;
}

/* @done is called outside of the transaction for each that was acted on; may be NULL. */
static void
run_step (VaiServer *server, VaiConnection *connection, Step *step, void (*done) (VaiServer *server, const Pair *pair))
{
  g_autoptr (GError) error = NULL;
  step->found = g_ptr_array_new_with_free_func (pair_free);
  gboolean right = vai_connection_read (connection, find_due, step, &error);
  for (guint i = 0; right && i < step->found->len; i++)
    {
      step->pair = step->found->pdata[i];
      right = vai_connection_write (connection, act_work, step, &error);
      if (right && done != NULL)
        done (server, step->pair);
    }
  if (!right)
    g_warning ("the library is not tidied: %s", error->message);
  g_ptr_array_unref (step->found);
}

/* ── Objects ── */

static void
empty_trash (VaiTransaction *transaction, const Pair *pair, gint64 before, gint64 now)
{
  vai_sync_lock_account (transaction, pair->first, NULL, NULL);
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT meta, blobs FROM sync_object WHERE user_id = $1 AND id = $2 AND deleted = 1 AND emptied = 0 "
      "AND deleted_at < $3",
      VAI_TEXT (pair->first), VAI_TEXT (pair->second), VAI_INTEGER (before));
  if (!vai_rows_next (rows))
    return;
  gint64 bytes = (gint64) strlen (vai_rows_get_text (rows, 0)) - EMPTY_BYTES;
  g_autoptr (GPtrArray) blobs = vai_object_blobs_parse (vai_rows_get_text (rows, 1));
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  vai_blob_count_references (transaction, pair->first, blobs, none, now);
  vai_transaction_run (transaction,
                       "UPDATE sync_object SET meta = '{}', blobs = '[]', emptied = 1 WHERE user_id = $1 AND id = $2",
                       VAI_TEXT (pair->first), VAI_TEXT (pair->second));
  vai_transaction_run (transaction, "DELETE FROM object_history WHERE user_id = $1 AND object_id = $2",
                       VAI_TEXT (pair->first), VAI_TEXT (pair->second));
  vai_transaction_run (transaction, "UPDATE sync_account SET bytes = bytes - $1 WHERE id = $2", VAI_INTEGER (bytes),
                       VAI_TEXT (pair->first));
}

static void
forget_tombstone (VaiTransaction *transaction, const Pair *pair, gint64 before, gint64 now)
{
  vai_sync_lock_account (transaction, pair->first, NULL, NULL);
  vai_transaction_run (transaction, "DELETE FROM object_history WHERE user_id = $1 AND object_id = $2",
                       VAI_TEXT (pair->first), VAI_TEXT (pair->second));
  gint64 seq = vai_transaction_get_integer (
      transaction, 0,
      "DELETE FROM sync_object WHERE user_id = $1 AND id = $2 AND deleted = 1 AND emptied = 1 AND deleted_at < $3 "
      "RETURNING seq",
      VAI_TEXT (pair->first), VAI_TEXT (pair->second), VAI_INTEGER (before));
  vai_transaction_run (transaction, "UPDATE sync_account SET floor_seq = $1 WHERE id = $2 AND floor_seq < $3",
                       VAI_INTEGER (seq), VAI_TEXT (pair->first), VAI_INTEGER (seq));
  vai_transaction_run (transaction, "UPDATE sync_account SET bytes = bytes - $1 WHERE id = $2",
                       VAI_INTEGER (seq != 0 ? EMPTY_BYTES : 0), VAI_TEXT (pair->first));
}

/* ── Files ── */

static void
forget_upload (VaiTransaction *transaction, const Pair *pair, gint64 before, gint64 now)
{
  vai_transaction_run (transaction, "DELETE FROM upload WHERE id = $1 AND created_at < $2", VAI_TEXT (pair->first),
                       VAI_INTEGER (before));
}

static void
forget_user_blob (VaiTransaction *transaction, const Pair *pair, gint64 before, gint64 now)
{
  vai_sync_lock_account (transaction, pair->first, NULL, NULL);
  gint64 size = vai_transaction_get_integer (
      transaction, 0,
      "DELETE FROM user_blob WHERE user_id = $1 AND hash = $2 AND refs = 0 AND used_at < $3 RETURNING size",
      VAI_TEXT (pair->first), VAI_TEXT (pair->second), VAI_INTEGER (before));
  if (size == 0)
    return;
  vai_transaction_run (transaction, "UPDATE blob SET refs = refs - 1 WHERE hash = $1", VAI_TEXT (pair->second));
  vai_transaction_run (transaction, "UPDATE sync_account SET bytes = bytes - $1 WHERE id = $2", VAI_INTEGER (size),
                       VAI_TEXT (pair->first));
}

/* From here on nobody begins to send it, and then the file goes. An upload that was begun before is over by now. */
static void
mark_blob (VaiTransaction *transaction, const Pair *pair, gint64 before, gint64 now)
{
  vai_transaction_run (transaction, "UPDATE blob SET removing = 1 WHERE hash = $1 AND refs = 0 AND used_at < $2",
                       VAI_TEXT (pair->first), VAI_INTEGER (before));
}

static void
forget_blob (VaiTransaction *transaction, const Pair *pair, gint64 before, gint64 now)
{
  vai_transaction_run (transaction, "DELETE FROM upload WHERE hash = $1", VAI_TEXT (pair->first));
  vai_transaction_run (transaction, "DELETE FROM blob WHERE hash = $1 AND removing = 1", VAI_TEXT (pair->first));
}

static void
remove_file (VaiServer *server, VaiConnection *connection, Step *step)
{
  g_autoptr (GError) error = NULL;
  if (!vai_blob_store_remove (server->blobs, step->pair->first, &error)
      || !vai_connection_write (connection, act_work, step, &error))
    g_warning ("a file that nothing names stays: %s", error->message);
}

static void
remove_blobs (VaiServer *server, VaiConnection *connection, gint64 now)
{
  Step mark = { .now = now,
                .before = now - VAI_BLOB_UNUSED_MS,
                .sql = "SELECT hash, NULL FROM blob WHERE refs = 0 AND used_at < $1 LIMIT $2",
                .act = mark_blob };
  run_step (server, connection, &mark, NULL);
  g_autoptr (GError) error = NULL;
  Step marked = { .now = now,
                  .before = mark.before,
                  .sql = "SELECT hash, NULL FROM blob WHERE refs = 0 AND removing = 1 AND used_at < $1 LIMIT $2",
                  .act = forget_blob,
                  .found = g_ptr_array_new_with_free_func (pair_free) };
  if (!vai_connection_read (connection, find_due, &marked, &error))
    g_warning ("files that nothing names stay: %s", error->message);
  for (guint i = 0; i < marked.found->len; i++)
    {
      marked.pair = marked.found->pdata[i];
      remove_file (server, connection, &marked);
    }
  g_ptr_array_unref (marked.found);
}

static void
discard_pieces (VaiServer *server, const Pair *pair)
{
  vai_blob_store_discard (server->blobs, pair->first, g_ascii_strtoll (pair->second, NULL, 10));
}

void
vai_sync_tidy (VaiServer *server, VaiConnection *connection)
{
  gint64 now = vai_server_now ();
  Step trash
      = { .now = now,
          .before = now - TRASH_MS,
          .sql = "SELECT user_id, id FROM sync_object WHERE deleted = 1 AND emptied = 0 AND deleted_at < $1 LIMIT $2",
          .act = empty_trash };
  Step tombstones
      = { .now = now,
          .before = now - TOMBSTONE_MS,
          .sql = "SELECT user_id, id FROM sync_object WHERE deleted = 1 AND emptied = 1 AND deleted_at < $1 LIMIT $2",
          .act = forget_tombstone };
  Step uploads = { .now = now,
                   .before = now - VAI_UPLOAD_MS,
                   .sql = "SELECT id, size FROM upload WHERE created_at < $1 LIMIT $2",
                   .act = forget_upload };
  Step blobs = { .now = now,
                 .before = now - VAI_BLOB_UNUSED_MS,
                 .sql = "SELECT user_id, hash FROM user_blob WHERE refs = 0 AND used_at < $1 LIMIT $2",
                 .act = forget_user_blob };
  run_step (server, connection, &trash, NULL);
  run_step (server, connection, &tombstones, NULL);
  run_step (server, connection, &uploads, discard_pieces);
  run_step (server, connection, &blobs, NULL);
  remove_blobs (server, connection, now);
  vai_blob_store_sweep (server->blobs, VAI_BLOB_UNUSED_MS);
}
