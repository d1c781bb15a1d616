/* A small logistic regression with weights that may not be negative: the solver under the calibrators and the blend. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* More columns than any combination has. */
#define VAI_LOGIT_FIT_COLUMNS_MAX 64

typedef struct
{
  const double *x;      /* n × k, row by row */
  const double *target; /* of each row: 0..1 */
  const double *weight; /* nullable: of each row, ≥ 0 */
  gsize n;
  guint k;
  const double *centre; /* nullable: k values towards which the ridge pulls; NULL: 0 */
  double ridge; /* ½ ridge Σ (coefficient - centre)² is added to the summed log loss; the intercept is free of it */
} VaiLogitFit;

/* Minimises the weighted sum of log losses of sigmoid (intercept + Σ coefficient × x) over coefficients ≥ 0, from the
 * values that
 * @coefficients and @intercept have on entry (warm start; negative ones are taken as 0). Projected Newton with an
 * active set (Bertsekas 1982) and backtracking: a convex problem, so where it starts changes nothing but the last
 * digits. */
void vai_logit_fit (const VaiLogitFit *problem, double *coefficients, double *intercept);

G_END_DECLS
