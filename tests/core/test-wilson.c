#include "vai-wilson.h"

/* Figures of scipy's binomtest (k, n).proportion_ci (method='wilson'). */
static void
test_interval (void)
{
  double low, high;
  vai_wilson (10, 50, &low, &high);
  g_assert_cmpfloat_with_epsilon (low, 0.1124375, 1e-6);
  g_assert_cmpfloat_with_epsilon (high, 0.3303711, 1e-6);
  vai_wilson (0, 20, &low, &high);
  g_assert_cmpfloat_with_epsilon (low, 0, 1e-12);
  g_assert_cmpfloat_with_epsilon (high, 0.1611252, 1e-6);
  vai_wilson (0, 0, &low, &high);
  g_assert_cmpfloat (high - low, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wilson/interval", test_interval);
  return g_test_run ();
}
