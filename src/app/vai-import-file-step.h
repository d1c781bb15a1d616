/* Step 1 of the import: which file, and how it is written. */
#pragma once

#include "vai-import-draft.h"
#include "vai-page.h"

G_BEGIN_DECLS

#define VAI_TYPE_IMPORT_FILE_STEP (vai_import_file_step_get_type ())
G_DECLARE_FINAL_TYPE (VaiImportFileStep, vai_import_file_step, VAI, IMPORT_FILE_STEP, GtkWidget)

/* @page: whose compact it follows. */
void vai_import_file_step_attach (VaiImportFileStep *self, VaiPage *page, VaiImportDraft *draft);

/* Begins with @file. */
void vai_import_file_step_set_file (VaiImportFileStep *self, GFile *file);

/* What stands on the clipboard as if it were a file. */
void vai_import_file_step_paste (VaiImportFileStep *self);

/* Of a wizard that is closed: takes a few of its widgets apart; FALSE when none is left that would take long. */
gboolean vai_import_file_step_shed (VaiImportFileStep *self);

G_END_DECLS
