/* The open quotes as a list: its rows stay where they are and say which look different, and few come or go at once. */
#include "vai-open-quotes.h"

#define N 100

/* The rows of one turn of the main loop. */
#define A_TURN 16

typedef struct
{
  guint n, most;
} Changes;

static void
changed_cb (GListModel *list, guint position, guint removed, guint added, Changes *changes)
{
  changes->n++;
  changes->most = MAX (changes->most, removed + added);
}

static void
renewed_cb (VaiOpenQuoteItem *item, GParamSpec *pspec, guint *n)
{
  (*n)++;
}

static void
quote_free (gpointer data)
{
  VaiOpenQuote *quote = data;

  g_free (quote->ref);
  g_free (quote->detail);
  g_free (quote);
}

/* Amounts fall, so that number i stands at place i; those of the middle are of water. */
static VaiDashboard *
make_dashboard (void)
{
  VaiDashboard *self = g_new0 (VaiDashboard, 1);

  g_atomic_ref_count_init (&self->refs);
  self->open = g_ptr_array_new_with_free_func (quote_free);
  for (guint i = 0; i < N; i++)
    {
      VaiOpenQuote *quote = g_new0 (VaiOpenQuote, 1);
      quote->ref = g_strdup_printf ("Q-%03u", i);
      quote->detail = g_strdup (i >= 40 && i < 60 ? "Water" : "Food");
      quote->amount = N - i;
      g_ptr_array_add (self->open, quote);
    }
  return self;
}

static VaiOpenQuoteItem *
item_at (VaiOpenQuotes *quotes, guint position, guint *n_renewed)
{
  VaiOpenQuoteItem *item = g_list_model_get_item (G_LIST_MODEL (quotes), position);

  g_assert_nonnull (item);
  g_signal_connect (item, "notify::quote", G_CALLBACK (renewed_cb), n_renewed);
  return item;
}

static void
assert_ref (VaiOpenQuoteItem *item, const char *ref)
{
  g_assert_cmpstr (vai_open_quote_item_get_quote (item)->ref, ==, ref);
}

/* Until the list is as long as it is to be. */
static void
settle (VaiOpenQuotes *quotes, guint n)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (quotes)), ==, n);
}

static void
test_search (void)
{
  g_autoptr (VaiDashboard) dashboard = make_dashboard ();
  g_autoptr (VaiOpenQuotes) quotes = vai_open_quotes_new ();
  Changes changes = { 0 };
  guint n_first = 0, n_middle = 0;

  g_signal_connect (quotes, "items-changed", G_CALLBACK (changed_cb), &changes);
  g_assert_cmpuint (vai_open_quotes_show (quotes, dashboard, "", VAI_OPEN_BY_AMOUNT), ==, N);
  settle (quotes, N);
  g_assert_cmpuint (changes.most, ==, A_TURN);
  g_autoptr (VaiOpenQuoteItem) first = item_at (quotes, 0, &n_first), middle = item_at (quotes, 45, &n_middle);
  assert_ref (middle, "Q-045");

  /* What all have changes nothing. */
  changes = (Changes){ 0 };
  g_assert_cmpuint (vai_open_quotes_show (quotes, dashboard, "q-", VAI_OPEN_BY_AMOUNT), ==, N);
  settle (quotes, N);
  g_assert_cmpuint (changes.n + n_first + n_middle, ==, 0);

  g_assert_cmpuint (vai_open_quotes_show (quotes, dashboard, "FOOD", VAI_OPEN_BY_AMOUNT), ==, N - 20);
  g_assert_cmpuint (n_first, ==, 0);
  g_assert_cmpuint (n_middle, ==, 1);
  assert_ref (middle, "Q-065");
  settle (quotes, N - 20);
  g_assert_cmpuint (changes.most, ==, A_TURN);

  /* Nothing is left for the place, which is about to go. */
  g_assert_cmpuint (vai_open_quotes_show (quotes, dashboard, "Q-02", VAI_OPEN_BY_AMOUNT), ==, 10);
  g_assert_null (vai_open_quote_item_get_quote (middle));
  assert_ref (first, "Q-020");
  settle (quotes, 10);
  g_assert_cmpuint (changes.most, ==, A_TURN);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (quotes), 10));
}

/* Read again, only what looks different is shown anew, and nothing of the old dashboard is left. */
static void
test_another (void)
{
  g_autoptr (VaiDashboard) dashboard = make_dashboard (), other = make_dashboard (), euros = make_dashboard ();
  g_autoptr (VaiOpenQuotes) quotes = vai_open_quotes_new ();
  guint n_same = 0, n_differs = 0;

  vai_open_quotes_show (quotes, dashboard, NULL, VAI_OPEN_BY_AMOUNT);
  settle (quotes, N);
  g_autoptr (VaiOpenQuoteItem) same = item_at (quotes, 0, &n_same), differs = item_at (quotes, 30, &n_differs);
  ((VaiOpenQuote *) other->open->pdata[30])->amount -= 0.5; /* its place is the same */
  vai_open_quotes_show (quotes, other, NULL, VAI_OPEN_BY_AMOUNT);
  g_assert_cmpuint (n_same, ==, 0);
  g_assert_cmpuint (n_differs, ==, 1);
  g_assert_true (vai_open_quote_item_get_dashboard (same) == other);
  g_assert_true (vai_open_quote_item_get_quote (same) == other->open->pdata[0]);
  g_assert_true (vai_open_quote_item_get_quote (differs) == other->open->pdata[30]);
  g_assert_true (g_atomic_ref_count_compare (&dashboard->refs, 1));

  euros->currency = g_strdup ("EUR");
  vai_open_quotes_show (quotes, euros, NULL, VAI_OPEN_BY_AMOUNT);
  g_assert_cmpuint (n_same, ==, 1);
  vai_open_quotes_show (quotes, NULL, NULL, VAI_OPEN_BY_AMOUNT);
  g_assert_null (vai_open_quote_item_get_quote (same));
  settle (quotes, 0);
}

/* A chance that is kept back is no chance to be first by. */
static void
test_order (void)
{
  g_autoptr (VaiDashboard) dashboard = make_dashboard ();
  g_autoptr (VaiOpenQuotes) quotes = vai_open_quotes_new ();

  for (guint i = 0; i < 3; i++)
    {
      VaiOpenQuote *quote = dashboard->open->pdata[50 + i];
      quote->scored = TRUE;
      quote->verdict = i == 0 ? VAI_VERDICT_NOT_ENOUGH_SIMILAR : VAI_VERDICT_LIKELY;
      quote->win_probability = 0.9 - 0.1 * i;
    }
  vai_open_quotes_show (quotes, dashboard, NULL, VAI_OPEN_BY_CHANCE);
  settle (quotes, N);
  g_autoptr (VaiOpenQuoteItem) best = g_list_model_get_item (G_LIST_MODEL (quotes), 0);
  g_autoptr (VaiOpenQuoteItem) second = g_list_model_get_item (G_LIST_MODEL (quotes), 1);
  assert_ref (best, "Q-051");
  assert_ref (second, "Q-052");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/open-quotes/search", test_search);
  g_test_add_func ("/open-quotes/another", test_another);
  g_test_add_func ("/open-quotes/order", test_order);
  return g_test_run ();
}
