/* Sheets for the fuzz targets. */
#pragma once

#include "vai-sheet-source.h"

G_BEGIN_DECLS

/* Rows that are looked at: a small file may hold a million equal ones. */
#define VAI_FUZZ_ROWS_MAX 3000

/* Reads the best sheet of @path and asserts what every reader of rows relies on. */
void vai_fuzz_sheet (const char *path, VaiFormat format);

/* Asserts it of one row; @last is the number of the row before. */
void vai_fuzz_check_row (const VaiSheetRow *row, guint64 last);

G_END_DECLS
