#include "vai-report.h"

#include "vai-band.h"
#include "vai-chart-kinds.h"
#include "vai-error.h"
#include "vai-format.h"
#include "vai-periods.h"
#include "vai-time.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const char *const kinds[] = { "roc",       "precision-recall", "calibration", "gain",     "lift",
                                     "confusion", "importance",       "histogram",   "win-rate", NULL };

typedef struct
{
  gsize found, missed, false_hope, rightly_left;
} Counts;

/* The past quotes that the metrics measure: a walk-forward validation leaves the first period out. */
typedef struct
{
  guint8 *won;
  double *probability;
  guint32 *groups;
  gsize n;
} Tested;

static void
tested_clear (Tested *self)
{
  g_free (self->won);
  g_free (self->probability);
  g_free (self->groups);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tested, tested_clear)

static void
tested_init (Tested *self, const VaiReference *past)
{
  guint n = past->frame->n_rows;
  *self = (Tested){ g_new (guint8, n), g_new (double, n), past->groups != NULL ? g_new (guint32, n) : NULL, 0 };
  for (guint i = 0; i < n; i++)
    {
      if (past->tested != NULL && !past->tested[i])
        continue;
      self->won[self->n] = past->won[i];
      self->probability[self->n] = past->probability[i];
      if (past->groups != NULL)
        self->groups[self->n] = past->groups[i];
      self->n++;
    }
}

static Counts
count_calls (const Tested *past, double threshold)
{
  Counts counts = { 0 };
  for (gsize i = 0; i < past->n; i++)
    {
      gboolean called = past->probability[i] >= threshold;
      if (past->won[i])
        *(called ? &counts.found : &counts.missed) += 1;
      else
        *(called ? &counts.false_hope : &counts.rightly_left) += 1;
    }
  return counts;
}

static double
share (gsize part, gsize rest)
{
  return part + rest > 0 ? (double) part / (part + rest) : NAN;
}

typedef void (*CurveFunc) (const guint8 *won, const double *probability, gsize n, GArray **x, GArray **y);

static VaiChart *
make_curve (const VaiModel *model, const Tested *past, VaiChartKind kind, double threshold)
{
  CurveFunc func = kind == VAI_CHART_ROC                ? vai_metrics_roc
                   : kind == VAI_CHART_PRECISION_RECALL ? vai_metrics_precision_recall
                                                        : vai_metrics_gain;
  Counts counts = count_calls (past, threshold);
  gsize n = past->n;
  VaiQualityCurve curve = { .threshold = threshold, .point_x = NAN, .point_y = NAN, .base_rate = model->base_rate };
  if (counts.found + counts.missed == 0 || counts.false_hope + counts.rightly_left == 0)
    n = 0;
  g_autoptr (GArray) x = NULL, y = NULL;
  if (n > 0)
    func (past->won, past->probability, n, &x, &y);
  curve.n = n > 0 ? MIN (x->len, y->len) : 0;
  curve.x = n > 0 ? (const double *) x->data : NULL;
  curve.y = n > 0 ? (const double *) y->data : NULL;
  VaiBand band;
  if (n > 0 && (kind == VAI_CHART_ROC || kind == VAI_CHART_GAIN)
      && vai_band_compute (&band, kind == VAI_CHART_ROC ? VAI_BAND_ROC : VAI_BAND_GAIN, past->won, past->probability,
                           past->groups, n))
    {
      curve.band_x = band.x;
      curve.band_low = band.low;
      curve.band_high = band.high;
      curve.n_band = VAI_BAND_POINTS;
    }
  VaiMetric metric = kind == VAI_CHART_ROC ? VAI_METRIC_AUC_ROC : VAI_METRIC_AVERAGE_PRECISION;
  curve.value = model->at_half.value[metric];
  curve.low = model->at_half.low[metric];
  curve.high = model->at_half.high[metric];
  if (kind == VAI_CHART_GAIN)
    return vai_chart_new_gain (&curve);
  if (kind == VAI_CHART_LIFT)
    return vai_chart_new_lift (&curve);
  double recall = share (counts.found, counts.missed);
  curve.point_x = kind == VAI_CHART_ROC ? share (counts.false_hope, counts.rightly_left) : recall;
  curve.point_y = kind == VAI_CHART_ROC ? recall : share (counts.found, counts.false_hope);
  return kind == VAI_CHART_ROC ? vai_chart_new_roc (&curve) : vai_chart_new_precision_recall (&curve);
}

static VaiChart *
make_importance (const VaiModel *model)
{
  guint n = model->schema->features->len;
  g_autofree const char **names = g_new (const char *, MAX (n, 1));
  for (guint f = 0; f < n; f++)
    names[f] = vai_schema_feature (model->schema, f)->name;
  return vai_chart_new_importance (names, model->importance, NULL, NULL, model->importance != NULL ? n : 0);
}

static VaiChart *
make_win_rate (const VaiModel *model)
{
  const VaiReference *past = &model->reference;
  guint n = past->frame->n_rows;
  g_autofree double *predicted = g_memdup2 (past->probability, n * sizeof *predicted);
  for (guint i = 0; past->tested != NULL && i < n; i++)
    if (!past->tested[i])
      predicted[i] = NAN;
  g_autoptr (VaiPeriods) periods = vai_periods_new (past->opened, past->won, predicted, n);
  return vai_chart_new_win_rate ((const char *const *) periods->names->pdata, (const guint *) periods->n_won->data,
                                 (const guint *) periods->n_decided->data, (const double *) periods->predicted->data,
                                 periods->names->len, periods->partial);
}

VaiChart *
vai_report_chart_new (const VaiModel *model, const char *kind, double threshold, GError **error)
{
  VaiChartKind found;
  gboolean known = g_strv_contains (kinds, kind) && vai_chart_kind_from_name (kind, &found);
  if (!known)
    {
      g_autofree char *list = g_strjoinv (", ", (GStrv) kinds);
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE,
                   _ ("There is no chart “%s”. The charts of a model are: %s; of one quote: waterfall."), kind, list);
      return NULL;
    }
  g_auto (Tested) past = { 0 };
  tested_init (&past, &model->reference);
  const VaiMetrics *metrics = &model->at_half;
  Counts counts = count_calls (&past, threshold);
  switch (found)
    {
    case VAI_CHART_CALIBRATION:
      return vai_chart_new_calibration (
          past.won, past.probability, past.n, metrics->value[VAI_METRIC_CALIBRATION_ERROR],
          metrics->low[VAI_METRIC_CALIBRATION_ERROR], metrics->high[VAI_METRIC_CALIBRATION_ERROR]);
    case VAI_CHART_CONFUSION:
      return vai_chart_new_confusion (counts.found, counts.missed, counts.false_hope, counts.rightly_left, threshold);
    case VAI_CHART_IMPORTANCE:
      return make_importance (model);
    case VAI_CHART_HISTOGRAM:
      return vai_chart_new_histogram (past.won, past.probability, past.n);
    case VAI_CHART_WIN_RATE:
      return make_win_rate (model);
    default:
      return make_curve (model, &past, found, threshold);
    }
}

static char *
dup_value (const VaiFrame *frame, guint row, guint feature)
{
  if (vai_frame_is_missing (frame, row, feature))
    return g_strdup (_ ("not given"));
  const VaiFeature *column = vai_schema_feature (frame->schema, feature);
  const double *numbers = frame->columns[feature].numbers;
  if (frame->columns[feature].type == VAI_TYPE_DATE)
    return vai_format_date_time (llround (numbers[row] * VAI_SECONDS_PER_DAY));
  gboolean number = frame->columns[feature].type == VAI_TYPE_NUMBER;
  g_autofree char *text
      = number ? vai_format_value (numbers[row], MIN (column->decimals, 6)) : vai_frame_dup_text (frame, row, feature);
  const char *unit = vai_feature_unit (column);
  if (unit == NULL)
    return g_steal_pointer (&text);
  return g_strconcat (text, g_str_equal (unit, "%") ? "" : " ", unit, NULL);
}

VaiChart *
vai_report_waterfall_new (const VaiModel *model,
                          const VaiFrame *frame,
                          guint row,
                          const VaiScore *score,
                          const double *contributions)
{
  guint n = model->schema->features->len;
  g_autofree VaiWaterfallStep *steps = g_new0 (VaiWaterfallStep, MAX (n, 1));
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  for (guint f = 0; f < n; f++)
    {
      char *value = dup_value (frame, row, f);
      g_ptr_array_add (values, value);
      steps[f] = (VaiWaterfallStep){ vai_schema_feature (model->schema, f)->name, value, contributions[f],
                                     vai_frame_is_missing (frame, row, f) };
    }
  return vai_chart_new_waterfall (steps, n, model->base_rate, score->win_probability);
}

VaiChart *
vai_report_curve_chart_new (const VaiModel *model, const VaiCurve *curve, double now, const char *currency)
{
  const VaiFeature *feature = vai_schema_feature (model->schema, curve->feature);
  guint n = curve->points->len;
  g_autofree double *values = g_new (double, MAX (n, 1) * 6);
  g_autofree gboolean *supported = g_new (gboolean, MAX (n, 1));
  double *x = values, *chance = x + n, *low = chance + n, *high = low + n, *revenue = high + n, *margin = revenue + n;
  gboolean has_revenue = FALSE, has_margin = FALSE;
  for (guint i = 0; i < n; i++)
    {
      const VaiCurvePoint *point = &g_array_index (curve->points, VaiCurvePoint, i);
      x[i] = point->x;
      chance[i] = point->score.win_probability;
      low[i] = point->score.low;
      high[i] = point->score.high;
      revenue[i] = point->expected_revenue;
      margin[i] = point->expected_margin;
      supported[i] = point->supported;
      has_revenue |= isfinite (revenue[i]);
      has_margin |= isfinite (margin[i]);
    }
  VaiCourse course = { .name = feature->name,
                       .unit = vai_feature_unit (feature),
                       .x = x,
                       .chance = chance,
                       .low = low,
                       .high = high,
                       .supported = supported,
                       .n = n,
                       .currency = currency,
                       .now = now };
  course.earned = has_margin ? margin : has_revenue ? revenue : NULL;
  course.earned_name = has_margin ? _ ("Expected margin") : _ ("Expected revenue");
  course.warning
      = curve->confounded ? _ ("Higher discounts went mostly to hard deals: the real effect may be stronger.") : NULL;
  return vai_chart_new_curve (&course);
}

VaiChart *
vai_report_dependence_chart_new (const VaiModel *model, guint feature, const VaiPartialDependence *dependence)
{
  const VaiFeature *column = vai_schema_feature (model->schema, feature);
  gboolean numbers = column->type == VAI_TYPE_NUMBER;
  return vai_chart_new_dependence (
      column->name, (const char *const *) dependence->labels->pdata,
      numbers ? (const double *) dependence->x->data : NULL, (const double *) dependence->probability->data,
      (const guint *) dependence->support->data, dependence->probability->len, model->base_rate);
}
