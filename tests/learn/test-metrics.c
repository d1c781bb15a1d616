#include "vai-metrics.h"
#include "vai-random.h"

#include "truth.h"

#include <math.h>

#define N_CASES 60

typedef struct
{
  gsize n;
  double threshold;
  guint8 *won;
  double *p;
} Case;

static void
case_clear (Case *self)
{
  g_free (self->won);
  g_free (self->p);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Case, case_clear)

/* Cases differ in size (from 1 row), ties, extremes of probability and balance (from no won row to all won). */
static void
case_make (Case *self, guint index)
{
  static const gsize sizes[] = { 1, 2, 3, 9, 10, 11, 25, 100, 999, 3000 };
  VaiRandom random;
  vai_random_init (&random, 42, index);
  self->n = sizes[index % G_N_ELEMENTS (sizes)];
  self->threshold = index % 3 == 0 ? 0.5 : vai_random_uniform (&random);
  self->won = g_new (guint8, self->n);
  self->p = g_new (double, self->n);
  double rate = index % 7 == 0 ? 0 : index % 7 == 1 ? 1 : vai_random_uniform (&random);
  for (gsize i = 0; i < self->n; i++)
    {
      self->won[i] = vai_random_uniform (&random) < rate;
      double margin = (self->won[i] - 0.5) * 2 + vai_random_normal (&random) * (index % 5 == 0 ? 30 : 2);
      self->p[i] = 1 / (1 + exp (-margin));
      if (index % 4 == 1)
        self->p[i] = round (self->p[i] * 8) / 8;
      if (index % 4 == 2)
        self->p[i] = 0.3;
    }
}

static void
add_case (GArray *input, const Case *data)
{
  truth_add (input, data->n);
  truth_add (input, data->threshold);
  for (gsize i = 0; i < data->n; i++)
    truth_add (input, data->won[i]);
  for (gsize i = 0; i < data->n; i++)
    truth_add (input, data->p[i]);
}

static void
assert_near (double value, double truth, double tolerance)
{
  if (isnan (truth))
    g_assert_true (isnan (value));
  else
    g_assert_cmpfloat_with_epsilon (value, truth, tolerance);
}

static void
test_scikit_learn (void)
{
  g_autoptr (GArray) input = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint c = 0; c < N_CASES; c++)
    {
      g_auto (Case) data = { 0 };
      case_make (&data, c);
      add_case (input, &data);
    }
  g_autoptr (GArray) truth = truth_ask ("metrics", input);
  g_assert_cmpuint (truth->len, ==, N_CASES * VAI_N_METRICS);
  for (guint c = 0; c < N_CASES; c++)
    {
      g_auto (Case) data = { 0 };
      case_make (&data, c);
      VaiMetrics metrics;
      vai_metrics_compute (&metrics, data.won, data.p, data.n, data.threshold);
      g_assert_cmpuint (metrics.n, ==, data.n);
      assert_near (vai_metrics_auc (data.won, data.p, data.n),
                   truth_get (truth, c * VAI_N_METRICS + VAI_METRIC_AUC_ROC), 1e-9);
      for (guint m = 0; m < VAI_N_METRICS; m++)
        {
          g_test_message ("case %u %s: %.12g", c, vai_metric_name (m), metrics.value[m]);
          assert_near (metrics.value[m], truth_get (truth, c * VAI_N_METRICS + m), 1e-9);
          g_assert_true (isnan (metrics.low[m]));
        }
    }
}

static guint
check_curve (const GArray *truth, guint at, GArray *x, GArray *y)
{
  guint n = truth_get (truth, at);
  g_assert_cmpuint (x->len, ==, n);
  g_assert_cmpuint (y->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      assert_near (truth_get (x, i), truth_get (truth, at + 1 + i), 1e-12);
      assert_near (truth_get (y, i), truth_get (truth, at + 1 + n + i), 1e-12);
    }
  return at + 1 + 2 * n;
}

/* Both classes, and in turn few rows, ties only, and all different. */
static void
test_curves (void)
{
  static const guint picked[] = { 3, 17, 38, 59 };
  g_autoptr (GArray) input = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint c = 0; c < G_N_ELEMENTS (picked); c++)
    {
      g_auto (Case) data = { 0 };
      case_make (&data, picked[c]);
      add_case (input, &data);
    }
  g_autoptr (GArray) truth = truth_ask ("curves", input);
  guint at = 0;
  for (guint c = 0; c < G_N_ELEMENTS (picked); c++)
    {
      g_auto (Case) data = { 0 };
      case_make (&data, picked[c]);
      g_autoptr (GArray) x = NULL, y = NULL, recall = NULL, precision = NULL;
      vai_metrics_roc (data.won, data.p, data.n, &x, &y);
      at = check_curve (truth, at, x, y);
      vai_metrics_precision_recall (data.won, data.p, data.n, &recall, &precision);
      at = check_curve (truth, at, recall, precision);
    }
}

static void
test_gain (void)
{
  const guint8 won[] = { 1, 0, 1, 0 };
  const double p[] = { 0.9, 0.8, 0.8, 0.1 };
  const double expected_x[] = { 0, 0.25, 0.75, 1 }, expected_y[] = { 0, 0.5, 1, 1 };
  g_autoptr (GArray) x = NULL, y = NULL;
  vai_metrics_gain (won, p, 4, &x, &y);
  g_assert_cmpuint (x->len, ==, 4);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpfloat (truth_get (x, i), ==, expected_x[i]);
      g_assert_cmpfloat (truth_get (y, i), ==, expected_y[i]);
    }
}

static double
f1_at (const Case *data, double threshold)
{
  double hit = 0, called = 0, won = 0;
  for (gsize i = 0; i < data->n; i++)
    {
      called += data->p[i] >= threshold;
      hit += data->p[i] >= threshold && data->won[i];
      won += data->won[i];
    }
  return called + won > 0 ? 2 * hit / (called + won) : 0;
}

static void
test_best_threshold (void)
{
  for (guint c = 2; c < 28; c++)
    {
      g_auto (Case) data = { 0 };
      case_make (&data, c);
      double threshold = vai_metrics_best_f1_threshold (data.won, data.p, data.n);
      double best = f1_at (&data, threshold);
      for (gsize i = 0; i < data.n; i++)
        {
          double other = f1_at (&data, data.p[i]);
          g_assert_cmpfloat (best, >=, other);
          if (other == best && best > 0)
            g_assert_cmpfloat (threshold, <=, data.p[i]);
        }
    }
}

/* Four copies of each row, in one group, must give the interval of the single rows; as rows of their own they would
 * halve it. */
static void
test_bootstrap_groups (void)
{
  g_auto (Case) data = { 0 };
  case_make (&data, 19);
  gsize n = data.n * 4;
  g_autofree guint8 *won = g_new (guint8, n);
  g_autofree double *p = g_new (double, n);
  g_autofree guint32 *groups = g_new (guint32, n);
  for (gsize i = 0; i < n; i++)
    {
      won[i] = data.won[i / 4];
      p[i] = data.p[i / 4];
      groups[i] = 77 + 3 * (i / 4);
    }
  VaiMetrics single, grouped, loose;
  vai_metrics_compute (&single, data.won, data.p, data.n, 0.5);
  vai_metrics_compute (&grouped, won, p, n, 0.5);
  loose = grouped;
  vai_metrics_bootstrap (&single, data.won, data.p, NULL, data.n, 2000, 1);
  vai_metrics_bootstrap (&grouped, won, p, groups, n, 2000, 2);
  vai_metrics_bootstrap (&loose, won, p, NULL, n, 2000, 3);
  for (guint m = 0; m < VAI_N_METRICS; m++)
    {
      double width = single.high[m] - single.low[m];
      g_assert_cmpfloat (width, >, 0);
      g_assert_cmpfloat (single.low[m], <=, single.value[m]);
      g_assert_cmpfloat (single.high[m], >=, single.value[m]);
      if (m == VAI_METRIC_CALIBRATION_ERROR)
        continue;
      g_assert_cmpfloat_with_epsilon (single.low[m], grouped.low[m], 0.12 * width);
      g_assert_cmpfloat_with_epsilon (single.high[m], grouped.high[m], 0.12 * width);
      g_assert_cmpfloat_with_epsilon (loose.high[m] - loose.low[m], width / 2, 0.12 * width);
    }
}

/* Means have a known standard error, and the same seed gives the same interval. */
static void
test_bootstrap_width (void)
{
  g_auto (Case) data = { 0 };
  case_make (&data, 18);
  VaiMetrics metrics, again;
  vai_metrics_compute (&metrics, data.won, data.p, data.n, 0.5);
  again = metrics;
  vai_metrics_bootstrap (&metrics, data.won, data.p, NULL, data.n, 4000, 5);
  vai_metrics_bootstrap (&again, data.won, data.p, NULL, data.n, 4000, 5);
  double sum = 0, squares = 0;
  for (gsize i = 0; i < data.n; i++)
    {
      double loss = (data.p[i] - data.won[i]) * (data.p[i] - data.won[i]);
      sum += loss / data.n;
      squares += loss * loss / data.n;
    }
  double error = sqrt ((squares - sum * sum) / data.n);
  g_assert_cmpfloat_with_epsilon (metrics.low[VAI_METRIC_BRIER], sum - 1.96 * error, 0.15 * error);
  g_assert_cmpfloat_with_epsilon (metrics.high[VAI_METRIC_BRIER], sum + 1.96 * error, 0.15 * error);
  for (guint m = 0; m < VAI_N_METRICS; m++)
    {
      g_assert_cmpfloat (metrics.low[m], ==, again.low[m]);
      g_assert_cmpfloat (metrics.high[m], ==, again.high[m]);
    }
}

/* 95 % intervals of the AUC hold the true AUC of two normal scores in about 95 % of samples. */
static void
test_bootstrap_coverage (void)
{
  const guint sets = 200, n = 300;
  guint held = 0;
  double truth = 0.5 * erfc (-1 / sqrt (2) / G_SQRT2); /* scores one standard deviation apart */
  for (guint s = 0; s < sets; s++)
    {
      VaiRandom random;
      vai_random_init (&random, 9, s);
      guint8 won[300];
      double p[300];
      for (guint i = 0; i < n; i++)
        {
          won[i] = i % 3 == 0;
          p[i] = 1 / (1 + exp (-(won[i] + vai_random_normal (&random))));
        }
      VaiMetrics metrics;
      vai_metrics_compute (&metrics, won, p, n, 0.5);
      vai_metrics_bootstrap (&metrics, won, p, NULL, n, 500, s);
      held += metrics.low[VAI_METRIC_AUC_ROC] <= truth && truth <= metrics.high[VAI_METRIC_AUC_ROC];
    }
  g_test_message ("AUC held in %u of %u", held, sets);
  g_assert_cmpuint (held, >=, 0.91 * sets);
  g_assert_cmpuint (held, <=, 0.99 * sets);
}

/* The calibration error of calibrated probabilities is 0, and of ones that are all off by 0.1 it is 0.1. */
static void
test_calibration_coverage (void)
{
  const guint sets = 200, n = 300;
  const double shifts[] = { 0, 0.1 };
  for (guint k = 0; k < G_N_ELEMENTS (shifts); k++)
    {
      guint held = 0;
      for (guint s = 0; s < sets; s++)
        {
          VaiRandom random;
          vai_random_init (&random, 13 + k, s);
          guint8 won[300];
          double p[300];
          for (guint i = 0; i < n; i++)
            {
              double truth = 0.2 + 0.6 * vai_random_uniform (&random);
              won[i] = vai_random_uniform (&random) < truth;
              p[i] = truth + shifts[k];
            }
          VaiMetrics metrics;
          vai_metrics_compute (&metrics, won, p, n, 0.5);
          vai_metrics_bootstrap (&metrics, won, p, NULL, n, 500, s);
          held += metrics.low[VAI_METRIC_CALIBRATION_ERROR] <= shifts[k]
                  && shifts[k] <= metrics.high[VAI_METRIC_CALIBRATION_ERROR];
        }
      g_test_message ("calibration error %g held in %u of %u", shifts[k], held, sets);
      g_assert_cmpuint (held, >=, 0.88 * sets);
    }
}

/* Without a difference p is under 0.05 in about 5 % of sets, by groups of three equal rows; with one it is nearly
 * always. */
static void
test_compare (void)
{
  guint alarms = 0, found = 0;
  const guint sets = 400;
  for (guint s = 0; s < sets; s++)
    {
      VaiRandom random;
      vai_random_init (&random, 11, s);
      guint8 won[300];
      double a[300], b[300], better[300];
      guint32 groups[300];
      for (guint i = 0; i < 300; i += 3)
        {
          double margin = vai_random_normal (&random) * 1.5;
          double noise_a = vai_random_normal (&random) * 0.5, noise_b = vai_random_normal (&random) * 0.5;
          guint8 y = vai_random_uniform (&random) < 1 / (1 + exp (-margin));
          for (guint j = i; j < i + 3; j++)
            {
              won[j] = y;
              groups[j] = i;
              a[j] = 1 / (1 + exp (-margin - noise_a));
              b[j] = 1 / (1 + exp (-margin - noise_b));
              better[j] = 1 / (1 + exp (-margin - 8 * (y - 0.5)));
            }
        }
      VaiComparison none, clear;
      vai_metrics_compare (&none, won, a, b, groups, 300, s);
      vai_metrics_compare (&clear, won, a, better, groups, 300, s);
      g_assert_cmpfloat (none.low, <=, none.difference);
      g_assert_cmpfloat (none.high, >=, none.difference);
      alarms += none.p_value < 0.05;
      found += clear.p_value < 0.05 && clear.low > 0;
    }
  g_test_message ("%u false alarms, %u found of %u", alarms, found, sets);
  g_assert_cmpuint (alarms, >=, 0.02 * sets);
  g_assert_cmpuint (alarms, <=, 0.09 * sets);
  g_assert_cmpuint (found, >=, 0.99 * sets);
}

static void
test_compare_edges (void)
{
  const guint8 won[] = { 1, 0, 1 };
  const double p[] = { 0, 1, 0.5 }, q[] = { 0.5, 0.5, 0.5 };
  VaiComparison result;
  vai_metrics_compare (&result, won, p, p, NULL, 3, 1);
  g_assert_cmpfloat (result.difference, ==, 0);
  g_assert_cmpfloat (result.p_value, ==, 1);
  vai_metrics_compare (&result, won, p, q, NULL, 3, 1);
  g_assert_cmpfloat_with_epsilon (result.difference, 2 * (52 * G_LN2 - G_LN2) / 3, 1e-9);
  vai_metrics_compare (&result, won, p, q, NULL, 0, 1);
  g_assert_true (isnan (result.difference));
  VaiMetrics metrics;
  vai_metrics_compute (&metrics, won, p, 0, 0.5);
  g_assert_true (isnan (metrics.value[VAI_METRIC_BRIER]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/scikit-learn", test_scikit_learn);
  g_test_add_func ("/metrics/curves", test_curves);
  g_test_add_func ("/metrics/gain", test_gain);
  g_test_add_func ("/metrics/best-threshold", test_best_threshold);
  g_test_add_func ("/metrics/bootstrap-groups", test_bootstrap_groups);
  g_test_add_func ("/metrics/bootstrap-width", test_bootstrap_width);
  g_test_add_func ("/metrics/bootstrap-coverage", test_bootstrap_coverage);
  g_test_add_func ("/metrics/calibration-coverage", test_calibration_coverage);
  g_test_add_func ("/metrics/compare", test_compare);
  g_test_add_func ("/metrics/compare-edges", test_compare_edges);
  return g_test_run ();
}
