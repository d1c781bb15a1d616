/* “One quote”: its fields at the left; at the right what the model says of it and why, what would help, and past quotes
 * like it. */
#pragma once

#include "vai-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define VAI_TYPE_QUOTE_VIEW (vai_quote_view_get_type ())
G_DECLARE_FINAL_TYPE (VaiQuoteView, vai_quote_view, VAI, QUOTE_VIEW, AdwBin)

void vai_quote_view_attach (VaiQuoteView *self, VaiWorkspace *workspace);

/* Scores with @loaded from now on; @row describes it. */
void vai_quote_view_set_model (VaiQuoteView *self, VaiLoadedModel *loaded, const VaiModelRow *row);

/* A new, empty quote; one of a dataset, not saved yet, with the nullable currency of its prices; or a saved one. The
 * last two need a model. */
void vai_quote_view_clear (VaiQuoteView *self);
void vai_quote_view_show_quote (VaiQuoteView *self, const VaiTable *table, gsize row, const char *currency);
void vai_quote_view_show_prediction (VaiQuoteView *self, const VaiPredictionRow *row);

/* The quote shown as it was before anything was tried, with its score, when it is not kept; NULL when it is, or when
 * nothing is filled in. What is shown again by vai_quote_view_show_prediction(). */
VaiPredictionRow *vai_quote_view_dup_unsaved (VaiQuoteView *self);

/* To the first field. */
void vai_quote_view_focus (VaiQuoteView *self);

/* Keeps the score in the workspace; FALSE when there is none, or it is kept already. Property "unsaved" says whether
 * there is something to keep. */
gboolean vai_quote_view_save (VaiQuoteView *self);

/* Scores what was saved again and says whether it is the same. */
void vai_quote_view_verify (VaiQuoteView *self);

/* Fills in the best proposal. FALSE when there is none. */
gboolean vai_quote_view_try (VaiQuoteView *self);
gboolean vai_quote_view_lock (VaiQuoteView *self);
gboolean vai_quote_view_record (VaiQuoteView *self);

/* Back to the quote as it was before trying; FALSE when nothing was tried. The second one also leaves a part of a
 * narrow window. */
gboolean vai_quote_view_stop_trying (VaiQuoteView *self);
gboolean vai_quote_view_back (VaiQuoteView *self);

void vai_quote_view_set_compact (VaiQuoteView *self, gboolean compact);

G_END_DECLS
