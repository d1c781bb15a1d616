/* One scored quote as a row of the workspace. */
#pragma once

#include "vai-advice.h"
#include "vai-store.h"

G_BEGIN_DECLS

/* Fills the field of @row that every company knows, if @role is one: @text as written, @number where it is one.
 * @currency: ISO 4217, nullable, of a price. */
void
vai_score_row_set_role (VaiPredictionRow *row, VaiRole role, const char *text, double number, const char *currency);

/* Log-odds of each feature, "base" and "calibration" as JSON. Free with g_free(). */
char *vai_score_row_dup_contributions (const VaiSchema *schema, const VaiScore *score, const double *contributions);

/* Row 0 of @frame with its @score. @contributions as vai_scorer_score() gives them; @proposals, nullable, of
 * VaiRecommendation; @quote_ref and @currency nullable. Free with vai_prediction_row_free(). */
VaiPredictionRow *vai_score_row_new (const char *model_id,
                                     const VaiFrame *frame,
                                     const VaiScore *score,
                                     const double *contributions,
                                     const GPtrArray *proposals,
                                     const char *quote_ref,
                                     const char *currency);

G_END_DECLS
