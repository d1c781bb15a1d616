#include "vai-tree-ensemble.h"

#include "vai-error.h"
#include "vai-random.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Columns of a tree that is small enough for every subset. */
#define SMALL_COLUMNS 6

static GBytes *
read_file (const char *folder, const char *name, const char *ending)
{
  g_autofree char *file = g_strconcat (name, ending, NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autoptr (GError) error = NULL;
  char *data;
  gsize size;
  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, size);
}

static double
largest_gap (const double *a, const double *b, gsize n)
{
  double gap = 0;
  for (gsize i = 0; i < n; i++)
    gap = fmax (gap, fabs (a[i] - b[i]));
  return gap;
}

/* Contributions with the bias behind, as XGBoost gives them. */
static double *
contributions_of (const VaiTreeEnsemble *trees, const float *rows, gsize n, gsize at_once)
{
  gsize d = trees->n_columns;
  double *all = g_new (double, n *(d + 1));
  g_autofree double *some = g_new (double, n *d);
  for (gsize from = 0; from < n; from += at_once)
    vai_tree_ensemble_contributions (trees, rows + from * d, MIN (at_once, n - from), some + from * d);
  for (gsize i = 0; i < n; i++)
    {
      memcpy (all + i * (d + 1), some + i * d, d * sizeof *all);
      all[i * (d + 1) + d] = trees->bias;
    }
  return all;
}

/* The definition itself: a split whose column is not known is shared by training weight. */
static double
expected (const VaiTreeNode *nodes, gint32 node, const float *row, guint known)
{
  const VaiTreeNode *split = &nodes[node];
  if (split->child[0] == node)
    return split->threshold;
  guint column = split->slot / 2;
  float x = row[column];
  guint side = isnan (x) ? split->slot % 2 : x >= split->threshold;
  if (known & (1u << column))
    return expected (nodes, split->child[side], row, known);
  return split->failing[1] * expected (nodes, split->child[0], row, known)
         - split->failing[0] * expected (nodes, split->child[1], row, known);
}

static void
brute_force (const VaiTreeEnsemble *trees, const float *row, double *contributions)
{
  static const double factorials[] = { 1, 1, 2, 6, 24, 120, 720 };
  guint d = trees->n_columns;
  memset (contributions, 0, d * sizeof *contributions);
  for (guint t = 0; t < trees->n_trees; t++)
    for (guint known = 0; known < 1u << d; known++)
      for (guint j = 0; j < d; j++)
        if (!(known & (1u << j)))
          {
            guint size = __builtin_popcount (known);
            const VaiTreeNode *nodes = trees->nodes + trees->trees[t].first;
            contributions[j] += factorials[size] * factorials[d - size - 1] / factorials[d]
                                * (expected (nodes, 0, row, known | 1u << j) - expected (nodes, 0, row, known));
          }
}

static void
check_brute_force (const VaiTreeEnsemble *trees, const float *rows, gsize n)
{
  guint d = trees->n_columns;
  double truth[SMALL_COLUMNS], ours[SMALL_COLUMNS];
  for (gsize i = 0; i < MIN (n, 8); i++)
    {
      brute_force (trees, rows + i * d, truth);
      vai_tree_ensemble_contributions (trees, rows + i * d, 1, ours);
      g_assert_cmpfloat (largest_gap (truth, ours, d), <, 1e-5);
    }
}

static void
check_case (const char *folder, const char *name, guint n, guint d)
{
  g_autoptr (GBytes) ubj = read_file (folder, name, ".ubj"), rows_file = read_file (folder, name, ".rows");
  g_autoptr (GBytes) margins_file = read_file (folder, name, ".margins");
  g_autoptr (GBytes) contributions_file = read_file (folder, name, ".contributions");
  const float *rows = g_bytes_get_data (rows_file, NULL);
  const double *margins = g_bytes_get_data (margins_file, NULL);
  const double *contributions = g_bytes_get_data (contributions_file, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiTreeEnsemble) trees = vai_tree_ensemble_new (ubj, d, &error);
  g_assert_no_error (error);
  g_autofree double *ours = g_new (double, n);
  vai_tree_ensemble_margins (trees, rows, n, ours);
  g_autofree double *together = contributions_of (trees, rows, n, n);
  g_autofree double *single = contributions_of (trees, rows, n, 1);
  double margin_gap = largest_gap (margins, ours, n);
  double gap = largest_gap (contributions, together, (gsize) n * (d + 1));
  double single_gap = largest_gap (contributions, single, (gsize) n * (d + 1)), sum_gap = 0;
  for (guint i = 0; i < n; i++)
    {
      double sum = 0;
      for (guint j = 0; j <= d; j++)
        sum += together[i * (d + 1) + j];
      sum_gap = fmax (sum_gap, fabs (sum - ours[i]));
    }
  g_test_message ("%s: margin %.1e, contributions %.1e and %.1e, sum %.1e", name, margin_gap, gap, single_gap, sum_gap);
  g_assert_cmpfloat (margin_gap, ==, 0);
  g_assert_cmpfloat (gap, <, 1e-5);
  g_assert_cmpfloat (single_gap, <, 1e-5);
  g_assert_cmpfloat (sum_gap, <, 1e-5);
  if (d <= SMALL_COLUMNS)
    check_brute_force (trees, rows, n);
}

/* @data is the folder that XGBoost's truth was written to. */
static void
test_shapes (gconstpointer data)
{
  const char *folder = data;
  g_autoptr (GBytes) index = read_file (folder, "index", "");
  gsize size;
  const char *text = g_bytes_get_data (index, &size);
  g_autofree char *copy = g_strndup (text, size);
  g_auto (GStrv) lines = g_strsplit (g_strstrip (copy), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >, 20);
  for (guint i = 0; lines[i]; i++)
    {
      char name[64];
      guint n, d;
      g_assert_cmpint (sscanf (lines[i], "%63s %u %u", name, &n, &d), ==, 3);
      check_case (folder, name, n, d);
    }
}

/* Damaged bytes are refused, or give trees that can be used: never a crash. The sanitizers look on. */
static void
test_damaged (gconstpointer data)
{
  g_autoptr (GBytes) ubj = read_file (data, "missing", ".ubj");
  g_autoptr (GBytes) rows_file = read_file (data, "missing", ".rows");
  const float *rows = g_bytes_get_data (rows_file, NULL);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (ubj, &size);
  VaiRandom random;
  vai_random_init (&random, 5, 0);
  double contributions[9 * 9], margins[9];
  guint n_refused = 0;
  for (guint i = 0; i < 1500; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (bytes, size);
      gsize length = i % 3 == 0 ? vai_random_below (&random, size) : size;
      for (guint j = 0; j < 1 + i % 7; j++)
        copy[vai_random_below (&random, size)] = vai_random_next (&random);
      g_autoptr (GBytes) damaged = g_bytes_new (copy, length);
      g_autoptr (GError) error = NULL;
      g_autoptr (VaiTreeEnsemble) trees = vai_tree_ensemble_new (damaged, 9, &error);
      if (!trees)
        {
          g_assert_error (error, VAI_ERROR, VAI_ERROR_DAMAGED);
          n_refused++;
          continue;
        }
      vai_tree_ensemble_margins (trees, rows, 9, margins);
      vai_tree_ensemble_contributions (trees, rows, 9, contributions);
    }
  g_assert_cmpuint (n_refused, >, 500);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (files)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_unlink (path);
    }
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_test_init (&argc, &argv, NULL);
  g_autofree char *folder = g_dir_make_tmp ("vai-trees-XXXXXX", &error);
  const char *command[] = { g_getenv ("VAI_PYTHON"), g_getenv ("VAI_TRUTH_TREES"), folder, NULL };
  int status;
  g_spawn_sync (NULL, (char **) command, NULL, 0, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
  g_test_add_data_func ("/trees/shapes", folder, test_shapes);
  g_test_add_data_func ("/trees/damaged", folder, test_damaged);
  int failed = g_test_run ();
  remove_folder (folder);
  return failed;
}
