/* The training wizard without its window: what a training says of itself, the columns it may learn from, and what was
 * typed of how it learns. */
#include "vai-training-column.h"
#include "vai-training-settings.h"
#include "vai-training-watch.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <math.h>

#define N 200
#define N_WON 80

static char *folder, *path;

/* Two in five are won; the reason is there for the lost ones alone, and gives the answer away. */
static void
write_file (void)
{
  g_autoptr (GString) text = g_string_new ("Quote,Amount,Sector,Lost reason,Outcome\n");

  for (guint i = 0; i < N; i++)
    {
      gboolean won = i % 5 == 1 || i % 5 == 3;
      g_string_append_printf (text, "Q-%u,%u,%s,%s,%s\n", i, 1000 + i * 37 % 901, i % 3 == 0 ? "Food" : "Metal",
                              won ? "" : "too expensive", won ? "Won" : "Lost");
    }
  folder = g_dir_make_tmp ("valutai-training-XXXXXX", NULL);
  path = g_build_filename (folder, "quotes.csv", NULL);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
}

static void
fill_options (VaiQuotesOptions *options)
{
  options->path = g_strdup (path);
  options->outcome = g_strdup ("Outcome");
  options->won = g_strsplit ("Won", ",", -1);
  options->lost = g_strsplit ("Lost", ",", -1);
}

static VaiJobTrain *
make_job (VaiAlgorithm algorithm)
{
  VaiJobTrain *job = vai_job_train_new (NULL);
  VaiQuotesOptions *options = vai_job_train_get_quotes_options (job);

  fill_options (options);
  options->acts = g_strsplit ("safe", ",", -1);
  vai_job_train_get_options (job)->algorithm = algorithm;
  vai_job_train_get_options (job)->effort = VAI_EFFORT_QUICK;
  return job;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer done)
{
  g_autoptr (GError) error = NULL;

  vai_job_run_finish (VAI_JOB (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) done = TRUE;
}

typedef struct
{
  guint n_changes;
  gboolean stopping, stopped;
} Seen;

static void
changed_cb (VaiTrainingWatch *watch, Seen *seen)
{
  seen->n_changes++;
  if (seen->stopping && !seen->stopped && vai_training_watch_can_stop (watch))
    {
      seen->stopped = TRUE;
      vai_training_watch_stop (watch);
    }
}

static void
run (VaiJobTrain *job, Seen *seen)
{
  VaiTrainingWatch *watch = vai_training_watch_attach (job);
  gboolean done = FALSE;
  gint64 end;

  g_assert_true (vai_training_watch_of (VAI_JOB (job)) == watch);
  g_assert_cmpuint (vai_training_watch_get_n_tries (watch), ==, 0);
  g_assert_true (isnan (vai_training_watch_get_guessing_loss (watch)));
  g_assert_null (vai_training_watch_get_best (watch));
  g_assert_false (vai_training_watch_can_stop (watch));
  g_signal_connect (watch, "changed", G_CALLBACK (changed_cb), seen);
  vai_job_run_async (VAI_JOB (job), NULL, done_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  /* What was said last comes a moment later. */
  for (end = g_get_monotonic_time () + G_USEC_PER_SEC / 4; g_get_monotonic_time () < end;)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

/* Base rate and the loss of guessing by it are known beforehand; the best is looked for by hand. */
static void
test_watch (void)
{
  g_autoptr (VaiJobTrain) job = make_job (VAI_ALGORITHM_AUTO);
  const double rate = (double) N_WON / N;
  Seen seen = { 0 };
  const VaiTry *best = NULL;

  run (job, &seen);
  VaiTrainingWatch *watch = vai_training_watch_of (VAI_JOB (job));
  guint n = vai_training_watch_get_n_tries (watch);
  g_assert_cmpuint (n, >, 1);
  g_assert_cmpuint (n, ==, vai_training_watch_get_n_planned (watch));
  g_assert_cmpfloat_with_epsilon (vai_training_watch_get_base_rate (watch), rate, 1e-9);
  g_assert_cmpfloat_with_epsilon (vai_training_watch_get_guessing_loss (watch),
                                  -rate * log (rate) - (1 - rate) * log (1 - rate), 0.02);
  for (guint i = 0; i < n; i++)
    {
      const VaiTry *try = vai_training_watch_get_try (watch, i);
      g_assert_nonnull (try->description);
      g_assert_true (try->complete && isfinite (try->loss));
      g_assert_cmpuint (try->n_likely_won, <=, try->n_likely);
      if (best == NULL || try->loss < best->loss)
        best = try;
    }
  g_assert_true (vai_training_watch_get_best (watch) == best);
  g_assert_true (vai_training_watch_is_testing (watch));
  g_assert_false (vai_training_watch_can_stop (watch));
  g_assert_cmpuint (seen.n_changes, >, 0);
}

/* Stopped as soon as something is complete, there is a model, and it is said that it was stopped. */
static void
test_stop (void)
{
  g_autoptr (VaiJobTrain) job = make_job (VAI_ALGORITHM_AUTO);
  Seen seen = { .stopping = TRUE };

  run (job, &seen);
  g_assert_nonnull (vai_job_train_get_model (job));
  VaiTrainingWatch *watch = vai_training_watch_of (VAI_JOB (job));
  g_assert_true (vai_training_watch_is_stopped (watch) == seen.stopped);
  g_assert_false (vai_training_watch_can_stop (watch));
}

static VaiQuotes *
load (void)
{
  g_auto (VaiQuotesOptions) options;
  g_autoptr (GError) error = NULL;

  vai_quotes_options_init (&options);
  fill_options (&options);
  VaiQuotes *quotes = vai_quotes_load (&options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return quotes;
}

static VaiTrainingColumn *
find_column (GListStore *columns, const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (columns)); i++)
    {
      g_autoptr (VaiTrainingColumn) column = g_list_model_get_item (G_LIST_MODEL (columns), i);
      if (g_str_equal (vai_training_column_get_name (column), name))
        return column;
    }
  return NULL;
}

static int
named (GHashTable *table, const char *name)
{
  gpointer value;

  return table != NULL && g_hash_table_lookup_extended (table, name, NULL, &value) ? GPOINTER_TO_INT (value) : -1;
}

static void
test_columns (void)
{
  g_autoptr (VaiQuotes) quotes = load ();
  g_autoptr (GListStore) columns = vai_training_columns_new (quotes);
  g_autoptr (GHashTable) monotone = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (VaiQuotesOptions) options;
  g_autoptr (GError) error = NULL;
  VaiTrainingColumn *amount = find_column (columns, "Amount"), *sector = find_column (columns, "Sector"),
                    *reason = find_column (columns, "Lost reason");

  g_assert_null (find_column (columns, "Outcome"));
  g_assert_true (vai_training_column_get_used (amount) && vai_training_column_get_used (sector));
  g_assert_false (vai_training_column_get_used (reason));
  g_assert_nonnull (vai_training_column_get_reason (reason));
  g_assert_null (vai_training_column_get_reason (amount));
  g_assert_true (vai_training_column_has_direction (amount));
  g_assert_false (vai_training_column_has_direction (sector));
  guint n_used = vai_training_columns_count_used (G_LIST_MODEL (columns));

  g_object_set (sector, "used", FALSE, NULL);
  g_assert_cmpuint (vai_training_columns_count_used (G_LIST_MODEL (columns)), ==, n_used - 1);
  gboolean changeable = vai_training_column_get_changeable (amount);
  g_object_set (amount, "changeable", !changeable, "direction", VAI_DIRECTION_LOWER, NULL);
  vai_quotes_options_init (&options);
  vai_training_columns_apply (G_LIST_MODEL (columns), quotes, &options, monotone, &error);
  g_assert_no_error (error);
  g_assert_cmpint (named (options.roles, "Sector"), ==, VAI_ROLE_IGNORED);
  g_assert_cmpint (named (options.roles, "Lost reason"), ==, VAI_ROLE_IGNORED);
  g_assert_cmpint (named (options.roles, "Amount"), ==, -1);
  g_assert_cmpint (named (options.actionable, "Amount"), ==, !changeable);
  g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (monotone, "Amount")), ==, -1);
  g_assert_cmpuint (g_hash_table_size (monotone), ==, 1);
}

/* The row of @type whose title begins with @title. */
static GtkWidget *
find_row (GtkWidget *widget, GType type, const char *title)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type)
      && g_str_has_prefix (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, type, title);
      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
type_in (GtkWidget *settings, const char *title, const char *text)
{
  GtkWidget *row = find_row (settings, ADW_TYPE_ENTRY_ROW, title);

  g_assert_nonnull (row);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
}

static void
test_settings (void)
{
  GtkWidget *settings = g_object_ref_sink (g_object_new (VAI_TYPE_TRAINING_SETTINGS, NULL));
  VaiTrainingSettings *self = VAI_TRAINING_SETTINGS (settings);
  g_auto (VaiTrainOptions) options;

  /* Nothing typed: automatic, normal. */
  vai_train_options_init (&options);
  vai_training_settings_apply (self, &options);
  g_assert_cmpint (options.algorithm, ==, VAI_ALGORITHM_AUTO);
  g_assert_cmpint (options.effort, ==, VAI_EFFORT_NORMAL);
  g_assert_cmpuint (options.parameters->len, ==, 0);

  /* The third algorithm of the list, and quick. */
  adw_combo_row_set_selected (ADW_COMBO_ROW (find_row (settings, ADW_TYPE_COMBO_ROW, "Algorithm")), 2);
  adw_combo_row_set_selected (ADW_COMBO_ROW (find_row (settings, ADW_TYPE_COMBO_ROW, "Effort")), 0);
  const char *const wrong[] = { "0", "-3", "1000000", "2.5", "four", "3 4", "nan" };
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      type_in (settings, "Depth of a tree", wrong[i]);
      if (vai_training_settings_get_problem (self) == NULL)
        g_error ("“%s” is taken for a depth", wrong[i]);
    }
  type_in (settings, "Depth of a tree", " 3 ");
  g_assert_null (vai_training_settings_get_problem (self));
  type_in (settings, "Seed", "-1");
  g_assert_nonnull (vai_training_settings_get_problem (self));
  type_in (settings, "Seed", "9007199254740993");
  g_assert_nonnull (vai_training_settings_get_problem (self));
  type_in (settings, "Seed", "77");
  g_assert_null (vai_training_settings_get_problem (self));
  vai_training_settings_set_dated (self, TRUE);
  adw_combo_row_set_selected (ADW_COMBO_ROW (find_row (settings, ADW_TYPE_COMBO_ROW, "Validation")), 1);
  vai_training_settings_apply (self, &options);
  g_assert_cmpint (options.algorithm, ==, VAI_ALGORITHM_BOOSTED_TREES);
  g_assert_cmpint (options.effort, ==, VAI_EFFORT_QUICK);
  g_assert_cmpuint (options.seed, ==, 77);
  g_assert_false (options.by_date);
  g_assert_cmpuint (options.parameters->len, ==, 1);
  g_assert_cmpstr (options.parameters->pdata[0], ==, "depth=3");

  /* Parameters are those of the algorithm. */
  adw_combo_row_set_selected (ADW_COMBO_ROW (find_row (settings, ADW_TYPE_COMBO_ROW, "Algorithm")), 1);
  g_assert_null (find_row (settings, ADW_TYPE_ENTRY_ROW, "Depth of a tree"));
  g_assert_nonnull (find_row (settings, ADW_TYPE_ENTRY_ROW, "Strength"));
  g_object_unref (settings);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  write_file ();
  g_test_add_func ("/training/watch", test_watch);
  g_test_add_func ("/training/stop", test_stop);
  g_test_add_func ("/training/columns", test_columns);
  g_test_add_func ("/training/settings", test_settings);
  int status = g_test_run ();
  g_remove (path);
  g_rmdir (folder);
  g_free (path);
  g_free (folder);
  return status;
}
