/* Cells of a column view that get their content when they come in sight. GTK 4.8 keeps 200 rows of a list about,
 * however few are seen; to make and to measure what is in all of them takes longer than a frame. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  void (*setup) (GtkListItem *item, gpointer user_data); /* makes its child */
  void (*bind) (GtkListItem *item, gpointer user_data);
  void (*unbind) (GtkListItem *item, gpointer user_data); /* nullable */
  const char *follows; /* nullable: “notify::” and a property of the item, which bind the cell anew */
} VaiLazyCell;

/* Gives @column of @view cells made by @cell, which must outlive the view. Rows want a least height by CSS: they stand
 * there before their content. */
void vai_lazy_cells_add (GtkColumnView *view, GtkColumnViewColumn *column, const VaiLazyCell *cell, gpointer user_data);

G_END_DECLS
