/* A sum of trees in a flat form of our own: read from a model that XGBoost wrote, checked whole, and never given back
 * to it. Private to learn. Immutable and thread-safe once made. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Limits of a model that is read: far above ours, so that one trained elsewhere fits too. */
#define VAI_TREE_NODES_MAX 50000000
#define VAI_TREE_COLUMNS_MAX 1000000
#define VAI_TREE_DEPTH_MAX 256

/* Distinct columns tested on one path: the quadrature of contributions has half as many points. */
#define VAI_TREE_PATH_MAX 64

/* A tree's nodes stand in this order: splits with a split below them, parents before children; twigs, which are splits
 * between two leaves; leaves of the former; leaves of twigs. A row goes to child[1] when its value is not below the
 * threshold. */
typedef struct
{
  float threshold;  /* of a leaf: its value */
  guint32 slot;     /* twice its column, and 1 more when a missing value goes to child[1]: see vai_tree_rows_fill() */
  gint32 child[2];  /* nodes of the same tree; a leaf's are itself */
  float failing[2]; /* share of the training weight of the child where a row is not: [1] when it goes right, [0], below
                       0, when left */
  gint32 last;      /* the node that ends the nearest edge above on the same column; 0: there is none */
  gint32 table;     /* row of the ensemble's tables for the weight left on this column; 0: all of it */
} VaiTreeNode;

typedef struct
{
  guint first;          /* its root, in nodes */
  guint n_inner;        /* splits that are no twigs */
  guint n_splits;       /* with twigs; then come its leaves, n_splits + 1 */
  guint n_inner_leaves; /* those that are not on a twig */
  guint depth;
} VaiTree;

typedef struct
{
  guint n_columns;
  float base; /* margin without any tree */
  guint n_trees;
  VaiTree *trees;
  guint n_nodes;
  VaiTreeNode *nodes;
  guint splits_max; /* of any tree */
  double bias;      /* base and every tree's mean leaf, weighed by training weight: where contributions start */
  guint n_points;   /* of the Gauss-Legendre quadrature, a multiple of 4, the last ones with weight 0 */
  guint n_points_used;
  float *points, *weights;
  guint n_tables;
  float *turn; /* n_tables × n_points: 1 less the factor of a split's failing share; row 0: t; row 1 (its column failed
                  above): 0 */
  float *gain; /* n_tables × n_points: factor of its contribution; row 0: 1; row 1: 0 */
} VaiTreeEnsemble;

/* Error DAMAGED; @n_columns is what the encoding gives. */
VaiTreeEnsemble *vai_tree_ensemble_new (GBytes *ubj, guint n_columns, GError **error);
void vai_tree_ensemble_free (VaiTreeEnsemble *self);

/* Rows as the trees take them: every value twice, where a missing one is below all thresholds first, and above all
 * then. @slots holds @n × 2 × @n_columns. */
void vai_tree_rows_fill (const float *rows, gsize n, guint n_columns, float *slots);

/* @rows is @n × n_columns, row by row; missing is NaN. As XGBoost: floats, added tree by tree. */
void vai_tree_ensemble_margins (const VaiTreeEnsemble *self, const float *rows, gsize n, double *margins);

/* Exact path-dependent contributions in log-odds, @n × n_columns, without the bias; they and the bias sum to the
 * margin. */
void vai_tree_ensemble_contributions (const VaiTreeEnsemble *self, const float *rows, gsize n, double *contributions);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiTreeEnsemble, vai_tree_ensemble_free)

G_END_DECLS
