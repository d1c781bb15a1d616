/* The parts of a tree ensemble's making. Private to vai-tree-*.c. */
#pragma once

#include "vai-tree-ensemble.h"

G_BEGIN_DECLS

/* One tree as XGBoost writes it: arrays by node. Owned GArrays of double. */
typedef struct
{
  GArray *left, *right, *column, *threshold, *missing_left, *weight, *kind;
} VaiRawTree;

typedef struct
{
  GPtrArray *trees; /* of VaiRawTree */
  double base_score;
  double n_columns;
} VaiRawModel;

/* FALSE when the bytes are not what XGBoost writes for a binary model of plain trees. */
gboolean vai_raw_model_read (VaiRawModel *self, GBytes *ubj);
void vai_raw_model_clear (VaiRawModel *self);

/* Fills the quadrature, its tables, each node's place in them, and the bias. FALSE when a path tests too many columns.
 */
gboolean vai_tree_ensemble_prepare (VaiTreeEnsemble *self);

G_END_DECLS
