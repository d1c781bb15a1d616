#include "vai-metrics-private.h"

#include "vai-ranking.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define CALIBRATION_BINS 10

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

double
vai_metrics_row_loss (double probability, guint8 won)
{
  double p = CLAMP (probability, DBL_EPSILON, 1 - DBL_EPSILON);
  return won ? -log (p) : -log1p (-p);
}

void
vai_measured_init (VaiMeasured *self, const guint8 *won, const double *probability, gsize n, double threshold)
{
  g_auto (VaiRanking) ranking = { 0 };
  vai_ranking_init (&ranking, won, probability, n);
  *self = (VaiMeasured){ .n = n };
  self->run = g_new (guint32, MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    {
      self->n_runs += i == 0 || ranking.probability[i] != ranking.probability[i - 1];
      self->run[i] = self->n_runs - 1;
    }
  self->probability = g_new (double, self->n_runs + 1);
  self->loss_won = g_new (double, self->n_runs + 1);
  self->loss_lost = g_new (double, self->n_runs + 1);
  for (gsize i = 0; i < n; i++)
    self->probability[self->run[i]] = ranking.probability[i];
  for (gsize k = 0; k < self->n_runs; k++)
    {
      self->loss_won[k] = vai_metrics_row_loss (self->probability[k], 1);
      self->loss_lost[k] = vai_metrics_row_loss (self->probability[k], 0);
      self->first_called += self->probability[k] < threshold;
    }
  self->source = g_steal_pointer (&ranking.row);
  self->won = g_steal_pointer (&ranking.won);
}

void
vai_measured_clear (VaiMeasured *self)
{
  g_clear_pointer (&self->source, g_free);
  g_clear_pointer (&self->run, g_free);
  g_clear_pointer (&self->won, g_free);
  g_clear_pointer (&self->probability, g_free);
  g_clear_pointer (&self->loss_won, g_free);
  g_clear_pointer (&self->loss_lost, g_free);
}

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
static inline void
bins_add (Bins *self, double probability, double n, double won)
{
  if (n < self->room)
    {
      self->predicted += n * probability;
      self->won += won;
      self->filled += n;
      self->room -= n;
      return;
    }
  double rate = n > 0 ? won / n : 0;
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

/* Sums over weighted rows. */
typedef struct
{
  double n, won; /* weights */
  double squared, log_loss;
  double called, called_won; /* at or over the threshold */
  double pairs;              /* won above lost, ties count half */
  double average_precision;
} Sums;

/* Without ties a row is a run. */
static void
tally_alone (const VaiMeasured *self, const guint32 *weight, guint32 *run_rows, guint32 *run_won, Sums *sums)
{
  guint64 n = 0, n_won = 0;
  for (gsize i = 0; i < self->n; i++)
    {
      run_rows[i] = weight[self->source[i]];
      run_won[i] = run_rows[i] & -(guint32) self->won[i];
      n += run_rows[i];
      n_won += run_won[i];
    }
  sums->n = n;
  sums->won = n_won;
}

static void
tally (const VaiMeasured *self, const guint32 *weight, guint32 *run_rows, guint32 *run_won, Sums *sums)
{
  guint64 n = 0, n_won = 0;
  memset (run_rows, 0, self->n_runs * sizeof *run_rows);
  memset (run_won, 0, self->n_runs * sizeof *run_won);
  for (gsize i = 0; i < self->n; i++)
    {
      guint32 rows = weight != NULL ? weight[self->source[i]] : 1;
      guint32 rows_won = rows & -(guint32) self->won[i];
      n += rows;
      n_won += rows_won;
      run_rows[self->run[i]] += rows;
      run_won[self->run[i]] += rows_won;
    }
  sums->n = n;
  sums->won = n_won;
}

/* Without a branch that a third of the rows, not drawn, would take. */
static void
walk_runs (const VaiMeasured *self, const guint32 *run_rows, const guint32 *run_won, Sums *sums, Bins *bins)
{
  double n_below = 0, won_below = 0, lost_below = 0;
  double n_all = sums->n, won_all = sums->won;
  Sums s = *sums;
  for (gsize k = 0; k < self->n_runs; k++)
    {
      double n = run_rows[k], won = run_won[k], lost = n - won, p = self->probability[k];
      if (k == self->first_called)
        {
          s.called = n_all - n_below;
          s.called_won = won_all - won_below;
        }
      s.squared += won * ((1 - p) * (1 - p)) + lost * (p * p);
      s.log_loss += won * self->loss_won[k] + lost * self->loss_lost[k];
      s.pairs += won * (lost_below + 0.5 * lost);
      /* Precision of calling this run and all above it; after the last row drawn both are 0. */
      s.average_precision += won * (won_all - won_below) / MAX (n_all - n_below, 1);
      bins_add (bins, p, n, won);
      n_below += n;
      won_below += won;
      lost_below += lost;
    }
  *sums = s;
}

void
vai_measured_walk (const VaiMeasured *self, const guint32 *weight, guint32 *scratch, double *value)
{
  Sums sums = { 0 };
  Bins bins;
  guint32 *run_rows = scratch, *run_won = scratch + self->n_runs;
  if (weight != NULL && self->n_runs == self->n)
    tally_alone (self, weight, run_rows, run_won, &sums);
  else
    tally (self, weight, run_rows, run_won, &sums);
  bins_init (&bins, sums.n);
  walk_runs (self, run_rows, run_won, &sums, &bins);
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
  g_auto (VaiMeasured) measured = { 0 };
  vai_measured_init (&measured, won, probability, n, threshold);
  g_autofree guint32 *scratch = g_new (guint32, 2 * measured.n_runs);
  vai_measured_walk (&measured, NULL, scratch, self->value);
}
