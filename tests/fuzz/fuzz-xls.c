/* Any bytes as an XLS file, read here as the reading process does, or as what such a process might say. */
#include "vai-fuzz-sheet.h"
#include "vai-fuzz.h"

#include "vai-sheet-backend.h"
#include "vai-xls-dump.h"
#include "vai-xls-stream.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  const guint8 *data;
  size_t size;
} Said;

static gssize
read_said (gpointer data, void *buffer, gsize size, GError **error)
{
  Said *self = data;
  gsize n = MIN (size, self->size);
  memcpy (buffer, self->data, n);
  self->data += n;
  self->size -= n;
  return n;
}

static void
hear (const guint8 *data, size_t size)
{
  g_autofree VaiXlsStream *stream = g_new (VaiXlsStream, 1);
  g_autoptr (GPtrArray) sheets = vai_sheet_names_new ();
  Said said = { data, size };
  VaiSheetRows rows;
  VaiSheetRow row;
  vai_sheet_rows_init (&rows);
  vai_xls_stream_init (stream, read_said, &said);
  for (guint i = 0; i < VAI_FUZZ_ROWS_MAX && vai_xls_stream_next (stream, sheets, &rows, NULL); i++)
    while (vai_sheet_rows_take (&rows, &row))
      vai_fuzz_check_row (&row, 0);
  vai_xls_stream_clear (stream);
  vai_sheet_rows_clear (&rows);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  if (size == 0 || data[0] != 0xd0)
    {
      hear (data, size);
      return 0;
    }
  g_autofree char *path = vai_fuzz_file (data, size);
  char *said = NULL;
  size_t n_said = 0;
  FILE *file = open_memstream (&said, &n_said);
  vai_xls_dump (path, "0", file);
  fclose (file);
  hear ((const guint8 *) said, n_said);
  free (said);
  return 0;
}
