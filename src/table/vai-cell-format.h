/* What the number format of a spreadsheet cell says of its value. Private to this layer. */
#pragma once

#include "vai-sheet-rows.h"

G_BEGIN_DECLS

typedef enum
{
  VAI_CELL_FORMAT_GENERAL,
  VAI_CELL_FORMAT_DATE,    /* with or without a time of day */
  VAI_CELL_FORMAT_TIME,    /* a time of day alone */
  VAI_CELL_FORMAT_ELAPSED, /* "[h]:mm": hours may pass 24 */
} VaiCellFormatKind;

typedef struct
{
  VaiCellFormatKind kind;
  gboolean percent;
  const char *currency; /* nullable, static */
} VaiCellFormat;

/* Formats that a workbook names by number only: ECMA-376 part 1, 18.8.30. Ids from 164 are the workbook's own. */
void vai_cell_format_builtin (VaiCellFormat *self, guint id);

/* @code like "dd/mm/yyyy" or "#,##0.00 [$€-407]". Only its first section counts, the one of positive numbers. */
void vai_cell_format_parse (VaiCellFormat *self, const char *code);

/* Day number of a sheet to seconds since the epoch, to the nearest second. Day 60 of the 1900 system is the 29 February
 * 1900 that never was; it becomes the 28th. FALSE outside of what a sheet can show (years 1900 to 9999). */
gboolean vai_serial_to_seconds (double serial, gboolean date_1904, gint64 *seconds);

/* Adds @number, seen through @self, at @column of the row that is being made. */
void
vai_cell_format_add (const VaiCellFormat *self, VaiSheetRows *rows, guint column, double number, gboolean date_1904);

/* Adds a date at @column. */
void vai_sheet_rows_set_date (VaiSheetRows *rows, guint column, gint64 seconds);

/* Adds @text (@length bytes of UTF-8) at @column; nothing when it is empty. */
void vai_sheet_rows_set_text (VaiSheetRows *rows, guint column, VaiCellKind kind, const char *text, gsize length);

G_END_DECLS
