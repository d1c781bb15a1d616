/* The fields of a quote: text and values, locks, trying and back. */
#include "../support/test-locale.h"
#include "../support/test-table.h"
#include "vai-quote-form.h"

#define N 40
#define QUOTE "{\"Sector\":\"Water\",\"Price\":\"1250.5\",\"Discount\":\"7\"}"

enum
{
  SECTOR,
  PRICE,
  DISCOUNT,
  OPENED
};

static VaiModel *
make_model (void)
{
  g_autoptr (VaiTable) table = vai_table_new ();
  VaiColumn *sector = test_column_add (table, "Sector", VAI_TYPE_CATEGORY, N);
  VaiColumn *price = test_column_add (table, "Price", VAI_TYPE_NUMBER, N);
  VaiColumn *discount = test_column_add (table, "Discount", VAI_TYPE_NUMBER, N);
  VaiColumn *opened = test_column_add (table, "Opened on", VAI_TYPE_DATE, N);
  VaiColumnProfile columns[] = { { .role = VAI_ROLE_CUSTOMER_SECTOR },
                                 { .role = VAI_ROLE_PRICE },
                                 { .role = VAI_ROLE_DISCOUNT },
                                 { .role = VAI_ROLE_OPENED_DATE } };
  VaiProfile profile = { .columns = columns, .outcome = -1 };
  guint32 rows[N];

  columns[DISCOUNT].actionable = TRUE;
  price->decimals = 2;
  for (guint i = 0; i < N; i++)
    {
      test_column_set_text (sector, i, i % 2 == 0 ? "Food" : "Water");
      test_column_set_number (price, i, 1000 + 10 * i);
      test_column_set_number (discount, i, i % 20);
      test_column_set_day (opened, i, 20000 + i);
      rows[i] = i;
    }
  table->n_rows = N;
  profile.outcome_values = g_ptr_array_new ();
  profile.findings = g_ptr_array_new ();
  VaiModel *model = vai_model_new ();
  model->schema = vai_schema_new (table, &profile, rows, N, NULL);
  g_assert_nonnull (model->schema);
  g_ptr_array_unref (profile.outcome_values);
  g_ptr_array_unref (profile.findings);
  return model;
}

typedef struct
{
  VaiModel *model;
  VaiQuoteForm *form;
  GtkWidget *window;
  guint n_changed;
} Fixture;

static void
changed_cb (Fixture *fixture)
{
  fixture->n_changed++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->model = make_model ();
  fixture->form = VAI_QUOTE_FORM (vai_quote_form_new ());
  fixture->window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->form));
  vai_quote_form_set_model (fixture->form, fixture->model);
  g_signal_connect_swapped (fixture->form, "changed", G_CALLBACK (changed_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  vai_model_unref (fixture->model);
}

static void
assert_text (Fixture *fixture, guint feature, const char *text)
{
  g_autofree char *now = vai_frame_dup_text (vai_quote_form_get_frame (fixture->form), 0, feature);
  g_assert_cmpstr (now, ==, text);
}

/* The entry of the field with the accessible order of @nth. */
static GtkWidget *
find_entry (GtkWidget *widget, guint *nth)
{
  if (GTK_IS_ENTRY (widget) && (*nth)-- == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_entry (child, nth);
      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
write_field (Fixture *fixture, guint nth, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (find_entry (GTK_WIDGET (fixture->form), &nth)), text);
}

static void
assert_field (Fixture *fixture, guint nth, const char *text)
{
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_entry (GTK_WIDGET (fixture->form), &nth))), ==, text);
}

static void
assert_today (Fixture *fixture)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *today = g_date_time_format (now, "%Y-%m-%d");
  assert_text (fixture, OPENED, today);
}

/* A new quote is one of today, which alone makes no quote; a saved one has the day it had. */
static void
test_today (Fixture *fixture, gconstpointer data)
{
  assert_today (fixture);
  g_assert_true (vai_quote_form_is_empty (fixture->form));
  vai_quote_form_fill (fixture->form, "Q-1", QUOTE);
  assert_text (fixture, OPENED, "");
  vai_quote_form_clear (fixture->form);
  assert_today (fixture);
  g_assert_true (vai_quote_form_is_empty (fixture->form));
  vai_quote_form_fill (fixture->form, "Q-2", "{\"Opened on\":\"2024-10-05\"}");
  assert_text (fixture, OPENED, "2024-10-05");
  g_assert_false (vai_quote_form_is_empty (fixture->form));
  /* The same quote under another model. */
  g_autoptr (VaiModel) other = make_model ();
  vai_quote_form_set_model (fixture->form, other);
  assert_text (fixture, OPENED, "2024-10-05");
  vai_quote_form_clear (fixture->form);
  vai_quote_form_set_model (fixture->form, fixture->model);
  assert_today (fixture);
  g_assert_true (vai_quote_form_is_empty (fixture->form));
  /* Before there is a model. */
  g_autoptr (VaiQuoteForm) bare = g_object_ref_sink (VAI_QUOTE_FORM (vai_quote_form_new ()));
  vai_quote_form_clear (bare);
  g_assert_true (vai_quote_form_is_empty (bare));
}

static void
test_fill (Fixture *fixture, gconstpointer data)
{
  g_assert_true (vai_quote_form_is_empty (fixture->form));
  vai_quote_form_fill (fixture->form, "Q-1", QUOTE);
  g_assert_cmpuint (fixture->n_changed, ==, 1);
  g_assert_false (vai_quote_form_is_empty (fixture->form));
  g_assert_cmpstr (vai_quote_form_get_ref (fixture->form), ==, "Q-1");
  assert_text (fixture, SECTOR, "Water");
  assert_text (fixture, PRICE, "1250.5");
  assert_text (fixture, DISCOUNT, "7");
  vai_quote_form_clear (fixture->form);
  g_assert_true (vai_quote_form_is_empty (fixture->form));
  g_assert_cmpstr (vai_quote_form_get_ref (fixture->form), ==, "");
}

/* What is written is in the frame at once; what is no number leaves it empty; a value never seen is kept as it is. */
static void
test_written (Fixture *fixture, gconstpointer data)
{
  vai_quote_form_fill (fixture->form, "Q-1", QUOTE);
  write_field (fixture, 1, "1300");
  assert_text (fixture, PRICE, "1300");
  write_field (fixture, 1, "dear");
  assert_text (fixture, PRICE, "");
  write_field (fixture, 0, "Mining");
  assert_text (fixture, SECTOR, "Mining");
  g_assert_cmpint (vai_quote_form_get_frame (fixture->form)->columns[SECTOR].codes[0], ==, VAI_CODE_UNSEEN);
}

/* The state is that of number and values: it comes back with them. */
static void
test_state (Fixture *fixture, gconstpointer data)
{
  vai_quote_form_fill (fixture->form, "Q-1", QUOTE);
  g_autofree char *before = vai_quote_form_dup_state (fixture->form);
  write_field (fixture, 1, "1300");
  g_autofree char *changed = vai_quote_form_dup_state (fixture->form);
  g_assert_cmpstr (before, !=, changed);
  write_field (fixture, 1, "1250.5");
  g_autofree char *again = vai_quote_form_dup_state (fixture->form);
  g_assert_cmpstr (before, ==, again);
  vai_quote_form_fill (fixture->form, "Q-2", QUOTE);
  g_autofree char *other = vai_quote_form_dup_state (fixture->form);
  g_assert_cmpstr (before, !=, other);
}

static void
test_trying (Fixture *fixture, gconstpointer data)
{
  vai_quote_form_fill (fixture->form, "Q-1", QUOTE);
  g_assert_false (vai_quote_form_stop_trying (fixture->form));
  vai_quote_form_try (fixture->form, DISCOUNT, "9");
  vai_quote_form_try (fixture->form, DISCOUNT, "11");
  g_assert_true (vai_quote_form_is_trying (fixture->form));
  assert_text (fixture, DISCOUNT, "11");
  g_assert_true (vai_quote_form_stop_trying (fixture->form));
  assert_text (fixture, DISCOUNT, "7");
  g_assert_false (vai_quote_form_is_trying (fixture->form));
  vai_quote_form_try (fixture->form, DISCOUNT, "9");
  vai_quote_form_adopt (fixture->form);
  g_assert_false (vai_quote_form_stop_trying (fixture->form));
  assert_text (fixture, DISCOUNT, "9");
}

/* A date stands as the locale writes it, and is read in any form; two readings are told apart by the locale. */
static void
test_dates (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    const char *locale, *shown, *ambiguous;
  } cases[] = { { "it_IT", "17/07/2026", "2026-04-03" }, { "en_US", "07/17/2026", "2026-03-04" } };
  enum
  {
    OPENED_ENTRY = 2
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TestLocale locale;
      if (test_locale_enter (&locale, cases[i].locale))
        {
          vai_quote_form_fill (fixture->form, "Q-1", "{\"Opened on\":\"2026-07-17\"}");
          assert_field (fixture, OPENED_ENTRY, cases[i].shown);
          write_field (fixture, OPENED_ENTRY, "2026-07-18");
          assert_text (fixture, OPENED, "2026-07-18");
          write_field (fixture, OPENED_ENTRY, cases[i].shown);
          assert_text (fixture, OPENED, "2026-07-17");
          write_field (fixture, OPENED_ENTRY, "3/4/2026");
          assert_text (fixture, OPENED, cases[i].ambiguous);
          write_field (fixture, OPENED_ENTRY, "25/12/2026");
          assert_text (fixture, OPENED, "2026-12-25");
          write_field (fixture, OPENED_ENTRY, "soon");
          assert_text (fixture, OPENED, "");
        }
      test_locale_leave (&locale);
    }
}

static gboolean
says (GtkWidget *widget, const char *words)
{
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_label (GTK_LABEL (widget)), words) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (says (child, words))
      return TRUE;
  return FALSE;
}

/* A number is read with the marks of the locale, and where others would read another it is said how. */
static void
test_numbers (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    const char *locale, *written, *value, *said;
  } cases[] = {
    { "it_IT", "1.500", "1500", "read as 1500" },
    { "it_IT", "1.234.567", "1234567", NULL },
    { "it_IT", "1,5", "1.5", NULL },
    { "it_IT", "1.500,25", "1500.25", NULL },
    { "it_IT", "12.5", "12.5", "read as 12,5" },
    { "it_IT", "1500", "1500", NULL },
    { "en_US", "1,500", "1500", "read as 1500" },
    { "en_US", "1.5", "1.5", NULL },
    { "en_US", "1.500", "1.5", "read as 1.5" },
    { "en_US", "1,500.25", "1500.25", NULL },
    { "en_US", "1,5", "1.5", "read as 1.5" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TestLocale locale;
      if (test_locale_enter (&locale, cases[i].locale))
        {
          g_assert_nonnull (setlocale (LC_NUMERIC, cases[i].locale));
          vai_quote_form_clear (fixture->form);
          write_field (fixture, 1, cases[i].written);
          assert_text (fixture, PRICE, cases[i].value);
          g_assert_cmpint (says (GTK_WIDGET (fixture->form), "read as"), ==, cases[i].said != NULL);
          if (cases[i].said != NULL)
            g_assert_true (says (GTK_WIDGET (fixture->form), cases[i].said));
        }
      test_locale_leave (&locale);
    }
}

static GtkWidget *
find_lock (GtkWidget *widget)
{
  GtkWidget *found = NULL;

  if (GTK_IS_TOGGLE_BUTTON (widget) && gtk_widget_get_tooltip_text (widget) != NULL)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_lock (child);
  return found;
}

/* Only what a rep can change has a lock; it changes no value. */
static void
test_locks (Fixture *fixture, gconstpointer data)
{
  vai_quote_form_fill (fixture->form, "Q-1", QUOTE);
  g_autofree char *before = vai_quote_form_dup_state (fixture->form);
  g_autoptr (GArray) none = vai_quote_form_dup_locked (fixture->form);
  g_assert_cmpuint (none->len, ==, 0);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (find_lock (GTK_WIDGET (fixture->form))), TRUE);
  g_autoptr (GArray) locked = vai_quote_form_dup_locked (fixture->form);
  g_assert_cmpuint (locked->len, ==, 1);
  g_assert_cmpuint (g_array_index (locked, guint, 0), ==, DISCOUNT);
  g_autofree char *after = vai_quote_form_dup_state (fixture->form);
  g_assert_cmpstr (before, ==, after);
}

/* A row of a table, read as the scorer reads it. */
static void
test_row (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VaiFrame) frame = vai_frame_new_empty (fixture->model->schema, 2);
  g_assert_true (vai_frame_set_text (frame, 1, "Sector", "Mining", NULL));
  g_assert_true (vai_frame_set_text (frame, 1, "Price", "1010", NULL));
  vai_quote_form_fill (fixture->form, "Q-1", QUOTE);
  vai_quote_form_try (fixture->form, DISCOUNT, "9");
  vai_quote_form_fill_row (fixture->form, NULL, frame, 1);
  g_assert_false (vai_quote_form_is_trying (fixture->form));
  g_assert_cmpstr (vai_quote_form_get_ref (fixture->form), ==, "");
  assert_text (fixture, SECTOR, "Mining");
  assert_text (fixture, PRICE, "1010");
  assert_text (fixture, DISCOUNT, "");
}

/* Another model has fields of its own, and keeps what both know. */
static void
test_other_model (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VaiModel) other = make_model ();

  vai_quote_form_fill (fixture->form, "Q-1", QUOTE);
  for (guint i = 0; i < 20; i++)
    {
      vai_quote_form_set_model (fixture->form, other);
      vai_quote_form_set_model (fixture->form, fixture->model);
    }
  assert_text (fixture, SECTOR, "Water");
  assert_text (fixture, PRICE, "1250.5");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }
  adw_init ();
#define ADD(name, func) g_test_add ("/quote-form/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("today", test_today);
  ADD ("fill", test_fill);
  ADD ("written", test_written);
  ADD ("dates", test_dates);
  ADD ("numbers", test_numbers);
  ADD ("state", test_state);
  ADD ("trying", test_trying);
  ADD ("locks", test_locks);
  ADD ("row", test_row);
  ADD ("other-model", test_other_model);
#undef ADD
  return g_test_run ();
}
