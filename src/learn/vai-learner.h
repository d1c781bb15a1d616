/* The learners behind a member. Private to learn. */
#pragma once

#include "vai-encoder.h"
#include "vai-tree-ensemble.h"

G_BEGIN_DECLS

/* Margin = intercept + Σ weight × column. */
typedef struct
{
  guint n_columns;
  double intercept;
  double *weights;        /* owned */
  double *means;          /* of the training rows; owned */
  double library_seconds; /* inside LIBLINEAR */
} VaiLinear;

/* @matrix is training rows × columns of @encoder. @strength is LIBLINEAR's C; NaN finds one by inner cross-validation
 * and writes it. */
gboolean vai_logistic_fit (VaiLinear *self,
                           const VaiEncoder *encoder,
                           const float *matrix,
                           const VaiTraining *training,
                           double *strength,
                           VaiRoundFunc on_round,
                           gpointer user_data,
                           GCancellable *cancellable,
                           GError **error);
void vai_linear_clear (VaiLinear *self);

typedef struct
{
  const VaiHyperparameters *hyperparameters;
  const VaiTraining *training;
  const VaiEncoder *encoder;
  float *matrix; /* training rows × columns; freed as soon as XGBoost has its own copy */
  VaiRoundFunc on_round;
  gpointer user_data;
  GCancellable *cancellable;
  double library_seconds; /* result: inside XGBoost */
} VaiTreeTraining;

/* XGBoost's own bytes of the model, cut at the best round; @rounds receives how many those are. */
GBytes *vai_trees_fit (VaiTreeTraining *self, guint *rounds, GError **error);

G_END_DECLS
