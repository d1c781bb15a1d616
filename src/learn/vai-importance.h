/* What the model leans on: permutation importance on rows that its outer training part had not seen, and mean
 * contributions. */
#pragma once

#include "vai-part.h"

G_BEGIN_DECLS

/* Some tested rows as they are, then once more for each feature with that feature shuffled among them. */
typedef struct
{
  VaiFrame *frame; /* owned: n_rows × (1 + features) rows */
  guint32 *rows;   /* owned: rows of the problem */
  gsize n_rows;
} VaiProbe;

/* NULL where there are too many features for so few rows to be worth it. */
VaiProbe *vai_probe_new (const VaiProblem *problem, const guint32 *rows, gsize n_rows, gsize n_wanted, guint64 seed);
void vai_probe_free (VaiProbe *self);

/* Adds up over finished parts: @lost (by feature) the log loss that shuffling cost, @n the rows. */
void vai_probe_add (const VaiProbe *self, const VaiPart *part, const VaiProblem *problem, double *lost, gsize *n);

/* Mean |contribution| of each feature over some reference rows as a share of the whole, into model->importance. */
gboolean vai_importance_measure (VaiModel *model, guint threads, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiProbe, vai_probe_free)

G_END_DECLS
