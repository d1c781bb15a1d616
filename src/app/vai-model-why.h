/* “Why” of a model: what it looks at, and how the chance goes along one column. */
#pragma once

#include "vai-page.h"

G_BEGIN_DECLS

#define VAI_TYPE_MODEL_WHY (vai_model_why_get_type ())
G_DECLARE_FINAL_TYPE (VaiModelWhy, vai_model_why, VAI, MODEL_WHY, GtkWidget)

void vai_model_why_set (VaiModelWhy *self, VaiLoadedModel *loaded);

G_END_DECLS
