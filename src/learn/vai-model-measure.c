#include "vai-model-measure.h"

#include "vai-fit.h"

#include <math.h>
#include <stdlib.h>

/* Three won quotes in four stand above a lost one. */
#define AUC_GOOD 0.75

/* In points of probability. */
#define HONEST_ERROR 0.05

/* Blocks of time that a bootstrap draws with walk-forward. */
#define TIME_UNITS 50

/* Purpose of a seed. */
#define SEED_BOOTSTRAP 102

guint64
vai_model_bootstrap_seed (guint64 seed)
{
  return vai_fit_seed (seed, SEED_BOOTSTRAP, 0, 0);
}

typedef struct
{
  gint64 opened;
  guint32 row;
} DatedRow;

static int
compare_dated (gconstpointer a, gconstpointer b)
{
  const DatedRow *x = a, *y = b;
  if (x->opened != y->opened)
    return x->opened < y->opened ? -1 : 1;
  return x->row < y->row ? -1 : x->row > y->row;
}

void
vai_model_time_units (const gint64 *opened, gsize n, guint32 *units)
{
  g_autofree DatedRow *dated = g_new (DatedRow, MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    dated[i] = (DatedRow){ .opened = opened[i], .row = i };
  qsort (dated, n, sizeof *dated, compare_dated);
  for (gsize i = 0; i < n; i++)
    units[dated[i].row] = i * TIME_UNITS / n;
}

/* The tested quotes that stay with a model, as plain arrays. */
typedef struct
{
  gsize n;
  double *probability;
  guint8 *won;
  guint32 *units; /* what a bootstrap draws; nullable */
} Quotes;

static void
quotes_clear (Quotes *self)
{
  g_clear_pointer (&self->probability, g_free);
  g_clear_pointer (&self->won, g_free);
  g_clear_pointer (&self->units, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Quotes, quotes_clear)

static void
quotes_collect (Quotes *self, const VaiModel *model)
{
  const VaiReference *past = &model->reference;
  gsize n = past->frame != NULL ? past->frame->n_rows : 0;
  gboolean by_date = g_strcmp0 (model->validation, "walk-forward") == 0 && past->opened != NULL;
  g_autofree gint64 *opened = by_date ? g_new (gint64, MAX (n, 1)) : NULL;

  self->probability = g_new (double, MAX (n, 1));
  self->won = g_new (guint8, MAX (n, 1));
  self->units = by_date || past->groups != NULL ? g_new (guint32, MAX (n, 1)) : NULL;
  for (gsize i = 0; i < n; i++)
    {
      if ((past->tested != NULL && !past->tested[i]) || !isfinite (past->probability[i]))
        continue;
      self->probability[self->n] = past->probability[i];
      self->won[self->n] = past->won[i] != 0;
      if (by_date)
        opened[self->n] = past->opened[i];
      else if (self->units != NULL)
        self->units[self->n] = past->groups[i];
      self->n++;
    }
  if (by_date)
    vai_model_time_units (opened, self->n, self->units);
}

void
vai_model_measure (const VaiModel *self, double threshold, VaiMetrics *metrics)
{
  static const VaiMetric of_labels[] = { VAI_METRIC_ACCURACY, VAI_METRIC_PRECISION, VAI_METRIC_RECALL, VAI_METRIC_F1 };
  g_auto (Quotes) quotes = { 0 };
  VaiMetrics labels;

  *metrics = self->at_half;
  if (threshold == self->at_half.threshold)
    return;
  quotes_collect (&quotes, self);
  metrics->threshold = threshold;
  if (quotes.n == 0)
    return;
  vai_metrics_compute (&labels, quotes.won, quotes.probability, quotes.n, threshold);
  vai_metrics_bootstrap (&labels, quotes.won, quotes.probability, quotes.units, quotes.n, VAI_MODEL_REPLICATES,
                         vai_model_bootstrap_seed (self->seed));
  for (guint i = 0; i < G_N_ELEMENTS (of_labels); i++)
    {
      metrics->value[of_labels[i]] = labels.value[of_labels[i]];
      metrics->low[of_labels[i]] = labels.low[of_labels[i]];
      metrics->high[of_labels[i]] = labels.high[of_labels[i]];
    }
}

gboolean
vai_model_ranks_well (const VaiModel *self)
{
  return self->at_half.value[VAI_METRIC_AUC_ROC] >= AUC_GOOD;
}

gboolean
vai_model_is_honest (const VaiModel *self)
{
  return self->at_half.value[VAI_METRIC_CALIBRATION_ERROR] <= HONEST_ERROR;
}

double
vai_model_guess (const VaiModel *self, VaiMetric metric)
{
  const VaiMetrics *tested = &self->at_half;

  switch (metric)
    {
    case VAI_METRIC_PRECISION:
      return tested->n > 0 ? (double) tested->n_won / tested->n : NAN;
    case VAI_METRIC_ACCURACY:
    case VAI_METRIC_AUC_ROC:
    case VAI_METRIC_AVERAGE_PRECISION:
    case VAI_METRIC_BRIER:
    case VAI_METRIC_LOG_LOSS:
      return self->baseline.value[metric];
    /* Calling all won, or none, is no recall; one chance for all is right on average. */
    case VAI_METRIC_RECALL:
    case VAI_METRIC_F1:
    case VAI_METRIC_CALIBRATION_ERROR:
    case VAI_N_METRICS:
    default:
      return NAN;
    }
}
