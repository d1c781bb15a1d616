/* Exact path-dependent Shapley values of trees (Lundberg and others 2020), by quadrature instead of by subsets.
 *
 * A leaf's game is the product, over the columns on its path, of o (1 when the row passes all tests on the column, else
 * 0) when the column is known and z (the share of training weight that passes them) when it is not. Its Shapley value
 * is the integral over t in 0..1 of the derivative of the multilinear extension, a polynomial of degree d - 1 in t for
 * d columns, which ceil(d / 2) Gauss-Legendre points give exactly.
 *
 * Summed over the leaves of a tree, all of it becomes two passes over the splits for each point t. Let a split's row go
 * to child `pass`, and q be the share of weight that goes to the other one, `fail`. With z the share left on the column
 * above (1 when it was not tested before) and g = z + (1 - z) t, the factor of the failing edge is s = q z (1 - t) / g,
 * that of the passing one 1 - s. So, P the product of the factors above and U the sum of leaves times the products of
 * the factors below:
 *
 *   down:  P(fail) = P s,  P(pass) = P - P s          up:  U = U(pass) - s (U(pass) - U(fail))
 *   contribution of the column at this split:  P q (z / g²) (U(pass) - U(fail))
 *
 * Where the row failed the column before, s = q and the contribution is 0. The sums telescope: bias and contributions
 * are the margin. */
#include "vai-tree-read.h"
#include "vai-wide.h"

#include <math.h>
#include <string.h>

/* Rows of one pass; a vector of the widest registers that are common. */
#define LANES 8

/* Trees whose contributions are summed in floats before they go to doubles. */
#define FLUSH_TREES 16

/* A remainder of so few rows is cheaper one by one. */
#define SINGLES_MAX 2

typedef float Lanes __attribute__ ((vector_size (LANES * sizeof (float))));
typedef gint32 Masks __attribute__ ((vector_size (LANES * sizeof (gint32))));
typedef float Points __attribute__ ((vector_size (4 * sizeof (float))));

#define LANE_ONES ((Lanes){ 1, 1, 1, 1, 1, 1, 1, 1 })
#define CHOOSE(mask, yes, no) ((Lanes) (((mask) & (Masks) (yes)) | (~(mask) & (Masks) (no))))
#define FAILING(node, right, passed)                                                                                   \
  ((Lanes) ((Masks) CHOOSE (right, (node)->failing[1] * LANE_ONES, (node)->failing[0] * LANE_ONES) & (passed)))

/* --- Tables --- */

/* Points and weights on 0..1, by Newton's method on the Legendre polynomial. */
static void
fill_quadrature (VaiTreeEnsemble *self)
{
  guint n = self->n_points_used;
  for (guint i = 0; i < self->n_points; i++)
    {
      self->points[i] = 0.5f;
      self->weights[i] = 0;
    }
  for (guint i = 0; i < n; i++)
    {
      double x = cos (G_PI * (i + 0.75) / (n + 0.5)), slope = 1;
      for (guint round = 0; round < 100; round++)
        {
          double p = 1, before = 0;
          for (guint j = 1; j <= n; j++)
            {
              double next = ((2 * j - 1) * x * p - (j - 1) * before) / j;
              before = p;
              p = next;
            }
          slope = n * (x * p - before) / (x * x - 1);
          double change = p / slope;
          x -= change;
          if (fabs (change) < 1e-15)
            break;
        }
      self->points[i] = (1 - x) / 2;
      self->weights[i] = 1 / ((1 - x * x) * slope * slope);
    }
}

typedef struct
{
  gint32 parent; /* -1: the root */
  double share;  /* of the weight left on the parent's column after the edge to this node */
  guint n_columns;
} Above;

/* The nearest edge above @node on its column, as the node that ends it; 0: none. */
static gint32
nearest_edge (const VaiTreeNode *nodes, const Above *above, gint32 node)
{
  for (gint32 end = node; above[end].parent >= 0; end = above[end].parent)
    if (nodes[above[end].parent].slot / 2 == nodes[node].slot / 2)
      return end;
  return 0;
}

/* Finds each split's nearest edge, and appends to @shares what is left on its column there. Gives the most columns on a
 * path. */
static guint
link_tree (VaiTreeEnsemble *self, const VaiTree *tree, GArray *shares)
{
  VaiTreeNode *nodes = self->nodes + tree->first;
  g_autofree Above *above = g_new0 (Above, 2 * tree->n_splits + 1);
  guint most = 0;
  above[0].parent = -1;
  for (guint i = 0; i < tree->n_splits; i++)
    {
      VaiTreeNode *node = &nodes[i];
      node->last = nearest_edge (nodes, above, i);
      double share = node->last ? above[node->last].share : 1;
      if (node->last)
        {
          node->table = shares->len;
          g_array_append_val (shares, share);
        }
      for (guint side = 0; side < 2; side++)
        above[node->child[side]] = (Above){ .parent = i,
                                            .share = share * fabsf (node->failing[!side]),
                                            .n_columns = above[i].n_columns + (node->last == 0) };
      most = MAX (most, above[node->child[0]].n_columns);
    }
  return most;
}

static double
mean_leaf (const VaiTreeEnsemble *self, const VaiTree *tree)
{
  const VaiTreeNode *nodes = self->nodes + tree->first;
  g_autofree double *means = g_new (double, 2 * tree->n_splits + 1);
  for (gint32 i = 2 * tree->n_splits; i >= 0; i--)
    means[i] = i >= (gint32) tree->n_splits
                   ? nodes[i].threshold
                   : nodes[i].failing[1] * means[nodes[i].child[0]] - nodes[i].failing[0] * means[nodes[i].child[1]];
  return means[0];
}

gboolean
vai_tree_ensemble_prepare (VaiTreeEnsemble *self)
{
  /* Shares by table row; the first two rows are for columns without an edge above, and for those that failed there. */
  g_autoptr (GArray) shares = g_array_new (FALSE, TRUE, sizeof (double));
  g_array_set_size (shares, 2);
  guint most = 1;
  self->bias = self->base;
  for (guint i = 0; i < self->n_trees; i++)
    {
      most = MAX (most, link_tree (self, &self->trees[i], shares));
      self->bias += mean_leaf (self, &self->trees[i]);
    }
  if (most > VAI_TREE_PATH_MAX)
    return FALSE;
  self->n_points_used = (most + 1) / 2;
  self->n_points = (self->n_points_used + 3) / 4 * 4;
  self->points = g_new (float, self->n_points);
  self->weights = g_new (float, self->n_points);
  fill_quadrature (self);
  self->n_tables = shares->len;
  self->turn = g_new (float, (gsize) self->n_tables * self->n_points);
  self->gain = g_new (float, (gsize) self->n_tables * self->n_points);
  for (guint row = 0; row < self->n_tables; row++)
    for (guint k = 0; k < self->n_points; k++)
      {
        double z = g_array_index (shares, double, row), t = self->points[k], g = z + (1 - z) * t;
        gsize at = (gsize) row * self->n_points + k;
        self->turn[at] = row == 0 ? t : row == 1 ? 0 : 1 - z * (1 - t) / g;
        self->gain[at] = row == 0 ? 1 : row == 1 ? 0 : z / (g * g);
      }
  return TRUE;
}

/* Both kernels do without branches on what a row does. With h the share of the failing child, below 0 when that is the
 * right one, and 0 where the column failed above, the edge to the left has the factor l = share of the left child - h
 * turn, and so
 *
 *   down:  P(left) = P l,  P(right) = P - P(left)      up:  U = U(right) - l (U(right) - U(left))
 *   contribution:  h P gain (U(right) - U(left))
 *
 * A twig has leaves below it: it is done in one go. */

/* --- Many rows --- */

typedef struct
{
  Masks *passed;          /* by node: rows that pass every test on the column of the edge that ends there */
  Lanes *h;               /* by inner split */
  Lanes *product, *below; /* by node and point: P and U above */
} LaneScratch;

static inline __attribute__ ((always_inline)) void
lanes_down (const VaiTreeEnsemble *self, const VaiTree *tree, const Lanes *slots, LaneScratch *scratch)
{
  const VaiTreeNode *nodes = self->nodes + tree->first;
  const guint n_points = self->n_points_used;
  for (guint k = 0; k < n_points; k++)
    scratch->product[k] = self->weights[k] * LANE_ONES;
  scratch->passed[0] = ~(Masks){ 0 };
  for (guint i = 0; i < tree->n_inner; i++)
    {
      const VaiTreeNode *node = &nodes[i];
      const float *turn = self->turn + (gsize) node->table * self->n_points;
      const Lanes *from = scratch->product + (gsize) i * n_points;
      Lanes *to_left = scratch->product + (gsize) node->child[0] * n_points;
      Lanes *to_right = scratch->product + (gsize) node->child[1] * n_points;
      Masks right = slots[node->slot] >= node->threshold, passed = scratch->passed[node->last];
      Lanes h = FAILING (node, right, passed);
      scratch->h[i] = h;
      scratch->passed[node->child[0]] = passed & ~right;
      scratch->passed[node->child[1]] = passed & right;
      for (guint k = 0; k < n_points; k++)
        {
          Lanes left = from[k] * (node->failing[1] - h * turn[k]);
          to_left[k] = left;
          to_right[k] = from[k] - left;
        }
    }
}

static inline __attribute__ ((always_inline)) void
lanes_twigs (const VaiTreeEnsemble *self, const VaiTree *tree, const Lanes *slots, LaneScratch *scratch, Lanes *sums)
{
  const VaiTreeNode *nodes = self->nodes + tree->first;
  const guint n_points = self->n_points_used;
  for (guint i = tree->n_inner; i < tree->n_splits; i++)
    {
      const VaiTreeNode *node = &nodes[i];
      const float *turn = self->turn + (gsize) node->table * self->n_points;
      const float *gain = self->gain + (gsize) node->table * self->n_points;
      const Lanes *product = scratch->product + (gsize) i * n_points;
      Lanes *below = scratch->below + (gsize) i * n_points;
      float right_value = nodes[node->child[1]].threshold, difference = right_value - nodes[node->child[0]].threshold;
      Masks right = slots[node->slot] >= node->threshold;
      Lanes h = FAILING (node, right, scratch->passed[node->last]), sum = { 0 };
      for (guint k = 0; k < n_points; k++)
        {
          below[k] = right_value - (node->failing[1] - h * turn[k]) * difference;
          sum += product[k] * gain[k];
        }
      sums[node->slot / 2] += sum * h * difference;
    }
}

static inline __attribute__ ((always_inline)) void
lanes_up (const VaiTreeEnsemble *self, const VaiTree *tree, LaneScratch *scratch, Lanes *sums)
{
  const VaiTreeNode *nodes = self->nodes + tree->first;
  const guint n_points = self->n_points_used;
  for (guint i = tree->n_splits; i < tree->n_splits + tree->n_inner_leaves; i++)
    for (guint k = 0; k < n_points; k++)
      scratch->below[(gsize) i * n_points + k] = nodes[i].threshold * LANE_ONES;
  for (gint32 i = (gint32) tree->n_inner - 1; i >= 0; i--)
    {
      const VaiTreeNode *node = &nodes[i];
      const float *turn = self->turn + (gsize) node->table * self->n_points;
      const float *gain = self->gain + (gsize) node->table * self->n_points;
      const Lanes *product = scratch->product + (gsize) i * n_points;
      const Lanes *left_below = scratch->below + (gsize) node->child[0] * n_points;
      const Lanes *right_below = scratch->below + (gsize) node->child[1] * n_points;
      Lanes *below = scratch->below + (gsize) i * n_points;
      Lanes h = scratch->h[i], sum = { 0 };
      for (guint k = 0; k < n_points; k++)
        {
          Lanes difference = right_below[k] - left_below[k];
          below[k] = right_below[k] - (node->failing[1] - h * turn[k]) * difference;
          sum += product[k] * gain[k] * difference;
        }
      sums[node->slot / 2] += sum * h;
    }
}

static VAI_WIDE void
lanes_tree (const VaiTreeEnsemble *self, const VaiTree *tree, const Lanes *slots, LaneScratch *scratch, Lanes *sums)
{
  lanes_down (self, tree, slots, scratch);
  lanes_twigs (self, tree, slots, scratch, sums);
  lanes_up (self, tree, scratch, sums);
}

static void
flush_lanes (Lanes *sums, guint n_columns, gsize n, double *contributions)
{
  for (guint j = 0; j < n_columns; j++)
    {
      for (gsize i = 0; i < n; i++)
        contributions[i * n_columns + j] += sums[j][i];
      sums[j] = (Lanes){ 0 };
    }
}

/* Up to LANES rows; those that are not there are NaN and come to nothing. */
static void
lanes_rows (const VaiTreeEnsemble *self,
            const float *rows,
            gsize n,
            LaneScratch *scratch,
            Lanes *slots,
            Lanes *sums,
            double *contributions)
{
  for (guint j = 0; j < self->n_columns; j++)
    for (gsize i = 0; i < LANES; i++)
      {
        float x = i < n ? rows[i * self->n_columns + j] : NAN;
        slots[2 * j][i] = isnan (x) ? -INFINITY : x;
        slots[2 * j + 1][i] = isnan (x) ? INFINITY : x;
      }
  for (guint t = 0; t < self->n_trees; t++)
    {
      lanes_tree (self, &self->trees[t], slots, scratch, sums);
      if ((t + 1) % FLUSH_TREES == 0 || t + 1 == self->n_trees)
        flush_lanes (sums, self->n_columns, n, contributions);
    }
}

/* --- One row --- */

/* What is kept of a node, together, so that one address serves for all of it. */
typedef struct
{
  Points product, below; /* P and U above, at four points */
  gint32 passed;         /* all bits, or none */
  float h;
  guint64 padding; /* to a multiple of a vector's size */
} PointNode;

typedef union
{
  float number;
  gint32 bits;
} FloatBits;

/* h of a split: 0 where the column failed above. */
static inline float
point_failing (const VaiTreeNode *node, guint right, gint32 passed)
{
  FloatBits h = { .number = node->failing[right] };
  h.bits &= passed;
  return h.number;
}

static inline __attribute__ ((always_inline)) void
points_down (const VaiTree *tree,
             const VaiTreeNode *nodes,
             const Points *turns,
             guint n_blocks,
             const float *slots,
             PointNode *kept)
{
  for (guint i = 0; i < tree->n_inner; i++)
    {
      const VaiTreeNode *node = &nodes[i];
      guint right = slots[node->slot] >= node->threshold;
      gint32 passed = kept[node->last].passed;
      float h = point_failing (node, right, passed);
      Points product = kept[i].product;
      Points left = product * (node->failing[1] - h * turns[(gsize) node->table * n_blocks]);
      kept[i].h = h;
      kept[node->child[0]].passed = passed & ((gint32) right - 1);
      kept[node->child[1]].passed = passed & -(gint32) right;
      kept[node->child[0]].product = left;
      kept[node->child[1]].product = product - left;
    }
}

static inline __attribute__ ((always_inline)) void
points_twigs (const VaiTree *tree,
              const VaiTreeNode *nodes,
              const Points *turns,
              const Points *gains,
              guint n_blocks,
              const float *slots,
              PointNode *kept,
              Points *sums)
{
  for (guint i = tree->n_inner; i < tree->n_splits; i++)
    {
      const VaiTreeNode *node = &nodes[i];
      const gsize table = (gsize) node->table * n_blocks;
      float right_value = nodes[node->child[1]].threshold, difference = right_value - nodes[node->child[0]].threshold;
      guint right = slots[node->slot] >= node->threshold;
      float h = point_failing (node, right, kept[node->last].passed);
      kept[i].below = right_value - (node->failing[1] - h * turns[table]) * difference;
      sums[node->slot / 2] += kept[i].product * gains[table] * (h * difference);
    }
}

static inline __attribute__ ((always_inline)) void
points_up (const VaiTree *tree,
           const VaiTreeNode *nodes,
           const Points *turns,
           const Points *gains,
           guint n_blocks,
           PointNode *kept,
           Points *sums)
{
  const Points ones = { 1, 1, 1, 1 };
  for (guint i = tree->n_splits; i < tree->n_splits + tree->n_inner_leaves; i++)
    kept[i].below = nodes[i].threshold * ones;
  for (gint32 i = (gint32) tree->n_inner - 1; i >= 0; i--)
    {
      const VaiTreeNode *node = &nodes[i];
      const gsize table = (gsize) node->table * n_blocks;
      Points right_below = kept[node->child[1]].below;
      Points difference = right_below - kept[node->child[0]].below;
      kept[i].below = right_below - (node->failing[1] - kept[i].h * turns[table]) * difference;
      sums[node->slot / 2] += kept[i].product * gains[table] * (kept[i].h * difference);
    }
}

static VAI_WIDE void
points_tree (const VaiTreeEnsemble *self,
             const VaiTree *tree,
             const float *slots,
             guint block,
             PointNode *kept,
             Points *sums)
{
  const VaiTreeNode *nodes = self->nodes + tree->first;
  const Points *turns = (const Points *) self->turn + block, *gains = (const Points *) self->gain + block;
  const guint n_blocks = self->n_points / 4;
  memcpy (&kept[0].product, self->weights + 4 * block, sizeof (Points));
  kept[0].passed = -1;
  points_down (tree, nodes, turns, n_blocks, slots, kept);
  points_twigs (tree, nodes, turns, gains, n_blocks, slots, kept, sums);
  points_up (tree, nodes, turns, gains, n_blocks, kept, sums);
}

static void
flush_points (Points *sums, guint n_columns, double *contributions)
{
  for (guint j = 0; j < n_columns; j++)
    {
      contributions[j] += ((double) sums[j][0] + sums[j][1]) + ((double) sums[j][2] + sums[j][3]);
      sums[j] = (Points){ 0 };
    }
}

static void
points_row (const VaiTreeEnsemble *self, const float *slots, PointNode *kept, Points *sums, double *contributions)
{
  for (guint t = 0; t < self->n_trees; t++)
    {
      for (guint block = 0; block < self->n_points / 4; block++)
        points_tree (self, &self->trees[t], slots, block, kept, sums);
      if ((t + 1) % FLUSH_TREES == 0 || t + 1 == self->n_trees)
        flush_points (sums, self->n_columns, contributions);
    }
}

/* --- Both --- */

static gpointer
aligned (gsize n, gsize size)
{
  return g_aligned_alloc0 (n, size, 64);
}

static void
contributions_of_singles (const VaiTreeEnsemble *self, const float *rows, gsize n, double *contributions)
{
  PointNode *kept = aligned (2 * (gsize) self->splits_max + 1, sizeof (PointNode));
  Points *sums = aligned (self->n_columns, sizeof (Points));
  g_autofree float *slots = g_new (float, 2 * (gsize) self->n_columns);
  for (gsize i = 0; i < n; i++)
    {
      vai_tree_rows_fill (rows + i * self->n_columns, 1, self->n_columns, slots);
      points_row (self, slots, kept, sums, contributions + i * self->n_columns);
    }
  g_aligned_free (kept);
  g_aligned_free (sums);
}

static void
contributions_of_lanes (const VaiTreeEnsemble *self, const float *rows, gsize n, double *contributions)
{
  gsize n_nodes = 2 * (gsize) self->splits_max + 1, n_places = n_nodes * self->n_points_used;
  LaneScratch scratch = { aligned (n_nodes, sizeof (Masks)), aligned (n_nodes, sizeof (Lanes)),
                          aligned (n_places, sizeof (Lanes)), aligned (n_places, sizeof (Lanes)) };
  Lanes *slots = aligned (2 * (gsize) self->n_columns, sizeof (Lanes)),
        *sums = aligned (self->n_columns, sizeof (Lanes));
  for (gsize i = 0; i < n; i += LANES)
    lanes_rows (self, rows + i * self->n_columns, MIN (LANES, n - i), &scratch, slots, sums,
                contributions + i * self->n_columns);
  g_aligned_free (scratch.passed);
  g_aligned_free (scratch.h);
  g_aligned_free (scratch.product);
  g_aligned_free (scratch.below);
  g_aligned_free (slots);
  g_aligned_free (sums);
}

void
vai_tree_ensemble_contributions (const VaiTreeEnsemble *self, const float *rows, gsize n, double *contributions)
{
  gsize n_singles = n % LANES <= SINGLES_MAX ? n % LANES : 0, n_lanes = n - n_singles;
  memset (contributions, 0, n * self->n_columns * sizeof *contributions);
  if (n_lanes > 0)
    contributions_of_lanes (self, rows, n_lanes, contributions);
  if (n_singles > 0)
    contributions_of_singles (self, rows + n_lanes * self->n_columns, n_singles,
                              contributions + n_lanes * self->n_columns);
}
