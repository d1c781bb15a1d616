/* The sheets of an OpenDocument spreadsheet, as they follow each other in its content. Private to this layer. */
#pragma once

#include "vai-cell-format.h"
#include "vai-xml.h"

G_BEGIN_DECLS

/* More than any person makes; each costs a name in memory. */
#define VAI_ODS_SHEETS_MAX 10000

typedef struct _VaiOdsContent VaiOdsContent;

/* Adds every sheet to @sheets (as vai_sheet_names_new()) and the number of its filled rows to @n_rows (of guint64). */
gboolean vai_ods_content_list (VaiZip *zip,
                               const char *part,
                               GPtrArray *sheets,
                               GArray *n_rows,
                               GCancellable *cancellable,
                               GError **error);

VaiOdsContent *vai_ods_content_open (VaiZip *zip, const char *part, GCancellable *cancellable, GError **error);

/* Rows of @sheet, which never goes back. As vai_sheet_source_next_row(). */
gboolean vai_ods_content_next_row (VaiOdsContent *self, guint sheet, VaiSheetRow *row, GError **error);
void vai_ods_content_free (VaiOdsContent *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiOdsContent, vai_ods_content_free)

G_END_DECLS
