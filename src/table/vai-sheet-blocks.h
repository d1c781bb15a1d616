/* Rows of a sheet as blocks of fields, as if it had been delimited text: header, types and rejection are then the same
 * for both. */
#pragma once

#include "vai-sheet-source.h"
#include "vai-tokens.h"

G_BEGIN_DECLS

typedef struct _VaiSheetBlocks VaiSheetBlocks;

/* @sheet: NULL chooses. Errors: as vai_sheet_source_open(). */
VaiSheetBlocks *vai_sheet_blocks_open (const char *path,
                                       VaiFormat format,
                                       const char *sheet,
                                       GCancellable *cancellable,
                                       GError **error);
void vai_sheet_blocks_free (VaiSheetBlocks *self);

const char *vai_sheet_blocks_get_sheet (VaiSheetBlocks *self);

/* Numbers as they are in the file, for people: "1.234" where reading wants "1.2340", which has one meaning only. */
void vai_sheet_blocks_set_plain (VaiSheetBlocks *self);

/* Names of all sheets. */
GStrv vai_sheet_blocks_dup_sheets (VaiSheetBlocks *self);

/* To the first row, and over all rows up to the number @skip. */
gboolean vai_sheet_blocks_start (VaiSheetBlocks *self, guint64 skip, GError **error);

/* The next rows; @n_columns as in VaiTokenRules, cells that a row lacks at its end are empty. The line of a record is
 * its row less 1. The text is valid until the call after the next. FALSE at the end or with @error. */
gboolean vai_sheet_blocks_next (VaiSheetBlocks *self, guint n_columns, VaiTokens *tokens, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiSheetBlocks, vai_sheet_blocks_free)

G_END_DECLS
