/* Target statistics: for a category with many values, how its value did in other rows. A training row never sees its
 * own outcome: it gets the statistic of the other inner folds, as Micci-Barreca 2001 with the cross-fitting of
 * Chernozhukov and others 2018. */
#include "vai-encoder-fit.h"

#include "vai-random.h"

#include <math.h>

/* Inner folds. */
#define FOLDS 5

/* Rows of the average outcome that are mixed into each value's own: a value seen 10 times counts half. */
#define SMOOTHING 10.0

/* Values with fewer rows share one statistic, which a value never seen gets too. */
#define RARE_ROWS 3

typedef struct
{
  guint n_slots;    /* codes, then the pool */
  gsize *n, *n_won; /* FOLDS × n_slots, owned */
  gsize total[FOLDS], total_won[FOLDS];
} Tally;

/* Rows of one group fall into one fold; the fold of a group depends on nothing but itself and the seed. */
static guint
fold_of (const VaiTraining *training, guint32 row)
{
  VaiRandom random;
  vai_random_init (&random, training->seed, training->groups ? training->groups[row] : row);
  return vai_random_below (&random, FOLDS);
}

/* @without: the fold that is left out, FOLDS for none. */
static double
statistic (const Tally *tally, guint slot, guint without)
{
  double n = 0, n_won = 0, total = 0, total_won = 0;
  for (guint fold = 0; fold < FOLDS; fold++)
    if (fold != without)
      {
        n += tally->n[fold * tally->n_slots + slot];
        n_won += tally->n_won[fold * tally->n_slots + slot];
        total += tally->total[fold];
        total_won += tally->total_won[fold];
      }
  double base = (total_won + 0.5) / (total + 1);
  double rate = (n_won + SMOOTHING * base) / (n + SMOOTHING);
  return log (rate / (1 - rate)) - log (base / (1 - base));
}

static guint
slot_of (const gsize *counts, guint n_codes, gint32 code)
{
  return code < 0 || counts[code] < RARE_ROWS ? n_codes : (guint) code;
}

static void
tally_rows (Tally *tally, const VaiTraining *training, const gint32 *codes, const gsize *counts, const guint8 *folds)
{
  for (gsize i = 0; i < training->n_rows; i++)
    {
      guint32 row = training->rows[i];
      guint fold = folds[i], won = training->won[row];
      tally->total[fold]++;
      tally->total_won[fold] += won;
      if (codes[row] < 0)
        continue;
      gsize at = (gsize) fold * tally->n_slots + slot_of (counts, tally->n_slots - 1, codes[row]);
      tally->n[at]++;
      tally->n_won[at] += won;
    }
}

void
vai_fit_target_statistic (VaiFit *fit, guint feature, const gsize *counts, guint n_codes)
{
  const VaiTraining *training = fit->training;
  const gint32 *codes = training->frame->columns[feature].codes;
  gboolean linear = fit->kind == VAI_ENCODER_LINEAR;
  Tally tally = { .n_slots = n_codes + 1 };
  g_autofree gsize *n = tally.n = g_new0 (gsize, (gsize) FOLDS * tally.n_slots);
  g_autofree gsize *n_won = tally.n_won = g_new0 (gsize, (gsize) FOLDS * tally.n_slots);
  g_autofree guint8 *folds = g_new (guint8, training->n_rows + 1);
  for (gsize i = 0; i < training->n_rows; i++)
    folds[i] = fold_of (training, training->rows[i]);
  tally_rows (&tally, training, codes, counts, folds);

  VaiCodedColumn *column = vai_fit_add_column (fit, VAI_CODING_LEVELS, feature);
  column->scaled = linear;
  column->n_levels = n_codes;
  column->levels = g_new (double, n_codes + 1);
  column->missing = NAN;
  column->unseen = statistic (&tally, n_codes, FOLDS);
  for (guint i = 0; i < n_codes; i++)
    column->levels[i] = statistic (&tally, slot_of (counts, n_codes, i), FOLDS);

  float *own = g_new (float, training->n_rows + 1);
  for (gsize i = 0; i < training->n_rows; i++)
    {
      gint32 code = codes[training->rows[i]];
      own[i] = code == VAI_CODE_MISSING ? NAN : statistic (&tally, slot_of (counts, n_codes, code), folds[i]);
    }
  g_ptr_array_index (fit->out_of_fold, fit->encoder->columns->len - 1) = own;
}
