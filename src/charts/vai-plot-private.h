/* Shared by the files of the plot: where its parts lie at one size. */
#pragma once

#include "vai-plot.h"

G_BEGIN_DECLS

#define VAI_PLOT_TEXT 12.0
#define VAI_PLOT_TEXT_SMALL 11.0

/* More than these no plot names. */
#define VAI_PLOT_TICKS_MAX 64

typedef struct
{
  double top, height;
  VaiScale scale;
  guint n_ticks;
  double ticks[VAI_TICKS_MAX];
} VaiPanelPlace;

typedef struct
{
  double left, width, text_size;
  VaiScale x;
  guint n_ticks;
  double ticks[VAI_PLOT_TICKS_MAX];
  double bottom; /* of the lowest panel */
  VaiPanelPlace panels[2];
} VaiPlotPlace;

void vai_plot_place (const VaiPlot *self, const VaiPen *pen, double width, double height, VaiPlotPlace *place);

/* The text of a tick. Free with g_free(). */
char *vai_plot_tick_text (const VaiPlot *self, const VaiAxis *axis, const double *ticks, guint n, guint index);

static inline double
vai_plot_x (const VaiPlotPlace *place, double x)
{
  return place->left + place->width * vai_scale_map (&place->x, x);
}

static inline double
vai_plot_y (const VaiPanelPlace *panel, double y)
{
  return panel->top + panel->height * (1 - vai_scale_map (&panel->scale, y));
}

/* The names of the layers of one panel: each where it covers least, none over another. */
void vai_plot_draw_labels (const VaiPlot *self, const VaiPen *pen, const VaiPlotPlace *place, guint panel);

/* Width of the margin that the names at line ends need. */
double vai_plot_margin (const VaiPlot *self, const VaiPen *pen, double text_size);

G_END_DECLS
