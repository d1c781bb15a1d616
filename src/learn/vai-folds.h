/* Who trains and who is tested: splits that keep rows of one group on one side and hide the future from the past. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Row numbers of both sides. A row of neither side is left out of this split. */
typedef struct
{
  guint32 *train, *test; /* owned */
  gsize n_train, n_test;
} VaiSplit;

void vai_split_free (VaiSplit *self);

/* Fewest rows of a class that a training part of a walk-forward needs to be learned from. */
#define VAI_BLOCK_CLASS_MIN 20

/* Fewest tested blocks of a walk-forward validation. */
#define VAI_BLOCKS_MIN 3

/* Stratified cross-validation of @rows: VaiSplit by fold. @won and @groups (0..@n_groups-1; rows of one group stay
 * together) are indexed by row number. All training parts have the same number of each class as far as that costs few
 * rows: else a fold that by chance tests more won rows trains on fewer, and pooled predictions rank won rows low on
 * pure noise (AUC 0.47 at 100 rows). */
GPtrArray *vai_folds_cross_validation (const guint32 *rows,
                                       gsize n_rows,
                                       const guint8 *won,
                                       const guint32 *groups,
                                       guint n_groups,
                                       guint folds,
                                       guint64 seed);

/* Walk-forward: @rows in @blocks of equal number by @opened (seconds, VAI_TIME_MISSING when not known: never tested);
 * the first block only trains. A row trains for a block only if it was closed (@closed, nullable; opened, where closing
 * is not known) before the block begins and no row of its group is tested in it. Blocks that cannot be learned are not
 * tested and *@n_skipped counts them; NULL when fewer than VAI_BLOCKS_MIN are left. */
GPtrArray *vai_folds_walk_forward (const guint32 *rows,
                                   gsize n_rows,
                                   const guint8 *won,
                                   const guint32 *groups,
                                   guint n_groups,
                                   const gint64 *opened,
                                   const gint64 *closed,
                                   guint blocks,
                                   guint *n_skipped);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiSplit, vai_split_free)

G_END_DECLS
