#include "vai-metrics.h"

#include "vai-ranking.h"
#include "vai-resample.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define CALIBRATION_BINS 10

/* Replicates of a bootstrap are fewer on large data: an interval there is narrow, and its ends need no third digit. */
#define STEPS_MAX 20000000 /* rows × replicates: a quarter of a second, a tenth of what such rows take to train */
#define REPLICATES_MIN 200
#define COMPARE_REPLICATES 1000

static const char *const names[VAI_N_METRICS] = {
  [VAI_METRIC_ACCURACY] = "accuracy",
  [VAI_METRIC_PRECISION] = "precision",
  [VAI_METRIC_RECALL] = "recall",
  [VAI_METRIC_F1] = "f1",
  [VAI_METRIC_AUC_ROC] = "auc_roc",
  [VAI_METRIC_AVERAGE_PRECISION] = "average_precision",
  [VAI_METRIC_BRIER] = "brier",
  [VAI_METRIC_LOG_LOSS] = "log_loss",
  [VAI_METRIC_CALIBRATION_ERROR] = "calibration_error",
};

const char *
vai_metric_name (VaiMetric metric)
{
  g_return_val_if_fail (metric < VAI_N_METRICS, NULL);
  return names[metric];
}

/* What every pass over the rows reads; a pass gives each row a weight. */
typedef struct
{
  VaiRanking ranking;
  double threshold;
  double *squared;  /* (probability - outcome)², by rank */
  double *log_loss; /* by rank */
  /* Of the pass: the rows that have a weight, a third of a resampling having none. */
  guint32 *rank, *weight;
  gsize n_weighted;
} Measured;

/* Equal-count bins that fill up from the lowest probability; the first n % 10 hold one more, as numpy.array_split does.
 */
typedef struct
{
  double size, larger; /* rows of a bin, and how many bins hold one more */
  double room;         /* left in the open bin */
  double predicted, won, filled;
  double error;
  guint n_bins, bin;
} Bins;

static double
row_log_loss (double probability, guint8 won)
{
  double p = CLAMP (probability, DBL_EPSILON, 1 - DBL_EPSILON);
  return won ? -log (p) : -log1p (-p);
}

static void
measured_init (Measured *self, const guint8 *won, const double *probability, gsize n, double threshold)
{
  vai_ranking_init (&self->ranking, won, probability, n);
  self->threshold = threshold;
  self->squared = g_new (double, MAX (n, 1));
  self->log_loss = g_new (double, MAX (n, 1));
  self->rank = g_new (guint32, n + 1);
  self->weight = g_new (guint32, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      double p = self->ranking.probability[i];
      guint8 y = self->ranking.won[i];
      self->squared[i] = (p - y) * (p - y);
      self->log_loss[i] = row_log_loss (p, y);
    }
}

static void
measured_clear (Measured *self)
{
  vai_ranking_clear (&self->ranking);
  g_clear_pointer (&self->squared, g_free);
  g_clear_pointer (&self->log_loss, g_free);
  g_clear_pointer (&self->rank, g_free);
  g_clear_pointer (&self->weight, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Measured, measured_clear)

static void
bins_init (Bins *self, double n)
{
  *self = (Bins){ 0 };
  self->n_bins = MIN (CALIBRATION_BINS, n);
  if (self->n_bins == 0)
    return;
  self->size = floor (n / self->n_bins);
  self->larger = n - self->size * self->n_bins;
  self->room = self->size + (self->larger > 0);
}

/* Rows of one probability: each bin they reach gets the win rate of them all, so that the order of equal rows does not
 * matter. */
static void
bins_add (Bins *self, double probability, double n, double won)
{
  /* Without ties a rate is 0 or 1, and needs no division. */
  double rate = won == 0 || won == n ? won > 0 : won / n;
  while (n > 0)
    {
      double take = MIN (n, self->room);
      self->predicted += take * probability;
      self->won += take * rate;
      self->filled += take;
      self->room -= take;
      n -= take;
      if (self->room > 0)
        continue;
      self->error += fabs (self->predicted - self->won) / self->filled;
      self->bin++;
      self->predicted = self->won = self->filled = 0;
      self->room = self->size + (self->bin < self->larger);
    }
}

static double
ratio (double part, double whole)
{
  return whole > 0 ? part / whole : 0;
}

static void
label_metrics (double *value, double true_won, double called, double won, double n)
{
  value[VAI_METRIC_ACCURACY] = (n - called - won + 2 * true_won) / n;
  value[VAI_METRIC_PRECISION] = ratio (true_won, called);
  value[VAI_METRIC_RECALL] = ratio (true_won, won);
  value[VAI_METRIC_F1] = ratio (2 * true_won, called + won);
}

/* Sums over weighted rows; one walk, whatever the ties. */
typedef struct
{
  double n, won; /* weights */
  double squared, log_loss;
  double called, called_won; /* at or over the threshold */
  double pairs;              /* won above lost, ties count half */
  double average_precision;
} Sums;

/* How often the group of each row was drawn; NULL: every row once. */
static void
weigh (Measured *self, const VaiResample *drawn)
{
  const guint32 *group = drawn != NULL ? drawn->group : NULL, *count = drawn != NULL ? drawn->count : NULL;
  guint32 *rank = self->rank, *weight = self->weight;
  gsize n = 0;
  for (gsize i = 0; i < self->ranking.n; i++)
    {
      guint32 times = group != NULL ? count[group[i]] : 1;
      rank[n] = i;
      weight[n] = times;
      n += times != 0;
    }
  self->n_weighted = n;
}

static void
sum_weights (const Measured *self, Sums *sums)
{
  const VaiRanking *r = &self->ranking;
  guint64 n = 0, won = 0;
  for (gsize k = 0; k < self->n_weighted; k++)
    {
      guint32 i = self->rank[k], w = self->weight[k];
      n += w;
      won += w * r->won[i];
      sums->squared += w * self->squared[i];
      sums->log_loss += w * self->log_loss[i];
    }
  sums->n = n;
  sums->won = won;
}

static void
walk_ties (const Measured *self, Sums *sums, Bins *bins)
{
  const VaiRanking *r = &self->ranking;
  double n_below = 0, won_below = 0;
  for (gsize k = 0; k < self->n_weighted;)
    {
      double probability = r->probability[self->rank[k]];
      guint64 rows = 0, rows_won = 0;
      for (; k < self->n_weighted && r->probability[self->rank[k]] == probability; k++)
        {
          rows += self->weight[k];
          rows_won += self->weight[k] * r->won[self->rank[k]];
        }
      double n = rows, won = rows_won;
      sums->pairs += won * (n_below - won_below) + 0.5 * won * (n - won);
      /* Precision of calling this tie and all above it. */
      sums->average_precision += won * (sums->won - won_below) / (sums->n - n_below);
      if (probability >= self->threshold)
        {
          sums->called += n;
          sums->called_won += won;
        }
      bins_add (bins, probability, n, won);
      n_below += n;
      won_below += won;
    }
}

static void
measure (Measured *self, const VaiResample *drawn, double *value)
{
  Sums sums = { 0 };
  Bins bins;
  weigh (self, drawn);
  sum_weights (self, &sums);
  bins_init (&bins, sums.n);
  walk_ties (self, &sums, &bins);
  double lost = sums.n - sums.won;
  label_metrics (value, sums.called_won, sums.called, sums.won, sums.n);
  gboolean both = sums.won > 0 && lost > 0;
  value[VAI_METRIC_AUC_ROC] = both ? sums.pairs / (sums.won * lost) : NAN;
  value[VAI_METRIC_AVERAGE_PRECISION] = both ? sums.average_precision / sums.won : NAN;
  value[VAI_METRIC_BRIER] = sums.squared / sums.n;
  value[VAI_METRIC_LOG_LOSS] = sums.log_loss / sums.n;
  value[VAI_METRIC_CALIBRATION_ERROR] = bins.error / bins.n_bins;
}

static void
metrics_reset (VaiMetrics *self)
{
  for (guint m = 0; m < VAI_N_METRICS; m++)
    self->value[m] = self->low[m] = self->high[m] = NAN;
}

void
vai_metrics_compute (VaiMetrics *self, const guint8 *won, const double *probability, gsize n, double threshold)
{
  metrics_reset (self);
  self->threshold = threshold;
  self->n = n;
  self->n_won = 0;
  for (gsize i = 0; i < n; i++)
    self->n_won += won[i] != 0;
  if (n == 0)
    return;
  g_auto (Measured) measured = { 0 };
  measured_init (&measured, won, probability, n, threshold);
  measure (&measured, NULL, self->value);
}

static guint
affordable (guint replicates, gsize n)
{
  guint most = MAX (STEPS_MAX / MAX (n, 1), REPLICATES_MIN);
  return MIN (replicates, most);
}

/* The middle 95 % of @n values, NaN (a replicate of one class) left out; widened to hold @value. */
static void
interval (double *values, guint n, double value, double *low, double *high)
{
  guint n_good = 0;
  for (guint i = 0; i < n; i++)
    if (!isnan (values[i]))
      values[n_good++] = values[i];
  vai_sort_doubles (values, n_good);
  *low = fmin (vai_quantile_sorted (values, n_good, 0.025), value);
  *high = fmax (vai_quantile_sorted (values, n_good, 0.975), value);
}

/* A mean of absolute errors is too large by the noise of its bins, and a replicate has that noise twice: the middle of
 * the replicates would never hold the truth of a calibrated model. Noise adds up in squares: what the median of the
 * replicates has more than @value, @value has more than the truth, so all are moved down by both. */
static void
error_interval (double *values, guint n, double value, double *low, double *high)
{
  interval (values, n, value, low, high);
  double middle = vai_quantile_sorted (values, n, 0.5);
  double bias = 2 * MAX (middle * middle - value * value, 0);
  *low = fmin (sqrt (MAX (*low * *low - bias, 0)), value);
  *high = fmax (sqrt (MAX (*high * *high - bias, 0)), value);
}

void
vai_metrics_bootstrap (VaiMetrics *self,
                       const guint8 *won,
                       const double *probability,
                       const guint32 *groups,
                       gsize n,
                       guint replicates,
                       guint64 seed)
{
  if (n == 0 || replicates == 0)
    return;
  replicates = affordable (replicates, n);
  g_auto (Measured) measured = { 0 };
  g_auto (VaiResample) drawn = { 0 };
  measured_init (&measured, won, probability, n, self->threshold);
  vai_resample_init (&drawn, groups, measured.ranking.row, n);
  g_autofree double *values = g_new (double, (gsize) replicates *VAI_N_METRICS);
  VaiRandom random;
  vai_random_init (&random, seed, 0);
  for (guint r = 0; r < replicates; r++)
    {
      double value[VAI_N_METRICS];
      vai_resample_draw (&drawn, &random);
      measure (&measured, &drawn, value);
      for (guint m = 0; m < VAI_N_METRICS; m++)
        values[(gsize) m * replicates + r] = value[m];
    }
  for (guint m = 0; m < VAI_N_METRICS; m++)
    {
      double *of_metric = values + (gsize) m * replicates;
      if (m == VAI_METRIC_CALIBRATION_ERROR)
        error_interval (of_metric, replicates, self->value[m], &self->low[m], &self->high[m]);
      else
        interval (of_metric, replicates, self->value[m], &self->low[m], &self->high[m]);
    }
}

/* Mean difference of the drawn groups: their sums over their rows. */
static double
drawn_mean (const VaiResample *drawn, const double *sums, const double *sizes)
{
  double sum = 0, n = 0;
  for (guint32 g = 0; g < drawn->n_groups; g++)
    {
      sum += drawn->count[g] * sums[g];
      n += drawn->count[g] * sizes[g];
    }
  return sum / n;
}

/* Two-sided, from the mean and its standard error by groups (linearised ratio). */
static double
p_value (const VaiResample *groups, const double *sums, const double *sizes, double mean)
{
  double squares = 0, n = groups->n_groups;
  for (guint32 g = 0; g < groups->n_groups; g++)
    squares += (sums[g] - mean * sizes[g]) * (sums[g] - mean * sizes[g]);
  if (n < 2)
    return 1;
  double error = sqrt (squares * n / (n - 1)) / groups->n;
  if (error == 0)
    return mean == 0 ? 1 : 0;
  return erfc (fabs (mean) / error / G_SQRT2);
}

void
vai_metrics_compare (VaiComparison *result,
                     const guint8 *won,
                     const double *probability_a,
                     const double *probability_b,
                     const guint32 *groups,
                     gsize n,
                     guint64 seed)
{
  *result = (VaiComparison){ NAN, NAN, NAN, NAN };
  if (n == 0)
    return;
  g_auto (VaiResample) drawn = { 0 };
  vai_resample_init (&drawn, groups, NULL, n);
  g_autofree double *sums = g_new0 (double, drawn.n_groups), *sizes = g_new0 (double, drawn.n_groups);
  double total = 0;
  for (gsize i = 0; i < n; i++)
    {
      guint8 y = won[i] != 0;
      double difference = row_log_loss (probability_a[i], y) - row_log_loss (probability_b[i], y);
      total += difference;
      sums[drawn.group[i]] += difference;
      sizes[drawn.group[i]] += 1;
    }
  result->difference = total / n;
  result->p_value = p_value (&drawn, sums, sizes, result->difference);
  guint replicates = affordable (COMPARE_REPLICATES, n);
  g_autofree double *means = g_new (double, replicates);
  VaiRandom random;
  vai_random_init (&random, seed, 0);
  for (guint r = 0; r < replicates; r++)
    {
      vai_resample_draw (&drawn, &random);
      means[r] = drawn_mean (&drawn, sums, sizes);
    }
  interval (means, replicates, result->difference, &result->low, &result->high);
}
