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
  GtkLabel *why_note;
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
  char *kept_id;            /* nullable: the score that was kept last, or opened, */
  char *kept_state;         /* of these values: vai_quote_form_dup_state() */
  char *currency;           /* nullable: of the quote that was opened */
  char *outcome;            /* nullable: "won" or "lost", of the kept score */
  gint64 outcome_at;
  double saved_probability;
  GCancellable *cancellable;   /* of the insight under way */
  GCancellable *asking_health; /* nullable */
  guint insight_id, stale_id, announce_id, columns_id;
  gboolean unsaved, compact, filling;
  gboolean blank; /* nothing is filled in */
};

/* Rows of proposals and of past quotes, from self->insight; of a blank quote, what they wait for. */
void vai_quote_view_show_insight (VaiQuoteView *self);

/* Is there a change to propose, and is the chance shown that it would lift? */
gboolean vai_quote_view_has_proposals (VaiQuoteView *self);

/* Fills in proposal number @index. */
void vai_quote_view_try_proposal (VaiQuoteView *self, guint index);

/* The chance that proposals are to reach. */
double vai_quote_view_get_target (VaiQuoteView *self);

/* “78 percent: Delivery 3 weeks”, or NULL without a proposal. Free with g_free(). */
char *vai_quote_view_dup_best_step (VaiQuoteView *self);

/* Are the values shown those of the kept score? */
gboolean vai_quote_view_is_kept (VaiQuoteView *self);

/* The values shown are kept as @id; NULL: nothing is kept. */
void vai_quote_view_set_kept (VaiQuoteView *self, const char *id);

/* The currency of the quote that was opened or of the data that the model learned from, else that of its prices; NULL
 * when none is known. */
const char *vai_quote_view_find_currency (VaiQuoteView *self);

/* Whether there is something to keep, and the strip with the outcome. */
void vai_quote_view_show_kept (VaiQuoteView *self);
void vai_quote_view_set_outcome (VaiQuoteView *self, const char *outcome);
void vai_quote_view_set_unsaved (VaiQuoteView *self, gboolean unsaved);

/* Has the model's world shifted? Asked once for a model, on another thread. */
void vai_quote_view_ask_health (VaiQuoteView *self);

G_END_DECLS
