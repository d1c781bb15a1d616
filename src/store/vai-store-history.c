/* The table prediction as a long list: found once as row numbers, eight bytes each, then read where it is looked at. */
#include "vai-store-private.h"

#include "vai-time.h"

#include <math.h>

/* The 95th percentile of the normal distribution: nine in ten lie within so many standard deviations. */
#define Z90 1.6448536269514722

static const struct
{
  const char *index, *order;
} orders[] = {
  [VAI_ORDER_NEWEST] = { "prediction_list_by_time", "id DESC" },
  [VAI_ORDER_LIKELY] = { "prediction_list_by_chance", "win_probability DESC, id DESC" },
  [VAI_ORDER_UNLIKELY] = { "prediction_list_by_chance", "win_probability, id" },
  [VAI_ORDER_PRICE] = { "prediction_list_by_price", "total_price DESC, id DESC" },
};

static gboolean
find_predictions (VaiStore *self, gpointer data, GError **error)
{
  VaiStoreCall *call = data;
  const VaiHistoryQuery *query = call->in[0];
  g_autofree char *sql = g_strdup_printf (
      "SELECT rowid FROM prediction INDEXED BY %s WHERE deleted_at IS NULL AND (?1 IS NULL OR verdict = ?1) "
      "AND (?2 IS NULL OR outcome = ?2) AND (?3 IS NULL OR model_id = ?3) "
      "AND (?4 IS NULL OR instr (lower (quote_ref), lower (?4)) > 0) AND created_at >= ?5 ORDER BY %s",
      orders[query->order].index, orders[query->order].order);
  g_autoptr (VaiStatement) statement = vai_db_prepare (vai_store_get_db (self), sql, error);
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) local = NULL;

  if (statement == NULL)
    return FALSE;
  vai_statement_bind_text (statement, 1, query->verdict);
  vai_statement_bind_text (statement, 2, query->outcome);
  vai_statement_bind_text (statement, 3, query->model_id);
  vai_statement_bind_text (statement, 4, query->search);
  vai_statement_bind_integer (statement, 5, query->since);
  while (vai_statement_step (statement, &local))
    {
      gint64 key = vai_statement_get_integer (statement, 0);
      g_array_append_val (keys, key);
    }
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  call->out = g_steal_pointer (&keys);
  return TRUE;
}

GArray *
vai_store_find_predictions (VaiStore *self, const VaiHistoryQuery *query, GError **error)
{
  VaiStoreCall call = { .in = { query } };
  g_return_val_if_fail (query->order < G_N_ELEMENTS (orders), NULL);
  return vai_store_call (self, find_predictions, &call, error) ? call.out : NULL;
}

static gboolean
sum_predictions (VaiStore *self, gpointer data, GError **error)
{
  VaiStoreCall *call = data;
  const VaiHistoryQuery *query = call->in[0];
  VaiHistorySum *sum = call->out;
  g_autoptr (GError) local = NULL;
  g_autoptr (VaiStatement) statement = vai_db_prepare (
      vai_store_get_db (self),
      "SELECT count (*) FILTER (WHERE known), total (win_probability) FILTER (WHERE known), "
      "total (win_probability * (1 - win_probability)) FILTER (WHERE known), "
      "total ((probability_high - probability_low) * (probability_high - probability_low)) FILTER (WHERE known), "
      "count (*) FILTER (WHERE NOT known) "
      "FROM (SELECT *, verdict IS NOT 'not_enough_similar' AS known FROM prediction WHERE deleted_at IS NULL AND "
      "outcome = 'none' AND (?1 IS NULL OR verdict = ?1) "
      "AND (?2 IS NULL OR outcome = ?2) AND (?3 IS NULL OR model_id = ?3) "
      "AND (?4 IS NULL OR instr (lower (quote_ref), lower (?4)) > 0) AND created_at >= ?5)",
      error);

  if (statement == NULL)
    return FALSE;
  vai_statement_bind_text (statement, 1, query->verdict);
  vai_statement_bind_text (statement, 2, query->outcome);
  vai_statement_bind_text (statement, 3, query->model_id);
  vai_statement_bind_text (statement, 4, query->search);
  vai_statement_bind_integer (statement, 5, query->since);
  if (!vai_statement_step (statement, &local))
    {
      if (local != NULL)
        g_propagate_error (error, g_steal_pointer (&local));
      return local == NULL;
    }
  sum->n_waiting = vai_statement_get_integer (statement, 0);
  sum->n_unlike = vai_statement_get_integer (statement, 4);
  sum->expected = vai_statement_get_real (statement, 1);
  double spread = vai_statement_get_real (statement, 3) / (4 * Z90 * Z90);
  double half = Z90 * sqrt (vai_statement_get_real (statement, 2) + spread);
  sum->low = MAX (sum->expected - half, 0);
  sum->high = MIN (sum->expected + half, (double) sum->n_waiting);
  return TRUE;
}

gboolean
vai_store_sum_predictions (VaiStore *self, const VaiHistoryQuery *query, VaiHistorySum *sum, GError **error)
{
  VaiStoreCall call = { .in = { query }, .out = sum };
  *sum = (VaiHistorySum){ 0 };
  return vai_store_read (self, sum_predictions, &call, error);
}

static void
free_row (gpointer row)
{
  if (row != NULL)
    vai_prediction_row_free (row);
}

static gboolean
read_predictions (VaiStore *self, gpointer data, GError **error)
{
  VaiStoreCall *call = data;
  const gint64 *keys = call->in[0];
  g_autofree char *sql = vai_row_select (&vai_prediction_row_kind, "WHERE rowid = ?1");
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (free_row);
  g_autoptr (GError) local = NULL;

  for (gint64 i = 0; i < call->number; i++)
    {
      g_autoptr (VaiStatement) statement = vai_db_prepare (vai_store_get_db (self), sql, error);
      if (statement == NULL)
        return FALSE;
      vai_statement_bind_integer (statement, 1, keys[i]);
      gboolean found = vai_statement_step (statement, &local);
      g_ptr_array_add (rows, found ? vai_row_read (&vai_prediction_row_kind, statement) : NULL);
      if (local != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
  call->out = g_steal_pointer (&rows);
  return TRUE;
}

GPtrArray *
vai_store_read_predictions (VaiStore *self, const gint64 *keys, gsize n, GError **error)
{
  VaiStoreCall call = { .in = { keys }, .number = n };
  return vai_store_read (self, read_predictions, &call, error) ? call.out : NULL;
}

static gboolean
set_trashed (VaiStore *self, gpointer data, GError **error)
{
  const VaiStoreCall *call = data;
  const gint64 *keys = call->in[0];
  g_autoptr (VaiStatement) statement = vai_db_prepare (
      vai_store_get_db (self), "UPDATE prediction SET updated_at = ?2, deleted_at = ?3 WHERE rowid = ?1", error);
  gint64 now = vai_time_now_ms ();

  if (statement == NULL)
    return FALSE;
  for (gint64 i = 0; i < call->number; i++)
    {
      vai_statement_bind_integer (statement, 1, keys[i]);
      vai_statement_bind_integer (statement, 2, now);
      if (call->flag)
        vai_statement_bind_integer (statement, 3, now);
      else
        vai_statement_bind_null (statement, 3);
      if (!vai_statement_run (statement, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
vai_store_set_predictions_deleted (VaiStore *self, const gint64 *keys, gsize n, gboolean deleted, GError **error)
{
  VaiStoreCall call = { .in = { keys }, .number = n, .flag = deleted };
  return vai_store_transaction (self, set_trashed, &call, error);
}
