/* The bytes of a file as UTF-8 text, in blocks: unpacked when gzip, decoded from what they are. */
#pragma once

#include "vai-dialect.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _VaiTextSource VaiTextSource;

/* @dialect: encoding and gzip when known, else found from the bytes. Errors: NOT_FOUND, NOT_READABLE, EMPTY, DAMAGED,
 * NOT_A_TABLE. */
VaiTextSource *vai_text_source_open (const char *path, VaiEncoding encoding, GError **error);
void vai_text_source_free (VaiTextSource *self);

/* Up to @capacity bytes of whole characters into @buffer, at least 1; 0 at the end, -1 with @error. @capacity is at
 * least 64. */
gssize vai_text_source_read (VaiTextSource *self, char *buffer, gsize capacity, GError **error);

/* To the beginning again. */
gboolean vai_text_source_rewind (VaiTextSource *self, GError **error);

/* The first bytes of the file, unpacked but not decoded: what kind of file is it? */
const guint8 *vai_text_source_get_head (const VaiTextSource *self, gsize *length);

VaiEncoding vai_text_source_get_encoding (const VaiTextSource *self);
gboolean vai_text_source_has_bom (const VaiTextSource *self);
gboolean vai_text_source_is_gzip (const VaiTextSource *self);
guint64 vai_text_source_get_file_size (const VaiTextSource *self);

/* Bytes of the file that were read so far, packed ones when it is packed. */
guint64 vai_text_source_get_position (const VaiTextSource *self);

/* Bytes that were no valid UTF-8 and were read as Windows-1252 instead, in a file that is UTF-8 otherwise. */
guint64 vai_text_source_get_n_foreign (const VaiTextSource *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiTextSource, vai_text_source_free)

G_END_DECLS
