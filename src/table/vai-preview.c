#include "vai-preview.h"

#include "vai-rows.h"

/* A cell is shown up to here: more does not fit on any screen. */
#define CELL_MAX 200

/* Cells of a line: a window shows fewer, and a broken line may have thousands. */
#define CELLS_MAX 300

void
vai_preview_line_free (VaiPreviewLine *self)
{
  g_strfreev (self->cells);
  g_free (self->reason);
  g_free (self);
}

VaiPreviewLine *
vai_preview_line_new_rejected (const VaiRejectedRow *row)
{
  VaiPreviewLine *self = g_new0 (VaiPreviewLine, 1);
  self->kind = VAI_PREVIEW_REJECTED;
  self->line = row->line;
  self->cells = g_new0 (char *, 2);
  self->cells[0] = g_utf8_make_valid (row->raw, -1);
  if (g_utf8_strlen (self->cells[0], -1) > CELL_MAX)
    *g_utf8_offset_to_pointer (self->cells[0], CELL_MAX) = '\0';
  self->reason = g_strdup (row->reason);
  return self;
}

/* One line of text: a cell may hold line ends. */
static char *
dup_cell (const char *text, gsize length)
{
  char *cell = g_utf8_make_valid (text, MIN (length, CELL_MAX));
  return g_strstrip (g_strdelimit (cell, "\r\n\t", ' '));
}

static VaiPreviewLine *
line_new (const VaiTokens *sample, const VaiTokenRecord *record, VaiPreviewKind kind)
{
  guint n = MIN (record->n_fields, CELLS_MAX);
  VaiPreviewLine *self = g_new0 (VaiPreviewLine, 1);
  self->kind = kind;
  self->line = (guint64) record->line + 1;
  self->cells = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      const VaiField *field = &sample->fields[record->first + i];
      self->cells[i] = dup_cell (sample->text + field->start, field->length);
    }
  return self;
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  const VaiPreviewLine *x = *(VaiPreviewLine *const *) a, *y = *(VaiPreviewLine *const *) b;
  return x->line < y->line ? -1 : x->line > y->line;
}

static void
take_lines (VaiPreview *self, VaiRows *rows, gsize rows_max)
{
  const VaiTokens *sample = vai_rows_get_sample (rows);
  const VaiLayout *layout = vai_rows_get_layout (rows);
  g_autoptr (GHashTable) rejected = g_hash_table_new (g_int64_hash, g_int64_equal);
  gsize end = MIN (sample->n_records, layout->first_row + rows_max);
  guint64 last = end > 0 ? (guint64) sample->records[end - 1].line + 1 : 0;
  for (guint i = 0; i < self->import->rejected->len; i++)
    {
      VaiRejectedRow *row = g_ptr_array_index (self->import->rejected, i);
      if (row->line > last)
        continue;
      g_hash_table_add (rejected, &row->line);
      g_ptr_array_add (self->lines, vai_preview_line_new_rejected (row));
    }
  for (gsize i = 0; i < end; i++)
    {
      const VaiTokenRecord *record = &sample->records[i];
      guint64 line = (guint64) record->line + 1;
      VaiPreviewKind kind = i < layout->header                          ? VAI_PREVIEW_ABOVE
                            : i == layout->header && layout->has_header ? VAI_PREVIEW_HEADER
                                                                        : VAI_PREVIEW_ROW;
      if (!g_hash_table_contains (rejected, &line))
        g_ptr_array_add (self->lines, line_new (sample, record, kind));
    }
  g_ptr_array_sort (self->lines, compare_lines);
}

VaiPreview *
vai_preview_read (const char *path,
                  const VaiImportOptions *options,
                  gsize rows_max,
                  GCancellable *cancellable,
                  GError **error)
{
  g_return_val_if_fail (path != NULL && options != NULL, NULL);
  VaiImportOptions first = *options;
  first.rows_max = rows_max;
  first.want_sha256 = FALSE;
  g_autoptr (VaiPreview) self = g_new0 (VaiPreview, 1);
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_preview_line_free);
  self->import = vai_import_read (path, &first, NULL, cancellable, error);
  if (self->import == NULL)
    return NULL;
  g_autoptr (VaiRows) rows = vai_rows_open (path, &options->dialect, cancellable, error);
  if (rows == NULL)
    return NULL;
  take_lines (self, rows, rows_max);
  return g_steal_pointer (&self);
}

void
vai_preview_free (VaiPreview *self)
{
  if (self == NULL)
    return;
  vai_import_free (self->import);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_free (self);
}
