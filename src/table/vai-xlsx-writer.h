/* Rows out as one sheet of an XLSX workbook, in constant memory. Private to VaiTableWriter. */
#pragma once

#include "vai-output.h"

G_BEGIN_DECLS

/* What the format itself allows. */
#define VAI_XLSX_ROWS_MAX 1048576
#define VAI_XLSX_COLUMNS_MAX 16384
#define VAI_XLSX_TEXT_MAX 32767 /* characters in one cell */

typedef struct _VaiXlsxWriter VaiXlsxWriter;

VaiXlsxWriter *vai_xlsx_writer_new (const char *path, GError **error);

/* Errors: TOO_LARGE over a limit of the format. */
gboolean vai_xlsx_writer_text (VaiXlsxWriter *self, const char *text, gssize length, GError **error);

/* The library behind keeps 16 significant digits, one more than spreadsheets show. */
gboolean vai_xlsx_writer_number (VaiXlsxWriter *self, double number, GError **error);
gboolean vai_xlsx_writer_end_row (VaiXlsxWriter *self, GError **error);
VaiOutput *vai_xlsx_writer_finish (VaiXlsxWriter *self, GError **error);
void vai_xlsx_writer_free (VaiXlsxWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiXlsxWriter, vai_xlsx_writer_free)

G_END_DECLS
