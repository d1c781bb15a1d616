/* One walk over ranked rows gives all metrics: of the rows as they are, or weighted as a bootstrap draws them. */
#pragma once

#include "vai-metrics.h"
#include "vai-random.h"

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

/* Draws that are walked together: the sums of one wait for each other, those of several do not. */
#define VAI_MEASURED_LANES VAI_RANDOM_LANES

/* Fills @value for each lane; @weight holds how often each source was drawn, lanes side by side: under 2^31 times, and
 * at least one row in each lane. NULL: the rows as they are, in all lanes. */
void
vai_measured_walk (const VaiMeasured *self, const guint32 *weight, double value[VAI_MEASURED_LANES][VAI_N_METRICS]);

double vai_metrics_row_loss (double probability, guint8 won);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VaiMeasured, vai_measured_clear)

G_END_DECLS
