#include "vai-importance.h"

#include "vai-random.h"

#include <math.h>

/* Bounds of the cost: cells of a probe, fewest rows that say anything, rows whose contributions are averaged. */
#define PROBE_CELLS_MAX 2000000
#define PROBE_ROWS_MIN 10
#define CONTRIBUTION_ROWS_MAX 1000

void
vai_probe_free (VaiProbe *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->frame, vai_frame_free);
  g_free (self->rows);
  g_free (self);
}

static void
shuffle_feature (VaiFrameColumn *column, gsize begin, gsize n, VaiRandom *random)
{
  for (gsize i = n; i > 1; i--)
    {
      gsize a = begin + i - 1, b = begin + vai_random_below (random, i);
      if (column->numbers != NULL)
        {
          double value = column->numbers[a];
          column->numbers[a] = column->numbers[b];
          column->numbers[b] = value;
        }
      else
        {
          gint32 code = column->codes[a];
          column->codes[a] = column->codes[b];
          column->codes[b] = code;
        }
    }
}

VaiProbe *
vai_probe_new (const VaiProblem *problem, const guint32 *rows, gsize n_rows, gsize n_wanted, guint64 seed)
{
  gsize n_features = problem->frame->n_features;
  gsize n = MIN (MIN (n_rows, n_wanted), PROBE_CELLS_MAX / (n_features * (n_features + 1)));
  if (n < PROBE_ROWS_MIN)
    return NULL;
  VaiRandom random;
  vai_random_init (&random, seed, 0);
  VaiProbe *self = g_new0 (VaiProbe, 1);
  self->rows = g_memdup2 (rows, n_rows * sizeof *rows);
  vai_random_shuffle (&random, self->rows, n_rows);
  self->n_rows = n;
  self->frame = vai_frame_new_empty (problem->schema, n * (n_features + 1));
  for (gsize block = 0; block <= n_features; block++)
    {
      for (gsize i = 0; i < n; i++)
        vai_frame_copy_row (self->frame, block * n + i, problem->frame, self->rows[i]);
      if (block > 0)
        shuffle_feature (&self->frame->columns[block - 1], block * n, n, &random);
    }
  return self;
}

static double
row_loss (const VaiPart *part, double margin, guint8 won)
{
  double probability = vai_calibrator_apply (part->calibrator, margin);
  return won ? -log (probability) : -log1p (-probability);
}

void
vai_probe_add (const VaiProbe *self, const VaiPart *part, const VaiProblem *problem, double *lost, gsize *n)
{
  for (gsize i = 0; i < self->n_rows; i++)
    {
      guint8 won = problem->won[self->rows[i]];
      double loss = row_loss (part, part->probe_margins[i], won);
      for (guint f = 0; f < problem->frame->n_features; f++)
        lost[f] += row_loss (part, part->probe_margins[(f + 1) * self->n_rows + i], won) - loss;
    }
  *n += self->n_rows;
}

gboolean
vai_importance_measure (VaiModel *model, guint threads, GError **error)
{
  const VaiFrame *frame = model->reference.frame;
  guint n_features = frame->n_features, n = MIN (frame->n_rows, CONTRIBUTION_ROWS_MAX);
  g_autofree guint32 *rows = g_new (guint32, n);
  for (guint i = 0; i < n; i++)
    rows[i] = (guint64) i * frame->n_rows / n;
  g_autofree double *contributions = g_new (double, (gsize) n *(n_features + 1));
  if (!vai_model_contributions (model, frame, rows, n, threads, contributions, error))
    return FALSE;
  double whole = 0;
  model->importance = g_new0 (double, n_features);
  for (guint i = 0; i < n; i++)
    for (guint f = 0; f < n_features; f++)
      model->importance[f] += fabs (contributions[(gsize) i * (n_features + 1) + f]);
  for (guint f = 0; f < n_features; f++)
    whole += model->importance[f];
  for (guint f = 0; f < n_features; f++)
    model->importance[f] = whole > 0 ? model->importance[f] / whole : 0;
  return TRUE;
}
