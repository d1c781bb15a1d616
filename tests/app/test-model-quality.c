#include "hand-model.h"
#include "vai-model-quality.h"
#include "vai-time.h"

#include <math.h>
#include <stdlib.h>

#define N 900

/* What is looked up is what a pass over the quotes counts. */
static void
test_count (void)
{
  g_autoptr (VaiModel) model = hand_model_new (N, 3);
  g_autoptr (VaiModelQuality) quality = vai_model_quality_new (model, 0.5, NULL);
  const VaiReference *past = &model->reference;
  for (guint percent = 0; percent <= 100; percent++)
    {
      VaiCalls calls = vai_model_quality_count (quality, percent / 100.0);
      gsize found = 0, false_hope = 0, won = 0;
      for (guint i = 0; i < N; i++)
        {
          gboolean called = past->probability[i] >= percent / 100.0;
          won += past->won[i];
          found += called && past->won[i];
          false_hope += called && !past->won[i];
        }
      g_assert_cmpuint (calls.found, ==, found);
      g_assert_cmpuint (calls.missed, ==, won - found);
      g_assert_cmpuint (calls.false_hope, ==, false_hope);
      g_assert_cmpuint (calls.rightly_left, ==, N - won - false_hope);
    }
}

/* Quotes that a walk-forward test never saw count nowhere. */
static void
test_untested (void)
{
  g_autoptr (VaiModel) model = hand_model_new (N, 4);
  model->reference.tested = g_new0 (guint8, N);
  for (guint i = N / 3; i < N; i++)
    model->reference.tested[i] = 1;
  g_autoptr (VaiModelQuality) quality = vai_model_quality_new (model, 0.4, NULL);
  VaiCalls calls = vai_model_quality_count (quality, 0.4);
  const VaiMetrics *metrics = vai_model_quality_get_metrics (quality);
  g_assert_cmpuint (calls.found + calls.missed + calls.false_hope + calls.rightly_left, ==, N - N / 3);
  g_assert_cmpfloat_with_epsilon (metrics->value[VAI_METRIC_PRECISION],
                                  (double) calls.found / (calls.found + calls.false_hope), 1e-12);
  g_assert_cmpfloat_with_epsilon (metrics->value[VAI_METRIC_RECALL],
                                  (double) calls.found / (calls.found + calls.missed), 1e-12);
  g_assert_cmpfloat (metrics->low[VAI_METRIC_RECALL], <, metrics->value[VAI_METRIC_RECALL]);
  g_assert_cmpfloat (metrics->high[VAI_METRIC_RECALL], >, metrics->value[VAI_METRIC_RECALL]);
}

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer model)
{
  const double *probability = ((VaiModel *) model)->reference.probability;
  double x = probability[*(const guint *) a], y = probability[*(const guint *) b];
  return x > y ? -1 : x < y;
}

/* The last 92 days, best score first: revenue kept in the first 40 %. */
static void
test_replay (void)
{
  g_autoptr (VaiModel) model = hand_model_new (N, 5);
  VaiReference *past = &model->reference;
  past->opened = g_new (gint64, N);
  g_autoptr (GArray) quarter = g_array_new (FALSE, FALSE, sizeof (guint));
  double won = 0, kept = 0;
  for (guint i = 0; i < N; i++)
    {
      past->opened[i] = (gint64) i * VAI_SECONDS_PER_DAY;
      if (i + 92 >= N)
        g_array_append_val (quarter, i);
    }
  g_array_sort_with_data (quarter, compare_rows, model);
  for (guint k = 0; k < quarter->len; k++)
    {
      guint row = g_array_index (quarter, guint, k);
      double price = past->won[row] ? past->frame->columns[HAND_PRICE].numbers[row] : 0;
      won += price;
      kept += k < (guint) lround (0.4 * quarter->len) ? price : 0;
    }
  g_autoptr (VaiModelQuality) quality = vai_model_quality_new (model, 0.5, NULL);
  const VaiReplay *replay = vai_model_quality_get_replay (quality);
  g_assert_cmpuint (replay->n, ==, quarter->len);
  g_assert_true (replay->in_money);
  g_assert_cmpfloat_with_epsilon (replay->won, won, 1e-6);
  g_assert_cmpfloat_with_epsilon (replay->kept_won, kept, 1e-6);
}

/* The best of all whole percents, to the rounding. */
static void
test_best_f1 (void)
{
  g_autoptr (VaiModel) model = hand_model_new (N, 6);
  g_autoptr (VaiModelQuality) quality = vai_model_quality_new (model, 0.5, NULL);
  double best = 0, chosen = 0;
  for (guint percent = 0; percent <= 100; percent++)
    {
      VaiCalls calls = vai_model_quality_count (quality, percent / 100.0);
      double f1 = 2.0 * calls.found / (2.0 * calls.found + calls.false_hope + calls.missed);
      best = MAX (best, f1);
      if (percent == (guint) lround (100 * vai_model_quality_get_best_f1 (quality)))
        chosen = f1;
    }
  g_assert_cmpfloat (chosen, >, best - 0.02);
}

/* A move of the threshold on as many quotes as a model keeps: no pass over them, printed for who wants to know. */
static void
test_move (void)
{
  g_autoptr (VaiModel) model = hand_model_new (VAI_REFERENCE_ROWS_MAX, 7);
  g_autoptr (VaiModelQuality) quality = vai_model_quality_new (model, 0.5, NULL);
  gint64 before = g_get_monotonic_time ();
  for (guint percent = 0; percent <= 100; percent++)
    {
      g_autoptr (VaiChart) roc = vai_model_quality_roc (quality, percent / 100.0);
      g_autoptr (VaiChart) gain = vai_model_quality_gain (quality, percent / 100.0);
      g_autoptr (VaiChart) precision_recall = vai_model_quality_precision_recall (quality, percent / 100.0);
      g_autoptr (VaiChart) confusion = vai_model_quality_confusion (quality, percent / 100.0);
      g_assert_cmpuint (vai_chart_get_n_rows (confusion), ==, 4);
      g_assert_cmpuint (vai_chart_get_n_rows (roc), >, 10);
      g_assert_cmpuint (vai_chart_get_n_rows (gain), >, 10);
      g_assert_cmpuint (vai_chart_get_n_rows (precision_recall), >, 10);
    }
  g_test_message ("four charts in %.2f ms", (g_get_monotonic_time () - before) / 101e3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model-quality/count", test_count);
  g_test_add_func ("/model-quality/untested", test_untested);
  g_test_add_func ("/model-quality/replay", test_replay);
  g_test_add_func ("/model-quality/best-f1", test_best_f1);
  g_test_add_func ("/model-quality/move", test_move);
  return g_test_run ();
}
