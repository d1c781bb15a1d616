#include "vai-sheet-rows.h"

typedef struct
{
  guint64 number;
  guint64 repeated;
  guint sheet;
  guint first_filled;
  guint n_filled;
} RowRecord;

typedef struct
{
  VaiSheetCell cell; /* without its text, for the arena may still move */
  gsize text;        /* where it begins in the arena */
  guint column;
  guint repeated;
} FilledCell;

void
vai_sheet_rows_init (VaiSheetRows *self)
{
  *self = (VaiSheetRows){
    .rows = g_array_new (FALSE, FALSE, sizeof (RowRecord)),
    .filled = g_array_new (FALSE, FALSE, sizeof (FilledCell)),
    .taken = g_array_new (FALSE, FALSE, sizeof (VaiSheetCell)),
    .arena = g_string_sized_new (64 * 1024),
  };
}

void
vai_sheet_rows_clear (VaiSheetRows *self)
{
  if (self->rows == NULL)
    return;
  g_array_unref (self->rows);
  g_array_unref (self->filled);
  g_array_unref (self->taken);
  g_string_free (self->arena, TRUE);
  *self = (VaiSheetRows){ 0 };
}

void
vai_sheet_rows_begin (VaiSheetRows *self, guint64 number)
{
  self->number = number;
  self->first_filled = self->filled->len;
  self->first_text = self->arena->len;
}

void
vai_sheet_rows_set (VaiSheetRows *self, guint column, const VaiSheetCell *cell)
{
  g_assert (column < VAI_SHEET_COLUMNS_MAX);
  if (cell->kind == VAI_CELL_EMPTY)
    return;
  FilledCell filled = { *cell, self->arena->len, column, 1 };
  g_array_append_val (self->filled, filled);
  g_string_append_len (self->arena, cell->text, cell->length);
  g_string_append_c (self->arena, '\0');
}

void
vai_sheet_rows_repeat (VaiSheetRows *self, guint column, guint repeated)
{
  g_assert (repeated <= VAI_SHEET_COLUMNS_MAX - column);
  if (!vai_sheet_rows_is_filled (self))
    return;
  FilledCell *last = &g_array_index (self->filled, FilledCell, self->filled->len - 1);
  if (last->column == column)
    last->repeated = repeated;
}

gboolean
vai_sheet_rows_is_filled (const VaiSheetRows *self)
{
  return self->filled->len > self->first_filled;
}

void
vai_sheet_rows_end (VaiSheetRows *self, guint64 repeated)
{
  if (!vai_sheet_rows_is_filled (self) || repeated == 0)
    return;
  guint n_filled = self->filled->len - self->first_filled;
  RowRecord record = { self->number, repeated, self->sheet, self->first_filled, n_filled };
  g_array_append_val (self->rows, record);
  self->first_filled = self->filled->len;
  self->first_text = self->arena->len;
}

gboolean
vai_sheet_rows_peek (const VaiSheetRows *self, guint *sheet)
{
  if (self->next >= self->rows->len)
    return FALSE;
  *sheet = g_array_index (self->rows, RowRecord, self->next).sheet;
  return TRUE;
}

/* The row that is being made moves to the front. */
void
vai_sheet_rows_drop (VaiSheetRows *self)
{
  if (self->first_filled > 0)
    g_array_remove_range (self->filled, 0, self->first_filled);
  for (guint i = 0; i < self->filled->len; i++)
    g_array_index (self->filled, FilledCell, i).text -= self->first_text;
  g_string_erase (self->arena, 0, self->first_text);
  g_array_set_size (self->rows, 0);
  self->next = 0;
  self->next_again = 0;
  self->first_filled = 0;
  self->first_text = 0;
}

static void
lay_out (VaiSheetRows *self, const RowRecord *record)
{
  static const VaiSheetCell empty = { .kind = VAI_CELL_EMPTY, .text = "" };
  const FilledCell *filled = &g_array_index (self->filled, FilledCell, record->first_filled);
  guint width = 0;
  for (guint i = 0; i < record->n_filled; i++)
    width = MAX (width, filled[i].column + filled[i].repeated);
  g_array_set_size (self->taken, width);
  VaiSheetCell *cells = &g_array_index (self->taken, VaiSheetCell, 0);
  for (guint i = 0; i < width; i++)
    cells[i] = empty;
  for (guint i = 0; i < record->n_filled; i++)
    for (guint j = 0; j < filled[i].repeated; j++)
      {
        VaiSheetCell *cell = &cells[filled[i].column + j];
        *cell = filled[i].cell;
        cell->text = self->arena->str + filled[i].text;
      }
}

gboolean
vai_sheet_rows_take (VaiSheetRows *self, VaiSheetRow *row)
{
  if (self->next >= self->rows->len)
    {
      vai_sheet_rows_drop (self);
      return FALSE;
    }
  const RowRecord *record = &g_array_index (self->rows, RowRecord, self->next);
  if (self->next_again == 0)
    lay_out (self, record);
  row->number = record->number + self->next_again;
  row->n_cells = self->taken->len;
  row->cells = &g_array_index (self->taken, VaiSheetCell, 0);
  if (++self->next_again == record->repeated)
    {
      self->next++;
      self->next_again = 0;
    }
  return TRUE;
}
