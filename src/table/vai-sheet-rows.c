#include "vai-sheet-rows.h"

typedef struct
{
  guint64 number;
  guint64 repeated;
  guint sheet;
  guint first_cell;
  guint n_cells;
} RowRecord;

void
vai_sheet_rows_init (VaiSheetRows *self)
{
  *self = (VaiSheetRows){
    .rows = g_array_new (FALSE, FALSE, sizeof (RowRecord)),
    .cells = g_array_new (FALSE, TRUE, sizeof (VaiSheetCell)),
    .arena = g_string_sized_new (64 * 1024),
  };
}

void
vai_sheet_rows_clear (VaiSheetRows *self)
{
  if (self->rows == NULL)
    return;
  g_array_unref (self->rows);
  g_array_unref (self->cells);
  g_string_free (self->arena, TRUE);
  *self = (VaiSheetRows){ 0 };
}

/* The row that is being made moves to the front. */
void
vai_sheet_rows_drop (VaiSheetRows *self)
{
  if (self->first_cell > 0)
    g_array_remove_range (self->cells, 0, self->first_cell);
  for (guint i = 0; i < self->cells->len; i++)
    {
      VaiSheetCell *cell = &g_array_index (self->cells, VaiSheetCell, i);
      if (cell->kind != VAI_CELL_EMPTY)
        cell->text = GSIZE_TO_POINTER (GPOINTER_TO_SIZE (cell->text) - self->first_text);
    }
  g_string_erase (self->arena, 0, self->first_text);
  g_array_set_size (self->rows, 0);
  self->next = 0;
  self->next_again = 0;
  self->first_cell = 0;
  self->first_text = 0;
}

void
vai_sheet_rows_begin (VaiSheetRows *self, guint64 number)
{
  self->number = number;
  self->first_cell = self->cells->len;
  self->first_text = self->arena->len;
}

void
vai_sheet_rows_set (VaiSheetRows *self, guint column, const VaiSheetCell *cell)
{
  g_assert (column < VAI_SHEET_COLUMNS_MAX);
  if (cell->kind == VAI_CELL_EMPTY)
    return;
  guint index = self->first_cell + column;
  if (index >= self->cells->len)
    g_array_set_size (self->cells, index + 1);
  VaiSheetCell *kept = &g_array_index (self->cells, VaiSheetCell, index);
  *kept = *cell;
  /* The arena may still move: until the row is taken this is an offset. */
  kept->text = GSIZE_TO_POINTER (self->arena->len);
  g_string_append_len (self->arena, cell->text, cell->length);
  g_string_append_c (self->arena, '\0');
}

void
vai_sheet_rows_repeat (VaiSheetRows *self, guint column, guint repeated)
{
  guint index = self->first_cell + column;
  g_assert (repeated <= VAI_SHEET_COLUMNS_MAX - column);
  if (index >= self->cells->len || repeated < 2)
    return;
  if (index + repeated > self->cells->len)
    g_array_set_size (self->cells, index + repeated);
  VaiSheetCell *cells = &g_array_index (self->cells, VaiSheetCell, index);
  for (guint i = 1; i < repeated; i++)
    cells[i] = cells[0];
}

void
vai_sheet_rows_end (VaiSheetRows *self, guint64 repeated)
{
  guint n_cells = self->cells->len - self->first_cell;
  if (n_cells == 0 || repeated == 0)
    return;
  RowRecord record = { self->number, repeated, self->sheet, self->first_cell, n_cells };
  g_array_append_val (self->rows, record);
  self->first_cell = self->cells->len;
  self->first_text = self->arena->len;
}

/* Offsets become pointers, once for each row. */
static void
set_texts (VaiSheetRows *self, const RowRecord *record)
{
  VaiSheetCell *cells = &g_array_index (self->cells, VaiSheetCell, record->first_cell);
  for (guint i = 0; i < record->n_cells; i++)
    cells[i].text = cells[i].kind == VAI_CELL_EMPTY ? "" : self->arena->str + GPOINTER_TO_SIZE (cells[i].text);
}

gboolean
vai_sheet_rows_peek (const VaiSheetRows *self, guint *sheet)
{
  if (self->next >= self->rows->len)
    return FALSE;
  *sheet = g_array_index (self->rows, RowRecord, self->next).sheet;
  return TRUE;
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
    set_texts (self, record);
  row->number = record->number + self->next_again;
  row->n_cells = record->n_cells;
  row->cells = &g_array_index (self->cells, VaiSheetCell, record->first_cell);
  if (++self->next_again == record->repeated)
    {
      self->next++;
      self->next_again = 0;
    }
  return TRUE;
}
