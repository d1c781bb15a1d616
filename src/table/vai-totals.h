/* A totals row at the foot of a table: one more row that is none. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Is a row of these cells a totals row: "Total", "Totale"… at its beginning and at least one number behind it? */
gboolean vai_totals_is_row (const char *const *cells, guint n);

G_END_DECLS
