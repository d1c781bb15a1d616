/* Where a value lies on an axis, and which values are named on it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VAI_TICKS_MAX 5

typedef struct
{
  double min, max;
} VaiScale;

/* 0..1 from @min to @max; 0.5 where the axis has no length or the value is not finite: never a division by zero. */
double vai_scale_map (const VaiScale *self, double value);

/* Widens @self to multiples of a round step (1, 2, 2.5 or 5 times a power of ten) that part it by 3 to VAI_TICKS_MAX
 * lines, and writes these to
 * @ticks. An axis without length or with an end that is not finite is given one around what there is. Returns how many.
 */
guint vai_scale_round (VaiScale *self, double *ticks);

/* Values of a probability axis, always 0 to 1: in halves or, when @fine, in quarters. */
guint vai_scale_probability (gboolean fine, double *ticks);

/* Digits after the mark that tell @ticks apart. */
guint vai_scale_decimals (const double *ticks, guint n);

/* The smallest stride at which labels of these widths, centred on ascending @positions, stay @gap apart; ≥ 1. */
guint vai_scale_stride (const double *positions, const double *widths, guint n, double gap);

G_END_DECLS
