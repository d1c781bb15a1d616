/* Pages without their window, on a workspace of their own: what is said of one object never lands on another, and
 * nothing that a person wrote is lost to what goes on beside. */
#include "vai-compat.h"
#include "vai-data-page.h"
#include "vai-job-import.h"
#include "vai-job-report.h"
#include "vai-job-train.h"
#include "vai-model-summary.h"
#include "vai-models-page.h"
#include "vai-error.h"
#include "vai-object-list.h"
#include "vai-quote-form.h"
#include "vai-quote-hero.h"
#include "vai-quote-view.h"
#include "vai-reports-page.h"
#include "vai-report-view.h"
#include "vai-revise.h"
#include "vai-row.h"
#include "vai-sample.h"
#include "vai-score-history.h"
#include "vai-scoring-page.h"

#include <adwaita.h>
#include <glib/gstdio.h>

#define N 200

/* Longer than any wait of the pages for a hand to rest. */
#define REST_MS 1500

static char *folder;

typedef struct
{
  char *path;
  VaiWorkspace *workspace;
  GtkWidget *window, *page;
} Fixture;

static void
settle (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  do
    {
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (1000);
    }
  while (g_get_monotonic_time () < end);
}

#define WAIT_FOR(condition)                                                                                            \
  for (guint turn = 0; !(condition); turn++)                                                                           \
    {                                                                                                                  \
      g_assert_cmpuint (turn, <, 3000);                                                                                \
      settle (10);                                                                                                     \
    }

/* The nth widget of @type below @root; NULL when there are fewer. */
static GtkWidget *
find (GtkWidget *root, GType type, guint *n)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (root, type) && (*n)-- == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type, n);
      if (found != NULL)
        return found;
    }
  return NULL;
}

static gpointer
nth (GtkWidget *root, GType type, guint n)
{
  GtkWidget *found = find (root, type, &n);

  g_assert_nonnull (found);
  return found;
}

static char *
write_quotes (const char *name)
{
  g_autoptr (GString) text = g_string_new ("Quote,Amount,Sector,Reason,Outcome\n");
  char *path = g_build_filename (folder, name, NULL);

  for (guint i = 0; i < N; i++)
    {
      gboolean won = i * 7919 % 10 < (i % 3 == 0 ? 7 : 3);
      g_string_append_printf (text, "Q-%u,%u,%s,%s,%s\n", i, 1000 + i * 37 % 901, i % 3 == 0 ? "Food" : "Metal",
                              won ? "" : "too expensive", won ? "Won" : "Lost");
    }
  /* One of them is there twice. */
  g_string_append (text, "Q-0,1000,Food,,Won\nQ-0,1000,Food,,Won\n");
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  return path;
}

static void
run (VaiJob *job)
{
  g_autoptr (GError) error = NULL;

  vai_job_run (job, NULL, &error);
  g_assert_no_error (error);
}

static char *
import (VaiStore *store, const char *name)
{
  g_autoptr (VaiJobImport) job = vai_job_import_new (store);

  vai_job_import_get_options (job)->path = write_quotes (name);
  run (VAI_JOB (job));
  return g_strdup (vai_job_import_get_dataset_id (job));
}

static char *
train (VaiStore *store, const char *dataset_id, const char *name)
{
  g_autoptr (VaiJobTrain) job = vai_job_train_new (store);

  vai_job_train_get_quotes_options (job)->dataset_id = g_strdup (dataset_id);
  vai_job_train_get_options (job)->algorithm = VAI_ALGORITHM_LOGISTIC;
  vai_job_train_get_options (job)->effort = VAI_EFFORT_QUICK;
  vai_job_train_set_keep (job, TRUE);
  vai_job_train_set_name (job, name);
  run (VAI_JOB (job));
  return g_strdup (vai_job_train_get_model_id (job));
}

static char *
report (VaiStore *store, const char *model_id, const char *title)
{
  g_autoptr (VaiJobReport) job = vai_job_report_new (store);

  vai_job_report_get_options (job)->model_id = g_strdup (model_id);
  vai_job_report_get_options (job)->title = g_strdup (title);
  run (VAI_JOB (job));
  return g_strdup (vai_job_report_get_report_id (job));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer done)
{
  g_autoptr (GError) error = NULL;

  vai_workspace_open_finish (VAI_WORKSPACE (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) done = TRUE;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  gboolean done = FALSE;

  fixture->path = g_build_filename (folder, "workspace.vaiw", NULL);
  fixture->workspace = vai_workspace_new ();
  vai_workspace_open_async (fixture->workspace, fixture->path, NULL, opened_cb, &done);
  WAIT_FOR (done);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->window != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->window));
  settle (100);
  g_object_unref (fixture->workspace);
  settle (100);
  g_remove (fixture->path);
  g_free (fixture->path);
}

static void
refresh (Fixture *fixture, VaiObject kind, guint n)
{
  vai_workspace_refresh (fixture->workspace, kind);
  settle (50);
  WAIT_FOR (g_list_model_get_n_items (vai_workspace_get_list (fixture->workspace, kind)) == n);
}

static void
show (Fixture *fixture, GType type)
{
  fixture->page = g_object_new (type, NULL);
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1200, 800);
  gtk_window_set_child (GTK_WINDOW (fixture->window), fixture->page);
  vai_page_attach (VAI_PAGE (fixture->page), fixture->workspace);
  gtk_window_present (GTK_WINDOW (fixture->window));
  vai_page_open (VAI_PAGE (fixture->page), NULL);
  settle (300);
}

/* Holds the thread of the store until it is let go. */
typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean entered, open;
} Gate;

static gboolean
stand_at (VaiStore *store, gpointer data, GError **error)
{
  Gate *gate = data;

  g_mutex_lock (&gate->mutex);
  gate->entered = TRUE;
  while (!gate->open)
    g_cond_wait (&gate->cond, &gate->mutex);
  g_mutex_unlock (&gate->mutex);
  return TRUE;
}

static void
close_gate (Gate *gate, VaiStore *store)
{
  g_mutex_init (&gate->mutex);
  g_cond_init (&gate->cond);
  vai_store_run_async (store, stand_at, gate, NULL, NULL, NULL, NULL);
  WAIT_FOR (gate->entered);
}

static void
open_gate (Gate *gate)
{
  g_mutex_lock (&gate->mutex);
  gate->open = TRUE;
  g_cond_signal (&gate->cond);
  g_mutex_unlock (&gate->mutex);
  settle (500);
}

static double
threshold_of (VaiStore *store, const char *model_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiModelRow) row = vai_store_get_model (store, model_id, &error);

  g_assert_no_error (error);
  return row->threshold;
}

/* A threshold that was moved belongs to the model that was shown, also when another is chosen before the hand rests. */
static void
test_threshold (Fixture *fixture, gconstpointer data)
{
  VaiStore *store = vai_workspace_get_store (fixture->workspace);
  g_autofree char *dataset = import (store, "quotes.csv");
  /* The newest is shown at first, and the other was never read. */
  g_autofree char *second = train (store, dataset, "second"), *first = train (store, dataset, "first");
  refresh (fixture, VAI_OBJECT_MODEL, 2);
  double before = threshold_of (store, second);
  show (fixture, VAI_TYPE_MODELS_PAGE);
  VaiObjectList *list = nth (fixture->page, VAI_TYPE_OBJECT_LIST, 0);
  GtkStack *detail
      = GTK_STACK (gtk_widget_get_ancestor (nth (fixture->page, VAI_TYPE_MODEL_SUMMARY, 0), GTK_TYPE_STACK));
  g_assert_true (vai_object_list_select (list, first));
  WAIT_FOR (g_strcmp0 (gtk_stack_get_visible_child_name (detail), "model") == 0);
  gtk_range_set_value (GTK_RANGE (nth (fixture->page, GTK_TYPE_SCALE, 0)), 77);
  Gate gate = { 0 };
  close_gate (&gate, store);
  g_assert_true (vai_object_list_select (list, second));
  settle (REST_MS);
  open_gate (&gate);
  WAIT_FOR (G_APPROX_VALUE (threshold_of (store, first), 0.77, 1e-9));
  settle (REST_MS);
  g_assert_cmpfloat (threshold_of (store, second), ==, before);
}

/* While a report is being read nothing of the one before can be written into it. */
static void
test_report_loading (Fixture *fixture, gconstpointer data)
{
  VaiStore *store = vai_workspace_get_store (fixture->workspace);
  g_autofree char *dataset = import (store, "quotes.csv"), *model = train (store, dataset, "model");
  g_autofree char *first = report (store, model, "first"), *second = report (store, model, "second");
  g_autoptr (GError) error = NULL;

  refresh (fixture, VAI_OBJECT_REPORT, 2);
  show (fixture, VAI_TYPE_REPORTS_PAGE);
  VaiObjectList *list = nth (fixture->page, VAI_TYPE_OBJECT_LIST, 0);
  VaiReportView *view = nth (fixture->page, VAI_TYPE_REPORT_VIEW, 0);
  g_assert_true (vai_object_list_select (list, first));
  WAIT_FOR (vai_report_view_get_report (view) != NULL
            && g_str_equal (vai_report_get_title (vai_report_view_get_report (view)), "first"));
  Gate gate = { 0 };
  close_gate (&gate, store);
  g_assert_true (vai_object_list_select (list, second));
  settle (100);
  GtkWidget *edit = nth (fixture->page, GTK_TYPE_TOGGLE_BUTTON, 0);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (edit), TRUE);
  settle (100);
  vai_page_act (VAI_PAGE (fixture->page), "save");
  open_gate (&gate);
  WAIT_FOR (vai_report_view_get_report (view) != NULL);
  settle (500);
  g_autoptr (VaiReportRow) row = vai_store_get_report (store, second, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (row->title, ==, "second");
}

/* What is being written of a dataset stays when the list is read again. */
static void
test_notes (Fixture *fixture, gconstpointer data)
{
  VaiStore *store = vai_workspace_get_store (fixture->workspace);
  g_autofree char *dataset = import (store, "quotes.csv");

  refresh (fixture, VAI_OBJECT_DATASET, 1);
  show (fixture, VAI_TYPE_DATA_PAGE);
  GtkEditable *name = nth (fixture->page, ADW_TYPE_ENTRY_ROW, 0), *notes = nth (fixture->page, ADW_TYPE_ENTRY_ROW, 1);
  g_assert_cmpstr (gtk_editable_get_text (name), ==, "quotes");
  gtk_editable_set_text (notes, "half a senten");
  refresh (fixture, VAI_OBJECT_DATASET, 1);
  g_assert_cmpstr (gtk_editable_get_text (notes), ==, "half a senten");
  g_assert_cmpstr (gtk_editable_get_text (name), ==, "quotes");
}

/* The button of a finding that says @label; NULL when there is none. */
static GtkWidget *
find_button (GtkWidget *root, const char *label)
{
  if (GTK_IS_BUTTON (root) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (root)), label) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, label);
      if (found != NULL)
        return found;
    }
  return NULL;
}

static guint
count_acts (VaiStore *store, const char *dataset_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiDatasetRow) row = vai_store_get_dataset (store, dataset_id, &error);

  g_assert_no_error (error);
  g_auto (GStrv) acts = vai_mapping_dup_acts (row->column_mapping);
  return g_strv_length (acts);
}

/* What is decided of one dataset is never decided of another that is chosen while the row still slides out. */
static void
test_finding (Fixture *fixture, gconstpointer data)
{
  VaiStore *store = vai_workspace_get_store (fixture->workspace);
  g_autofree char *first = import (store, "first.csv"), *second = import (store, "second.csv");

  refresh (fixture, VAI_OBJECT_DATASET, 2);
  show (fixture, VAI_TYPE_DATA_PAGE);
  VaiObjectList *list = nth (fixture->page, VAI_TYPE_OBJECT_LIST, 0);
  g_assert_true (vai_object_list_select (list, first));
  WAIT_FOR (find_button (fixture->page, "Leave Out") != NULL);
  g_assert_cmpuint (count_acts (store, first), ==, 0);
  g_signal_emit_by_name (find_button (fixture->page, "Leave Out"), "clicked");
  settle (20);
  g_assert_true (vai_object_list_select (list, second));
  WAIT_FOR (count_acts (store, first) == 1);
  settle (REST_MS);
  g_assert_cmpuint (count_acts (store, second), ==, 0);
  g_assert_cmpuint (count_acts (store, first), ==, 1);
}

/* Two findings one after the other, as a fast hand does. */
static void
test_two_findings (Fixture *fixture, gconstpointer data)
{
  VaiStore *store = vai_workspace_get_store (fixture->workspace);
  g_autofree char *first = import (store, "first.csv");

  refresh (fixture, VAI_OBJECT_DATASET, 1);
  show (fixture, VAI_TYPE_DATA_PAGE);
  WAIT_FOR (find_button (fixture->page, "Leave Out") != NULL);
  g_signal_emit_by_name (find_button (fixture->page, "Leave Out"), "clicked");
  settle (100);
  g_signal_emit_by_name (find_button (fixture->page, "Keep One"), "clicked");
  WAIT_FOR (count_acts (store, first) == 2);
}

static void
note_item (VaiObjectList *list, VaiItem *item, char **id)
{
  g_free (*id);
  *id = g_strdup (item != NULL ? vai_item_get_id (item) : NULL);
}

/* What is shown is what is chosen, also while a search hides it and after. */
static void
test_search (Fixture *fixture, gconstpointer data)
{
  VaiStore *store = vai_workspace_get_store (fixture->workspace);
  g_autofree char *first = import (store, "first.csv"), *second = import (store, "second.csv"), *shown = NULL;

  refresh (fixture, VAI_OBJECT_DATASET, 2);
  show (fixture, VAI_TYPE_DATA_PAGE);
  VaiObjectList *list = nth (fixture->page, VAI_TYPE_OBJECT_LIST, 0);
  GtkEditable *search = nth (GTK_WIDGET (list), GTK_TYPE_SEARCH_ENTRY, 0);
  g_assert_true (vai_object_list_select (list, first));
  g_signal_connect (list, "chosen", G_CALLBACK (note_item), &shown);
  shown = g_strdup (first);
  gtk_editable_set_text (search, "second");
  WAIT_FOR (vai_object_list_get_chosen (list) == NULL && shown == NULL);
  gtk_editable_set_text (search, "");
  WAIT_FOR (g_strcmp0 (shown, first) == 0);
  g_assert_nonnull (vai_object_list_get_chosen (list));
  g_assert_cmpstr (vai_item_get_id (vai_object_list_get_chosen (list)), ==, first);
  /* What is asked for by name is shown, whatever was searched for. */
  gtk_editable_set_text (search, "first");
  settle (400);
  vai_page_open (VAI_PAGE (fixture->page), second);
  WAIT_FOR (g_strcmp0 (shown, second) == 0);
}

/* What was chosen on another computer is no path; the reason is to be said. */
static void
test_far (Fixture *fixture, gconstpointer data)
{
  gpointer tags[] = { vai_pick_table_async, vai_pick_target_async };

  fixture->window = gtk_window_new ();
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      g_autoptr (GTask) task = g_task_new (fixture->window, NULL, NULL, NULL);
      g_autoptr (GError) error = NULL;
      g_task_set_source_tag (task, tags[i]);
      g_task_return_pointer (task, g_file_new_for_uri ("sftp://elsewhere/quotes.csv"), g_object_unref);
      g_assert_null (vai_pick_finish (G_ASYNC_RESULT (task), &error));
      g_assert_error (error, VAI_ERROR, VAI_ERROR_USAGE);
    }
  g_autoptr (GTask) none = g_task_new (fixture->window, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_task_return_pointer (none, NULL, NULL);
  g_assert_null (vai_pick_finish (G_ASYNC_RESULT (none), &error));
  g_assert_no_error (error);
}

static VaiQuoteView *
show_scoring (Fixture *fixture)
{
  show (fixture, VAI_TYPE_SCORING_PAGE);
  VaiQuoteView *view = nth (fixture->page, VAI_TYPE_QUOTE_VIEW, 0);
  VaiQuoteForm *form = nth (GTK_WIDGET (view), VAI_TYPE_QUOTE_FORM, 0);
  WAIT_FOR (vai_quote_form_get_frame (form) != NULL);
  return view;
}

/* The first field of the form is the amount. */
static void
write_amount (VaiQuoteView *view, const char *text)
{
  GtkWidget *form = nth (GTK_WIDGET (view), VAI_TYPE_QUOTE_FORM, 0);

  gtk_editable_set_text (GTK_EDITABLE (nth (form, GTK_TYPE_ENTRY, 0)), text);
  settle (50);
}

static gboolean
is_unsaved (VaiQuoteView *view)
{
  gboolean unsaved;

  g_object_get (view, "unsaved", &unsaved, NULL);
  return unsaved;
}

static guint
count_scores (VaiStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = vai_store_list_predictions (store, &(VaiPredictionQuery){ 0 }, &error);

  g_assert_no_error (error);
  return rows->len;
}

/* What became of a quote whose score was deleted elsewhere is not said to be recorded: it is to be kept again. */
static void
test_deleted_score (Fixture *fixture, gconstpointer data)
{
  VaiStore *store = vai_workspace_get_store (fixture->workspace);
  g_autofree char *dataset = import (store, "quotes.csv"), *model = train (store, dataset, "model");
  g_autoptr (GError) error = NULL;

  refresh (fixture, VAI_OBJECT_MODEL, 1);
  VaiQuoteView *view = show_scoring (fixture);
  write_amount (view, "1200");
  g_assert_true (vai_quote_view_save (view));
  WAIT_FOR (count_scores (store) == 1 && !is_unsaved (view));
  g_autoptr (GPtrArray) kept = vai_store_list_predictions (store, &(VaiPredictionQuery){ 0 }, &error);
  const VaiPredictionRow *row = g_ptr_array_index (kept, 0);
  g_assert_true (vai_store_set_deleted (store, VAI_OBJECT_PREDICTION, row->id, TRUE, &error));
  gtk_widget_activate_action (GTK_WIDGET (view), "quote.outcome", "s", "won");
  WAIT_FOR (is_unsaved (view));
  g_assert_true (vai_quote_view_save (view));
  WAIT_FOR (count_scores (store) == 1);
  gtk_widget_activate_action (GTK_WIDGET (view), "quote.outcome", "s", "lost");
  settle (500);
  g_autoptr (GPtrArray) again = vai_store_list_predictions (store, &(VaiPredictionQuery){ 0 }, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->len, ==, 1);
  g_assert_cmpstr (((const VaiPredictionRow *) g_ptr_array_index (again, 0))->outcome, ==, "lost");
}

/* The models are listed again while the one that was chosen is being read: it stays chosen. */
static void
test_choice_stays (Fixture *fixture, gconstpointer data)
{
  VaiStore *store = vai_workspace_get_store (fixture->workspace);
  g_autofree char *dataset = import (store, "quotes.csv");
  g_autofree char *first = train (store, dataset, "first"), *second = train (store, dataset, "second");

  refresh (fixture, VAI_OBJECT_MODEL, 2);
  VaiQuoteView *view = show_scoring (fixture);
  const VaiFrame *shown = vai_quote_form_get_frame (nth (GTK_WIDGET (view), VAI_TYPE_QUOTE_FORM, 0));
  GtkDropDown *chooser = GTK_DROP_DOWN (nth (fixture->page, GTK_TYPE_DROP_DOWN, 0));
  g_assert_cmpuint (gtk_drop_down_get_selected (chooser), ==, 0);
  Gate gate = { 0 };
  close_gate (&gate, store);
  vai_workspace_refresh (fixture->workspace, VAI_OBJECT_MODEL);
  gtk_drop_down_set_selected (chooser, 1);
  settle (100);
  open_gate (&gate);
  WAIT_FOR (vai_quote_form_get_frame (nth (GTK_WIDGET (view), VAI_TYPE_QUOTE_FORM, 0)) != shown);
  settle (REST_MS);
  g_assert_cmpuint (gtk_drop_down_get_selected (chooser), ==, 1);
}

/* A chance that is kept back for one quote is asked for again for the next. */
static void
test_kept_back (Fixture *fixture, gconstpointer data)
{
  VaiStore *store = vai_workspace_get_store (fixture->workspace);
  g_autofree char *dataset = import (store, "quotes.csv"), *model = train (store, dataset, "model");

  refresh (fixture, VAI_OBJECT_MODEL, 1);
  VaiQuoteView *view = show_scoring (fixture);
  VaiQuoteHero *hero = nth (GTK_WIDGET (view), VAI_TYPE_QUOTE_HERO, 0);
  write_amount (view, "90000000");
  g_assert_true (vai_quote_hero_is_hidden (hero));
  g_signal_emit_by_name (nth (GTK_WIDGET (hero), GTK_TYPE_BUTTON, 0), "clicked");
  g_assert_false (vai_quote_hero_is_hidden (hero));
  write_amount (view, "90000001");
  g_assert_false (vai_quote_hero_is_hidden (hero));
  vai_quote_view_clear (view);
  write_amount (view, "80000000");
  g_assert_true (vai_quote_hero_is_hidden (hero));
}

/* A quote that was not saved can be shown again as it was; one that is kept, or empty, need not. */
static void
test_unsaved (Fixture *fixture, gconstpointer data)
{
  VaiStore *store = vai_workspace_get_store (fixture->workspace);
  g_autofree char *dataset = import (store, "quotes.csv"), *model = train (store, dataset, "model");

  refresh (fixture, VAI_OBJECT_MODEL, 1);
  VaiQuoteView *view = show_scoring (fixture);
  VaiQuoteForm *form = nth (GTK_WIDGET (view), VAI_TYPE_QUOTE_FORM, 0);
  g_assert_null (vai_quote_view_dup_unsaved (view));
  write_amount (view, "1200");
  g_autofree char *before = vai_quote_form_dup_state (form);
  g_autoptr (VaiPredictionRow) row = vai_quote_view_dup_unsaved (view);
  g_assert_nonnull (row);
  vai_page_open (VAI_PAGE (fixture->page), "new");
  g_assert_true (vai_quote_form_is_empty (form));
  vai_quote_view_show_prediction (view, row);
  g_autofree char *after = vai_quote_form_dup_state (form);
  g_assert_cmpstr (before, ==, after);
  g_assert_true (is_unsaved (view));
  g_assert_true (vai_quote_view_save (view));
  g_assert_null (vai_quote_view_dup_unsaved (view));
}

/* The menu of the page is there for several as for one. */
static void
test_two_chosen (Fixture *fixture, gconstpointer data)
{
  VaiStore *store = vai_workspace_get_store (fixture->workspace);
  g_autofree char *first = import (store, "first.csv"), *second = import (store, "second.csv");

  refresh (fixture, VAI_OBJECT_DATASET, 2);
  show (fixture, VAI_TYPE_DATA_PAGE);
  GtkWidget *menu = nth (fixture->page, GTK_TYPE_MENU_BUTTON, 0);
  g_assert_cmpstr (gtk_menu_button_get_icon_name (GTK_MENU_BUTTON (menu)), ==, "view-more-symbolic");
  VaiObjectList *list = nth (fixture->page, VAI_TYPE_OBJECT_LIST, 0);
  g_assert_true (vai_object_list_select (list, first));
  WAIT_FOR (gtk_widget_get_visible (menu));
  GtkSelectionModel *rows = gtk_list_view_get_model (GTK_LIST_VIEW (nth (GTK_WIDGET (list), GTK_TYPE_LIST_VIEW, 0)));
  gtk_selection_model_select_all (rows);
  WAIT_FOR (vai_object_list_count_selected (list) == 2);
  settle (100);
  g_assert_true (gtk_widget_get_visible (menu));
  gtk_widget_activate_action (fixture->page, "data.delete", NULL);
  gtk_selection_model_unselect_all (rows);
  WAIT_FOR (!gtk_widget_get_visible (menu));
}

/* Past scores that cannot be read say so where they would be. */
static void
test_unreadable_scores (Fixture *fixture, gconstpointer data)
{
  const char *const words[] = { "/usr/bin/python3", "-c",
                                "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute("
                                "'ALTER TABLE prediction RENAME TO lost')",
                                fixture->path, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  show (fixture, VAI_TYPE_SCORING_PAGE);
  g_spawn_sync (NULL, (char **) words, NULL, 0, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  vai_page_open (VAI_PAGE (fixture->page), "many");
  WAIT_FOR (nth (fixture->page, VAI_TYPE_SCORE_HISTORY, 0) != NULL);
  AdwStatusPage *said = nth (nth (fixture->page, VAI_TYPE_SCORE_HISTORY, 0), ADW_TYPE_STATUS_PAGE, 0);
  WAIT_FOR (g_strcmp0 (adw_status_page_get_title (said), "The past scores cannot be read") == 0);
}

static gboolean
is_training (GListModel *tasks)
{
  g_autoptr (VaiTask) task = g_list_model_get_item (tasks, 0);

  return task != NULL && VAI_IS_JOB_TRAIN (vai_task_get_job (task));
}

/* The sample comes once, and takes the processor cores that were chosen. */
static void
test_sample (Fixture *fixture, gconstpointer data)
{
  GListModel *tasks = vai_workspace_get_tasks (fixture->workspace);
  g_autoptr (GSettings) settings = g_settings_new ("com.valutai.ValutAI");

  g_settings_set_uint (settings, "threads", 1);
  vai_sample_begin (fixture->workspace);
  vai_sample_begin (fixture->workspace);
  g_assert_cmpuint (g_list_model_get_n_items (tasks), ==, 1);
  WAIT_FOR (is_training (tasks));
  g_autoptr (VaiTask) task = g_list_model_get_item (tasks, 0);
  g_assert_cmpuint (vai_job_train_get_options (VAI_JOB_TRAIN (vai_task_get_job (task)))->threads, ==, 1);
  vai_sample_begin (fixture->workspace);
  g_assert_cmpuint (g_list_model_get_n_items (tasks), ==, 1);
  vai_task_cancel (task);
  WAIT_FOR (g_list_model_get_n_items (tasks) == 0);
  g_settings_reset (settings, "threads");
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
  g_autoptr (GApplication) application = g_application_new ("com.valutai.Pages", G_APPLICATION_NON_UNIQUE);
  g_application_set_default (application);
  folder = g_dir_make_tmp ("valutai-pages-XXXXXX", NULL);
#define ADD(name, func) g_test_add ("/pages/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("threshold", test_threshold);
  ADD ("report-loading", test_report_loading);
  ADD ("notes", test_notes);
  ADD ("finding", test_finding);
  ADD ("search", test_search);
  ADD ("far", test_far);
  ADD ("two-findings", test_two_findings);
  ADD ("deleted-score", test_deleted_score);
  ADD ("choice-stays", test_choice_stays);
  ADD ("kept-back", test_kept_back);
  ADD ("unsaved", test_unsaved);
  ADD ("two-chosen", test_two_chosen);
  ADD ("unreadable-scores", test_unreadable_scores);
  ADD ("sample", test_sample);
#undef ADD
  return g_test_run ();
}
