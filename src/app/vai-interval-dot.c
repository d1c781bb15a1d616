#include "vai-interval-dot.h"

#include <math.h>

#define WIDTH 96
#define WIDTH_MIN 70
#define HEIGHT 26
#define SIDE 6.0
#define TRACK 3.0
#define RANGE 4.0
#define POINT 4.5
#define TICK_REACH 5.0
#define GUESS_REACH 8.0
#define RANGE_ALPHA 0.5
#define PAIR_SHIFT 6.0

typedef struct
{
  double value, low, high;
} Figure;

struct _VaiIntervalDot
{
  VaiDrawing parent_instance;

  double min, max, guess;
  Figure figures[2];
};

G_DEFINE_TYPE (VaiIntervalDot, vai_interval_dot, VAI_TYPE_DRAWING)

static double
place (const VaiIntervalDot *self, double value, double width)
{
  double share = self->max > self->min ? (value - self->min) / (self->max - self->min) : 0.5;

  return SIDE + CLAMP (share, 0, 1) * MAX (width - 2 * SIDE, 1);
}

static void
draw_figure (const VaiIntervalDot *self, const VaiPen *pen, guint which, double width, double y)
{
  const Figure *figure = &self->figures[which];
  VaiColor color = which == 0 ? VAI_COLOR_WON : VAI_COLOR_SECOND;

  if (!isfinite (figure->value))
    return;
  if (isfinite (figure->low) && isfinite (figure->high))
    {
      double low = place (self, figure->low, width), high = place (self, figure->high, width);
      vai_pen_color (pen, color, RANGE_ALPHA);
      cairo_rectangle (pen->cairo, low, y - RANGE / 2, MAX (high - low, 1), RANGE);
      cairo_fill (pen->cairo);
      vai_pen_line (pen, low, y - TICK_REACH, low, y + TICK_REACH, 1.5, color, VAI_DASH_NONE);
      vai_pen_line (pen, high, y - TICK_REACH, high, y + TICK_REACH, 1.5, color, VAI_DASH_NONE);
    }
  vai_pen_mark (pen, which == 0 ? VAI_MARK_CIRCLE : VAI_MARK_DIAMOND, place (self, figure->value, width), y, POINT,
                color);
}

static void
vai_interval_dot_draw (VaiDrawing *drawing, const VaiPen *pen, double width, double height)
{
  VaiIntervalDot *self = VAI_INTERVAL_DOT (drawing);
  double y = height / 2, shift = isfinite (self->figures[1].value) ? PAIR_SHIFT : 0;

  vai_pen_color (pen, VAI_COLOR_TRACK, 1);
  vai_pen_round (pen, SIDE, y - TRACK / 2, MAX (width - 2 * SIDE, 1), TRACK, TRACK / 2);
  cairo_fill (pen->cairo);
  if (isfinite (self->guess))
    {
      double x = place (self, self->guess, width);
      vai_pen_line (pen, x, y - GUESS_REACH, x, y + GUESS_REACH, 1.5, VAI_COLOR_DIM_TEXT, VAI_DASH_NONE);
    }
  draw_figure (self, pen, 0, width, y - shift);
  draw_figure (self, pen, 1, width, y + shift);
}

static void
vai_interval_dot_class_init (VaiIntervalDotClass *klass)
{
  VAI_DRAWING_CLASS (klass)->draw = vai_interval_dot_draw;
}

static void
vai_interval_dot_init (VaiIntervalDot *self)
{
  self->max = 1;
  self->guess = self->figures[0].value = self->figures[1].value = NAN;
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  vai_drawing_set_size (VAI_DRAWING (self), WIDTH_MIN, WIDTH, HEIGHT);
}

GtkWidget *
vai_interval_dot_new (void)
{
  return g_object_new (VAI_TYPE_INTERVAL_DOT, NULL);
}

void
vai_interval_dot_set_scale (VaiIntervalDot *self, double min, double max)
{
  g_return_if_fail (VAI_IS_INTERVAL_DOT (self));

  self->min = min;
  self->max = max;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
vai_interval_dot_set (VaiIntervalDot *self, double value, double low, double high, double guess)
{
  g_return_if_fail (VAI_IS_INTERVAL_DOT (self));

  self->figures[0] = (Figure){ value, low, high };
  self->guess = guess;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
vai_interval_dot_set_other (VaiIntervalDot *self, double value, double low, double high)
{
  g_return_if_fail (VAI_IS_INTERVAL_DOT (self));

  self->figures[1] = (Figure){ value, low, high };
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
