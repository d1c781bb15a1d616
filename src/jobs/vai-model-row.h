/* A model as a row of the workspace, and training options as JSON. */
#pragma once

#include "vai-store.h"
#include "vai-trainer.h"

G_BEGIN_DECLS

/* Everything that the model itself knows; name, dataset and time are the caller's. */
VaiModelRow *vai_model_row_new (const VaiModel *model);

JsonObject *vai_train_options_to_object (const VaiTrainOptions *options);

/* Sets what @object has; @options was init'ed. Error DAMAGED. */
gboolean vai_train_options_from_object (VaiTrainOptions *options, JsonObject *object, GError **error);

G_END_DECLS
