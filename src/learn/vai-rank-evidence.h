/* Does a score rank the outcomes at all? Ranks are looked at, not losses: a score made of few rows is too sure of
 * itself, or off in its level, long before it ranks no better than chance, and its calibrator mends both. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double above, variance;
} VaiRankEvidence;

/* Adds one block of @n rows, ranked among themselves: how far its AUC is above one half, weighted by what the block can
 * say. @groups: by row, below @n_groups; rows of one group count as one. Blocks of one outcome say nothing. */
void vai_rank_evidence_add (VaiRankEvidence *self,
                            const guint8 *won,
                            const double *margins,
                            const guint32 *groups,
                            gsize n,
                            guint n_groups);

/* The mean AUC above one half in the standard errors that it has without a signal (Wilcoxon); NAN without blocks. */
double vai_rank_evidence_z (const VaiRankEvidence *self);

G_END_DECLS
