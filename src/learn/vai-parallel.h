/* Rows split over threads. Private to learn. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Rows @from up to @to, @to not among them. */
typedef void (*VaiRowsFunc) (gsize from, gsize to, gpointer user_data);

/* Calls @func for parts of 0..n-1 on up to @threads threads and waits for all. Parts are multiples of @block but the
 * last; which thread takes which part is not said, so @func must write by row only. */
void vai_parallel_rows (gsize n, gsize block, guint threads, VaiRowsFunc func, gpointer user_data);

G_END_DECLS
