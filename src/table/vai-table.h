/* A table in memory: typed columns of equal length. Shared by reference and not changed after it is made. */
#pragma once

#include "vai-column.h"

G_BEGIN_DECLS

typedef struct
{
  gatomicrefcount refs;
  gsize n_rows;
  GPtrArray *columns; /* of VaiColumn, owned */
  guint64 *lines;     /* the line (or sheet row) in the file at which each row began, from 1; NULL: first_line + row */
  guint64 first_line; /* 0: not from a file */
} VaiTable;

VaiTable *vai_table_new (void);
VaiTable *vai_table_ref (VaiTable *self);
void vai_table_unref (VaiTable *self);

/* Takes @column; its length must be that of the table, or it is the first. */
void vai_table_add (VaiTable *self, VaiColumn *column);

static inline VaiColumn *
vai_table_column (const VaiTable *self, guint index)
{
  return g_ptr_array_index (self->columns, index);
}

/* The line of @row in its file; 0 when it is not from a file. */
static inline guint64
vai_table_line (const VaiTable *self, gsize row)
{
  if (self->lines != NULL)
    return self->lines[row];
  return self->first_line == 0 ? 0 : self->first_line + row;
}

/* Index of the column @name: exact, else without case and surrounding blanks when that is unambiguous; -1 when there is
 * none. */
int vai_table_find (const VaiTable *self, const char *name);

/* As vai_table_find(), with @error NO_COLUMN that names the nearest columns there are. */
int vai_table_require (const VaiTable *self, const char *name, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiTable, vai_table_unref)

G_END_DECLS
