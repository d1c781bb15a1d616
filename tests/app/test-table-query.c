/* Order and search of rows, beside what looking at every row gives. */
#include "../support/test-table.h"
#include "vai-table-model.h"

#include <math.h>

#define N 500

static const char *const names[] = { "Ärger", "beta", "Alpha", "", "gamma 7" };

static VaiTable *
make_table (void)
{
  VaiTable *table = vai_table_new ();
  VaiColumn *name = test_column_add (table, "Name", VAI_TYPE_CATEGORY, N);
  VaiColumn *price = test_column_add (table, "Price", VAI_TYPE_NUMBER, N);

  for (gsize row = 0; row < N; row++)
    {
      test_column_set_text (name, row, names[row * 7 % G_N_ELEMENTS (names)]);
      test_column_set_number (price, row, row % 11 == 0 ? NAN : (double) (row * 37 % 101));
    }
  return table;
}

static GArray *
run (VaiTable *table, GArray *rows, const char *search, int sort, gboolean descending)
{
  gboolean all = FALSE;
  VaiTableQuery query = { table, rows, (char *) search, sort, descending };
  GArray *answer = vai_table_query_run (&query, NULL, &all);

  g_assert_true (all == (answer == NULL));
  return answer;
}

static void
assert_sorted (const VaiTable *table, const GArray *rows, gboolean descending)
{
  const double *price = vai_table_column (table, 1)->numbers;

  for (guint i = 1; i < rows->len; i++)
    {
      guint32 a = g_array_index (rows, guint32, i - 1), b = g_array_index (rows, guint32, i);
      if (isnan (price[b]))
        g_assert_true (!isnan (price[a]) || a < b);
      else
        g_assert_true (descending ? price[a] > price[b] || (price[a] == price[b] && a < b)
                                  : price[a] < price[b] || (price[a] == price[b] && a < b));
    }
}

static void
test_order (void)
{
  g_autoptr (VaiTable) table = make_table ();

  g_assert_null (run (table, NULL, NULL, -1, FALSE));
  for (gboolean descending = FALSE; descending <= TRUE; descending++)
    {
      g_autoptr (GArray) rows = run (table, NULL, NULL, 1, descending);
      g_assert_cmpuint (rows->len, ==, N);
      assert_sorted (table, rows, descending);
    }
}

static guint
count_rows (const char *name)
{
  guint n = 0;

  for (gsize row = 0; row < N; row++)
    n += g_str_equal (names[row * 7 % G_N_ELEMENTS (names)], name);
  return n;
}

static void
test_search (void)
{
  g_autoptr (VaiTable) table = make_table ();
  g_autoptr (GArray) folded = run (table, NULL, "ÄRG", -1, FALSE);
  g_assert_cmpuint (folded->len, ==, count_rows ("Ärger"));
  g_autoptr (GArray) none = run (table, NULL, "nobody", 0, TRUE);
  g_assert_cmpuint (none->len, ==, 0);
  g_autoptr (GArray) some = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint32 row = 0; row < 10; row++)
    g_array_append_val (some, row);
  g_autoptr (GArray) within = run (table, some, "beta", -1, FALSE);
  g_assert_cmpuint (within->len, ==, 2);
}

static void
test_model (void)
{
  g_autoptr (VaiTableModel) model = vai_table_model_new ();
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 row = 123456;

  vai_table_model_set (model, 1000000, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 1000000);
  g_autoptr (VaiTableRow) last = g_list_model_get_item (G_LIST_MODEL (model), 999999);
  g_assert_cmpuint (vai_table_row_get_index (last), ==, 999999);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (model), 1000000));
  g_array_append_val (rows, row);
  vai_table_model_set (model, 1000000, rows);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 1);
  g_autoptr (VaiTableRow) first = g_list_model_get_item (G_LIST_MODEL (model), 0);
  g_assert_cmpuint (vai_table_row_get_index (first), ==, row);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table-query/order", test_order);
  g_test_add_func ("/table-query/search", test_search);
  g_test_add_func ("/table-query/model", test_model);
  return g_test_run ();
}
