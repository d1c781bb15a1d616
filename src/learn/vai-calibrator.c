#include "vai-calibrator-private.h"

#include "vai-logit-fit.h"

#include <math.h>
#include <stdlib.h>

static const char *const names[VAI_N_CALIBRATIONS] = {
  [VAI_CALIBRATION_NONE] = "none",
  [VAI_CALIBRATION_SIGMOID] = "sigmoid",
  [VAI_CALIBRATION_BETA] = "beta",
  [VAI_CALIBRATION_ISOTONIC] = "isotonic",
};

const char *
vai_calibration_name (VaiCalibration kind)
{
  g_return_val_if_fail (kind < VAI_N_CALIBRATIONS, NULL);
  return names[kind];
}

double
vai_logit (double probability)
{
  return log (probability) - log1p (-probability);
}

double
vai_sigmoid (double margin)
{
  double e = exp (-fabs (margin));
  return margin >= 0 ? 1 / (1 + e) : e / (1 + e);
}

double
vai_log_loss (double margin, gboolean won)
{
  double against = won ? -margin : margin;
  return MAX (against, 0) + log1p (exp (-fabs (margin)));
}

void
vai_beta_features (double margin, double *x)
{
  double part = log1p (exp (-fabs (margin)));
  x[0] = MIN (margin, 0) - part;
  x[1] = part - MIN (-margin, 0);
}

/* Platt's targets: as if each class had one more row that went the other way. They keep the curve finite when a score
 * splits the classes without an error, and for one class alone. Gives the logit of the base rate, to start from. */
static double
smooth_targets (const double *won, const double *weight, gsize n, double *targets)
{
  double n_won = 0, n_all = 0;
  for (gsize i = 0; i < n; i++)
    {
      double w = weight != NULL ? weight[i] : 1;
      n_won += w * won[i];
      n_all += w;
    }
  double high = (n_won + 1) / (n_won + 2), low = 1 / (n_all - n_won + 2);
  for (gsize i = 0; i < n; i++)
    targets[i] = low + (high - low) * won[i];
  return vai_logit ((n_won + 1) / (n_all + 2));
}

void
vai_sigmoid_fit (VaiSigmoid *self, const double *margins, const double *won, const double *weight, gsize n)
{
  g_autofree double *targets = g_new (double, MAX (n, 1));
  smooth_targets (won, weight, n, targets);
  VaiLogitFit fit = { .x = margins, .target = targets, .weight = weight, .n = n, .k = 1 };
  vai_logit_fit (&fit, &self->slope, &self->intercept);
}

static void
fit_sigmoid (VaiCalibrator *self, const double *margins, const double *won, gsize n)
{
  VaiSigmoid sigmoid = { 1, 0 };
  vai_sigmoid_fit (&sigmoid, margins, won, NULL, n);
  self->a = sigmoid.slope;
  self->c = sigmoid.intercept;
}

VaiCalibrator *
vai_beta_fit (const double *x, const guint8 *won, gsize n)
{
  VaiCalibrator *self = g_new0 (VaiCalibrator, 1);
  g_autofree double *targets = g_new (double, MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    targets[i] = won[i] != 0;
  smooth_targets (targets, NULL, n, targets);
  double slopes[2] = { 1, 1 };
  VaiLogitFit fit = { .x = x, .target = targets, .n = n, .k = 2 };
  self->kind = VAI_CALIBRATION_BETA;
  vai_logit_fit (&fit, slopes, &self->c);
  self->a = slopes[0];
  self->b = slopes[1];
  return self;
}

static VaiCalibrator *
fit_beta (const double *margins, const guint8 *won, gsize n)
{
  g_autofree double *x = g_new (double, 2 * MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    vai_beta_features (margins[i], x + 2 * i);
  return vai_beta_fit (x, won, n);
}

typedef struct
{
  double x, y;
} Point;

static int
compare_points (const void *a, const void *b)
{
  const Point *p = a, *q = b;
  return p->x != q->x ? (p->x > q->x) - (p->x < q->x) : (p->y > q->y) - (p->y < q->y);
}

static gboolean
is_sorted (const double *x, const double *y, gsize n)
{
  for (gsize i = 1; i < n; i++)
    if (!(x[i - 1] < x[i] || (x[i - 1] == x[i] && y[i - 1] <= y[i])))
      return FALSE;
  return TRUE;
}

static void
fit_isotonic (VaiCalibrator *self, const double *margins, const double *won, gsize n)
{
  if (is_sorted (margins, won, n))
    {
      vai_isotonic_fit (&self->isotonic, margins, won, NULL, n);
      return;
    }
  g_autofree Point *points = g_new (Point, n);
  g_autofree double *x = g_new (double, n), *y = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    points[i] = (Point){ margins[i], won[i] };
  qsort (points, n, sizeof (Point), compare_points);
  for (gsize i = 0; i < n; i++)
    {
      x[i] = points[i].x;
      y[i] = points[i].y;
    }
  vai_isotonic_fit (&self->isotonic, x, y, NULL, n);
}

VaiCalibrator *
vai_calibrator_fit (VaiCalibration kind, const double *margins, const guint8 *won, gsize n)
{
  g_return_val_if_fail (kind < VAI_N_CALIBRATIONS, NULL);
  g_return_val_if_fail (n > 0 || kind == VAI_CALIBRATION_NONE, NULL);
  if (kind == VAI_CALIBRATION_BETA)
    return fit_beta (margins, won, n);
  VaiCalibrator *self = g_new0 (VaiCalibrator, 1);
  self->kind = kind;
  self->a = 1;
  if (kind == VAI_CALIBRATION_NONE)
    return self;
  g_autofree double *outcomes = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    outcomes[i] = won[i] != 0;
  if (kind == VAI_CALIBRATION_SIGMOID)
    fit_sigmoid (self, margins, outcomes, n);
  else
    fit_isotonic (self, margins, outcomes, n);
  return self;
}

VaiCalibration
vai_calibrator_get_kind (const VaiCalibrator *self)
{
  return self->kind;
}

static double
within_edges (double probability)
{
  return CLAMP (probability, VAI_PROBABILITY_EDGE, 1 - VAI_PROBABILITY_EDGE);
}

double
vai_beta_apply (const VaiCalibrator *self, const double *x)
{
  return within_edges (vai_sigmoid (self->a * x[0] + self->b * x[1] + self->c));
}

double
vai_calibrator_apply (const VaiCalibrator *self, double margin)
{
  double x[2];
  if (self->kind == VAI_CALIBRATION_ISOTONIC)
    return within_edges (vai_isotonic_apply (&self->isotonic, margin));
  if (self->kind != VAI_CALIBRATION_BETA)
    return within_edges (vai_sigmoid (self->a * margin + self->c));
  vai_beta_features (margin, x);
  return vai_beta_apply (self, x);
}

void
vai_calibrator_free (VaiCalibrator *self)
{
  if (self == NULL)
    return;
  vai_isotonic_clear (&self->isotonic);
  g_free (self);
}
