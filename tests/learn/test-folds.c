#include "vai-column.h"
#include "vai-folds.h"
#include "vai-random.h"

#include <string.h>

#define N 500

typedef struct
{
  guint32 rows[N], groups[N];
  guint8 won[N];
  gint64 opened[N], closed[N];
  guint n_groups;
} Data;

static void
make_data (Data *data, gsize n, double rate, guint group_size, guint64 seed)
{
  VaiRandom random;
  vai_random_init (&random, seed, 0);
  for (gsize i = 0; i < n; i++)
    {
      data->rows[i] = i;
      data->groups[i] = i / group_size;
      data->won[i] = vai_random_uniform (&random) < rate;
      data->opened[i] = 1000 + vai_random_below (&random, 100000);
      data->closed[i] = data->opened[i] + vai_random_below (&random, 20000);
    }
  data->n_groups = (n + group_size - 1) / group_size;
}

static void
count_classes (const Data *data, const guint32 *rows, gsize n, gsize count[2])
{
  count[0] = count[1] = 0;
  for (gsize i = 0; i < n; i++)
    count[data->won[rows[i]]]++;
}

static void
check_sides (const Data *data, const VaiSplit *split)
{
  g_autofree guint8 *tested = g_new0 (guint8, data->n_groups);
  for (gsize i = 0; i < split->n_test; i++)
    tested[data->groups[split->test[i]]] = 1;
  for (gsize i = 0; i < split->n_train; i++)
    g_assert_cmpuint (tested[data->groups[split->train[i]]], ==, 0);
}

static void
test_partition (void)
{
  const gsize sizes[] = { 60, 101, 333, 500 };
  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (guint group_size = 1; group_size <= 3; group_size++)
      {
        Data data;
        make_data (&data, sizes[s], 0.37, group_size, s);
        g_autoptr (GPtrArray) splits
            = vai_folds_cross_validation (data.rows, sizes[s], data.won, data.groups, data.n_groups, 5, 9);
        g_assert_cmpuint (splits->len, ==, 5);
        guint seen[N] = { 0 };
        for (guint f = 0; f < 5; f++)
          {
            const VaiSplit *split = g_ptr_array_index (splits, f);
            check_sides (&data, split);
            for (gsize i = 0; i < split->n_test; i++)
              seen[split->test[i]]++;
            g_assert_cmpuint (split->n_train + split->n_test, <=, sizes[s]);
            g_assert_cmpuint (split->n_train + split->n_test, >=, (gsize) (sizes[s] * 0.96 - 2));
          }
        for (gsize i = 0; i < sizes[s]; i++)
          g_assert_cmpuint (seen[i], ==, 1);
      }
}

/* Equal classes in every training part, for any class balance: the base rate alone must not rank. */
static void
test_equal_classes (void)
{
  for (guint seed = 0; seed < 40; seed++)
    {
      Data data;
      make_data (&data, 100 + seed, 0.2 + 0.015 * seed, 1, seed);
      g_autoptr (GPtrArray) splits
          = vai_folds_cross_validation (data.rows, 100 + seed, data.won, data.groups, data.n_groups, 5, seed);
      gsize first[2], test_first[2];
      const VaiSplit *split = g_ptr_array_index (splits, 0);
      count_classes (&data, split->train, split->n_train, first);
      count_classes (&data, split->test, split->n_test, test_first);
      for (guint f = 1; f < 5; f++)
        {
          gsize count[2];
          split = g_ptr_array_index (splits, f);
          count_classes (&data, split->train, split->n_train, count);
          g_assert_cmpuint (count[0], ==, first[0]);
          g_assert_cmpuint (count[1], ==, first[1]);
          count_classes (&data, split->test, split->n_test, count);
          g_assert_cmpint (ABS ((int) count[0] - (int) test_first[0]), <=, 1);
          g_assert_cmpint (ABS ((int) count[1] - (int) test_first[1]), <=, 1);
        }
    }
}

static void
test_repeatable (void)
{
  Data data;
  make_data (&data, 200, 0.5, 2, 1);
  g_autoptr (GPtrArray) a = vai_folds_cross_validation (data.rows, 200, data.won, data.groups, data.n_groups, 4, 5);
  g_autoptr (GPtrArray) b = vai_folds_cross_validation (data.rows, 200, data.won, data.groups, data.n_groups, 4, 5);
  g_autoptr (GPtrArray) c = vai_folds_cross_validation (data.rows, 200, data.won, data.groups, data.n_groups, 4, 6);
  const VaiSplit *x = g_ptr_array_index (a, 2), *y = g_ptr_array_index (b, 2), *z = g_ptr_array_index (c, 2);
  g_assert_cmpmem (x->test, x->n_test * 4, y->test, y->n_test * 4);
  g_assert_cmpmem (x->train, x->n_train * 4, y->train, y->n_train * 4);
  g_assert_false (x->n_test == z->n_test && memcmp (x->test, z->test, x->n_test * 4) == 0);
}

static void
test_walk_forward (void)
{
  Data data;
  make_data (&data, N, 0.4, 2, 3);
  data.opened[7] = VAI_TIME_MISSING;
  data.closed[8] = VAI_TIME_MISSING;
  guint skipped;
  g_autoptr (GPtrArray) splits = vai_folds_walk_forward (data.rows, N, data.won, data.groups, data.n_groups,
                                                         data.opened, data.closed, 5, &skipped);
  g_assert_nonnull (splits);
  g_assert_cmpuint (splits->len + skipped, ==, 4);
  guint tested[N] = { 0 };
  for (guint f = 0; f < splits->len; f++)
    {
      const VaiSplit *split = g_ptr_array_index (splits, f);
      check_sides (&data, split);
      gint64 start = G_MAXINT64;
      for (gsize i = 0; i < split->n_test; i++)
        {
          tested[split->test[i]]++;
          start = MIN (start, data.opened[split->test[i]]);
        }
      for (gsize i = 0; i < split->n_train; i++)
        {
          guint32 row = split->train[i];
          g_assert_cmpint (data.closed[row] != VAI_TIME_MISSING ? data.closed[row] : data.opened[row], <, start);
        }
    }
  guint n = 0;
  for (guint i = 0; i < N; i++)
    {
      g_assert_cmpuint (tested[i], <=, 1);
      n += tested[i];
    }
  g_assert_cmpuint (tested[7], ==, 0);
  g_assert_cmpuint (n, >=, N * 3 / 5);
}

static void
test_walk_forward_impossible (void)
{
  Data data;
  guint skipped;
  make_data (&data, 60, 0.4, 1, 3);
  g_assert_null (vai_folds_walk_forward (data.rows, 60, data.won, data.groups, data.n_groups, data.opened, data.closed,
                                         5, &skipped));
  g_assert_cmpuint (skipped, >=, 2);
  make_data (&data, N, 0.4, 1, 3);
  for (guint i = 0; i < N; i++)
    data.opened[i] = 5;
  g_assert_null (
      vai_folds_walk_forward (data.rows, N, data.won, data.groups, data.n_groups, data.opened, NULL, 5, &skipped));
}

/* What was lost before the last block all bears one name: split again, a training part would be without it. */
static void
test_walk_forward_one_group (void)
{
  Data data;
  guint skipped;
  make_data (&data, N, 0.4, 1, 3);
  for (guint i = 0; i < N; i++)
    {
      data.opened[i] = i;
      data.closed[i] = i;
      data.won[i] = i % 3 != 0;
    }
  g_autoptr (GPtrArray) splits = vai_folds_walk_forward (data.rows, N, data.won, data.groups, data.n_groups,
                                                         data.opened, data.closed, 5, &skipped);
  g_assert_cmpuint (skipped, ==, 0);
  for (guint i = 0; i < 4 * N / 5; i++)
    if (!data.won[i])
      data.groups[i] = 0;
  g_assert_null (vai_folds_walk_forward (data.rows, N, data.won, data.groups, data.n_groups, data.opened, data.closed,
                                         5, &skipped));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/folds/partition", test_partition);
  g_test_add_func ("/folds/equal-classes", test_equal_classes);
  g_test_add_func ("/folds/repeatable", test_repeatable);
  g_test_add_func ("/folds/walk-forward", test_walk_forward);
  g_test_add_func ("/folds/walk-forward-impossible", test_walk_forward_impossible);
  g_test_add_func ("/folds/walk-forward-one-group", test_walk_forward_one_group);
  return g_test_run ();
}
