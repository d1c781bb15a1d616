/* A line of cells as one widget that draws them: a label for each cell of a long table would cost the main loop
 * hundreds of milliseconds at every change of its rows. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* More columns are not shown. */
#define VAI_CELLS_MAX 60

/* The text of the cell @column of @item; free with g_free(). */
typedef char *(*VaiCellFunc) (gpointer item, guint column, gpointer user_data);

/* What all lines of one list share; lives as long as they do. */
typedef struct
{
  GtkWidget *scroller; /* lines outside of it are not drawn */
  guint n;
  int x[VAI_CELLS_MAX + 1]; /* where each column begins, and where the last ends */
  gboolean right[VAI_CELLS_MAX];
  VaiCellFunc text;
  gpointer user_data;
  int height; /* of a line; 0: not measured yet */
} VaiCellGrid;

#define VAI_TYPE_CELL_ROW (vai_cell_row_get_type ())
G_DECLARE_FINAL_TYPE (VaiCellRow, vai_cell_row, VAI, CELL_ROW, GtkWidget)

GtkWidget *vai_cell_row_new (VaiCellGrid *grid);

/* @item, nullable: a GObject. */
void vai_cell_row_set_item (VaiCellRow *self, gpointer item);

/* Its first cells as a screen reader says them; free with g_free(). */
char *vai_cell_row_dup_words (VaiCellRow *self);

/* Borrowed; nullable. */
gpointer vai_cell_row_get_item (VaiCellRow *self);

/* Draws all lines below @list again: other ones came into view. */
void vai_cell_rows_redraw (GtkWidget *list);

G_END_DECLS
