/* What takes longer than a key press to find out about a quote: proposals, the curve of one field, past quotes like it.
 * Made on another thread. */
#pragma once

#include "vai-advice.h"
#include "vai-chart.h"
#include "vai-workspace.h"

G_BEGIN_DECLS

/* Of each outcome. */
#define VAI_LOOK_ALIKES 3

/* Proposals shown. */
#define VAI_PROPOSALS_MAX 3

typedef struct
{
  GPtrArray *proposals; /* of VaiRecommendation; those that lose come last */
  VaiChart *curve;      /* nullable */
  gboolean confounded;
  double confounded_from;
  guint32 won[VAI_LOOK_ALIKES], lost[VAI_LOOK_ALIKES]; /* reference rows */
  guint n_won, n_lost;
} VaiQuoteInsight;

void vai_quote_insight_free (VaiQuoteInsight *self);

/* @frame: one row, copied; @locked: of guint; @curve_feature: -1 for none; @currency, nullable: of its prices. */
void vai_quote_insight_async (VaiLoadedModel *loaded,
                              const VaiFrame *frame,
                              GArray *locked,
                              double target,
                              int curve_feature,
                              const char *currency,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
VaiQuoteInsight *vai_quote_insight_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiQuoteInsight, vai_quote_insight_free)

G_END_DECLS
