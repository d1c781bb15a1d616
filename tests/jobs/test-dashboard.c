/* The dashboard on a handful of quotes that can be added up by hand. */
#include "quotes-fixture.h"
#include "vai-dashboard.h"
#include "vai-job-score.h"
#include "vai-scorer.h"

#include <math.h>

static VaiDashboard *
load (QuotesFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  VaiDashboard *dashboard = vai_dashboard_load (fixture->store, NULL, &error);

  g_assert_no_error (error);
  return dashboard;
}

static void
test_empty (QuotesFixture *fixture, gconstpointer data)
{
  g_autoptr (VaiDashboard) dashboard = load (fixture);

  g_assert_null (dashboard->dataset_id);
  g_assert_null (dashboard->model);
  g_assert_cmpuint (dashboard->open->len, ==, 0);
}

/* Without a model a quote is worth its amount times the average; a quote without an amount comes last. */
static void
test_unscored (QuotesFixture *fixture, gconstpointer data)
{
  g_autofree char *id = quotes_fixture_import (fixture);
  g_autoptr (VaiDashboard) dashboard = load (fixture);
  const VaiOpenQuote *first = g_ptr_array_index (dashboard->open, 0), *last = g_ptr_array_index (dashboard->open, 2);

  g_assert_cmpstr (dashboard->dataset_id, ==, id);
  g_assert_cmpuint (dashboard->n_open_total, ==, 3);
  g_assert_cmpuint (dashboard->open->len, ==, 3);
  g_assert_cmpstr (first->ref, ==, "Q-9003");
  g_assert_cmpstr (last->ref, ==, "Q-9002");
  g_assert_false (first->scored);
  g_assert_cmpfloat (dashboard->worth, ==, 40000);
  g_assert_cmpfloat (dashboard->expected, ==, 20000);
  /* sqrt (10000² + 30000²) / 2 × 1.6449 = 26008: beyond nothing and beyond all. */
  g_assert_cmpfloat (dashboard->expected_low, ==, 0);
  g_assert_cmpfloat (dashboard->expected_high, ==, 40000);
  g_assert_true (dashboard->twelve_months);
  g_assert_cmpuint (dashboard->n_decided, ==, N_DECIDED);
  g_assert_cmpuint (dashboard->n_won, ==, N_DECIDED / 2);
  /* scipy.stats.binomtest (40, 80).proportion_ci (method = "wilson") */
  g_assert_cmpfloat_with_epsilon (dashboard->win_rate_low, 0.3929741509, 1e-9);
  g_assert_cmpfloat_with_epsilon (dashboard->win_rate_high, 0.6070258491, 1e-9);
}

/* Open rows are scored by the newest model of their dataset; the sum is that of the parts. */
static void
test_scored (QuotesFixture *fixture, gconstpointer data)
{
  g_autofree char *id = quotes_fixture_import (fixture), *model_id = quotes_fixture_train (fixture, id);
  g_autoptr (VaiDashboard) dashboard = load (fixture);
  double sum = 0;

  g_assert_cmpstr (dashboard->model_id, ==, model_id);
  for (guint i = 0; i < dashboard->open->len; i++)
    {
      const VaiOpenQuote *quote = g_ptr_array_index (dashboard->open, i);
      g_assert_true (quote->scored);
      g_assert_cmpfloat (quote->low, <=, quote->win_probability);
      g_assert_cmpfloat (quote->win_probability, <=, quote->high);
      if (isfinite (quote->amount))
        sum += quote->amount * quote->win_probability;
    }
  g_assert_cmpfloat_with_epsilon (dashboard->expected, sum, 1e-6);
  g_assert_false (dashboard->newer_data);
}

/* What was given as much as a person asked for is counted, not what has half a chance. */
static void
test_threshold (QuotesFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = quotes_fixture_import (fixture), *model_id = quotes_fixture_train (fixture, id);
  g_autoptr (VaiDashboard) before = load (fixture);
  const VaiReference *past = &before->model->reference;
  const double threshold = 0.75;
  guint n = 0, n_won = 0;

  g_assert_cmpfloat (before->called.threshold, ==, 0.5);
  g_assert_true (vai_store_set_threshold (fixture->store, model_id, threshold, &error));
  g_autoptr (VaiDashboard) after = load (fixture);
  for (guint i = 0; i < past->frame->n_rows; i++)
    if ((past->tested == NULL || past->tested[i]) && past->probability[i] >= threshold)
      {
        n++;
        n_won += past->won[i] != 0;
      }
  g_assert_cmpfloat (after->called.threshold, ==, threshold);
  g_assert_cmpfloat_with_epsilon (after->called.value[VAI_METRIC_PRECISION], n > 0 ? (double) n_won / n : 0, 1e-12);
  g_assert_cmpfloat (after->called.value[VAI_METRIC_PRECISION], !=, before->called.value[VAI_METRIC_PRECISION]);
}

static void
add_currency_to_header (QuotesFixture *fixture, const char *price)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (fixture->quotes, &text, NULL, &error));
  g_auto (GStrv) parts = g_strsplit (text, ",Price,", 2);
  g_autofree char *changed = g_strjoinv (price, parts);
  g_assert_true (g_file_set_contents (fixture->quotes, changed, -1, &error));
}

/* Amounts have the currency that the file says; of two currencies there is no sum. */
static void
test_currency (QuotesFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *silent = quotes_fixture_import (fixture);
  g_autoptr (VaiDashboard) none = load (fixture);

  g_assert_null (none->currency);
  add_currency_to_header (fixture, ",Price (EUR),");
  g_autofree char *id = quotes_fixture_import (fixture), *model_id = quotes_fixture_train (fixture, id);
  g_autoptr (VaiDashboard) euro = load (fixture);
  g_assert_cmpstr (euro->dataset_id, ==, id);
  g_assert_cmpstr (euro->currency, ==, "EUR");
  /* Quotes of a file are in the money of what the model learnt from. */
  g_autoptr (VaiJobScore) job = vai_job_score_new (fixture->store);
  vai_job_score_get_options (job)->model_id = g_strdup (model_id);
  vai_job_score_get_options (job)->path = g_strdup (fixture->quotes);
  vai_job_score_get_options (job)->keep = TRUE;
  g_assert_true (vai_job_run (VAI_JOB (job), NULL, &error));
  g_autoptr (GPtrArray) scored
      = vai_store_list_predictions (fixture->store, &(VaiPredictionQuery){ .n_max = 1 }, &error);
  g_assert_cmpstr (((VaiPredictionRow *) scored->pdata[0])->currency, ==, "EUR");
  g_autoptr (VaiPredictionRow) row = vai_row_new (&vai_prediction_row_kind);
  row->model_id = g_strdup (model_id);
  row->quote_ref = g_strdup ("Q-USD");
  row->inputs = g_strdup ("{}");
  row->verdict = g_strdup ("too_close");
  row->confidence = 0.5;
  row->outcome = g_strdup ("none");
  row->win_probability = row->probability_low = row->probability_high = 0.5;
  row->total_price = 100000;
  row->currency = g_strdup ("USD");
  vai_store_add_prediction (fixture->store, row, &error);
  g_assert_no_error (error);
  g_autoptr (VaiDashboard) both = load (fixture);
  g_assert_cmpstr (both->currency, ==, "");
}

/* A newer model of another dataset says nothing of these quotes. */
static void
test_two_datasets (QuotesFixture *fixture, gconstpointer data)
{
  g_autofree char *older = quotes_fixture_import (fixture), *newer = quotes_fixture_import (fixture);
  g_autofree char *mine = quotes_fixture_train (fixture, newer), *other = quotes_fixture_train (fixture, older);
  g_autoptr (VaiDashboard) dashboard = load (fixture);

  g_assert_cmpstr (dashboard->dataset_id, ==, newer);
  g_assert_cmpstr (dashboard->model_id, ==, mine);
  g_assert_cmpstr (dashboard->model_id, !=, other);
}

/* Saved scores of quotes that the dataset has decided wait to be recorded, and are not open. */
static void
test_record (QuotesFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = quotes_fixture_import (fixture), *model_id = quotes_fixture_train (fixture, id);
  g_autoptr (VaiJobScore) job = vai_job_score_new (fixture->store);

  vai_job_score_get_options (job)->model_id = g_strdup (model_id);
  vai_job_score_get_options (job)->dataset_id = g_strdup (id);
  vai_job_score_get_options (job)->keep = TRUE;
  vai_job_run (VAI_JOB (job), NULL, &error);
  g_assert_no_error (error);
  g_autoptr (VaiDashboard) before = load (fixture);
  g_assert_cmpuint (before->n_decided_since, ==, N_DECIDED);
  g_assert_cmpuint (before->open->len, ==, 3);
  g_assert_cmpuint (before->n_open_total, ==, 3);
  g_autoptr (GArray) recorded = vai_dashboard_record_decided (fixture->store, id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (recorded->len, ==, N_DECIDED);
  g_autoptr (VaiDashboard) after = load (fixture);
  g_assert_cmpuint (after->n_decided_since, ==, 0);
  g_assert_cmpuint (after->health->n_outcomes, ==, N_DECIDED);
  g_assert_true (vai_store_put_back_outcomes (fixture->store, recorded, &error));
  g_autoptr (VaiDashboard) again = load (fixture);
  g_assert_cmpuint (again->n_decided_since, ==, N_DECIDED);
  g_assert_cmpuint (again->health->n_outcomes, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test)                                                                                                \
  g_test_add ("/dashboard/" name, QuotesFixture, NULL, quotes_fixture_set_up, test, quotes_fixture_tear_down)
  ADD ("empty", test_empty);
  ADD ("unscored", test_unscored);
  ADD ("scored", test_scored);
  ADD ("threshold", test_threshold);
  ADD ("currency", test_currency);
  ADD ("two-datasets", test_two_datasets);
  ADD ("record", test_record);
  return g_test_run ();
}
