/* Shared by the files of the view. */
#pragma once

#include "vai-quote-form.h"
#include "vai-quote-hero.h"
#include "vai-quote-insight.h"
#include "vai-quote-view.h"

G_BEGIN_DECLS

struct _VaiQuoteView
{
  AdwBin parent_instance;

  GtkGrid *grid;
  GtkWidget *left, *side, *rest_scroller, *bar;
  VaiQuoteForm *form;
  VaiQuoteHero *hero;
  GtkWidget *trying, *strip, *record_button;
  GtkLabel *strip_text;
  GtkFlowBox *flow;
  GtkWidget *why_slot, *curve_slot, *path_slot, *similar_slot;
  GtkWidget *why, *curve;
  GtkWidget *curve_field, *curve_box; /* drop-down of curve_features */
  GtkWidget *confounded;
  GtkLabel *confounded_text;
  GtkBox *path_rows, *similar_rows;
  GtkWidget *target;
  GtkLabel *path_note, *similar_note;
  AdwViewStack *tabs; /* never seen: what the switcher switches */

  VaiWorkspace *workspace;
  VaiLoadedModel *loaded; /* nullable */
  VaiScore score;
  double *contributions;    /* nullable */
  VaiQuoteInsight *insight; /* nullable; of the values shown, or those just before */
  GArray *curve_features;   /* of guint */
  char *prediction_id;      /* nullable: where the score shown is kept */
  char *outcome;            /* nullable: "won" or "lost" */
  gint64 outcome_at;
  double saved_probability;
  GCancellable *cancellable; /* of the insight under way */
  guint insight_id, stale_id, announce_id, columns_id;
  gboolean unsaved, compact, filling;
};

/* Rows of proposals and of past quotes, from self->insight. */
void vai_quote_view_show_insight (VaiQuoteView *self);

/* Fills in proposal number @index. */
void vai_quote_view_try_proposal (VaiQuoteView *self, guint index);

/* The chance that proposals are to reach. */
double vai_quote_view_get_target (VaiQuoteView *self);

/* “78 percent: Delivery 3 weeks”, or NULL without a proposal. Free with g_free(). */
char *vai_quote_view_dup_best_step (VaiQuoteView *self);

/* Outcome: the strip, and what is kept. */
void vai_quote_view_show_outcome (VaiQuoteView *self);
void vai_quote_view_set_outcome (VaiQuoteView *self, const char *outcome);
void vai_quote_view_set_unsaved (VaiQuoteView *self, gboolean unsaved);

G_END_DECLS
