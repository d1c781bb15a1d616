#include "vai-validation.h"

#include "vai-error.h"
#include "vai-model-measure.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Under so many rows one partition is a matter of luck: three are averaged. */
#define REPEAT_ROWS_MAX 500
#define REPEATS_OF_SMALL 3

/* Purposes of seeds. */
#define SEED_SPLIT 101

void
vai_validation_free (VaiValidation *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->splits, g_ptr_array_unref);
  g_free (self);
}

static guint32 *
all_rows (gsize n)
{
  guint32 *rows = g_new (guint32, n);
  for (gsize i = 0; i < n; i++)
    rows[i] = i;
  return rows;
}

/* NULL: the dates do not allow it, and the problem's warnings say why. */
static GPtrArray *
walk_forward (VaiProblem *problem, const guint32 *rows, guint folds)
{
  guint n_skipped;
  guint blocks = folds > 0 ? folds + 1 : VAI_TRAIN_FOLDS;
  GPtrArray *splits = vai_folds_walk_forward (rows, problem->n, problem->won, problem->groups, problem->n_groups,
                                              problem->opened, problem->closed, blocks, &n_skipped);
  if (splits == NULL)
    vai_remarks_add (problem->warnings, VAI_REMARK_PERIODS_TOO_FEW, NULL, VAI_BLOCKS_MIN, VAI_BLOCK_CLASS_MIN);
  else if (n_skipped > 0)
    vai_remarks_add (problem->warnings, VAI_REMARK_PERIODS_SKIPPED, NULL, n_skipped, 0);
  return splits;
}

static gboolean
check_folds (const VaiProblem *problem, guint folds, GError **error)
{
  gsize most = MIN (MIN (problem->n_won, problem->n - problem->n_won) / 2, VAI_TRAIN_FOLDS_MAX);
  if (folds == 0 || (folds >= 2 && folds <= most))
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("%u folds cannot be made of these quotes: choose from 2 to %u."),
               folds, (guint) most);
  return FALSE;
}

VaiValidation *
vai_validation_new (VaiProblem *problem, const VaiTrainOptions *options, GError **error)
{
  if (!check_folds (problem, options->folds, error))
    return NULL;
  VaiValidation *self = g_new0 (VaiValidation, 1);
  g_autofree guint32 *rows = all_rows (problem->n);
  self->repeats = 1;
  if (options->by_date && problem->opened != NULL)
    self->splits = walk_forward (problem, rows, options->folds);
  self->walk_forward = self->splits != NULL;
  if (self->walk_forward)
    {
      self->folds = self->splits->len;
      return self;
    }
  self->folds = options->folds > 0 ? options->folds : VAI_TRAIN_FOLDS;
  if (problem->n < REPEAT_ROWS_MAX && options->effort != VAI_EFFORT_QUICK)
    self->repeats = REPEATS_OF_SMALL;
  self->splits = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_split_free);
  for (guint repeat = 0; repeat < self->repeats; repeat++)
    {
      g_autoptr (GPtrArray) splits
          = vai_folds_cross_validation (rows, problem->n, problem->won, problem->groups, problem->n_groups, self->folds,
                                        vai_fit_seed (options->seed, SEED_SPLIT, repeat, 0));
      g_ptr_array_set_free_func (splits, NULL);
      for (guint i = 0; i < splits->len; i++)
        g_ptr_array_add (self->splits, g_ptr_array_index (splits, i));
    }
  return self;
}

void
vai_tested_free (VaiTested *self)
{
  if (self == NULL)
    return;
  g_free (self->rows);
  g_free (self->won);
  g_free (self->units);
  g_free (self->probability);
  g_free (self->called);
  g_free (self->base);
  g_free (self);
}

/* Quotes of one time share what happened in it, so whole blocks of time are drawn. */
static void
make_time_units (VaiTested *self, const VaiProblem *problem)
{
  g_autofree gint64 *opened = g_new (gint64, MAX (self->n, 1));
  for (gsize i = 0; i < self->n; i++)
    opened[i] = problem->opened[self->rows[i]];
  vai_model_time_units (opened, self->n, self->units);
}

static VaiTested *
tested_alloc (gsize n)
{
  VaiTested *self = g_new0 (VaiTested, 1);
  self->rows = g_new (guint32, n);
  self->won = g_new (guint8, n);
  self->units = g_new (guint32, n);
  self->probability = g_new0 (double, n);
  self->called = g_new0 (double, n);
  self->base = g_new0 (double, n);
  return self;
}

VaiTested *
vai_tested_new (const VaiValidation *validation, const VaiProblem *problem, const GArray *parts)
{
  VaiTested *self = tested_alloc (problem->n);
  g_autofree guint32 *place = g_new (guint32, problem->n);
  memset (place, 0xff, problem->n * sizeof *place);
  for (guint p = 0; p < validation->splits->len; p++)
    {
      const VaiSplit *split = g_ptr_array_index (validation->splits, p);
      for (gsize i = 0; i < split->n_test; i++)
        place[split->test[i]] = 0;
    }
  for (gsize row = 0; row < problem->n; row++)
    if (place[row] == 0)
      {
        self->rows[self->n] = row;
        self->won[self->n] = problem->won[row];
        self->units[self->n] = problem->groups[row];
        place[row] = self->n++;
      }
  for (guint p = 0; p < validation->splits->len; p++)
    {
      const VaiPart *part = &g_array_index (parts, VaiPart, p);
      for (gsize i = 0; i < part->n_test; i++)
        {
          guint32 at = place[part->test[i]];
          double probability = vai_calibrator_apply (part->calibrator, part->test_margins[i]);
          self->probability[at] += probability / validation->repeats;
          self->called[at] += (probability >= part->threshold ? 1.0 : 0.0) / validation->repeats;
          self->base[at] += vai_sigmoid (part->base_margin) / validation->repeats;
        }
    }
  if (validation->walk_forward)
    make_time_units (self, problem);
  return self;
}

static const VaiMetric of_labels[] = { VAI_METRIC_ACCURACY, VAI_METRIC_PRECISION, VAI_METRIC_RECALL, VAI_METRIC_F1 };
static const VaiMetric of_ranks[] = { VAI_METRIC_AUC_ROC, VAI_METRIC_AVERAGE_PRECISION };

static void
take_metrics (VaiMetrics *to, const VaiMetrics *from, const VaiMetric *which, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      to->value[which[i]] = from->value[which[i]];
      to->low[which[i]] = from->low[which[i]];
      to->high[which[i]] = from->high[which[i]];
    }
}

void
vai_tested_measure (const VaiTested *self, VaiModel *model, guint threads)
{
  g_autofree double *same = g_new (double, MAX (self->n, 1));
  for (gsize i = 0; i < self->n; i++)
    same[i] = 0.5;
  VaiMetrics labels, guess;
  VaiMetrics *metrics[] = { &model->at_half, &labels, &guess, &model->baseline };
  /* Second: what the thresholds of the training parts called won. */
  const double *probabilities[] = { self->probability, self->called, same, self->base };
  for (guint i = 0; i < G_N_ELEMENTS (metrics); i++)
    vai_metrics_compute (metrics[i], self->won, probabilities[i], self->n, 0.5);
  VaiPredictions data = { metrics, probabilities, G_N_ELEMENTS (metrics), self->won, self->units, self->n };
  vai_metrics_bootstrap_all (&data, &model->against_baseline, VAI_MODEL_REPLICATES,
                             vai_model_bootstrap_seed (model->seed), threads);
  /* The base rates of the training parts differ by a hair, and are lower where the tested part has more won: ranked by
   * them, guessing would look worse than chance. One constant for all rows ranks nothing. */
  take_metrics (&model->baseline, &guess, of_ranks, G_N_ELEMENTS (of_ranks));
  /* The metrics without a threshold are the same at any. */
  model->at_threshold = model->at_half;
  model->at_threshold.threshold = model->threshold;
  take_metrics (&model->at_threshold, &labels, of_labels, G_N_ELEMENTS (of_labels));
}
