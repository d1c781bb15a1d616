#include "vai-gauge.h"

#include "vai-format.h"
#include "vai-verdict-chip.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define HEIGHT 58
#define SIDE 10.0 /* room for a mark at either end */
#define TRACK_TOP 22.0
#define TRACK 12.0
#define RANGE_ALPHA 0.42
#define TICK_REACH 5.0
#define LABEL_Y 8.0
#define AXIS_Y 49.0
#define LABEL_GAP 7.0

struct _VaiGauge
{
  VaiDrawing parent_instance;

  double probability, low, high, average;
  VaiVerdict verdict;
  gboolean set;
};

G_DEFINE_TYPE (VaiGauge, vai_gauge, VAI_TYPE_DRAWING)

typedef struct
{
  double left, right;
} Span;

static double
place (double share, double width)
{
  return SIDE + CLAMP (share, 0, 1) * (width - 2 * SIDE);
}

static Span
span_around (double x, double text_width, double width)
{
  double left = CLAMP (x - text_width / 2, 0, MAX (width - text_width, 0));

  return (Span){ left, left + text_width };
}

static gboolean
is_free (const Span *spans, guint n, double left, double right)
{
  for (guint i = 0; i < n; i++)
    if (left < spans[i].right + LABEL_GAP && right > spans[i].left - LABEL_GAP)
      return FALSE;
  return TRUE;
}

/* Bold, over both ends of the range; pushed apart where the range is narrow. */
static void
draw_ends (const VaiGauge *self, const VaiPen *pen, double width, Span spans[2])
{
  VaiTextStyle style = { .size = 13, .bold = TRUE, .color = VAI_COLOR_TEXT };
  g_autofree char *low = vai_format_probability (self->low), *high = vai_format_probability (self->high);
  double low_width, high_width;

  vai_pen_measure (pen, low, &style, &low_width, NULL);
  vai_pen_measure (pen, high, &style, &high_width, NULL);
  spans[0] = span_around (place (self->low, width), low_width, width);
  spans[1] = span_around (place (self->high, width), high_width, width);
  double overlap = spans[0].right + LABEL_GAP - spans[1].left;
  if (overlap > 0)
    {
      double shift = MIN (overlap / 2, spans[0].left);
      double rest = MIN (overlap - shift, width - spans[1].right);
      shift = MIN (overlap - rest, spans[0].left);
      spans[0] = (Span){ spans[0].left - shift, spans[0].right - shift };
      spans[1] = (Span){ spans[1].left + rest, spans[1].right + rest };
    }
  vai_pen_text (pen, low, &style, spans[0].left, LABEL_Y);
  vai_pen_text (pen, high, &style, spans[1].left, LABEL_Y);
}

/* Nearest to its tick where it covers no other label. */
static void
draw_average (const VaiGauge *self, const VaiPen *pen, double width, const Span spans[2])
{
  g_autofree char *percent = vai_format_probability (self->average);
  g_autofree char *text = g_strdup_printf (_ ("Your average %s"), percent);
  VaiTextStyle style = { .size = 12, .color = VAI_COLOR_DIM_TEXT };
  double x = place (self->average, width), text_width, best = NAN;

  vai_pen_line (pen, x, TRACK_TOP - TICK_REACH, x, TRACK_TOP + TRACK + TICK_REACH, 1.5, VAI_COLOR_DIM_TEXT,
                VAI_DASH_NONE);
  vai_pen_measure (pen, text, &style, &text_width, NULL);
  double starts[] = { x - text_width / 2, spans[0].right + LABEL_GAP, spans[1].right + LABEL_GAP,
                      spans[0].left - LABEL_GAP - text_width, spans[1].left - LABEL_GAP - text_width };
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      double left = i == 0 ? CLAMP (starts[0], 0, MAX (width - text_width, 0)) : starts[i];
      if (left < 0 || left + text_width > width || !is_free (spans, 2, left + 0.01, left + text_width - 0.01))
        continue;
      if (isnan (best) || fabs (left + text_width / 2 - x) < fabs (best + text_width / 2 - x))
        best = left;
    }
  if (!isnan (best))
    vai_pen_text (pen, text, &style, best, LABEL_Y);
}

static void
draw_axis (const VaiPen *pen, double width)
{
  for (int i = 0; i <= 4; i++)
    {
      g_autofree char *text = vai_format_percent (i / 4.0);
      VaiTextStyle style = { .size = 11,
                             .color = VAI_COLOR_DIM_TEXT,
                             .align = i == 0   ? VAI_ALIGN_LEFT
                                      : i == 4 ? VAI_ALIGN_RIGHT
                                               : VAI_ALIGN_CENTER };
      vai_pen_text (pen, text, &style, i == 0 ? SIDE : i == 4 ? width - SIDE : place (i / 4.0, width), AXIS_Y);
    }
}

static void
draw_range (const VaiGauge *self, const VaiPen *pen, double width)
{
  double low = place (self->low, width), high = place (self->high, width), middle = TRACK_TOP + TRACK / 2;
  VaiColor color = vai_verdict_color (self->verdict);

  vai_pen_color (pen, color, RANGE_ALPHA);
  cairo_rectangle (pen->cairo, low, TRACK_TOP, MAX (high - low, 1), TRACK);
  cairo_fill (pen->cairo);
  vai_pen_line (pen, low, TRACK_TOP - TICK_REACH, low, TRACK_TOP + TRACK + TICK_REACH, 1.5, color, VAI_DASH_NONE);
  vai_pen_line (pen, high, TRACK_TOP - TICK_REACH, high, TRACK_TOP + TRACK + TICK_REACH, 1.5, color, VAI_DASH_NONE);
  VaiMark mark = vai_verdict_mark (self->verdict);
  double radius = mark == VAI_MARK_SQUARE ? 7 / 0.85 : mark == VAI_MARK_DIAMOND ? 9 / 1.2 : 8;
  if (mark != VAI_MARK_NONE)
    vai_pen_mark (pen, mark, place (self->probability, width), middle, radius, color);
}

static void
vai_gauge_draw (VaiDrawing *drawing, const VaiPen *pen, double width, double height)
{
  VaiGauge *self = VAI_GAUGE (drawing);
  Span spans[2];

  vai_pen_color (pen, VAI_COLOR_TRACK, 1);
  vai_pen_round (pen, SIDE, TRACK_TOP, MAX (width - 2 * SIDE, 1), TRACK, 5);
  cairo_fill (pen->cairo);
  draw_axis (pen, width);
  if (!self->set)
    return;
  draw_ends (self, pen, width, spans);
  draw_average (self, pen, width, spans);
  draw_range (self, pen, width);
}

static void
vai_gauge_class_init (VaiGaugeClass *klass)
{
  VAI_DRAWING_CLASS (klass)->draw = vai_gauge_draw;
}

static void
vai_gauge_init (VaiGauge *self)
{
  vai_drawing_set_size (VAI_DRAWING (self), 200, 400, HEIGHT);
}

GtkWidget *
vai_gauge_new (void)
{
  return g_object_new (VAI_TYPE_GAUGE, NULL);
}

void
vai_gauge_set (VaiGauge *self, double probability, double low, double high, double average, VaiVerdict verdict)
{
  g_return_if_fail (VAI_IS_GAUGE (self));

  g_autofree char *low_text = vai_format_probability (low), *high_text = vai_format_probability (high);
  g_autofree char *chance = vai_format_probability (probability), *average_text = vai_format_probability (average);
  g_autofree char *finding
      = verdict == VAI_VERDICT_NOT_ENOUGH_SIMILAR
            ? g_strdup_printf (_ ("Chance between %s and %s; your average is %s"), low_text, high_text, average_text)
            : g_strdup_printf (_ ("Chance %s, between %s and %s; your average is %s"), chance, low_text, high_text,
                               average_text);
  self->probability = probability;
  self->low = low;
  self->high = high;
  self->average = average;
  self->verdict = verdict;
  self->set = TRUE;
  vai_drawing_describe (VAI_DRAWING (self), finding, NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
