/* The range of a score: the 90 % interval for the win rate of quotes scored like this one (learning.md: envelope of the
 * 5th to 95th percentiles of isotonic and sigmoid calibration curves over 200 bootstraps of the out-of-fold margins).
 */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _VaiRange VaiRange;

/* One out-of-fold margin a row; @groups nullable: resampled by group. The same with any number of threads. */
VaiRange *
vai_range_fit (const double *margins, const guint8 *won, const guint32 *groups, gsize n, guint64 seed, guint threads);

/* Holds @probability always. */
void vai_range_apply (const VaiRange *self, double margin, double probability, double *low, double *high);
void vai_range_free (VaiRange *self);

/* Makes it @factor ≥ 1 times as wide, in log-odds: for what the bootstrap of the margins cannot know of the learner
 * that gave them. */
void vai_range_widen (VaiRange *self, double factor);

JsonNode *vai_range_to_json (const VaiRange *self);
VaiRange *vai_range_from_json (JsonNode *node, GError **error);

typedef enum
{
  VAI_VERDICT_NOT_ENOUGH_SIMILAR,
  VAI_VERDICT_VERY_LIKELY,
  VAI_VERDICT_LIKELY,
  VAI_VERDICT_VERY_UNLIKELY,
  VAI_VERDICT_UNLIKELY,
  VAI_VERDICT_TOO_CLOSE,
  VAI_N_VERDICTS
} VaiVerdict;

#define VAI_SIMILAR_MIN 15       /* fewer: not enough similar */
#define VAI_RANGE_WIDTH_MAX 0.45 /* wider: not enough similar */

/* First match in the order of the enum, on unrounded numbers. */
VaiVerdict vai_verdict (double low, double high, guint n_similar);
const char *vai_verdict_name (VaiVerdict verdict); /* "very_likely", … */

/* Translated, for a page: "Likely to be won". */
const char *vai_verdict_sentence (VaiVerdict verdict);

/* Translated, for a table: "Likely". */
const char *vai_verdict_chip_word (VaiVerdict verdict);

/* VAI_N_VERDICTS when @name (nullable) is none. */
VaiVerdict vai_verdict_from_name (const char *name);

/* A share in tenths, rounded half up, and its translated word: "none", "one", … "ten". */
int vai_tenths (double share);
const char *vai_tenths_word (double share);

/* Translated: "Of ten like this, six to eight are won." Free with g_free(). */
char *vai_verdict_of_ten (double low, double high);

/* Translated relation to the average: "three times your average", "about your average", "half your average". Free with
 * g_free(). */
char *vai_verdict_relation (double probability, double base_rate);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiRange, vai_range_free)

G_END_DECLS
