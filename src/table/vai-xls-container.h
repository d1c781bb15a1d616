/* Streams of a compound file ([MS-CFB]), the small file system that old office files are. Private to this layer. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Is there an entry of this name? @name is ASCII. */
gboolean vai_xls_container_has (const guint8 *data, gsize size, const char *name);

/* The bytes of the stream @name; NULL when it is not there, broken, or so small that it stands in the mini stream. */
GByteArray *vai_xls_container_read (const guint8 *data, gsize size, const char *name);

/* Little-endian numbers; the caller has checked the bounds. */
static inline guint16
vai_xls_u16 (const guint8 *p)
{
  return p[0] | p[1] << 8;
}

static inline guint32
vai_xls_u32 (const guint8 *p)
{
  return vai_xls_u16 (p) | (guint32) vai_xls_u16 (p + 2) << 16;
}

G_END_DECLS
