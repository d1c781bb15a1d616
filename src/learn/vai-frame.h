/* The features of some rows, as a schema sees them: what every learner and every explanation reads. A cell can be
 * changed, so "what if" is an edit of a one-row frame. */
#pragma once

#include "vai-schema.h"

G_BEGIN_DECLS

typedef struct
{
  VaiType type;
  double *numbers; /* numbers; dates in days since the epoch; missing = NaN */
  gint32 *codes;   /* categories: code in the schema's dictionary, VAI_CODE_MISSING or VAI_CODE_UNSEEN; text: code in
                      @texts */
  VaiDictionary *texts; /* text; categories: values that the schema does not know, nullable; owned */
  gint32 *unseen;       /* categories, nullable: in rows of VAI_CODE_UNSEEN, the code of the value in @texts, or -1 */
} VaiFrameColumn;

typedef struct
{
  VaiSchema *schema; /* owned reference */
  guint n_rows;
  guint n_features;
  VaiFrameColumn *columns;
} VaiFrame;

/* @rows of @table (NULL: all @n_rows), by column name. A feature that the table lacks is missing everywhere. A column
 * of another type than the schema's is read as the schema's type from its texts. */
VaiFrame *vai_frame_new_from_table (VaiSchema *schema, const VaiTable *table, const guint32 *rows, gsize n_rows);

/* @n_rows rows with every cell missing. */
VaiFrame *vai_frame_new_empty (VaiSchema *schema, gsize n_rows);

void vai_frame_free (VaiFrame *self);

/* Copies row @from_row of @from; both have the same schema. */
void vai_frame_copy_row (VaiFrame *self, guint row, const VaiFrame *from, guint from_row);

/* Sets one cell from text as a person or a script writes it; "" is missing. Errors: NO_COLUMN, NO_VALUE (not a number,
 * not a date). A category value never seen is no error: it becomes VAI_CODE_UNSEEN. */
gboolean vai_frame_set_text (VaiFrame *self, guint row, const char *feature, const char *text, GError **error);

/* As vai_column_dup_text(). */
char *vai_frame_dup_text (const VaiFrame *self, guint row, guint feature);

gboolean vai_frame_is_missing (const VaiFrame *self, guint row, guint feature);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiFrame, vai_frame_free)

G_END_DECLS
