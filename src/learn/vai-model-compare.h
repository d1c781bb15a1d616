/* Two models on the same quotes: is one of them really better? */
#pragma once

#include "vai-model.h"

G_BEGIN_DECLS

/* Fewer shared quotes tell nothing. */
#define VAI_MODEL_COMPARE_MIN 50

/* Pairs the quotes that both were tested on, by their identifiers, or by their order when both learned from the same
 * table; the mean difference of log loss, @a less @b, goes into @result. Gives the number of pairs; below
 * VAI_MODEL_COMPARE_MIN
 * @result is left alone. */
gsize vai_model_compare (const VaiModel *a, const VaiModel *b, VaiComparison *result);

G_END_DECLS
