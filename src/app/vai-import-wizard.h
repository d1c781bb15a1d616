/* Import quotes: a wizard that takes the whole window. */
#pragma once

#include "vai-page.h"

G_BEGIN_DECLS

#define VAI_TYPE_IMPORT_WIZARD (vai_import_wizard_get_type ())
G_DECLARE_FINAL_TYPE (VaiImportWizard, vai_import_wizard, VAI, IMPORT_WIZARD, VaiPage)

/* @file, nullable: what was dropped or given. */
VaiPage *vai_import_wizard_new (GFile *file);

G_END_DECLS
