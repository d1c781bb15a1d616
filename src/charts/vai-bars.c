#include "vai-chart-private.h"

#include <math.h>

/* Geometry of the screens: row 24, bar 14; of the width a little more for names than there, whose columns have short
 * ones. */
#define ROW_HEIGHT 24.0
#define BAR_SHARE (14.0 / 24.0)
#define NAME_SHARE 0.46
#define VALUE_WIDTH 52.0
#define GAP 8.0
#define UNDER_REACH 2.0
#define ROW_HEIGHT_MIN 12.0

static void
clear_bar (gpointer data)
{
  VaiBar *bar = data;
  g_free (bar->name);
  g_free (bar->detail);
  g_free (bar->value);
}

VaiBars *
vai_bars_new (void)
{
  VaiBars *self = g_new0 (VaiBars, 1);
  self->bars = g_array_new (FALSE, TRUE, sizeof (VaiBar));
  g_array_set_clear_func (self->bars, clear_bar);
  self->rule = NAN;
  return self;
}

void
vai_bars_free (VaiBars *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->bars);
  g_free (self);
}

double
vai_bars_get_natural_height (const VaiBars *self)
{
  return self->bars->len * ROW_HEIGHT + 4;
}

double
vai_bars_get_least_height (const VaiBars *self)
{
  return self->bars->len * ROW_HEIGHT_MIN + 4;
}

static double
row_height (const VaiBars *self, double height)
{
  return CLAMP (height / MAX (self->bars->len, 1), ROW_HEIGHT_MIN, 1.6 * ROW_HEIGHT);
}

static double
place_x (const VaiBars *self, double width, double value)
{
  double left = width * NAME_SHARE + GAP, right = width - VALUE_WIDTH - GAP;
  return left + MAX (right - left, 1) * CLAMP (vai_scale_map (&self->scale, value), 0, 1);
}

static void
draw_names (const VaiBar *bar, const VaiPen *pen, double width, double y, double size)
{
  VaiTextStyle style = { .size = size, .bold = bar->bold, .color = VAI_COLOR_TEXT };
  double room = width * NAME_SHARE, name_width;
  vai_pen_measure (pen, bar->name, &style, &name_width, NULL);
  gboolean detailed = bar->detail != NULL && *bar->detail != '\0';
  /* A name is whole where it can be; the value beside it has the rest, if that shows anything. */
  style.width = MIN (name_width + 1, room);
  vai_pen_text (pen, bar->name, &style, 0, y);
  VaiTextStyle dim = { .size = size, .color = VAI_COLOR_DIM_TEXT };
  double detail_width = 0;
  if (detailed)
    vai_pen_measure (pen, bar->detail, &dim, &detail_width, NULL);
  dim.width = room - style.width - 6;
  if (detailed && dim.width > MIN (detail_width, 2 * size))
    vai_pen_text (pen, bar->detail, &dim, style.width + 6, y);
}

static void
draw_interval (const VaiBars *self, const VaiBar *bar, const VaiPen *pen, double width, double y)
{
  if (!isfinite (bar->low) || !isfinite (bar->high))
    return;
  double low = place_x (self, width, bar->low), high = place_x (self, width, bar->high);
  vai_pen_line (pen, low, y, high, y, 1.5, VAI_COLOR_TEXT, VAI_DASH_NONE);
  vai_pen_line (pen, low, y - 4, low, y + 4, 1.5, VAI_COLOR_TEXT, VAI_DASH_NONE);
  vai_pen_line (pen, high, y - 4, high, y + 4, 1.5, VAI_COLOR_TEXT, VAI_DASH_NONE);
}

static void
draw_bar (const VaiBars *self, const VaiBar *bar, const VaiPen *pen, double width, double y, double height)
{
  double size = CLAMP (height * 0.55, 11, 13), thick = height * BAR_SHARE;
  double from = place_x (self, width, bar->from), to = place_x (self, width, bar->to);
  draw_names (bar, pen, width, y, size);
  if (bar->under > 0)
    vai_pen_rectangle (pen, place_x (self, width, 0), y - thick / 2 - UNDER_REACH,
                       place_x (self, width, bar->under) - place_x (self, width, 0), thick + 2 * UNDER_REACH,
                       VAI_COLOR_TRACK, VAI_FILL_SOLID);
  if (bar->mark != VAI_MARK_NONE)
    vai_pen_mark (pen, bar->mark, to, y, 5.5, bar->color);
  else if (bar->from != bar->to)
    vai_pen_rectangle (pen, MIN (from, to), y - thick / 2, MAX (fabs (to - from), 1.5), thick, bar->color, bar->fill);
  draw_interval (self, bar, pen, width, y);
  VaiTextStyle value = { .size = size, .bold = TRUE, .color = bar->text_color, .align = VAI_ALIGN_RIGHT };
  vai_pen_text (pen, bar->value, &value, width, y);
}

void
vai_bars_draw (const VaiBars *self, const VaiPen *pen, double width, double height)
{
  double step = row_height (self, height);
  if (isfinite (self->rule))
    {
      double x = place_x (self, width, self->rule);
      vai_pen_line (pen, x, step / 2, x, step * (self->bars->len - 0.5), 1, VAI_COLOR_AXIS, VAI_DASH_DOTTED);
    }
  for (guint i = 0; i < self->bars->len; i++)
    {
      const VaiBar *bar = &g_array_index (self->bars, VaiBar, i);
      double y = step * (i + 0.5), x = place_x (self, width, bar->to);
      if (bar->joined && i + 1 < self->bars->len)
        vai_pen_line (pen, x, y, x, y + step, 1, VAI_COLOR_AXIS, VAI_DASH_NONE);
    }
  for (guint i = 0; i < self->bars->len; i++)
    draw_bar (self, &g_array_index (self->bars, VaiBar, i), pen, width, step * (i + 0.5), step);
}

gboolean
vai_bars_locate (const VaiBars *self, double width, double height, guint row, double *x, double *y)
{
  if (row >= self->bars->len)
    return FALSE;
  *x = place_x (self, width, g_array_index (self->bars, VaiBar, row).to);
  *y = row_height (self, height) * (row + 0.5);
  return TRUE;
}
