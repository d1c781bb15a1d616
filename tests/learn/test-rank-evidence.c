#include "vai-rank-evidence.h"

#include "vai-random.h"

#include <math.h>

#define N 60
#define N_WON 25
#define SHUFFLES 4000

typedef struct
{
  guint8 won[2 * N];
  double margins[2 * N];
  guint32 groups[2 * N];
} Rows;

static void
fill (Rows *rows, VaiRandom *random, double strength)
{
  for (guint i = 0; i < 2 * N; i++)
    {
      rows->won[i] = i % N < N_WON;
      rows->groups[i] = i % N;
      rows->margins[i] = i < N ? vai_random_normal (random) + strength * rows->won[i] : rows->margins[i - N];
    }
}

static double
z_of (const Rows *rows, gsize n)
{
  VaiRankEvidence evidence = { 0 };
  vai_rank_evidence_add (&evidence, rows->won, rows->margins, rows->groups, n, N);
  return vai_rank_evidence_z (&evidence);
}

/* Without a signal it is a standard normal: over outcomes dealt at random, mean 0 and deviation 1, one in twenty above
 * 1.645. */
static void
test_noise (void)
{
  VaiRandom random;
  vai_random_init (&random, 5, 0);
  double sum = 0, squares = 0;
  guint passed = 0;
  for (guint i = 0; i < SHUFFLES; i++)
    {
      Rows rows;
      fill (&rows, &random, 0);
      double z = z_of (&rows, N);
      sum += z;
      squares += z * z;
      passed += z >= 1.645;
    }
  g_assert_cmpfloat (fabs (sum / SHUFFLES), <, 0.06);
  g_assert_cmpfloat (fabs (squares / SHUFFLES - 1), <, 0.08);
  g_assert_cmpfloat (fabs (passed / (double) SHUFFLES - 0.05), <, 0.012);
}

/* Pairs counted one by one, and the variance of Wilcoxon's statistic. */
static void
test_pairs (void)
{
  VaiRandom random;
  Rows rows;
  vai_random_init (&random, 6, 0);
  fill (&rows, &random, 1);
  double better = 0;
  for (guint i = 0; i < N; i++)
    for (guint j = 0; j < N; j++)
      if (rows.won[i] && !rows.won[j])
        better += rows.margins[i] > rows.margins[j];
  double pairs = N_WON * (N - N_WON);
  g_assert_cmpfloat_with_epsilon (z_of (&rows, N), (better - pairs / 2) / sqrt (pairs * (N + 1) / 12.0), 1e-9);
}

/* The same quotes twice are no more evidence. */
static void
test_groups (void)
{
  VaiRandom random;
  Rows rows;
  vai_random_init (&random, 7, 0);
  fill (&rows, &random, 0.5);
  g_assert_cmpfloat (fabs (z_of (&rows, 2 * N) / z_of (&rows, N) - 1), <, 0.02);
}

static void
test_blocks (void)
{
  VaiRandom random;
  Rows rows;
  VaiRankEvidence evidence = { 0 };
  vai_random_init (&random, 8, 0);
  fill (&rows, &random, 0.5);
  g_assert_true (isnan (vai_rank_evidence_z (&evidence)));
  /* Won rows only: says nothing. */
  vai_rank_evidence_add (&evidence, rows.won, rows.margins, rows.groups, N_WON, N);
  g_assert_true (isnan (vai_rank_evidence_z (&evidence)));
  for (guint i = 0; i < 4; i++)
    vai_rank_evidence_add (&evidence, rows.won, rows.margins, rows.groups, N, N);
  g_assert_cmpfloat_with_epsilon (vai_rank_evidence_z (&evidence), 2 * z_of (&rows, N), 1e-9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rank-evidence/noise", test_noise);
  g_test_add_func ("/rank-evidence/pairs", test_pairs);
  g_test_add_func ("/rank-evidence/groups", test_groups);
  g_test_add_func ("/rank-evidence/blocks", test_blocks);
  return g_test_run ();
}
