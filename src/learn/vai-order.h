/* Values in their order, and rows in the order of their values. Private to learn. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Brings @order, @n places in @values, into the order of what stands there, ascending; equal values (0 and -0 are) stay
 * in the order they come in. Not a number stands at an end. O(n). */
void vai_order_by (const double *values, guint32 *order, gsize n);

/* Sorts ascending, in place. O(n). */
void vai_sort_doubles (double *values, gsize n);

G_END_DECLS
