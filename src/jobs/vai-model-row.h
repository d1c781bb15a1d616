/* A model as a row of the workspace, and training options as JSON. */
#pragma once

#include "vai-store.h"
#include "vai-trainer.h"

G_BEGIN_DECLS

/* Everything that the model itself knows; name, dataset and time are the caller's. */
VaiModelRow *vai_model_row_new (const VaiModel *model);

/* The chance from which on a person has quotes of @model counted as found: 0.5 until she chose one, which training
 * itself never does for her. */
double vai_model_row_get_threshold (const VaiModelRow *self, const VaiModel *model);

/* Keeps the model file @path in @store, under the name of the file when @name is NULL. The id of its row, to be freed
 * with g_free(). Errors: those of vai_model_from_bytes(), NOT_FOUND, NOT_READABLE. */
char *vai_model_keep_file (VaiStore *store, const char *path, const char *name, GError **error);

JsonObject *vai_train_options_to_object (const VaiTrainOptions *options);

/* Sets what @object has; @options was init'ed. Error DAMAGED. */
gboolean vai_train_options_from_object (VaiTrainOptions *options, JsonObject *object, GError **error);

G_END_DECLS
