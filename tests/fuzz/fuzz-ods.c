/* Any bytes as an ODS file, or as the parts of one: every sheet is looked at, one is read. */
#include "vai-fuzz-sheet.h"
#include "vai-fuzz-zip.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autofree char *path = vai_fuzz_zip (data, size);
  vai_fuzz_sheet (path, VAI_FORMAT_ODS);
  return 0;
}
