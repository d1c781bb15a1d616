/* Rows of a table in a file of any kind, in blocks of fields: dialect and layout found, then cut. What import and
 * records share. */
#pragma once

#include "vai-layout.h"
#include "vai-tokens.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* A table may have so many columns; a wider one is another kind of file, or turned on its side. */
#define VAI_ROWS_COLUMNS_MAX 4096

typedef struct _VaiRows VaiRows;

/* Finds what @given leaves open. Errors: as vai_import_read(). */
VaiRows *vai_rows_open (const char *path, const VaiDialect *given, GCancellable *cancellable, GError **error);
void vai_rows_free (VaiRows *self);

/* From the next start on, numbers of a sheet as they are, for people; see vai_sheet_blocks_set_plain(). */
void vai_rows_set_plain (VaiRows *self);

const VaiDialect *vai_rows_get_dialect (VaiRows *self);
const VaiLayout *vai_rows_get_layout (VaiRows *self);

/* The first records with any number of fields; rows of the table begin at layout's first_row. */
const VaiTokens *vai_rows_get_sample (VaiRows *self);

/* Names of all sheets; NULL for text. */
GStrv vai_rows_dup_sheets (VaiRows *self);

/* What was done to read the file, in sentences (of char*, owned by @self). */
GPtrArray *vai_rows_dup_notes (VaiRows *self);

guint64 vai_rows_get_file_size (VaiRows *self);

/* Share of the file that was read, 0 to 1. */
double vai_rows_get_fraction (VaiRows *self);

/* To the first row (again). */
gboolean vai_rows_start (VaiRows *self, GError **error);

/* The next block, each record with as many fields as the table has columns. @first_line: of the block, from 1; the line
 * of a record is this plus its "line". The text is valid until the call after the next.
 * FALSE at the end or with @error. */
gboolean vai_rows_next (VaiRows *self, VaiTokens *tokens, guint64 *first_line, GError **error);

/* How the text of a rejected record is cut into its fields. */
VaiTokenRules vai_rows_get_rules (VaiRows *self);

/* Why a record was rejected, translated. Free with g_free(). */
char *vai_rows_dup_reason (VaiRows *self, const VaiTokenRecord *rejected);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiRows, vai_rows_free)

G_END_DECLS
