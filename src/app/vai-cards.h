/* Cards that pair up: two side by side where there is room, else one below the other. What GtkFlowBox does not do: it
 * asks for the height that it then needs. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define VAI_TYPE_CARDS (vai_cards_get_type ())
G_DECLARE_FINAL_TYPE (VaiCards, vai_cards, VAI, CARDS, GtkWidget)

/* Property "pair-width": from this width on, in px, there are two in a row. 0, the default: VAI_CARDS_PAIR_WIDTH. */
#define VAI_CARDS_PAIR_WIDTH 600

void vai_cards_append (VaiCards *self, GtkWidget *card);

G_END_DECLS
