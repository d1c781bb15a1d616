#include "vai-scorers.h"

#include <string.h>

/* Of model files; in memory a model takes two or three times its file. One that is asked for again after it had to go
 * is read again. */
#define KEPT_BYTES_MAX (16 * 1024 * 1024)

struct _VaiServedModel
{
  gatomicrefcount refs;
  char *id;
  char *fingerprint;
  gsize size; /* of its file */
  VaiScorer *scorer;
};

static GMutex lock;
static GPtrArray *kept; /* of VaiServedModel, asked for last at the end */
static gsize kept_bytes;

void
vai_served_model_unref (VaiServedModel *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->id);
  g_free (self->fingerprint);
  vai_scorer_free (self->scorer);
  g_free (self);
}

static VaiServedModel *
served_model_ref (VaiServedModel *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

VaiScorer *
vai_served_model_get_scorer (VaiServedModel *self)
{
  return self->scorer;
}

const char *
vai_served_model_get_fingerprint (VaiServedModel *self)
{
  return self->fingerprint;
}

static VaiServedModel *
find_kept (const char *id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  for (guint i = 0; kept != NULL && i < kept->len; i++)
    {
      VaiServedModel *model = kept->pdata[i];
      if (strcmp (model->id, id) != 0)
        continue;
      g_ptr_array_add (kept, served_model_ref (model));
      g_ptr_array_remove_index (kept, i);
      return served_model_ref (model);
    }
  return NULL;
}

static void
keep (VaiServedModel *model)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  if (kept == NULL)
    kept = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_served_model_unref);
  g_ptr_array_add (kept, served_model_ref (model));
  kept_bytes += model->size;
  while (kept_bytes > KEPT_BYTES_MAX && kept->len > 1)
    {
      kept_bytes -= ((VaiServedModel *) kept->pdata[0])->size;
      g_ptr_array_remove_index (kept, 0);
    }
}

typedef struct
{
  const char *id;
  gboolean with_bytes;
  char *fingerprint; /* NULL: there is no such model of hers */
  GBytes *bytes;
} Reading;

static VaiReply *
read_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  Reading *reading = data;
  g_clear_pointer (&reading->fingerprint, g_free);
  g_clear_pointer (&reading->bytes, g_bytes_unref);
  vai_transaction_expect_last (transaction);
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      reading->with_bytes ? "SELECT fingerprint, bytes FROM published_model WHERE id = $1 AND user_id = $2"
                          : "SELECT fingerprint FROM published_model WHERE id = $1 AND user_id = $2",
      VAI_TEXT (reading->id), VAI_TEXT (call->user_id));
  if (!vai_rows_next (rows))
    return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, "model_id", "There is no such model: publish it first.");
  reading->fingerprint = g_strdup (vai_rows_get_text (rows, 0));
  if (reading->with_bytes)
    reading->bytes = vai_rows_dup_bytes (rows, 1);
  return vai_reply_new_nothing ();
}

static VaiServedModel *
load (const Reading *reading, VaiReply **refusal)
{
  g_autoptr (GError) error = NULL;
  VaiModel *model = vai_model_from_bytes (reading->bytes, &error);
  if (model == NULL)
    {
      *refusal = vai_reply_new_refusal (VAI_REFUSAL_INTERNAL, NULL, "The model cannot be read: %s", error->message);
      return NULL;
    }
  VaiServedModel *self = g_new0 (VaiServedModel, 1);
  g_atomic_ref_count_init (&self->refs);
  self->id = g_strdup (reading->id);
  self->fingerprint = g_strdup (reading->fingerprint);
  self->size = g_bytes_get_size (reading->bytes);
  self->scorer = vai_scorer_new (model);
  vai_model_unref (model);
  return self;
}

VaiServedModel *
vai_scorers_get (VaiCall *call, const char *id, VaiReply **refusal)
{
  /* Whose it is, is asked each time: a model may have been taken back, or handed an id to somebody else. */
  VaiServedModel *self = find_kept (id);
  Reading reading = { .id = id, .with_bytes = self == NULL };
  g_autoptr (VaiReply) reply = vai_call_read (call, read_work, &reading);
  if (reply->status != 204)
    {
      *refusal = g_steal_pointer (&reply);
      g_clear_pointer (&self, vai_served_model_unref);
    }
  else if (self == NULL)
    {
      self = load (&reading, refusal);
      if (self != NULL)
        keep (self);
    }
  g_free (reading.fingerprint);
  g_clear_pointer (&reading.bytes, g_bytes_unref);
  return self;
}
