/* What the name of a column says of when it is filled in, in the words of sales practice. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  VAI_MEANING_NONE,
  VAI_MEANING_AFTER,     /* known only once the quote is decided: reason of the loss, order number, date of award */
  VAI_MEANING_FORECAST,  /* somebody's own view of the chance, and nothing else: probability, quality of the lead */
  VAI_MEANING_GUESS,     /* likely such a view: score, rating */
  VAI_MEANING_ACTIVITY,  /* what happened while the quote was out: last activity, duration of the call, tags */
  VAI_MEANING_AGREEMENT, /* often written down only when an order is near: payment plan, discount, competitor's price */
} VaiMeaning;

VaiMeaning vai_leak_meaning (const char *name);

/* Does the name speak of a date that is planned and may well lie after the decision: delivery, start, expiry? */
gboolean vai_leak_name_is_planned (const char *name);

/* Does the name speak of a date or day? */
gboolean vai_leak_name_is_date (const char *name);

G_END_DECLS
