/* What has become of a model since it is in use: its saved scores, one for each quote, and its health on them. */
#pragma once

#include "vai-health.h"
#include "vai-store.h"

G_BEGIN_DECLS

/* More saved scores say no more; the newest are taken. */
#define VAI_MODEL_USE_ROWS_MAX 5000

typedef struct
{
  GPtrArray *rows; /* of VaiPredictionRow: of each quote the newest; newest first */
  VaiHealth *health;
} VaiModelUse;

/* Blocking. Errors: those of the store, CANCELLED. */
VaiModelUse *vai_model_use_load (VaiStore *store,
                                 const char *model_id,
                                 const VaiModel *model,
                                 GCancellable *cancellable,
                                 GError **error);
void vai_model_use_free (VaiModelUse *self);

/* 1 won, 0 lost, -1 not known. */
gint8 vai_model_use_outcome (const VaiPredictionRow *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiModelUse, vai_model_use_free)

G_END_DECLS
