/* What a person does with what is in the workspace: find, name, throw away, take back, record. */
#include "store-fixture.h"

#include "vai-time.h"

static guint
count (GPtrArray *rows)
{
  g_assert_nonnull (rows);
  guint n = rows->len;
  g_ptr_array_unref (rows);
  return n;
}

static void
test_model (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dataset = add_dataset (fixture->store, "quotes", 5);
  g_autofree char *model = add_model (fixture->store, "first", dataset);
  g_autofree char *other = add_model (fixture->store, "second", NULL);
  reopen (fixture);
  g_autoptr (GPtrArray) all = vai_store_list_models (fixture->store, NULL, FALSE, &error);
  g_assert_cmpuint (all->len, ==, 2);
  const VaiModelRow *newest = g_ptr_array_index (all, 0);
  g_assert_cmpstr (newest->name, ==, "second");
  g_assert_cmpuint (count (vai_store_list_models (fixture->store, dataset, FALSE, &error)), ==, 1);
  g_autoptr (VaiModelRow) row = vai_store_get_model (fixture->store, model, &error);
  g_assert_cmpfloat (row->auc_roc, ==, 0.75);
  g_assert_true (isnan (row->brier_score));
  g_assert_cmpstr (row->status, ==, "ready");
  g_autoptr (GBytes) bytes = vai_store_load_model (fixture->store, model, &error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "a model is bytes", 16);
  g_assert_null (vai_store_load_model (fixture->store, "nowhere", &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND);
}

static void
test_predictions (Fixture *fixture, gconstpointer data)
{
  g_autofree char *model = add_model (fixture->store, "m", NULL);
  g_autofree char *other = add_model (fixture->store, "n", NULL);
  g_autofree char *last = NULL;
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *ref = g_strdup_printf ("Q-%u", i % 5);
      g_free (last);
      last = add_prediction (fixture->store, i < 8 ? model : other, ref, i < 3 ? "batch" : NULL);
    }
  g_autoptr (GError) error = NULL;
  VaiPredictionQuery query = { NULL };
#define COUNT() count (vai_store_list_predictions (fixture->store, &query, &error))
  g_assert_cmpuint (COUNT (), ==, 10);
  query.model_id = model;
  g_assert_cmpuint (COUNT (), ==, 8);
  query.batch_id = "batch";
  g_assert_cmpuint (COUNT (), ==, 3);
  query.model_id = other;
  g_assert_cmpuint (COUNT (), ==, 0);
  query = (VaiPredictionQuery){ .quote_ref = "Q-4" };
  g_assert_cmpuint (COUNT (), ==, 2);
  /* Page by page, newest first, each once. */
  query = (VaiPredictionQuery){ .n_max = 4 };
  guint n = 0;
  g_autofree char *before = g_strdup ("g");
  for (;;)
    {
      query.after_id = before;
      g_autoptr (GPtrArray) page = vai_store_list_predictions (fixture->store, &query, &error);
      for (guint i = 0; i < page->len; i++, n++)
        {
          const VaiPredictionRow *row = g_ptr_array_index (page, i);
          g_assert_cmpstr (row->id, <, before);
          g_free (before);
          before = g_strdup (row->id);
        }
      if (page->len == 0)
        break;
    }
  g_assert_cmpuint (n, ==, 10);
  g_autoptr (VaiPredictionRow) row = vai_store_get_prediction (fixture->store, last, &error);
  g_assert_cmpint (row->total_price, ==, 1234567);
  g_assert_true (isnan (row->discount_percentage));
  g_assert_cmpstr (row->outcome, ==, "none");
}

static void
test_outcome (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *model = add_model (fixture->store, "m", NULL);
  g_autofree char *first = add_prediction (fixture->store, model, "Q-1", NULL);
  g_autofree char *second = add_prediction (fixture->store, model, "Q-1", NULL);
  g_assert_cmpint (vai_store_set_outcome (fixture->store, "Q-1", "won", 1000, NULL, &error), ==, 2);
  g_assert_cmpint (vai_store_set_outcome (fixture->store, first, "lost", 0, NULL, &error), ==, 1);
  g_assert_cmpint (vai_store_set_outcome (fixture->store, "Q-2", "won", 0, NULL, &error), ==, 0);
  g_assert_no_error (error);
  VaiPredictionQuery won = { .outcome = "won" };
  g_assert_cmpuint (count (vai_store_list_predictions (fixture->store, &won, &error)), ==, 1);
  g_autoptr (VaiPredictionRow) row = vai_store_get_prediction (fixture->store, second, &error);
  g_assert_cmpint (row->outcome_at, ==, 1000);
  g_assert_cmpint (vai_store_set_outcome (fixture->store, second, "none", 0, NULL, &error), ==, 1);
  g_autoptr (VaiPredictionRow) again = vai_store_get_prediction (fixture->store, second, &error);
  g_assert_cmpint (again->outcome_at, ==, 0);
  g_assert_cmpint (vai_store_set_outcome (fixture->store, second, "maybe", 0, NULL, &error), ==, -1);
  g_assert_error (error, VAI_ERROR, VAI_ERROR_USAGE);
  g_clear_error (&error);
  /* What is in the trash is left alone. */
  g_assert_true (vai_store_set_deleted (fixture->store, VAI_OBJECT_PREDICTION, second, TRUE, &error));
  g_assert_cmpint (vai_store_set_outcome (fixture->store, second, "won", 0, NULL, &error), ==, 0);
  g_assert_cmpint (vai_store_set_outcome (fixture->store, "Q-1", "won", 0, NULL, &error), ==, 1);
  g_assert_no_error (error);
}

static void
test_resolve (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *a = add_dataset (fixture->store, "spring", 1);
  g_usleep (70 * 1000); /* so that ids differ in their first 12 digits */
  g_autofree char *b = add_dataset (fixture->store, "autumn", 1);
  g_autofree char *c = add_dataset (fixture->store, "autumn", 1);
  g_autofree char *by_name = vai_store_resolve (fixture->store, VAI_OBJECT_DATASET, "spring", &error);
  g_assert_cmpstr (by_name, ==, a);
  g_autofree char *beginning = g_strndup (a, 13);
  g_autofree char *by_beginning = vai_store_resolve (fixture->store, VAI_OBJECT_DATASET, beginning, &error);
  g_assert_cmpstr (by_beginning, ==, a);
  g_autofree char *too_short = g_strndup (a, 3);
  g_assert_null (vai_store_resolve (fixture->store, VAI_OBJECT_DATASET, too_short, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_autofree char *by_id = vai_store_resolve (fixture->store, VAI_OBJECT_DATASET, b, &error);
  g_assert_cmpstr (by_id, ==, b);
  g_assert_null (vai_store_resolve (fixture->store, VAI_OBJECT_DATASET, "autumn", &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_USAGE);
  g_clear_error (&error);
  g_assert_null (vai_store_resolve (fixture->store, VAI_OBJECT_MODEL, "100 %s", &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "“100 %s”"));
}

static void
test_trash (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dataset = add_dataset (fixture->store, "quotes", 70000);
  g_autofree char *model = add_model (fixture->store, "m", dataset);
  g_autofree char *prediction = add_prediction (fixture->store, model, "Q", NULL);
  g_assert_true (vai_store_set_deleted (fixture->store, VAI_OBJECT_DATASET, dataset, TRUE, &error));
  g_assert_cmpuint (count (vai_store_list_datasets (fixture->store, FALSE, &error)), ==, 0);
  g_assert_cmpuint (count (vai_store_list_datasets (fixture->store, TRUE, &error)), ==, 1);
  g_assert_true (vai_store_set_deleted (fixture->store, VAI_OBJECT_DATASET, dataset, FALSE, &error));
  g_assert_cmpuint (count (vai_store_list_datasets (fixture->store, FALSE, &error)), ==, 1);
  /* What is not in the trash is not purged. */
  g_assert_cmpint (vai_store_purge (fixture->store, VAI_OBJECT_DATASET, NULL, G_MAXINT64, &error), ==, 0);
  g_assert_true (vai_store_set_deleted (fixture->store, VAI_OBJECT_DATASET, dataset, TRUE, &error));
  g_autoptr (VaiDatasetRow) thrown = vai_store_get_dataset (fixture->store, dataset, &error);
  g_assert_cmpint (thrown->deleted_at, >=, thrown->created_at);
  g_assert_cmpint (vai_store_purge (fixture->store, VAI_OBJECT_DATASET, dataset, thrown->deleted_at, &error), ==, 0);
  g_assert_cmpint (vai_store_purge (fixture->store, VAI_OBJECT_DATASET, "another", G_MAXINT64, &error), ==, 0);
  g_assert_cmpint (vai_store_purge (fixture->store, VAI_OBJECT_DATASET, dataset, G_MAXINT64, &error), ==, 1);
  g_assert_no_error (error);
  g_autoptr (VaiModelRow) row = vai_store_get_model (fixture->store, model, &error);
  g_assert_null (row->dataset_id);
  g_assert_true (vai_store_set_deleted (fixture->store, VAI_OBJECT_MODEL, model, TRUE, &error));
  g_assert_cmpint (vai_store_purge (fixture->store, VAI_OBJECT_MODEL, NULL, G_MAXINT64, &error), ==, 1);
  g_assert_null (vai_store_get_prediction (fixture->store, prediction, NULL));
  g_autoptr (GPtrArray) problems = vai_store_check (fixture->store, NULL, NULL, &error);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_false (vai_store_set_deleted (fixture->store, VAI_OBJECT_MODEL, model, TRUE, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND);
  /* The place on the disk is given back. */
  g_clear_object (&fixture->store);
  GStatBuf info;
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_size, <, 1000 * 1000);
}

static void
test_annotate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dataset = add_dataset (fixture->store, "quotes", 5);
  VaiStore *store = fixture->store;
  g_assert_true (vai_store_annotate (store, VAI_OBJECT_DATASET, dataset, "named", "a note", NULL, "folder", &error));
  g_assert_true (vai_store_annotate (store, VAI_OBJECT_DATASET, dataset, NULL, NULL, "[\"a\"]", NULL, &error));
  g_autoptr (VaiDatasetRow) row = vai_store_get_dataset (store, dataset, &error);
  g_assert_cmpstr (row->name, ==, "named");
  g_assert_cmpstr (row->notes, ==, "a note");
  g_assert_cmpstr (row->tags, ==, "[\"a\"]");
  g_assert_cmpstr (row->folder, ==, "folder");
  g_assert_false (vai_store_annotate (store, VAI_OBJECT_REPORT, dataset, "x", NULL, NULL, NULL, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_autofree char *model = add_model (store, "m", NULL);
  g_autofree char *prediction = add_prediction (store, model, "Q", NULL);
  g_assert_true (
      vai_store_annotate (store, VAI_OBJECT_PREDICTION, prediction, NULL, "called back", NULL, NULL, &error));
}

static void
test_threshold (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *model = add_model (fixture->store, "m", NULL);
  g_assert_true (vai_store_set_threshold (fixture->store, model, 0.37, &error));
  g_autoptr (VaiModelRow) row = vai_store_get_model (fixture->store, model, &error);
  g_assert_cmpfloat (row->threshold, ==, 0.37);
  g_assert_cmpstr (row->name, ==, "m");
  g_assert_false (vai_store_set_threshold (fixture->store, "nowhere", 0.5, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND);
}

static void
test_report (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *model = add_model (fixture->store, "m", NULL);
  g_autoptr (VaiReportRow) row = vai_row_new (&vai_report_row_kind);
  row->title = g_strdup ("A year of quotes");
  row->content = g_strdup ("{\"pages\":[]}");
  row->model_id = g_strdup ("nowhere");
  g_assert_false (vai_store_add_report (fixture->store, row, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_FAILED);
  g_clear_error (&error);
  g_free (row->model_id);
  row->model_id = g_strdup (model);
  g_assert_true (vai_store_add_report (fixture->store, row, &error));
  g_assert_cmpuint (count (vai_store_list_reports (fixture->store, NULL, FALSE, &error)), ==, 1);
  g_assert_cmpuint (count (vai_store_list_reports (fixture->store, model, FALSE, &error)), ==, 1);
  g_assert_cmpuint (count (vai_store_list_reports (fixture->store, model, TRUE, &error)), ==, 0);
  g_autoptr (VaiReportRow) found = vai_store_get_report (fixture->store, row->id, &error);
  g_assert_cmpstr (found->content, ==, "{\"pages\":[]}");
}

static void
test_job (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiJobRow) row = vai_row_new (&vai_job_row_kind);
  row->kind = g_strdup ("train");
  row->parameters = g_strdup ("{\"path\":\"quotes.csv\"}");
  g_assert_true (vai_store_start_job (fixture->store, row, &error));
  g_assert_true (vai_store_update_job (fixture->store, row->id, 0.5, "half", &error));
  reopen (fixture);
  g_autoptr (GPtrArray) running = vai_store_list_jobs (fixture->store, "running", &error);
  g_assert_cmpuint (running->len, ==, 1); /* its process, this one, is alive */
  const VaiJobRow *found = g_ptr_array_index (running, 0);
  g_assert_cmpfloat (found->fraction, ==, 0.5);
  g_assert_cmpstr (found->message, ==, "half");
  g_assert_true (vai_store_end_job (fixture->store, row->id, "subject", "done", NULL, &error));
  g_assert_cmpuint (count (vai_store_list_jobs (fixture->store, "running", &error)), ==, 0);
  g_autoptr (GPtrArray) done = vai_store_list_jobs (fixture->store, NULL, &error);
  found = g_ptr_array_index (done, 0);
  g_assert_cmpfloat (found->fraction, ==, 1);
  g_assert_cmpstr (found->subject_id, ==, "subject");
  /* A late word of its progress changes nothing, nor does an end that names no subject. */
  g_assert_true (vai_store_update_job (fixture->store, row->id, 0.6, "late", &error));
  g_assert_true (vai_store_end_job (fixture->store, row->id, NULL, "done", NULL, &error));
  g_autoptr (GPtrArray) later = vai_store_list_jobs (fixture->store, NULL, &error);
  found = g_ptr_array_index (later, 0);
  g_assert_cmpfloat (found->fraction, ==, 1);
  g_assert_cmpstr (found->message, ==, "half");
  g_assert_cmpstr (found->subject_id, ==, "subject");
  g_assert_cmpint (found->ended_at, >=, found->started_at);
  g_assert_true (vai_store_forget_job (fixture->store, row->id, &error));
  g_assert_cmpuint (count (vai_store_list_jobs (fixture->store, NULL, &error)), ==, 0);
  g_assert_no_error (error);
}

/* A transaction that fails halfway takes everything with it, inner calls too. */
static gboolean
add_and_fail (VaiStore *store, gpointer data, GError **error)
{
  g_autofree char *id = add_dataset (store, "half", 10);
  g_autofree char *model = add_model (store, "half", id);
  g_set_error_literal (error, VAI_ERROR, VAI_ERROR_CANCELLED, "stopped");
  return FALSE;
}

static void
test_transaction (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (vai_store_transaction (fixture->store, add_and_fail, NULL, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_CANCELLED);
  g_assert_cmpuint (count (vai_store_list_datasets (fixture->store, FALSE, NULL)), ==, 0);
  g_assert_cmpuint (count (vai_store_list_models (fixture->store, NULL, FALSE, NULL)), ==, 0);
}

static gboolean
list_async (VaiStore *store, gpointer data, GError **error)
{
  GPtrArray **rows = data;
  g_assert_cmpstr (vai_store_get_path (store), !=, NULL);
  *rows = vai_store_list_datasets (store, FALSE, error);
  return *rows != NULL;
}

static void
free_rows (gpointer data)
{
  GPtrArray **rows = data;
  g_clear_pointer (rows, g_ptr_array_unref);
  g_free (rows);
}

typedef struct
{
  GMainLoop *loop;
  GError *error;
  guint n;
} Answer;

static void
ran (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;
  GPtrArray **rows = vai_store_run_finish (VAI_STORE (object), result, &answer->error);
  answer->n = rows != NULL ? (*rows)->len : 0;
  g_main_loop_quit (answer->loop);
}

static void
test_async (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *id = add_dataset (fixture->store, "quotes", 5);
  Answer answer = { loop };
  vai_store_run_async (fixture->store, list_async, g_new0 (GPtrArray *, 1), free_rows, NULL, ran, &answer);
  g_main_loop_run (loop);
  g_assert_no_error (answer.error);
  g_assert_cmpuint (answer.n, ==, 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  vai_store_run_async (fixture->store, list_async, g_new0 (GPtrArray *, 1), free_rows, cancellable, ran, &answer);
  g_main_loop_run (loop);
  g_assert_error (answer.error, VAI_ERROR, VAI_ERROR_CANCELLED);
  g_clear_error (&answer.error);
  /* The last reference may go while a call is under way. */
  vai_store_run_async (fixture->store, list_async, g_new0 (GPtrArray *, 1), free_rows, NULL, ran, &answer);
  g_clear_object (&fixture->store);
  g_main_loop_run (loop);
  g_assert_cmpuint (answer.n, ==, 1);
}

static gpointer
add_many (gpointer data)
{
  for (guint i = 0; i < 20; i++)
    g_free (add_dataset (data, "from a thread", 100));
  return NULL;
}

static void
test_threads (Fixture *fixture, gconstpointer data)
{
  GThread *threads[4];
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("caller", add_many, fixture->store);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (count (vai_store_list_datasets (fixture->store, FALSE, NULL)), ==, 80);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/store/objects/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("model", test_model);
  ADD ("predictions", test_predictions);
  ADD ("outcome", test_outcome);
  ADD ("resolve", test_resolve);
  ADD ("trash", test_trash);
  ADD ("annotate", test_annotate);
  ADD ("threshold", test_threshold);
  ADD ("report", test_report);
  ADD ("job", test_job);
  ADD ("transaction", test_transaction);
  ADD ("async", test_async);
  ADD ("threads", test_threads);
  return g_test_run ();
}
