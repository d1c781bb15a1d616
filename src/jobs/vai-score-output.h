/* The file that scoring writes: the input's columns, then what is added. */
#pragma once

#include "vai-score-source.h"
#include "vai-scorer.h"
#include "vai-table-writer.h"

G_BEGIN_DECLS

typedef struct _VaiScoreOutput VaiScoreOutput;

/* Writes the header. @renamed receives the names (char*) of input columns that had to give way. */
VaiScoreOutput *vai_score_output_new (const char *path,
                                      const VaiTable *table,
                                      const VaiSchema *schema,
                                      gboolean contributions,
                                      GPtrArray *renamed,
                                      GError **error);

/* @score NULL: the row could not be scored. @contributions: one row of the scorer's, when they were asked for. */
gboolean vai_score_output_row (VaiScoreOutput *self,
                               const VaiScoreRow *row,
                               const VaiScore *score,
                               const double *contributions,
                               GError **error);

/* The whole file, prepared: it appears when it is committed. */
VaiOutput *vai_score_output_finish (VaiScoreOutput *self, GError **error);
void vai_score_output_free (VaiScoreOutput *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiScoreOutput, vai_score_output_free)

G_END_DECLS
