/* A file that is in the way and must not be lost: it gets another name beside its own. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Renames the file or folder @path, and what is called like it with @companion (nullable, "-wal") behind, which is a
 * part of it. Gives its new name, "NAME-aside-N.ending" with the first N that is free. A crash in between leaves @path
 * where it is, and the next call goes on. Errors: NOT_FOUND, NOT_WRITABLE, FAILED. Free with g_free(). */
char *vai_set_aside (const char *path, const char *companion, GError **error);

/* Renames; a file called @to is replaced. Errors: NOT_FOUND, NOT_WRITABLE, FAILED. */
gboolean vai_rename (const char *from, const char *to, GError **error);

G_END_DECLS
