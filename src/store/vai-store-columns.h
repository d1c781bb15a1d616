/* The tables dataset_column and column_chunk. For the file of dataset only. */
#pragma once

#include "vai-store.h"

G_BEGIN_DECLS

/* Rows of a chunk: of doubles, half a MiB. */
#define VAI_CHUNK_ROWS 65536

gboolean vai_store_add_columns (VaiStore *self,
                                const char *dataset_id,
                                const VaiTable *table,
                                const char *const *roles,
                                VaiProgress *progress,
                                GCancellable *cancellable,
                                GError **error);

VaiTable *vai_store_read_columns (VaiStore *self,
                                  const VaiDatasetRow *dataset,
                                  VaiProgress *progress,
                                  GCancellable *cancellable,
                                  GError **error);

G_END_DECLS
