/* The list of past scores beside brute force over all rows. */
#include "store-fixture.h"

#include <stdlib.h>

#define N_ROWS 300

static const char *const verdicts[] = { "likely", "unlikely", "too_close", "not_enough_similar" };
static const char *const outcomes[] = { "none", "won", "lost" };

/* Chances and prices that repeat, missing references and prices. */
static void
fill (VaiStore *store, const char *model_id, const char *other_id)
{
  for (guint i = 0; i < N_ROWS; i++)
    {
      g_autoptr (VaiPredictionRow) row = vai_row_new (&vai_prediction_row_kind);
      g_autoptr (GError) error = NULL;
      row->model_id = g_strdup (i % 4 == 0 ? other_id : model_id);
      row->quote_ref = i % 7 == 0 ? NULL : g_strdup_printf ("Q-%03u%s", i, i % 2 == 0 ? "ab_c" : "");
      row->verdict = g_strdup (verdicts[i % G_N_ELEMENTS (verdicts)]);
      row->outcome = g_strdup (outcomes[i * 7 % 3]);
      row->outcome_at = g_str_equal (row->outcome, "none") ? 0 : 5000 + (gint64) i;
      row->win_probability = i * 37 % 50 / 50.0;
      row->probability_low = row->win_probability * 0.9;
      row->probability_high = row->win_probability * 0.9 + 0.1;
      row->created_at = 1000 + (gint64) i;
      row->total_price = i % 5 == 0 ? VAI_ROW_NO_PRICE : (gint64) (i * 53 % 40) * 100;
      g_assert_true (vai_store_add_prediction (store, row, &error));
      g_assert_no_error (error);
    }
}

static gboolean
fits (const VaiPredictionRow *row, const VaiHistoryQuery *query)
{
  g_autofree char *ref = row->quote_ref != NULL ? g_ascii_strdown (row->quote_ref, -1) : NULL;
  g_autofree char *part = query->search != NULL ? g_ascii_strdown (query->search, -1) : NULL;

  return (query->verdict == NULL || g_str_equal (query->verdict, row->verdict))
         && (query->outcome == NULL || g_str_equal (query->outcome, row->outcome)) && row->created_at >= query->since
         && (query->model_id == NULL || g_str_equal (query->model_id, row->model_id))
         && (part == NULL || (ref != NULL && strstr (ref, part) != NULL));
}

static VaiHistoryOrder sort_order;

static int
compare (gconstpointer a, gconstpointer b)
{
  const VaiPredictionRow *first = *(VaiPredictionRow *const *) a, *second = *(VaiPredictionRow *const *) b;
  double difference = 0;

  if (sort_order == VAI_ORDER_LIKELY || sort_order == VAI_ORDER_UNLIKELY)
    difference = second->win_probability - first->win_probability;
  else if (sort_order == VAI_ORDER_PRICE)
    difference = (double) second->total_price - (double) first->total_price;
  if (difference == 0)
    difference = strcmp (second->id, first->id);
  return (difference > 0 ? 1 : -1) * (sort_order == VAI_ORDER_UNLIKELY ? -1 : 1);
}

static void
check (VaiStore *store, const VaiHistoryQuery *query)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = vai_store_list_predictions (store, &(VaiPredictionQuery){ 0 }, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();
  for (guint i = 0; i < all->len; i++)
    if (fits (g_ptr_array_index (all, i), query))
      g_ptr_array_add (wanted, g_ptr_array_index (all, i));
  sort_order = query->order;
  if (wanted->len > 0)
    qsort (wanted->pdata, wanted->len, sizeof (gpointer), compare);
  g_autoptr (GArray) keys = vai_store_find_predictions (store, query, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (keys->len, ==, wanted->len);
  g_autoptr (GPtrArray) rows
      = vai_store_read_predictions (store, (const gint64 *) (gpointer) keys->data, keys->len, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < wanted->len; i++)
    g_assert_cmpstr (((VaiPredictionRow *) rows->pdata[i])->id, ==, ((VaiPredictionRow *) wanted->pdata[i])->id);
}

/* The sum of the chances of what waits, and nine times in ten of the wins around it. */
static void
check_sum (VaiStore *store, const VaiHistoryQuery *query)
{
  g_autoptr (GPtrArray) all = vai_store_list_predictions (store, &(VaiPredictionQuery){ 0 }, NULL);
  double expected = 0, variance = 0;
  gint64 n = 0, n_unlike = 0;
  VaiHistorySum sum;

  for (guint i = 0; i < all->len; i++)
    {
      const VaiPredictionRow *row = g_ptr_array_index (all, i);
      double p = row->win_probability, spread = 0.1 / (2 * 1.6448536);
      if (!fits (row, query) || !g_str_equal (row->outcome, "none"))
        continue;
      if (g_str_equal (row->verdict, "not_enough_similar"))
        {
          n_unlike++;
          continue;
        }
      n++;
      expected += p;
      variance += p * (1 - p) + spread * spread;
    }
  g_assert_true (vai_store_sum_predictions (store, query, &sum, NULL));
  g_assert_cmpint (sum.n_waiting, ==, n);
  g_assert_cmpint (sum.n_unlike, ==, n_unlike);
  g_assert_cmpfloat_with_epsilon (sum.expected, expected, 1e-9);
  g_assert_cmpfloat_with_epsilon (sum.low, MAX (expected - 1.6448536 * sqrt (variance), 0), 1e-5);
  g_assert_cmpfloat_with_epsilon (sum.high, MIN (expected + 1.6448536 * sqrt (variance), (double) n), 1e-5);
}

static void
test_queries (Fixture *fixture, gconstpointer data)
{
  g_autofree char *model = add_model (fixture->store, "one", NULL);
  g_autofree char *other = add_model (fixture->store, "two", NULL);
  fill (fixture->store, model, other);
  for (VaiHistoryOrder order = VAI_ORDER_NEWEST; order <= VAI_ORDER_PRICE; order++)
    {
      check (fixture->store, &(VaiHistoryQuery){ .order = order });
      check (fixture->store, &(VaiHistoryQuery){ .order = order, .verdict = "likely" });
      check (fixture->store, &(VaiHistoryQuery){ .order = order, .outcome = "won", .model_id = other });
      check (fixture->store, &(VaiHistoryQuery){ .order = order, .search = "q-01" });
      check (fixture->store, &(VaiHistoryQuery){ .order = order, .search = "B_C", .verdict = "too_close" });
      check (fixture->store, &(VaiHistoryQuery){ .order = order, .search = "%" });
      check (fixture->store, &(VaiHistoryQuery){ .order = order, .since = 1010, .verdict = "likely" });
    }
  check_sum (fixture->store, &(VaiHistoryQuery){ 0 });
  check_sum (fixture->store, &(VaiHistoryQuery){ .model_id = other, .verdict = "likely" });
  check_sum (fixture->store, &(VaiHistoryQuery){ .search = "b_c", .outcome = "none" });
  check_sum (fixture->store, &(VaiHistoryQuery){ .outcome = "won" });
  check_sum (fixture->store, &(VaiHistoryQuery){ .since = 1010 });
}

static void
test_changes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *model = add_model (fixture->store, "one", NULL);
  g_autoptr (GError) error = NULL;
  fill (fixture->store, model, model);
  g_autoptr (GArray) keys
      = vai_store_find_predictions (fixture->store, &(VaiHistoryQuery){ .verdict = "likely" }, &error);
  const gint64 *key = (const gint64 *) (gpointer) keys->data;
  g_assert_cmpuint (keys->len, ==, N_ROWS / G_N_ELEMENTS (verdicts));
  g_assert_true (vai_store_set_outcomes (fixture->store, key, keys->len, "won", NULL, &error));
  g_assert_true (vai_store_set_predictions_deleted (fixture->store, key, 10, TRUE, &error));
  check (fixture->store, &(VaiHistoryQuery){ .outcome = "won" });
  g_autoptr (GArray) left
      = vai_store_find_predictions (fixture->store, &(VaiHistoryQuery){ .verdict = "likely" }, &error);
  g_assert_cmpuint (left->len, ==, N_ROWS / G_N_ELEMENTS (verdicts) - 10);
  g_assert_true (vai_store_set_predictions_deleted (fixture->store, key, 10, FALSE, &error));
  g_autoptr (GPtrArray) rows = vai_store_read_predictions (fixture->store, key, keys->len, &error);
  for (guint i = 0; i < rows->len; i++)
    {
      const VaiPredictionRow *row = rows->pdata[i];
      g_assert_cmpstr (row->outcome, ==, "won");
      g_assert_cmpint (row->outcome_at, >, 0);
      g_assert_cmpint (row->deleted_at, ==, 0);
    }
  const gint64 gone = 1000000;
  g_autoptr (GPtrArray) none = vai_store_read_predictions (fixture->store, &gone, 1, &error);
  g_assert_null (none->pdata[0]);
}

/* Exactly what was there, each with its own day, whatever was recorded in between. */
static void
test_put_back (Fixture *fixture, gconstpointer data)
{
  g_autofree char *model = add_model (fixture->store, "one", NULL);
  g_autoptr (GError) error = NULL;
  fill (fixture->store, model, model);
  g_autoptr (GArray) keys
      = vai_store_find_predictions (fixture->store, &(VaiHistoryQuery){ .order = VAI_ORDER_NEWEST }, &error);
  const gint64 *key = (const gint64 *) (gpointer) keys->data;
  g_autoptr (GPtrArray) was = vai_store_read_predictions (fixture->store, key, keys->len, &error);
  g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (VaiOutcomeBefore));
  g_autoptr (GArray) single = g_array_new (FALSE, FALSE, sizeof (VaiOutcomeBefore));
  const VaiPredictionRow *first = was->pdata[0];
  g_assert_true (vai_store_set_outcomes (fixture->store, key, keys->len, "lost", before, &error));
  g_assert_cmpuint (before->len, ==, keys->len);
  g_assert_cmpint (vai_store_set_outcome (fixture->store, first->id, "won", 5, single, &error), ==, 1);
  g_assert_cmpuint (single->len, ==, 1);
  g_assert_true (vai_store_put_back_outcomes (fixture->store, single, &error));
  g_autoptr (VaiPredictionRow) lost = vai_store_get_prediction (fixture->store, first->id, &error);
  g_assert_cmpstr (lost->outcome, ==, "lost");
  g_assert_true (vai_store_put_back_outcomes (fixture->store, before, &error));
  g_assert_no_error (error);
  g_autoptr (GPtrArray) rows = vai_store_read_predictions (fixture->store, key, keys->len, &error);
  guint n_known = 0;
  for (guint i = 0; i < rows->len; i++)
    {
      const VaiPredictionRow *row = rows->pdata[i], *old = was->pdata[i];
      g_assert_cmpstr (row->outcome, ==, old->outcome);
      g_assert_cmpint (row->outcome_at, ==, old->outcome_at);
      n_known += row->outcome_at > 0;
    }
  g_assert_cmpuint (n_known, >, 0);
  g_assert_cmpuint (n_known, <, rows->len);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/store/history/queries", Fixture, NULL, set_up, test_queries, tear_down);
  g_test_add ("/store/history/changes", Fixture, NULL, set_up, test_changes, tear_down);
  g_test_add ("/store/history/put-back", Fixture, NULL, set_up, test_put_back, tear_down);
  return g_test_run ();
}
