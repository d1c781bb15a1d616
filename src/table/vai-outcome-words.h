/* What the value of an outcome column says: won, lost or open, in English and Italian and in common codes. */
#pragma once

#include "vai-profile.h"

G_BEGIN_DECLS

typedef struct
{
  VaiOutcome outcome; /* VAI_OUTCOME_UNKNOWN: it says nothing */
  gboolean weak;      /* yes and no, 1 and 0: says it only in a column that is known to be the outcome */
} VaiOutcomeReading;

VaiOutcomeReading vai_outcome_read (const char *value);

/* Whether a text holds a word of winning or of losing that means little else: for texts inside other columns. Fast: no
 * allocation. VAI_OUTCOME_UNKNOWN for none or for both. */
VaiOutcome vai_outcome_scan (const char *text, gsize length);

G_END_DECLS
