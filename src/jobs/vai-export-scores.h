/* Past scores as a file for a spreadsheet. */
#pragma once

#include "vai-store.h"

G_BEGIN_DECLS

/* Writes the scores with @keys, of vai_store_find_predictions(), in their order to @path, *.csv or *.xlsx, whole or not
 * at all; those that are gone meanwhile are left out. Errors: those of the store and of vai_table_writer_new(). */
gboolean vai_export_scores (VaiStore *store,
                            const gint64 *keys,
                            gsize n,
                            const char *path,
                            GCancellable *cancellable,
                            GError **error);

G_END_DECLS
