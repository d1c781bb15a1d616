/* Acts on the findings of stored datasets: taken and taken back one after the other on another thread, so that a fast
 * hand loses none. */
#pragma once

#include "vai-quotes.h"
#include "vai-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The list of datasets is refreshed after it; when it fails a toast in the window of @from says why. */
void vai_dataset_act (GtkWidget *from,
                      VaiWorkspace *workspace,
                      const char *dataset_id,
                      const char *finding_id,
                      gboolean acted);

/* Acts of the dataset that wait or run: finding ids that will be (@acted TRUE) or will no longer be acted upon win over
 * what is stored. Gives @acts (stored ones) with those; free with g_strfreev(). */
GStrv vai_dataset_dup_acts (VaiWorkspace *workspace, const char *dataset_id, const char *const *acts);

G_END_DECLS
