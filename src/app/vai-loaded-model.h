/* How the workspace makes them. */
#pragma once

#include "vai-workspace.h"

G_BEGIN_DECLS

/* Blocking. Errors: those of vai_store_load_model() and vai_model_from_bytes(). */
VaiLoadedModel *vai_loaded_model_new (VaiStore *store, const char *id, GError **error);

G_END_DECLS
