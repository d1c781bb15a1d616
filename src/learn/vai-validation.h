/* The outer validation: who is tested when, and what the predictions of tested rows were worth. */
#pragma once

#include "vai-part.h"

G_BEGIN_DECLS

typedef struct
{
  GPtrArray *splits; /* of VaiSplit: outer folds, repeat after repeat */
  guint folds, repeats;
  gboolean walk_forward;
} VaiValidation;

/* By date when @options asks for it and the dates allow it, else stratified cross-validation; a fall back is said in
 * the problem's warnings. Error USAGE: more folds than rows of a class. */
VaiValidation *vai_validation_new (VaiProblem *problem, const VaiTrainOptions *options, GError **error);
void vai_validation_free (VaiValidation *self);

/* One prediction for each tested row: the mean over repeats. */
typedef struct
{
  gsize n;
  guint32 *rows; /* of the problem, ascending */
  guint8 *won;
  guint32 *units;      /* what a bootstrap draws: groups; blocks of time with walk-forward */
  double *probability; /* calibrated inside the training part */
  double *called;      /* share of repeats whose own threshold called it won */
  double *base;        /* base rate of the training part */
} VaiTested;

VaiTested *vai_tested_new (const VaiValidation *validation, const VaiProblem *problem, const GArray *parts);
void vai_tested_free (VaiTested *self);

/* Fills the metrics of @model and their comparison with the baseline. */
void vai_tested_measure (const VaiTested *self, VaiModel *model, guint threads);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiValidation, vai_validation_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiTested, vai_tested_free)

G_END_DECLS
