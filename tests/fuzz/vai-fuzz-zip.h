/* Zip files for the fuzz targets. */
#pragma once

#include "vai-fuzz.h"

G_BEGIN_DECLS

/* As vai_fuzz_file(). @data is a zip file as it stands, or a list of parts that becomes one, so that what is inside can
 * be fuzzed without its packing and checksums: each part is the byte 1, its name, a line end, its content. */
char *vai_fuzz_zip (const guint8 *data, size_t size);

G_END_DECLS
