#include "vai-part.h"

#include "vai-parallel.h"

#include <math.h>

/* Under so many rows one split says little: inner predictions are averaged over repeats, rounds over several pilots. */
#define REPEAT_ROWS_MAX 1000
#define PILOT_ROWS_MAX 3000
#define PILOTS_OF_SMALL 2

/* Trees of a forest whose predictions are only looked at inside: their mean is nearly that of the whole forest. */
#define INNER_TREES_MAX 100

void
vai_part_clear (VaiPart *self)
{
  g_clear_pointer (&self->rounds, g_free);
  g_clear_pointer (&self->pilots, g_ptr_array_unref);
  g_clear_pointer (&self->splits, g_ptr_array_unref);
  g_clear_pointer (&self->inner, g_free);
  g_clear_pointer (&self->weights, g_free);
  g_clear_pointer (&self->blended, g_free);
  g_clear_pointer (&self->probability, g_free);
  g_clear_pointer (&self->calibrator, vai_calibrator_free);
  g_clear_pointer (&self->early, g_array_unref);
  g_clear_pointer (&self->members, g_ptr_array_unref);
  g_clear_pointer (&self->test_margins, g_free);
  g_clear_pointer (&self->probe_margins, g_free);
}

guint
vai_part_count_pilots (gsize n_rows)
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
        n += vai_part_count_pilots (n_rows);
      n += count_inner_folds (effort) * count_inner_repeats (n_rows, effort) + 1;
    }
  return n * n_parts;
}

VaiFit
vai_part_make_fit (const GArray *candidates, guint candidate, guint rounds)
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
  VaiFit fit = vai_part_make_fit (candidates, c, self->rounds[c]);
  if (fit.hyperparameters.algorithm == VAI_ALGORITHM_RANDOM_FOREST)
    fit.hyperparameters.rounds = MIN (fit.hyperparameters.rounds, INNER_TREES_MAX);
  return fit;
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

static VaiFit
complete_refit (const VaiPart *part, VaiFit fit)
{
  fit.train = part->rows;
  fit.n_train = part->n_rows;
  fit.test = part->test;
  fit.n_test = part->n_test;
  fit.probe = part->probe;
  fit.seed = vai_fit_seed (part->seed, VAI_PART_SEED_REFIT, fit.candidate, 0);
  fit.keep = part->keep;
  return fit;
}

VaiFit
vai_part_make_refit (const VaiPart *self, const GArray *candidates, guint c)
{
  return complete_refit (self, vai_part_make_fit (candidates, c, self->rounds[c]));
}

static void
add_refits (const VaiPart *part, const GArray *candidates, GArray *fits)
{
  if (part->early != NULL && !part->is_flat)
    return;
  for (guint c = 0; c < candidates->len; c++)
    {
      if (part->is_flat ? c > 0 : part->weights[c] == 0)
        continue;
      VaiFit fit = part->is_flat ? complete_refit (part, make_flat_fit ()) : vai_part_make_refit (part, candidates, c);
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

static gboolean
refit (VaiFitContext *context, GArray *parts, const GArray *candidates, GError **error)
{
  g_autoptr (GArray) fits = vai_fits_new ();
  g_autofree guint *ends = g_new (guint, parts->len);
  for (guint p = 0; p < parts->len; p++)
    {
      add_refits (&g_array_index (parts, VaiPart, p), candidates, fits);
      ends[p] = fits->len;
    }
  if (!vai_fits_run (context, fits, NULL, NULL, error))
    return FALSE;
  for (guint p = 0, at = 0; p < parts->len; p++)
    {
      VaiPart *part = &g_array_index (parts, VaiPart, p);
      part->test_margins = filled (part->n_test, part->intercept);
      part->probe_margins = part->probe != NULL ? filled (part->probe->n_rows, part->intercept) : NULL;
      part->members = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_member_free);
      for (; at < ends[p]; at++)
        take_refit (part, &g_array_index (fits, VaiFit, at));
      if (part->early != NULL && !part->is_flat)
        take_refit (part, &g_array_index (part->early, VaiFit, 0));
      g_clear_pointer (&part->early, g_array_unref);
    }
  return TRUE;
}

typedef struct
{
  GArray *parts;
  const VaiProblem *problem;
} Combining;

static void
combine_parts (gsize from, gsize to, gpointer user_data)
{
  const Combining *combining = user_data;
  for (gsize p = from; p < to; p++)
    {
      VaiPart *part = &g_array_index (combining->parts, VaiPart, p);
      if (part->weights == NULL)
        vai_part_combine (part, combining->problem);
    }
}

gboolean
vai_parts_fit (VaiFitContext *context, GArray *parts, GArray *candidates, VaiEffort effort, GError **error)
{
  for (guint p = 0; p < parts->len; p++)
    {
      VaiPart *part = &g_array_index (parts, VaiPart, p);
      part->n_candidates = candidates->len;
      part->rounds = g_new0 (guint, candidates->len);
      part->inner_folds = count_inner_folds (effort);
      part->inner_repeats = count_inner_repeats (part->n_rows, effort);
    }
  if (!vai_parts_tune (context, parts, candidates, error))
    return FALSE;
  Combining combining = { parts, context->problem };
  vai_parallel_rows (parts->len, 1, context->threads, combine_parts, &combining);
  if (!vai_parts_check_forward (context, parts, candidates, error))
    return FALSE;
  return refit (context, parts, candidates, error);
}
