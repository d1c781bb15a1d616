/* Rows out, as delimited text (RFC 4180: UTF-8, comma, CRLF-free "\n" line ends) or as an XLSX sheet, by the ending of
 * the path. */
#pragma once

#include "vai-output.h"

G_BEGIN_DECLS

typedef struct _VaiTableWriter VaiTableWriter;

/* Errors: as vai_output_new(); USAGE for the ending of another format (.xls, .ods). XLSX holds 1,048,576 rows: one more
 * is TOO_LARGE, said at that row. */
VaiTableWriter *vai_table_writer_new (const char *path, GError **error);

/* @length -1: NUL-terminated. In XLSX it is text whatever it looks like; a text that begins like a formula stays text.
 */
gboolean vai_table_writer_text (VaiTableWriter *self, const char *text, gssize length, GError **error);

/* NaN is an empty cell. Shortest form that reads back equal, decimal point. */
gboolean vai_table_writer_number (VaiTableWriter *self, double number, GError **error);

gboolean vai_table_writer_end_row (VaiTableWriter *self, GError **error);

/* The whole file, prepared: it appears when it is committed. */
VaiOutput *vai_table_writer_finish (VaiTableWriter *self, GError **error);

/* Makes the file appear. */
gboolean vai_table_writer_commit (VaiTableWriter *self, GError **error);

/* Without a commit before, nothing is left. */
void vai_table_writer_free (VaiTableWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiTableWriter, vai_table_writer_free)

G_END_DECLS
