#include "vai-isotonic.h"

typedef struct
{
  double x, y, weight; /* weighted sums of x and y */
} Block;

static inline gboolean
violates (const Block *left, const Block *right)
{
  return left->y * right->weight >= right->y * left->weight;
}

static inline void
pool (Block *left, const Block *right)
{
  left->x += right->x;
  left->y += right->y;
  left->weight += right->weight;
}

static gsize
pool_violators (Block *blocks, const double *x, const double *y, const double *weight, gsize n)
{
  gsize n_blocks = 0;
  for (gsize i = 0; i < n;)
    {
      Block block = { 0, 0, 0 };
      gsize first = i;
      for (; i < n && x[i] == x[first]; i++)
        {
          double w = weight != NULL ? weight[i] : 1;
          block.x += w * x[i];
          block.y += w * y[i];
          block.weight += w;
        }
      if (block.weight <= 0)
        continue;
      blocks[n_blocks++] = block;
      for (; n_blocks > 1 && violates (&blocks[n_blocks - 2], &blocks[n_blocks - 1]); n_blocks--)
        pool (&blocks[n_blocks - 2], &blocks[n_blocks - 1]);
    }
  return n_blocks;
}

void
vai_isotonic_fit (VaiIsotonic *self, const double *x, const double *y, const double *weight, gsize n)
{
  g_autofree Block *blocks = g_new (Block, MAX (n, 1));
  self->n = pool_violators (blocks, x, y, weight, n);
  self->x = g_new (double, MAX (self->n, 1));
  self->y = g_new (double, MAX (self->n, 1));
  for (guint i = 0; i < self->n; i++)
    {
      double half = 0.5 / (blocks[i].weight + 1);
      self->x[i] = blocks[i].x / blocks[i].weight;
      self->y[i] = CLAMP (blocks[i].y / blocks[i].weight, half, 1 - half);
    }
  /* Only the first block can be all lost and only the last all won, and half a row of a small one may overtake its
   * neighbour; the last digit of a mean may too. */
  if (self->n > 1)
    self->y[0] = MIN (self->y[0], self->y[1]);
  for (guint i = 1; i < self->n; i++)
    self->y[i] = MAX (self->y[i], self->y[i - 1]);
}

void
vai_isotonic_project (double *y, const double *weight, gsize n)
{
  g_autofree Block *blocks = g_new (Block, MAX (n, 1));
  gsize n_blocks = 0, at = 0;
  for (gsize i = 0; i < n; i++)
    {
      /* x counts the values of a block. */
      blocks[n_blocks++] = (Block){ 1, weight[i] * y[i], weight[i] };
      for (; n_blocks > 1 && violates (&blocks[n_blocks - 2], &blocks[n_blocks - 1]); n_blocks--)
        pool (&blocks[n_blocks - 2], &blocks[n_blocks - 1]);
    }
  for (gsize b = 0; b < n_blocks; b++)
    for (double left = blocks[b].x; left > 0; left--)
      y[at++] = blocks[b].y / blocks[b].weight;
}

void
vai_isotonic_clear (VaiIsotonic *self)
{
  g_clear_pointer (&self->x, g_free);
  g_clear_pointer (&self->y, g_free);
  self->n = 0;
}

/* Between knots @i and @i + 1. */
static inline double
between (const VaiIsotonic *self, guint i, double x)
{
  double share = (x - self->x[i]) / (self->x[i + 1] - self->x[i]);
  return self->y[i] + (self->y[i + 1] - self->y[i]) * share;
}

double
vai_isotonic_apply (const VaiIsotonic *self, double x)
{
  g_return_val_if_fail (self->n > 0, 0.5);
  if (!(x > self->x[0]))
    return self->y[0];
  if (x >= self->x[self->n - 1])
    return self->y[self->n - 1];
  guint low = 0, high = self->n - 1;
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;
      if (self->x[middle] <= x)
        low = middle;
      else
        high = middle;
    }
  return between (self, low, x);
}

void
vai_isotonic_apply_sorted (const VaiIsotonic *self, const double *x, gsize n, double *y)
{
  g_return_if_fail (self->n > 0);
  guint knot = 0;
  for (gsize i = 0; i < n; i++)
    {
      while (knot + 1 < self->n && self->x[knot + 1] <= x[i])
        knot++;
      if (knot + 1 >= self->n || x[i] <= self->x[0])
        y[i] = self->y[knot];
      else
        y[i] = between (self, knot, x[i]);
    }
}
