/* Intervals of metrics, by drawing rows again. */
#include "vai-metrics-private.h"

#include "vai-order.h"
#include "vai-parallel.h"
#include "vai-resample.h"

#include <math.h>
#include <string.h>

/* Replicates of a bootstrap are fewer on large data: an interval there is narrow, and its ends need no third digit. */
#define STEPS_MAX 20000000 /* rows × replicates: a quarter of a second */
#define REPLICATES_MIN 200
#define COMPARE_REPLICATES 1000

#define LANES VAI_MEASURED_LANES

/* Replicates that a thread takes at a time. */
#define BLOCK (2 * LANES)

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

/* Differences of log losses by group. */
typedef struct
{
  VaiResample drawn;
  double *sums, *sizes; /* by group */
} Pairs;

static void
pairs_clear (Pairs *self)
{
  vai_resample_clear (&self->drawn);
  g_clear_pointer (&self->sums, g_free);
  g_clear_pointer (&self->sizes, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pairs, pairs_clear)

/* Fills all of @result but the interval. */
static void
pairs_init (Pairs *self,
            const guint8 *won,
            const double *a,
            const double *b,
            const guint32 *groups,
            gsize n,
            VaiComparison *result)
{
  double total = 0;
  vai_resample_init (&self->drawn, groups, NULL, n);
  self->sums = g_new0 (double, self->drawn.n_groups);
  self->sizes = g_new0 (double, self->drawn.n_groups);
  for (gsize i = 0; i < n; i++)
    {
      guint8 y = won[i] != 0;
      double difference = vai_metrics_row_loss (a[i], y) - vai_metrics_row_loss (b[i], y);
      total += difference;
      self->sums[self->drawn.group[i]] += difference;
      self->sizes[self->drawn.group[i]] += 1;
    }
  result->difference = total / n;
  result->p_value = p_value (&self->drawn, self->sums, self->sizes, result->difference);
}

/* All predictions over the same draws. The first is walked by its own rows; what the others say of a row is counted in
 * cells, as they have few different things to say. */
typedef struct
{
  guint n_predictions;
  VaiMeasured *measured; /* owned */
  VaiResample rows;      /* groups of the rows, by rank of the first prediction */
  guint32 *cell;         /* of the rows in that order; NULL with one prediction */
  gsize n_cells;
  guint replicates;
  guint64 seed;
  double *values; /* predictions × metrics × replicates */
} Bootstrap;

static void
bootstrap_clear (Bootstrap *self)
{
  for (guint p = 0; p < self->n_predictions; p++)
    vai_measured_clear (&self->measured[p]);
  vai_resample_clear (&self->rows);
  g_free (self->measured);
  g_free (self->cell);
  g_free (self->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bootstrap, bootstrap_clear)

static gboolean
say_the_same (const VaiPredictions *data, gsize a, gsize b)
{
  for (guint p = 1; p < data->n_predictions; p++)
    if (data->probabilities[p][a] != data->probabilities[p][b])
      return FALSE;
  return (data->won[a] != 0) == (data->won[b] != 0);
}

/* Rows by what the others say of them, the second prediction first, lost before won. */
static guint32 *
order_said (const VaiPredictions *data)
{
  guint32 *order = g_new (guint32, data->n);
  gsize n = 0;
  for (guint won = 0; won < 2; won++)
    for (gsize i = 0; i < data->n; i++)
      if ((data->won[i] != 0) == won)
        order[n++] = i;
  for (guint p = data->n_predictions - 1; p > 0; p--)
    vai_order_by (data->probabilities[p], order, n);
  return order;
}

static void
make_cells (Bootstrap *self, const VaiPredictions *data, const guint32 *order)
{
  gsize n = data->n;
  g_autofree guint32 *said = order_said (data), *cell = g_new (guint32, n), *row = g_new (guint32, n);
  for (gsize i = 0; i < n; i++)
    {
      if (i == 0 || !say_the_same (data, said[i - 1], said[i]))
        row[self->n_cells++] = said[i];
      cell[said[i]] = self->n_cells - 1;
    }
  self->cell = g_new (guint32, n);
  for (gsize i = 0; i < n; i++)
    self->cell[i] = cell[order[i]];
  g_autofree guint8 *won = g_new (guint8, self->n_cells);
  g_autofree double *probability = g_new (double, self->n_cells);
  for (gsize c = 0; c < self->n_cells; c++)
    won[c] = data->won[row[c]] != 0;
  for (guint p = 1; p < data->n_predictions; p++)
    {
      for (gsize c = 0; c < self->n_cells; c++)
        probability[c] = data->probabilities[p][row[c]];
      vai_measured_init (&self->measured[p], won, probability, self->n_cells, data->metrics[p]->threshold);
    }
}

static void
bootstrap_init (Bootstrap *self, const VaiPredictions *data, guint replicates, guint64 seed)
{
  self->measured = g_new0 (VaiMeasured, data->n_predictions);
  self->n_predictions = data->n_predictions;
  self->replicates = replicates;
  self->seed = seed;
  self->values = g_new (double, (gsize) replicates *VAI_N_METRICS * data->n_predictions);
  VaiMeasured *first = &self->measured[0];
  vai_measured_init (first, data->won, data->probabilities[0], data->n, data->metrics[0]->threshold);
  vai_resample_init (&self->rows, data->groups, first->source, data->n);
  if (data->n_predictions > 1)
    make_cells (self, data, first->source);
  memcpy (first->source, self->rows.group, data->n * sizeof *first->source);
}

/* What is drawn in some replicates, lanes side by side. */
typedef struct
{
  guint32 *rows, *cells; /* lanes by group, and by cell */
} Drawn;

static void
drawn_init (Drawn *self, const Bootstrap *bootstrap)
{
  gsize n_groups = bootstrap->rows.n_groups;
  self->rows = g_new (guint32, n_groups * LANES);
  self->cells = g_new (guint32, bootstrap->n_cells * LANES);
}

static void
drawn_clear (Drawn *self)
{
  g_free (self->rows);
  g_free (self->cells);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Drawn, drawn_clear)

/* A replicate has random numbers of its own, so that it is the same on any thread and in any lane. Lanes beyond the
 * last of @n replicates draw it too. */
static void
draw_lanes (const Bootstrap *self, Drawn *drawn, gsize from, guint n)
{
  guint32 n_groups = self->rows.n_groups;
  VaiRandom streams[LANES];
  for (guint lane = 0; lane < LANES; lane++)
    vai_random_init (&streams[lane], self->seed, from + MIN (lane, n - 1));
  memset (drawn->rows, 0, (gsize) n_groups * LANES * sizeof *drawn->rows);
  vai_random_tally_lanes (streams, n_groups, n_groups, drawn->rows);
}

static void
count_cells (const Bootstrap *self, Drawn *drawn)
{
  if (self->cell == NULL)
    return;
  memset (drawn->cells, 0, self->n_cells * LANES * sizeof *drawn->cells);
  for (gsize i = 0; i < self->rows.n; i++)
    {
      const guint32 *row = drawn->rows + (gsize) self->rows.group[i] * LANES;
      guint32 *cell = drawn->cells + (gsize) self->cell[i] * LANES;
      for (guint lane = 0; lane < LANES; lane++)
        cell[lane] += row[lane];
    }
}

static void
draw (gsize from, gsize to, gpointer user_data)
{
  const Bootstrap *self = user_data;
  g_auto (Drawn) drawn = { 0 };
  drawn_init (&drawn, self);
  for (gsize r = from; r < to; r += LANES)
    {
      guint n_lanes = MIN (LANES, to - r);
      draw_lanes (self, &drawn, r, n_lanes);
      count_cells (self, &drawn);
      for (guint p = 0; p < self->n_predictions; p++)
        {
          double value[LANES][VAI_N_METRICS];
          vai_measured_walk (&self->measured[p], p == 0 ? drawn.rows : drawn.cells, value);
          for (guint m = 0; m < VAI_N_METRICS; m++)
            for (guint lane = 0; lane < n_lanes; lane++)
              self->values[((gsize) p * VAI_N_METRICS + m) * self->replicates + r + lane] = value[lane][m];
        }
    }
}

static void
take_intervals (double *values, guint replicates, VaiMetrics *metrics)
{
  for (guint m = 0; m < VAI_N_METRICS; m++)
    {
      double *of_metric = values + (gsize) m * replicates;
      if (m == VAI_METRIC_CALIBRATION_ERROR)
        error_interval (of_metric, replicates, metrics->value[m], &metrics->low[m], &metrics->high[m]);
      else
        interval (of_metric, replicates, metrics->value[m], &metrics->low[m], &metrics->high[m]);
    }
}

/* Of the first prediction less the last, replicate by replicate. */
static void
take_comparison (const Bootstrap *self, VaiComparison *comparison)
{
  const double *first = self->values + (gsize) VAI_METRIC_LOG_LOSS * self->replicates,
               *last = first + (gsize) (self->n_predictions - 1) * VAI_N_METRICS * self->replicates;
  g_autofree double *differences = g_new (double, self->replicates);
  for (guint r = 0; r < self->replicates; r++)
    differences[r] = first[r] - last[r];
  interval (differences, self->replicates, comparison->difference, &comparison->low, &comparison->high);
}

void
vai_metrics_bootstrap_all (const VaiPredictions *data,
                           VaiComparison *comparison,
                           guint replicates,
                           guint64 seed,
                           guint threads)
{
  if (comparison != NULL)
    *comparison = (VaiComparison){ NAN, NAN, NAN, NAN };
  if (data->n == 0 || replicates == 0)
    return;
  g_auto (Bootstrap) self = { 0 };
  bootstrap_init (&self, data, affordable (replicates, data->n), seed);
  vai_parallel_rows (self.replicates, BLOCK, threads, draw, &self);
  if (comparison != NULL)
    {
      g_auto (Pairs) pairs = { 0 };
      pairs_init (&pairs, data->won, data->probabilities[0], data->probabilities[data->n_predictions - 1], data->groups,
                  data->n, comparison);
      take_comparison (&self, comparison);
    }
  for (guint p = 0; p < data->n_predictions; p++)
    take_intervals (self.values + (gsize) p * VAI_N_METRICS * self.replicates, self.replicates, data->metrics[p]);
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
  VaiPredictions data = { &self, &probability, 1, won, groups, n };
  vai_metrics_bootstrap_all (&data, NULL, replicates, seed, 1);
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
  g_auto (Pairs) pairs = { 0 };
  pairs_init (&pairs, won, probability_a, probability_b, groups, n, result);
  guint replicates = affordable (COMPARE_REPLICATES, n);
  g_autofree double *means = g_new (double, replicates);
  VaiRandom random;
  vai_random_init (&random, seed, 0);
  for (guint r = 0; r < replicates; r++)
    {
      vai_resample_draw (&pairs.drawn, &random);
      means[r] = drawn_mean (&pairs.drawn, pairs.sums, pairs.sizes);
    }
  interval (means, replicates, result->difference, &result->low, &result->high);
}
