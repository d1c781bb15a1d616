/* From a file of any kind we read to typed columns: the only way in. The format is found from the bytes, never from the
 * name. */
#pragma once

#include "vai-dialect.h"
#include "vai-table.h"
#include "vai-progress.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* A row that could not be read: it is counted, kept and can be written out, never dropped silently. */
typedef struct
{
  guint64 line; /* from 1 */
  char *raw;    /* owned, UTF-8 (invalid bytes made visible), cut at a limit */
  char *reason; /* owned, translated */
} VaiRejectedRow;

typedef struct
{
  VaiDialect dialect; /* what is given here is not searched for */
  GHashTable *types;  /* nullable: column name → GINT_TO_POINTER (VaiType); wins over inference */
  gsize rows_max;     /* 0: all; else stop after so many rows (a preview) */
  guint threads;      /* 0: as many as the machine has; the result is the same with any */
  gsize
      memory_max_bytes; /* 0: what the machine has free, with a reserve; over it the file is refused with its numbers */
  gboolean want_sha256; /* TRUE after init; hashing costs about as much as reading */
} VaiImportOptions;

typedef struct
{
  VaiTable *table;     /* owned */
  VaiDialect dialect;  /* as found */
  GPtrArray *rejected; /* of VaiRejectedRow; at most VAI_REJECTED_KEPT_MAX are kept, n_rejected counts all */
  guint64 n_rejected;
  guint64 totals_line; /* line of a totals row at the foot that was left out; 0: none */
  GStrv sheets;        /* nullable: names of all sheets, hidden ones too */
  GPtrArray *notes;    /* of char*, translated: repeated headers, lines mended, text dates among true ones, … */
  guint64 file_size;
  char *file_sha256; /* owned, hex, of the bytes of the file; NULL for a preview or when it is not wanted */
} VaiImport;

#define VAI_REJECTED_KEPT_MAX 10000

void vai_import_options_init (VaiImportOptions *self);
void vai_import_options_clear (VaiImportOptions *self);

/* Blocking; meant for a worker thread. Errors: NOT_FOUND, NOT_READABLE, EMPTY, NOT_A_TABLE, DAMAGED, TOO_LARGE,
 * CANCELLED, USAGE. */
VaiImport *vai_import_read (const char *path,
                            const VaiImportOptions *options,
                            VaiProgress *progress,
                            GCancellable *cancellable,
                            GError **error);
void vai_import_free (VaiImport *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VaiImportOptions, vai_import_options_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiImport, vai_import_free)

G_END_DECLS
