#include "vai-order.h"

#include "vai-random.h"

#include <float.h>
#include <math.h>

#define N 500
#define ROUNDS 40

/* Few different values or many, of both signs and every size. */
static double
draw (VaiRandom *random, guint round)
{
  static const double special[] = { 0, -0.0, DBL_MAX, -DBL_MAX, DBL_MIN / 4, -DBL_MIN / 4, INFINITY, -INFINITY, 1, -1 };
  if (round % 4 == 0)
    return special[vai_random_below (random, G_N_ELEMENTS (special))];
  if (round % 4 == 1)
    return vai_random_below (random, 5);
  double x = vai_random_normal (random);
  return round % 4 == 2 ? x : ldexp (x, (int) vai_random_below (random, 2000) - 1000);
}

/* One by one into the first place where it may stand. */
static void
insert_all (const double *values, const guint32 *order, gsize n, guint32 *sorted)
{
  for (gsize i = 0; i < n; i++)
    {
      gsize at = i;
      for (; at > 0 && values[sorted[at - 1]] > values[order[i]]; at--)
        sorted[at] = sorted[at - 1];
      sorted[at] = order[i];
    }
}

static void
test_insertion (void)
{
  VaiRandom random;
  vai_random_init (&random, 9, 0);
  for (guint round = 0; round < ROUNDS; round++)
    {
      double values[N], sorted[N];
      guint32 order[N], truth[N];
      gsize n = round < 3 ? round : N;
      for (gsize i = 0; i < n; i++)
        {
          values[i] = sorted[i] = draw (&random, round);
          order[i] = i;
        }
      vai_random_shuffle (&random, order, n);
      insert_all (values, order, n, truth);
      vai_order_by (values, order, n);
      vai_sort_doubles (sorted, n);
      for (gsize i = 0; i < n; i++)
        {
          g_assert_cmpuint (order[i], ==, truth[i]);
          g_assert_cmpfloat (sorted[i], ==, values[truth[i]]);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/order/insertion", test_insertion);
  return g_test_run ();
}
