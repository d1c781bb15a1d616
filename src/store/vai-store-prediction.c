/* The table prediction. */
#include "vai-store-private.h"

static gboolean
add_prediction (VaiStore *self, gpointer data, GError **error)
{
  VaiPredictionRow *row = data;
  vai_store_fill (&row->id, &row->created_at, &row->updated_at);
  if (row->outcome == NULL)
    row->outcome = g_strdup ("none");
  return vai_row_insert (&vai_prediction_row_kind, row, vai_store_get_db (self), error);
}

gboolean
vai_store_add_prediction (VaiStore *self, VaiPredictionRow *row, GError **error)
{
  return vai_store_transaction (self, add_prediction, row, error);
}

/* The index that answers a query is named, so that it cannot become another one: a batch is the narrowest, then a
 * quote, then a model. */
static const char *
choose_where (const VaiPredictionQuery *query)
{
  if (query->deleted)
    return "INDEXED BY prediction_by_time WHERE deleted_at > 0 ";
  if (query->batch_id != NULL)
    return "INDEXED BY prediction_by_batch WHERE batch_id = ?2 AND deleted_at IS NULL ";
  if (query->quote_ref != NULL)
    return "INDEXED BY prediction_by_quote WHERE quote_ref = ?3 AND deleted_at IS NULL ";
  if (query->model_id != NULL)
    return "INDEXED BY prediction_by_model WHERE model_id = ?1 AND deleted_at IS NULL ";
  if (query->outcome != NULL)
    return "INDEXED BY prediction_by_outcome WHERE outcome = ?4 AND deleted_at IS NULL ";
  return "INDEXED BY prediction_by_time WHERE deleted_at IS NULL ";
}

static gboolean
list_predictions (VaiStore *self, gpointer data, GError **error)
{
  VaiStoreCall *call = data;
  const VaiPredictionQuery *query = call->in[0];
  g_autofree char *where = g_strconcat (choose_where (query),
                                        "AND (?1 IS NULL OR model_id = ?1) AND (?2 IS NULL OR batch_id = ?2) "
                                        "AND (?3 IS NULL OR quote_ref = ?3) AND (?4 IS NULL OR outcome = ?4) "
                                        "AND id < ?5 ORDER BY ",
                                        query->deleted ? "deleted_at DESC, " : "", "id DESC LIMIT ?6", NULL);
  g_autofree char *sql = vai_row_select (&vai_prediction_row_kind, where);
  g_autoptr (VaiStatement) statement = vai_db_prepare (vai_store_get_db (self), sql, error);
  if (statement == NULL)
    return FALSE;
  vai_statement_bind_text (statement, 1, query->model_id);
  vai_statement_bind_text (statement, 2, query->batch_id);
  vai_statement_bind_text (statement, 3, query->quote_ref);
  vai_statement_bind_text (statement, 4, query->outcome);
  /* "g" comes after every id. */
  vai_statement_bind_text (statement, 5, query->after_id != NULL ? query->after_id : "g");
  vai_statement_bind_integer (statement, 6, query->n_max > 0 ? (gint64) query->n_max : -1);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_prediction_row_free);
  if (!vai_row_read_all (&vai_prediction_row_kind, statement, rows, error))
    return FALSE;
  call->out = g_steal_pointer (&rows);
  return TRUE;
}

GPtrArray *
vai_store_list_predictions (VaiStore *self, const VaiPredictionQuery *query, GError **error)
{
  VaiStoreCall call = { .in = { query } };
  return vai_store_call (self, list_predictions, &call, error) ? call.out : NULL;
}

VaiPredictionRow *
vai_store_get_prediction (VaiStore *self, const char *id, GError **error)
{
  return vai_store_get_row (self, &vai_prediction_row_kind, id, error);
}
