/* How rows go into SQL and come out. */
#pragma once

#include "vai-db.h"
#include "vai-row.h"

G_BEGIN_DECLS

/* "SELECT every field FROM table" and @where. Free with g_free(). */
char *vai_row_select (const VaiRowKind *kind, const char *where);

/* The row that @statement, of vai_row_select(), stands on. */
gpointer vai_row_read (const VaiRowKind *kind, VaiStatement *statement);

/* All rows that are left, added to @rows. */
gboolean vai_row_read_all (const VaiRowKind *kind, VaiStatement *statement, GPtrArray *rows, GError **error);

gboolean vai_row_insert (const VaiRowKind *kind, gconstpointer row, VaiDb *db, GError **error);

G_END_DECLS
