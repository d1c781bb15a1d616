#include "vai-audit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Numbers are put into so many bins of equal count, categories of fewer decided rows into one: enough to see any leak,
 * too few to learn a column by heart. */
#define BINS_MAX 64
#define CATEGORY_ROWS_MIN 5

/* Rows of the base rate that each bin starts with. */
#define PRIOR_ROWS 2.0

/* That a run of rows has one outcome is no chance when it would happen less often than this in a column of such length.
 */
#define CHANCE_MAX 1e-6

/* Of numbers, a range of fewer rows is only a stretch of a strong but honest column. */
#define RANGE_SHARE_MIN 0.005

/* "Nearly always": 19 of 20, with odds at least 8 times those of all rows and at least 20 rows. */
#define NEAR_SHARE 0.95
#define NEAR_ODDS 8.0
#define NEAR_ROWS_MIN 20

typedef struct
{
  double won[2], lost[2]; /* of each half */
  double rate;
} Bin;

static int
compare_rates (gconstpointer a, gconstpointer b)
{
  double x = ((const Bin *) a)->rate, y = ((const Bin *) b)->rate;
  return (x > y) - (x < y);
}

static void
add_to_bin (Bin *bin, const guint32 counts[VAI_N_CLASSES])
{
  bin->won[0] += counts[VAI_CLASS_WON_A];
  bin->won[1] += counts[VAI_CLASS_WON_B];
  bin->lost[0] += counts[VAI_CLASS_LOST_A];
  bin->lost[1] += counts[VAI_CLASS_LOST_B];
}

static gsize
count_decided (const guint32 counts[VAI_N_CLASSES])
{
  return vai_counts_won (counts) + vai_counts_lost (counts);
}

/* Bins of the column: missing first; then numbers by quantiles, or categories with the small ones in one. */
static GArray *
make_bins (const VaiCounts *counts, gsize n_decided)
{
  GArray *bins = g_array_new (FALSE, TRUE, sizeof (Bin));
  g_array_set_size (bins, 2);
  add_to_bin (&g_array_index (bins, Bin, 0), counts->missing);
  gsize size = n_decided / BINS_MAX + 1, held = 0;
  for (gsize i = 0; i < counts->n; i++)
    {
      gsize rows = count_decided (counts->counts[i]);
      gboolean small = counts->values == NULL && rows < CATEGORY_ROWS_MIN;
      if (rows == 0)
        continue;
      /* A value that fills a bin by itself does not share it with its smaller neighbours. */
      if (!small && (counts->values == NULL || held == 0 || held + rows > size))
        {
          g_array_set_size (bins, bins->len + 1);
          held = 0;
        }
      held += rows;
      add_to_bin (&g_array_index (bins, Bin, small ? 1 : bins->len - 1), counts->counts[i]);
    }
  return bins;
}

/* Area under the curve of half @half, ranked by the rates of the other; NaN when it has one outcome only. */
static double
half_auc (GArray *bins, guint half, double base)
{
  for (guint i = 0; i < bins->len; i++)
    {
      Bin *bin = &g_array_index (bins, Bin, i);
      bin->rate = (bin->won[!half] + PRIOR_ROWS * base) / (bin->won[!half] + bin->lost[!half] + PRIOR_ROWS);
    }
  g_array_sort (bins, compare_rates);
  double won = 0, lost = 0, area = 0;
  for (guint i = 0; i < bins->len;)
    {
      double tied_won = 0, tied_lost = 0;
      double rate = g_array_index (bins, Bin, i).rate;
      for (; i < bins->len && g_array_index (bins, Bin, i).rate == rate; i++)
        {
          tied_won += g_array_index (bins, Bin, i).won[half];
          tied_lost += g_array_index (bins, Bin, i).lost[half];
        }
      area += tied_won * (lost + tied_lost / 2);
      won += tied_won;
      lost += tied_lost;
    }
  return area / (won * lost);
}

/* Standard error of an area under the curve: Hanley and McNeil, 1982. */
static double
auc_error (double auc, double n_won, double n_lost)
{
  double q1 = auc / (2 - auc), q2 = 2 * auc * auc / (1 + auc);
  double variance = auc * (1 - auc) + (n_won - 1) * (q1 - auc * auc) + (n_lost - 1) * (q2 - auc * auc);
  return sqrt (MAX (variance, 0) / (n_won * n_lost));
}

static void
measure_auc (VaiColumnFacts *facts, const VaiCounts *counts, double n_won, double n_lost)
{
  facts->auc = 0.5;
  facts->auc_error = 0.5;
  if (n_won < 2 || n_lost < 2)
    return;
  g_autoptr (GArray) bins = make_bins (counts, n_won + n_lost);
  double base = n_won / (n_won + n_lost);
  double a = half_auc (bins, 0, base), b = half_auc (bins, 1, base);
  if (isnan (a) || isnan (b))
    return;
  facts->auc = (a + b) / 2;
  facts->auc_error = auc_error (facts->auc, n_won, n_lost);
}

typedef struct
{
  gsize rows;
  int outcome;
  double from, to;
} Run;

typedef struct
{
  VaiPurity *purity;
  double base[2];
  double n_decided;
  double rows_min; /* of a run */
} Weigher;

static void
end_run (const Weigher *self, Run *run)
{
  double chance = pow (self->base[run->outcome], run->rows) * self->n_decided;
  if (run->rows > 0 && run->rows >= self->rows_min && chance < CHANCE_MAX)
    {
      self->purity->pure[run->outcome] += run->rows;
      if (run->rows > self->purity->best_rows)
        {
          self->purity->best_rows = run->rows;
          self->purity->best_outcome = run->outcome;
          self->purity->best_from = run->from;
          self->purity->best_to = run->to;
        }
    }
  run->rows = 0;
}

static void
weigh_near (const Weigher *self, gsize won, gsize lost)
{
  gsize rows = won + lost;
  if (rows < NEAR_ROWS_MIN)
    return;
  for (guint outcome = 0; outcome < 2; outcome++)
    {
      double hits = outcome == 0 ? won : lost;
      double odds = (hits + 0.5) / (rows - hits + 0.5);
      double base_odds = self->base[outcome] / self->base[!outcome];
      if (hits >= NEAR_SHARE * rows && odds >= NEAR_ODDS * base_odds)
        self->purity->near[outcome] += hits;
    }
}

static void
weigh_value (const Weigher *self, Run *run, double value, const guint32 counts[VAI_N_CLASSES], gboolean ordered)
{
  gsize won = vai_counts_won (counts), lost = vai_counts_lost (counts);
  if (won + lost == 0)
    return;
  weigh_near (self, won, lost);
  gboolean mixed = won > 0 && lost > 0;
  int outcome = won > 0 ? 0 : 1;
  if (mixed || !ordered || run->outcome != outcome)
    end_run (self, run);
  if (mixed)
    return;
  if (run->rows == 0)
    run->from = value;
  run->outcome = outcome;
  run->rows += won + lost;
  run->to = value;
}

void
vai_facts_weigh_outcomes (VaiColumnFacts *facts, const VaiCounts *counts, const gsize n_class[VAI_N_CLASSES])
{
  double n_won = n_class[VAI_CLASS_WON_A] + n_class[VAI_CLASS_WON_B];
  double n_lost = n_class[VAI_CLASS_LOST_A] + n_class[VAI_CLASS_LOST_B];
  measure_auc (facts, counts, n_won, n_lost);
  if (n_won == 0 || n_lost == 0)
    return;
  double n = n_won + n_lost;
  double rows_min = counts->values != NULL ? RANGE_SHARE_MIN * n : 0;
  Weigher weigher = { &facts->purity, { n_won / n, n_lost / n }, n, rows_min };
  Run run = { 0 };
  for (gsize i = 0; i < counts->n; i++)
    {
      double value = counts->values != NULL ? counts->values[i] : (double) i;
      weigh_value (&weigher, &run, value, counts->counts[i], counts->values != NULL);
    }
  end_run (&weigher, &run);
}
