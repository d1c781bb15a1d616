/* What the fuzz targets share. A target is fuzz-NAME.c with LLVMFuzzerTestOneInput(); libFuzzer drives it, or replay.c
 * over its corpus. */
#pragma once

#include <glib.h>
#include <stddef.h>

G_BEGIN_DECLS

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

/* A path at which @data can be read as a file until the next call, without a disk. Free with g_free(). */
char *vai_fuzz_file (const guint8 *data, size_t size);

G_END_DECLS
