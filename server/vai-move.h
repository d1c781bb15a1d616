#pragma once

#include "vai-database.h"

G_BEGIN_DECLS

/* Copies every table of @from, a SQLite file that no server serves, into @to, a PostgreSQL without accounts, in one
 * transaction, and proves it: of every table the number of rows and a sum over all their values are the same. @report
 * takes a line for each table. */
gboolean vai_move (VaiDatabase *from, VaiDatabase *to, GString *report, GError **error);

G_END_DECLS
