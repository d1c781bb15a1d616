/* What a rep can change, as the draft of an import says it: first what mostly can be changed, the other features in a
 * row that opens. */
#pragma once

#include "vai-import-draft.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define VAI_TYPE_IMPORT_CHANGE_GROUP (vai_import_change_group_get_type ())
G_DECLARE_FINAL_TYPE (VaiImportChangeGroup, vai_import_change_group, VAI, IMPORT_CHANGE_GROUP, AdwPreferencesGroup)

void vai_import_change_group_attach (VaiImportChangeGroup *self, VaiImportDraft *draft);

/* Shows what the draft says now. Rows of the same columns stay, and the keyboard in them. */
void vai_import_change_group_fill (VaiImportChangeGroup *self);

/* Of a wizard that is closed: takes its rows apart; FALSE when none is left that would take long. */
gboolean vai_import_change_group_shed (VaiImportChangeGroup *self);

G_END_DECLS
