#include "vai-range.h"

#include "vai-calibrator-private.h"
#include "vai-error.h"
#include "vai-json.h"
#include "vai-order.h"
#include "vai-parallel.h"
#include "vai-ranking.h"
#include "vai-resample.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Why two curves: a sigmoid is narrow but wrong where scores are bent (alone it held 23 to 90 % of simulated decile
 * means); isotonic follows any bend but its bootstrap is too sure of its steps. Their envelope holds 89 to 98 %, at 0.7
 * to 1.3 times the width that a decile's rows would give by themselves. */

#define REPLICATES 200
#define BLOCK 10 /* replicates that a thread takes at a time */
#define TAIL 0.05
#define KNOTS_MAX 257
#define KNOTS_BLOCK 32 /* knots that a thread takes at a time */
#define EDGE 1e-9      /* probabilities are widened this far from 0 and 1 */
/* Rows are gathered into so many neighbours before a sigmoid is fitted: its two numbers do not feel it, and a fit takes
 * microseconds. */
#define SIGMOID_BINS 1000

struct _VaiRange
{
  guint n;
  double *margin; /* ascending */
  double *low, *high;
};

/* Rows in the order of their margins. */
typedef struct
{
  VaiRanking ranking; /* its probabilities are margins here */
  VaiResample rows;
  double *won; /* by rank */
  guint n_bins;
  VaiSigmoid start; /* of all rows as they are */
  guint64 seed;
  const VaiRange *range;      /* with its knots */
  double *isotonic, *sigmoid; /* REPLICATES × knots */
} Bootstrap;

/* One resampling. */
typedef struct
{
  guint32 *count;                               /* by group */
  double *weight;                               /* by rank */
  double *kept_margin, *kept_won, *kept_weight; /* rows that were drawn */
  double *bin_margin, *bin_won, *bin_weight;
} Drawn;

static VaiRange *
range_new (guint n)
{
  VaiRange *self = g_new0 (VaiRange, 1);
  self->n = n;
  self->margin = g_new0 (double, n);
  self->low = g_new0 (double, n);
  self->high = g_new0 (double, n);
  return self;
}

void
vai_range_free (VaiRange *self)
{
  if (self == NULL)
    return;
  g_free (self->margin);
  g_free (self->low);
  g_free (self->high);
  g_free (self);
}

static void
bootstrap_clear (Bootstrap *self)
{
  vai_ranking_clear (&self->ranking);
  vai_resample_clear (&self->rows);
  g_free (self->won);
  g_free (self->isotonic);
  g_free (self->sigmoid);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bootstrap, bootstrap_clear)

static void
drawn_init (Drawn *self, const Bootstrap *bootstrap)
{
  self->count = g_new (guint32, bootstrap->rows.n_groups);
  self->weight = g_new (double, bootstrap->ranking.n);
  self->kept_margin = g_new (double, bootstrap->ranking.n);
  self->kept_won = g_new (double, bootstrap->ranking.n);
  self->kept_weight = g_new (double, bootstrap->ranking.n);
  self->bin_margin = g_new (double, bootstrap->n_bins);
  self->bin_won = g_new (double, bootstrap->n_bins);
  self->bin_weight = g_new (double, bootstrap->n_bins);
}

static void
drawn_clear (Drawn *self)
{
  g_free (self->count);
  g_free (self->weight);
  g_free (self->kept_margin);
  g_free (self->kept_won);
  g_free (self->kept_weight);
  g_free (self->bin_margin);
  g_free (self->bin_won);
  g_free (self->bin_weight);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Drawn, drawn_clear)

/* A sigmoid through weighted means of neighbours, from @sigmoid on. */
static void
fit_sigmoid (const Bootstrap *bootstrap, Drawn *self, VaiSigmoid *sigmoid)
{
  gsize n = bootstrap->ranking.n;
  for (guint b = 0; b < bootstrap->n_bins; b++)
    {
      double margin = 0, won = 0, weight = 0;
      for (gsize i = b * n / bootstrap->n_bins; i < (b + 1) * n / bootstrap->n_bins; i++)
        {
          margin += self->weight[i] * bootstrap->ranking.probability[i];
          won += self->weight[i] * bootstrap->won[i];
          weight += self->weight[i];
        }
      self->bin_weight[b] = weight;
      self->bin_margin[b] = weight > 0 ? margin / weight : 0;
      self->bin_won[b] = weight > 0 ? won / weight : 0;
    }
  vai_sigmoid_fit (sigmoid, self->bin_margin, self->bin_won, self->bin_weight, bootstrap->n_bins);
}

static void
bootstrap_init (Bootstrap *self, const double *margins, const guint8 *won, const guint32 *groups, gsize n)
{
  vai_ranking_init (&self->ranking, won, margins, n);
  vai_resample_init (&self->rows, groups, self->ranking.row, n);
  self->won = g_new (double, n);
  self->n_bins = MIN (n, SIGMOID_BINS);
  g_auto (Drawn) all = { 0 };
  drawn_init (&all, self);
  for (gsize i = 0; i < n; i++)
    {
      self->won[i] = self->ranking.won[i];
      all.weight[i] = 1;
    }
  self->start = (VaiSigmoid){ 1, 0 };
  fit_sigmoid (self, &all, &self->start);
}

/* Keeps the rows that were drawn, without a branch that a third would not take; gives how many. */
static gsize
keep_drawn (const Bootstrap *bootstrap, Drawn *self)
{
  gsize kept = 0;
  for (gsize i = 0; i < bootstrap->ranking.n; i++)
    {
      self->kept_margin[kept] = bootstrap->ranking.probability[i];
      self->kept_won[kept] = bootstrap->won[i];
      self->kept_weight[kept] = self->weight[i];
      kept += self->weight[i] > 0;
    }
  return kept;
}

/* Two curves of one resampling, at the knots. A resampling has random numbers of its own, so that it is the same on any
 * thread. */
static void
draw_curves (const Bootstrap *self, Drawn *drawn, guint replicate)
{
  const VaiRange *range = self->range;
  double *sigmoid = self->sigmoid + (gsize) replicate * range->n;
  VaiRandom random;
  vai_random_init (&random, self->seed, replicate);
  memset (drawn->count, 0, self->rows.n_groups * sizeof *drawn->count);
  vai_random_tally (&random, self->rows.n_groups, self->rows.n_groups, drawn->count);
  for (gsize i = 0; i < self->ranking.n; i++)
    drawn->weight[i] = drawn->count[self->rows.group[i]];
  g_auto (VaiIsotonic) curve = { 0 };
  gsize n_kept = keep_drawn (self, drawn);
  vai_isotonic_fit (&curve, drawn->kept_margin, drawn->kept_won, drawn->kept_weight, n_kept);
  vai_isotonic_apply_sorted (&curve, range->margin, range->n, self->isotonic + (gsize) replicate * range->n);
  VaiSigmoid straight = self->start;
  fit_sigmoid (self, drawn, &straight);
  for (guint k = 0; k < range->n; k++)
    sigmoid[k] = vai_sigmoid (straight.slope * range->margin[k] + straight.intercept);
}

static void
draw_block (gsize from, gsize to, gpointer user_data)
{
  const Bootstrap *self = user_data;
  g_auto (Drawn) drawn = { 0 };
  drawn_init (&drawn, self);
  for (gsize r = from; r < to; r++)
    draw_curves (self, &drawn, r);
}

/* Knots at equal counts of rows, equal margins once. */
static void
place_knots (VaiRange *self, const VaiRanking *ranking)
{
  guint wanted = MIN (KNOTS_MAX, ranking->n), n = 0;
  for (guint k = 0; k < wanted; k++)
    {
      gsize rank = wanted > 1 ? (gsize) k * (ranking->n - 1) / (wanted - 1) : 0;
      double margin = ranking->probability[rank];
      if (n == 0 || margin > self->margin[n - 1])
        self->margin[n++] = margin;
    }
  self->n = n;
}

/* Column @knot of @curves (REPLICATES × n), its tails. */
static void
tails (const double *curves, guint n, guint knot, double *low, double *high)
{
  double values[REPLICATES];
  for (guint r = 0; r < REPLICATES; r++)
    values[r] = curves[(gsize) r * n + knot];
  vai_sort_doubles (values, REPLICATES);
  *low = vai_quantile_sorted (values, REPLICATES, TAIL);
  *high = vai_quantile_sorted (values, REPLICATES, 1 - TAIL);
}

static void
take_tails (gsize from, gsize to, gpointer user_data)
{
  const Bootstrap *bootstrap = user_data;
  const VaiRange *self = bootstrap->range;
  for (gsize k = from; k < to; k++)
    {
      double low, high;
      tails (bootstrap->isotonic, self->n, k, &self->low[k], &self->high[k]);
      tails (bootstrap->sigmoid, self->n, k, &low, &high);
      self->low[k] = MIN (self->low[k], low);
      self->high[k] = MAX (self->high[k], high);
    }
}

VaiRange *
vai_range_fit (const double *margins, const guint8 *won, const guint32 *groups, gsize n, guint64 seed, guint threads)
{
  g_return_val_if_fail (n > 0, NULL);
  g_auto (Bootstrap) bootstrap = { 0 };
  bootstrap_init (&bootstrap, margins, won, groups, n);
  VaiRange *self = range_new (MIN (KNOTS_MAX, n));
  place_knots (self, &bootstrap.ranking);
  bootstrap.range = self;
  bootstrap.seed = seed;
  bootstrap.isotonic = g_new (double, (gsize) REPLICATES * self->n);
  bootstrap.sigmoid = g_new (double, (gsize) REPLICATES * self->n);
  vai_parallel_rows (REPLICATES, BLOCK, threads, draw_block, &bootstrap);
  vai_parallel_rows (self->n, KNOTS_BLOCK, threads, take_tails, &bootstrap);
  /* Tails of rising curves rise, but for the last digit of an interpolation. */
  for (guint k = 1; k < self->n; k++)
    {
      self->low[k] = MAX (self->low[k], self->low[k - 1]);
      self->high[k] = MAX (self->high[k], self->high[k - 1]);
    }
  return self;
}

/* Straight between knots, level outside. */
void
vai_range_apply (const VaiRange *self, double margin, double probability, double *low, double *high)
{
  guint left = 0, right = self->n - 1;
  while (right - left > 1)
    {
      guint middle = left + (right - left) / 2;
      if (self->margin[middle] <= margin)
        left = middle;
      else
        right = middle;
    }
  double width = self->margin[right] - self->margin[left];
  double share = width > 0 ? CLAMP ((margin - self->margin[left]) / width, 0, 1) : 0;
  *low = MIN (self->low[left] + (self->low[right] - self->low[left]) * share, probability);
  *high = MAX (self->high[left] + (self->high[right] - self->high[left]) * share, probability);
}

void
vai_range_widen (VaiRange *self, double factor)
{
  for (guint k = 0; k < self->n; k++)
    {
      double low = vai_logit (CLAMP (self->low[k], EDGE, 1 - EDGE)),
             high = vai_logit (CLAMP (self->high[k], EDGE, 1 - EDGE));
      double more = (factor - 1) * (high - low) / 2;
      self->low[k] = vai_sigmoid (low - more);
      self->high[k] = vai_sigmoid (high + more);
    }
  /* Where the width changes fast a side could turn back: it is then kept level, towards the wider. */
  for (guint k = self->n - 1; k > 0; k--)
    self->low[k - 1] = MIN (self->low[k - 1], self->low[k]);
  for (guint k = 1; k < self->n; k++)
    self->high[k] = MAX (self->high[k], self->high[k - 1]);
}

JsonNode *
vai_range_to_json (const VaiRange *self)
{
  JsonObject *object = json_object_new ();
  json_object_set_array_member (object, "margins", vai_json_array_new_doubles (self->margin, self->n));
  json_object_set_array_member (object, "low", vai_json_array_new_doubles (self->low, self->n));
  json_object_set_array_member (object, "high", vai_json_array_new_doubles (self->high, self->n));
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  return node;
}

static gboolean
is_sound (const VaiRange *self)
{
  for (guint k = 0; k < self->n; k++)
    {
      if (!(self->low[k] >= 0 && self->low[k] <= self->high[k] && self->high[k] <= 1))
        return FALSE;
      if (k > 0
          && !(self->margin[k] > self->margin[k - 1] && self->low[k] >= self->low[k - 1]
               && self->high[k] >= self->high[k - 1]))
        return FALSE;
    }
  return TRUE;
}

VaiRange *
vai_range_from_json (JsonNode *node, GError **error)
{
  JsonObject *object = vai_json_node_get_object (node, error);
  if (object == NULL)
    return NULL;
  g_autoptr (VaiRange) self = g_new0 (VaiRange, 1);
  gsize n = 0, n_low = 0, n_high = 0;
  self->margin = vai_json_dup_finite (object, "margins", KNOTS_MAX, &n, error);
  if (self->margin == NULL)
    return NULL;
  self->low = vai_json_dup_finite (object, "low", KNOTS_MAX, &n_low, error);
  if (self->low == NULL)
    return NULL;
  self->high = vai_json_dup_finite (object, "high", KNOTS_MAX, &n_high, error);
  if (self->high == NULL)
    return NULL;
  self->n = n;
  if (n == n_low && n == n_high && is_sound (self))
    return g_steal_pointer (&self);
  g_set_error_literal (
      error, VAI_ERROR, VAI_ERROR_DAMAGED,
      _ ("The model file is damaged: its range of the score is not a rising band. Train the model again."));
  return NULL;
}
