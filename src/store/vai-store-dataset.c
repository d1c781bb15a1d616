/* The tables dataset and rejected_row. */
#include "vai-store-private.h"

#include "vai-error.h"
#include "vai-import.h"
#include "vai-store-columns.h"
#include "vai-time.h"

typedef struct
{
  VaiDatasetRow *row;
  const VaiTable *table;
  const char *const *roles;
  const GPtrArray *rejected;
  VaiProgress *progress;
  GCancellable *cancellable;
} Addition;

static gboolean
add_rejected (VaiStore *self, const char *dataset_id, const GPtrArray *rejected, GError **error)
{
  g_autoptr (VaiStatement) insert = vai_db_prepare (
      vai_store_get_db (self),
      "INSERT INTO rejected_row (dataset_id, position, line, raw, reason) VALUES (?, ?, ?, ?, ?)", error);
  if (insert == NULL)
    return FALSE;
  for (guint i = 0; rejected != NULL && i < rejected->len; i++)
    {
      const VaiRejectedRow *row = g_ptr_array_index (rejected, i);
      vai_statement_bind_text (insert, 1, dataset_id);
      vai_statement_bind_integer (insert, 2, i);
      vai_statement_bind_integer (insert, 3, row->line);
      vai_statement_bind_text (insert, 4, row->raw);
      vai_statement_bind_text (insert, 5, row->reason);
      if (!vai_statement_run (insert, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_dataset (VaiStore *self, gpointer data, GError **error)
{
  const Addition *addition = data;
  VaiDatasetRow *row = addition->row;
  vai_store_fill (&row->id, &row->created_at, &row->updated_at);
  row->row_count = addition->table->n_rows;
  if (row->status == NULL)
    row->status = g_strdup ("ready");
  return vai_row_insert (&vai_dataset_row_kind, row, vai_store_get_db (self), error)
         && vai_store_add_columns (self, row->id, addition->table, addition->roles, addition->progress,
                                   addition->cancellable, error)
         && add_rejected (self, row->id, addition->rejected, error);
}

gboolean
vai_store_add_dataset (VaiStore *self,
                       VaiDatasetRow *row,
                       const VaiTable *table,
                       const char *const *roles,
                       const GPtrArray *rejected,
                       VaiProgress *progress,
                       GCancellable *cancellable,
                       GError **error)
{
  Addition addition = { row, table, roles, rejected, progress, cancellable };
  return vai_store_transaction (self, add_dataset, &addition, error);
}

static gboolean
revise_roles (VaiStore *self, const char *dataset_id, const char *const *roles, GError **error)
{
  g_autoptr (VaiStatement) update = vai_db_prepare (
      vai_store_get_db (self), "UPDATE dataset_column SET role = ?3 WHERE dataset_id = ?1 AND position = ?2", error);
  if (update == NULL)
    return FALSE;
  for (guint i = 0; roles[i] != NULL; i++)
    {
      vai_statement_bind_text (update, 1, dataset_id);
      vai_statement_bind_integer (update, 2, i);
      vai_statement_bind_text (update, 3, roles[i]);
      if (!vai_statement_run (update, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
revise_dataset (VaiStore *self, gpointer data, GError **error)
{
  const Addition *revision = data;
  const VaiDatasetRow *row = revision->row;
  g_autoptr (VaiDatasetRow) before = vai_store_get_row (self, &vai_dataset_row_kind, row->id, error);
  if (before == NULL)
    return FALSE;
  g_autoptr (VaiStatement) update = vai_db_prepare (vai_store_get_db (self),
                                                    "UPDATE dataset SET column_mapping = ?2, quality = ?3, "
                                                    "open_count = ?4, updated_at = ?5 WHERE id = ?1",
                                                    error);
  if (update == NULL)
    return FALSE;
  vai_statement_bind_text (update, 1, row->id);
  vai_statement_bind_text (update, 2, row->column_mapping);
  vai_statement_bind_text (update, 3, row->quality);
  vai_statement_bind_integer (update, 4, row->open_count);
  vai_statement_bind_integer (update, 5, vai_time_now_ms ());
  return vai_statement_run (update, error) && revise_roles (self, row->id, revision->roles, error);
}

gboolean
vai_store_revise_dataset (VaiStore *self, const VaiDatasetRow *row, const char *const *roles, GError **error)
{
  g_return_val_if_fail (row != NULL && row->id != NULL && roles != NULL, FALSE);
  Addition revision = { .row = (VaiDatasetRow *) row, .roles = roles };
  return vai_store_transaction (self, revise_dataset, &revision, error);
}

static gboolean
list_datasets (VaiStore *self, gpointer data, GError **error)
{
  VaiStoreCall *call = data;
  call->out = vai_store_list_rows (self, &vai_dataset_row_kind, vai_store_list_where (call->flag), NULL, error);
  return call->out != NULL;
}

GPtrArray *
vai_store_list_datasets (VaiStore *self, gboolean deleted, GError **error)
{
  VaiStoreCall call = { .flag = deleted };
  return vai_store_call (self, list_datasets, &call, error) ? call.out : NULL;
}

VaiDatasetRow *
vai_store_get_dataset (VaiStore *self, const char *id, GError **error)
{
  return vai_store_get_row (self, &vai_dataset_row_kind, id, error);
}

static gboolean
load_table (VaiStore *self, gpointer data, GError **error)
{
  VaiStoreCall *call = data;
  g_autoptr (VaiDatasetRow) row = vai_store_get_row (self, &vai_dataset_row_kind, call->in[0], error);
  if (row == NULL)
    return FALSE;
  call->out = vai_store_read_columns (self, row, call->progress, call->cancellable, error);
  return call->out != NULL;
}

VaiTable *
vai_store_load_table (VaiStore *self,
                      const char *dataset_id,
                      VaiProgress *progress,
                      GCancellable *cancellable,
                      GError **error)
{
  VaiStoreCall call = { .in = { dataset_id }, .progress = progress, .cancellable = cancellable };
  return vai_store_read (self, load_table, &call, error) ? call.out : NULL;
}

static void
rejected_row_free (VaiRejectedRow *row)
{
  g_free (row->raw);
  g_free (row->reason);
  g_free (row);
}

static gboolean
list_rejected (VaiStore *self, gpointer data, GError **error)
{
  VaiStoreCall *call = data;
  g_autoptr (GError) local = NULL;
  g_autoptr (VaiStatement) query
      = vai_db_prepare (vai_store_get_db (self),
                        "SELECT line, raw, reason FROM rejected_row WHERE dataset_id = ?1 ORDER BY position", error);
  if (query == NULL)
    return FALSE;
  vai_statement_bind_text (query, 1, call->in[0]);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) rejected_row_free);
  while (vai_statement_step (query, &local))
    {
      VaiRejectedRow *row = g_new0 (VaiRejectedRow, 1);
      row->line = vai_statement_get_integer (query, 0);
      row->raw = g_strdup (vai_statement_get_text (query, 1));
      row->reason = g_strdup (vai_statement_get_text (query, 2));
      g_ptr_array_add (rows, row);
    }
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  call->out = g_steal_pointer (&rows);
  return TRUE;
}

GPtrArray *
vai_store_list_rejected (VaiStore *self, const char *dataset_id, GError **error)
{
  VaiStoreCall call = { .in = { dataset_id } };
  return vai_store_call (self, list_rejected, &call, error) ? call.out : NULL;
}

static gboolean
is_damage (const GError *error)
{
  return g_error_matches (error, VAI_ERROR, VAI_ERROR_DAMAGED);
}

gboolean
vai_store_check_dataset (VaiStore *self,
                         const char *dataset_id,
                         GPtrArray *problems,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (VaiTable) table = vai_store_load_table (self, dataset_id, NULL, cancellable, &local);
  if (table != NULL)
    return TRUE;
  if (is_damage (local))
    {
      g_ptr_array_add (problems, g_strdup (local->message));
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}
