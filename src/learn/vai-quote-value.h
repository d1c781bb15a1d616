/* What a quote is worth, read from the columns whose roles say so: price, discount, cost, margin. Prices here are
 * features, doubles in the currency of the file. */
#pragma once

#include "vai-frame.h"

G_BEGIN_DECLS

/* How a discount or a margin is written; told from the values that were seen. */
typedef enum
{
  VAI_SCALE_SHARE,   /* 0.15: none above 1 and no percent sign */
  VAI_SCALE_PERCENT, /* 15: none above 100 */
  VAI_SCALE_MONEY,
} VaiScale;

/* Features by role, -1 when there is none. */
typedef struct
{
  int price, discount, cost, margin;
  VaiScale discount_scale, margin_scale;
} VaiQuoteValue;

void vai_quote_value_init (VaiQuoteValue *self, const VaiSchema *schema);

/* The currency that the price says by its name or unit; NULL when it does not say. */
const char *vai_quote_value_find_currency (const VaiSchema *schema);

/* The price less the discount (an empty discount is none): the price is taken as it is before the discount. NaN without
 * a price. */
double vai_quote_value_net (const VaiQuoteValue *self, const VaiFrame *frame, guint row);

/* The cost, else what the margin leaves of the net price. NaN when neither is known. */
double vai_quote_value_cost (const VaiQuoteValue *self, const VaiFrame *frame, guint row);

/* Does @feature say what is earned: price, discount or margin? */
gboolean vai_quote_value_is_money (const VaiQuoteValue *self, guint feature);

/* The direction of @feature that gives up margin: -1 (price, margin), +1 (discount), 0 (others). */
int vai_quote_value_giving (const VaiQuoteValue *self, guint feature);

/* Margin that row @after gives up against row @before of one frame; NaN when the columns do not tell. */
double vai_quote_value_given_up (const VaiQuoteValue *self, const VaiFrame *frame, guint before, guint after);

G_END_DECLS
