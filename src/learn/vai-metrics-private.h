/* One walk over ranked rows gives all metrics: of the rows as they are, or weighted as a bootstrap draws them. */
#pragma once

#include "vai-metrics.h"

G_BEGIN_DECLS

/* Rows of one probability are a run: it is all that metrics know of them. */
typedef struct
{
  gsize n;         /* rows */
  guint32 *source; /* of the row at each rank: the place of its weight */
  guint32 *run;    /* of the row at each rank */
  guint8 *won;     /* by rank */
  gsize n_runs;
  double *probability, *loss_won, *loss_lost; /* by run, ascending */
  gsize first_called;                         /* the first run at or over the threshold */
} VaiMeasured;

void vai_measured_init (VaiMeasured *self, const guint8 *won, const double *probability, gsize n, double threshold);
void vai_measured_clear (VaiMeasured *self);

/* Fills @value; @weight, nullable, holds how often each source was drawn; @scratch has room for 2 × n_runs. */
void vai_measured_walk (const VaiMeasured *self, const guint32 *weight, guint32 *scratch, double *value);

double vai_metrics_row_loss (double probability, guint8 won);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VaiMeasured, vai_measured_clear)

G_END_DECLS
