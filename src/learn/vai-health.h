/* Is a model still right for the quotes of today? Two findings that are kept apart: columns whose values have shifted,
 * and chances that no longer come true. */
#pragma once

#include "vai-model.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Fewer new quotes, or outcomes, are no evidence either way. */
#define VAI_HEALTH_ROWS_MIN 50

/* One column's population stability index between the quotes that the model learned from and the new ones. */
typedef struct
{
  guint feature; /* as many as the schema has: the score itself */
  double index;
  double chance; /* as much as chance gives at most, when all columns are looked at together */
  gboolean shifted;
} VaiDrift;

typedef struct
{
  gsize n_new;
  GArray *drifts; /* of VaiDrift, in the order of the schema, the score last; empty below VAI_HEALTH_ROWS_MIN */
  guint n_shifted;
  gsize n_outcomes;   /* of the new quotes, decided */
  VaiMetrics metrics; /* on them, with intervals: from VAI_HEALTH_ROWS_MIN outcomes on */
  double said, won;   /* mean chance and win rate of the decided ones; NaN without any */
  gboolean worse;     /* chances come true less than in the test, beyond noise */
} VaiHealth;

/* @frame: the new quotes; @probability: what was said of each; @outcome: 1 won, 0 lost, -1 not known. Columns of dates
 * are left out, for every later quote lies beyond them. A whole model, not a column, has 5 % false alarms: the
 * distances of all columns from their mean under permutation of old and new, in standard deviations, against the 95th
 * percentile of the greatest of them (Westfall and Young 1993). Error CANCELLED. */
VaiHealth *vai_health_new (const VaiModel *model,
                           const VaiFrame *frame,
                           const double *probability,
                           const gint8 *outcome,
                           GCancellable *cancellable,
                           GError **error);
void vai_health_free (VaiHealth *self);

/* In one word, wherever it is said. */
typedef enum
{
  VAI_CONDITION_EARLY,   /* too few outcomes, and no shift */
  VAI_CONDITION_GOOD,    /* chances come true, nothing has shifted */
  VAI_CONDITION_WATCH,   /* a shift: chances may still come true */
  VAI_CONDITION_RETRAIN, /* chances no longer come true */
} VaiCondition;

VaiCondition vai_health_judge (const VaiHealth *self);

/* Translated: "Says what happens". */
const char *vai_condition_words (VaiCondition condition);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiHealth, vai_health_free)

G_END_DECLS
