/* How many quotes were won (solid), lost (hatched) and are open (grey). */
#pragma once

#include "vai-drawing.h"

G_BEGIN_DECLS

#define VAI_TYPE_OUTCOME_BAR (vai_outcome_bar_get_type ())
G_DECLARE_FINAL_TYPE (VaiOutcomeBar, vai_outcome_bar, VAI, OUTCOME_BAR, VaiDrawing)

GtkWidget *vai_outcome_bar_new (void);
void vai_outcome_bar_set (VaiOutcomeBar *self, guint64 n_won, guint64 n_lost, guint64 n_open);

G_END_DECLS
