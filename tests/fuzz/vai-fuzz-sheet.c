#include "vai-fuzz-sheet.h"

#include "vai-error.h"

#include <math.h>

void
vai_fuzz_check_row (const VaiSheetRow *row, guint64 last)
{
  g_assert_cmpuint (row->number, >, last);
  g_assert_cmpuint (row->n_cells, >, 0);
  g_assert_cmpint (row->cells[row->n_cells - 1].kind, !=, VAI_CELL_EMPTY);
  for (guint i = 0; i < row->n_cells; i++)
    {
      const VaiSheetCell *cell = &row->cells[i];
      g_assert_true (cell->text[cell->length] == '\0');
      g_assert_true (g_utf8_validate_len (cell->text, cell->length, NULL));
      g_assert_true (isfinite (cell->number));
      g_assert_true ((cell->length == 0) == (cell->kind == VAI_CELL_EMPTY));
    }
}

void
vai_fuzz_sheet (const char *path, VaiFormat format)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiSheetSource) source = vai_sheet_source_open (path, format, NULL, NULL, &error);
  g_assert_true ((source == NULL) == (error != NULL));
  VaiSheetRow row;
  guint64 last = 0;
  for (guint i = 0; source != NULL && i < VAI_FUZZ_ROWS_MAX && vai_sheet_source_next_row (source, &row, &error); i++)
    {
      vai_fuzz_check_row (&row, last);
      last = row.number;
    }
  g_assert_true (error == NULL || error->domain == VAI_ERROR);
}
