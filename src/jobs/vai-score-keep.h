/* Scores on their way into the workspace: held compactly while a file is scored, stored in one transaction at its end.
 */
#pragma once

#include "vai-model.h"
#include "vai-scorer.h"
#include "vai-store.h"

G_BEGIN_DECLS

typedef struct
{
  const char *model_id;
  const VaiModel *model;
  const VaiTable *table;
  GArray *scores;        /* of VaiScore, one a row of the table */
  GArray *contributions; /* of double, n_features + 1 a row */
  char *batch_id;        /* owned; set when they were stored */
  char *currency;        /* owned, nullable */
  VaiProgress *progress;
  GCancellable *cancellable;
} VaiScoreKeep;

/* A VaiStoreFunc: adds a prediction with its receipt for every row that was scored. */
gboolean vai_score_keep_store (VaiStore *store, gpointer keep, GError **error);

G_END_DECLS
