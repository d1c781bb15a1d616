#include "vai-random.h"
#include "vai-scale.h"

#include <math.h>

/* Whatever the ends: 3 to 5 lines, evenly apart, on round values, holding the data. */
static void
test_round (void)
{
  VaiRandom random;
  vai_random_init (&random, 3, 0);
  for (guint i = 0; i < 20000; i++)
    {
      double low = (vai_random_uniform (&random) - 0.5) * pow (10, (int) vai_random_below (&random, 24) - 12);
      double high = low + vai_random_uniform (&random) * pow (10, (int) vai_random_below (&random, 24) - 12);
      VaiScale scale = { low, high };
      double ticks[VAI_TICKS_MAX];
      guint n = vai_scale_round (&scale, ticks);
      double step = ticks[1] - ticks[0], slack = 1e-5 * step, power = pow (10, floor (log10 (step) + 1e-6));
      g_assert_cmpuint (n, >=, 3);
      g_assert_cmpuint (n, <=, VAI_TICKS_MAX);
      g_assert_cmpfloat (scale.min, <=, low + slack);
      g_assert_cmpfloat (scale.max, >=, high - slack);
      double digit = step / power;
      g_assert_true (fabs (digit - 1) < 1e-3 || fabs (digit - 2) < 1e-3 || fabs (digit - 2.5) < 1e-3
                     || fabs (digit - 5) < 1e-3);
    }
}

static void
test_degenerate (void)
{
  const double ends[][2] = { { 0, 0 },           { 5, 5 },         { NAN, NAN },           { -INFINITY, INFINITY },
                             { 3, NAN },         { NAN, 3 },       { 1e308, 1e308 },       { -1e308, 1e308 },
                             { 5e-324, 1e-323 }, { 1, 1 + 1e-15 }, { INFINITY, -INFINITY } };
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      VaiScale scale = { ends[i][0], ends[i][1] };
      double ticks[VAI_TICKS_MAX];
      guint n = vai_scale_round (&scale, ticks);
      g_assert_cmpuint (n, >=, 2);
      g_assert_cmpuint (n, <=, VAI_TICKS_MAX);
      g_assert_true (isfinite (scale.min) && isfinite (scale.max) && scale.max > scale.min);
    }
  VaiScale point = { 2, 2 };
  g_assert_cmpfloat (vai_scale_map (&point, 2), ==, 0.5);
  VaiScale unit = { 0, 4 };
  g_assert_cmpfloat (vai_scale_map (&unit, NAN), ==, 0.5);
  g_assert_cmpfloat (vai_scale_map (&unit, 1), ==, 0.25);
}

static void
test_stride (void)
{
  VaiRandom random;
  vai_random_init (&random, 4, 0);
  for (guint i = 0; i < 2000; i++)
    {
      double positions[30], widths[30];
      guint n = 1 + vai_random_below (&random, 30);
      for (guint k = 0; k < n; k++)
        {
          positions[k] = k * 20 + vai_random_uniform (&random);
          widths[k] = 100 * vai_random_uniform (&random);
        }
      guint stride = vai_scale_stride (positions, widths, n, 4);
      g_assert_cmpuint (stride, >=, 1);
      for (guint k = stride; k < n; k += stride)
        g_assert_cmpfloat (positions[k] - widths[k] / 2 - positions[k - stride] - widths[k - stride] / 2, >=, 4);
    }
}

static void
test_decimals (void)
{
  const double quarter[] = { 0, 0.25, 0.5 }, whole[] = { 0, 20 }, tenth[] = { 0.1, 0.2 };
  g_assert_cmpuint (vai_scale_decimals (quarter, 3), ==, 2);
  g_assert_cmpuint (vai_scale_decimals (whole, 2), ==, 0);
  g_assert_cmpuint (vai_scale_decimals (tenth, 2), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scale/round", test_round);
  g_test_add_func ("/scale/degenerate", test_degenerate);
  g_test_add_func ("/scale/stride", test_stride);
  g_test_add_func ("/scale/decimals", test_decimals);
  return g_test_run ();
}
