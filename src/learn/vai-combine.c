#include "vai-blend.h"
#include "vai-part.h"
#include "vai-rank-evidence.h"

#include <math.h>
#include <string.h>

/* Pull of the blend towards equal weights, on the summed log loss: as much as some ten rows say. */
#define BLEND_SHRINK 10

/* A member whose part in the combined margin is smaller costs more time than it is worth. */
#define MEMBER_SHARE_MIN 0.02

/* Standard errors of the AUC above one half, under which a part answers with the base rate: one set of noise in forty
 * passes. A test of the log loss against the base rate's, as strict, refused half of the simulated sets of 120 quotes
 * with a strong signal; this one refuses a quarter. */
#define RANK_Z 2.0

typedef struct
{
  VaiPart *part;
  gsize n;
  guint8 *won; /* by row of the part */
  guint32 *groups;
  guint8 *fold; /* inner fold of the first repeat */
  guint kept[VAI_CANDIDATES_MAX];
  guint n_kept;
} Combine;

/* The kept candidates' margins of the rows that are (@inside) or are not in @fold, with their outcomes; @fold
 * G_MAXUINT: of no fold. */
static gsize
gather (const Combine *self, guint fold, gboolean inside, double *margins, guint8 *won)
{
  gsize n = 0;
  for (gsize i = 0; i < self->n; i++)
    if ((self->fold[i] == fold) == inside)
      {
        for (guint k = 0; k < self->n_kept; k++)
          margins[n * self->n_kept + k] = self->part->inner[i * self->part->n_candidates + self->kept[k]];
        won[n++] = self->won[i];
      }
  return n;
}

static double
combine_row (const Combine *self, gsize row, const double *weights, double intercept)
{
  double margin = intercept;
  for (guint k = 0; k < self->n_kept; k++)
    margin += weights[k] * self->part->inner[row * self->part->n_candidates + self->kept[k]];
  return margin;
}

/* Combined margins of rows that had no say in the weights. */
static void
cross_blend (const Combine *self, double *margins)
{
  g_autofree double *x = g_new (double, self->n * self->n_kept);
  g_autofree guint8 *won = g_new (guint8, self->n);
  for (guint fold = 0; fold < self->part->inner_folds; fold++)
    {
      double weights[VAI_CANDIDATES_MAX], intercept;
      gsize n = gather (self, fold, FALSE, x, won);
      vai_blend_fit (x, won, n, self->n_kept, BLEND_SHRINK, weights, &intercept);
      for (gsize i = 0; i < self->n; i++)
        if (self->fold[i] == fold)
          margins[i] = combine_row (self, i, weights, intercept);
    }
}

/* Do margins of rows that had no say in them rank the outcomes? A part whose margins do not answers with the base rate.
 */
static gboolean
ranks_outcomes (const Combine *self, guint n_groups)
{
  g_autofree double *margins = g_new (double, self->n);
  cross_blend (self, margins);
  VaiRankEvidence evidence = { 0 };
  vai_rank_evidence_add (&evidence, self->won, margins, self->groups, self->n, n_groups);
  return vai_rank_evidence_z (&evidence) >= RANK_Z;
}

static double
deviation (const Combine *self, guint candidate)
{
  double sum = 0, squares = 0;
  for (gsize i = 0; i < self->n; i++)
    {
      double margin = self->part->inner[i * self->part->n_candidates + candidate];
      sum += margin;
      squares += margin * margin;
    }
  double mean = sum / self->n;
  return sqrt (MAX (squares / self->n - mean * mean, 0));
}

/* Drops the candidates with a negligible share. */
static void
drop_negligible (Combine *self, const double *weights)
{
  double shares[VAI_CANDIDATES_MAX], whole = 0;
  for (guint k = 0; k < self->n_kept; k++)
    whole += shares[k] = weights[k] * deviation (self, self->kept[k]);
  guint n = 0;
  for (guint k = 0; k < self->n_kept; k++)
    if (shares[k] >= MEMBER_SHARE_MIN * whole && whole > 0)
      self->kept[n++] = self->kept[k];
  self->n_kept = MAX (n, 1);
}

static void
fit_weights (Combine *self)
{
  VaiPart *part = self->part;
  double weights[VAI_CANDIDATES_MAX] = { 1 }, intercept = 0;
  g_autofree double *x = g_new (double, self->n * self->n_kept);
  g_autofree guint8 *won = g_new (guint8, self->n);
  /* One algorithm stays as it is; its calibrator does the rest. */
  for (guint pass = 0; pass < 2 && part->n_candidates > 1; pass++)
    {
      gsize n = gather (self, G_MAXUINT, FALSE, x, won);
      vai_blend_fit (x, won, n, self->n_kept, BLEND_SHRINK, weights, &intercept);
      if (pass == 0)
        drop_negligible (self, weights);
    }
  for (guint k = 0; k < self->n_kept; k++)
    part->weights[self->kept[k]] = weights[k];
  part->intercept = intercept;
  for (gsize i = 0; i < self->n; i++)
    part->blended[i] = combine_row (self, i, weights, intercept);
}

/* Probabilities from calibrators of the chosen kind that had not seen the row. */
static void
cross_calibrate (const Combine *self)
{
  VaiPart *part = self->part;
  VaiCalibration kind = vai_calibrator_get_kind (part->calibrator);
  g_autofree double *margins = g_new (double, self->n);
  g_autofree guint8 *won = g_new (guint8, self->n);
  for (guint fold = 0; fold < part->inner_folds; fold++)
    {
      gsize n = 0;
      for (gsize i = 0; i < self->n; i++)
        if (self->fold[i] != fold)
          {
            margins[n] = part->blended[i];
            won[n++] = self->won[i];
          }
      g_autoptr (VaiCalibrator) calibrator = vai_calibrator_fit (kind, margins, won, n);
      for (gsize i = 0; i < self->n; i++)
        if (self->fold[i] == fold)
          part->probability[i] = vai_calibrator_apply (calibrator, part->blended[i]);
    }
}

void
vai_part_flatten (VaiPart *self)
{
  self->is_flat = TRUE;
  memset (self->weights, 0, sizeof (double) * self->n_candidates);
  self->intercept = 0;
  for (gsize i = 0; self->keep && i < self->n_rows; i++)
    {
      self->blended[i] = self->base_margin;
      self->probability[i] = vai_sigmoid (self->base_margin);
    }
  g_clear_pointer (&self->calibrator, vai_calibrator_free);
  self->calibrator = vai_calibrator_fit (VAI_CALIBRATION_NONE, NULL, NULL, 0);
  self->threshold = 0.5;
}

static void
combine_init (Combine *self, VaiPart *part, const VaiProblem *problem)
{
  *self = (Combine){ .part = part, .n = part->n_rows, .n_kept = part->n_candidates };
  self->won = g_new (guint8, self->n);
  self->groups = g_new (guint32, self->n);
  self->fold = g_new0 (guint8, self->n);
  g_autofree guint32 *position = g_new (guint32, problem->n);
  gsize n_won = 0;
  for (gsize i = 0; i < self->n; i++)
    {
      position[part->rows[i]] = i;
      self->won[i] = problem->won[part->rows[i]];
      self->groups[i] = problem->groups[part->rows[i]];
      n_won += self->won[i];
    }
  for (guint fold = 0; fold < part->inner_folds; fold++)
    {
      const VaiSplit *split = g_ptr_array_index (part->splits, fold);
      for (gsize i = 0; i < split->n_test; i++)
        self->fold[position[split->test[i]]] = fold;
    }
  for (guint k = 0; k < self->n_kept; k++)
    self->kept[k] = k;
  /* As the baseline learner: half a row more of each class, so that it is never certain. */
  part->base_margin = log (((double) n_won + 0.5) / ((double) (self->n - n_won) + 0.5));
}

static void
combine_clear (Combine *self)
{
  g_free (self->won);
  g_free (self->groups);
  g_free (self->fold);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Combine, combine_clear)

/* What only the choice needed; @blended and @probability are asked for of a part that keeps its members. */
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

void
vai_part_combine (VaiPart *self, const VaiProblem *problem)
{
  g_auto (Combine) combine = { 0 };
  combine_init (&combine, self, problem);
  self->weights = g_new0 (double, self->n_candidates);
  self->blended = g_new (double, self->n_rows);
  self->probability = g_new (double, self->n_rows);
  fit_weights (&combine);
  if (ranks_outcomes (&combine, problem->n_groups))
    {
      self->calibrator = vai_calibrator_choose (self->blended, combine.won, combine.groups, self->n_rows, self->seed);
      cross_calibrate (&combine);
      self->threshold = vai_metrics_best_f1_threshold (combine.won, self->probability, self->n_rows);
    }
  else
    vai_part_flatten (self);
  forget_inside (self);
}
