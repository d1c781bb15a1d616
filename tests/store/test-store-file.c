/* The workspace as a file: of every format there ever was, of other programs, shared by processes, left by one that
 * died. */
#include "store-fixture.h"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

/* The format that this program writes: its text is in fixtures/workspace-FORMAT.sql too. */
#define NEWEST_FORMAT 2

#define N_PROCESSES 4

static void
make_from_text (const char *path, int format)
{
  g_autofree char *name = g_strdup_printf ("workspace-%d.sql", format);
  g_autofree char *text_path = g_test_build_filename (G_TEST_DIST, "fixtures", name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (text_path, &text, NULL, &error);
  g_assert_no_error (error);
  sqlite3 *handle = NULL;
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, text, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
}

/* What was put into every stored file: make_table (20), a model, a prediction of a quote that was won. */
static void
check_content (VaiStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) datasets = vai_store_list_datasets (store, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (datasets->len, ==, 1);
  const VaiDatasetRow *dataset = g_ptr_array_index (datasets, 0);
  g_assert_cmpstr (dataset->name, ==, "Quotes of old");
  g_autoptr (VaiTable) table = vai_store_load_table (store, dataset->id, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (VaiTable) expected = make_table (20);
  g_assert_cmpuint (table->columns->len, ==, expected->columns->len);
  for (guint c = 0; c < table->columns->len; c++)
    for (guint row = 0; row < 20; row++)
      {
        g_autofree char *a = vai_column_dup_text (vai_table_column (expected, c), row);
        g_autofree char *b = vai_column_dup_text (vai_table_column (table, c), row);
        g_assert_cmpstr (a, ==, b);
      }
  g_autoptr (GPtrArray) models = vai_store_list_models (store, dataset->id, FALSE, &error);
  g_assert_cmpuint (models->len, ==, 1);
  const VaiModelRow *model = g_ptr_array_index (models, 0);
  g_autoptr (GBytes) bytes = vai_store_load_model (store, model->id, &error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "a model is bytes", 16);
  VaiPredictionQuery won = { .quote_ref = "Q-1", .outcome = "won" };
  g_autoptr (GPtrArray) predictions = vai_store_list_predictions (store, &won, &error);
  g_assert_cmpuint (predictions->len, ==, 1);
  g_autoptr (GPtrArray) problems = vai_store_check (store, NULL, NULL, &error);
  g_assert_cmpuint (problems->len, ==, 0);
}

static void
test_formats (Fixture *fixture, gconstpointer data)
{
  for (int format = 1; format <= NEWEST_FORMAT; format++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = g_strdup_printf ("%s.%d", fixture->path, format);
      g_autofree char *backup = g_strdup_printf ("%s.v%d.backup", path, format);
      make_from_text (path, format);
      g_autoptr (VaiStore) store = vai_store_open (path, VAI_STORE_EXISTING, &error);
      g_assert_no_error (error);
      check_content (store);
      g_assert_cmpint (g_file_test (backup, G_FILE_TEST_EXISTS), ==, format < NEWEST_FORMAT);
    }
}

/* The stored text of the newest format is what a new file is: a change of the schema without a new step would show
 * here. */
static char *
dup_schema (const char *path)
{
  sqlite3 *handle = NULL;
  sqlite3_stmt *query = NULL;
  GString *schema = g_string_new (NULL);
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (
      sqlite3_prepare_v2 (handle, "SELECT sql FROM sqlite_schema WHERE sql NOT NULL ORDER BY name", -1, &query, NULL),
      ==, SQLITE_OK);
  while (sqlite3_step (query) == SQLITE_ROW)
    g_string_append_printf (schema, "%s\n", sqlite3_column_text (query, 0));
  sqlite3_finalize (query);
  sqlite3_close (handle);
  return g_string_free (schema, FALSE);
}

static void
test_schema (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_strconcat (fixture->path, ".stored", NULL);
  make_from_text (path, NEWEST_FORMAT);
  g_autofree char *stored = dup_schema (path);
  g_autofree char *made = dup_schema (fixture->path);
  g_assert_cmpstr (stored, ==, made);
}

static void
test_modes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *missing = g_strconcat (fixture->path, ".missing", NULL);
  g_assert_null (vai_store_open (missing, VAI_STORE_EXISTING, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (vai_store_open (fixture->folder, VAI_STORE_CREATE, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_READABLE);
  g_clear_error (&error);
  g_autofree char *dataset = add_dataset (fixture->store, "quotes", 10);
  g_autoptr (VaiStore) reader = vai_store_open (fixture->path, VAI_STORE_READ_ONLY, &error);
  g_autoptr (VaiTable) table = vai_store_load_table (reader, dataset, NULL, NULL, &error);
  g_assert_cmpuint (table->n_rows, ==, 10);
  g_assert_false (vai_store_set_deleted (reader, VAI_OBJECT_DATASET, dataset, TRUE, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE);
}

static void
test_backup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_strconcat (fixture->path, ".copy", NULL);
  g_autofree char *dataset = add_dataset (fixture->store, "quotes", 70000);
  g_assert_true (vai_store_backup (fixture->store, path, &error));
  g_assert_false (vai_store_backup (fixture->store, path, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE);
  g_clear_error (&error);
  g_autoptr (VaiStore) copy = vai_store_open (path, VAI_STORE_EXISTING, &error);
  g_autoptr (VaiTable) table = vai_store_load_table (copy, dataset, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (table->n_rows, ==, 70000);
}

/* In a process of its own; gives its id. It ends at once, without closing anything, as if it had been killed. */
static pid_t
start_process (const char *path, gboolean with_job)
{
  pid_t child = fork ();
  if (child != 0)
    return child;
  VaiStore *store = vai_store_open (path, VAI_STORE_CREATE, NULL);
  if (store == NULL)
    _exit (1);
  g_autofree char *id = add_dataset (store, "of a process", 1000);
  g_autoptr (VaiJobRow) row = vai_row_new (&vai_job_row_kind);
  row->kind = g_strdup ("train");
  row->parameters = g_strdup ("{\"path\":\"quotes.csv\"}");
  if (with_job && !vai_store_start_job (store, row, NULL))
    _exit (1);
  _exit (0);
}

static void
wait_for (pid_t child)
{
  int status;
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
}

static void
test_interrupted (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->store);
  wait_for (start_process (fixture->path, TRUE));
  fixture->store = open_store (fixture->path);
  g_autoptr (GPtrArray) jobs = vai_store_list_jobs (fixture->store, "interrupted", NULL);
  g_assert_cmpuint (jobs->len, ==, 1);
  const VaiJobRow *job = g_ptr_array_index (jobs, 0);
  g_assert_cmpstr (job->kind, ==, "train");
  g_assert_cmpstr (job->parameters, ==, "{\"path\":\"quotes.csv\"}");
  g_assert_cmpint (job->ended_at, >=, job->started_at);
  g_autoptr (GPtrArray) running = vai_store_list_jobs (fixture->store, "running", NULL);
  g_assert_cmpuint (running->len, ==, 0);
}

/* Several processes make and fill one new file at the same time: each takes its turn. */
static void
test_processes (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->store);
  g_autofree char *path = g_strconcat (fixture->path, ".new", NULL);
  pid_t children[N_PROCESSES];
  for (guint i = 0; i < N_PROCESSES; i++)
    children[i] = start_process (path, FALSE);
  for (guint i = 0; i < N_PROCESSES; i++)
    wait_for (children[i]);
  g_autoptr (VaiStore) store = open_store (path);
  g_autoptr (GPtrArray) datasets = vai_store_list_datasets (store, FALSE, NULL);
  g_assert_cmpuint (datasets->len, ==, N_PROCESSES);
}

static void
assert_same_file (const char *a, const char *b)
{
  g_autofree char *first = NULL, *second = NULL;
  gsize n_first, n_second;
  g_assert_true (g_file_get_contents (a, &first, &n_first, NULL));
  g_assert_true (g_file_get_contents (b, &second, &n_second, NULL));
  g_assert_cmpmem (first, n_first, second, n_second);
}

static gsize
count_datasets (const char *path)
{
  g_autoptr (VaiStore) store = open_store (path);
  g_autoptr (GPtrArray) datasets = vai_store_list_datasets (store, FALSE, NULL);
  return datasets->len;
}

/* A copy that still has a log of its own comes into the place of a broken file, which is kept to the byte. */
static void
test_restore (Fixture *fixture, gconstpointer data)
{
  g_autofree char *copy = g_strconcat (fixture->path, ".copy", NULL), *twin = g_strconcat (copy, ".twin", NULL);
  g_autofree char *log = g_strconcat (copy, "-wal", NULL), *lost = g_strconcat (fixture->path, ".none", NULL);
  g_autofree char *aside = NULL, *again = NULL;
  g_autoptr (GError) error = NULL;
  g_clear_object (&fixture->store);
  /* Killed before its log went into the file. */
  wait_for (start_process (copy, FALSE));
  g_assert_true (g_file_test (log, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_set_contents (fixture->path, "broken", -1, NULL));
  g_assert_true (g_file_set_contents (twin, "broken", -1, NULL));
  /* What cannot be opened is not put in place, and changes nothing. */
  g_assert_false (vai_store_restore (twin, fixture->path, NULL, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_FOREIGN);
  g_clear_error (&error);
  g_assert_false (vai_store_restore (lost, fixture->path, NULL, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND);
  g_clear_error (&error);
  assert_same_file (fixture->path, twin);
  g_assert_true (vai_store_restore (copy, fixture->path, &aside, &error));
  g_assert_no_error (error);
  assert_same_file (aside, twin);
  g_assert_cmpuint (count_datasets (fixture->path), ==, 1);
  g_assert_cmpuint (count_datasets (copy), ==, 1);
  /* A file is no copy of itself. */
  g_assert_false (vai_store_restore (fixture->path, fixture->path, NULL, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_USAGE);
  g_assert_true (vai_store_put_aside (fixture->path, &again, NULL));
  g_assert_cmpuint (count_datasets (again), ==, 1);
  g_assert_cmpuint (count_datasets (fixture->path), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/store/file/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("formats", test_formats);
  ADD ("schema", test_schema);
  ADD ("modes", test_modes);
  ADD ("backup", test_backup);
  ADD ("restore", test_restore);
  ADD ("interrupted", test_interrupted);
  ADD ("processes", test_processes);
  return g_test_run ();
}
