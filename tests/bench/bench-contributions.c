/* Margins and exact contributions, ours against XGBoost's on the same trees, in one run on one core: the bars are the
 * ratios. Usage: bench-contributions [TREES [DEPTH]] */
#include "vai-random.h"
#include "vai-tree-ensemble.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <xgboost/c_api.h>

#define COLUMNS 20
#define TRAIN_ROWS 20000
#define BATCH_ROWS 2000
#define MARGIN_ROWS 200000
#define SINGLE_ROWS 500
#define REFERENCE_SINGLES 60

static void
check (int code)
{
  if (code == 0)
    return;
  fprintf (stderr, "%s\n", XGBGetLastError ());
  exit (1);
}

static void
silence (const char *message)
{
}

static float *
make_rows (gsize n, guint64 stream, float *labels)
{
  float *rows = g_new (float, n *COLUMNS);
  VaiRandom random;
  vai_random_init (&random, 3, stream);
  for (gsize i = 0; i < n; i++)
    {
      double score = vai_random_normal (&random);
      for (guint j = 0; j < COLUMNS; j++)
        {
          double x = vai_random_normal (&random);
          rows[i * COLUMNS + j] = vai_random_below (&random, 20) ? x : NAN;
          score += x * (j % 3 == 0) + (j % 5 == 0) * fabs (x);
        }
      if (labels)
        labels[i] = score > 1;
    }
  return rows;
}

static BoosterHandle
train (guint trees, const char *depth)
{
  g_autofree float *labels = g_new (float, TRAIN_ROWS);
  g_autofree float *rows = make_rows (TRAIN_ROWS, 0, labels);
  DMatrixHandle data;
  BoosterHandle booster;
  check (XGDMatrixCreateFromMat (rows, TRAIN_ROWS, COLUMNS, NAN, &data));
  check (XGDMatrixSetFloatInfo (data, "label", labels, TRAIN_ROWS));
  check (XGBoosterCreate (&data, 1, &booster));
  const char *settings[][2] = { { "objective", "binary:logistic" },
                                { "tree_method", "hist" },
                                { "max_depth", depth },
                                { "eta", "0.05" },
                                { "nthread", "1" } };
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    check (XGBoosterSetParam (booster, settings[i][0], settings[i][1]));
  for (guint i = 0; i < trees; i++)
    check (XGBoosterUpdateOneIter (booster, i, data));
  check (XGDMatrixFree (data));
  return booster;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static double
median (double *values, gsize n)
{
  qsort (values, n, sizeof *values, compare);
  return values[n / 2];
}

static double
microseconds (void)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

/* Seconds of XGBoost's own for @n rows, as @type: 1 margins, 2 contributions. */
static double
reference (BoosterHandle booster, const float *rows, gsize n, int type)
{
  g_autofree char *config
      = g_strdup_printf ("{\"type\":%d,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,"
                         "\"strict_shape\":false}",
                         type);
  const bst_ulong *shape;
  bst_ulong n_dimensions;
  const float *out;
  DMatrixHandle data;
  double start = microseconds ();
  check (XGDMatrixCreateFromMat_omp (rows, n, COLUMNS, NAN, &data, 1));
  check (XGBoosterPredictFromDMatrix (booster, data, config, &shape, &n_dimensions, &out));
  double took = microseconds () - start;
  check (XGDMatrixFree (data));
  return took / 1e6;
}

static void
bench_singles (BoosterHandle booster, const VaiTreeEnsemble *trees, const float *rows)
{
  double ours[SINGLE_ROWS], theirs[REFERENCE_SINGLES], out[COLUMNS];
  for (guint i = 0; i < SINGLE_ROWS; i++)
    {
      double start = microseconds ();
      vai_tree_ensemble_contributions (trees, rows + i * COLUMNS, 1, out);
      ours[i] = microseconds () - start;
    }
  for (guint i = 0; i < REFERENCE_SINGLES; i++)
    theirs[i] = 1e6 * reference (booster, rows + i * COLUMNS, 1, 2);
  double our_median = median (ours, SINGLE_ROWS), their_median = median (theirs, REFERENCE_SINGLES);
  printf ("contributions, one row: ours %.1f us, XGBoost %.1f us (medians), ratio %.1f\n", our_median, their_median,
          their_median / our_median);
}

static void
bench_batches (BoosterHandle booster, const VaiTreeEnsemble *trees, const float *rows)
{
  g_autofree double *out = g_new (double, MARGIN_ROWS *COLUMNS);
  double start = microseconds ();
  vai_tree_ensemble_contributions (trees, rows, BATCH_ROWS, out);
  double ours = (microseconds () - start) / 1e6, theirs = reference (booster, rows, BATCH_ROWS, 2);
  printf ("contributions, %d rows: ours %.2f us, XGBoost %.1f us a row, ratio %.1f\n", BATCH_ROWS,
          1e6 * ours / BATCH_ROWS, 1e6 * theirs / BATCH_ROWS, theirs / ours);
  start = microseconds ();
  vai_tree_ensemble_margins (trees, rows, MARGIN_ROWS, out);
  ours = (microseconds () - start) / 1e6;
  theirs = reference (booster, rows, MARGIN_ROWS, 1);
  printf ("margins, %d rows: ours %.3f s, XGBoost %.3f s, ratio %.2f\n", MARGIN_ROWS, ours, theirs, theirs / ours);
}

int
main (int argc, char **argv)
{
  guint n_trees = argc > 1 ? atoi (argv[1]) : 300;
  XGBRegisterLogCallback (silence);
  BoosterHandle booster = train (n_trees, argc > 2 ? argv[2] : "6");
  bst_ulong size;
  const char *model;
  check (XGBoosterSaveModelToBuffer (booster, "{\"format\":\"ubj\"}", &size, &model));
  g_autoptr (GBytes) ubj = g_bytes_new (model, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiTreeEnsemble) trees = vai_tree_ensemble_new (ubj, COLUMNS, &error);
  if (!trees)
    {
      fprintf (stderr, "%s\n", error->message);
      return 1;
    }
  g_autofree float *rows = make_rows (MARGIN_ROWS, 1, NULL);
  printf ("%u trees, %u splits, %u points\n", trees->n_trees, (trees->n_nodes - trees->n_trees) / 2,
          trees->n_points_used);
  bench_singles (booster, trees, rows);
  bench_batches (booster, trees, rows);
  check (XGBoosterFree (booster));
  return 0;
}
