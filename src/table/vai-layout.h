/* Where the table stands in its file: what is above the header, whether there is one, how many columns, their names. */
#pragma once

#include "vai-dialect.h"
#include "vai-tokens.h"

G_BEGIN_DECLS

typedef struct
{
  guint header; /* record of the header, or of the first row when there is none */
  gboolean has_header;
  guint first_row; /* record of the first row */
  guint n_columns;
  GPtrArray *names; /* owned: of char*, unique */
  guint n_renamed;  /* repeated names that were changed */
  guint n_unnamed;  /* empty names that were filled in */
} VaiLayout;

/* @sample: the first records, any number of fields each. What @given says (preamble from 0 on, then has_header) is not
 * searched for.
 * @wide: rows of a sheet, whose empty cells at the end are left out. */
void vai_layout_find (const VaiTokens *sample, const VaiDialect *given, gboolean wide, VaiLayout *layout);
void vai_layout_clear (VaiLayout *layout);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VaiLayout, vai_layout_clear)

G_END_DECLS
