#include "vai-calibrator-private.h"

#include "vai-order.h"
#include "vai-resample.h"

#include <math.h>
#include <string.h>

/* Folds of the choice: each curve is fitted on four fifths, near enough to the whole. */
#define FOLDS 5

typedef struct
{
  const double *margins;
  const guint8 *won;
  gsize n;
  const guint8 *fold;   /* of each row */
  const guint32 *order; /* ascending margins, lost before won */
  const guint32 *held;  /* rows of the first fold, then of the next */
  gsize held_from[FOLDS + 1];
} Rows;

static double
row_loss (double probability, guint8 won)
{
  return won ? -log (probability) : -log1p (-probability);
}

/* The loss of each row under curves that did not see it. */
static void
cross_validate (const Rows *rows, VaiCalibration kind, double *loss)
{
  g_autofree double *margins = g_new (double, rows->n);
  g_autofree guint8 *won = g_new (guint8, rows->n);
  for (guint fold = 0; fold < FOLDS; fold++)
    {
      gsize n = 0;
      for (gsize i = 0; i < rows->n; i++)
        {
          /* A curve by ranks would sort them again for each fold. */
          gsize row = kind == VAI_CALIBRATION_ISOTONIC ? rows->order[i] : i;
          margins[n] = rows->margins[row];
          won[n] = rows->won[row];
          n += rows->fold[row] != fold; /* no branch: nobody can foretell it */
        }
      if (n == 0)
        continue;
      g_autoptr (VaiCalibrator) curve = vai_calibrator_fit (kind, margins, won, n);
      for (gsize i = rows->held_from[fold]; i < rows->held_from[fold + 1]; i++)
        {
          gsize row = rows->held[i];
          loss[row] = row_loss (vai_calibrator_apply (curve, rows->margins[row]), rows->won[row]);
        }
    }
}

/* cross_validate() for the beta calibrator, with features that are worked out once for all folds. */
static void
cross_validate_beta (const Rows *rows, double *loss)
{
  g_autofree double *features = g_new (double, 2 * rows->n), *x = g_new (double, 2 * rows->n);
  g_autofree guint8 *won = g_new (guint8, rows->n);
  for (gsize i = 0; i < rows->n; i++)
    vai_beta_features (rows->margins[i], features + 2 * i);
  for (guint fold = 0; fold < FOLDS; fold++)
    {
      gsize n = 0;
      for (gsize i = 0; i < rows->n; i++)
        {
          memcpy (x + 2 * n, features + 2 * i, 2 * sizeof *x);
          won[n] = rows->won[i];
          n += rows->fold[i] != fold;
        }
      if (n == 0)
        continue;
      g_autoptr (VaiCalibrator) curve = vai_beta_fit (x, won, n);
      for (gsize i = rows->held_from[fold]; i < rows->held_from[fold + 1]; i++)
        {
          gsize row = rows->held[i];
          loss[row] = row_loss (vai_beta_apply (curve, features + 2 * row), rows->won[row]);
        }
    }
}

/* Sum over rows of @a - @b, and its standard error by groups. */
static double
difference (const double *a, const double *b, const VaiResample *groups, double *error)
{
  g_autofree double *sums = g_new0 (double, groups->n_groups);
  double total = 0, squares = 0;
  for (gsize i = 0; i < groups->n; i++)
    {
      sums[groups->group[i]] += a[i] - b[i];
      total += a[i] - b[i];
    }
  double mean = total / groups->n_groups;
  for (guint32 g = 0; g < groups->n_groups; g++)
    squares += (sums[g] - mean) * (sums[g] - mean);
  *error = sqrt (squares);
  return total;
}

static guint8 *
deal_folds (const VaiResample *groups, guint64 seed)
{
  VaiRandom random;
  vai_random_init (&random, seed, 0);
  g_autofree guint32 *order = g_new (guint32, groups->n_groups);
  g_autofree guint8 *fold_of_group = g_new (guint8, groups->n_groups);
  guint8 *fold = g_new (guint8, groups->n);
  for (guint32 g = 0; g < groups->n_groups; g++)
    order[g] = g;
  vai_random_shuffle (&random, order, groups->n_groups);
  for (guint32 g = 0; g < groups->n_groups; g++)
    fold_of_group[order[g]] = g % FOLDS;
  for (gsize i = 0; i < groups->n; i++)
    fold[i] = fold_of_group[groups->group[i]];
  return fold;
}

static guint32 *
sort_rows (const double *margins, const guint8 *won, gsize n)
{
  guint32 *order = g_new (guint32, n);
  gsize at = 0;
  for (guint outcome = 0; outcome < 2; outcome++)
    for (gsize i = 0; i < n; i++)
      if ((won[i] != 0) == outcome)
        order[at++] = i;
  vai_order_by (margins, order, n);
  return order;
}

static guint32 *
list_held (Rows *rows)
{
  guint32 *held = g_new (guint32, rows->n);
  gsize at = 0;
  for (guint fold = 0; fold < FOLDS; fold++)
    {
      rows->held_from[fold] = at;
      for (gsize i = 0; i < rows->n; i++)
        if (rows->fold[i] == fold)
          held[at++] = i;
    }
  rows->held_from[FOLDS] = at;
  return held;
}

/* The kinds stand in the order of their freedom. A freer one must win by more than one standard error of the
 * difference. */
VaiCalibrator *
vai_calibrator_choose (const double *margins, const guint8 *won, const guint32 *group_of_row, gsize n, guint64 seed)
{
  g_return_val_if_fail (n > 0, NULL);
  g_auto (VaiResample) groups = { 0 };
  vai_resample_init (&groups, group_of_row, NULL, n);
  g_autofree guint8 *fold = deal_folds (&groups, seed);
  g_autofree guint32 *order = sort_rows (margins, won, n);
  Rows rows = { .margins = margins, .won = won, .n = n, .fold = fold, .order = order };
  g_autofree guint32 *held = list_held (&rows);
  rows.held = held;
  guint n_kinds = n >= VAI_ISOTONIC_ROWS_MIN ? VAI_N_CALIBRATIONS : VAI_CALIBRATION_ISOTONIC;
  g_autofree double *loss = g_new0 (double, n *n_kinds);
  VaiCalibration best = VAI_CALIBRATION_NONE, chosen = VAI_CALIBRATION_NONE;
  double error;
  for (guint kind = 0; kind < n_kinds; kind++)
    {
      if (kind == VAI_CALIBRATION_BETA)
        cross_validate_beta (&rows, loss + kind * n);
      else
        cross_validate (&rows, kind, loss + kind * n);
      if (difference (loss + kind * n, loss + best * n, &groups, &error) < 0)
        best = kind;
    }
  while (chosen < best && difference (loss + chosen * n, loss + best * n, &groups, &error) > error)
    chosen++;
  return vai_calibrator_fit (chosen, margins, won, n);
}
