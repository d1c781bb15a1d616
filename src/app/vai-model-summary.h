/* “Summary” of a model: how good it is in one sentence, how to use it, figures with their intervals, the last quarter
 * replayed, what it looks at. */
#pragma once

#include "vai-model-quality.h"
#include "vai-page.h"

G_BEGIN_DECLS

#define VAI_TYPE_MODEL_SUMMARY (vai_model_summary_get_type ())
G_DECLARE_FINAL_TYPE (VaiModelSummary, vai_model_summary, VAI, MODEL_SUMMARY, GtkWidget)

/* @currency, nullable, stands after amounts. */
void
vai_model_summary_set (VaiModelSummary *self, const VaiModel *model, VaiModelQuality *quality, const char *currency);

G_END_DECLS
