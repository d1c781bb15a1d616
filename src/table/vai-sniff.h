/* What kind of file is it, and how is its text cut into fields: found from its first bytes, never from its name. */
#pragma once

#include "vai-dialect.h"
#include "vai-tokens.h"

G_BEGIN_DECLS

/* The kind of @path. FALSE with @error NOT_FOUND, NOT_READABLE, EMPTY, or NOT_A_TABLE when it is plainly something else
 * (a picture, a PDF, a web page). Anything that may be text is VAI_FORMAT_DELIMITED. */
gboolean vai_sniff_format (const char *path, VaiFormat *format, GError **error);

/* TRUE when @text (decoded) is text at all: hardly any control characters. */
gboolean vai_sniff_is_text (const char *text, gsize length);

/* Finds delimiter, quote and wrapped lines where @dialect does not have them. @text is not changed. FALSE: no table,
 * prose or data of another kind, with @error NOT_A_TABLE. */
gboolean vai_sniff_delimiter (const char *path, const char *text, gsize length, VaiDialect *dialect, GError **error);

/* Takes the outer quotes off each line that stands in them, in place. Gives the new length. */
gsize vai_sniff_unwrap (char *text, gsize length, char quote);

G_END_DECLS
