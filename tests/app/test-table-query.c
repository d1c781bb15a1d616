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

/* More rows than are sorted at one go, so that pieces are merged: every row once, and in order. */
#define N_LONG 300000

static VaiTable *
make_long_table (void)
{
  VaiTable *table = vai_table_new ();
  VaiColumn *name = test_column_add (table, "Name", VAI_TYPE_CATEGORY, N_LONG);
  VaiColumn *price = test_column_add (table, "Price", VAI_TYPE_NUMBER, N_LONG);

  for (gsize row = 0; row < N_LONG; row++)
    {
      g_autofree char *text = g_strdup_printf ("q%06" G_GSIZE_FORMAT, row * 7919 % N_LONG);
      test_column_set_text (name, row, text);
      test_column_set_number (price, row, row % 11 == 0 ? NAN : (double) (row * 7919 % 1009));
    }
  return table;
}

static void
test_long (void)
{
  g_autoptr (VaiTable) table = make_long_table ();
  g_autofree gboolean *seen = g_new0 (gboolean, N_LONG);
  g_autoptr (GArray) by_price = run (table, NULL, NULL, 1, TRUE);
  g_autoptr (GArray) by_name = run (table, NULL, NULL, 0, FALSE);

  assert_sorted (table, by_price, TRUE);
  g_assert_cmpuint (by_price->len, ==, N_LONG);
  g_assert_cmpuint (by_name->len, ==, N_LONG);
  for (guint i = 0; i < N_LONG; i++)
    {
      seen[g_array_index (by_price, guint32, i)] = TRUE;
      g_assert_cmpuint ((gsize) g_array_index (by_name, guint32, i) * 7919 % N_LONG, ==, i);
    }
  for (guint i = 0; i < N_LONG; i++)
    g_assert_true (seen[i]);
}

typedef struct
{
  GCancellable *cancellable;
  guint ms;
} Later;

static gpointer
cancel_later (gpointer data)
{
  const Later *later = data;

  g_usleep (later->ms * 1000);
  g_cancellable_cancel (later->cancellable);
  return NULL;
}

/* Cancelled at whatever moment, there is either no answer or the whole of it. */
static void
test_cancel (void)
{
  g_autoptr (VaiTable) table = make_long_table ();

  for (int column = 0; column < 2; column++)
    for (guint ms = 0; ms < 40; ms += 4)
      {
        g_autoptr (GCancellable) cancellable = g_cancellable_new ();
        gboolean all = FALSE;
        VaiTableQuery query = { table, NULL, NULL, column, FALSE };
        g_autoptr (GThread) thread = g_thread_new ("cancel", cancel_later, &(Later){ cancellable, ms });
        g_autoptr (GArray) answer = vai_table_query_run (&query, cancellable, &all);
        g_thread_join (g_steal_pointer (&thread));
        g_assert_true (answer == NULL || answer->len == N_LONG);
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

/* A number is found as it stands in the table, and as a file has it. */
static void
test_search_numbers (void)
{
  const struct
  {
    const char *search;
    guint n;
  } cases[] = { { "1,250.5", 1 }, { "1250.5", 1 }, { "1,250.50", 1 }, { "\u2212300", 1 },
                { "-300", 1 },    { "1,2", 2 },    { "1,3", 0 } };
  const double numbers[] = { 1250.5, 1200, -300, 12 };
  g_autoptr (VaiTable) table = vai_table_new ();
  VaiColumn *amount = test_column_add (table, "Amount", VAI_TYPE_NUMBER, G_N_ELEMENTS (numbers));

  amount->decimals = 2;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    test_column_set_number (amount, i, numbers[i]);
  table->n_rows = G_N_ELEMENTS (numbers);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GArray) found = run (table, NULL, cases[i].search, -1, FALSE);
      g_assert_cmpuint (found->len, ==, cases[i].n);
    }
}

static void
note_change (GListModel *model, guint position, guint removed, guint added, guint *change)
{
  change[0] = position;
  change[1] = removed;
  change[2] = added;
}

static gsize
index_of (gpointer row)
{
  gsize index = G_MAXSIZE;

  g_assert_true (vai_table_row_get_index (row, &index));
  return index;
}

/* An item is a place: places that stay are not told of, whatever stands there. */
static void
test_model (void)
{
  g_autoptr (VaiTableModel) model = vai_table_model_new ();
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint change[3] = { 0 };
  gsize gone;

  vai_table_model_set (model, 1000000, NULL);
  g_signal_connect (model, "items-changed", G_CALLBACK (note_change), change);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 1000000);
  g_autoptr (VaiTableRow) last = g_list_model_get_item (G_LIST_MODEL (model), 999999);
  g_autoptr (VaiTableRow) first = g_list_model_get_item (G_LIST_MODEL (model), 0);
  g_assert_cmpuint (index_of (last), ==, 999999);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (model), 1000000));
  for (guint32 row = 123457; row > 123455; row--)
    g_array_append_val (rows, row);
  vai_table_model_set (model, 1000000, rows);
  g_assert_cmpuint (change[0], ==, 2);
  g_assert_cmpuint (change[1], ==, 999998);
  g_assert_cmpuint (change[2], ==, 0);
  g_assert_cmpuint (index_of (first), ==, 123457);
  g_assert_false (vai_table_row_get_index (last, &gone));
  vai_table_model_set (model, 1000000, NULL);
  g_assert_cmpuint (change[2], ==, 999998);
  g_assert_cmpuint (index_of (first), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table-query/order", test_order);
  g_test_add_func ("/table-query/long", test_long);
  g_test_add_func ("/table-query/cancel", test_cancel);
  g_test_add_func ("/table-query/search", test_search);
  g_test_add_func ("/table-query/search-numbers", test_search_numbers);
  g_test_add_func ("/table-query/model", test_model);
  return g_test_run ();
}
