/* A model made by hand over simulated quotes whose true chance is known: its one member is a formula, so that what
 * stands on a model can be tested without training one. */
#pragma once

#include "vai-model.h"

enum
{
  HAND_PRICE,    /* 500 to 200,000, skewed */
  HAND_DISCOUNT, /* 0 to 30 %, in steps of 1; more on hard deals */
  HAND_DELIVERY, /* 5 to 90 days, missing in every tenth */
  HAND_SECTOR,   /* "sector 0" to "sector 5", ever rarer */
  HAND_CHANNEL,  /* "direct", "dealer", "web" */
  HAND_COST,     /* 50 to 85 % of the price */
  HAND_N_FEATURES
};

/* @n reference rows; price, discount, delivery and channel are actionable. */
VaiModel *hand_model_new (guint n, guint64 seed);

/* @n other quotes of the same kind. */
VaiFrame *hand_frame_new (VaiSchema *schema, guint n, guint64 seed);

/* The formula: the true log-odds of a row. */
double hand_margin (const VaiFrame *frame, guint row);
