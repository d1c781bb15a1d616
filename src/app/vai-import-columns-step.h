/* Step 2 of the import: what each column means, what its outcomes mean, and what a rep can change. */
#pragma once

#include "vai-import-draft.h"
#include "vai-page.h"

G_BEGIN_DECLS

#define VAI_TYPE_IMPORT_COLUMNS_STEP (vai_import_columns_step_get_type ())
G_DECLARE_FINAL_TYPE (VaiImportColumnsStep, vai_import_columns_step, VAI, IMPORT_COLUMNS_STEP, GtkWidget)

/* @page: whose compact it follows. */
void vai_import_columns_step_attach (VaiImportColumnsStep *self, VaiPage *page, VaiImportDraft *draft);

void vai_import_columns_step_search (VaiImportColumnsStep *self);

/* Of a wizard that is closed: takes a few of its widgets apart; FALSE when none is left that would take long. */
gboolean vai_import_columns_step_shed (VaiImportColumnsStep *self);

G_END_DECLS
