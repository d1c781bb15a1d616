/* The open quotes as a list: searching takes away and brings back the rows that differ, and no others. */
#include "vai-open-quotes.h"

#define N 100

typedef struct
{
  guint n, position, removed, added;
} Changes;

static void
changed_cb (GListModel *list, guint position, guint removed, guint added, Changes *changes)
{
  changes->n++;
  changes->position = position;
  changes->removed = removed;
  changes->added = added;
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

static void
assert_changes (Changes *changes, guint n, guint position, guint removed, guint added)
{
  g_assert_cmpuint (changes->n, ==, n);
  g_assert_cmpuint (changes->position, ==, position);
  g_assert_cmpuint (changes->removed, ==, removed);
  g_assert_cmpuint (changes->added, ==, added);
  *changes = (Changes){ 0 };
}

static void
test_search (void)
{
  g_autoptr (VaiDashboard) dashboard = make_dashboard ();
  g_autoptr (VaiOpenQuotes) quotes = vai_open_quotes_new ();
  Changes changes = { 0 };

  g_signal_connect (quotes, "items-changed", G_CALLBACK (changed_cb), &changes);
  vai_open_quotes_show (quotes, dashboard, "", VAI_OPEN_BY_AMOUNT);
  assert_changes (&changes, 1, 0, 0, N);
  g_autoptr (VaiOpenQuoteItem) before = g_list_model_get_item (G_LIST_MODEL (quotes), 20);
  /* What all have changes nothing. */
  vai_open_quotes_show (quotes, dashboard, "q-", VAI_OPEN_BY_AMOUNT);
  assert_changes (&changes, 0, 0, 0, 0);
  vai_open_quotes_show (quotes, dashboard, "FOOD", VAI_OPEN_BY_AMOUNT);
  assert_changes (&changes, 1, 40, 20, 0);
  g_autoptr (VaiOpenQuoteItem) kept = g_list_model_get_item (G_LIST_MODEL (quotes), 20);
  g_assert_true (kept == before);
  vai_open_quotes_show (quotes, dashboard, "", VAI_OPEN_BY_AMOUNT);
  assert_changes (&changes, 1, 40, 0, 20);
  /* Where the change takes in more, a quote that stays has the item that it had. */
  vai_open_quotes_show (quotes, dashboard, "Q-02", VAI_OPEN_BY_AMOUNT);
  assert_changes (&changes, 1, 0, N, 10);
  g_autoptr (VaiOpenQuoteItem) first = g_list_model_get_item (G_LIST_MODEL (quotes), 0);
  g_assert_true (first == before);
  g_assert_cmpstr (vai_open_quote_item_get_quote (first)->ref, ==, "Q-020");
}

/* Another dashboard has other quotes, whatever they are called. */
static void
test_another (void)
{
  g_autoptr (VaiDashboard) dashboard = make_dashboard ();
  g_autoptr (VaiDashboard) other = make_dashboard ();
  g_autoptr (VaiOpenQuotes) quotes = vai_open_quotes_new ();
  Changes changes = { 0 };

  vai_open_quotes_show (quotes, dashboard, NULL, VAI_OPEN_BY_AMOUNT);
  g_autoptr (VaiOpenQuoteItem) before = g_list_model_get_item (G_LIST_MODEL (quotes), 0);
  g_signal_connect (quotes, "items-changed", G_CALLBACK (changed_cb), &changes);
  vai_open_quotes_show (quotes, other, NULL, VAI_OPEN_BY_AMOUNT);
  assert_changes (&changes, 1, 0, N, N);
  g_autoptr (VaiOpenQuoteItem) after = g_list_model_get_item (G_LIST_MODEL (quotes), 0);
  g_assert_true (after != before);
  g_assert_true (vai_open_quote_item_get_dashboard (after) == other);
  /* Who still holds a row of the old one may read it. */
  g_assert_true (vai_open_quote_item_get_dashboard (before) == dashboard);
  vai_open_quotes_show (quotes, NULL, NULL, VAI_OPEN_BY_AMOUNT);
  assert_changes (&changes, 1, 0, N, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/open-quotes/search", test_search);
  g_test_add_func ("/open-quotes/another", test_another);
  return g_test_run ();
}
