/* The beginning of a file as it stands, line by line, beside what the import makes of it: for a person who checks how a
 * file is written. */
#pragma once

#include "vai-import.h"

G_BEGIN_DECLS

typedef enum
{
  VAI_PREVIEW_ABOVE, /* a line above the header, left out */
  VAI_PREVIEW_HEADER,
  VAI_PREVIEW_ROW,
  VAI_PREVIEW_REJECTED,
} VaiPreviewKind;

typedef struct
{
  VaiPreviewKind kind;
  guint64 line; /* from 1 */
  GStrv cells;  /* UTF-8, as many as stand there; one with the raw line when rejected */
  char *reason; /* nullable: why it is rejected, translated */
} VaiPreviewLine;

typedef struct
{
  VaiImport *import; /* of the first rows: dialect, types, sheets */
  GPtrArray *lines;  /* of VaiPreviewLine, by line */
} VaiPreview;

/* Blocking; at most @rows_max rows below the header, and as many bytes as hold them: the size of the file costs
 * nothing. Errors: those of vai_import_read(). */
VaiPreview *vai_preview_read (const char *path,
                              const VaiImportOptions *options,
                              gsize rows_max,
                              GCancellable *cancellable,
                              GError **error);
void vai_preview_free (VaiPreview *self);

VaiPreviewLine *vai_preview_line_new_rejected (const VaiRejectedRow *row);
void vai_preview_line_free (VaiPreviewLine *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiPreview, vai_preview_free)

G_END_DECLS
