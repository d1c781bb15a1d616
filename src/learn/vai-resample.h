/* Bootstrap by group: how often each group of rows is drawn. Rows of one quote are no independent evidence, so they are
 * drawn together. */
#pragma once

#include "vai-random.h"

G_BEGIN_DECLS

typedef struct
{
  gsize n;
  guint32 *group; /* of each row: 0..n_groups-1 */
  guint32 n_groups;
  guint32 *count; /* of each group: times drawn in the last replicate */
} VaiResample;

/* @order, nullable, gives the sequence in which rows are numbered; @groups NULL: every row is a group of its own. */
void vai_resample_init (VaiResample *self, const guint32 *groups, const guint32 *order, gsize n);
void vai_resample_clear (VaiResample *self);

/* Draws n_groups groups with replacement. */
void vai_resample_draw (VaiResample *self, VaiRandom *random);

/* The @share quantile of @n sorted values, interpolated as numpy.percentile does. NaN when @n is 0. */
double vai_quantile_sorted (const double *values, gsize n, double share);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VaiResample, vai_resample_clear)

G_END_DECLS
