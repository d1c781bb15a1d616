/* Any bytes as the records of an XLS file that we read ourselves, or as what the reading process might say. libfreexl
 * is left out: it writes outside of its buffers on broken files, which is why it runs in a process of its own whose end
 * is an error like another. */
#include "vai-fuzz-sheet.h"
#include "vai-fuzz.h"

#include "vai-sheet-backend.h"
#include "vai-xls-book.h"
#include "vai-xls-stream.h"

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
  g_autoptr (GArray) n_rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  Said said = { data, size };
  VaiSheetRows rows;
  VaiSheetRow row;
  vai_sheet_rows_init (&rows);
  vai_xls_stream_init (stream, read_said, &said);
  for (guint i = 0; i < VAI_FUZZ_ROWS_MAX && vai_xls_stream_next (stream, sheets, n_rows, &rows, NULL); i++)
    while (vai_sheet_rows_take (&rows, &row))
      vai_fuzz_check_row (&row, 0);
  g_assert_cmpuint (n_rows->len, ==, sheets->len);
  vai_xls_stream_clear (stream);
  vai_sheet_rows_clear (&rows);
}

static void
read_book (const guint8 *data, size_t size)
{
  vai_xls_is_encrypted_package (data, size);
  g_autoptr (VaiXlsBook) book = vai_xls_book_new (data, size);
  for (guint i = 0; book != NULL && i < MIN (book->sheets->len, 10); i++)
    {
      g_autoptr (GHashTable) values = vai_xls_book_read_values (book, i);
      g_assert_cmpuint (g_hash_table_size (values), <=, VAI_XLS_ROWS_MAX * VAI_XLS_COLUMNS_MAX);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  if (size > 0 && data[0] == 0xd0)
    read_book (data, size);
  else
    hear (data, size);
  return 0;
}
