#include "vai-pen.h"

#include <math.h>
#include <pango/pangocairo.h>

#define HATCH_GAP 5.0
#define HATCH_WIDTH 1.2

void
vai_pen_color (const VaiPen *self, VaiColor color, double alpha)
{
  double red, green, blue;
  vai_palette_get (self->palette, color, &red, &green, &blue);
  cairo_set_source_rgba (self->cairo, red, green, blue, alpha);
}

static PangoLayout *
make_layout (const VaiPen *self, const char *text, const VaiTextStyle *style)
{
  PangoLayout *layout = pango_cairo_create_layout (self->cairo);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string (VAI_FONT_FAMILIES);
  pango_font_description_set_absolute_size (font, style->size * PANGO_SCALE);
  if (style->bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_single_paragraph_mode (layout, !style->wrap);
  pango_layout_set_text (layout, text, -1);
  if (style->width > 0)
    {
      pango_layout_set_width (layout, style->width * PANGO_SCALE);
      pango_layout_set_ellipsize (layout, style->wrap ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END);
      pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
      /* Text that runs from right to left keeps its side: the names of a column stand in one line. */
      pango_layout_set_auto_dir (layout, FALSE);
      pango_layout_set_alignment (layout, style->align == VAI_ALIGN_LEFT     ? PANGO_ALIGN_LEFT
                                          : style->align == VAI_ALIGN_CENTER ? PANGO_ALIGN_CENTER
                                                                             : PANGO_ALIGN_RIGHT);
    }
  return layout;
}

void
vai_pen_measure (const VaiPen *self, const char *text, const VaiTextStyle *style, double *width, double *height)
{
  g_autoptr (PangoLayout) layout = make_layout (self, text, style);
  PangoRectangle logical;
  pango_layout_get_extents (layout, NULL, &logical);
  if (width != NULL)
    *width = (double) logical.width / PANGO_SCALE;
  if (height != NULL)
    *height = (double) logical.height / PANGO_SCALE;
}

void
vai_pen_text (const VaiPen *self, const char *text, const VaiTextStyle *style, double x, double y)
{
  if (text == NULL || *text == '\0')
    return;
  g_autoptr (PangoLayout) layout = make_layout (self, text, style);
  PangoRectangle logical;
  pango_layout_get_extents (layout, NULL, &logical);
  double width = style->width > 0 ? style->width : (double) logical.width / PANGO_SCALE;
  double left = style->align == VAI_ALIGN_LEFT ? x : style->align == VAI_ALIGN_CENTER ? x - width / 2 : x - width;
  cairo_new_path (self->cairo);
  vai_pen_color (self, style->color, 1);
  cairo_move_to (self->cairo, left, y - (double) logical.height / PANGO_SCALE / 2);
  pango_cairo_show_layout (self->cairo, layout);
  cairo_new_path (self->cairo);
}

void
vai_pen_round (const VaiPen *self, double x, double y, double width, double height, double radius)
{
  radius = MIN (radius, MIN (width, height) / 2);
  cairo_new_path (self->cairo);
  cairo_arc (self->cairo, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (self->cairo, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (self->cairo, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (self->cairo, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (self->cairo);
}

static void
hatch (const VaiPen *self, double x, double y, double width, double height)
{
  cairo_save (self->cairo);
  cairo_clip (self->cairo);
  cairo_set_line_width (self->cairo, HATCH_WIDTH);
  /* From a fixed origin, so that neighbouring areas go on in each other. */
  for (double start = floor ((x + y) / HATCH_GAP) * HATCH_GAP; start < x + width + y + height; start += HATCH_GAP)
    {
      cairo_move_to (self->cairo, start - y, y);
      cairo_line_to (self->cairo, start - y - height, y + height);
    }
  cairo_stroke (self->cairo);
  cairo_restore (self->cairo);
}

void
vai_pen_rectangle (const VaiPen *self, double x, double y, double width, double height, VaiColor color, VaiFill fill)
{
  if (!(width > 0) || !(height > 0))
    return;
  double radius = MIN (2, MIN (width, height) / 3);
  vai_pen_round (self, x, y, width, height, radius);
  vai_pen_color (self, color,
                 fill == VAI_FILL_SOLID     ? 1
                 : fill == VAI_FILL_PALE    ? 0.45
                 : fill == VAI_FILL_HATCHED ? 0.15
                                            : 0.0);
  cairo_fill (self->cairo);
  if (fill == VAI_FILL_SOLID || fill == VAI_FILL_PALE)
    return;
  vai_pen_color (self, color, 1);
  if (fill == VAI_FILL_HATCHED)
    {
      vai_pen_round (self, x, y, width, height, radius);
      hatch (self, x, y, width, height);
    }
  if (width > 2 && height > 2)
    {
      vai_pen_round (self, x + 0.5, y + 0.5, width - 1, height - 1, radius);
      cairo_set_line_width (self->cairo, 1);
      cairo_stroke (self->cairo);
    }
}

void
vai_pen_disc (const VaiPen *self, double x, double y, double radius, VaiColor color, VaiFill fill)
{
  cairo_new_path (self->cairo);
  cairo_arc (self->cairo, x, y, radius, 0, 2 * G_PI);
  vai_pen_color (self, color, 1);
  if (fill == VAI_FILL_SOLID)
    {
      cairo_fill (self->cairo);
      return;
    }
  if (fill == VAI_FILL_HATCHED)
    hatch (self, x - radius, y - radius, 2 * radius, 2 * radius);
  cairo_new_path (self->cairo);
  cairo_arc (self->cairo, x, y, radius - 0.75, 0, 2 * G_PI);
  cairo_set_line_width (self->cairo, 1.5);
  cairo_stroke (self->cairo);
}

void
vai_pen_mark (const VaiPen *self, VaiMark mark, double x, double y, double radius, VaiColor color)
{
  cairo_new_path (self->cairo);
  if (mark == VAI_MARK_CIRCLE)
    cairo_arc (self->cairo, x, y, radius, 0, 2 * G_PI);
  else if (mark == VAI_MARK_SQUARE)
    cairo_rectangle (self->cairo, x - radius * 0.85, y - radius * 0.85, radius * 1.7, radius * 1.7);
  else if (mark == VAI_MARK_DIAMOND)
    {
      cairo_move_to (self->cairo, x, y - radius * 1.2);
      cairo_line_to (self->cairo, x + radius * 1.2, y);
      cairo_line_to (self->cairo, x, y + radius * 1.2);
      cairo_line_to (self->cairo, x - radius * 1.2, y);
      cairo_close_path (self->cairo);
    }
  /* A rim in the colour of the card parts the mark from the line under it. */
  vai_pen_color (self, VAI_COLOR_CARD, 1);
  cairo_set_line_width (self->cairo, 3);
  cairo_stroke_preserve (self->cairo);
  vai_pen_color (self, color, 1);
  cairo_fill (self->cairo);
}

void
vai_pen_dash (const VaiPen *self, VaiDash dash)
{
  static const double dashed[] = { 6, 4 }, dotted[] = { 2, 3 };
  if (dash == VAI_DASH_NONE)
    cairo_set_dash (self->cairo, NULL, 0, 0);
  else
    cairo_set_dash (self->cairo, dash == VAI_DASH_DASHED ? dashed : dotted, 2, 0);
}

void
vai_pen_line (const VaiPen *self,
              double x0,
              double y0,
              double x1,
              double y1,
              double width,
              VaiColor color,
              VaiDash dash)
{
  cairo_new_path (self->cairo);
  vai_pen_color (self, color, 1);
  vai_pen_dash (self, dash);
  cairo_set_line_width (self->cairo, width);
  cairo_move_to (self->cairo, x0, y0);
  cairo_line_to (self->cairo, x1, y1);
  cairo_stroke (self->cairo);
  vai_pen_dash (self, VAI_DASH_NONE);
}
