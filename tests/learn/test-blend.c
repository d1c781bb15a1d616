#include "vai-blend.h"
#include "vai-random.h"

#include "truth.h"

#include <math.h>

#define N_CASES 12

typedef struct
{
  gsize n;
  guint k;
  double shrink;
  guint8 *won;
  double *margins;
} Case;

static void
case_clear (Case *self)
{
  g_free (self->won);
  g_free (self->margins);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Case, case_clear)

/* Members see the truth through noise of their own; one is useless, one is nearly a copy, one points the wrong way. */
static void
case_make (Case *self, guint index)
{
  static const gsize sizes[] = { 80, 500, 2000 };
  VaiRandom random;
  vai_random_init (&random, 6, index);
  self->n = sizes[index % 3];
  self->k = 1 + index % 5;
  self->shrink = index % 2 == 0 ? 0 : 5;
  self->won = g_new (guint8, self->n);
  self->margins = g_new (double, self->n * self->k);
  for (gsize i = 0; i < self->n; i++)
    {
      double truth = vai_random_normal (&random) * 1.5 - 0.5;
      self->won[i] = vai_random_uniform (&random) < 1 / (1 + exp (-truth));
      double *row = self->margins + i * self->k;
      for (guint j = 0; j < self->k; j++)
        row[j] = truth + vai_random_normal (&random) * (0.5 + j);
      if (self->k > 2)
        row[2] = -truth + vai_random_normal (&random);
      if (self->k > 3)
        row[3] = row[0] + vai_random_normal (&random) * 0.01;
    }
}

static double
loss (const Case *data, const double *weights, double intercept)
{
  double sum = 0;
  for (gsize i = 0; i < data->n; i++)
    {
      double m = intercept;
      for (guint j = 0; j < data->k; j++)
        m += weights[j] * data->margins[i * data->k + j];
      sum += (m > 0 ? m : 0) + log1p (exp (-fabs (m))) - data->won[i] * m;
    }
  for (guint j = 0; j < data->k; j++)
    sum += data->shrink / 2 * (weights[j] - 1.0 / data->k) * (weights[j] - 1.0 / data->k);
  return sum;
}

/* The loss is scipy's bounded minimum, and so are the weights wherever the minimum is sharp. */
static void
test_scipy (void)
{
  g_autoptr (GArray) input = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint c = 0; c < N_CASES; c++)
    {
      g_auto (Case) data = { 0 };
      case_make (&data, c);
      truth_add (input, data.n);
      truth_add (input, data.k);
      truth_add (input, data.shrink);
      for (gsize i = 0; i < data.n; i++)
        truth_add (input, data.won[i]);
      g_array_append_vals (input, data.margins, data.n * data.k);
    }
  g_autoptr (GArray) truth = truth_ask ("blend", input);
  guint at = 0;
  for (guint c = 0; c < N_CASES; c++)
    {
      g_auto (Case) data = { 0 };
      case_make (&data, c);
      double weights[8], intercept;
      vai_blend_fit (data.margins, data.won, data.n, data.k, data.shrink, weights, &intercept);
      double best = truth_get (truth, at++);
      g_assert_cmpfloat (loss (&data, weights, intercept), <=, best + 1e-6);
      for (guint j = 0; j < data.k; j++, at++)
        {
          g_assert_cmpfloat (weights[j], >=, 0);
          if (data.shrink > 0 || data.k < 4)
            g_assert_cmpfloat_with_epsilon (weights[j], truth_get (truth, at), 1e-3);
        }
      g_assert_cmpfloat_with_epsilon (intercept, truth_get (truth, at++), 1e-2);
    }
  g_assert_cmpuint (at, ==, truth->len);
}

/* A pull that outweighs the rows gives equal weights; equal members share without trouble; one class ends. */
static void
test_edges (void)
{
  g_auto (Case) data = { 0 };
  case_make (&data, 2);
  double weights[8], intercept;
  vai_blend_fit (data.margins, data.won, data.n, data.k, 1e9, weights, &intercept);
  for (guint j = 0; j < data.k; j++)
    g_assert_cmpfloat_with_epsilon (weights[j], 1.0 / data.k, 1e-4);
  for (gsize i = 0; i < data.n * data.k; i++)
    data.margins[i] = data.margins[i / data.k * data.k];
  vai_blend_fit (data.margins, data.won, data.n, data.k, 0, weights, &intercept);
  double sum = 0;
  for (guint j = 0; j < data.k; j++)
    sum += weights[j];
  g_assert_true (isfinite (sum) && sum > 0);
  for (gsize i = 0; i < data.n; i++)
    data.won[i] = 1;
  vai_blend_fit (data.margins, data.won, data.n, data.k, 1, weights, &intercept);
  g_assert_true (isfinite (intercept) && intercept > 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/blend/scipy", test_scipy);
  g_test_add_func ("/blend/edges", test_edges);
  return g_test_run ();
}
