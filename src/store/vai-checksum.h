/* A checksum against damage, not against malice: XXH64, by its specification (github.com/Cyan4973/xxHash,
 * doc/xxhash_spec.md, 0.2.0). Several GB/s, so that reading a dataset is not slower for it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint64 vai_checksum (const void *data, gsize size, guint64 seed);

G_END_DECLS
