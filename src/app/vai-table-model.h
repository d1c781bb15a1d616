/* The rows of a table as a list: an item is made when it is asked for, so a million rows cost nothing until they are
 * looked at. Which rows, and in which order, is a permutation. */
#pragma once

#include "vai-table.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define VAI_TYPE_TABLE_ROW (vai_table_row_get_type ())
G_DECLARE_FINAL_TYPE (VaiTableRow, vai_table_row, VAI, TABLE_ROW, GObject)

/* Which row of the table stands at this place now, in @index; FALSE when the list has become shorter. */
gboolean vai_table_row_get_index (VaiTableRow *self, gsize *index);

#define VAI_TYPE_TABLE_MODEL (vai_table_model_get_type ())
G_DECLARE_FINAL_TYPE (VaiTableModel, vai_table_model, VAI, TABLE_MODEL, GObject)

/* Of VaiTableRow. */
VaiTableModel *vai_table_model_new (void);

/* All rows of @n_rows, or those of @rows (of guint32), a new reference of which is held. An item is a place of the
 * list: those that are there before and after stay, and are to be shown anew. To make 200 lines again takes too long.
 */
void vai_table_model_set (VaiTableModel *self, guint n_rows, GArray *rows);

/* What is to be shown of a table: some of its rows, those in which a value has @search in it, in an order. */
typedef struct
{
  VaiTable *table;
  GArray *rows; /* nullable: all; of guint32, ascending */
  char *search; /* nullable */
  int sort;     /* column; -1: as they stand */
  gboolean descending;
} VaiTableQuery;

/* Blocking; for a worker thread. A GArray of guint32; NULL when it was cancelled, or when all rows as they stand are
 * meant (then @all is TRUE). Missing values come last in either direction; rows that are equal stay as they stand. */
GArray *vai_table_query_run (const VaiTableQuery *self, GCancellable *cancellable, gboolean *all);
void vai_table_query_free (VaiTableQuery *self);

G_END_DECLS
