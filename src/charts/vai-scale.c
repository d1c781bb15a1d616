#include "vai-scale.h"

#include <math.h>

/* Beyond this doubles no longer tell neighbouring ticks apart. */
#define RELATIVE_SPAN_MIN 1e-9
#define DECIMALS_MAX 6

/* Sizes at which sums and powers stay far from overflow and underflow. */
#define SIZE_MAX_DRAWN 1e300
#define SIZE_MIN_DRAWN 1e-290

double
vai_scale_map (const VaiScale *self, double value)
{
  if (!(self->max > self->min) || !isfinite (value))
    return 0.5;
  return (value - self->min) / (self->max - self->min);
}

static void
give_length (VaiScale *self)
{
  if (!isfinite (self->min) || !isfinite (self->max))
    *self = (VaiScale){ isfinite (self->min)   ? self->min
                        : isfinite (self->max) ? self->max - 1
                                               : 0,
                        isfinite (self->max)   ? self->max
                        : isfinite (self->min) ? self->min + 1
                                               : 1 };
  *self = (VaiScale){ CLAMP (self->min, -SIZE_MAX_DRAWN, SIZE_MAX_DRAWN),
                      CLAMP (self->max, -SIZE_MAX_DRAWN, SIZE_MAX_DRAWN) };
  double size = MAX (fabs (self->min), fabs (self->max));
  if (size < SIZE_MIN_DRAWN)
    size = 0;
  if (size > 0 && self->max - self->min > size * RELATIVE_SPAN_MIN)
    return;
  double middle = self->min, half = size > 0 ? size / 2 : 1;
  *self = (VaiScale){ middle - half, middle + half };
}

guint
vai_scale_round (VaiScale *self, double *ticks)
{
  static const double steps[] = { 1, 2, 2.5, 5 };
  give_length (self);
  double power = pow (10, floor (log10 ((self->max - self->min) / VAI_TICKS_MAX)) - 1);
  for (guint i = 0;; i++)
    {
      double step = steps[i % G_N_ELEMENTS (steps)] * power * pow (10, i / G_N_ELEMENTS (steps));
      /* An end that lies on a tick but for rounding is on it. */
      double from = floor (self->min / step + 1e-6), to = ceil (self->max / step - 1e-6);
      if (to - from + 1 > VAI_TICKS_MAX)
        continue;
      guint n = to - from + 1;
      for (guint k = 0; k < n; k++)
        ticks[k] = (from + k) * step;
      *self = (VaiScale){ ticks[0], ticks[n - 1] };
      return n;
    }
}

guint
vai_scale_probability (gboolean fine, double *ticks)
{
  guint n = fine ? 5 : 3;
  for (guint i = 0; i < n; i++)
    ticks[i] = (double) i / (n - 1);
  return n;
}

guint
vai_scale_decimals (const double *ticks, guint n)
{
  double step = n > 1 ? ticks[1] - ticks[0] : 1;
  for (guint decimals = 0; decimals < DECIMALS_MAX; decimals++)
    {
      double scaled = step * pow (10, decimals);
      if (fabs (scaled - round (scaled)) < 1e-6 * fabs (scaled))
        return decimals;
    }
  return DECIMALS_MAX;
}

guint
vai_scale_stride (const double *positions, const double *widths, guint n, double gap)
{
  for (guint stride = 1; stride < n; stride++)
    {
      gboolean fits = TRUE;
      for (guint i = stride; fits && i < n; i += stride)
        fits = positions[i] - widths[i] / 2 >= positions[i - stride] + widths[i - stride] / 2 + gap;
      if (fits)
        return stride;
    }
  return MAX (n, 1);
}
