/* What stands in a request besides its body: any bytes may come, only text goes on. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @value of a header as UTF-8 of at most @bytes_max bytes: what is none is replaced, a character is not cut in two.
 * NULL for NULL. Free with g_free(). */
char *vai_request_text_dup (const char *value, gsize bytes_max);

/* TRUE when @path and all of @query (or NULL) are UTF-8 after their escapes were undone. */
gboolean vai_request_text_is_valid (const char *path, GHashTable *query);

G_END_DECLS
