#include "vai-scorer.h"

#include "vai-error.h"
#include "vai-neighbours.h"

#include <math.h>

/* Rows between two looks at the cancellable; enough for a learner to work at full speed. */
#define BLOCK_ROWS 16384

/* Fewer rows are not worth a thread. */
#define THREAD_ROWS_MIN 512

struct _VaiScorer
{
  VaiModel *model; /* owned reference */
  VaiNeighbours *neighbours;
};

VaiScorer *
vai_scorer_new (VaiModel *model)
{
  VaiScorer *self = g_new0 (VaiScorer, 1);
  self->model = vai_model_ref (model);
  self->neighbours = vai_neighbours_new (model);
  return self;
}

void
vai_scorer_free (VaiScorer *self)
{
  if (self == NULL)
    return;
  vai_neighbours_free (self->neighbours);
  vai_model_unref (self->model);
  g_free (self);
}

VaiModel *
vai_scorer_get_model (VaiScorer *self)
{
  return self->model;
}

const VaiNeighbours *
vai_scorer_get_neighbours (VaiScorer *self)
{
  return self->neighbours;
}

static void
finish_score (const VaiScorer *self, const VaiFrame *frame, guint row, double margin, VaiScore *score)
{
  score->margin = margin;
  score->win_probability = vai_calibrator_apply (self->model->calibrator, margin);
  vai_range_apply (self->model->range, margin, score->win_probability, &score->low, &score->high);
  score->confidence = 1 - (score->high - score->low);
  vai_neighbours_count (self->neighbours, frame, row, score->win_probability, score->low, score->high,
                        &score->n_similar, &score->n_similar_won);
  score->verdict = vai_verdict (score->low, score->high, score->n_similar);
  score->calibration = vai_logit (score->win_probability) - margin;
}

void
vai_scorer_score_margin (VaiScorer *self, const VaiFrame *frame, guint row, double margin, VaiScore *score)
{
  finish_score (self, frame, row, margin, score);
}

/* A stretch of rows for one thread: each row is its own work, so the number of threads changes nothing. */
typedef struct
{
  const VaiScorer *scorer;
  const VaiFrame *frame;
  const guint32 *rows;
  const double *margins;
  VaiScore *scores;
  gsize n;
} Stretch;

static gpointer
finish_stretch (gpointer data)
{
  const Stretch *stretch = data;
  for (gsize i = 0; i < stretch->n; i++)
    finish_score (stretch->scorer, stretch->frame, stretch->rows[i], stretch->margins[i], &stretch->scores[i]);
  return NULL;
}

static void
finish_block (const Stretch *block, guint threads)
{
  guint n_stretches = CLAMP (block->n / THREAD_ROWS_MIN, 1, MAX (threads, 1));
  g_autofree Stretch *stretches = g_new (Stretch, n_stretches);
  g_autofree GThread **workers = g_new0 (GThread *, n_stretches);
  for (guint s = 0; s < n_stretches; s++)
    {
      gsize from = block->n * s / n_stretches;
      stretches[s] = *block;
      stretches[s].rows += from;
      stretches[s].margins += from;
      stretches[s].scores += from;
      stretches[s].n = block->n * (s + 1) / n_stretches - from;
      if (s > 0)
        workers[s] = g_thread_new ("vai-score", finish_stretch, &stretches[s]);
    }
  finish_stretch (&stretches[0]);
  for (guint s = 1; s < n_stretches; s++)
    g_thread_join (workers[s]);
}

gboolean
vai_scorer_score (VaiScorer *self,
                  const VaiFrame *frame,
                  const guint32 *rows,
                  gsize n_rows,
                  guint threads,
                  VaiScore *scores,
                  double *contributions,
                  GCancellable *cancellable,
                  GError **error)
{
  gsize width = (gsize) frame->n_features + 1;
  gsize block_rows = MIN (n_rows, BLOCK_ROWS);
  g_autofree double *margins = g_new (double, MAX (block_rows, 1));
  g_autofree guint32 *block = g_new (guint32, MAX (block_rows, 1));
  for (gsize from = 0; from < n_rows; from += block_rows)
    {
      gsize n = MIN (block_rows, n_rows - from);
      if (vai_cancelled (cancellable, error))
        return FALSE;
      for (gsize i = 0; i < n; i++)
        block[i] = rows != NULL ? rows[from + i] : from + i;
      if (!vai_model_margins (self->model, frame, block, n, threads, margins, error))
        return FALSE;
      if (contributions != NULL
          && !vai_model_contributions (self->model, frame, block, n, threads, contributions + from * width, error))
        return FALSE;
      Stretch whole = { self, frame, block, margins, scores + from, n };
      finish_block (&whole, threads);
    }
  return TRUE;
}

guint
vai_scorer_look_alikes (VaiScorer *self,
                        const VaiFrame *frame,
                        guint row,
                        const VaiScore *score,
                        gboolean won,
                        guint n,
                        guint32 *rows)
{
  if (score->n_similar > 0)
    return vai_neighbours_similar (self->neighbours, frame, row, score->win_probability, score->low, score->high, won,
                                   n, rows);
  return vai_neighbours_nearest (self->neighbours, frame, row, won, n, rows);
}
