/* The tables model and model_file. */
#include "vai-store-private.h"

#include "vai-error.h"
#include "vai-time.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  VaiModelRow *row;
  GBytes *bytes;
} Addition;

static gboolean
add_file (VaiStore *self, const char *model_id, GBytes *bytes, GError **error)
{
  g_autoptr (VaiStatement) insert = vai_db_prepare (
      vai_store_get_db (self), "INSERT INTO model_file (model_id, sha256, bytes) VALUES (?, ?, ?)", error);
  if (insert == NULL)
    return FALSE;
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  vai_statement_bind_text (insert, 1, model_id);
  vai_statement_bind_text (insert, 2, sha256);
  vai_statement_bind_blob (insert, 3, data, size);
  return vai_statement_run (insert, error);
}

static gboolean
add_model (VaiStore *self, gpointer data, GError **error)
{
  const Addition *addition = data;
  VaiModelRow *row = addition->row;
  vai_store_fill (&row->id, &row->created_at, &row->updated_at);
  if (row->status == NULL)
    row->status = g_strdup ("ready");
  return vai_row_insert (&vai_model_row_kind, row, vai_store_get_db (self), error)
         && add_file (self, row->id, addition->bytes, error);
}

gboolean
vai_store_add_model (VaiStore *self, VaiModelRow *row, GBytes *bytes, GError **error)
{
  Addition addition = { row, bytes };
  return vai_store_transaction (self, add_model, &addition, error);
}

static gboolean
list_models (VaiStore *self, gpointer data, GError **error)
{
  VaiStoreCall *call = data;
  const char *dataset_id = call->in[0];
  const char *where = vai_store_list_where (call->flag);
  if (dataset_id != NULL)
    where = call->flag ? "WHERE dataset_id = ?1 AND deleted_at > 0 ORDER BY deleted_at DESC, created_at DESC, id DESC"
                       : "WHERE dataset_id = ?1 AND deleted_at IS NULL ORDER BY created_at DESC, id DESC";
  call->out = vai_store_list_rows (self, &vai_model_row_kind, where, dataset_id, error);
  return call->out != NULL;
}

GPtrArray *
vai_store_list_models (VaiStore *self, const char *dataset_id, gboolean deleted, GError **error)
{
  VaiStoreCall call = { .in = { dataset_id }, .flag = deleted };
  return vai_store_call (self, list_models, &call, error) ? call.out : NULL;
}

VaiModelRow *
vai_store_get_model (VaiStore *self, const char *id, GError **error)
{
  return vai_store_get_row (self, &vai_model_row_kind, id, error);
}

static gboolean
load_model (VaiStore *self, gpointer data, GError **error)
{
  VaiStoreCall *call = data;
  g_autoptr (GError) local = NULL;
  g_autoptr (VaiModelRow) row = vai_store_get_row (self, &vai_model_row_kind, call->in[0], error);
  if (row == NULL)
    return FALSE;
  g_autoptr (VaiStatement) query
      = vai_db_prepare (vai_store_get_db (self), "SELECT sha256, bytes FROM model_file WHERE model_id = ?1", error);
  if (query == NULL)
    return FALSE;
  vai_statement_bind_text (query, 1, call->in[0]);
  g_autoptr (GBytes) bytes = NULL;
  if (vai_statement_step (query, &local))
    {
      gsize size;
      const void *data_found = vai_statement_get_blob (query, 1, &size);
      bytes = g_bytes_new (data_found, size);
      g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
      if (g_strcmp0 (sha256, vai_statement_get_text (query, 0)) == 0)
        {
          call->out = g_steal_pointer (&bytes);
          return TRUE;
        }
    }
  if (local != NULL && !g_error_matches (local, VAI_ERROR, VAI_ERROR_DAMAGED))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED,
               _ ("The file of model “%s” is damaged: train it again, or use a copy of the workspace from before."),
               row->name);
  return FALSE;
}

GBytes *
vai_store_load_model (VaiStore *self, const char *id, GError **error)
{
  VaiStoreCall call = { .in = { id } };
  return vai_store_read (self, load_model, &call, error) ? call.out : NULL;
}

typedef struct
{
  const char *id;
  double threshold;
} Threshold;

static gboolean
set_threshold (VaiStore *self, gpointer data, GError **error)
{
  const Threshold *wanted = data;
  VaiDb *db = vai_store_get_db (self);
  g_autoptr (VaiStatement) update
      = vai_db_prepare (db, "UPDATE model SET threshold = ?2, updated_at = ?3 WHERE id = ?1", error);
  if (update == NULL)
    return FALSE;
  vai_statement_bind_text (update, 1, wanted->id);
  vai_statement_bind_real (update, 2, wanted->threshold);
  vai_statement_bind_integer (update, 3, vai_time_now_ms ());
  if (!vai_statement_run (update, error))
    return FALSE;
  if (vai_db_get_n_changed (db) > 0)
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND, _ ("This model is no longer in the workspace."));
  return FALSE;
}

gboolean
vai_store_set_threshold (VaiStore *self, const char *id, double threshold, GError **error)
{
  g_return_val_if_fail (threshold >= 0 && threshold <= 1, FALSE);
  Threshold wanted = { id, threshold };
  return vai_store_transaction (self, set_threshold, &wanted, error);
}

gboolean
vai_store_check_models (VaiStore *self, GPtrArray *problems, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) models = vai_store_list_models (self, NULL, FALSE, error);
  for (guint i = 0; models != NULL && i < models->len; i++)
    {
      const VaiModelRow *row = g_ptr_array_index (models, i);
      g_autoptr (GError) local = NULL;
      if (vai_cancelled (cancellable, error))
        return FALSE;
      g_autoptr (GBytes) bytes = vai_store_load_model (self, row->id, &local);
      if (bytes != NULL)
        continue;
      if (!g_error_matches (local, VAI_ERROR, VAI_ERROR_DAMAGED))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      g_ptr_array_add (problems, g_strdup (local->message));
    }
  return models != NULL;
}
