/* Ranges of bytes, as headers tell them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Content-Range of a piece, “bytes 0-4194303/9000000”: from the start of a piece of VAI_BLOB_CHUNK_BYTES to its end.
 * FALSE for any other; @text may be NULL. */
gboolean vai_blob_range_parse_piece (const char *text, gint64 *first, gint64 *last, gint64 *size);

/* Range, “bytes=FIRST-LAST” or “bytes=FIRST-”, of a file of @size bytes; all of it when @text is NULL. FALSE: not in
 * the file. */
gboolean vai_blob_range_parse_wanted (const char *text, gint64 size, gint64 *first, gint64 *last);

G_END_DECLS
