#include "vai-csv-writer.h"

#include "vai-error.h"
#include "vai-number.h"
#include "vai-output.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Rows are gathered up to this size before they go to the file. */
#define BUFFER_BYTES (256 * 1024)

struct _VaiCsvWriter
{
  VaiOutput *output;
  char *path;      /* owned */
  GString *buffer; /* rows not yet written, and the row that is being made */
  gsize row_start; /* in @buffer */
  guint n_cells;   /* of the row that is being made */
};

VaiCsvWriter *
vai_csv_writer_new (const char *path, GError **error)
{
  VaiOutput *output = vai_output_new (path, error);
  if (output == NULL)
    return NULL;
  VaiCsvWriter *self = g_new0 (VaiCsvWriter, 1);
  self->output = output;
  self->path = g_strdup (path);
  self->buffer = g_string_sized_new (BUFFER_BYTES + 4096);
  return self;
}

static void
begin_cell (VaiCsvWriter *self)
{
  if (self->n_cells++ > 0)
    g_string_append_c (self->buffer, ',');
}

static gboolean
needs_quotes (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r')
      return TRUE;
  return FALSE;
}

void
vai_csv_writer_text (VaiCsvWriter *self, const char *text, gssize length)
{
  gsize n = length < 0 ? strlen (text) : (gsize) length;
  begin_cell (self);
  if (!needs_quotes (text, n))
    {
      g_string_append_len (self->buffer, text, n);
      return;
    }
  g_string_append_c (self->buffer, '"');
  for (gsize i = 0; i < n; i++)
    {
      if (text[i] == '"')
        g_string_append_c (self->buffer, '"');
      g_string_append_c (self->buffer, text[i]);
    }
  g_string_append_c (self->buffer, '"');
}

void
vai_csv_writer_number (VaiCsvWriter *self, double number)
{
  begin_cell (self);
  if (isnan (number))
    return;
  char text[VAI_NUMBER_TEXT_SIZE];
  gsize length = vai_number_format (number, text);
  g_string_append_len (self->buffer, text, length);
}

static gboolean
flush (VaiCsvWriter *self, GError **error)
{
  gsize size = self->buffer->len;
  if (fwrite (self->buffer->str, 1, size, vai_output_get_file (self->output)) != size)
    {
      vai_error_set_errno (error, errno, TRUE, _ ("Cannot write “%s”"), self->path);
      return FALSE;
    }
  g_string_truncate (self->buffer, 0);
  return TRUE;
}

gboolean
vai_csv_writer_end_row (VaiCsvWriter *self, GError **error)
{
  /* A single empty cell must not become a blank line, which readers skip. */
  if (self->n_cells == 1 && self->buffer->len == self->row_start)
    g_string_append (self->buffer, "\"\"");
  g_string_append_c (self->buffer, '\n');
  self->n_cells = 0;
  if (self->buffer->len >= BUFFER_BYTES && !flush (self, error))
    return FALSE;
  self->row_start = self->buffer->len;
  return TRUE;
}

VaiOutput *
vai_csv_writer_finish (VaiCsvWriter *self, GError **error)
{
  return flush (self, error) ? g_steal_pointer (&self->output) : NULL;
}

void
vai_csv_writer_free (VaiCsvWriter *self)
{
  if (self == NULL)
    return;
  vai_output_free (self->output);
  g_string_free (self->buffer, TRUE);
  g_free (self->path);
  g_free (self);
}
