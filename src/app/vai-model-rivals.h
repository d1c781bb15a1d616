/* Two models side by side: figures in pairs, and whether the difference is real. */
#pragma once

#include "vai-page.h"

G_BEGIN_DECLS

#define VAI_TYPE_MODEL_RIVALS (vai_model_rivals_get_type ())
G_DECLARE_FINAL_TYPE (VaiModelRivals, vai_model_rivals, VAI, MODEL_RIVALS, GtkWidget)

/* The person chooses the other one. */
void vai_model_rivals_set (VaiModelRivals *self, VaiWorkspace *workspace, VaiItem *item, VaiLoadedModel *loaded);

/* The choice stacks its parts when @page is compact. */
void vai_model_rivals_follow (VaiModelRivals *self, VaiPage *page);

G_END_DECLS
