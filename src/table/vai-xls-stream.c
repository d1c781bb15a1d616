#include "vai-xls-stream.h"

#include "vai-cell-format.h"
#include "vai-error.h"
#include "vai-sheet-backend.h"
#include "vai-xls-book.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Both ends are one program on one machine: numbers go as they stand in memory. */
enum
{
  TAG_SHEET = 'S',
  TAG_ROW = 'R',
  TAG_END = 'E',
  TAG_FAILURE = 'F',
};

/* Names of sheets have 31 characters. */
#define NAME_BYTES_MAX 1024
/* Far more than the format's own programs make. */
#define SHEETS_MAX 10000

static void
write_text (FILE *file, const char *text)
{
  guint32 length = strlen (text);
  fwrite (&length, sizeof length, 1, file);
  fwrite (text, 1, length, file);
}

void
vai_xls_stream_write_sheet (FILE *file, const char *name, gboolean hidden, guint32 n_rows)
{
  fputc (TAG_SHEET, file);
  fputc (hidden ? 1 : 0, file);
  fwrite (&n_rows, sizeof n_rows, 1, file);
  write_text (file, name);
}

void
vai_xls_stream_write_row (FILE *file, guint32 number, guint32 n_cells)
{
  fputc (TAG_ROW, file);
  fwrite (&number, sizeof number, 1, file);
  fwrite (&n_cells, sizeof n_cells, 1, file);
}

void
vai_xls_stream_write_cell (FILE *file, guint32 column, VaiCellKind kind, const char *text, double number)
{
  fwrite (&column, sizeof column, 1, file);
  fputc (kind, file);
  if (kind == VAI_CELL_NUMBER || kind == VAI_CELL_DATE)
    fwrite (&number, sizeof number, 1, file);
  else
    write_text (file, text);
}

void
vai_xls_stream_write_end (FILE *file)
{
  fputc (TAG_END, file);
}

void
vai_xls_stream_write_failure (FILE *file, VaiXlsFailure failure)
{
  fputc (TAG_FAILURE, file);
  fputc (failure, file);
}

void
vai_xls_stream_init (VaiXlsStream *self,
                     gssize (*read) (gpointer data, void *buffer, gsize size, GError **error),
                     gpointer data)
{
  self->read = read;
  self->data = data;
  self->next = 0;
  self->n = 0;
  self->ended = FALSE;
  self->text = g_string_new (NULL);
}

void
vai_xls_stream_clear (VaiXlsStream *self)
{
  if (self->text != NULL)
    g_string_free (g_steal_pointer (&self->text), TRUE);
}

static gboolean
set_damaged (GError **error)
{
  g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED,
               _ ("The old spreadsheet (XLS) is damaged and could not be read: open it in the program that made it and "
                  "save it as XLSX."));
  return FALSE;
}

/* Exactly @size bytes. */
static gboolean
take (VaiXlsStream *self, void *bytes, gsize size, GError **error)
{
  char *to = bytes;
  while (size > 0)
    {
      if (self->next == self->n)
        {
          gssize n = self->read (self->data, self->buffer, sizeof self->buffer, error);
          if (n < 0)
            return FALSE;
          if (n == 0)
            return set_damaged (error);
          self->next = 0;
          self->n = n;
        }
      gsize part = MIN (size, self->n - self->next);
      memcpy (to, self->buffer + self->next, part);
      self->next += part;
      to += part;
      size -= part;
    }
  return TRUE;
}

/* Into self->text, made valid UTF-8. */
static gboolean
take_text (VaiXlsStream *self, gsize n_max, GError **error)
{
  guint32 length;
  if (!take (self, &length, sizeof length, error))
    return FALSE;
  if (length > n_max)
    return set_damaged (error);
  g_string_set_size (self->text, length);
  if (!take (self, self->text->str, length, error))
    return FALSE;
  if (g_utf8_validate (self->text->str, length, NULL))
    return TRUE;
  g_autofree char *valid = g_utf8_make_valid (self->text->str, length);
  g_string_assign (self->text, valid);
  return TRUE;
}

static gboolean
take_sheet (VaiXlsStream *self, GPtrArray *sheets, GArray *n_rows, GError **error)
{
  guint8 hidden;
  guint32 n;
  if (!take (self, &hidden, 1, error) || !take (self, &n, sizeof n, error) || !take_text (self, NAME_BYTES_MAX, error))
    return FALSE;
  if (sheets->len >= SHEETS_MAX)
    return set_damaged (error);
  vai_sheet_names_add (sheets, self->text->str, hidden != 0);
  if (n_rows != NULL)
    g_array_append_val (n_rows, n);
  return TRUE;
}

static gboolean
take_cell (VaiXlsStream *self, VaiSheetRows *rows, GError **error)
{
  static const VaiCellFormat general = { 0 };
  guint32 column;
  guint8 kind;
  double number;
  if (!take (self, &column, sizeof column, error) || !take (self, &kind, 1, error))
    return FALSE;
  if (column >= VAI_XLS_COLUMNS_MAX)
    return set_damaged (error);
  if (kind != VAI_CELL_NUMBER && kind != VAI_CELL_DATE)
    {
      if ((kind != VAI_CELL_TEXT && kind != VAI_CELL_BOOLEAN && kind != VAI_CELL_ERROR))
        return set_damaged (error);
      if (!take_text (self, VAI_SHEET_TEXT_BYTES_MAX, error))
        return FALSE;
      vai_sheet_rows_set_text (rows, column, kind, self->text->str, self->text->len);
      return TRUE;
    }
  if (!take (self, &number, sizeof number, error))
    return FALSE;
  if (kind == VAI_CELL_NUMBER)
    vai_cell_format_add (&general, rows, column, number, FALSE);
  else if (fabs (number) < 1e12)
    vai_sheet_rows_set_date (rows, column, number);
  return TRUE;
}

static gboolean
take_row (VaiXlsStream *self, VaiSheetRows *rows, GError **error)
{
  guint32 number, n_cells;
  if (!take (self, &number, sizeof number, error) || !take (self, &n_cells, sizeof n_cells, error))
    return FALSE;
  if (number < 1 || number > VAI_XLS_ROWS_MAX || n_cells > VAI_XLS_COLUMNS_MAX)
    return set_damaged (error);
  vai_sheet_rows_begin (rows, number);
  for (guint i = 0; i < n_cells; i++)
    if (!take_cell (self, rows, error))
      return FALSE;
  vai_sheet_rows_end (rows, 1);
  return TRUE;
}

static gboolean
take_failure (VaiXlsStream *self, GError **error)
{
  guint8 failure;
  if (!take (self, &failure, 1, error))
    return FALSE;
  if (failure == VAI_XLS_ENCRYPTED)
    g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_READABLE,
                 _ ("The spreadsheet is protected with a password: save it without one and read that."));
  else if (failure == VAI_XLS_NO_SHEET)
    g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_A_TABLE,
                 _ ("This office file holds no sheet: choose a CSV, XLSX, ODS or XLS file."));
  else if (failure == VAI_XLS_TOO_LARGE)
    g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE,
                 _ ("The old spreadsheet (XLS) takes too much memory to read: save it as XLSX or CSV and read that."));
  else
    set_damaged (error);
  return FALSE;
}

gboolean
vai_xls_stream_next (VaiXlsStream *self, GPtrArray *sheets, GArray *n_rows, VaiSheetRows *rows, GError **error)
{
  guint8 tag;
  while (!self->ended)
    {
      if (!take (self, &tag, 1, error))
        return FALSE;
      switch (tag)
        {
        case TAG_SHEET:
          if (!take_sheet (self, sheets, n_rows, error))
            return FALSE;
          break;
        case TAG_ROW:
          return take_row (self, rows, error);
        case TAG_END:
          self->ended = TRUE;
          break;
        case TAG_FAILURE:
          return take_failure (self, error);
        default:
          return set_damaged (error);
        }
    }
  return FALSE;
}
