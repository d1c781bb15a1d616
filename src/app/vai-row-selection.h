/* A selection of rows by their places, which makes no item of a row that nobody sees: GtkMultiSelection of GTK 4.8
 * makes one of each row that is selected, and a hundred thousand of them hold the window up for a minute. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define VAI_TYPE_ROW_SELECTION (vai_row_selection_get_type ())
G_DECLARE_FINAL_TYPE (VaiRowSelection, vai_row_selection, VAI, ROW_SELECTION, GObject)

/* Takes @model. What is removed from it is selected no more; what is added is not. */
VaiRowSelection *vai_row_selection_new (GListModel *model);

G_END_DECLS
