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

/* What is measured of them, each by a bootstrap of its own that can run beside the others. */
typedef enum
{
  VAI_MEASURE_AT_HALF,
  VAI_MEASURE_AT_THRESHOLD,
  VAI_MEASURE_BASELINE,
  VAI_MEASURE_AGAINST_BASELINE,
  VAI_N_MEASURES
} VaiMeasure;

/* Fills the member of @model that @measure names; of at_threshold only the label metrics. */
void vai_tested_measure (const VaiTested *self, VaiMeasure measure, VaiModel *model, VaiEffort effort);

/* After all of them: the metrics without a threshold are the same at any. */
void vai_tested_complete (VaiModel *model);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiValidation, vai_validation_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiTested, vai_tested_free)

G_END_DECLS
