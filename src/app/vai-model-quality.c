#include "vai-model-quality.h"

#include "vai-band.h"
#include "vai-chart-kinds.h"
#include "vai-model-measure.h"
#include "vai-report.h"
#include "vai-time.h"

#include <math.h>
#include <string.h>

#define REPLAY_DAYS 92
#define REPLAY_WORKED 0.4
#define REPLAY_ROWS_MIN 20 /* fewer quotes are no quarter to speak of */
#define CURVE_POINTS_MAX 400

/* One tested quote. */
typedef struct
{
  double probability, price;
  gint64 opened;
  guint8 won;
  guint32 group;
} Quote;

/* A curve as doubles, thin enough to be drawn anew at each move of the threshold. */
typedef struct
{
  GArray *x, *y;
  VaiBand band;
  gboolean has_band;
} Curve;

struct _VaiModelQuality
{
  gatomicrefcount refs;
  Quote *quotes; /* best score first */
  gsize n, n_won;
  gsize *n_won_among; /* of the first 0, 1, … n */
  gboolean has_groups;
  Curve roc, precision_recall, gain, replay_gain;
  VaiReplay replay;
  VaiMetrics metrics;
  double best_f1, too_close, base_rate;
  VaiChart *charts[VAI_N_CHARTS]; /* those of still_charts, until they are given away */
};

static const VaiChartKind still_charts[] = { VAI_CHART_CALIBRATION, VAI_CHART_HISTOGRAM, VAI_CHART_IMPORTANCE };

static int
compare_quotes (gconstpointer a, gconstpointer b)
{
  double x = ((const Quote *) a)->probability, y = ((const Quote *) b)->probability;

  return x > y ? -1 : x < y;
}

static int
find_price (const VaiSchema *schema)
{
  for (guint f = 0; f < schema->features->len; f++)
    {
      const VaiFeature *feature = vai_schema_feature (schema, f);
      if (feature->role == VAI_ROLE_PRICE && feature->type == VAI_TYPE_NUMBER)
        return (int) f;
    }
  return -1;
}

static void
collect_quotes (VaiModelQuality *self, const VaiModel *model)
{
  const VaiReference *past = &model->reference;
  guint n = past->frame->n_rows;
  int price = find_price (model->schema);
  gsize n_close = 0;

  self->quotes = g_new0 (Quote, MAX (n, 1));
  self->has_groups = past->groups != NULL;
  for (guint i = 0; i < n; i++)
    {
      double low, high;
      if ((past->tested != NULL && !past->tested[i]) || !isfinite (past->probability[i]))
        continue;
      self->quotes[self->n++] = (Quote){ .probability = past->probability[i],
                                         .price = price >= 0 ? past->frame->columns[price].numbers[i] : NAN,
                                         .opened = past->opened != NULL ? past->opened[i] : VAI_TIME_MISSING,
                                         .won = past->won[i] != 0,
                                         .group = past->groups != NULL ? past->groups[i] : 0 };
      vai_range_apply (model->range, past->margin[i], past->probability[i], &low, &high);
      n_close += low < 0.5 && high > 0.5;
    }
  self->too_close = self->n > 0 ? (double) n_close / self->n : NAN;
  qsort (self->quotes, self->n, sizeof (Quote), compare_quotes);
  self->n_won_among = g_new0 (gsize, self->n + 1);
  for (gsize i = 0; i < self->n; i++)
    self->n_won_among[i + 1] = self->n_won_among[i] + self->quotes[i].won;
  self->n_won = self->n_won_among[self->n];
}

/* Every stride-th point and the last. */
static GArray *
thin (GArray *full)
{
  guint stride = 1 + full->len / CURVE_POINTS_MAX;
  GArray *kept = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < full->len; i += stride)
    g_array_append_val (kept, g_array_index (full, double, i));
  if (full->len > 0 && (full->len - 1) % stride != 0)
    g_array_append_val (kept, g_array_index (full, double, full->len - 1));
  return kept;
}

static void
make_curve (Curve *curve, GArray *x, GArray *y)
{
  curve->x = thin (x);
  curve->y = thin (y);
  g_array_unref (x);
  g_array_unref (y);
}

static void
clear_curve (Curve *curve)
{
  g_clear_pointer (&curve->x, g_array_unref);
  g_clear_pointer (&curve->y, g_array_unref);
}

static void
make_curves (VaiModelQuality *self, const guint8 *won, const double *probability, const guint32 *groups)
{
  GArray *x, *y;

  if (self->n_won == 0 || self->n_won == self->n)
    return;
  vai_metrics_roc (won, probability, self->n, &x, &y);
  make_curve (&self->roc, x, y);
  self->roc.has_band = vai_band_compute (&self->roc.band, VAI_BAND_ROC, won, probability, groups, self->n);
  vai_metrics_precision_recall (won, probability, self->n, &x, &y);
  make_curve (&self->precision_recall, x, y);
  vai_metrics_gain (won, probability, self->n, &x, &y);
  make_curve (&self->gain, x, y);
  self->gain.has_band = vai_band_compute (&self->gain.band, VAI_BAND_GAIN, won, probability, groups, self->n);
}

/* Quotes of the last quarter, in the order of the scores. */
static GArray *
last_quarter (const VaiModelQuality *self)
{
  GArray *quarter = g_array_new (FALSE, FALSE, sizeof (Quote));
  gint64 last = G_MININT64;

  for (gsize i = 0; i < self->n; i++)
    if (self->quotes[i].opened != VAI_TIME_MISSING)
      last = MAX (last, self->quotes[i].opened);
  for (gsize i = 0; i < self->n && last != G_MININT64; i++)
    if (self->quotes[i].opened != VAI_TIME_MISSING
        && self->quotes[i].opened > last - (gint64) REPLAY_DAYS * VAI_SECONDS_PER_DAY)
      g_array_append_val (quarter, self->quotes[i]);
  return quarter;
}

static double
worth (const Quote *quote, gboolean in_money)
{
  if (!quote->won)
    return 0;
  return !in_money ? 1 : isfinite (quote->price) && quote->price > 0 ? quote->price : 0;
}

static void
make_replay (VaiModelQuality *self)
{
  g_autoptr (GArray) quarter = last_quarter (self);
  VaiReplay *replay = &self->replay;
  gsize n_priced = 0;
  double sum = 0;

  for (guint i = 0; i < quarter->len; i++)
    n_priced += isfinite (g_array_index (quarter, Quote, i).price);
  replay->in_money = quarter->len > 0 && n_priced >= 0.9 * quarter->len;
  for (guint i = 0; i < quarter->len; i++)
    replay->won += worth (&g_array_index (quarter, Quote, i), replay->in_money);
  if (quarter->len < REPLAY_ROWS_MIN || !(replay->won > 0))
    return;
  GArray *x = g_array_new (FALSE, TRUE, sizeof (double)), *y = g_array_new (FALSE, TRUE, sizeof (double));
  g_array_set_size (x, 1);
  g_array_set_size (y, 1);
  guint n_worked = (guint) lround (REPLAY_WORKED * quarter->len);
  for (guint i = 0; i < quarter->len; i++)
    {
      sum += worth (&g_array_index (quarter, Quote, i), replay->in_money);
      double share = (i + 1.0) / quarter->len, kept = sum / replay->won;
      g_array_append_val (x, share);
      g_array_append_val (y, kept);
      if (i + 1 != n_worked)
        continue;
      replay->worked = share;
      replay->kept = kept;
      replay->kept_won = sum;
    }
  replay->n = quarter->len;
  make_curve (&self->replay_gain, x, y);
}

VaiModelQuality *
vai_model_quality_new (VaiModel *model, double threshold, GCancellable *cancellable)
{
  g_autoptr (VaiModelQuality) self = g_new0 (VaiModelQuality, 1);

  g_atomic_ref_count_init (&self->refs);
  collect_quotes (self, model);
  gsize n = MAX (self->n, 1);
  g_autofree guint8 *won = g_new0 (guint8, n);
  g_autofree double *probability = g_new0 (double, n);
  g_autofree guint32 *groups = self->has_groups ? g_new0 (guint32, n) : NULL;
  for (gsize i = 0; i < self->n; i++)
    {
      won[i] = self->quotes[i].won;
      probability[i] = self->quotes[i].probability;
      if (groups != NULL)
        groups[i] = self->quotes[i].group;
    }
  self->base_rate = model->base_rate;
  self->best_f1 = 0.5;
  if (self->n > 0)
    self->best_f1 = round (100 * vai_metrics_best_f1_threshold (won, probability, self->n)) / 100;
  vai_model_measure (model, threshold, &self->metrics);
  if (g_cancellable_is_cancelled (cancellable))
    return NULL;
  make_curves (self, won, probability, groups);
  make_replay (self);
  for (guint i = 0; i < G_N_ELEMENTS (still_charts); i++)
    self->charts[still_charts[i]]
        = vai_report_chart_new (model, vai_chart_kind_name (still_charts[i]), threshold, NULL);
  return g_cancellable_is_cancelled (cancellable) ? NULL : g_steal_pointer (&self);
}

VaiModelQuality *
vai_model_quality_ref (VaiModelQuality *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
vai_model_quality_unref (VaiModelQuality *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  clear_curve (&self->roc);
  clear_curve (&self->precision_recall);
  clear_curve (&self->gain);
  clear_curve (&self->replay_gain);
  for (guint i = 0; i < VAI_N_CHARTS; i++)
    vai_chart_free (self->charts[i]);
  g_free (self->n_won_among);
  g_free (self->quotes);
  g_free (self);
}

VaiChart *
vai_model_quality_steal_chart (VaiModelQuality *self, VaiChartKind kind)
{
  g_return_val_if_fail (kind < VAI_N_CHARTS, NULL);
  return g_steal_pointer (&self->charts[kind]);
}

const VaiMetrics *
vai_model_quality_get_metrics (const VaiModelQuality *self)
{
  return &self->metrics;
}

double
vai_model_quality_get_best_f1 (const VaiModelQuality *self)
{
  return self->best_f1;
}

double
vai_model_quality_get_too_close (const VaiModelQuality *self)
{
  return self->too_close;
}

/* Those with a chance of @threshold and more stand first. */
static gsize
count_called (const VaiModelQuality *self, double threshold)
{
  gsize from = 0, to = self->n;

  while (from < to)
    {
      gsize middle = from + (to - from) / 2;
      if (self->quotes[middle].probability >= threshold)
        from = middle + 1;
      else
        to = middle;
    }
  return from;
}

VaiCalls
vai_model_quality_count (const VaiModelQuality *self, double threshold)
{
  gsize called = count_called (self, threshold), found = self->n_won_among[called];
  gsize n_lost = self->n - self->n_won;

  return (VaiCalls){ found, self->n_won - found, called - found, n_lost - (called - found) };
}

static void
fill_curve (const Curve *curve, VaiQualityCurve *quality)
{
  quality->point_x = quality->point_y = NAN;
  if (curve->x == NULL)
    return;
  quality->x = (const double *) (gpointer) curve->x->data;
  quality->y = (const double *) (gpointer) curve->y->data;
  quality->n = curve->x->len;
  if (!curve->has_band)
    return;
  quality->band_x = curve->band.x;
  quality->band_low = curve->band.low;
  quality->band_high = curve->band.high;
  quality->n_band = VAI_BAND_POINTS;
}

static double
share (gsize part, gsize rest)
{
  return part + rest > 0 ? (double) part / (part + rest) : NAN;
}

VaiChart *
vai_model_quality_roc (const VaiModelQuality *self, double threshold)
{
  VaiCalls calls = vai_model_quality_count (self, threshold);
  VaiQualityCurve curve = { .threshold = threshold,
                            .value = self->metrics.value[VAI_METRIC_AUC_ROC],
                            .low = self->metrics.low[VAI_METRIC_AUC_ROC],
                            .high = self->metrics.high[VAI_METRIC_AUC_ROC],
                            .base_rate = self->base_rate };

  fill_curve (&self->roc, &curve);
  curve.point_x = share (calls.false_hope, calls.rightly_left);
  curve.point_y = share (calls.found, calls.missed);
  return vai_chart_new_roc (&curve);
}

VaiChart *
vai_model_quality_precision_recall (const VaiModelQuality *self, double threshold)
{
  VaiCalls calls = vai_model_quality_count (self, threshold);
  VaiQualityCurve curve = { .threshold = threshold,
                            .value = self->metrics.value[VAI_METRIC_AVERAGE_PRECISION],
                            .low = self->metrics.low[VAI_METRIC_AVERAGE_PRECISION],
                            .high = self->metrics.high[VAI_METRIC_AVERAGE_PRECISION],
                            .base_rate = self->base_rate };

  fill_curve (&self->precision_recall, &curve);
  curve.point_x = share (calls.found, calls.missed);
  curve.point_y = share (calls.found, calls.false_hope);
  return vai_chart_new_precision_recall (&curve);
}

VaiChart *
vai_model_quality_gain (const VaiModelQuality *self, double threshold)
{
  VaiCalls calls = vai_model_quality_count (self, threshold);
  VaiQualityCurve curve = { .threshold = threshold };

  fill_curve (&self->gain, &curve);
  curve.point_x = share (calls.found + calls.false_hope, calls.missed + calls.rightly_left);
  curve.point_y = share (calls.found, calls.missed);
  return vai_chart_new_gain (&curve);
}

VaiChart *
vai_model_quality_confusion (const VaiModelQuality *self, double threshold)
{
  VaiCalls calls = vai_model_quality_count (self, threshold);

  return vai_chart_new_confusion (calls.found, calls.missed, calls.false_hope, calls.rightly_left, threshold);
}

const VaiReplay *
vai_model_quality_get_replay (const VaiModelQuality *self)
{
  return &self->replay;
}

VaiChart *
vai_model_quality_replay_chart (const VaiModelQuality *self)
{
  VaiQualityCurve curve = { .of_revenue = self->replay.in_money };

  if (self->replay.n == 0)
    return NULL;
  fill_curve (&self->replay_gain, &curve);
  curve.point_x = self->replay.worked;
  curve.point_y = self->replay.kept;
  return vai_chart_new_gain (&curve);
}
