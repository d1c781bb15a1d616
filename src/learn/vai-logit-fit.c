#include "vai-logit-fit.h"

#include <math.h>
#include <string.h>

#define ROUNDS_MAX 200  /* Newton needs about ten; more only where classes are nearly separated */
#define HALVINGS_MAX 60 /* a step under 2^-60 changes no digit */
#define TOLERANCE 1e-10 /* of the gradient, per row */
#define LAST_GAIN                                                                                                      \
  1e-13              /* of the loss: a step that promises less is taken on trust, as rounding hides what it gains      \
                      */
#define JITTER 1e-12 /* share of the diagonal: keeps the Hessian of equal columns solvable */
#define ENTRIES_MAX (VAI_LOGIT_FIT_COLUMNS_MAX + 1)

/* State of one fit; the intercept is entry k of each vector. */
typedef struct
{
  const VaiLogitFit *problem;
  guint size; /* k + 1 */
  double gradient[ENTRIES_MAX];
  double hessian[ENTRIES_MAX * ENTRIES_MAX];
} Newton;

static inline double
margin_of (const VaiLogitFit *p, gsize row, const double *beta)
{
  const double *x = p->x + row * p->k;
  double margin = beta[p->k];
  for (guint j = 0; j < p->k; j++)
    margin += beta[j] * x[j];
  return margin;
}

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

static double
loss_at (const VaiLogitFit *p, const double *beta)
{
  double loss = penalty (p, beta);
  for (gsize i = 0; i < p->n; i++)
    {
      double w = p->weight != NULL ? p->weight[i] : 1;
      if (w == 0)
        continue;
      double m = margin_of (p, i, beta);
      /* log (1 + e^m) - target m, without overflow. */
      loss += w * (MAX (m, 0) + log1p (exp (-fabs (m))) - p->target[i] * m);
    }
  return loss;
}

/* Gradient and Hessian. */
static void
derive (Newton *self, const double *beta)
{
  const VaiLogitFit *p = self->problem;
  guint k = p->k, size = self->size;
  memset (self->gradient, 0, sizeof (double) * size);
  memset (self->hessian, 0, sizeof (double) * size * size);
  for (gsize i = 0; i < p->n; i++)
    {
      double w = p->weight != NULL ? p->weight[i] : 1;
      if (w == 0)
        continue;
      const double *x = p->x + i * k;
      double m = margin_of (p, i, beta);
      double e = exp (-fabs (m));
      double s = m >= 0 ? 1 / (1 + e) : e / (1 + e);
      double g = w * (s - p->target[i]), h = w * s * (1 - s);
      for (guint j = 0; j <= k; j++)
        {
          double xj = j < k ? x[j] : 1;
          self->gradient[j] += g * xj;
          for (guint l = 0; l <= j; l++)
            self->hessian[j * size + l] += h * xj * (l < k ? x[l] : 1);
        }
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

/* Moves @beta along -@step, cut at 0, by the longest halving that lowers @loss, and that with it; FALSE when none does.
 */
static gboolean
descend (const Newton *self, const double *step, double *loss, double *beta)
{
  double trial[ENTRIES_MAX];
  double length = 1;
  for (guint i = 0; i < HALVINGS_MAX; i++, length /= 2)
    {
      move (self, beta, step, length, trial);
      double reached = loss_at (self->problem, trial);
      if (reached < *loss)
        {
          *loss = reached;
          memcpy (beta, trial, sizeof (double) * self->size);
          return TRUE;
        }
    }
  return FALSE;
}

void
vai_logit_fit (const VaiLogitFit *problem, double *coefficients, double *intercept)
{
  g_return_if_fail (problem->k <= VAI_LOGIT_FIT_COLUMNS_MAX);
  g_autofree Newton *self = g_new0 (Newton, 1);
  self->problem = problem;
  self->size = problem->k + 1;
  double beta[ENTRIES_MAX], step[ENTRIES_MAX];
  gboolean fixed[ENTRIES_MAX];
  for (guint j = 0; j < problem->k; j++)
    beta[j] = MAX (coefficients[j], 0);
  beta[problem->k] = *intercept;
  double tolerance = TOLERANCE * MAX (problem->n, 1);
  double loss = loss_at (problem, beta);

  for (guint round = 0; round < ROUNDS_MAX; round++)
    {
      derive (self, beta);
      if (mark_fixed (self, beta, fixed) <= tolerance)
        break;
      solve (self, fixed, step);
      double gain = 0;
      for (guint j = 0; j < self->size; j++)
        gain += self->gradient[j] * step[j] / 2;
      if (gain <= LAST_GAIN * (1 + loss))
        {
          move (self, beta, step, 1, beta);
          break;
        }
      if (!descend (self, step, &loss, beta))
        break;
    }
  memcpy (coefficients, beta, sizeof (double) * problem->k);
  *intercept = beta[problem->k];
}
