/* What a training has said of itself so far, for the main thread: its tries, their losses, the best. Made before the
 * job runs, it stays with the job, so that a page can come back to a training under way. */
#pragma once

#include "vai-job-train.h"

G_BEGIN_DECLS

#define VAI_TYPE_TRAINING_WATCH (vai_training_watch_get_type ())
G_DECLARE_FINAL_TYPE (VaiTrainingWatch, vai_training_watch, VAI, TRAINING_WATCH, GObject)

typedef struct
{
  char *description; /* translated: "Boosted trees, depth 4" */
  VaiAlgorithm algorithm;
  gboolean complete;
  double loss; /* of quotes it had not seen; NaN until it is complete */
  guint n_likely, n_likely_won;
  gboolean beats_guessing; /* beyond chance */
  guint round, n_rounds;   /* of its latest training */
  GArray *curve;           /* of double: validation loss by round, of the one training that is shown; may be empty */
} VaiTry;

/* The watch of @job, which has none yet and has not begun. Owned by @job. */
VaiTrainingWatch *vai_training_watch_attach (VaiJobTrain *job);

/* NULL when it has none. */
VaiTrainingWatch *vai_training_watch_of (VaiJob *job);

/* Signal "changed": at most some ten times a second. */

guint vai_training_watch_get_n_tries (VaiTrainingWatch *self); /* that have begun */
const VaiTry *vai_training_watch_get_try (VaiTrainingWatch *self, guint index);
guint vai_training_watch_get_n_planned (VaiTrainingWatch *self); /* 0 until it is known */
gboolean vai_training_watch_is_testing (VaiTrainingWatch *self);
double vai_training_watch_get_guessing_loss (VaiTrainingWatch *self); /* NaN until it is known */
double vai_training_watch_get_base_rate (VaiTrainingWatch *self);

/* The complete one with the least loss; NULL before the first. */
const VaiTry *vai_training_watch_get_best (VaiTrainingWatch *self);

/* Something is complete, and something is left out by stopping now. */
gboolean vai_training_watch_can_stop (VaiTrainingWatch *self);

/* Keeps the best so far. */
void vai_training_watch_stop (VaiTrainingWatch *self);
gboolean vai_training_watch_is_stopped (VaiTrainingWatch *self);

G_END_DECLS
