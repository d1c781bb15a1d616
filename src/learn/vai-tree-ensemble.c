#include "vai-tree-ensemble.h"

#include "vai-error.h"
#include "vai-tree-read.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Rows that go through one tree together, so that it is fetched once for all of them. */
#define BLOCK 64

/* Rows whose steps down are taken in turn: each waits for memory, and so all wait at once. */
#define LANES 8

void
vai_tree_ensemble_free (VaiTreeEnsemble *self)
{
  if (!self)
    return;
  g_free (self->trees);
  g_free (self->nodes);
  g_free (self->points);
  g_free (self->weights);
  g_free (self->turn);
  g_free (self->gain);
  g_free (self);
}

/* --- From XGBoost's arrays --- */

static inline double
at (const GArray *array, guint index)
{
  return g_array_index (array, double, index);
}

static gboolean
is_index (double x, double end)
{
  return x >= 0 && x < end && x == floor (x);
}

static gboolean
split_is_valid (const VaiRawTree *tree, guint node, guint n_columns)
{
  double missing_left = at (tree->missing_left, node), weight = at (tree->weight, node);
  return is_index (at (tree->left, node), tree->left->len) && is_index (at (tree->right, node), tree->left->len)
         && at (tree->left, node) != at (tree->right, node) && is_index (at (tree->column, node), n_columns)
         && isfinite ((float) at (tree->threshold, node)) && (missing_left == 0 || missing_left == 1)
         && at (tree->kind, node) == 0 && isfinite (weight) && weight >= 0;
}

/* Walks the tree breadth first from its root: @order receives splits, @leaves its leaves. FALSE when a node is met
 * twice, so that a cycle ends too. */
static gboolean
walk (const VaiRawTree *tree, guint n_columns, GArray *order, GArray *leaves)
{
  g_autofree guint8 *met = g_new0 (guint8, tree->left->len);
  g_autoptr (GArray) queue = g_array_new (FALSE, FALSE, sizeof (guint));
  guint root = 0;
  g_array_append_val (queue, root);
  met[0] = 1;
  for (guint i = 0; i < queue->len; i++)
    {
      guint node = g_array_index (queue, guint, i);
      gboolean leaf = at (tree->left, node) == -1;
      g_array_append_val (leaf ? leaves : order, node);
      if (leaf && !isfinite ((float) at (tree->threshold, node)))
        return FALSE;
      if (leaf)
        continue;
      if (!split_is_valid (tree, node, n_columns))
        return FALSE;
      guint children[2] = { at (tree->left, node), at (tree->right, node) };
      for (guint j = 0; j < 2; j++)
        {
          if (met[children[j]]++)
            return FALSE;
          g_array_append_val (queue, children[j]);
        }
    }
  return TRUE;
}

/* The share of a split's training weight that went left. A split without any weight is shared evenly. */
static float
left_share (const VaiRawTree *tree, guint node)
{
  double left = at (tree->weight, at (tree->left, node)), right = at (tree->weight, at (tree->right, node));
  if (!(left >= 0 && right >= 0) || !isfinite (left + right) || left + right <= 0)
    return 0.5f;
  return left / (left + right);
}

/* Brings splits (@order) and leaves into the order that the header tells. */
static void
sort_nodes (const VaiRawTree *tree, GArray *order, GArray *leaves, VaiTree *placed)
{
  g_autoptr (GArray) twigs = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) twig_leaves = g_array_new (FALSE, FALSE, sizeof (guint));
  guint n_splits = order->len, root = 0;
  g_array_set_size (leaves, 0);
  for (guint i = 0; i < n_splits; i++)
    {
      guint node = g_array_index (order, guint, i);
      guint children[2] = { at (tree->left, node), at (tree->right, node) };
      gboolean is_leaf[2] = { at (tree->left, children[0]) == -1, at (tree->left, children[1]) == -1 };
      gboolean twig = is_leaf[0] && is_leaf[1];
      if (twig)
        g_array_append_val (twigs, node);
      else
        g_array_index (order, guint, placed->n_inner++) = node;
      for (guint j = 0; j < 2; j++)
        if (is_leaf[j])
          g_array_append_val (twig ? twig_leaves : leaves, children[j]);
    }
  if (n_splits == 0)
    g_array_append_val (leaves, root);
  g_array_set_size (order, placed->n_inner);
  g_array_append_vals (order, twigs->data, twigs->len);
  placed->n_splits = n_splits;
  placed->n_inner_leaves = leaves->len;
  g_array_append_vals (leaves, twig_leaves->data, twig_leaves->len);
}

static void
place_tree (VaiTreeEnsemble *self, const VaiRawTree *tree, VaiTree *placed, const GArray *order, const GArray *leaves)
{
  g_autofree gint32 *place = g_new (gint32, tree->left->len);
  VaiTreeNode *nodes = self->nodes + placed->first;
  g_autofree guint *depths = g_new0 (guint, order->len + leaves->len);
  for (guint i = 0; i < order->len; i++)
    place[g_array_index (order, guint, i)] = i;
  for (guint i = 0; i < leaves->len; i++)
    place[g_array_index (leaves, guint, i)] = order->len + i;
  for (guint i = 0; i < order->len; i++)
    {
      guint node = g_array_index (order, guint, i);
      float share = left_share (tree, node);
      gint32 left = place[(guint) at (tree->left, node)], right = place[(guint) at (tree->right, node)];
      nodes[i] = (VaiTreeNode){ .threshold = at (tree->threshold, node),
                                .slot = 2 * (guint) at (tree->column, node) + (at (tree->missing_left, node) == 0),
                                .child = { left, right },
                                .failing = { share - 1, share } };
      depths[left] = depths[right] = depths[i] + 1;
      placed->depth = MAX (placed->depth, depths[i] + 1);
    }
  for (guint i = 0; i < leaves->len; i++)
    {
      float value = at (tree->threshold, g_array_index (leaves, guint, i));
      gint32 self_index = order->len + i;
      nodes[self_index] = (VaiTreeNode){ .threshold = value, .child = { self_index, self_index } };
    }
}

static gboolean
add_tree (VaiTreeEnsemble *self, const VaiRawTree *tree, VaiTree *placed)
{
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) leaves = g_array_new (FALSE, FALSE, sizeof (guint));
  if (!walk (tree, self->n_columns, order, leaves) || self->n_nodes + order->len + leaves->len > VAI_TREE_NODES_MAX)
    return FALSE;
  *placed = (VaiTree){ .first = self->n_nodes };
  sort_nodes (tree, order, leaves, placed);
  place_tree (self, tree, placed, order, leaves);
  self->n_nodes += order->len + leaves->len;
  self->splits_max = MAX (self->splits_max, order->len);
  return placed->depth <= VAI_TREE_DEPTH_MAX;
}

static gboolean
build (VaiTreeEnsemble *self, const VaiRawModel *model)
{
  gsize n_nodes = 0;
  for (guint i = 0; i < model->trees->len; i++)
    n_nodes += ((VaiRawTree *) g_ptr_array_index (model->trees, i))->left->len;
  if (n_nodes > VAI_TREE_NODES_MAX || model->n_columns != self->n_columns)
    return FALSE;
  self->nodes = g_new0 (VaiTreeNode, n_nodes + 1);
  self->n_trees = model->trees->len;
  self->trees = g_new0 (VaiTree, self->n_trees + 1);
  for (guint i = 0; i < self->n_trees; i++)
    if (!add_tree (self, g_ptr_array_index (model->trees, i), &self->trees[i]))
      return FALSE;
  /* In floats, as XGBoost turns its base score into a margin. */
  self->base = -logf (1.0f / (float) model->base_score - 1.0f);
  return isfinite (self->base) && vai_tree_ensemble_prepare (self);
}

VaiTreeEnsemble *
vai_tree_ensemble_new (GBytes *ubj, guint n_columns, GError **error)
{
  g_autoptr (VaiTreeEnsemble) self = g_new0 (VaiTreeEnsemble, 1);
  VaiRawModel model;
  self->n_columns = n_columns;
  gboolean fine
      = n_columns > 0 && n_columns <= VAI_TREE_COLUMNS_MAX && vai_raw_model_read (&model, ubj) && build (self, &model);
  if (n_columns > 0 && n_columns <= VAI_TREE_COLUMNS_MAX)
    vai_raw_model_clear (&model);
  if (fine)
    return g_steal_pointer (&self);
  g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED,
               _ ("The trees of the model are damaged or do not fit its columns. Train the model again."));
  return NULL;
}

/* --- Down the trees --- */

void
vai_tree_rows_fill (const float *rows, gsize n, guint n_columns, float *slots)
{
  for (gsize i = 0; i < n * n_columns; i++)
    {
      slots[2 * i] = isnan (rows[i]) ? -INFINITY : rows[i];
      slots[2 * i + 1] = isnan (rows[i]) ? INFINITY : rows[i];
    }
}

/* Rows that go down together, side by side for each slot; lanes that are left over are missing everywhere. */
static void
fill_lanes (const float *rows, gsize n, guint n_columns, float *slots)
{
  for (guint j = 0; j < n_columns; j++)
    for (gsize i = 0; i < LANES; i++)
      {
        float value = i < n ? rows[i * n_columns + j] : NAN;
        slots[2 * j * LANES + i] = isnan (value) ? -INFINITY : value;
        slots[(2 * j + 1) * LANES + i] = isnan (value) ? INFINITY : value;
      }
}

/* Leaves of the lanes in one tree. A row that has arrived stays where it is. */
static inline void
descend (const VaiTreeNode *nodes, guint depth, const float *slots, guint32 *leaf)
{
  for (guint i = 0; i < LANES; i++)
    leaf[i] = 0;
  for (guint level = 0; level < depth; level++)
    for (guint i = 0; i < LANES; i++)
      {
        const VaiTreeNode *node = &nodes[leaf[i]];
        leaf[i] = node->child[slots[(gsize) node->slot * LANES + i] >= node->threshold];
      }
}

static void
add_tree_values (const VaiTreeEnsemble *self, const VaiTree *tree, const float *slots, gsize n, float *sums)
{
  const VaiTreeNode *nodes = self->nodes + tree->first;
  for (gsize i = 0; i < n; i += LANES)
    {
      guint32 leaf[LANES];
      descend (nodes, tree->depth, slots + i * 2 * self->n_columns, leaf);
      for (gsize j = 0; j < LANES; j++)
        sums[i + j] += nodes[leaf[j]].threshold;
    }
}

void
vai_tree_ensemble_margins (const VaiTreeEnsemble *self, const float *rows, gsize n, double *margins)
{
  gsize width = 2 * (gsize) self->n_columns;
  g_autofree float *slots = g_new (float, (MIN (n, BLOCK) + LANES) * width);
  for (gsize from = 0; from < n; from += BLOCK)
    {
      gsize m = MIN (BLOCK, n - from);
      float sums[BLOCK];
      for (gsize i = 0; i < m; i += LANES)
        fill_lanes (rows + (from + i) * self->n_columns, MIN (LANES, m - i), self->n_columns, slots + i * width);
      for (gsize i = 0; i < BLOCK; i++)
        sums[i] = self->base;
      for (guint t = 0; t < self->n_trees; t++)
        add_tree_values (self, &self->trees[t], slots, m, sums);
      for (gsize i = 0; i < m; i++)
        margins[from + i] = sums[i];
    }
}
