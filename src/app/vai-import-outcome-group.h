/* What each value of the outcome means, as the draft of an import says it. */
#pragma once

#include "vai-import-draft.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define VAI_TYPE_IMPORT_OUTCOME_GROUP (vai_import_outcome_group_get_type ())
G_DECLARE_FINAL_TYPE (VaiImportOutcomeGroup, vai_import_outcome_group, VAI, IMPORT_OUTCOME_GROUP, AdwPreferencesGroup)

void vai_import_outcome_group_attach (VaiImportOutcomeGroup *self, VaiImportDraft *draft);

/* Shows what the draft says now. Rows of the same values stay, and the keyboard in them. */
void vai_import_outcome_group_fill (VaiImportOutcomeGroup *self);

/* Of a wizard that is closed: takes its rows apart; FALSE when none is left that would take long. */
gboolean vai_import_outcome_group_shed (VaiImportOutcomeGroup *self);

G_END_DECLS
