/* Did past discounts go to hard deals? Then what they did looks weaker than it is. */
#pragma once

#include "vai-model.h"

G_BEGIN_DECLS

typedef struct
{
  double raw, raw_error; /* change of the win rate for one unit more, other features left aside; standard error */
  double adjusted, adjusted_error; /* and beside them */
  gboolean hard_deals;             /* adjusting makes the expected effect clearly stronger, or turns its sign */
  double from; /* the value from which quotes were harder than average by the other features; NaN: none */
} VaiConfounding;

/* On the reference rows that have @feature, a number. @direction: +1 where more should help (discount), -1 where it
 * should harm (price). The effect beside the others is that of residuals on residuals (Frisch and Waugh 1933), each
 * residual from a ridge regression that did not see the row (Chernozhukov et al. 2018). The trained model has no part
 * in it, so its constraints do not matter. All NaN with under 50 rows. */
void vai_confounding_check (VaiConfounding *self, const VaiModel *model, guint feature, int direction);

G_END_DECLS
