/* Receipts of saved scores: of a score as it was, and of one that was tampered with. */
#include "quotes-fixture.h"
#include "vai-job-score.h"
#include "vai-receipt.h"
#include "vai-score-row.h"
#include "vai-scorer.h"

#include <string.h>

/* A score of the model as the desktop saves it. */
static VaiPredictionRow *
score (QuotesFixture *fixture, const char *model_id)
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
add (QuotesFixture *fixture, VaiPredictionRow *row, gboolean with_receipt)
{
  g_autoptr (GError) error = NULL;

  if (with_receipt)
    vai_receipt_write (fixture->store, row, &error);
  g_assert_no_error (error);
  vai_store_add_prediction (fixture->store, row, &error);
  g_assert_no_error (error);
}

static VaiReceiptCheck
verify (QuotesFixture *fixture, const VaiPredictionRow *row)
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
test_same (QuotesFixture *fixture, gconstpointer data)
{
  g_autofree char *id = quotes_fixture_import (fixture), *model_id = quotes_fixture_train (fixture, id);
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
test_tampered (QuotesFixture *fixture, gconstpointer data)
{
  g_autofree char *id = quotes_fixture_import (fixture), *model_id = quotes_fixture_train (fixture, id);
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
test_many (QuotesFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = quotes_fixture_import (fixture), *model_id = quotes_fixture_train (fixture, id);
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
  g_assert_cmpuint (rows->len, ==, N_DECIDED + N_OPEN);
  for (guint i = 0; i < rows->len; i++)
    g_assert_cmpint (verify (fixture, g_ptr_array_index (rows, i)).finding, ==, VAI_RECEIPT_SAME);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test)                                                                                                \
  g_test_add ("/receipt/" name, QuotesFixture, NULL, quotes_fixture_set_up, test, quotes_fixture_tear_down)
  ADD ("same", test_same);
  ADD ("tampered", test_tampered);
  ADD ("many", test_many);
  return g_test_run ();
}
