#include "vai-metrics-private.h"

#include "vai-ranking.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const char *const names[VAI_N_METRICS] = {
  [VAI_METRIC_ACCURACY] = "accuracy",
  [VAI_METRIC_PRECISION] = "precision",
  [VAI_METRIC_RECALL] = "recall",
  [VAI_METRIC_F1] = "f1",
  [VAI_METRIC_AUC_ROC] = "auc_roc",
  [VAI_METRIC_AVERAGE_PRECISION] = "average_precision",
  [VAI_METRIC_BRIER] = "brier",
  [VAI_METRIC_LOG_LOSS] = "log_loss",
  [VAI_METRIC_CALIBRATION_ERROR] = "calibration_error",
};

const char *
vai_metric_name (VaiMetric metric)
{
  g_return_val_if_fail (metric < VAI_N_METRICS, NULL);
  return names[metric];
}

double
vai_metrics_row_loss (double probability, guint8 won)
{
  double p = CLAMP (probability, DBL_EPSILON, 1 - DBL_EPSILON);
  return won ? -log (p) : -log1p (-p);
}

void
vai_measured_init (VaiMeasured *self, const guint8 *won, const double *probability, gsize n, double threshold)
{
  g_auto (VaiRanking) ranking = { 0 };
  vai_ranking_init (&ranking, won, probability, n);
  *self = (VaiMeasured){ .n = n };
  self->run = g_new (guint32, MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    {
      self->n_runs += i == 0 || ranking.probability[i] != ranking.probability[i - 1];
      self->run[i] = self->n_runs - 1;
    }
  self->probability = g_new (double, self->n_runs + 1);
  self->loss_won = g_new (double, self->n_runs + 1);
  self->loss_lost = g_new (double, self->n_runs + 1);
  for (gsize i = 0; i < n; i++)
    self->probability[self->run[i]] = ranking.probability[i];
  for (gsize k = 0; k < self->n_runs; k++)
    {
      self->loss_won[k] = vai_metrics_row_loss (self->probability[k], 1);
      self->loss_lost[k] = vai_metrics_row_loss (self->probability[k], 0);
      self->first_called += self->probability[k] < threshold;
    }
  self->source = g_steal_pointer (&ranking.row);
  self->won = g_steal_pointer (&ranking.won);
}

void
vai_measured_clear (VaiMeasured *self)
{
  g_clear_pointer (&self->source, g_free);
  g_clear_pointer (&self->run, g_free);
  g_clear_pointer (&self->won, g_free);
  g_clear_pointer (&self->probability, g_free);
  g_clear_pointer (&self->loss_won, g_free);
  g_clear_pointer (&self->loss_lost, g_free);
}

static void
metrics_reset (VaiMetrics *self)
{
  for (guint m = 0; m < VAI_N_METRICS; m++)
    self->value[m] = self->low[m] = self->high[m] = NAN;
}

void
vai_metrics_compute (VaiMetrics *self, const guint8 *won, const double *probability, gsize n, double threshold)
{
  metrics_reset (self);
  self->threshold = threshold;
  self->n = n;
  self->n_won = 0;
  for (gsize i = 0; i < n; i++)
    self->n_won += won[i] != 0;
  if (n == 0)
    return;
  g_auto (VaiMeasured) measured = { 0 };
  vai_measured_init (&measured, won, probability, n, threshold);
  double value[VAI_MEASURED_LANES][VAI_N_METRICS];
  vai_measured_walk (&measured, NULL, value);
  memcpy (self->value, value[0], sizeof self->value);
}

double
vai_metrics_auc (const guint8 *won, const double *probability, gsize n)
{
  g_auto (VaiRanking) ranking = { 0 };
  vai_ranking_init (&ranking, won, probability, n);
  double won_all = 0, lost_all = 0, pairs = 0;
  for (gsize i = 0, end; i < n; i = end)
    {
      double won_here = 0;
      for (end = i; end < n && ranking.probability[end] == ranking.probability[i]; end++)
        won_here += ranking.won[end];
      double lost_here = (double) (end - i) - won_here;
      pairs += won_here * (lost_all + 0.5 * lost_here);
      won_all += won_here;
      lost_all += lost_here;
    }
  return won_all > 0 && lost_all > 0 ? pairs / (won_all * lost_all) : NAN;
}
