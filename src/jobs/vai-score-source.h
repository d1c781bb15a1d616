/* The quotes to be scored: their typed table, and their rows as they stood. */
#pragma once

#include "vai-import.h"
#include "vai-records.h"
#include "vai-schema.h"
#include "vai-store.h"

G_BEGIN_DECLS

typedef struct _VaiScoreSource VaiScoreSource;

/* Reads the file @path with the types of @schema (what its columns are in the model wins over @options), or the dataset
 * @dataset_id of @store. */
VaiScoreSource *vai_score_source_new (const char *path,
                                      const VaiImportOptions *options,
                                      VaiStore *store,
                                      const char *dataset_id,
                                      const VaiSchema *schema,
                                      VaiProgress *progress,
                                      GCancellable *cancellable,
                                      GError **error);
void vai_score_source_free (VaiScoreSource *self);

VaiTable *vai_score_source_get_table (VaiScoreSource *self);

/* Opens the second pass, which gives every row once, those that could not be read too. */
gboolean vai_score_source_rewind (VaiScoreSource *self, GCancellable *cancellable, GError **error);

/* The next row: as many cells as the table has columns, missing ones empty. @table_row is its row in the table, or -1
 * with the @reason why it has none; @surplus, nullable, are cells beyond the header, in one text. All owned by @self
 * until the next call. FALSE without @error at the end. */
typedef struct
{
  const char *const *cells;
  const gsize *lengths;
  gssize table_row;
  const char *reason;
  const char *surplus;
} VaiScoreRow;

gboolean vai_score_source_next (VaiScoreSource *self, VaiScoreRow *row, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiScoreSource, vai_score_source_free)

G_END_DECLS
