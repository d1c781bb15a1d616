#include "vai-sheet-blocks.h"

#include "vai-cell.h"
#include "vai-number.h"

#include <math.h>
#include <string.h>

/* Rows and text of one block. */
#define ROWS_MAX 2000
#define TEXT_MAX (512 * 1024)

/* Digits of a percentage: 0.07 shown as 7 % is 7 and not 7.000000000000001. */
#define PERCENT_DIGITS "%.13g"

struct _VaiSheetBlocks
{
  char *path; /* owned */
  VaiFormat format;
  GCancellable *cancellable; /* owned, nullable */
  VaiSheetSource *source;    /* owned */
  char *sheet;               /* owned: name of the one that is read */
  gboolean fresh;            /* nothing was read from it yet */
  gboolean plain;
  gboolean waiting; /* a row was read and is the first of the next block */
  VaiSheetRow row;
  GString *text;
  GString *text_before; /* of the block before, which may still be in use */
};

VaiSheetBlocks *
vai_sheet_blocks_open (const char *path, VaiFormat format, const char *sheet, GCancellable *cancellable, GError **error)
{
  g_autoptr (VaiSheetBlocks) self = g_new0 (VaiSheetBlocks, 1);
  self->path = g_strdup (path);
  self->format = format;
  self->cancellable = cancellable == NULL ? NULL : g_object_ref (cancellable);
  self->text = g_string_new (NULL);
  self->text_before = g_string_new (NULL);
  self->source = vai_sheet_source_open (path, format, sheet, cancellable, error);
  if (self->source == NULL)
    return NULL;
  self->sheet = g_strdup (vai_sheet_source_get_sheet_name (self->source));
  self->fresh = TRUE;
  return g_steal_pointer (&self);
}

void
vai_sheet_blocks_free (VaiSheetBlocks *self)
{
  if (self == NULL)
    return;
  vai_sheet_source_free (self->source);
  g_clear_object (&self->cancellable);
  g_string_free (self->text, TRUE);
  g_string_free (self->text_before, TRUE);
  g_free (self->sheet);
  g_free (self->path);
  g_free (self);
}

const char *
vai_sheet_blocks_get_sheet (VaiSheetBlocks *self)
{
  return self->sheet;
}

void
vai_sheet_blocks_set_plain (VaiSheetBlocks *self)
{
  self->plain = TRUE;
}

GStrv
vai_sheet_blocks_dup_sheets (VaiSheetBlocks *self)
{
  const GPtrArray *sheets = vai_sheet_source_get_sheets (self->source);
  GStrv names = g_new0 (char *, sheets->len + 1);
  for (guint i = 0; i < sheets->len; i++)
    names[i] = g_strdup (((const VaiSheetName *) g_ptr_array_index (sheets, i))->name);
  return names;
}

gboolean
vai_sheet_blocks_start (VaiSheetBlocks *self, guint64 skip, GError **error)
{
  GError *failed = NULL;
  if (!self->fresh)
    {
      g_clear_pointer (&self->source, vai_sheet_source_free);
      self->source = vai_sheet_source_open (self->path, self->format, self->sheet, self->cancellable, error);
      if (self->source == NULL)
        return FALSE;
    }
  self->fresh = FALSE;
  do
    self->waiting = vai_sheet_source_next_row (self->source, &self->row, &failed);
  while (self->waiting && self->row.number <= skip);
  if (failed != NULL)
    g_propagate_error (error, failed);
  return failed == NULL;
}

/* A number with a decimal point, its percent sign or currency behind it. */
static void
append_number (GString *text, const VaiSheetCell *cell, gboolean plain)
{
  char number[VAI_NUMBER_TEXT_SIZE];
  if (cell->percent)
    {
      g_string_append (text, g_ascii_formatd (number, sizeof number, PERCENT_DIGITS, cell->number * 100));
      g_string_append_c (text, '%');
      return;
    }
  vai_number_format (cell->number, number);
  g_string_append (text, number);
  /* "1.234" can be read in two ways, "1.2340" cannot. */
  const char *point = strchr (number, '.');
  if (!plain && point != NULL && strlen (point) == 4)
    g_string_append_c (text, '0');
  if (cell->currency != NULL && vai_cell_find_unit (cell->currency) > 0)
    g_string_append (text, cell->currency);
}

static gboolean
is_blank_row (const VaiSheetRow *row)
{
  for (guint i = 0; i < row->n_cells; i++)
    if (row->cells[i].kind != VAI_CELL_EMPTY && row->cells[i].length > 0)
      return FALSE;
  return TRUE;
}

static gboolean
has_cells_beyond (const VaiSheetRow *row, guint n_columns)
{
  for (guint i = n_columns; i < row->n_cells; i++)
    if (row->cells[i].kind != VAI_CELL_EMPTY)
      return TRUE;
  return FALSE;
}

static void
reserve (VaiTokens *tokens, guint n_fields)
{
  if (tokens->n_fields + n_fields > tokens->fields_capacity)
    {
      tokens->fields_capacity = 2 * tokens->fields_capacity + n_fields;
      tokens->fields = g_renew (VaiField, tokens->fields, tokens->fields_capacity);
    }
  if (tokens->n_records + 1 > tokens->records_capacity)
    {
      tokens->records_capacity = 2 * tokens->records_capacity + ROWS_MAX;
      tokens->records = g_renew (VaiTokenRecord, tokens->records, tokens->records_capacity);
    }
  if (tokens->n_rejected + 1 > tokens->rejected_capacity)
    {
      tokens->rejected_capacity = 2 * tokens->rejected_capacity + 16;
      tokens->rejected = g_renew (VaiTokenRecord, tokens->rejected, tokens->rejected_capacity);
    }
}

/* Cells are set apart by tabs, so that a rejected row can be shown as one line. */
static void
append_row (VaiSheetBlocks *self, VaiTokens *tokens, guint n_columns)
{
  GString *text = self->text;
  const VaiSheetRow *row = &self->row;
  gboolean rejected = n_columns > 0 && has_cells_beyond (row, n_columns);
  guint n_kept = n_columns > 0 && !rejected ? n_columns : row->n_cells;
  VaiTokenRecord record
      = { .start = text->len, .line = row->number - 1, .first = tokens->n_fields, .n_fields = row->n_cells };
  reserve (tokens, n_kept);
  for (guint i = 0; i < n_kept; i++)
    {
      gsize start = text->len;
      const VaiSheetCell *cell = i < row->n_cells ? &row->cells[i] : NULL;
      if (cell != NULL && cell->kind == VAI_CELL_NUMBER)
        append_number (text, cell, self->plain);
      else if (cell != NULL && cell->kind != VAI_CELL_EMPTY)
        g_string_append_len (text, cell->text, cell->length);
      tokens->fields[tokens->n_fields++] = (VaiField){ start, text->len - start };
      if (i + 1 < n_kept)
        g_string_append_c (text, '\t');
    }
  record.end = text->len;
  if (rejected)
    {
      tokens->n_fields = record.first;
      record.first = tokens->n_records;
      record.reject = VAI_REJECT_TOO_MANY;
      tokens->rejected[tokens->n_rejected++] = record;
    }
  else
    tokens->records[tokens->n_records++] = record;
}

gboolean
vai_sheet_blocks_next (VaiSheetBlocks *self, guint n_columns, VaiTokens *tokens, GError **error)
{
  GError *failed = NULL;
  tokens->n_fields = tokens->n_records = tokens->n_rejected = 0;
  tokens->n_blank = tokens->n_padded = 0;
  GString *before = self->text_before;
  self->text_before = self->text;
  self->text = before;
  g_string_truncate (self->text, 0);
  while (self->waiting && tokens->n_records + tokens->n_rejected < ROWS_MAX && self->text->len < TEXT_MAX)
    {
      if (is_blank_row (&self->row))
        tokens->n_blank++;
      else
        append_row (self, tokens, n_columns);
      self->waiting = vai_sheet_source_next_row (self->source, &self->row, &failed);
    }
  tokens->length = self->text->len;
  g_string_append_len (self->text, (const char[VAI_TOKENS_SLACK]){ 0 }, VAI_TOKENS_SLACK);
  tokens->text = self->text->str;
  if (failed != NULL)
    g_propagate_error (error, failed);
  return failed == NULL && tokens->n_records + tokens->n_rejected > 0;
}
