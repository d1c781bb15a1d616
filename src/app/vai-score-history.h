/* “Many”: the past scores of the workspace, searched, filtered, chosen; and what can be done with those chosen. */
#pragma once

#include "vai-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define VAI_TYPE_SCORE_HISTORY (vai_score_history_get_type ())
G_DECLARE_FINAL_TYPE (VaiScoreHistory, vai_score_history, VAI, SCORE_HISTORY, AdwBin)

/* Signal "opened" (const char *id): a score is to be shown. */
void vai_score_history_attach (VaiScoreHistory *self, VaiWorkspace *workspace);

/* "search", "record", "export". */
gboolean vai_score_history_act (VaiScoreHistory *self, const char *name);

void vai_score_history_set_compact (VaiScoreHistory *self, gboolean compact);

G_END_DECLS
