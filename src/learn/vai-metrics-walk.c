/* The walk over ranked rows, of several draws at a time. A lane does what it would do alone, in the same order. */
#include "vai-metrics-private.h"

#include "vai-wide.h"

#include <math.h>
#include <string.h>

#define CALIBRATION_BINS 10
#define LANES VAI_MEASURED_LANES

typedef double Lanes __attribute__ ((vector_size (LANES * sizeof (double))));
typedef gint64 Masks __attribute__ ((vector_size (LANES * sizeof (gint64))));
typedef gint32 Counts __attribute__ ((vector_size (LANES * sizeof (gint32))));

/* Equal-count bins that fill up from the lowest probability; the first n % 10 hold one more, as numpy.array_split does.
 */
typedef struct
{
  Lanes size, larger; /* rows of a bin, and how many bins hold one more */
  Lanes room;         /* left in the open bin */
  Lanes predicted, won, filled;
  Lanes error;
  Lanes n_bins, bin;
} Bins;

/* Sums over weighted rows. */
typedef struct
{
  Lanes n, won; /* weights */
  Lanes squared, log_loss;
  Lanes called, called_won; /* at or over the threshold */
  Lanes pairs;              /* won above lost, ties count half */
  Lanes average_precision;
} Sums;

static void
bins_init (Bins *self, const Lanes *n)
{
  *self = (Bins){ 0 };
  for (guint lane = 0; lane < LANES; lane++)
    {
      double all = (*n)[lane], n_bins = MIN (CALIBRATION_BINS, all);
      self->n_bins[lane] = n_bins;
      self->size[lane] = floor (all / n_bins);
      self->larger[lane] = all - self->size[lane] * n_bins;
      self->room[lane] = self->size[lane] + (self->larger[lane] > 0);
    }
}

/* Rows that fill a bin. */
static void
bins_fill (Bins *self, guint lane, double probability, double n, double won)
{
  double rate = n > 0 ? won / n : 0;
  while (n > 0)
    {
      double take = MIN (n, self->room[lane]);
      self->predicted[lane] += take * probability;
      self->won[lane] += take * rate;
      self->filled[lane] += take;
      self->room[lane] -= take;
      n -= take;
      if (self->room[lane] > 0)
        continue;
      self->error[lane] += fabs (self->predicted[lane] - self->won[lane]) / self->filled[lane];
      self->bin[lane]++;
      self->predicted[lane] = self->won[lane] = self->filled[lane] = 0;
      self->room[lane] = self->size[lane] + (self->bin[lane] < self->larger[lane]);
    }
}

/* Rows of one probability: each bin they reach gets the win rate of them all, so that the order of equal rows does not
 * matter. */
static inline void
bins_add (Bins *self, double probability, const Lanes *n, const Lanes *won)
{
  Masks fits = *n < self->room;
  gint64 all = -1;
  for (guint lane = 0; lane < LANES; lane++)
    all &= fits[lane];
  if (all)
    {
      self->predicted += *n * probability;
      self->won += *won;
      self->filled += *n;
      self->room -= *n;
      return;
    }
  for (guint lane = 0; lane < LANES; lane++)
    if (!fits[lane])
      bins_fill (self, lane, probability, (*n)[lane], (*won)[lane]);
    else
      {
        self->predicted[lane] += (*n)[lane] * probability;
        self->won[lane] += (*won)[lane];
        self->filled[lane] += (*n)[lane];
        self->room[lane] -= (*n)[lane];
      }
}

/* Adds how often the row at rank @i was drawn. */
static inline void
add_row (const VaiMeasured *self, const guint32 *weight, gsize i, Lanes *n, Lanes *won)
{
  Counts counts = 1 - (Counts){ 0 };
  if (weight != NULL)
    memcpy (&counts, weight + (gsize) self->source[i] * LANES, sizeof counts);
  Lanes rows = __builtin_convertvector(counts, Lanes);
  *n += rows;
  *won += rows * (double) self->won[i];
}

static VAI_WIDE void
count_rows (const VaiMeasured *self, const guint32 *weight, Lanes *n, Lanes *won)
{
  Lanes rows = { 0 }, rows_won = { 0 };
  for (gsize i = 0; i < self->n; i++)
    add_row (self, weight, i, &rows, &rows_won);
  *n = rows;
  *won = rows_won;
}

/* Without a branch that a third of the rows, not drawn, would take. */
static VAI_WIDE void
walk_runs (const VaiMeasured *self, const guint32 *weight, Sums *sums, Bins *bins)
{
  Lanes n_below = { 0 }, won_below = { 0 }, lost_below = { 0 }, n_all = sums->n, won_all = sums->won;
  const Lanes one = 1 - (Lanes){ 0 };
  Sums s = *sums;
  Bins b = *bins;
  for (gsize k = 0, i = 0; k < self->n_runs; k++)
    {
      double p = self->probability[k];
      Lanes n = { 0 }, won = { 0 };
      do
        add_row (self, weight, i++, &n, &won);
      while (i < self->n && self->run[i] == k);
      Lanes lost = n - won;
      if (k == self->first_called)
        {
          s.called = n_all - n_below;
          s.called_won = won_all - won_below;
        }
      s.squared += won * ((1 - p) * (1 - p)) + lost * (p * p);
      s.log_loss += won * self->loss_won[k] + lost * self->loss_lost[k];
      s.pairs += won * (lost_below + 0.5 * lost);
      /* Precision of calling this run and all above it; after the last row drawn both are 0. */
      Lanes left = n_all - n_below;
      Masks some = left > one;
      left = (Lanes) ((some & (Masks) left) | (~some & (Masks) one));
      s.average_precision += won * (won_all - won_below) / left;
      bins_add (&b, p, &n, &won);
      n_below += n;
      won_below += won;
      lost_below += lost;
    }
  *sums = s;
  *bins = b;
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

void
vai_measured_walk (const VaiMeasured *self, const guint32 *weight, double value[VAI_MEASURED_LANES][VAI_N_METRICS])
{
  Sums sums = { 0 };
  Bins bins;
  count_rows (self, weight, &sums.n, &sums.won);
  bins_init (&bins, &sums.n);
  walk_runs (self, weight, &sums, &bins);
  for (guint lane = 0; lane < LANES; lane++)
    {
      double *of = value[lane], n = sums.n[lane], won = sums.won[lane], lost = n - won;
      gboolean both = won > 0 && lost > 0;
      label_metrics (of, sums.called_won[lane], sums.called[lane], won, n);
      of[VAI_METRIC_AUC_ROC] = both ? sums.pairs[lane] / (won * lost) : NAN;
      of[VAI_METRIC_AVERAGE_PRECISION] = both ? sums.average_precision[lane] / won : NAN;
      of[VAI_METRIC_BRIER] = sums.squared[lane] / n;
      of[VAI_METRIC_LOG_LOSS] = sums.log_loss[lane] / n;
      of[VAI_METRIC_CALIBRATION_ERROR] = bins.error[lane] / bins.n_bins[lane];
    }
}
