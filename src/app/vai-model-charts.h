/* “Charts” of a model: a threshold that moves the point on every chart, and four charts. */
#pragma once

#include "vai-model-quality.h"
#include "vai-page.h"

G_BEGIN_DECLS

#define VAI_TYPE_MODEL_CHARTS (vai_model_charts_get_type ())
G_DECLARE_FINAL_TYPE (VaiModelCharts, vai_model_charts, VAI, MODEL_CHARTS, GtkWidget)

/* Signal "threshold-chosen" (double): after the person came to rest on another one. */

/* Signals nothing. @threshold 0..1. */
void vai_model_charts_set (VaiModelCharts *self, const VaiModel *model, VaiModelQuality *quality, double threshold);

/* Has the person moved the threshold, and not yet come to rest? */
gboolean vai_model_charts_is_moving (VaiModelCharts *self);

/* What was moved is chosen now: what is shown is about to be another model. */
void vai_model_charts_settle (VaiModelCharts *self);

/* The strip stacks its parts when @page is compact. */
void vai_model_charts_follow (VaiModelCharts *self, VaiPage *page);

G_END_DECLS
