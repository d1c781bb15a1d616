/* How long a list is on its way to another length. GTK 4.8 makes widgets for 200 rows at once when a list grows and
 * takes them apart when it becomes short, which is longer than a frame. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The rows that a list of @n is to have after this turn of the main loop, when @wanted are to be there in the end:
 * of those that have widgets a few come or go, of the others all. */
guint vai_row_count_towards (guint n, guint wanted);

G_END_DECLS
