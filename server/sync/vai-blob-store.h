/* Where the bytes of files are: a folder of this machine, or an S3-compatible store that many servers share. Files are
 * named by their SHA-256 in lower-case hexadecimal, and so is nothing else: no text of a client becomes a path. Any
 * thread may call. */
#pragma once

#include "vai-server-config.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _VaiBlobStore VaiBlobStore;

VaiBlobStore *vai_blob_store_open (const VaiServerConfig *config, GError **error);
void vai_blob_store_close (VaiBlobStore *self);

/* Keeps a piece of the upload @id, of VAI_BLOB_CHUNK_BYTES but for the last; durable on return. The same place may be
 * written again. Errors: NOT_FOUND, what came before is lost; NO_SPACE; FAILED. */
gboolean vai_blob_store_put_chunk (VaiBlobStore *self, const char *id, gint64 offset, GBytes *chunk, GError **error);

/* Makes the file @hash of the upload's pieces, @size bytes; again is no harm. The pieces stay. Errors: DAMAGED, they
 * are another file; NOT_FOUND, some are lost; NO_SPACE; FAILED. */
gboolean vai_blob_store_finish (VaiBlobStore *self, const char *id, const char *hash, gint64 size, GError **error);

/* The pieces may go; what cannot be removed is left to vai_blob_store_sweep(). */
void vai_blob_store_discard (VaiBlobStore *self, const char *id, gint64 size);

/* Removes pieces that nobody discarded for @age_ms. A store with rules for that does it by itself. */
void vai_blob_store_sweep (VaiBlobStore *self, gint64 age_ms);

/* @size bytes from @offset of the file @hash, which has them. Errors: NOT_FOUND, FAILED. */
GBytes *vai_blob_store_read (VaiBlobStore *self, const char *hash, gint64 offset, gint64 size, GError **error);

/* TRUE also when it was not there. */
gboolean vai_blob_store_remove (VaiBlobStore *self, const char *hash, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiBlobStore, vai_blob_store_close)

G_END_DECLS
