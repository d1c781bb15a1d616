/* What the machine has, and the digest of a file. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Bytes an import may take: what is free now, less a reserve for everything else. */
gsize vai_memory_available (void);

/* SHA-256 of the bytes of the file @path, in hex. NULL with @error. */
char *vai_memory_dup_sha256 (const char *path, GCancellable *cancellable, GError **error);

G_END_DECLS
