/* The cells of a file as they stand, record by record: for output that must repeat the input. Same dialect, same order,
 * same rows as vai_import_read(), and those that it leaves out of the table: rejected ones, a totals row. */
#pragma once

#include "vai-import.h"

G_BEGIN_DECLS

typedef struct _VaiRecords VaiRecords;

typedef struct
{
  guint64 line;
  guint n_fields;
  const char *const *fields; /* UTF-8, owned by the reader, valid until the next call; never NULL */
  const gsize *lengths;
  const char *rejected; /* nullable: why the import rejects this record (translated) */
} VaiRecord;

/* @dialect as vai_import_read() found it. The header and what stands above it are skipped. */
VaiRecords *vai_records_open (const char *path, const VaiDialect *dialect, GCancellable *cancellable, GError **error);

/* The header's names, as they are in the table. */
const GPtrArray *vai_records_get_names (VaiRecords *self);

/* FALSE without @error at the end. */
gboolean vai_records_next (VaiRecords *self, VaiRecord *record, GError **error);
void vai_records_free (VaiRecords *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiRecords, vai_records_free)

G_END_DECLS
