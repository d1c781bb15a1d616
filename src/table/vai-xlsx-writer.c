#include "vai-xlsx-writer.h"

#include "vai-error.h"
#include "vai-zip.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <xlsxwriter.h>

/* 2000-01-01T00:00:00Z: the same rows give the same bytes on any day. */
#define CREATED_SECONDS 946684800

struct _VaiXlsxWriter
{
  VaiOutput *output;
  char *path;   /* owned */
  char *folder; /* owned; the library's own temporary file stands beside the target, so a full disk is one disk */
  lxw_workbook *workbook;
  lxw_worksheet *sheet;
  GString *text; /* NUL-terminated copy of the cell that is being written */
  guint row, column;
};

VaiXlsxWriter *
vai_xlsx_writer_new (const char *path, GError **error)
{
  g_autoptr (VaiXlsxWriter) self = g_new0 (VaiXlsxWriter, 1);
  self->output = vai_output_new (path, error);
  if (self->output == NULL)
    return NULL;
  self->path = g_strdup (path);
  self->folder = g_path_get_dirname (path);
  self->text = g_string_new (NULL);
  lxw_workbook_options options = { .constant_memory = LXW_TRUE, .tmpdir = self->folder };
  self->workbook = workbook_new_opt (vai_output_get_temporary_path (self->output), &options);
  if (self->workbook != NULL)
    {
      lxw_doc_properties properties = { .created = CREATED_SECONDS };
      workbook_set_properties (self->workbook, &properties);
      self->sheet = workbook_add_worksheet (self->workbook, NULL);
    }
  if (self->sheet == NULL)
    {
      vai_error_set_errno (error, errno, TRUE, _ ("Cannot write “%s”"), path);
      return NULL;
    }
  return g_steal_pointer (&self);
}

/* FALSE when the next cell would be outside of what a sheet holds. */
static gboolean
check_room (VaiXlsxWriter *self, GError **error)
{
  if (self->row >= VAI_XLSX_ROWS_MAX)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE,
                   _ ("A sheet holds %d rows and there are more: write to a file that ends in “.csv”."),
                   VAI_XLSX_ROWS_MAX);
      return FALSE;
    }
  if (self->column >= VAI_XLSX_COLUMNS_MAX)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE,
                   _ ("A sheet holds %d columns and there are more: write to a file that ends in “.csv”."),
                   VAI_XLSX_COLUMNS_MAX);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_written (VaiXlsxWriter *self, lxw_error failed, GError **error)
{
  if (failed == LXW_NO_ERROR)
    return TRUE;
  if (failed == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED)
    g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE,
                 _ ("The text in row %u, column %u is longer than the %d characters that a cell of a sheet holds: "
                    "write to a file that ends in “.csv”."),
                 self->row + 1, self->column + 1, VAI_XLSX_TEXT_MAX);
  else
    g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE, _ ("Cannot write “%s”: %s"), self->path,
                 lxw_strerror (failed));
  return FALSE;
}

gboolean
vai_xlsx_writer_text (VaiXlsxWriter *self, const char *text, gssize length, GError **error)
{
  gsize n = length < 0 ? strlen (text) : (gsize) length;
  if (!check_room (self, error))
    return FALSE;
  if (n > 0)
    {
      g_string_truncate (self->text, 0);
      g_string_append_len (self->text, text, n);
      /* The library ends a text at the first NUL, and XML cannot hold one. */
      if (memchr (text, '\0', n) != NULL)
        for (gsize i = 0; i < n; i++)
          if (self->text->str[i] == '\0')
            self->text->str[i] = ' ';
      lxw_error failed = worksheet_write_string (self->sheet, self->row, self->column, self->text->str, NULL);
      if (!check_written (self, failed, error))
        return FALSE;
    }
  self->column++;
  return TRUE;
}

gboolean
vai_xlsx_writer_number (VaiXlsxWriter *self, double number, GError **error)
{
  if (!check_room (self, error))
    return FALSE;
  if (isfinite (number))
    {
      lxw_error failed = worksheet_write_number (self->sheet, self->row, self->column, number, NULL);
      if (!check_written (self, failed, error))
        return FALSE;
    }
  self->column++;
  return TRUE;
}

gboolean
vai_xlsx_writer_end_row (VaiXlsxWriter *self, GError **error)
{
  if (!check_room (self, error))
    return FALSE;
  self->row++;
  self->column = 0;
  return TRUE;
}

/* The library does not look whether its temporary file could be written: a disk that was full shows as a sheet cut off.
 */
static gboolean
check_whole (VaiXlsxWriter *self, GError **error)
{
  static const char end[] = "</worksheet>";
  const gsize n_end = sizeof end - 1;
  char buffer[64 * 1024];
  gsize n_kept = 0;
  gssize n = 0;
  g_autoptr (VaiZip) zip = vai_zip_open (vai_output_get_temporary_path (self->output), NULL, NULL);
  g_autoptr (VaiZipPart) part = zip != NULL ? vai_zip_open_part (zip, "xl/worksheets/sheet1.xml", NULL, NULL) : NULL;
  if (part != NULL)
    while ((n = vai_zip_part_read (part, buffer + n_kept, sizeof buffer - n_kept, NULL)) > 0)
      {
        gsize n_have = n_kept + n;
        n_kept = MIN (n_have, n_end);
        memmove (buffer, buffer + n_have - n_kept, n_kept);
      }
  if (part != NULL && n == 0 && n_kept == n_end && memcmp (buffer, end, n_end) == 0)
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_NO_SPACE, _ ("Cannot write “%s”: the disk is full."), self->path);
  return FALSE;
}

VaiOutput *
vai_xlsx_writer_finish (VaiXlsxWriter *self, GError **error)
{
  lxw_error failed = workbook_close (g_steal_pointer (&self->workbook));
  if (failed == LXW_ERROR_CREATING_XLSX_FILE || failed == LXW_ERROR_CREATING_TMPFILE)
    {
      vai_error_set_errno (error, errno, TRUE, _ ("Cannot write “%s”"), self->path);
      return NULL;
    }
  if (!check_written (self, failed, error) || !check_whole (self, error))
    return NULL;
  return g_steal_pointer (&self->output);
}

void
vai_xlsx_writer_free (VaiXlsxWriter *self)
{
  if (self == NULL)
    return;
  if (self->workbook != NULL)
    lxw_workbook_free (self->workbook);
  vai_output_free (self->output);
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  g_free (self->folder);
  g_free (self->path);
  g_free (self);
}
