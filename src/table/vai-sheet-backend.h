/* What each spreadsheet format gives to VaiSheetSource. Private to this layer. */
#pragma once

#include "vai-sheet-source.h"

G_BEGIN_DECLS

typedef struct _VaiSheetBackend VaiSheetBackend;

/* First member of each format's own struct. */
struct _VaiSheetBackend
{
  GPtrArray *sheets; /* of VaiSheetName, owned; sheets of charts alone are not among them */

  /* Begins sheet @index from its first row; may be called again, for any sheet. */
  gboolean (*start) (VaiSheetBackend *self, guint index, GError **error);

  /* As vai_sheet_source_next_row(). */
  gboolean (*next_row) (VaiSheetBackend *self, VaiSheetRow *row, GError **error);

  /* Share of the sheet that was read so far, 0..1; 0: not known. */
  double (*get_fraction) (VaiSheetBackend *self);
  void (*free) (VaiSheetBackend *self);
};

VaiSheetBackend *vai_xlsx_open (const char *path, GCancellable *cancellable, GError **error);
VaiSheetBackend *vai_ods_open (const char *path, GCancellable *cancellable, GError **error);
VaiSheetBackend *vai_xls_open (const char *path, GCancellable *cancellable, GError **error);

/* An empty list with the right free function, and a sheet for it. */
GPtrArray *vai_sheet_names_new (void);
void vai_sheet_names_add (GPtrArray *self, const char *name, gboolean hidden);

/* Which sheet looks most like a table of quotes: reads a part of each. -1 with @error; EMPTY when no sheet has a table.
 */
int vai_sheet_backend_choose (VaiSheetBackend *self, GError **error);

G_END_DECLS
