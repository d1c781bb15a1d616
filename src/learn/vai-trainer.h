/* From a table of past quotes to a model that was tested honestly: every reported figure is of predictions no part of
 * which saw the row. */
#pragma once

#include "vai-model.h"

G_BEGIN_DECLS

#define VAI_TRAIN_ROWS_MIN 60  /* decided rows; fewer are refused with what is missing */
#define VAI_TRAIN_CLASS_MIN 20 /* of each class */

/* Parts of a cross-validation: usually, and at most. More parts train on hardly more rows and take longer for it. */
#define VAI_TRAIN_FOLDS 5
#define VAI_TRAIN_FOLDS_MAX 50

typedef enum
{
  VAI_EFFORT_QUICK,
  VAI_EFFORT_NORMAL,
  VAI_EFFORT_THOROUGH,
} VaiEffort;

typedef struct
{
  VaiAlgorithm algorithm;
  VaiEffort effort;
  GPtrArray *parameters; /* of char* "NAME=VALUE"; owned */
  GHashTable *monotone;  /* column name → GINT_TO_POINTER (-1 or +1); owned */
  guint folds;           /* 0: VAI_TRAIN_FOLDS */
  gboolean by_date;      /* walk-forward when the table has an opening date; FALSE: cross-validation */
  guint64 seed;
  guint threads;      /* 0: all */
  GCancellable *stop; /* nullable, owned: once cancelled, a training keeps the best of the candidates that are complete;
                         it waits for the first one. Not kept with the other options */
} VaiTrainOptions;

void vai_train_options_init (VaiTrainOptions *self);
void vai_train_options_clear (VaiTrainOptions *self);

typedef enum
{
  VAI_TRAIN_BEGIN,    /* a candidate is tried */
  VAI_TRAIN_ROUND,    /* one of its trainings has one round or tree more */
  VAI_TRAIN_COMPLETE, /* it was tried on all parts: a model could be made of it and those before */
  VAI_TRAIN_TESTING,  /* all were, or it was stopped: what is left is to combine, calibrate and test */
} VaiTrainEventKind;

/* What a training says while it runs; called on the training thread. */
typedef struct
{
  VaiTrainEventKind kind;
  guint candidate, n_candidates; /* while testing: the number that is kept */
  guint n_complete;
  const char *description; /* translated: "Boosted trees, depth 4"; NULL while testing */
  VaiAlgorithm algorithm;
  guint round, n_rounds; /* n_rounds: at most; 0 but for a round */
  gboolean is_curve;     /* round: of the one training of the candidate that is shown */
  double loss;           /* round: on stop rows, or NaN; complete: on rows that no member had seen */
  double best_loss;      /* of the complete candidates; NaN */
  double guessing_loss;  /* of the base rate */
  double base_rate;
  guint n_likely, n_likely_won; /* complete: quotes it gave at least even odds unseen, and how many were won */
  gboolean beats_guessing;      /* complete: beyond what chance gives, so that the test at the end says so too */
} VaiTrainEvent;

typedef void (*VaiTrainEventFunc) (const VaiTrainEvent *event, gpointer user_data);

/* @seconds, nullable: receives phase name → seconds, a GHashTable of char* → double* to unref. Phases: "learners"
 * (inside calls of XGBoost and LIBLINEAR; where trainings run side by side, the mean over the threads that run them),
 * "encode" (the rest of the time that trainings took: encoding, gradients, predictions, a thread without work),
 * "calibrate", "metrics", "explain", … Errors: NO_OUTCOME, ONE_CLASS, TOO_FEW, NO_FEATURES, USAGE, CANCELLED. */
VaiModel *vai_train (const VaiTable *table,
                     const VaiProfile *profile,
                     const VaiTrainOptions *options,
                     VaiTrainEventFunc on_event,
                     gpointer user_data,
                     VaiProgress *progress,
                     GCancellable *cancellable,
                     GHashTable **seconds,
                     GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VaiTrainOptions, vai_train_options_clear)

G_END_DECLS
