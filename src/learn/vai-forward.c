/* A pattern that holds among quotes of the same time and not for later ones is of no use: whoever scores a quote scores
 * a later one. Where opening dates are known, a part whose combination cannot rank later quotes answers with the base
 * rate. */
#include "vai-part.h"
#include "vai-rank-evidence.h"

/* The first trains, the others are each ranked by what was decided before. */
#define BLOCKS (VAI_BLOCKS_MIN + 1)

/* Standard errors of the mean AUC of the blocks above one half: one set of noise in twenty passes. */
#define RANK_Z 1.645

#define SEED_FORWARD 301

static GPtrArray *
make_splits (const VaiPart *part, const VaiProblem *problem)
{
  guint n_skipped;
  return part->is_flat
             ? NULL
             : vai_folds_walk_forward (part->rows, part->n_rows, problem->won, problem->groups, problem->n_groups,
                                       problem->opened, problem->closed, BLOCKS, &n_skipped);
}

static void
add_fits (const VaiPart *part, GPtrArray *splits, const GArray *candidates, GArray *fits)
{
  for (guint k = 0; k < splits->len; k++)
    for (guint c = 0; c < candidates->len; c++)
      {
        if (part->weights[c] == 0)
          continue;
        const VaiSplit *split = g_ptr_array_index (splits, k);
        VaiFit fit = vai_part_make_inner_fit (part, candidates, c);
        fit.train = split->train;
        fit.n_train = split->n_train;
        fit.test = split->test;
        fit.n_test = split->n_test;
        fit.seed = vai_fit_seed (part->seed, SEED_FORWARD, c, k);
        g_array_append_val (fits, fit);
      }
}

static void
add_block (VaiRankEvidence *evidence, const VaiSplit *split, const double *margins, const VaiProblem *problem)
{
  g_autofree guint8 *won = g_new (guint8, split->n_test);
  g_autofree guint32 *groups = g_new (guint32, split->n_test);
  for (gsize i = 0; i < split->n_test; i++)
    {
      won[i] = problem->won[split->test[i]];
      groups[i] = problem->groups[split->test[i]];
    }
  vai_rank_evidence_add (evidence, won, margins, groups, split->n_test, problem->n_groups);
}

/* Takes the fits of one part from @at on; gives the first of the next. */
static guint
judge (VaiPart *part, GPtrArray *splits, const GArray *candidates, GArray *fits, guint at, const VaiProblem *problem)
{
  VaiRankEvidence evidence = { 0 };
  for (guint k = 0; k < splits->len; k++)
    {
      const VaiSplit *split = g_ptr_array_index (splits, k);
      g_autofree double *margins = g_new (double, split->n_test);
      for (gsize i = 0; i < split->n_test; i++)
        margins[i] = part->intercept;
      for (guint c = 0; c < candidates->len; c++)
        {
          if (part->weights[c] == 0)
            continue;
          const VaiFit *fit = &g_array_index (fits, VaiFit, at++);
          for (gsize i = 0; i < split->n_test; i++)
            margins[i] += part->weights[c] * fit->margins[i];
        }
      add_block (&evidence, split, margins, problem);
    }
  if (vai_rank_evidence_z (&evidence) < RANK_Z)
    {
      vai_part_flatten (part);
      part->fails_forward = TRUE;
    }
  return at;
}

static void
free_splits (gpointer splits)
{
  if (splits != NULL)
    g_ptr_array_unref (splits);
}

gboolean
vai_parts_check_forward (VaiFitContext *context, GArray *parts, const GArray *candidates, GError **error)
{
  const VaiProblem *problem = context->problem;
  if (problem->opened == NULL)
    return TRUE;
  g_autoptr (GArray) fits = vai_fits_new ();
  g_autoptr (GPtrArray) all_splits = g_ptr_array_new_with_free_func (free_splits);
  for (guint p = 0; p < parts->len; p++)
    {
      const VaiPart *part = &g_array_index (parts, VaiPart, p);
      GPtrArray *splits = make_splits (part, problem);
      g_ptr_array_add (all_splits, splits);
      if (splits != NULL)
        add_fits (part, splits, candidates, fits);
    }
  if (!vai_fits_run (context, fits, NULL, NULL, error))
    return FALSE;
  for (guint p = 0, at = 0; p < parts->len; p++)
    {
      GPtrArray *splits = g_ptr_array_index (all_splits, p);
      if (splits != NULL)
        at = judge (&g_array_index (parts, VaiPart, p), splits, candidates, fits, at, problem);
    }
  return TRUE;
}
