#include "vai-logit-fit.h"

#include "vai-wide.h"

#include <math.h>
#include <string.h>

#define ROUNDS_MAX 200  /* Newton needs about ten; more only where classes are nearly separated */
#define HALVINGS_MAX 60 /* a step under 2^-60 changes no digit */
#define TOLERANCE 1e-10 /* of the gradient, per row */
#define LAST_GAIN                                                                                                      \
  1e-13              /* of the loss: a step that promises less is taken on trust, as rounding hides what it gains      \
                      */
#define JITTER 1e-12 /* share of the diagonal: keeps the Hessian of equal columns solvable */
#define EXPONENT_MAX 700.0 /* e to the minus of it is still an ordinary number */
#define ENTRIES_MAX (VAI_LOGIT_FIT_COLUMNS_MAX + 1)

/* Rows that are worked out together, and how many of them at a time. */
#define BLOCK 128
#define LANES 4
#define COLUMN (BLOCK / LANES)

/* Columns of a beta calibrator, the most that loops are unrolled for. */
#define FEW 2

/* Rows are worked out two lanes at a time, and summed up lane by lane. */
typedef double Lanes __attribute__ ((vector_size (LANES * sizeof (double))));
typedef double Pairs __attribute__ ((vector_size (2 * LANES * sizeof (double))));
typedef gint64 Masks __attribute__ ((vector_size (2 * LANES * sizeof (gint64))));

/* Rows of a block, column after column, each filled up to whole lanes with rows of weight 0. */
typedef struct
{
  guint n_lanes;
  const Lanes *x, *target, *weight; /* COLUMN of each column */
} Block;

/* State of one fit; the intercept is entry k of each vector. */
typedef struct
{
  const VaiLogitFit *problem;
  guint size; /* k + 1 */
  double loss;
  double gradient[ENTRIES_MAX];
  double hessian[ENTRIES_MAX * ENTRIES_MAX];
  Lanes *blocks; /* of each block its columns, the target and the weight */
  Lanes *sums;   /* of the Hessian: size × size */
} Newton;

static double
penalty (const VaiLogitFit *p, const double *beta)
{
  double sum = 0;
  for (guint j = 0; j < p->k; j++)
    {
      double off = beta[j] - (p->centre != NULL ? p->centre[j] : 0);
      sum += off * off;
    }
  return p->ridge * sum / 2;
}

static Block
block_at (const Newton *self, gsize index)
{
  const VaiLogitFit *p = self->problem;
  const Lanes *x = self->blocks + index * (p->k + 2) * COLUMN;
  gsize n = MIN (BLOCK, p->n - index * BLOCK);
  return (Block){ (n + LANES - 1) / LANES, x, x + p->k * COLUMN, x + (p->k + 1) * COLUMN };
}

/* Turns rows into blocks, once for all rounds. */
static void
fill_blocks (Newton *self)
{
  const VaiLogitFit *p = self->problem;
  for (gsize from = 0; from < p->n; from += BLOCK)
    {
      double *x = (double *) (self->blocks + from / BLOCK * (p->k + 2) * COLUMN);
      double *target = x + p->k * BLOCK, *weight = target + BLOCK;
      for (gsize i = 0, row = from; i < BLOCK; i++, row++)
        {
          gboolean filled = row < p->n;
          target[i] = filled ? p->target[row] : 0;
          weight[i] = !filled ? 0 : p->weight != NULL ? p->weight[row] : 1;
          for (guint j = 0; j < p->k; j++)
            x[j * BLOCK + i] = filled ? p->x[row * p->k + j] : 0;
        }
    }
}

/* exp (-|m|), to a unit in the last place or two: 2 to the whole part of the exponent, and a series for the rest. */
static inline void
decay (const Pairs *m, Pairs *result)
{
  const double shift = 0x1.8p52;
  Pairs x = (Pairs) ((Masks) *m | G_MININT64);
  Masks under = x < -EXPONENT_MAX;
  x = (Pairs) ((under & (Masks) (x * 0 - EXPONENT_MAX)) | (~under & (Masks) x));
  Pairs shifted = x * 0x1.71547652b82fep0 + shift;
  Pairs whole = shifted - shift;
  Pairs r = (x - whole * 0x1.62e42fee00000p-1) - whole * 0x1.a39ef35793c76p-33;
  Pairs sum = r * (1.0 / 6227020800) + 1.0 / 479001600;
  sum = sum * r + 1.0 / 39916800;
  sum = sum * r + 1.0 / 3628800;
  sum = sum * r + 1.0 / 362880;
  sum = sum * r + 1.0 / 40320;
  sum = sum * r + 1.0 / 5040;
  sum = sum * r + 1.0 / 720;
  sum = sum * r + 1.0 / 120;
  sum = sum * r + 1.0 / 24;
  sum = sum * r + 1.0 / 6;
  sum = sum * r + 0.5;
  sum = sum * (r * r) + r + 1;
  *result = (Pairs) ((Masks) sum + ((Masks) shifted << 52));
}

/* log (1 + e) for e of 0..1: half of it as an inverse hyperbolic tangent, below the root of 2. */
static inline void
log_of_more (const Pairs *e, Pairs *result)
{
  Masks large = *e > G_SQRT2 - 1;
  /* (1 + e) / 2 is what the series takes for large ones: (m - 1) / (m + 1) of it is (e - 1) / (e + 3). */
  Pairs above = *e - (Pairs) (large & (Masks) (*e * 0 + 1));
  Pairs below = *e + 2 + (Pairs) (large & (Masks) (*e * 0 + 1));
  Pairs t = above / below, u = t * t;
  Pairs sum = u * (2.0 / 21) + 2.0 / 19;
  sum = sum * u + 2.0 / 17;
  sum = sum * u + 2.0 / 15;
  sum = sum * u + 2.0 / 13;
  sum = sum * u + 2.0 / 11;
  sum = sum * u + 2.0 / 9;
  sum = sum * u + 2.0 / 7;
  sum = sum * u + 2.0 / 5;
  sum = sum * u + 2.0 / 3;
  *result = sum * u * t + 2 * t + (Pairs) (large & (Masks) (*e * 0 + G_LN2));
}

static inline __attribute__ ((always_inline)) void
add_pair (Lanes *sum, const Pairs *pair)
{
  Lanes lanes[2];
  memcpy (lanes, pair, sizeof lanes);
  *sum += lanes[0];
  *sum += lanes[1];
}

static inline __attribute__ ((always_inline)) void
load_pair (const Lanes *at, Pairs *pair)
{
  memcpy (pair, at, sizeof *pair);
}

/* Loss, gradient and lower half of the Hessian of a block, without the penalty. */
static inline __attribute__ ((always_inline)) void
derive_lanes (const Block *self, guint k, const double *beta, Lanes *loss, Lanes *gradient, Lanes *hessian)
{
  for (guint i = 0; i < self->n_lanes; i += 2)
    {
      Pairs m = { 0 }, x[VAI_LOGIT_FIT_COLUMNS_MAX], y, w, e, log_part;
      load_pair (self->target + i, &y);
      load_pair (self->weight + i, &w);
      for (guint j = 0; j < k; j++)
        {
          load_pair (self->x + j * COLUMN + i, &x[j]);
          m += beta[j] * x[j];
        }
      m += beta[k];
      decay (&m, &e);
      log_of_more (&e, &log_part);
      Masks positive = m >= 0;
      Pairs part = 1.0 / (1.0 + e);
      Pairs s = (Pairs) ((positive & (Masks) part) | (~positive & (Masks) (e * part)));
      /* log (1 + e^m) - target m, without overflow. */
      Pairs lost = w * ((Pairs) (positive & (Masks) m) + log_part - y * m);
      Pairs g = w * (s - y), h = w * (e * part * part);
      add_pair (loss, &lost);
      for (guint j = 0; j < k; j++)
        {
          Pairs hx = h * x[j], term = g * x[j];
          add_pair (&gradient[j], &term);
          for (guint l = 0; l <= j; l++)
            {
              term = hx * x[l];
              add_pair (&hessian[j * (k + 1) + l], &term);
            }
          add_pair (&hessian[k * (k + 1) + j], &hx);
        }
      add_pair (&gradient[k], &g);
      add_pair (&hessian[k * (k + 1) + k], &h);
    }
}

/* A number of columns that the compiler knows, as calibrators have: the sums stay in registers. */
static inline __attribute__ ((always_inline)) void
derive_few (const Block *self, guint k, const double *beta, Lanes *loss, Lanes *gradient, Lanes *hessian)
{
  const guint size = k + 1;
  Lanes loss_sum = *loss, g[FEW + 1], h[(FEW + 1) * (FEW + 1)];
  memcpy (g, gradient, size * sizeof *g);
  memcpy (h, hessian, size * size * sizeof *h);
  derive_lanes (self, k, beta, &loss_sum, g, h);
  *loss = loss_sum;
  memcpy (gradient, g, size * sizeof *g);
  memcpy (hessian, h, size * size * sizeof *h);
}

static VAI_WIDE void
block_derive (const Block *self, guint k, const double *beta, Lanes *loss, Lanes *gradient, Lanes *hessian)
{
  if (k == 1)
    derive_few (self, 1, beta, loss, gradient, hessian);
  else if (k == FEW)
    derive_few (self, FEW, beta, loss, gradient, hessian);
  else
    derive_lanes (self, k, beta, loss, gradient, hessian);
}

static double
sum_of (const Lanes *lanes)
{
  return ((*lanes)[0] + (*lanes)[1]) + ((*lanes)[2] + (*lanes)[3]);
}

/* Loss, gradient and Hessian. */
static void
derive (Newton *self, const double *beta)
{
  const VaiLogitFit *p = self->problem;
  guint k = p->k, size = self->size;
  Lanes loss = { 0 }, gradient[ENTRIES_MAX] = { 0 };
  memset (self->sums, 0, sizeof (Lanes) * size * size);
  for (gsize i = 0; i * BLOCK < p->n; i++)
    {
      Block block = block_at (self, i);
      block_derive (&block, k, beta, &loss, gradient, self->sums);
    }
  self->loss = penalty (p, beta) + sum_of (&loss);
  for (guint j = 0; j < size; j++)
    {
      self->gradient[j] = sum_of (&gradient[j]);
      for (guint l = 0; l <= j; l++)
        self->hessian[j * size + l] = sum_of (&self->sums[j * size + l]);
    }
  for (guint j = 0; j < k; j++)
    {
      self->gradient[j] += p->ridge * (beta[j] - (p->centre != NULL ? p->centre[j] : 0));
      self->hessian[j * size + j] += p->ridge;
    }
}

/* Solves H step = gradient on the free entries by Cholesky; the others get 0. */
static void
solve (Newton *self, const gboolean *fixed, double *step)
{
  guint size = self->size, free_of[ENTRIES_MAX], n = 0;
  double l[ENTRIES_MAX * ENTRIES_MAX], y[ENTRIES_MAX];
  for (guint j = 0; j < size; j++)
    {
      step[j] = 0;
      if (!fixed[j])
        free_of[n++] = j;
    }
  for (guint i = 0; i < n; i++)
    {
      for (guint j = 0; j <= i; j++)
        {
          double sum = self->hessian[free_of[i] * size + free_of[j]];
          if (i == j)
            sum += JITTER * (1 + sum);
          for (guint a = 0; a < j; a++)
            sum -= l[i * n + a] * l[j * n + a];
          l[i * n + j] = i == j ? sqrt (MAX (sum, JITTER)) : sum / l[j * n + j];
        }
      y[i] = self->gradient[free_of[i]];
      for (guint a = 0; a < i; a++)
        y[i] -= l[i * n + a] * y[a];
      y[i] /= l[i * n + i];
    }
  for (guint i = n; i-- > 0;)
    {
      double value = y[i];
      for (guint a = i + 1; a < n; a++)
        value -= l[a * n + i] * step[free_of[a]];
      step[free_of[i]] = value / l[i * n + i];
    }
}

/* Entries at their bound whose gradient would push them below it stay there; gives the largest gradient of the others.
 */
static double
mark_fixed (const Newton *self, const double *beta, gboolean *fixed)
{
  double largest = 0;
  for (guint j = 0; j < self->size; j++)
    {
      fixed[j] = j + 1 < self->size && beta[j] <= 0 && self->gradient[j] > 0;
      if (!fixed[j])
        largest = MAX (largest, fabs (self->gradient[j]));
    }
  return largest;
}

static void
move (const Newton *self, const double *beta, const double *step, double length, double *moved)
{
  for (guint j = 0; j < self->size; j++)
    {
      moved[j] = beta[j] - length * step[j];
      if (j + 1 < self->size)
        moved[j] = MAX (moved[j], 0);
    }
}

/* Moves @beta along -@step, cut at 0, by the longest halving that lowers the loss, and derives there; FALSE when none
 * does. */
static gboolean
descend (Newton *self, const double *step, double *beta)
{
  double trial[ENTRIES_MAX], loss = self->loss;
  double length = 1;
  for (guint i = 0; i < HALVINGS_MAX; i++, length /= 2)
    {
      move (self, beta, step, length, trial);
      derive (self, trial);
      if (self->loss < loss)
        {
          memcpy (beta, trial, sizeof (double) * self->size);
          return TRUE;
        }
    }
  return FALSE;
}

static Newton *
newton_new (const VaiLogitFit *problem)
{
  Newton *self = g_aligned_alloc (1, sizeof (Newton), sizeof (Lanes));
  self->problem = problem;
  self->size = problem->k + 1;
  gsize n_blocks = (problem->n + BLOCK - 1) / BLOCK;
  self->blocks = g_aligned_alloc (n_blocks * COLUMN, sizeof (Lanes) * (problem->k + 2), sizeof (Lanes));
  fill_blocks (self);
  self->sums = g_aligned_alloc (self->size * self->size, sizeof (Lanes), sizeof (Lanes));
  return self;
}

static void
newton_free (Newton *self)
{
  g_aligned_free (self->blocks);
  g_aligned_free (self->sums);
  g_aligned_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Newton, newton_free)

void
vai_logit_fit (const VaiLogitFit *problem, double *coefficients, double *intercept)
{
  g_return_if_fail (problem->k <= VAI_LOGIT_FIT_COLUMNS_MAX);
  g_autoptr (Newton) self = newton_new (problem);
  double beta[ENTRIES_MAX], step[ENTRIES_MAX];
  gboolean fixed[ENTRIES_MAX];
  for (guint j = 0; j < problem->k; j++)
    beta[j] = MAX (coefficients[j], 0);
  beta[problem->k] = *intercept;
  double tolerance = TOLERANCE * MAX (problem->n, 1);
  derive (self, beta);

  for (guint round = 0; round < ROUNDS_MAX; round++)
    {
      if (mark_fixed (self, beta, fixed) <= tolerance)
        break;
      solve (self, fixed, step);
      double gain = 0;
      for (guint j = 0; j < self->size; j++)
        gain += self->gradient[j] * step[j] / 2;
      if (gain <= LAST_GAIN * (1 + self->loss))
        {
          move (self, beta, step, 1, beta);
          break;
        }
      if (!descend (self, step, beta))
        break;
    }
  memcpy (coefficients, beta, sizeof (double) * problem->k);
  *intercept = beta[problem->k];
}
