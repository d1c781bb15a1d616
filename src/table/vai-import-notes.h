/* What an import did that a person should know, in sentences. */
#pragma once

#include "vai-build.h"

G_BEGIN_DECLS

void vai_import_note_rows (GPtrArray *notes, guint n_columns, guint64 n_blank, guint64 n_padded, guint64 totals_line);
void vai_import_note_column (GPtrArray *notes, const VaiBuild *build);

G_END_DECLS
