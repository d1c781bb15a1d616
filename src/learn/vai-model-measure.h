/* The figures of a model that everyone shows: the page, the report, the command line. */
#pragma once

#include "vai-model.h"

G_BEGIN_DECLS

/* Draws of the bootstrap of the metrics, and its seed in a model trained with @seed. */
#define VAI_MODEL_REPLICATES 1000
guint64 vai_model_bootstrap_seed (guint64 seed);

/* The block of time of each of @n quotes. Quotes of one time share what happened in it, so whole blocks are drawn with
 * walk-forward. */
void vai_model_time_units (const gint64 *opened, gsize n, guint32 *units);

/* The metrics with the labels of @threshold, 0..1. At half they are those of the training. At another threshold the
 * label metrics are of the past quotes that stay with the model, with intervals drawn as the training draws them; what
 * does not depend on a threshold is that of the training at any. O(n log n) and a thousand passes over the quotes: not
 * for the main thread. */
void vai_model_measure (const VaiModel *self, double threshold, VaiMetrics *metrics);

/* Fewer decided quotes give wide ranges. */
#define VAI_MODEL_FEW_ROWS 200

/* What is said of a tested model, wherever it is said: that it ranks well, and that its chances can be taken as they
 * are. */
gboolean vai_model_ranks_well (const VaiModel *self);
gboolean vai_model_is_honest (const VaiModel *self);

/* What guessing gets on the same quotes: the share won, for precision; the outcome that was commoner before, for
 * accuracy; one chance for all, for the rest. NaN where guessing gives nothing to compare with. */
double vai_model_guess (const VaiModel *self, VaiMetric metric);

G_END_DECLS
