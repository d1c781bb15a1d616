/* Decoding of bytes to UTF-8, without state but for what the arguments say. */
#pragma once

#include "vai-dialect.h"

G_BEGIN_DECLS

typedef struct
{
  gsize read;            /* bytes taken */
  gsize written;         /* bytes given */
  gsize foreign;         /* bytes that were no valid UTF-8 and were taken as Windows-1252 */
  gboolean beyond_ascii; /* a valid character of more than one byte was seen */
} VaiDecoded;

/* Bytes from the beginning that are valid UTF-8 (NUL is). @beyond_ascii is set when a character of more than one byte
 * was seen. */
gsize vai_unicode_valid_prefix (const char *bytes, gsize length, gboolean *beyond_ascii);

/* Bytes at the end that begin a character of UTF-8 which is not whole yet: 0 to 3. */
gsize vai_unicode_open_end (const char *bytes, gsize length);

/* Decodes as much as fits. @last: an open end is no beginning of anything. In UTF-8 a byte that is not valid is taken
 * as Windows-1252. */
VaiDecoded
vai_unicode_decode (VaiEncoding encoding, const char *bytes, gsize length, gboolean last, char *to, gsize capacity);

/* What the first bytes of a file are written in, by byte order mark, zero pattern and validity; @bom: bytes of the
 * mark. */
VaiEncoding vai_unicode_guess (const char *bytes, gsize length, gsize *bom);

G_END_DECLS
