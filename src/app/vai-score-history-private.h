/* Shared by the files of the list of past scores. */
#pragma once

#include "vai-past-score.h"
#include "vai-row-selection.h"
#include "vai-score-history.h"

G_BEGIN_DECLS

struct _VaiScoreHistory
{
  AdwBin parent_instance;

  GtkWidget *search, *filters, *model, *verdict, *outcome, *day, *order, *view, *record, *clear, *export;
  GtkBox *tools;
  GtkStack *stack;
  AdwStatusPage *nothing;
  GtkActionBar *bar;
  GtkLabel *chosen;
  GtkWidget *summary;
  GtkLabel *listed, *listed_words, *expected, *expected_words;

  VaiWorkspace *workspace;
  VaiPastScores *scores;
  VaiRowSelection *selection;
  GPtrArray *model_ids; /* of char*, at each place of @model after “all” */
  gboolean filling;     /* the list of models is renewed: nothing was chosen */
  gboolean stale;       /* to be asked for when it is seen */
  gboolean to_top;      /* the next answer is another list */
  gboolean to_select;   /* all of what is asked for, once it is listed */
  char *asked;          /* nullable: the words that were last asked for */
  guint focus_at;       /* the row to go to after the next answer; G_MAXUINT: none */
};

/* The columns of self->view. */
void vai_score_history_add_columns (VaiScoreHistory *self);

/* Keys of the chosen rows. Free with g_array_unref(). */
GArray *vai_score_history_dup_chosen (VaiScoreHistory *self);

/* Acts on them. */
void vai_score_history_set_outcome (VaiScoreHistory *self, const char *outcome);
void vai_score_history_delete (VaiScoreHistory *self);
void vai_score_history_export (VaiScoreHistory *self);

G_END_DECLS
