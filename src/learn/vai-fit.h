/* Many small trainings at once: each is seeded by its own number and writes to its own place, so any number of threads
 * gives the same. */
#pragma once

#include "vai-problem.h"
#include "vai-trainer.h"

G_BEGIN_DECLS

/* What all trainings of one run share. */
typedef struct
{
  const VaiProblem *problem;
  guint threads;
  VaiTrainEventFunc on_event; /* nullable */
  gpointer user_data;
  VaiProgress *progress;     /* nullable */
  GCancellable *cancellable; /* nullable */
  GCancellable *stop;        /* nullable: what was tried so far is enough */
  guint n_candidates;
  guint n_complete;         /* candidates that were tried on all parts */
  guint n_done, n_expected; /* trainings */
  double best_loss;         /* of the complete candidates; NaN before the first */
  double guessing_loss;     /* of the base rate */
  GMutex mutex;
  double library_seconds; /* inside XGBoost and LIBLINEAR: the mean over the threads that train; under @mutex */
  double wall_seconds;    /* while trainings ran */
} VaiFitContext;

void vai_fit_context_init (VaiFitContext *self, const VaiProblem *problem);
void vai_fit_context_clear (VaiFitContext *self);

/* One training, and what is asked of the member right after it. */
typedef struct
{
  VaiHyperparameters hyperparameters;
  guint candidate;
  const char *description;
  const guint32 *train, *stop, *test; /* rows of the problem's frame; not owned; @stop and @test are nullable */
  gsize n_train, n_stop, n_test;
  const VaiFrame *probe; /* nullable: another frame to be predicted whole */
  guint64 seed;
  gboolean keep;
  gboolean is_curve; /* its losses are the curve that a person sees of the candidate */
  /* results */
  VaiMember *member; /* owned, when kept */
  int done;          /* atomic: set after the others */
  guint rounds;
  double *margins;       /* owned: of the test rows */
  double *probe_margins; /* owned: of the probe's rows */
} VaiFit;

void vai_fit_clear (VaiFit *self);

/* Of VaiFit, cleared with it. */
GArray *vai_fits_new (void);

/* A piece of what comes after the trainings, for a thread that has no more of them; FALSE: there is none now. */
typedef gboolean (*VaiSpareFunc) (gpointer user_data);

/* Runs all; events and progress are told on this thread. @spare, nullable: what threads do while others are still at
 * their last training. Errors: CANCELLED, FAILED. */
gboolean vai_fits_run (VaiFitContext *self, GArray *fits, VaiSpareFunc spare, gpointer user_data, GError **error);

/* Tells @event, which is filled in with what is known of the whole. */
void vai_fit_context_tell (VaiFitContext *self, VaiTrainEvent event);

/* A seed of its own for each purpose. */
guint64 vai_fit_seed (guint64 seed, guint a, guint b, guint c);

G_END_DECLS
