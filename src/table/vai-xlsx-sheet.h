/* Cells of one sheet of an XLSX workbook. Private to this layer. */
#pragma once

#include "vai-xlsx-parts.h"

G_BEGIN_DECLS

typedef struct _VaiXlsxSheet VaiXlsxSheet;

/* @strings may be NULL when the workbook has none; @formats as vai_xlsx_styles_read(), nullable. All must outlive the
 * sheet. */
VaiXlsxSheet *vai_xlsx_sheet_open (VaiZip *zip,
                                   const char *part,
                                   const VaiXlsxStrings *strings,
                                   const GArray *formats,
                                   gboolean date_1904,
                                   GCancellable *cancellable,
                                   GError **error);

/* As vai_sheet_source_next_row(). */
gboolean vai_xlsx_sheet_next_row (VaiXlsxSheet *self, VaiSheetRow *row, GError **error);
double vai_xlsx_sheet_get_fraction (VaiXlsxSheet *self);
void vai_xlsx_sheet_free (VaiXlsxSheet *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiXlsxSheet, vai_xlsx_sheet_free)

G_END_DECLS
