#include "vai-plot-private.h"

#include <math.h>

#define BAND_ALPHA 0.2
#define POINT_RADIUS 5.0
#define TICK_HALF 4.0

static void
free_layer (gpointer data)
{
  VaiLayer *layer = data;
  g_free (layer->x);
  g_free (layer->y);
  g_free (layer->low);
  g_free (layer->high);
  g_free (layer->label);
  g_free (layer);
}

static void
init_panel (VaiPanel *panel, VaiAxisKind kind)
{
  panel->y.kind = kind;
  panel->y.scale = (VaiScale){ NAN, NAN };
  panel->layers = g_ptr_array_new_with_free_func (free_layer);
}

VaiPlot *
vai_plot_new (VaiAxisKind x, VaiAxisKind y)
{
  VaiPlot *self = g_new0 (VaiPlot, 1);
  self->x.kind = x;
  self->x.scale = (VaiScale){ NAN, NAN };
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->anchors = g_array_new (FALSE, FALSE, sizeof (VaiAnchor));
  self->n_panels = 1;
  for (guint p = 0; p < G_N_ELEMENTS (self->panels); p++)
    init_panel (&self->panels[p], y);
  return self;
}

void
vai_plot_free (VaiPlot *self)
{
  if (self == NULL)
    return;
  for (guint p = 0; p < G_N_ELEMENTS (self->panels); p++)
    {
      g_ptr_array_unref (self->panels[p].layers);
      g_free (self->panels[p].title);
      g_free (self->panels[p].y.unit);
    }
  g_ptr_array_unref (self->names);
  g_array_unref (self->anchors);
  g_free (self->x.unit);
  g_free (self->x_title);
  g_free (self);
}

static void
widen (VaiScale *scale, double value)
{
  if (!isfinite (value))
    return;
  if (!(scale->min <= value))
    scale->min = value;
  if (!(scale->max >= value))
    scale->max = value;
}

VaiLayer *
vai_plot_add (VaiPlot *self,
              guint panel,
              VaiLayerKind kind,
              VaiColor color,
              const double *x,
              const double *y,
              const double *low,
              const double *high,
              gsize n)
{
  VaiLayer *layer = g_new0 (VaiLayer, 1);
  layer->kind = kind;
  layer->color = layer->text_color = color;
  layer->width = kind == VAI_LAYER_LINE ? 2.5 : 1;
  layer->n = n;
  layer->x = g_memdup2 (x, n * sizeof *x);
  layer->y = y != NULL ? g_memdup2 (y, n * sizeof *y) : g_new0 (double, n);
  layer->low = g_memdup2 (low, n * sizeof *x);
  layer->high = g_memdup2 (high, n * sizeof *x);
  layer->label_at = NAN;
  g_ptr_array_add (self->panels[panel].layers, layer);
  VaiScale *scale = &self->panels[panel].y.scale;
  for (gsize i = 0; i < n; i++)
    {
      widen (&self->x.scale, x[i]);
      if (y != NULL)
        widen (scale, y[i]);
      if (low != NULL && high != NULL)
        {
          widen (scale, low[i]);
          widen (scale, high[i]);
        }
    }
  if (kind == VAI_LAYER_BARS)
    widen (scale, 0);
  return layer;
}

void
vai_layer_label (VaiLayer *layer, const char *text, VaiColor color, double at)
{
  g_free (layer->label);
  layer->label = g_strdup (text);
  layer->text_color = color;
  layer->label_at = at;
}

void
vai_plot_add_anchor (VaiPlot *self, guint panel, double x, double y)
{
  VaiAnchor anchor = { panel, x, y };
  g_array_append_val (self->anchors, anchor);
}

static void
draw_line (const VaiPen *pen, const VaiLayer *layer, const VaiPlotPlace *place, const VaiPanelPlace *panel)
{
  gboolean drawing = FALSE;
  cairo_new_path (pen->cairo);
  for (guint i = 0; i < layer->n; i++)
    {
      gboolean known = isfinite (layer->x[i]) && isfinite (layer->y[i]);
      double x = vai_plot_x (place, layer->x[i]), y = vai_plot_y (panel, layer->y[i]);
      if (known && drawing)
        cairo_line_to (pen->cairo, x, y);
      else if (known)
        cairo_move_to (pen->cairo, x, y);
      drawing = known;
    }
  vai_pen_color (pen, layer->color, 1);
  cairo_set_line_width (pen->cairo, layer->width);
  cairo_set_line_join (pen->cairo, CAIRO_LINE_JOIN_ROUND);
  vai_pen_dash (pen, layer->dash);
  cairo_stroke (pen->cairo);
  vai_pen_dash (pen, VAI_DASH_NONE);
}

static void
draw_band (const VaiPen *pen, const VaiLayer *layer, const VaiPlotPlace *place, const VaiPanelPlace *panel)
{
  cairo_new_path (pen->cairo);
  for (guint i = 0; i < layer->n; i++)
    if (isfinite (layer->high[i]))
      cairo_line_to (pen->cairo, vai_plot_x (place, layer->x[i]), vai_plot_y (panel, layer->high[i]));
  for (guint i = layer->n; i-- > 0;)
    if (isfinite (layer->low[i]))
      cairo_line_to (pen->cairo, vai_plot_x (place, layer->x[i]), vai_plot_y (panel, layer->low[i]));
  vai_pen_color (pen, layer->color, BAND_ALPHA);
  cairo_fill (pen->cairo);
}

static void
draw_bars (const VaiPen *pen, const VaiLayer *layer, const VaiPlotPlace *place, const VaiPanelPlace *panel)
{
  double base = vai_plot_y (panel, 0);
  for (guint i = 0; i < layer->n; i++)
    {
      double left = vai_plot_x (place, layer->x[i] - layer->width / 2),
             right = vai_plot_x (place, layer->x[i] + layer->width / 2);
      double y = vai_plot_y (panel, layer->y[i]);
      if (isfinite (layer->y[i]) && layer->y[i] != 0)
        vai_pen_rectangle (pen, left, MIN (y, base), right - left, fabs (base - y), layer->color, layer->fill);
    }
}

static void
draw_points (const VaiPen *pen, const VaiLayer *layer, const VaiPlotPlace *place, const VaiPanelPlace *panel)
{
  for (guint i = 0; i < layer->n; i++)
    {
      double x = vai_plot_x (place, layer->x[i]);
      if (layer->low == NULL || layer->high == NULL || !isfinite (layer->low[i]) || !isfinite (layer->high[i]))
        continue;
      double low = vai_plot_y (panel, layer->low[i]), high = vai_plot_y (panel, layer->high[i]);
      vai_pen_line (pen, x, low, x, high, 1.5, layer->color, VAI_DASH_NONE);
      vai_pen_line (pen, x - TICK_HALF, low, x + TICK_HALF, low, 1.5, layer->color, VAI_DASH_NONE);
      vai_pen_line (pen, x - TICK_HALF, high, x + TICK_HALF, high, 1.5, layer->color, VAI_DASH_NONE);
    }
  for (guint i = 0; i < layer->n; i++)
    if (isfinite (layer->x[i]) && isfinite (layer->y[i]))
      vai_pen_mark (pen, layer->mark, vai_plot_x (place, layer->x[i]), vai_plot_y (panel, layer->y[i]),
                    layer->n > 1 ? POINT_RADIUS : POINT_RADIUS + 1.5, layer->color);
}

static void
draw_grey (const VaiPen *pen, const VaiLayer *layer, const VaiPlotPlace *place, const VaiPanelPlace *panel)
{
  if (layer->n < 2)
    return;
  double left = vai_plot_x (place, layer->x[0]), width = vai_plot_x (place, layer->x[1]) - left;
  vai_pen_rectangle (pen, left, panel->top, width, panel->height, layer->color, VAI_FILL_HATCHED);
  if (layer->label == NULL || width < 40)
    return;
  VaiTextStyle style = { .size = place->text_size,
                         .color = layer->text_color,
                         .align = VAI_ALIGN_CENTER,
                         .width = MIN (width - 8, 90),
                         .wrap = TRUE };
  double text_width, text_height, x = left + width / 2, y = panel->top + panel->height / 2;
  vai_pen_measure (pen, layer->label, &style, &text_width, &text_height);
  if (text_height + 8 > panel->height)
    return;
  vai_pen_color (pen, VAI_COLOR_CARD, 0.92);
  vai_pen_round (pen, x - text_width / 2 - 6, y - text_height / 2 - 3, text_width + 12, text_height + 6, 3);
  cairo_fill (pen->cairo);
  vai_pen_text (pen, layer->label, &style, x, y);
}

static void
draw_layer (const VaiPen *pen, const VaiLayer *layer, const VaiPlotPlace *place, const VaiPanelPlace *panel)
{
  switch (layer->kind)
    {
    case VAI_LAYER_LINE:
      draw_line (pen, layer, place, panel);
      break;
    case VAI_LAYER_BAND:
      draw_band (pen, layer, place, panel);
      break;
    case VAI_LAYER_BARS:
      draw_bars (pen, layer, place, panel);
      break;
    case VAI_LAYER_POINTS:
      draw_points (pen, layer, place, panel);
      break;
    case VAI_LAYER_GREY:
      draw_grey (pen, layer, place, panel);
      break;
    case VAI_LAYER_RULE:
    default:
      vai_pen_line (pen, vai_plot_x (place, layer->x[0]), panel->top, vai_plot_x (place, layer->x[0]),
                    panel->top + panel->height, 1, layer->color, VAI_DASH_DASHED);
    }
}

static void
draw_axes (const VaiPlot *self, const VaiPen *pen, const VaiPlotPlace *place)
{
  VaiTextStyle right = { .size = place->text_size, .color = VAI_COLOR_DIM_TEXT, .align = VAI_ALIGN_RIGHT };
  VaiTextStyle middle = { .size = place->text_size, .color = VAI_COLOR_DIM_TEXT, .align = VAI_ALIGN_CENTER };
  for (guint p = 0; p < self->n_panels; p++)
    for (guint i = 0; i < place->panels[p].n_ticks; i++)
      {
        const VaiPanelPlace *panel = &place->panels[p];
        g_autofree char *text = vai_plot_tick_text (self, &self->panels[p].y, panel->ticks, panel->n_ticks, i);
        double y = round (vai_plot_y (panel, panel->ticks[i])) + 0.5;
        vai_pen_line (pen, place->left, y, place->left + place->width, y, 1, VAI_COLOR_GRID, VAI_DASH_NONE);
        vai_pen_text (pen, text, &right, place->left - 6, y);
      }
  double y = place->bottom + 4 + place->text_size * 0.7;
  for (guint i = 0; i < place->n_ticks; i++)
    {
      g_autofree char *text = vai_plot_tick_text (self, &self->x, place->ticks, place->n_ticks, i);
      double width, x = vai_plot_x (place, place->ticks[i]);
      vai_pen_measure (pen, text, &middle, &width, NULL);
      middle.width = width > 0.3 * place->width ? 0.3 * place->width : 0;
      /* The first label does not reach into the margin further than the numbers above it. */
      double half = (middle.width > 0 ? middle.width : width) / 2;
      vai_pen_text (pen, text, &middle, MAX (x, half), y);
      middle.width = 0;
    }
  middle.width = place->width;
  vai_pen_text (pen, self->x_title, &middle, place->left + place->width / 2, y + place->text_size * 1.4);
}

void
vai_plot_draw (const VaiPlot *self, const VaiPen *pen, double width, double height)
{
  VaiPlotPlace place;
  vai_plot_place (self, pen, width, height, &place);
  draw_axes (self, pen, &place);
  for (guint p = 0; p < self->n_panels; p++)
    {
      VaiTextStyle style = { .size = place.text_size, .color = VAI_COLOR_DIM_TEXT, .width = place.left + place.width };
      vai_pen_text (pen, self->panels[p].title, &style, 0, place.panels[p].top - place.text_size * 1.15);
      for (guint i = 0; i < self->panels[p].layers->len; i++)
        draw_layer (pen, g_ptr_array_index (self->panels[p].layers, i), &place, &place.panels[p]);
      vai_plot_draw_labels (self, pen, &place, p);
    }
}

gboolean
vai_plot_locate (const VaiPlot *self, const VaiPen *pen, double width, double height, guint row, double *x, double *y)
{
  if (row >= self->anchors->len)
    return FALSE;
  VaiPlotPlace place;
  const VaiAnchor *anchor = &g_array_index (self->anchors, VaiAnchor, row);
  vai_plot_place (self, pen, width, height, &place);
  *x = vai_plot_x (&place, anchor->x);
  *y = vai_plot_y (&place.panels[anchor->panel], anchor->y);
  return isfinite (anchor->x) && isfinite (anchor->y);
}
