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

/* A server that has claimed a file to remove it and did not is dead after this. */
#define CLAIM_MS (3600 * G_GINT64_CONSTANT (1000))

/* What is known of an object when the trash was emptied: “{}”. */
#define EMPTY_BYTES 2

/* One thing to look at again under its lock. */
typedef struct
{
  char *first, *second;
} Pair;

typedef struct _Step Step;
struct _Step
{
  gint64 now;
  gint64 before;
  const char *sql; /* two texts of what is due before $1, at most $2 */
  /* In a transaction, which is kept. FALSE: there was nothing to do after all. */
  gboolean (*act) (VaiTransaction *transaction, const Step *step);
  /* After it, outside; or NULL. */
  void (*finish) (VaiServer *server, VaiConnection *connection, const Step *step);
  GPtrArray *found; /* of Pair */
  const Pair *pair;
  gboolean acted;
};

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
  step->acted = step->act (transaction, step);
  return TRUE;
}

/* A handful of what is due. TRUE: there may be more. */
static gboolean
run_handful (VaiServer *server, VaiConnection *connection, Step *step, GError **error)
{
  guint n = 0;
  if (!vai_connection_read (connection, find_due, step, error))
    return FALSE;
  for (guint i = 0; i < step->found->len; i++)
    {
      step->pair = step->found->pdata[i];
      if (!vai_connection_write (connection, act_work, step, error))
        return FALSE;
      n += step->acted ? 1 : 0;
      if (step->acted && step->finish != NULL)
        step->finish (server, connection, step);
    }
  return step->found->len == HANDFUL && n > 0;
}

static void
run_step (VaiServer *server, VaiConnection *connection, Step *step)
{
  g_autoptr (GError) error = NULL;
  step->found = g_ptr_array_new_with_free_func (pair_free);
  while (!g_atomic_int_get (&server->draining) && run_handful (server, connection, step, &error))
    ;
  if (error != NULL)
    g_warning ("the library is not tidied: %s", error->message);
  g_ptr_array_unref (step->found);
}

/* ── Objects ── */

static gboolean
empty_trash (VaiTransaction *transaction, const Step *step)
{
  const Pair *pair = step->pair;
  vai_sync_lock_account (transaction, pair->first, NULL, NULL);
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT meta, blobs FROM sync_object WHERE user_id = $1 AND id = $2 AND deleted = 1 AND emptied = 0 "
      "AND deleted_at < $3",
      VAI_TEXT (pair->first), VAI_TEXT (pair->second), VAI_INTEGER (step->before));
  if (!vai_rows_next (rows))
    return FALSE;
  gint64 bytes = (gint64) strlen (vai_rows_get_text (rows, 0)) - EMPTY_BYTES;
  g_autoptr (GPtrArray) blobs = vai_object_blobs_parse (vai_rows_get_text (rows, 1));
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  vai_blob_count_references (transaction, pair->first, blobs, none, step->now);
  vai_transaction_run (transaction,
                       "UPDATE sync_object SET meta = '{}', blobs = '[]', emptied = 1 WHERE user_id = $1 AND id = $2",
                       VAI_TEXT (pair->first), VAI_TEXT (pair->second));
  vai_transaction_run (transaction, "DELETE FROM object_history WHERE user_id = $1 AND object_id = $2",
                       VAI_TEXT (pair->first), VAI_TEXT (pair->second));
  vai_sync_count_bytes (transaction, pair->first, -bytes);
  return TRUE;
}

static gboolean
forget_tombstone (VaiTransaction *transaction, const Step *step)
{
  const Pair *pair = step->pair;
  vai_sync_lock_account (transaction, pair->first, NULL, NULL);
  /* Somebody may have taken it up again since it was found. */
  gint64 seq = vai_transaction_get_integer (
      transaction, 0,
      "SELECT seq FROM sync_object WHERE user_id = $1 AND id = $2 AND deleted = 1 AND emptied = 1 AND deleted_at < $3",
      VAI_TEXT (pair->first), VAI_TEXT (pair->second), VAI_INTEGER (step->before));
  if (seq == 0)
    return FALSE;
  vai_transaction_run (transaction, "DELETE FROM object_history WHERE user_id = $1 AND object_id = $2",
                       VAI_TEXT (pair->first), VAI_TEXT (pair->second));
  vai_transaction_run (transaction, "DELETE FROM sync_object WHERE user_id = $1 AND id = $2", VAI_TEXT (pair->first),
                       VAI_TEXT (pair->second));
  vai_transaction_run (transaction, "UPDATE sync_account SET floor_seq = $1 WHERE id = $2 AND floor_seq < $3",
                       VAI_INTEGER (seq), VAI_TEXT (pair->first), VAI_INTEGER (seq));
  vai_sync_count_bytes (transaction, pair->first, -EMPTY_BYTES);
  return TRUE;
}

/* ── Files ── */

static gboolean
forget_upload (VaiTransaction *transaction, const Step *step)
{
  return vai_transaction_run (transaction, "DELETE FROM upload WHERE id = $1 AND created_at < $2",
                              VAI_TEXT (step->pair->first), VAI_INTEGER (step->before))
         == 1;
}

static void
discard_pieces (VaiServer *server, VaiConnection *connection, const Step *step)
{
  vai_blob_store_discard (server->blobs, step->pair->first, g_ascii_strtoll (step->pair->second, NULL, 10));
}

static gboolean
forget_user_blob (VaiTransaction *transaction, const Step *step)
{
  const Pair *pair = step->pair;
  vai_sync_lock_account (transaction, pair->first, NULL, NULL);
  gint64 size = vai_transaction_get_integer (
      transaction, 0,
      "DELETE FROM user_blob WHERE user_id = $1 AND hash = $2 AND refs = 0 AND used_at < $3 RETURNING size",
      VAI_TEXT (pair->first), VAI_TEXT (pair->second), VAI_INTEGER (step->before));
  if (size == 0)
    return FALSE;
  vai_transaction_run (transaction, "UPDATE blob SET refs = refs - 1 WHERE hash = $1", VAI_TEXT (pair->second));
  vai_sync_count_bytes (transaction, pair->first, -size);
  return TRUE;
}

/* From here on nobody begins to send it, and no other server removes it, unless this one dies. An upload that was begun
 * before is over by now. */
static gboolean
claim_blob (VaiTransaction *transaction, const Step *step)
{
  return vai_transaction_run (
             transaction,
             "UPDATE blob SET removing = $1 WHERE hash = $2 AND refs = 0 AND used_at < $3 AND removing < $4",
             VAI_INTEGER (step->now), VAI_TEXT (step->pair->first), VAI_INTEGER (step->before),
             VAI_INTEGER (step->now - CLAIM_MS))
         == 1;
}

static gboolean
forget_blob (VaiTransaction *transaction, gpointer data)
{
  const char *hash = data;
  vai_transaction_run (transaction, "DELETE FROM upload WHERE hash = $1", VAI_TEXT (hash));
  vai_transaction_run (transaction, "DELETE FROM blob WHERE hash = $1", VAI_TEXT (hash));
  return TRUE;
}

static void
remove_file (VaiServer *server, VaiConnection *connection, const Step *step)
{
  g_autoptr (GError) error = NULL;
  if (!vai_blob_store_remove (server->blobs, step->pair->first, &error)
      || !vai_connection_write (connection, forget_blob, step->pair->first, &error))
    g_warning ("a file that nothing names stays: %s", error->message);
}

void
vai_sync_tidy (VaiServer *server, VaiConnection *connection)
{
  gint64 now = vai_server_now ();
  Step steps[] = {
    { now, now - TRASH_MS,
      "SELECT user_id, id FROM sync_object WHERE deleted = 1 AND emptied = 0 AND deleted_at < $1 LIMIT $2",
      empty_trash },
    { now, now - TOMBSTONE_MS,
      "SELECT user_id, id FROM sync_object WHERE deleted = 1 AND emptied = 1 AND deleted_at < $1 LIMIT $2",
      forget_tombstone },
    { now, now - VAI_UPLOAD_MS, "SELECT id, size FROM upload WHERE created_at < $1 LIMIT $2", forget_upload,
      discard_pieces },
    { now, now - VAI_BLOB_UNUSED_MS, "SELECT user_id, hash FROM user_blob WHERE refs = 0 AND used_at < $1 LIMIT $2",
      forget_user_blob },
    { now, now - VAI_BLOB_UNUSED_MS, "SELECT hash, NULL FROM blob WHERE refs = 0 AND used_at < $1 LIMIT $2", claim_blob,
      remove_file },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    run_step (server, connection, &steps[i]);
  vai_blob_store_sweep (server->blobs, VAI_BLOB_UNUSED_MS);
}
