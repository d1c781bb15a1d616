#include "vai-plot-private.h"

#include "vai-format.h"

#include <math.h>

#define AXIS_GAP 6.0
#define TICK_GAP 10.0
#define LINE_HEIGHT 1.45
#define PANEL_GAP 22.0

/* The lower of two panels, as a share of both. */
#define SECOND_SHARE 0.36

/* Below these a plot is drawn with fewer words. */
#define NARROW 300.0
#define LOW_PANEL 110.0
#define TALL_PANEL 230.0

/* Longest name of a place on the x axis, as a share of the width. */
#define NAME_SHARE 0.3

char *
vai_plot_tick_text (const VaiPlot *self, const VaiAxis *axis, const double *ticks, guint n, guint index)
{
  double value = ticks[index];
  if (axis->kind == VAI_AXIS_NAMES)
    return g_strdup (g_ptr_array_index (self->names, CLAMP ((int) lround (value), 0, (int) self->names->len - 1)));
  if (axis->kind == VAI_AXIS_PROBABILITY || axis->kind == VAI_AXIS_PERCENT)
    {
      double scaled[VAI_TICKS_MAX];
      for (guint i = 0; i < n && i < VAI_TICKS_MAX; i++)
        scaled[i] = 100 * ticks[i];
      g_autofree char *number = vai_format_number (100 * value, vai_scale_decimals (scaled, MIN (n, VAI_TICKS_MAX)));
      return g_strconcat (number, "%", NULL);
    }
  if (axis->kind == VAI_AXIS_SHORT)
    return vai_format_money_short (value, axis->unit);
  g_autofree char *number = vai_format_number (value, vai_scale_decimals (ticks, n));
  return g_strconcat (number, axis->unit != NULL && !g_str_equal (axis->unit, "%") ? " " : "",
                      axis->unit != NULL ? axis->unit : "", NULL);
}

static void
place_panel_ticks (const VaiPanel *panel, VaiPanelPlace *place)
{
  place->scale = panel->y.scale;
  if (panel->y.kind == VAI_AXIS_PROBABILITY)
    {
      place->n_ticks = vai_scale_probability (place->height >= TALL_PANEL, place->ticks);
      place->scale = (VaiScale){ 0, 1 };
      return;
    }
  place->n_ticks = vai_scale_round (&place->scale, place->ticks);
  if (place->height < LOW_PANEL && place->n_ticks > 2)
    {
      place->ticks[1] = place->ticks[place->n_ticks - 1];
      place->n_ticks = 2;
    }
}

static void
place_heights (const VaiPlot *self, double height, VaiPlotPlace *place)
{
  double line = place->text_size * LINE_HEIGHT;
  double bottom = line + (self->x_title != NULL ? line : 0) + AXIS_GAP;
  double top = place->text_size * 0.7, above = 0;
  for (guint p = 0; p < self->n_panels; p++)
    above += self->panels[p].title != NULL ? line : 0;
  double room = height - bottom - top - above - (self->n_panels > 1 ? PANEL_GAP : 0);
  place->bottom = MAX (height - bottom, 1);
  for (guint p = 0; p < self->n_panels; p++)
    {
      VaiPanelPlace *panel = &place->panels[p];
      double share = self->n_panels == 1 ? 1 : p == 1 ? SECOND_SHARE : 1 - SECOND_SHARE;
      top += self->panels[p].title != NULL ? line : 0;
      panel->top = top;
      panel->height = MAX (room * share, 1);
      top += panel->height + PANEL_GAP;
      place_panel_ticks (&self->panels[p], panel);
    }
}

static double
widest_tick (const VaiPlot *self, const VaiPen *pen, const VaiPlotPlace *place)
{
  VaiTextStyle style = { .size = place->text_size };
  double widest = 0;
  for (guint p = 0; p < self->n_panels; p++)
    for (guint i = 0; i < place->panels[p].n_ticks; i++)
      {
        g_autofree char *text
            = vai_plot_tick_text (self, &self->panels[p].y, place->panels[p].ticks, place->panels[p].n_ticks, i);
        double width;
        vai_pen_measure (pen, text, &style, &width, NULL);
        widest = MAX (widest, width);
      }
  return widest;
}

static void
drop_ticks (const VaiPlot *self, const VaiPen *pen, VaiPlotPlace *place)
{
  VaiTextStyle style = { .size = place->text_size };
  double positions[VAI_PLOT_TICKS_MAX], widths[VAI_PLOT_TICKS_MAX];
  for (guint i = 0; i < place->n_ticks; i++)
    {
      g_autofree char *text = vai_plot_tick_text (self, &self->x, place->ticks, place->n_ticks, i);
      positions[i] = vai_plot_x (place, place->ticks[i]);
      vai_pen_measure (pen, text, &style, &widths[i], NULL);
      widths[i] = MIN (widths[i], NAME_SHARE * place->width);
    }
  guint stride = vai_scale_stride (positions, widths, place->n_ticks, TICK_GAP), kept = 0;
  for (guint i = 0; i < place->n_ticks; i += stride)
    place->ticks[kept++] = place->ticks[i];
  place->n_ticks = kept;
}

static void
place_x (const VaiPlot *self, const VaiPen *pen, VaiPlotPlace *place)
{
  place->x = self->x.scale;
  if (self->x.kind == VAI_AXIS_PROBABILITY)
    {
      place->n_ticks = vai_scale_probability (place->width >= NARROW, place->ticks);
      place->x = (VaiScale){ 0, 1 };
    }
  else if (self->x.kind == VAI_AXIS_NAMES)
    {
      guint step = 1 + (self->names->len - 1) / VAI_PLOT_TICKS_MAX;
      place->n_ticks = 0;
      for (guint i = 0; i < self->names->len && place->n_ticks < VAI_PLOT_TICKS_MAX; i += step)
        place->ticks[place->n_ticks++] = i;
    }
  else
    {
      VaiScale rounded = place->x;
      guint n = vai_scale_round (&rounded, place->ticks), kept = 0;
      if (!self->x.exact || !(place->x.max > place->x.min))
        place->x = rounded;
      double slack = 1e-9 * (place->x.max - place->x.min);
      for (guint i = 0; i < n; i++)
        if (place->ticks[i] >= place->x.min - slack && place->ticks[i] <= place->x.max + slack)
          place->ticks[kept++] = place->ticks[i];
      place->n_ticks = kept;
    }
  drop_ticks (self, pen, place);
}

void
vai_plot_place (const VaiPlot *self, const VaiPen *pen, double width, double height, VaiPlotPlace *place)
{
  *place = (VaiPlotPlace){ .text_size = width < NARROW ? VAI_PLOT_TEXT_SMALL : VAI_PLOT_TEXT };
  place_heights (self, height, place);
  place->left = widest_tick (self, pen, place) + AXIS_GAP;
  double margin = vai_plot_margin (self, pen, place->text_size);
  /* The last label of the x axis is centred under its place and needs half its width. */
  place->width = MAX (width - place->left - MAX (margin, 20), 1);
  place_x (self, pen, place);
}
