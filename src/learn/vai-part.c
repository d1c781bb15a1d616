#include "vai-part.h"

#include "vai-parallel.h"

#include <math.h>

/* Under so many rows one split says little: inner predictions are averaged over repeats, rounds over several pilots. */
#define REPEAT_ROWS_MAX 1000
#define PILOT_ROWS_MAX 3000
#define PILOTS_OF_SMALL 2

/* Trees of a forest whose predictions are only looked at inside: their mean is nearly that of the whole forest. */
#define INNER_TREES_MAX 100
#define PILOT_FOLDS 5

/* Purposes of seeds. */
enum
{
  SEED_PILOT_SPLIT,
  SEED_PILOT,
  SEED_INNER_SPLIT,
  SEED_INNER,
  SEED_REFIT,
};

void
vai_part_clear (VaiPart *self)
{
  g_clear_pointer (&self->rounds, g_free);
  g_clear_pointer (&self->splits, g_ptr_array_unref);
  g_clear_pointer (&self->inner, g_free);
  g_clear_pointer (&self->weights, g_free);
  g_clear_pointer (&self->blended, g_free);
  g_clear_pointer (&self->probability, g_free);
  g_clear_pointer (&self->calibrator, vai_calibrator_free);
  g_clear_pointer (&self->members, g_ptr_array_unref);
  g_clear_pointer (&self->test_margins, g_free);
  g_clear_pointer (&self->probe_margins, g_free);
}

static guint
count_pilots (gsize n_rows)
{
  return n_rows < PILOT_ROWS_MAX ? PILOTS_OF_SMALL : 1;
}

static guint
count_inner_folds (VaiEffort effort)
{
  return effort == VAI_EFFORT_THOROUGH ? 5 : 3;
}

static guint
count_inner_repeats (gsize n_rows, VaiEffort effort)
{
  if (n_rows >= REPEAT_ROWS_MAX || effort == VAI_EFFORT_QUICK)
    return 1;
  return effort == VAI_EFFORT_THOROUGH ? 3 : 1;
}

guint
vai_parts_count_fits (const GArray *candidates, guint n_parts, gsize n_rows, VaiEffort effort)
{
  guint n = 0;
  for (guint c = 0; c < candidates->len; c++)
    {
      if (vai_candidate_stops_early (&g_array_index (candidates, VaiCandidate, c)))
        n += count_pilots (n_rows);
      n += count_inner_folds (effort) * count_inner_repeats (n_rows, effort) + 1;
    }
  return n * n_parts;
}

static VaiFit
make_fit (const GArray *candidates, guint candidate, guint rounds)
{
  const VaiCandidate *from = &g_array_index (candidates, VaiCandidate, candidate);
  VaiFit fit = { .hyperparameters = from->hyperparameters, .candidate = candidate, .description = from->description };
  if (rounds > 0)
    {
      fit.hyperparameters.rounds = rounds;
      fit.hyperparameters.patience = 0;
    }
  return fit;
}

VaiFit
vai_part_make_inner_fit (const VaiPart *self, const GArray *candidates, guint c)
{
  VaiFit fit = make_fit (candidates, c, self->rounds[c]);
  if (fit.hyperparameters.algorithm == VAI_ALGORITHM_RANDOM_FOREST)
    fit.hyperparameters.rounds = MIN (fit.hyperparameters.rounds, INNER_TREES_MAX);
  return fit;
}

/* Rounds by early stopping on rows that the pilot does not train on. The pilots are thrown away: margins of rows that
 * decided when to stop look better than they are. */
static gboolean
find_rounds (VaiFitContext *context, GArray *parts, const GArray *candidates, GError **error)
{
  g_autoptr (GArray) fits = vai_fits_new ();
  g_autoptr (GPtrArray) all_splits = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  const VaiProblem *problem = context->problem;
  guint n_stopping = 0;
  for (guint c = 0; c < candidates->len; c++)
    n_stopping += vai_candidate_stops_early (&g_array_index (candidates, VaiCandidate, c));
  for (guint p = 0; p < parts->len && n_stopping > 0; p++)
    {
      VaiPart *part = &g_array_index (parts, VaiPart, p);
      GPtrArray *splits
          = vai_folds_cross_validation (part->rows, part->n_rows, problem->won, problem->groups, problem->n_groups,
                                        PILOT_FOLDS, vai_fit_seed (part->seed, SEED_PILOT_SPLIT, 0, 0));
      g_ptr_array_set_size (splits, count_pilots (part->n_rows));
      g_ptr_array_add (all_splits, splits);
      for (guint c = 0; c < candidates->len; c++)
        for (guint k = 0; k < count_pilots (part->n_rows); k++)
          {
            if (!vai_candidate_stops_early (&g_array_index (candidates, VaiCandidate, c)))
              continue;
            const VaiSplit *split = g_ptr_array_index (splits, k);
            VaiFit fit = make_fit (candidates, c, 0);
            fit.train = split->train;
            fit.n_train = split->n_train;
            fit.stop = split->test;
            fit.n_stop = split->n_test;
            fit.seed = vai_fit_seed (part->seed, SEED_PILOT, c, k);
            g_array_append_val (fits, fit);
          }
    }
  if (!vai_fits_run (context, fits, error))
    return FALSE;
  for (guint p = 0, at = 0; p < parts->len; p++)
    {
      VaiPart *part = &g_array_index (parts, VaiPart, p);
      for (guint c = 0; c < candidates->len; c++)
        {
          if (!vai_candidate_stops_early (&g_array_index (candidates, VaiCandidate, c)))
            continue;
          double sum = 0;
          for (guint k = 0; k < count_pilots (part->n_rows); k++)
            sum += g_array_index (fits, VaiFit, at++).rounds;
          part->rounds[c] = MAX (1, lround (sum / count_pilots (part->n_rows)));
        }
    }
  return TRUE;
}

/* What is done to each part by itself, side by side. */
typedef struct
{
  GArray *parts;
  const VaiProblem *problem;
  void (*work) (VaiPart *part, const VaiProblem *problem);
} PartsWork;

static void
work_on_parts (gsize from, gsize to, gpointer user_data)
{
  const PartsWork *self = user_data;
  for (gsize p = from; p < to; p++)
    self->work (&g_array_index (self->parts, VaiPart, p), self->problem);
}

static void
make_inner_splits (VaiPart *self, const VaiProblem *problem)
{
  self->splits = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_split_free);
  for (guint repeat = 0; repeat < self->inner_repeats; repeat++)
    {
      g_autoptr (GPtrArray) splits
          = vai_folds_cross_validation (self->rows, self->n_rows, problem->won, problem->groups, problem->n_groups,
                                        self->inner_folds, vai_fit_seed (self->seed, SEED_INNER_SPLIT, repeat, 0));
      g_ptr_array_set_free_func (splits, NULL);
      for (guint k = 0; k < splits->len; k++)
        g_ptr_array_add (self->splits, g_ptr_array_index (splits, k));
    }
}

/* Puts margins of tested rows to their places in @inner, the mean of the repeats. */
static void
scatter (VaiPart *self, const VaiFit *fit, const guint32 *position)
{
  for (gsize i = 0; i < fit->n_test; i++)
    self->inner[(gsize) position[fit->test[i]] * self->n_candidates + fit->candidate]
        += fit->margins[i] / self->inner_repeats;
}

static gboolean
predict_inside (VaiFitContext *context, GArray *parts, const GArray *candidates, GError **error)
{
  g_autoptr (GArray) fits = vai_fits_new ();
  PartsWork splitting = { parts, context->problem, make_inner_splits };
  vai_parallel_rows (parts->len, 1, context->threads, work_on_parts, &splitting);
  for (guint p = 0; p < parts->len; p++)
    {
      VaiPart *part = &g_array_index (parts, VaiPart, p);
      for (guint c = 0; c < candidates->len; c++)
        for (guint k = 0; k < part->splits->len; k++)
          {
            const VaiSplit *split = g_ptr_array_index (part->splits, k);
            VaiFit fit = vai_part_make_inner_fit (part, candidates, c);
            fit.train = split->train;
            fit.n_train = split->n_train;
            fit.test = split->test;
            fit.n_test = split->n_test;
            fit.seed = vai_fit_seed (part->seed, SEED_INNER, c, k);
            g_array_append_val (fits, fit);
          }
    }
  if (!vai_fits_run (context, fits, error))
    return FALSE;
  g_autofree guint32 *position = g_new (guint32, context->problem->n);
  for (guint p = 0, at = 0; p < parts->len; p++)
    {
      VaiPart *part = &g_array_index (parts, VaiPart, p);
      for (gsize i = 0; i < part->n_rows; i++)
        position[part->rows[i]] = i;
      part->inner = g_new0 (double, part->n_rows * part->n_candidates);
      for (guint i = 0; i < candidates->len * part->splits->len; i++)
        scatter (part, &g_array_index (fits, VaiFit, at++), position);
    }
  return TRUE;
}

static double *
filled (gsize n, double value)
{
  double *values = g_new (double, MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    values[i] = value;
  return values;
}

static void
add_weighted (double *sums, const double *values, gsize n, double weight)
{
  for (gsize i = 0; i < n; i++)
    sums[i] += weight * values[i];
}

/* The member of a flat part. */
static VaiFit
make_flat_fit (void)
{
  VaiFit fit = { .description = "" };
  vai_hyperparameters_init (&fit.hyperparameters, VAI_ALGORITHM_BASELINE);
  return fit;
}

static void
add_refits (const VaiPart *part, const GArray *candidates, GArray *fits)
{
  for (guint c = 0; c < candidates->len; c++)
    {
      if (part->is_flat ? c > 0 : part->weights[c] == 0)
        continue;
      VaiFit fit = part->is_flat ? make_flat_fit () : make_fit (candidates, c, part->rounds[c]);
      fit.train = part->rows;
      fit.n_train = part->n_rows;
      fit.test = part->test;
      fit.n_test = part->n_test;
      fit.probe = part->probe;
      fit.seed = vai_fit_seed (part->seed, SEED_REFIT, c, 0);
      fit.keep = part->keep;
      g_array_append_val (fits, fit);
    }
}

static void
take_refit (VaiPart *part, VaiFit *fit)
{
  double weight = part->is_flat ? 1 : part->weights[fit->candidate];
  if (fit->n_test > 0)
    add_weighted (part->test_margins, fit->margins, fit->n_test, weight);
  if (fit->probe != NULL)
    add_weighted (part->probe_margins, fit->probe_margins, fit->probe->n_rows, weight);
  if (fit->keep)
    g_ptr_array_add (part->members, g_steal_pointer (&fit->member));
}

/* What only the choice needed, before the members of all rows take their memory. */
static void
forget_inside (VaiPart *self)
{
  g_clear_pointer (&self->splits, g_ptr_array_unref);
  g_clear_pointer (&self->inner, g_free);
  if (self->keep)
    return;
  g_clear_pointer (&self->blended, g_free);
  g_clear_pointer (&self->probability, g_free);
}

static gboolean
refit (VaiFitContext *context, GArray *parts, const GArray *candidates, GError **error)
{
  g_autoptr (GArray) fits = vai_fits_new ();
  g_autofree guint *ends = g_new (guint, parts->len);
  for (guint p = 0; p < parts->len; p++)
    {
      forget_inside (&g_array_index (parts, VaiPart, p));
      add_refits (&g_array_index (parts, VaiPart, p), candidates, fits);
      ends[p] = fits->len;
    }
  if (!vai_fits_run (context, fits, error))
    return FALSE;
  for (guint p = 0, at = 0; p < parts->len; p++)
    {
      VaiPart *part = &g_array_index (parts, VaiPart, p);
      part->test_margins = filled (part->n_test, part->intercept);
      part->probe_margins = part->probe != NULL ? filled (part->probe->n_rows, part->intercept) : NULL;
      part->members = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_member_free);
      for (; at < ends[p]; at++)
        take_refit (part, &g_array_index (fits, VaiFit, at));
    }
  return TRUE;
}

gboolean
vai_parts_fit (VaiFitContext *context, GArray *parts, const GArray *candidates, VaiEffort effort, GError **error)
{
  for (guint p = 0; p < parts->len; p++)
    {
      VaiPart *part = &g_array_index (parts, VaiPart, p);
      part->n_candidates = candidates->len;
      part->rounds = g_new0 (guint, candidates->len);
      part->inner_folds = count_inner_folds (effort);
      part->inner_repeats = count_inner_repeats (part->n_rows, effort);
    }
  if (!find_rounds (context, parts, candidates, error) || !predict_inside (context, parts, candidates, error))
    return FALSE;
  PartsWork combining = { parts, context->problem, vai_part_combine };
  vai_parallel_rows (parts->len, 1, context->threads, work_on_parts, &combining);
  if (!vai_parts_check_forward (context, parts, candidates, error))
    return FALSE;
  return refit (context, parts, candidates, error);
}
