/* Receipts of saved scores: of a score as it was, and of one that was tampered with. */
#include "vai-job-import.h"
#include "vai-job-score.h"
#include "vai-job-train.h"
#include "vai-receipt.h"
#include "vai-score-row.h"
#include "vai-scorer.h"

#include <glib/gstdio.h>
#include <string.h>

/* 80 decided quotes, every second one won, opened a day apart. */
#define N_DECIDED 80

typedef struct
{
  char *folder, *quotes, *path;
  VaiStore *store;
} Fixture;

static void
write_quotes (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new ("Quote number,Opened on,Sector,Price,Outcome\n");
  g_autoptr (GDateTime) day = g_date_time_new_utc (2026, 1, 1, 0, 0, 0);

  for (guint i = 0; i < N_DECIDED; i++)
    {
      g_autoptr (GDateTime) opened = g_date_time_add_days (day, (int) i);
      g_autofree char *date = g_date_time_format (opened, "%Y-%m-%d");
      g_string_append_printf (text, "Q-%04u,%s,%s,%u,%s\n", i, date, i % 3 == 0 ? "Food" : "Water", 1000 + i,
                              i % 2 == 0 ? "Won" : "Lost");
    }
  g_assert_true (g_file_set_contents (path, text->str, (gssize) text->len, &error));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("vai-receipt-XXXXXX", NULL);
  fixture->quotes = g_build_filename (fixture->folder, "quotes.csv", NULL);
  fixture->path = g_build_filename (fixture->folder, "w.vaiw", NULL);
  write_quotes (fixture->quotes);
  fixture->store = vai_store_open (fixture->path, VAI_STORE_CREATE, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  g_clear_object (&fixture->store);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
      g_remove (path);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->quotes);
  g_free (fixture->path);
}

static char *
import (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiJobImport) job = vai_job_import_new (fixture->store);

  vai_job_import_get_options (job)->path = g_strdup (fixture->quotes);
  vai_job_import_get_options (job)->outcome = g_strdup ("Outcome");
  vai_job_run (VAI_JOB (job), NULL, &error);
  g_assert_no_error (error);
  return g_strdup (vai_job_import_get_dataset_id (job));
}

static char *
train (Fixture *fixture, const char *dataset_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiJobTrain) job = vai_job_train_new (fixture->store);

  vai_job_train_get_quotes_options (job)->dataset_id = g_strdup (dataset_id);
  vai_job_train_get_options (job)->algorithm = VAI_ALGORITHM_LOGISTIC;
  vai_job_train_get_options (job)->effort = VAI_EFFORT_QUICK;
  vai_job_train_set_keep (job, TRUE);
  vai_job_run (VAI_JOB (job), NULL, &error);
  g_assert_no_error (error);
  return g_strdup (vai_job_train_get_model_id (job));
}

/* A score of the model as the desktop saves it. */
static VaiPredictionRow *
score (Fixture *fixture, const char *model_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = vai_store_load_model (fixture->store, model_id, &error);
  g_autoptr (VaiModel) model = vai_model_from_bytes (bytes, &error);
  g_assert_no_error (error);
  g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
  g_autoptr (VaiFrame) frame = vai_frame_new_empty (model->schema, 1);
  g_autofree double *contributions = g_new0 (double, frame->n_features + 1);
  VaiScore score;

  vai_frame_set_text (frame, 0, "Sector", "Food", NULL);
  vai_frame_set_text (frame, 0, "Price", "1042.5", NULL);
  g_assert_true (vai_scorer_score (scorer, frame, NULL, 1, 1, &score, contributions, NULL, &error));
  return vai_score_row_new (model_id, frame, &score, contributions, NULL, "Q-1", "EUR");
}

static void
add (Fixture *fixture, VaiPredictionRow *row, gboolean with_receipt)
{
  g_autoptr (GError) error = NULL;

  if (with_receipt)
    vai_receipt_write (fixture->store, row, &error);
  g_assert_no_error (error);
  vai_store_add_prediction (fixture->store, row, &error);
  g_assert_no_error (error);
}

static VaiReceiptCheck
verify (Fixture *fixture, const VaiPredictionRow *row)
{
  g_autoptr (GError) error = NULL;
  VaiReceiptCheck check;

  vai_receipt_verify (fixture->store, row->id, &check, &error);
  g_assert_no_error (error);
  return check;
}

/* What sha256sum says of @text. */
static char *
dup_hash (const char *text)
{
  g_autoptr (GSubprocess) process
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, "sha256sum", NULL);
  char *out = NULL;

  g_assert_true (g_subprocess_communicate_utf8 (process, text, NULL, &out, NULL, NULL));
  out[64] = '\0';
  return out;
}

static void
test_same (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = import (fixture), *model_id = train (fixture, id);
  g_autoptr (VaiPredictionRow) row = score (fixture, model_id), plain = score (fixture, model_id);

  add (fixture, row, TRUE);
  add (fixture, plain, FALSE);
  g_autofree char *hash = dup_hash (row->inputs);
  g_assert_nonnull (strstr (row->notes, hash));
  VaiReceiptCheck check = verify (fixture, row);
  g_assert_cmpint (check.finding, ==, VAI_RECEIPT_SAME);
  g_assert_cmpfloat (check.said, ==, row->win_probability);
  g_assert_cmpfloat (check.now, ==, row->win_probability);
  g_assert_cmpint (verify (fixture, plain).finding, ==, VAI_RECEIPT_SAME_UNSIGNED);
}

/* A row whose inputs, chance, or receipt is not what it was. */
static void
test_tampered (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = import (fixture), *model_id = train (fixture, id);
  g_autoptr (VaiPredictionRow) inputs = score (fixture, model_id), chance = score (fixture, model_id);
  g_autoptr (VaiPredictionRow) model = score (fixture, model_id);

  vai_receipt_write (fixture->store, inputs, NULL);
  g_free (inputs->inputs);
  inputs->inputs = g_strdup ("{\"Sector\":\"Food\",\"Price\":\"1043\"}");
  add (fixture, inputs, FALSE);
  g_assert_cmpint (verify (fixture, inputs).finding, ==, VAI_RECEIPT_INPUTS_CHANGED);
  vai_receipt_write (fixture->store, chance, NULL);
  chance->win_probability += 0.01;
  add (fixture, chance, FALSE);
  g_assert_cmpint (verify (fixture, chance).finding, ==, VAI_RECEIPT_DIFFERS);
  vai_receipt_write (fixture->store, model, NULL);
  char *name = strstr (model->notes, "\"model\":\"") + strlen ("\"model\":\"");
  *name = *name == '0' ? '1' : '0';
  add (fixture, model, FALSE);
  g_assert_cmpint (verify (fixture, model).finding, ==, VAI_RECEIPT_MODEL_CHANGED);
}

/* Each of many scores of a file or dataset can be verified as if it had been saved alone. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = import (fixture), *model_id = train (fixture, id);
  g_autoptr (VaiJobScore) job = vai_job_score_new (fixture->store);
  VaiScoreOptions *options = vai_job_score_get_options (job);

  options->model_id = g_strdup (model_id);
  options->path = g_strdup (fixture->quotes);
  options->keep = TRUE;
  vai_job_run (VAI_JOB (job), NULL, &error);
  g_assert_no_error (error);
  VaiPredictionQuery query = { .model_id = model_id };
  g_autoptr (GPtrArray) rows = vai_store_list_predictions (fixture->store, &query, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, N_DECIDED);
  for (guint i = 0; i < rows->len; i++)
    g_assert_cmpint (verify (fixture, g_ptr_array_index (rows, i)).finding, ==, VAI_RECEIPT_SAME);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/receipt/same", Fixture, NULL, set_up, test_same, tear_down);
  g_test_add ("/receipt/tampered", Fixture, NULL, set_up, test_tampered, tear_down);
  g_test_add ("/receipt/many", Fixture, NULL, set_up, test_many, tear_down);
  return g_test_run ();
}
