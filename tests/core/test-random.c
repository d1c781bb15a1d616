#include "vai-random.h"

#include <math.h>
#include <string.h>

static void
test_reference (void)
{
  /* xoshiro256** from state 1, 2, 3, 4: the first values of the authors' own program. */
  VaiRandom random = { { 1, 2, 3, 4 } };
  g_assert_cmpuint (vai_random_next (&random), ==, 11520);
  g_assert_cmpuint (vai_random_next (&random), ==, 0);
  g_assert_cmpuint (vai_random_next (&random), ==, 1509978240);
  g_assert_cmpuint (vai_random_next (&random), ==, G_GUINT64_CONSTANT (1215971899390074240));
}

static void
test_streams (void)
{
  VaiRandom a, b, c;
  vai_random_init (&a, 7, 0);
  vai_random_init (&b, 7, 0);
  vai_random_init (&c, 7, 1);
  guint same = 0;
  for (guint i = 0; i < 100; i++)
    {
      guint64 value = vai_random_next (&a);
      g_assert_cmpuint (value, ==, vai_random_next (&b));
      same += value == vai_random_next (&c);
    }
  g_assert_cmpuint (same, ==, 0);
}

static void
test_moments (void)
{
  VaiRandom random;
  vai_random_init (&random, 1, 0);
  double uniform = 0, normal = 0, squares = 0;
  guint counts[7] = { 0 };
  const guint n = 200000;
  for (guint i = 0; i < n; i++)
    {
      uniform += vai_random_uniform (&random) / n;
      double z = vai_random_normal (&random);
      normal += z / n;
      squares += z * z / n;
      counts[vai_random_below (&random, 7)]++;
    }
  g_assert_cmpfloat_with_epsilon (uniform, 0.5, 0.005);
  g_assert_cmpfloat_with_epsilon (normal, 0, 0.015);
  g_assert_cmpfloat_with_epsilon (squares, 1, 0.02);
  for (guint i = 0; i < 7; i++)
    g_assert_cmpfloat_with_epsilon (counts[i] / (double) n, 1 / 7.0, 0.005);
}

static void
test_shuffle (void)
{
  VaiRandom random;
  vai_random_init (&random, 3, 0);
  guint32 values[50];
  for (guint i = 0; i < 50; i++)
    values[i] = i;
  vai_random_shuffle (&random, values, 50);
  guint moved = 0;
  guint64 seen = 0;
  for (guint i = 0; i < 50; i++)
    {
      seen |= G_GUINT64_CONSTANT (1) << values[i];
      moved += values[i] != i;
    }
  g_assert_cmpuint (seen, ==, (G_GUINT64_CONSTANT (1) << 50) - 1);
  g_assert_cmpuint (moved, >, 30);
}

/* Every order of three is as likely as any other. */
static void
test_shuffle_is_fair (void)
{
  VaiRandom random;
  vai_random_init (&random, 4, 0);
  const guint n = 60000;
  guint counts[27] = { 0 }, n_orders = 0;
  for (guint i = 0; i < n; i++)
    {
      guint32 values[3] = { 0, 1, 2 };
      vai_random_shuffle (&random, values, 3);
      counts[values[0] * 9 + values[1] * 3 + values[2]]++;
    }
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    if (counts[i] > 0)
      {
        n_orders++;
        g_assert_cmpfloat_with_epsilon (counts[i] / (double) n, 1 / 6.0, 0.01);
      }
  g_assert_cmpuint (n_orders, ==, 6);
}

/* With a bound of 3 · 2^30 one value in three would be drawn twice as often without the rejection. */
static void
test_below_large_bound (void)
{
  VaiRandom random;
  vai_random_init (&random, 5, 0);
  const guint n = 60000;
  guint counts[3] = { 0 };
  for (guint i = 0; i < n; i++)
    {
      guint32 value = vai_random_below (&random, 3u << 30);
      g_assert_cmpuint (value, <, 3u << 30);
      counts[value % 3]++;
    }
  for (guint i = 0; i < 3; i++)
    g_assert_cmpfloat_with_epsilon (counts[i] / (double) n, 1 / 3.0, 0.01);
}

/* Each lane counts what its stream would give alone, and each stream goes on behind it; with this bound some ten
 * numbers of a lane are thrown away. */
static void
test_lanes (void)
{
  const guint32 bound = (1 << 20) + 1;
  const gsize n = 40000;
  g_autofree guint32 *counts = g_new0 (guint32, (gsize) bound * VAI_RANDOM_LANES);
  VaiRandom streams[VAI_RANDOM_LANES], alone[VAI_RANDOM_LANES], beyond[VAI_RANDOM_LANES];
  for (guint lane = 0; lane < VAI_RANDOM_LANES; lane++)
    vai_random_init (&streams[lane], 6, lane);
  memcpy (alone, streams, sizeof alone);
  memcpy (beyond, streams, sizeof beyond);
  vai_random_tally_lanes (streams, bound, n, counts);
  for (guint lane = 0; lane < VAI_RANDOM_LANES; lane++)
    {
      for (gsize i = 0; i < n; i++)
        {
          counts[(gsize) vai_random_below (&alone[lane], bound) * VAI_RANDOM_LANES + lane]--;
          vai_random_next (&beyond[lane]);
        }
      guint64 next = vai_random_next (&alone[lane]);
      g_assert_cmpuint (vai_random_next (&streams[lane]), ==, next);
      g_assert_cmpuint (vai_random_next (&beyond[lane]), !=, next);
    }
  for (gsize i = 0; i < (gsize) bound * VAI_RANDOM_LANES; i++)
    g_assert_cmpuint (counts[i], ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/random/reference", test_reference);
  g_test_add_func ("/random/streams", test_streams);
  g_test_add_func ("/random/moments", test_moments);
  g_test_add_func ("/random/shuffle", test_shuffle);
  g_test_add_func ("/random/shuffle-is-fair", test_shuffle_is_fair);
  g_test_add_func ("/random/below-large-bound", test_below_large_bound);
  g_test_add_func ("/random/lanes", test_lanes);
  return g_test_run ();
}
