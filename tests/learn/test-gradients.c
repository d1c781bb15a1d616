#include "vai-gradients.h"

#include "vai-random.h"

#include <math.h>

#define N 1000
#define STEP 0x1p-22
#define HESSIAN_MIN 0x1p-20

static void
check_row (double margin, double won, float gradient, float hessian)
{
  double p = 1 / (1 + exp (-margin));
  /* Half a step of the rounding, and the last digits of some floats. */
  g_assert_cmpfloat_with_epsilon (gradient, p - won, STEP);
  g_assert_cmpfloat_with_epsilon (hessian, fmax (p * (1 - p), HESSIAN_MIN), STEP);
  g_assert_cmpfloat (gradient / STEP, ==, nearbyint (gradient / STEP));
  g_assert_cmpfloat (hessian / STEP, ==, nearbyint (hessian / STEP));
  g_assert_cmpfloat (hessian, >=, HESSIAN_MIN);
}

/* Beside the formula, and a row among others as alone: at every place, with every number of rows left over. */
static void
test_formula (void)
{
  static const float special[] = { 0, -0.0f, 80, -80, 81, -81, 1e30f, -1e30f, INFINITY, -INFINITY, 1e-30f };
  VaiRandom random;
  vai_random_init (&random, 3, 0);
  float margins[N], won[N], gradients[N], hessians[N];
  for (gsize i = 0; i < N; i++)
    {
      gboolean is_special = i % 17 == 0;
      margins[i] = is_special ? special[i / 17 % G_N_ELEMENTS (special)] : 6 * vai_random_normal (&random);
      won[i] = vai_random_below (&random, 2);
    }
  for (gsize n = 0; n <= N; n += n < 20 ? 1 : 49)
    {
      gsize from = N - n;
      vai_gradients_fill (margins + from, 0, won + from, n, gradients, hessians);
      for (gsize i = 0; i < n; i++)
        {
          float gradient, hessian;
          check_row (margins[from + i], won[from + i], gradients[i], hessians[i]);
          vai_gradients_fill (NULL, margins[from + i], won + from + i, 1, &gradient, &hessian);
          g_assert_cmpfloat (gradients[i], ==, gradient);
          g_assert_cmpfloat (hessians[i], ==, hessian);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gradients/formula", test_formula);
  return g_test_run ();
}
