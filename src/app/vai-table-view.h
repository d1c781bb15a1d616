/* The rows of a table on screen, any number of them: sorted by a click on a column's title, searched, a row copied by
 * Ctrl+C. Order and search are computed on another thread. */
#pragma once

#include "vai-table-model.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define VAI_TYPE_TABLE_VIEW (vai_table_view_get_type ())
G_DECLARE_FINAL_TYPE (VaiTableView, vai_table_view, VAI, TABLE_VIEW, GtkWidget)

/* Property "n-shown": rows that are in the list now, of the last query that ended. */
GtkWidget *vai_table_view_new (void);

/* @table and @rows (of guint32, ascending: only those) are nullable. */
void vai_table_view_set (VaiTableView *self, VaiTable *table, GArray *rows);

/* "" or NULL: all. */
void vai_table_view_search (VaiTableView *self, const char *text);

guint vai_table_view_get_n_shown (VaiTableView *self);

/* Is an order or a search being computed? */
gboolean vai_table_view_is_busy (VaiTableView *self);

/* A window with the rows of @table that @rows names (nullable: all). */
void vai_rows_window_present (GtkWidget *parent, const char *title, VaiTable *table, GArray *rows);

G_END_DECLS
