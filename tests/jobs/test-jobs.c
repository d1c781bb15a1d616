/* Jobs as a front end uses them: watched, stopped, begun again. The first argument is the program that writes sample
 * quotes. */
#include "vai-error.h"
#include "vai-job-again.h"
#include "vai-job-import.h"
#include "vai-job-outcome.h"
#include "vai-job-report.h"
#include "vai-job-score.h"
#include "vai-job-train.h"
#include "vai-quotes-json.h"
#include "vai-revise.h"

#include <glib/gstdio.h>
#include <math.h>

#define N_ROWS 300

static const char *sample_program;

typedef struct
{
  char *folder, *quotes, *path;
  VaiStore *store;
} Fixture;

/* The data of a case is one more option of the sample program, or NULL. */
static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  fixture->folder = g_dir_make_tmp ("vai-jobs-XXXXXX", NULL);
  fixture->quotes = g_build_filename (fixture->folder, "quotes.csv", NULL);
  fixture->path = g_build_filename (fixture->folder, "w.workspace", NULL);
  g_autofree char *rows = g_strdup_printf ("%d", N_ROWS);
  const char *command[] = { sample_program, "--rows", rows, "--open", "0.2", "--output", fixture->quotes, data, NULL };
  int status = 0;
  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, 0, NULL, NULL, NULL, NULL, &status, &error));
  g_assert_cmpint (status, ==, 0);
  fixture->store = vai_store_open (fixture->path, VAI_STORE_CREATE, &error);
  g_assert_no_error (error);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->store);
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->quotes);
  g_free (fixture->path);
}

static VaiJobImport *
make_import (Fixture *fixture)
{
  VaiJobImport *job = vai_job_import_new (fixture->store);
  vai_job_import_get_options (job)->path = g_strdup (fixture->quotes);
  return job;
}

static char *
import (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiJobImport) job = make_import (fixture);
  g_assert_true (vai_job_run (VAI_JOB (job), NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (vai_progress_get_fraction (vai_job_get_progress (VAI_JOB (job))), ==, 1);
  g_assert_cmpuint (vai_job_get_peak_memory (VAI_JOB (job)), >, 1000000);
  return g_strdup (vai_job_import_get_dataset_id (job));
}

static VaiJobTrain *
make_train (Fixture *fixture, const char *dataset_id)
{
  VaiJobTrain *job = vai_job_train_new (fixture->store);
  vai_job_train_get_quotes_options (job)->dataset_id = g_strdup (dataset_id);
  vai_job_train_get_options (job)->algorithm = VAI_ALGORITHM_LOGISTIC;
  vai_job_train_get_options (job)->effort = VAI_EFFORT_QUICK;
  vai_job_train_get_options (job)->seed = G_MAXUINT64;
  vai_job_train_set_keep (job, TRUE);
  return job;
}

static VaiJobRow *
last_job (Fixture *fixture)
{
  g_autoptr (GPtrArray) rows = vai_store_list_jobs (fixture->store, NULL, NULL);
  g_assert_cmpuint (rows->len, >, 0);
  return g_ptr_array_steal_index (rows, 0);
}

/* A dataset of the workspace trains the same model as the file it came from. */
static void
test_same_model (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dataset = import (fixture);
  g_autoptr (VaiJobTrain) from_dataset = make_train (fixture, dataset);
  g_assert_true (vai_job_run (VAI_JOB (from_dataset), NULL, &error));
  g_assert_no_error (error);
  g_autoptr (VaiJobTrain) from_file = make_train (fixture, NULL);
  vai_job_set_store (VAI_JOB (from_file), NULL);
  vai_job_train_set_keep (from_file, FALSE);
  vai_job_train_get_quotes_options (from_file)->path = g_strdup (fixture->quotes);
  g_assert_true (vai_job_run (VAI_JOB (from_file), NULL, &error));
  g_assert_cmpstr (vai_job_train_get_fingerprint (from_dataset), ==, vai_job_train_get_fingerprint (from_file));
  g_assert_null (vai_job_train_get_model_id (from_file));
  g_autoptr (GBytes) bytes = vai_store_load_model (fixture->store, vai_job_train_get_model_id (from_dataset), &error);
  g_assert_true (g_bytes_equal (bytes, vai_job_train_get_bytes (from_file)));
  g_autoptr (VaiModelRow) row = vai_store_get_model (fixture->store, vai_job_train_get_model_id (from_dataset), &error);
  const VaiModel *model = vai_job_train_get_model (from_dataset);
  g_assert_cmpfloat (row->auc_roc, ==, model->at_threshold.value[VAI_METRIC_AUC_ROC]);
  g_assert_cmpfloat (row->base_rate, ==, model->base_rate);
  g_assert_cmpstr (row->dataset_id, ==, dataset);
  g_autoptr (VaiDatasetRow) stored = vai_store_get_dataset (fixture->store, dataset, &error);
  g_assert_cmpint (stored->open_count, ==, (gint64) model->n_open);
  g_assert_cmpint (stored->row_count, ==, N_ROWS);
}

static void
test_not_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dataset = import (fixture);
  g_autoptr (VaiJobTrain) job = make_train (fixture, dataset);
  vai_job_train_set_keep (job, FALSE);
  g_assert_true (vai_job_run (VAI_JOB (job), NULL, &error));
  g_assert_null (vai_job_train_get_model_id (job));
  g_autoptr (GPtrArray) models = vai_store_list_models (fixture->store, NULL, FALSE, NULL);
  g_assert_cmpuint (models->len, ==, 0);
}

/* Stopped before it begins, and from its own events: nothing is left, and the row says so. */
static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  guint n_files = count_files (fixture->folder);
  g_autoptr (VaiJobImport) job = make_import (fixture);
  g_assert_false (vai_job_run (VAI_JOB (job), cancellable, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_CANCELLED);
  g_autoptr (VaiJobRow) row = last_job (fixture);
  g_assert_cmpstr (row->state, ==, "cancelled");
  g_autoptr (GPtrArray) datasets = vai_store_list_datasets (fixture->store, FALSE, NULL);
  g_assert_cmpuint (datasets->len, ==, 0);
  g_assert_cmpuint (count_files (fixture->folder), ==, n_files);
}

static void
stop_training (const VaiTrainEvent *event, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
test_cancelled_training (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dataset = import (fixture);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (VaiJobTrain) job = make_train (fixture, dataset);
  g_autofree char *output = g_build_filename (fixture->folder, "m.valutai", NULL);
  vai_job_train_get_options (job)->algorithm = VAI_ALGORITHM_BOOSTED_TREES;
  vai_job_train_set_output (job, output);
  vai_job_train_set_event_func (job, stop_training, cancellable);
  guint n_files = count_files (fixture->folder);
  g_assert_false (vai_job_run (VAI_JOB (job), cancellable, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_CANCELLED);
  g_assert_cmpuint (count_files (fixture->folder), ==, n_files);
  g_autoptr (GPtrArray) models = vai_store_list_models (fixture->store, NULL, FALSE, NULL);
  g_assert_cmpuint (models->len, ==, 0);
}

static void
test_failed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiJobImport) job = make_import (fixture);
  vai_job_import_get_options (job)->outcome = g_strdup ("No such column");
  g_assert_false (vai_job_run (VAI_JOB (job), NULL, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NO_COLUMN);
  g_autoptr (VaiJobRow) row = last_job (fixture);
  g_assert_cmpstr (row->state, ==, "failed");
  g_assert_cmpstr (row->error, ==, error->message);
}

/* What is read is never written over: the person's quotes, or the whole workspace. */
static void
test_output_over_input (Fixture *fixture, gconstpointer data)
{
  const char *const outputs[] = { fixture->quotes, fixture->path };
  g_autofree char *before = NULL, *after = NULL;
  g_assert_true (g_file_get_contents (fixture->quotes, &before, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (outputs); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (VaiJobTrain) train = vai_job_train_new (fixture->store);
      vai_job_train_get_quotes_options (train)->path = g_strdup (fixture->quotes);
      vai_job_train_set_output (train, outputs[i]);
      g_assert_false (vai_job_run (VAI_JOB (train), NULL, &error));
      g_assert_error (error, VAI_ERROR, VAI_ERROR_USAGE);
      g_clear_error (&error);
      g_autoptr (VaiJobScore) score = vai_job_score_new (fixture->store);
      vai_job_score_get_options (score)->path = g_strdup (fixture->quotes);
      vai_job_score_get_options (score)->model_path = g_strdup (fixture->quotes);
      vai_job_score_get_options (score)->output = g_strdup (outputs[i]);
      g_assert_false (vai_job_run (VAI_JOB (score), NULL, &error));
      g_assert_error (error, VAI_ERROR, VAI_ERROR_USAGE);
    }
  g_assert_true (g_file_get_contents (fixture->quotes, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, before);
}

typedef struct
{
  GMainLoop *loop;
  gboolean good;
  GError *error;
} Answer;

static void
ended (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;
  answer->good = vai_job_run_finish (VAI_JOB (object), result, &answer->error);
  g_main_loop_quit (answer->loop);
}

static void
test_async (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Answer answer = { loop };
  VaiJobImport *job = make_import (fixture);
  vai_job_run_async (VAI_JOB (job), NULL, ended, &answer);
  g_object_unref (job); /* the task holds it */
  g_main_loop_run (loop);
  g_assert_no_error (answer.error);
  g_assert_true (answer.good);
}

/* The row of a job that was interrupted is enough to run it again, with the same result. */
static void
test_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dataset = import (fixture);
  g_autoptr (VaiJobRow) import_row = last_job (fixture);
  g_autoptr (VaiJob) import_again = vai_job_new_again (fixture->store, import_row, &error);
  g_assert_no_error (error);
  g_assert_true (vai_job_run (import_again, NULL, &error));
  g_autoptr (GPtrArray) jobs = vai_store_list_jobs (fixture->store, NULL, &error);
  g_assert_cmpuint (jobs->len, ==, 1);
  g_assert_cmpstr (((VaiJobRow *) g_ptr_array_index (jobs, 0))->id, !=, import_row->id);
  g_autoptr (VaiJobTrain) train = make_train (fixture, dataset);
  vai_job_train_get_options (train)->folds = 4;
  vai_job_train_get_options (train)->monotone = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (vai_job_train_get_options (train)->monotone, g_strdup ("Discount %"), GINT_TO_POINTER (1));
  vai_job_train_get_options (train)->algorithm = VAI_ALGORITHM_BOOSTED_TREES;
  g_assert_true (vai_job_run (VAI_JOB (train), NULL, &error));
  g_assert_no_error (error);
  g_autoptr (VaiJobRow) train_row = last_job (fixture);
  g_autoptr (VaiJob) train_again = vai_job_new_again (fixture->store, train_row, &error);
  g_assert_true (vai_job_run (train_again, NULL, &error));
  g_assert_cmpstr (vai_job_train_get_fingerprint (train), ==,
                   vai_job_train_get_fingerprint (VAI_JOB_TRAIN (train_again)));
  g_free (train_row->parameters);
  train_row->parameters = g_strdup ("{\"training\":7}");
  g_assert_null (vai_job_new_again (fixture->store, train_row, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_DAMAGED);
}

/* A dataset of the workspace is scored, and outcomes are recorded against the predictions by the quote's number. */
static void
test_score_and_outcome (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dataset = import (fixture);
  g_autoptr (VaiJobTrain) train = make_train (fixture, dataset);
  g_assert_true (vai_job_run (VAI_JOB (train), NULL, &error));
  g_autoptr (VaiJobScore) score = vai_job_score_new (fixture->store);
  vai_job_score_get_options (score)->dataset_id = g_strdup (dataset);
  vai_job_score_get_options (score)->model_id = g_strdup (vai_job_train_get_model_id (train));
  vai_job_score_get_options (score)->keep = TRUE;
  g_assert_true (vai_job_run (VAI_JOB (score), NULL, &error));
  g_assert_no_error (error);
  const VaiScoreResult *result = vai_job_score_get_result (score);
  g_assert_cmpuint (result->n_rows, ==, N_ROWS);
  g_assert_cmpuint (result->n_scored, ==, N_ROWS);
  g_assert_cmpuint (result->missing->len, ==, 0);
  guint64 n = 0;
  for (guint i = 0; i < VAI_N_VERDICTS; i++)
    n += result->n_verdicts[i];
  g_assert_cmpuint (n, ==, N_ROWS);
  VaiPredictionQuery query = { .batch_id = result->batch_id };
  g_autoptr (GPtrArray) kept = vai_store_list_predictions (fixture->store, &query, &error);
  g_assert_cmpuint (kept->len, ==, N_ROWS);
  double sum = 0;
  for (guint i = 0; i < kept->len; i++)
    sum += ((VaiPredictionRow *) g_ptr_array_index (kept, i))->win_probability;
  g_assert_cmpfloat_with_epsilon (sum / N_ROWS, result->mean_probability, 1e-12);
  g_autoptr (VaiJobOutcome) outcome = vai_job_outcome_new (fixture->store);
  vai_job_outcome_get_options (outcome)->quotes.path = g_strdup (fixture->quotes);
  g_assert_true (vai_job_run (VAI_JOB (outcome), NULL, &error));
  g_assert_no_error (error);
  const VaiModel *model = vai_job_train_get_model (train);
  g_assert_cmpuint (vai_job_outcome_get_n_changed (outcome), ==, model->n_rows);
  g_assert_cmpuint (vai_job_outcome_get_n_unknown (outcome), ==, 0);
  query.outcome = "won";
  g_autoptr (GPtrArray) won = vai_store_list_predictions (fixture->store, &query, &error);
  g_assert_cmpuint (won->len, ==, model->n_won);
}

/* The file, and the row of the workspace, of one report. */
static void
test_report (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dataset = import (fixture);
  g_autoptr (VaiJobTrain) train = make_train (fixture, dataset);
  g_assert_true (vai_job_run (VAI_JOB (train), NULL, &error));
  g_autoptr (VaiJobReport) job = vai_job_report_new (fixture->store);
  vai_job_report_get_options (job)->model_id = g_strdup (vai_job_train_get_model_id (train));
  vai_job_report_get_options (job)->title = g_strdup ("A year of quotes");
  vai_job_report_get_options (job)->output = g_build_filename (fixture->folder, "report.html", NULL);
  g_assert_true (vai_job_run (VAI_JOB (job), NULL, &error));
  g_assert_no_error (error);
  g_autofree char *page = NULL;
  g_assert_true (g_file_get_contents (vai_job_report_get_options (job)->output, &page, NULL, &error));
  g_assert_nonnull (g_strstr_len (page, -1, "A year of quotes"));
  g_autoptr (VaiReportRow) row = vai_store_get_report (fixture->store, vai_job_report_get_report_id (job), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (row->title, ==, "A year of quotes");
  g_assert_cmpstr (row->model_id, ==, vai_job_train_get_model_id (train));
  g_assert_nonnull (row->content);
  g_assert_nonnull (row->insights);
  g_autoptr (VaiJobRow) job_row = last_job (fixture);
  g_autoptr (VaiJob) again = vai_job_new_again (fixture->store, job_row, &error);
  g_assert_true (vai_job_run (again, NULL, &error));
  g_assert_no_error (error);
  g_autoptr (GPtrArray) reports = vai_store_list_reports (fixture->store, row->model_id, FALSE, &error);
  g_assert_cmpuint (reports->len, ==, 2);
}

static gint64
count_member (const VaiDatasetRow *row, const char *member)
{
  g_autoptr (JsonNode) node = json_from_string (row->quality, NULL);
  return json_object_get_int_member (json_node_get_object (node), member);
}

/* An act on a stored dataset shows in the next load of it, and can be taken back to the letter. */
static void
test_revise (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = import (fixture);
  g_autoptr (VaiDatasetRow) before = vai_store_get_dataset (fixture->store, id, &error);
  g_assert_cmpint (count_member (before, "won") + count_member (before, "lost") + before->open_count, ==, N_ROWS);
  g_assert_cmpint (count_member (before, "opened_first"), <, count_member (before, "opened_last"));
  g_auto (VaiQuotesOptions) given;
  vai_quotes_options_init (&given);
  const char *const acts[] = { "safe", NULL };
  given.acts = g_strdupv ((char **) acts);
  g_assert_true (vai_quotes_revise (fixture->store, id, &given, NULL, &error));
  g_assert_no_error (error);
  g_autoptr (VaiDatasetRow) after = vai_store_get_dataset (fixture->store, id, &error);
  g_auto (GStrv) taken = vai_mapping_dup_acts (after->column_mapping);
  g_assert_cmpuint (g_strv_length (taken), >, 0);
  g_assert_cmpstr (after->column_mapping, !=, before->column_mapping);
  g_strfreev (given.acts);
  given.acts = g_new0 (char *, 1);
  g_assert_true (vai_quotes_revise (fixture->store, id, &given, NULL, &error));
  g_autoptr (VaiDatasetRow) back = vai_store_get_dataset (fixture->store, id, &error);
  g_assert_cmpstr (back->quality, ==, before->quality);
  g_auto (GStrv) none = vai_mapping_dup_acts (back->column_mapping);
  g_assert_cmpuint (g_strv_length (none), ==, 0);
  g_assert_false (vai_quotes_revise (fixture->store, "nobody", &given, NULL, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND);
}

/* Quotes profiled again without reading their file again: as if it had been said at once. */
static void
test_profile_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (VaiQuotesOptions) options;
  vai_quotes_options_init (&options);
  options.path = g_strdup (fixture->quotes);
  g_autoptr (VaiQuotes) plain = vai_quotes_load (&options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  const char *const acts[] = { "safe", NULL };
  options.acts = g_strdupv ((char **) acts);
  options.actionable = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (options.actionable, g_strdup (vai_table_column (plain->table, 0)->name), GINT_TO_POINTER (TRUE));
  g_autoptr (VaiQuotes) at_once = vai_quotes_load (&options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (VaiQuotes) again = vai_quotes_again (plain, &options, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autofree char *a = vai_quotes_dup_mapping (at_once, &options);
  g_autofree char *b = vai_quotes_dup_mapping (again, &options);
  g_assert_cmpstr (a, ==, b);
  g_auto (VaiQuotesOptions) read_back;
  vai_quotes_options_init (&read_back);
  g_assert_true (vai_quotes_options_from_mapping (&read_back, a, &error));
  g_assert_cmpuint (g_hash_table_size (read_back.actionable), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  sample_program = argv[1];
#define ADD_WITH(name, option, function) g_test_add ("/jobs/" name, Fixture, option, set_up, function, tear_down)
#define ADD(name, function) ADD_WITH (name, NULL, function)
  ADD ("same-model", test_same_model);
  ADD ("not-kept", test_not_kept);
  ADD ("output-over-input", test_output_over_input);
  ADD ("cancelled", test_cancelled);
  ADD ("cancelled-training", test_cancelled_training);
  ADD ("failed", test_failed);
  ADD ("async", test_async);
  ADD ("again", test_again);
  ADD ("score-and-outcome", test_score_and_outcome);
  ADD ("report", test_report);
  ADD_WITH ("revise", "--leaks", test_revise);
  ADD_WITH ("profile-again", "--leaks", test_profile_again);
  return g_test_run ();
}
