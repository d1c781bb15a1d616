/* Rows of one sheet of a spreadsheet file, in order: what XLSX, ODS and XLS have in common. Private to this layer:
 * vai_import_read() and VaiRecords find header, types and rejected rows from it as from delimited text. */
#pragma once

#include "vai-dialect.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  char *name; /* owned */
  gboolean hidden;
} VaiSheetName;

typedef enum
{
  VAI_CELL_EMPTY,
  VAI_CELL_TEXT,
  VAI_CELL_NUMBER,
  VAI_CELL_DATE,    /* number holds seconds since the epoch, UTC */
  VAI_CELL_BOOLEAN, /* text is "TRUE" or "FALSE" */
  VAI_CELL_ERROR,   /* text is what the sheet shows, like "#N/A" */
} VaiCellKind;

typedef struct
{
  VaiCellKind kind;
  /* UTF-8 as displayed, "" when empty; a date in ISO form ("2026-11-22" or "2026-11-22T14:05:00"), a number in its
   * shortest form that reads back equal, with a decimal point. */
  const char *text;
  gsize length;
  double number;
  gboolean percent;     /* the number format shows a percent sign: number 0.25 is shown as 25 % */
  const char *currency; /* nullable: the sign of the number format, like "€" */
} VaiSheetCell;

typedef struct
{
  guint64 number;            /* row of the sheet, from 1; rows without any cell may be left out */
  guint n_cells;             /* up to the last filled one */
  const VaiSheetCell *cells; /* owned by the source, valid until the next call */
} VaiSheetRow;

typedef struct _VaiSheetSource VaiSheetSource;

/* @sheet: name of the sheet; NULL: the one that looks most like a table, visible ones first. Errors: as
 * vai_import_read(). */
VaiSheetSource *vai_sheet_source_open (const char *path,
                                       VaiFormat format,
                                       const char *sheet,
                                       GCancellable *cancellable,
                                       GError **error);

/* All sheets in the order of the file (of VaiSheetName), owned by @self. */
const GPtrArray *vai_sheet_source_get_sheets (VaiSheetSource *self);

/* Name of the sheet that is read. */
const char *vai_sheet_source_get_sheet_name (VaiSheetSource *self);

/* FALSE without @error at the end. */
gboolean vai_sheet_source_next_row (VaiSheetSource *self, VaiSheetRow *row, GError **error);

void vai_sheet_source_free (VaiSheetSource *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiSheetSource, vai_sheet_source_free)

G_END_DECLS
