/* What train and "model show" say of a model. */
#pragma once

#include "vai-model.h"
#include "vai-print.h"

G_BEGIN_DECLS

/* Adds the members to the open object of @builder. */
void vai_json_model (JsonBuilder *builder, const VaiModel *model);
void vai_print_model (const VaiModel *model);

G_END_DECLS
