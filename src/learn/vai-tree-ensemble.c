#include "vai-tree-ensemble.h"

#include "vai-error.h"
#include "vai-tree-read.h"
#include "vai-wide.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Rows that go through one tree together, so that it is fetched once for all of them. */
#define BLOCK 64

/* Rows whose steps down are taken in turn: each waits for memory, and so all wait at once. */
#define LANES 8

/* Trees of up to six full levels, for so many lanes, are faster by choice than by steps. */
#define CHOICE_SPLITS_MAX 63
#define CHOICE_LANES_MIN 2

typedef float Lanes __attribute__ ((vector_size (LANES * sizeof (float))));
typedef gint32 Masks __attribute__ ((vector_size (LANES * sizeof (gint32))));

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

/* @n rows side by side for each slot; lanes that are left over are missing everywhere. */
static void
fill_lanes (const float *rows, gsize n, guint n_columns, guint n_lanes, Lanes *slots)
{
  gsize width = n_lanes * LANES;
  float *low = (float *) slots;
  for (guint j = 0; j < n_columns; j++, low += 2 * width)
    for (gsize i = 0; i < width; i++)
      {
        float value = i < n ? rows[i * n_columns + j] : NAN;
        low[i] = isnan (value) ? -INFINITY : value;
        low[width + i] = isnan (value) ? INFINITY : value;
      }
}

/* Leaves of the lanes in one tree, step by step. A row that has arrived stays where it is. */
static void
add_by_steps (const VaiTree *tree, const VaiTreeNode *nodes, const Lanes *slots, guint n_lanes, Lanes *sums)
{
  for (guint v = 0; v < n_lanes; v++)
    {
      const float *at_slot = (const float *) (slots + v);
      guint32 leaf[LANES] = { 0 };
      for (guint level = 0; level < tree->depth; level++)
        for (guint i = 0; i < LANES; i++)
          {
            const VaiTreeNode *node = &nodes[leaf[i]];
            leaf[i] = node->child[at_slot[(gsize) node->slot * n_lanes * LANES + i] >= node->threshold];
          }
      for (guint i = 0; i < LANES; i++)
        sums[v][i] += nodes[leaf[i]].threshold;
    }
}

/* The same from the leaves up: every split takes the value of one of its children. More work for a row, yet the rows
 * of all lanes do it at once. */
static VAI_WIDE void
add_by_choice (const VaiTree *tree, const VaiTreeNode *nodes, const Lanes *slots, guint n_lanes, Lanes *sums)
{
  Lanes values[2 * CHOICE_SPLITS_MAX + 1][BLOCK / LANES];
  for (guint i = tree->n_splits; i <= 2 * tree->n_splits; i++)
    for (guint v = 0; v < n_lanes; v++)
      values[i][v] = nodes[i].threshold - (Lanes){ 0 };
  for (guint i = tree->n_splits; i-- > 0;)
    {
      const Lanes *slot = slots + (gsize) nodes[i].slot * n_lanes;
      const Lanes *below = values[nodes[i].child[0]], *above = values[nodes[i].child[1]];
      for (guint v = 0; v < n_lanes; v++)
        {
          Masks passed = slot[v] >= nodes[i].threshold;
          values[i][v] = (Lanes) ((passed & (Masks) above[v]) | (~passed & (Masks) below[v]));
        }
    }
  for (guint v = 0; v < n_lanes; v++)
    sums[v] += values[0][v];
}

void
vai_tree_ensemble_margins (const VaiTreeEnsemble *self, const float *rows, gsize n, double *margins)
{
  gsize width = (MIN (n, BLOCK) + LANES - 1) / LANES * sizeof (Lanes);
  Lanes *slots = g_aligned_alloc (2 * (gsize) self->n_columns, MAX (width, sizeof (Lanes)), sizeof (Lanes));
  for (gsize from = 0; from < n; from += BLOCK)
    {
      gsize m = MIN (BLOCK, n - from);
      guint n_lanes = (m + LANES - 1) / LANES;
      Lanes sums[BLOCK / LANES];
      fill_lanes (rows + from * self->n_columns, m, self->n_columns, n_lanes, slots);
      for (guint v = 0; v < n_lanes; v++)
        sums[v] = self->base - (Lanes){ 0 };
      for (guint t = 0; t < self->n_trees; t++)
        {
          const VaiTree *tree = &self->trees[t];
          gboolean small = tree->n_splits <= CHOICE_SPLITS_MAX && n_lanes >= CHOICE_LANES_MIN;
          (small ? add_by_choice : add_by_steps) (tree, self->nodes + tree->first, slots, n_lanes, sums);
        }
      for (gsize i = 0; i < m; i++)
        margins[from + i] = sums[i / LANES][i % LANES];
    }
  g_aligned_free (slots);
}
