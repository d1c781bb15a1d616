#pragma once

#include "vai-calibrator.h"
#include "vai-isotonic.h"

G_BEGIN_DECLS

/* No probability nearer to 0 or 1 than this: its logit must stay a number of ordinary size. */
#define VAI_PROBABILITY_EDGE 1e-12

typedef struct
{
  double slope, intercept; /* probability = sigmoid (slope × margin + intercept) */
} VaiSigmoid;

/* Platt's curve with his smoothed targets over weighted rows (@weight nullable, @won may be shares), slope ≥ 0. @self
 * holds the start. */
void vai_sigmoid_fit (VaiSigmoid *self, const double *margins, const double *won, const double *weight, gsize n);

struct _VaiCalibrator
{
  VaiCalibration kind;
  double a, b, c;       /* sigmoid: a m + c; beta: a log p - b log (1 - p) + c */
  VaiIsotonic isotonic; /* in margins */
};

/* What a beta calibrator takes of a margin: log p and -log (1 - p), exact for every margin. With slopes ≥ 0 its curve
 * never falls. */
void vai_beta_features (double margin, double *x);

/* vai_calibrator_fit() and vai_calibrator_apply() of a beta calibrator, from these features: @x holds 2 of each row. */
VaiCalibrator *vai_beta_fit (const double *x, const guint8 *won, gsize n);
double vai_beta_apply (const VaiCalibrator *self, const double *x);

G_END_DECLS
