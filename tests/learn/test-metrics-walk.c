/* The walk over ranked rows beside sums that repeat each row as often as it was drawn. */
#include "vai-metrics-private.h"

#include "vai-random.h"

#include <math.h>

#define LANES VAI_MEASURED_LANES
#define N_CASES 120
#define N_BINS 10

/* Rows of one lane, each as often as it was drawn, by ascending probability. */
typedef struct
{
  gsize n;
  double *p, *won, *rate; /* rate: of all rows of the same probability */
} Rows;

static void
rows_clear (Rows *self)
{
  g_free (self->p);
  g_free (self->won);
  g_free (self->rate);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rows, rows_clear)

typedef struct
{
  gsize n;
  double threshold;
  guint8 *won;
  double *p;
  guint32 *weight; /* lanes by row */
} Case;

static void
case_clear (Case *self)
{
  g_free (self->won);
  g_free (self->p);
  g_free (self->weight);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Case, case_clear)

/* From one row to some hundreds; no ties, few values or one; rows that no lane drew, and ones drawn often enough to
 * fill several bins in one lane and none in another. */
static void
case_make (Case *self, guint index)
{
  static const gsize sizes[] = { 1, 2, 5, 9, 10, 11, 40, 150 };
  VaiRandom random;
  vai_random_init (&random, 7, index);
  self->n = sizes[index % G_N_ELEMENTS (sizes)];
  self->threshold = vai_random_uniform (&random);
  self->won = g_new (guint8, self->n);
  self->p = g_new (double, self->n);
  self->weight = g_new (guint32, self->n * LANES);
  double rate = index % 7 == 0 ? 0 : index % 7 == 1 ? 1 : vai_random_uniform (&random);
  for (gsize i = 0; i < self->n; i++)
    {
      double p = vai_random_uniform (&random);
      self->won[i] = vai_random_uniform (&random) < rate;
      self->p[i] = index % 3 == 0 ? p : index % 3 == 1 ? round (p * 8) / 8 : 0.25;
      for (guint lane = 0; lane < LANES; lane++)
        self->weight[i * LANES + lane] = vai_random_below (&random, index % 5 == 0 && i % 9 == lane ? 60 : 3);
    }
  for (guint lane = 0; lane < LANES; lane++)
    self->weight[vai_random_below (&random, self->n) * LANES + lane] += 1;
}

/* Puts a row in, one place at a time; equal ones in any order. */
static void
insert (Rows *self, double p, double won)
{
  gsize at = self->n++;
  for (; at > 0 && self->p[at - 1] > p; at--)
    {
      self->p[at] = self->p[at - 1];
      self->won[at] = self->won[at - 1];
    }
  self->p[at] = p;
  self->won[at] = won;
}

static void
rows_make (Rows *self, const Case *data, gint lane)
{
  gsize n = 0;
  for (gsize i = 0; i < data->n; i++)
    n += lane < 0 ? 1 : data->weight[i * LANES + lane];
  self->p = g_new (double, n);
  self->won = g_new (double, n);
  self->rate = g_new (double, n);
  for (gsize i = 0; i < data->n; i++)
    for (guint32 copy = lane < 0 ? 1 : data->weight[i * LANES + lane]; copy > 0; copy--)
      insert (self, data->p[i], data->won[i]);
  for (gsize i = 0; i < n; i++)
    {
      double same = 0, won = 0;
      for (gsize j = 0; j < n; j++)
        if (self->p[j] == self->p[i])
          {
            same += 1;
            won += self->won[j];
          }
      self->rate[i] = won / same;
    }
}

/* Of pairs of a won and a lost row, the share that stands right. */
static double
true_auc (const Rows *rows)
{
  double pairs = 0, right = 0;
  for (gsize i = 0; i < rows->n; i++)
    for (gsize j = 0; j < rows->n; j++)
      if (rows->won[i] > rows->won[j])
        {
          pairs += 1;
          right += rows->p[i] > rows->p[j] ? 1 : rows->p[i] == rows->p[j] ? 0.5 : 0;
        }
  return pairs > 0 ? right / pairs : NAN;
}

/* For each won row, the precision of calling all that stand at least as high. */
static double
true_average_precision (const Rows *rows)
{
  double sum = 0, n_won = 0;
  for (gsize i = 0; i < rows->n; i++)
    if (rows->won[i] > 0)
      {
        double called = 0, hit = 0;
        for (gsize j = 0; j < rows->n; j++)
          if (rows->p[j] >= rows->p[i])
            {
              called += 1;
              hit += rows->won[j];
            }
        n_won += 1;
        sum += hit / called;
      }
  return n_won > 0 && n_won < rows->n ? sum / n_won : NAN;
}

/* Bins as numpy.array_split cuts them. */
static double
true_calibration_error (const Rows *rows)
{
  gsize n_bins = MIN (N_BINS, rows->n), from = 0;
  double error = 0;
  for (gsize b = 0; b < n_bins; b++)
    {
      gsize to = from + rows->n / n_bins + (b < rows->n % n_bins);
      double difference = 0;
      for (gsize i = from; i < to; i++)
        difference += rows->p[i] - rows->rate[i];
      error += fabs (difference) / (to - from) / n_bins;
      from = to;
    }
  return error;
}

static void
true_values (const Rows *rows, double threshold, double *value)
{
  double hit = 0, called = 0, won = 0, right = 0, squared = 0, loss = 0, n = rows->n;
  for (gsize i = 0; i < rows->n; i++)
    {
      gboolean call = rows->p[i] >= threshold;
      called += call;
      hit += call && rows->won[i] > 0;
      won += rows->won[i];
      right += call == (rows->won[i] > 0);
      squared += (rows->p[i] - rows->won[i]) * (rows->p[i] - rows->won[i]) / n;
      double given = rows->won[i] > 0 ? rows->p[i] : 1 - rows->p[i];
      loss -= log (CLAMP (given, 0x1p-52, 1 - 0x1p-52)) / n;
    }
  value[VAI_METRIC_ACCURACY] = right / n;
  value[VAI_METRIC_PRECISION] = called > 0 ? hit / called : 0;
  value[VAI_METRIC_RECALL] = won > 0 ? hit / won : 0;
  value[VAI_METRIC_F1] = called + won > 0 ? 2 * hit / (called + won) : 0;
  value[VAI_METRIC_AUC_ROC] = true_auc (rows);
  value[VAI_METRIC_AVERAGE_PRECISION] = true_average_precision (rows);
  value[VAI_METRIC_BRIER] = squared;
  value[VAI_METRIC_LOG_LOSS] = loss;
  value[VAI_METRIC_CALIBRATION_ERROR] = true_calibration_error (rows);
}

static void
check_lane (const Case *data, gint lane, const double *value)
{
  g_auto (Rows) rows = { 0 };
  double truth[VAI_N_METRICS];
  rows_make (&rows, data, lane);
  true_values (&rows, data->threshold, truth);
  for (guint m = 0; m < VAI_N_METRICS; m++)
    {
      g_test_message ("lane %d of %zu rows, %s: %.12g, truth %.12g", lane, rows.n, vai_metric_name (m), value[m],
                      truth[m]);
      if (isnan (truth[m]))
        g_assert_true (isnan (value[m]));
      else
        g_assert_cmpfloat_with_epsilon (value[m], truth[m], 1e-9);
    }
}

/* Each lane has draws of its own, and is what it would be alone. */
static void
test_lanes (void)
{
  for (guint c = 0; c < N_CASES; c++)
    {
      g_auto (Case) data = { 0 };
      g_auto (VaiMeasured) measured = { 0 };
      double value[LANES][VAI_N_METRICS];
      case_make (&data, c);
      vai_measured_init (&measured, data.won, data.p, data.n, data.threshold);
      vai_measured_walk (&measured, data.weight, value);
      for (guint lane = 0; lane < LANES; lane++)
        check_lane (&data, lane, value[lane]);
      vai_measured_walk (&measured, NULL, value);
      for (guint lane = 0; lane < LANES; lane++)
        check_lane (&data, -1, value[lane]);
    }
}

static gsize
rank_of (const Case *data, gsize row)
{
  gsize rank = 0;
  for (gsize i = 0; i < data->n; i++)
    rank += data->p[i] < data->p[row];
  return rank;
}

/* The draws of a bootstrap are those of its seed, rank by rank, whatever lane they fall in, and its ends are their
 * percentiles. */
static void
test_draws (void)
{
  const guint replicates = 203, seed = 5; /* not a multiple of the lanes */
  g_auto (Case) data = { 0 };
  case_make (&data, 15);
  VaiMetrics metrics;
  vai_metrics_compute (&metrics, data.won, data.p, data.n, data.threshold);
  vai_metrics_bootstrap (&metrics, data.won, data.p, NULL, data.n, replicates, seed);
  g_autoptr (GArray) losses = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint r = 0; r < replicates; r++)
    {
      VaiRandom random;
      g_autofree guint32 *count = g_new0 (guint32, data.n);
      vai_random_init (&random, seed, r);
      vai_random_tally (&random, data.n, data.n, count);
      double loss = 0;
      for (gsize i = 0; i < data.n; i++)
        loss += count[rank_of (&data, i)] * pow (data.p[i] - (data.won[i] != 0), 2) / data.n;
      gsize at = 0;
      while (at < losses->len && g_array_index (losses, double, at) < loss)
        at++;
      g_array_insert_val (losses, at, loss);
    }
  const double ends[] = { metrics.low[VAI_METRIC_BRIER], metrics.high[VAI_METRIC_BRIER] }, shares[] = { 0.025, 0.975 };
  for (guint e = 0; e < G_N_ELEMENTS (ends); e++)
    {
      double place = shares[e] * (replicates - 1);
      const double *below = &g_array_index (losses, double, (guint) place);
      double truth = below[0] + (below[1] - below[0]) * (place - floor (place));
      g_assert_cmpfloat_with_epsilon (ends[e], truth, 1e-12);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics-walk/lanes", test_lanes);
  g_test_add_func ("/metrics-walk/draws", test_draws);
  return g_test_run ();
}
