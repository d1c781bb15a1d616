#include "vai-band.h"

#include "vai-random.h"

#include <stdlib.h>

#define REPLICATES 200
#define SEED 20
#define TAIL 0.025

typedef struct
{
  double probability;
  guint32 group;
  guint8 won;
} Row;

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  double x = ((const Row *) a)->probability, y = ((const Row *) b)->probability;
  return x > y ? -1 : x < y;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return x < y ? -1 : x > y;
}

/* Best first, groups numbered from 0. */
static Row *
sort_rows (const guint8 *won, const double *probability, const guint32 *groups, gsize n, guint *n_groups)
{
  Row *rows = g_new (Row, n);
  g_autoptr (GHashTable) numbers = g_hash_table_new (NULL, NULL);
  for (gsize i = 0; i < n; i++)
    {
      gpointer key = GUINT_TO_POINTER (groups != NULL ? groups[i] : (guint32) i), number;
      if (!g_hash_table_lookup_extended (numbers, key, NULL, &number))
        {
          number = GUINT_TO_POINTER (g_hash_table_size (numbers));
          g_hash_table_insert (numbers, key, number);
        }
      rows[i] = (Row){ probability[i], GPOINTER_TO_UINT (number), won[i] != 0 };
    }
  *n_groups = g_hash_table_size (numbers);
  qsort (rows, n, sizeof *rows, compare_rows);
  return rows;
}

/* The curve of rows taken @times[group] times each, at the points of the band. Equal probabilities are one straight
 * piece. */
static gboolean
trace (VaiBandKind kind, const Row *rows, gsize n, const guint32 *times, double y[VAI_BAND_POINTS])
{
  double n_won = 0, n_lost = 0;
  for (gsize i = 0; i < n; i++)
    *(rows[i].won ? &n_won : &n_lost) += times[rows[i].group];
  if (n_won == 0 || n_lost == 0)
    return FALSE;
  double x_all = kind == VAI_BAND_ROC ? n_lost : n_won + n_lost, won = 0, lost = 0, x0 = 0, y0 = 0;
  guint point = 0;
  for (gsize i = 0; i < n;)
    {
      gsize end = i;
      for (; end < n && rows[end].probability == rows[i].probability; end++)
        *(rows[end].won ? &won : &lost) += times[rows[end].group];
      double x1 = (kind == VAI_BAND_ROC ? lost : won + lost) / x_all, y1 = won / n_won;
      for (; point < VAI_BAND_POINTS && (double) point / (VAI_BAND_POINTS - 1) < x1; point++)
        y[point] = y0 + ((double) point / (VAI_BAND_POINTS - 1) - x0) / (x1 - x0) * (y1 - y0);
      x0 = x1;
      y0 = y1;
      i = end;
    }
  for (; point < VAI_BAND_POINTS; point++)
    y[point] = 1;
  return TRUE;
}

gboolean
vai_band_compute (VaiBand *self,
                  VaiBandKind kind,
                  const guint8 *won,
                  const double *probability,
                  const guint32 *groups,
                  gsize n)
{
  guint n_groups = 0, done = 0;
  if (n == 0)
    return FALSE;
  g_autofree Row *rows = sort_rows (won, probability, groups, n, &n_groups);
  g_autofree guint32 *times = g_new (guint32, n_groups);
  g_autofree double *values = g_new (double, VAI_BAND_POINTS *REPLICATES);
  for (guint r = 0; r < REPLICATES; r++)
    {
      VaiRandom random;
      double y[VAI_BAND_POINTS];
      vai_random_init (&random, SEED, r);
      for (guint g = 0; g < n_groups; g++)
        times[g] = 0;
      for (guint g = 0; g < n_groups; g++)
        times[vai_random_below (&random, n_groups)]++;
      if (!trace (kind, rows, n, times, y))
        continue;
      for (guint p = 0; p < VAI_BAND_POINTS; p++)
        values[p * REPLICATES + done] = y[p];
      done++;
    }
  /* With fewer the tails are guesses. */
  if (done < REPLICATES / 2)
    return FALSE;
  for (guint p = 0; p < VAI_BAND_POINTS; p++)
    {
      qsort (values + p * REPLICATES, done, sizeof *values, compare_doubles);
      self->x[p] = (double) p / (VAI_BAND_POINTS - 1);
      self->low[p] = values[p * REPLICATES + (guint) (TAIL * (done - 1))];
      self->high[p] = values[p * REPLICATES + (guint) ((1 - TAIL) * (done - 1) + 0.5)];
    }
  return TRUE;
}
