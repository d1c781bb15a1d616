/* How good a model was on the quotes it had not seen, made ready on a worker thread so that the window only looks up:
 * what stands above any threshold, curves with bands, figures at one threshold with their intervals, and the last
 * quarter replayed. Immutable once made. */
#pragma once

#include "vai-chart.h"
#include "vai-model.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _VaiModelQuality VaiModelQuality;

/* Blocking. @threshold: from which chance on a quote is counted on. NULL when cancelled. */
VaiModelQuality *vai_model_quality_new (VaiModel *model, double threshold, GCancellable *cancellable);
VaiModelQuality *vai_model_quality_ref (VaiModelQuality *self);
void vai_model_quality_unref (VaiModelQuality *self);

/* Charts that no threshold moves, made with it: VAI_CHART_CALIBRATION, VAI_CHART_HISTOGRAM, VAI_CHART_IMPORTANCE.
 * Each is given away once, then NULL. */
VaiChart *vai_model_quality_steal_chart (VaiModelQuality *self, VaiChartKind kind);

/* At the threshold it was made with. Intervals NaN where not measured. */
const VaiMetrics *vai_model_quality_get_metrics (const VaiModelQuality *self);

/* With the best F1, in whole percents. */
double vai_model_quality_get_best_f1 (const VaiModelQuality *self);

/* Share of the tested quotes whose range crosses one half. */
double vai_model_quality_get_too_close (const VaiModelQuality *self);

typedef struct
{
  gsize found, missed, false_hope, rightly_left;
} VaiCalls;

VaiCalls vai_model_quality_count (const VaiModelQuality *self, double threshold);

/* Each with its point where @threshold is. */
VaiChart *vai_model_quality_roc (const VaiModelQuality *self, double threshold);
VaiChart *vai_model_quality_precision_recall (const VaiModelQuality *self, double threshold);
VaiChart *vai_model_quality_gain (const VaiModelQuality *self, double threshold);
VaiChart *vai_model_quality_confusion (const VaiModelQuality *self, double threshold);

/* The last quarter of a year, worked in the order of the scores: in revenue where prices are known, else in quotes. */
typedef struct
{
  gsize n; /* quotes in it; 0: there is no such quarter */
  gboolean in_money;
  double worked, kept;  /* shares, 0..1 */
  double won, kept_won; /* revenue, or quotes */
} VaiReplay;

const VaiReplay *vai_model_quality_get_replay (const VaiModelQuality *self);

/* A new chart of the replay; NULL when there is none. */
VaiChart *vai_model_quality_replay_chart (const VaiModelQuality *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiModelQuality, vai_model_quality_unref)

G_END_DECLS
