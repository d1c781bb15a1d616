#include "vai-xls-dump.h"

#include "vai-time.h"
#include "vai-xls-book.h"
#include "vai-xls-stream.h"

#include <freexl.h>
#include <string.h>

/* A workbook as the library sees it, and what we read beside it. */
typedef struct
{
  const void *handle;
  VaiXlsBook *book; /* nullable */
  GArray *indices;  /* guint: the library's index of each sheet that is listed */
  FILE *file;
} Dump;

/* As the library sees it: rows of formulas alone are not counted. */
static guint32
count_rows (const Dump *self, guint index)
{
  unsigned int n_rows = 0;
  unsigned short n_columns = 0;
  if (freexl_select_active_worksheet (self->handle, index) != FREEXL_OK
      || freexl_worksheet_dimensions (self->handle, &n_rows, &n_columns) != FREEXL_OK)
    return 0;
  return n_rows;
}

static gboolean
write_sheets (Dump *self)
{
  unsigned int n = 0;
  freexl_get_info (self->handle, FREEXL_BIFF_SHEET_COUNT, &n);
  for (guint i = 0; i < n && i < G_MAXUINT16; i++)
    {
      const char *name = NULL;
      const VaiXlsSheet *sheet = NULL;
      if (freexl_get_worksheet_name (self->handle, i, &name) != FREEXL_OK || name == NULL)
        continue;
      if (self->book != NULL && self->book->sheets->len == n)
        sheet = &g_array_index (self->book->sheets, VaiXlsSheet, i);
      if (sheet != NULL && !sheet->worksheet)
        continue;
      vai_xls_stream_write_sheet (self->file, name, sheet != NULL && sheet->hidden, count_rows (self, i));
      g_array_append_val (self->indices, i);
    }
  return self->indices->len > 0;
}

/* What the library gives for a cell; FALSE for nothing. */
static gboolean
read_cell (const Dump *self, guint row, guint column, VaiXlsValue *value)
{
  FreeXL_CellValue cell = { 0 };
  gint64 seconds;
  if (freexl_get_cell_value (self->handle, row, column, &cell) != FREEXL_OK)
    return FALSE;
  switch (cell.type)
    {
    case FREEXL_CELL_INT:
      *value = (VaiXlsValue){ .kind = VAI_CELL_NUMBER, .number = cell.value.int_value };
      return TRUE;
    case FREEXL_CELL_DOUBLE:
      *value = (VaiXlsValue){ .kind = VAI_CELL_NUMBER, .number = cell.value.double_value };
      return TRUE;
    case FREEXL_CELL_TEXT:
    case FREEXL_CELL_SST_TEXT:
    case FREEXL_CELL_DATE:
    case FREEXL_CELL_DATETIME:
    case FREEXL_CELL_TIME:
      *value = (VaiXlsValue){ .kind = VAI_CELL_TEXT, .text = (char *) cell.value.text_value };
      if (value->text == NULL || *value->text == '\0')
        return FALSE;
      if ((cell.type == FREEXL_CELL_DATE || cell.type == FREEXL_CELL_DATETIME)
          && vai_time_parse (value->text, &seconds))
        *value = (VaiXlsValue){ .kind = VAI_CELL_DATE, .number = seconds };
      return TRUE;
    default:
      return FALSE;
    }
}

static void
write_row (const Dump *self, GHashTable *values, guint row, guint n_columns)
{
  VaiXlsValue found[VAI_XLS_COLUMNS_MAX];
  guint columns[VAI_XLS_COLUMNS_MAX];
  guint n = 0;
  for (guint column = 0; column < n_columns; column++)
    {
      const VaiXlsValue *own = g_hash_table_lookup (values, GUINT_TO_POINTER (row * VAI_XLS_COLUMNS_MAX + column));
      gboolean filled = own != NULL ? own->kind != VAI_CELL_EMPTY : read_cell (self, row, column, &found[n]);
      if (filled && own != NULL)
        found[n] = *own;
      if (filled)
        columns[n++] = column;
    }
  if (n == 0)
    return;
  vai_xls_stream_write_row (self->file, row + 1, n);
  for (guint i = 0; i < n; i++)
    vai_xls_stream_write_cell (self->file, columns[i], found[i].kind, found[i].text, found[i].number);
}

static void
write_rows (const Dump *self, guint index)
{
  unsigned int n_rows = 0;
  unsigned short n_columns = 0;
  if (freexl_select_active_worksheet (self->handle, index) != FREEXL_OK
      || freexl_worksheet_dimensions (self->handle, &n_rows, &n_columns) != FREEXL_OK)
    n_rows = 0;
  g_autoptr (GHashTable) values
      = self->book != NULL ? vai_xls_book_read_values (self->book, index) : g_hash_table_new (NULL, NULL);
  /* Formulas may stand outside of what the library has seen. */
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      n_rows = MAX (n_rows, GPOINTER_TO_UINT (key) / VAI_XLS_COLUMNS_MAX + 1);
      n_columns = MAX (n_columns, GPOINTER_TO_UINT (key) % VAI_XLS_COLUMNS_MAX + 1);
    }
  n_rows = MIN (n_rows, VAI_XLS_ROWS_MAX);
  n_columns = MIN (n_columns, VAI_XLS_COLUMNS_MAX);
  for (guint row = 0; row < n_rows && !ferror (self->file); row++)
    write_row (self, values, row, n_columns);
}

static void
dump_open (Dump *self, const char *path, const char *sheet)
{
  unsigned int password = FREEXL_UNKNOWN;
  int failed = freexl_open (path, &self->handle);
  if (failed == FREEXL_OK)
    freexl_get_info (self->handle, FREEXL_BIFF_PASSWORD, &password);
  if (password == FREEXL_BIFF_OBFUSCATED || (self->book != NULL && self->book->encrypted))
    vai_xls_stream_write_failure (self->file, VAI_XLS_ENCRYPTED);
  else if (failed == FREEXL_BIFF_WORKBOOK_NOT_FOUND)
    vai_xls_stream_write_failure (self->file, VAI_XLS_NO_SHEET);
  else if (failed == FREEXL_INSUFFICIENT_MEMORY)
    vai_xls_stream_write_failure (self->file, VAI_XLS_TOO_LARGE);
  else if (failed != FREEXL_OK)
    vai_xls_stream_write_failure (self->file, VAI_XLS_DAMAGED);
  else if (!write_sheets (self))
    vai_xls_stream_write_failure (self->file, VAI_XLS_NO_SHEET);
  else
    {
      guint64 index = g_ascii_strtoull (sheet, NULL, 10);
      if (strcmp (sheet, VAI_XLS_LIST_ONLY) != 0 && index < self->indices->len)
        write_rows (self, g_array_index (self->indices, guint, index));
      vai_xls_stream_write_end (self->file);
    }
  if (self->handle != NULL)
    freexl_close (self->handle);
}

void
vai_xls_dump (const char *path, const char *sheet, FILE *file)
{
  g_autoptr (GMappedFile) mapped = g_mapped_file_new (path, FALSE, NULL);
  const guint8 *data = mapped != NULL ? (const guint8 *) g_mapped_file_get_contents (mapped) : NULL;
  gsize size = mapped != NULL ? g_mapped_file_get_length (mapped) : 0;
  if (data == NULL)
    {
      vai_xls_stream_write_failure (file, VAI_XLS_DAMAGED);
      return;
    }
  if (vai_xls_is_encrypted_package (data, size))
    {
      vai_xls_stream_write_failure (file, VAI_XLS_ENCRYPTED);
      return;
    }
  Dump self = { .file = file, .indices = g_array_new (FALSE, FALSE, sizeof (guint)) };
  self.book = vai_xls_book_new (data, size);
  dump_open (&self, path, sheet);
  g_clear_pointer (&self.book, vai_xls_book_free);
  g_array_unref (self.indices);
}
