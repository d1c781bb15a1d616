/* Rows out as RFC 4180 text: UTF-8, comma, "\n", quotes only where they are needed. Private to VaiTableWriter. */
#pragma once

#include "vai-output.h"

G_BEGIN_DECLS

typedef struct _VaiCsvWriter VaiCsvWriter;

VaiCsvWriter *vai_csv_writer_new (const char *path, GError **error);
void vai_csv_writer_text (VaiCsvWriter *self, const char *text, gssize length);
void vai_csv_writer_number (VaiCsvWriter *self, double number);

/* Errors of writing come up here, so that a full disk is said soon. */
gboolean vai_csv_writer_end_row (VaiCsvWriter *self, GError **error);
VaiOutput *vai_csv_writer_finish (VaiCsvWriter *self, GError **error);
void vai_csv_writer_free (VaiCsvWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiCsvWriter, vai_csv_writer_free)

G_END_DECLS
