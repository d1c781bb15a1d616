/* One line of the list of past scores: empty until its row was read. */
#pragma once

#include "vai-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define VAI_TYPE_PAST_SCORE (vai_past_score_get_type ())
G_DECLARE_FINAL_TYPE (VaiPastScore, vai_past_score, VAI, PAST_SCORE, GObject)

/* NULL until it was read. Property "row" notifies. */
const VaiPredictionRow *vai_past_score_get_row (VaiPastScore *self);

/* The list: finds its keys when the query changes, reads pages of rows as they are asked for, and forgets those that
 * were not for a while. Signal "found" when a query was answered, "failed" (const GError *) when nothing could be read.
 * A line is a place of the list: after another query it stays, is empty and then gets what stands there now; the first
 * lines come and go a few at a time. */
#define VAI_TYPE_PAST_SCORES (vai_past_scores_get_type ())
G_DECLARE_FINAL_TYPE (VaiPastScores, vai_past_scores, VAI, PAST_SCORES, GObject)

VaiPastScores *vai_past_scores_new (VaiStore *store);

/* Asks anew; texts are copied. The old list stays until the answer is there. */
void vai_past_scores_ask (VaiPastScores *self, const VaiHistoryQuery *query);

/* How many were found; the list has as many lines soon. */
guint vai_past_scores_get_n_found (VaiPastScores *self);

/* Is what was last asked for found, with all of its lines in the list? */
gboolean vai_past_scores_is_listed (VaiPastScores *self);

/* Of what was found. */
const VaiHistorySum *vai_past_scores_get_sum (VaiPastScores *self);

/* The keys of @positions. Free with g_array_unref(). */
GArray *vai_past_scores_dup_keys (VaiPastScores *self, GArray *positions);

G_END_DECLS
