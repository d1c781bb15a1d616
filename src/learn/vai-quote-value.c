#include "vai-quote-value.h"

#include "vai-currency.h"

#include <math.h>

static int
find_number (const VaiSchema *schema, VaiRole role)
{
  for (guint f = 0; f < schema->features->len; f++)
    {
      const VaiFeature *feature = vai_schema_feature (schema, f);
      if (feature->role == role && feature->type == VAI_TYPE_NUMBER)
        return f;
    }
  return -1;
}

static VaiScale
find_scale (const VaiSchema *schema, int f)
{
  if (f < 0)
    return VAI_SCALE_MONEY;
  const VaiFeature *feature = vai_schema_feature (schema, f);
  double most = feature->seen[VAI_N_SEEN_QUANTILES - 1];
  gboolean percent_sign = g_strcmp0 (feature->unit, "%") == 0;
  if (!percent_sign && most <= 1)
    return VAI_SCALE_SHARE;
  return percent_sign || most <= 100 ? VAI_SCALE_PERCENT : VAI_SCALE_MONEY;
}

void
vai_quote_value_init (VaiQuoteValue *self, const VaiSchema *schema)
{
  self->price = find_number (schema, VAI_ROLE_PRICE);
  self->discount = find_number (schema, VAI_ROLE_DISCOUNT);
  self->cost = find_number (schema, VAI_ROLE_COST);
  self->margin = find_number (schema, VAI_ROLE_MARGIN);
  self->discount_scale = find_scale (schema, self->discount);
  self->margin_scale = find_scale (schema, self->margin);
}

static double
cell (const VaiFrame *frame, guint row, int feature)
{
  return feature >= 0 ? frame->columns[feature].numbers[row] : NAN;
}

/* @amount, as it is written, of @whole. */
static double
part_of (double amount, VaiScale scale, double whole)
{
  if (scale == VAI_SCALE_MONEY)
    return amount;
  return whole * (scale == VAI_SCALE_PERCENT ? amount / 100 : amount);
}

const char *
vai_quote_value_find_currency (const VaiSchema *schema)
{
  int price = find_number (schema, VAI_ROLE_PRICE);
  const VaiFeature *feature = price >= 0 ? vai_schema_feature (schema, (guint) price) : NULL;
  return feature != NULL ? vai_currency_find (feature->name, feature->unit) : NULL;
}

double
vai_quote_value_net (const VaiQuoteValue *self, const VaiFrame *frame, guint row)
{
  double price = cell (frame, row, self->price), discount = cell (frame, row, self->discount);
  return isnan (discount) ? price : price - part_of (discount, self->discount_scale, price);
}

static double
margin_money (const VaiQuoteValue *self, const VaiFrame *frame, guint row)
{
  return part_of (cell (frame, row, self->margin), self->margin_scale, vai_quote_value_net (self, frame, row));
}

double
vai_quote_value_cost (const VaiQuoteValue *self, const VaiFrame *frame, guint row)
{
  double cost = cell (frame, row, self->cost);
  return isnan (cost) ? vai_quote_value_net (self, frame, row) - margin_money (self, frame, row) : cost;
}

int
vai_quote_value_giving (const VaiQuoteValue *self, guint feature)
{
  if ((int) feature == self->discount)
    return 1;
  return (int) feature == self->price || (int) feature == self->margin ? -1 : 0;
}

gboolean
vai_quote_value_is_money (const VaiQuoteValue *self, guint feature)
{
  return vai_quote_value_giving (self, feature) != 0;
}

double
vai_quote_value_given_up (const VaiQuoteValue *self, const VaiFrame *frame, guint before, guint after)
{
  if (self->margin >= 0 && cell (frame, before, self->margin) != cell (frame, after, self->margin))
    return margin_money (self, frame, before) - margin_money (self, frame, after);
  return vai_quote_value_net (self, frame, before) - vai_quote_value_net (self, frame, after);
}
