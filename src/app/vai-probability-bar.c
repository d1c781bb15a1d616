#include "vai-probability-bar.h"

#include "vai-format.h"
#include "vai-verdict-chip.h"

#include <glib/gi18n-lib.h>

#define WIDTH 150
#define WIDTH_MIN 80
#define HEIGHT 18
#define SIDE 6.0
#define TRACK 6.0
#define POINT 4.5
#define TICK_REACH 6.0
#define RANGE_ALPHA 0.42

struct _VaiProbabilityBar
{
  VaiDrawing parent_instance;

  double probability, low, high;
  VaiVerdict verdict;
  gboolean set;
};

G_DEFINE_TYPE (VaiProbabilityBar, vai_probability_bar, VAI_TYPE_DRAWING)

static void
vai_probability_bar_draw (VaiDrawing *drawing, const VaiPen *pen, double width, double height)
{
  VaiProbabilityBar *self = VAI_PROBABILITY_BAR (drawing);
  double room = MAX (width - 2 * SIDE, 1), y = height / 2, middle = SIDE + room / 2;
  VaiColor color = vai_verdict_color (self->verdict);
  VaiMark mark = vai_verdict_mark (self->verdict);

  vai_pen_color (pen, VAI_COLOR_TRACK, 1);
  vai_pen_round (pen, SIDE, y - TRACK / 2, room, TRACK, TRACK / 2);
  cairo_fill (pen->cairo);
  vai_pen_line (pen, middle, y - TICK_REACH, middle, y + TICK_REACH, 1, VAI_COLOR_AXIS, VAI_DASH_NONE);
  if (!self->set)
    return;
  double low = SIDE + CLAMP (self->low, 0, 1) * room, high = SIDE + CLAMP (self->high, 0, 1) * room;
  vai_pen_color (pen, color, RANGE_ALPHA);
  cairo_rectangle (pen->cairo, low, y - TRACK / 2, MAX (high - low, 1), TRACK);
  cairo_fill (pen->cairo);
  vai_pen_line (pen, low, y - TICK_REACH, low, y + TICK_REACH, 1.5, color, VAI_DASH_NONE);
  vai_pen_line (pen, high, y - TICK_REACH, high, y + TICK_REACH, 1.5, color, VAI_DASH_NONE);
  if (mark != VAI_MARK_NONE)
    vai_pen_mark (pen, mark, SIDE + CLAMP (self->probability, 0, 1) * room, y, POINT, color);
}

static void
vai_probability_bar_class_init (VaiProbabilityBarClass *klass)
{
  VAI_DRAWING_CLASS (klass)->draw = vai_probability_bar_draw;
}

static void
vai_probability_bar_init (VaiProbabilityBar *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  vai_drawing_set_size (VAI_DRAWING (self), WIDTH_MIN, WIDTH, HEIGHT);
}

GtkWidget *
vai_probability_bar_new (void)
{
  return g_object_new (VAI_TYPE_PROBABILITY_BAR, NULL);
}

void
vai_probability_bar_set (VaiProbabilityBar *self, double probability, double low, double high, VaiVerdict verdict)
{
  g_return_if_fail (VAI_IS_PROBABILITY_BAR (self));

  g_autofree char *low_text = vai_format_probability (low), *high_text = vai_format_probability (high);
  g_autofree char *finding = g_strdup_printf (_ ("Between %s and %s"), low_text, high_text);
  self->probability = probability;
  self->low = low;
  self->high = high;
  self->verdict = verdict;
  self->set = TRUE;
  vai_drawing_describe (VAI_DRAWING (self), finding, NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
