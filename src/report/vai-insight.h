/* What stands out in past quotes, each with a test: one column at a time, as a difference of two win rates. */
#pragma once

#include "vai-frame.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The chance that even one insight is shown where nothing is true: the p-values of everything looked at are corrected
 * together (Holm 1979). */
#define VAI_INSIGHT_LEVEL 0.01

/* A smaller difference of win rates is of no use to anybody, however certain. */
#define VAI_INSIGHT_EFFECT_MIN 0.05
#define VAI_INSIGHTS_MAX 8

typedef struct
{
  guint feature;
  char *sentence;          /* owned, translated */
  double rate, other_rate; /* win rates of the quotes meant and of the others */
  gsize n, n_other;
  double p_value; /* of Fisher's exact test, corrected over all that was looked at */
} VaiInsight;

/* Of VaiInsight, greatest difference first, at most one for each column. One row of each group is used (@groups
 * nullable), since rows of one group are not independent. Error CANCELLED. */
GPtrArray *vai_insights_find (const VaiFrame *frame,
                              const guint8 *won,
                              const guint32 *groups,
                              GCancellable *cancellable,
                              GError **error);
void vai_insight_free (VaiInsight *self);

/* Two-sided p-value of Fisher's exact test of a 2 × 2 table of counts; 1 for an empty row or column. */
double vai_fisher (gsize a, gsize b, gsize c, gsize d);

G_END_DECLS
