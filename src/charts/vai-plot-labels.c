#include "vai-plot-private.h"

#include <math.h>

#define MARGIN_GAP 10.0
#define LABELS_MAX 8
#define SAMPLES_MAX 512
#define BARS_MAX 128

/* No margin takes more of the width than this. */
#define MARGIN_MAX 170.0

/* What a label may cover costs: another label is never covered, the frame never left. */
#define COST_LABEL 1e6
#define COST_OUTSIDE 1e6
#define COST_SAMPLE 10.0
#define COST_BAR 30.0

#define PLATE_ALPHA 0.85

typedef struct
{
  double x, y, width, height;
} Box;

typedef struct
{
  Box placed[LABELS_MAX];
  guint n_placed;
  double samples[SAMPLES_MAX][2];
  guint n_samples;
  Box bars[BARS_MAX];
  guint n_bars;
} Crowd;

static gboolean
in_margin (const VaiLayer *layer)
{
  return layer->label != NULL && isnan (layer->label_at) && layer->kind == VAI_LAYER_LINE && layer->n > 0;
}

double
vai_plot_margin (const VaiPlot *self, const VaiPen *pen, double text_size)
{
  double widest = 0;
  for (guint p = 0; p < self->n_panels; p++)
    for (guint i = 0; i < self->panels[p].layers->len; i++)
      {
        const VaiLayer *layer = g_ptr_array_index (self->panels[p].layers, i);
        if (!in_margin (layer))
          continue;
        VaiTextStyle style = { .size = text_size, .bold = layer->label_bold };
        double width;
        vai_pen_measure (pen, layer->label, &style, &width, NULL);
        widest = MAX (widest, width + MARGIN_GAP);
      }
  return MIN (widest, MARGIN_MAX);
}

typedef struct
{
  const VaiLayer *layer;
  double y;
} EndLabel;

static int
compare_ends (gconstpointer a, gconstpointer b)
{
  const EndLabel *x = a, *y = b;
  return x->y < y->y ? -1 : x->y > y->y;
}

static void
draw_margin (const VaiPlot *self, const VaiPen *pen, const VaiPlotPlace *place, guint panel)
{
  const VaiPanelPlace *where = &place->panels[panel];
  EndLabel ends[LABELS_MAX];
  guint n = 0;
  for (guint i = 0; i < self->panels[panel].layers->len && n < LABELS_MAX; i++)
    {
      const VaiLayer *layer = g_ptr_array_index (self->panels[panel].layers, i);
      if (in_margin (layer))
        ends[n++] = (EndLabel){ layer, vai_plot_y (where, layer->y[layer->n - 1]) };
    }
  qsort (ends, n, sizeof *ends, compare_ends);
  double line = place->text_size * 1.4;
  for (guint i = 1; i < n; i++)
    ends[i].y = MAX (ends[i].y, ends[i - 1].y + line);
  double over = n > 0 ? ends[n - 1].y - (where->top + where->height) : 0;
  for (guint i = 0; i < n; i++)
    {
      VaiTextStyle style = { .size = place->text_size,
                             .bold = ends[i].layer->label_bold,
                             .color = ends[i].layer->text_color,
                             .width = MARGIN_MAX - MARGIN_GAP };
      vai_pen_text (pen, ends[i].layer->label, &style, place->left + place->width + MARGIN_GAP,
                    ends[i].y - MAX (over, 0));
    }
}

static void
add_sample (Crowd *crowd, double x, double y)
{
  if (crowd->n_samples == SAMPLES_MAX)
    return;
  crowd->samples[crowd->n_samples][0] = x;
  crowd->samples[crowd->n_samples++][1] = y;
}

static void
add_bars (Crowd *crowd, const VaiLayer *layer, const VaiPlotPlace *place, const VaiPanelPlace *panel)
{
  for (guint i = 0; i < layer->n && crowd->n_bars < BARS_MAX; i++)
    {
      double left = vai_plot_x (place, layer->x[i] - layer->width / 2), top = vai_plot_y (panel, layer->y[i]);
      double right = vai_plot_x (place, layer->x[i] + layer->width / 2);
      crowd->bars[crowd->n_bars++] = (Box){ left, top, right - left, panel->top + panel->height - top };
    }
}

static gboolean
boxes_touch (const Box *a, const Box *b, double gap)
{
  return a->x < b->x + b->width + gap && b->x < a->x + a->width + gap && a->y < b->y + b->height
         && b->y < a->y + a->height;
}

/* Points along every line, a few px apart, so that a label can see what it would cover. */
static void
sample_layer (Crowd *crowd, const VaiLayer *layer, const VaiPlotPlace *place, const VaiPanelPlace *panel)
{
  if (layer->kind == VAI_LAYER_RULE)
    for (guint k = 0; k <= 20; k++)
      add_sample (crowd, vai_plot_x (place, layer->x[0]), panel->top + panel->height * k / 20);
  if (layer->kind == VAI_LAYER_BARS)
    add_bars (crowd, layer, place, panel);
  if (layer->kind != VAI_LAYER_LINE && layer->kind != VAI_LAYER_POINTS)
    return;
  guint pieces = layer->n > 1 ? 1 + 100 / (layer->n - 1) : 1, stride = 1 + layer->n / 100;
  for (guint i = 0; i < layer->n; i += stride)
    {
      guint next = MIN (i + stride, layer->n - 1);
      for (guint k = 0; k < pieces; k++)
        {
          double t = (double) k / pieces;
          add_sample (crowd, vai_plot_x (place, layer->x[i] + t * (layer->x[next] - layer->x[i])),
                      vai_plot_y (panel, layer->y[i] + t * (layer->y[next] - layer->y[i])));
        }
    }
}

static double
cost_of (const Crowd *crowd, const Box *box, const VaiPlotPlace *place, const VaiPanelPlace *panel)
{
  double cost = 0;
  if (box->x < place->left || box->x + box->width > place->left + place->width + 16 || box->y < panel->top - 8
      || box->y + box->height > panel->top + panel->height + 1)
    cost += COST_OUTSIDE;
  for (guint i = 0; i < crowd->n_placed; i++)
    if (boxes_touch (box, &crowd->placed[i], 4))
      cost += COST_LABEL;
  for (guint i = 0; i < crowd->n_bars; i++)
    if (boxes_touch (box, &crowd->bars[i], 2))
      cost += COST_BAR;
  for (guint i = 0; i < crowd->n_samples; i++)
    if (crowd->samples[i][0] > box->x - 2 && crowd->samples[i][0] < box->x + box->width + 2
        && crowd->samples[i][1] > box->y && crowd->samples[i][1] < box->y + box->height)
      cost += COST_SAMPLE;
  return cost;
}

static double
value_near (const VaiLayer *layer, double at, double *x)
{
  guint best = 0;
  for (guint i = 1; i < layer->n; i++)
    if (fabs (layer->x[i] - at) < fabs (layer->x[best] - at))
      best = i;
  *x = layer->x[best];
  /* Between two points far apart the line itself is nearer than either. */
  if (layer->kind == VAI_LAYER_LINE)
    for (guint i = 0; i + 1 < layer->n; i++)
      if (layer->x[i] <= at && at <= layer->x[i + 1] && layer->x[i + 1] > layer->x[i])
        {
          *x = at;
          return layer->y[i] + (at - layer->x[i]) / (layer->x[i + 1] - layer->x[i]) * (layer->y[i + 1] - layer->y[i]);
        }
  return layer->y[best];
}

static void
draw_label (Crowd *crowd,
            const VaiPen *pen,
            const VaiLayer *layer,
            const VaiPlotPlace *place,
            const VaiPanelPlace *panel)
{
  static const double moves[][2]
      = { { 0.62, 0.9 }, { 0.62, -0.9 }, { -0.62, -0.9 }, { -0.62, 0.9 }, { 0.75, 0 },   { -0.75, 0 }, { 0, 1.3 },
          { 0, -1.3 },   { 0.7, 1.8 },   { -0.7, -1.8 },  { 0.7, -1.8 },  { -0.7, 1.8 }, { 0.9, 2.8 }, { -0.9, -2.8 },
          { 0, 2.6 },    { 0, -2.6 },    { 1.3, 1 },      { -1.3, -1 },   { 0.9, 4 },    { -0.9, -4 }, { 0.9, -4 },
          { -0.9, 4 },   { 1.4, 3 },     { -1.4, -3 },    { 1.4, -3 },    { -1.4, 3 } };
  VaiTextStyle style
      = { .size = place->text_size, .bold = layer->label_bold, .color = layer->text_color, .align = VAI_ALIGN_CENTER };
  double width, height, at_x, best_cost = G_MAXDOUBLE;
  vai_pen_measure (pen, layer->label, &style, &width, &height);
  double y = layer->kind == VAI_LAYER_RULE ? panel->top + height / 2
                                           : vai_plot_y (panel, value_near (layer, layer->label_at, &at_x));
  double x = vai_plot_x (place, layer->kind == VAI_LAYER_RULE ? layer->x[0] : at_x);
  Box best = { 0 };
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      Box box
          = { x + moves[i][0] * (width + 14) - width / 2, y + moves[i][1] * (height + 2) - height / 2, width, height };
      double cost = i + cost_of (crowd, &box, place, panel);
      if (cost < best_cost)
        {
          best = box;
          best_cost = cost;
        }
    }
  if (best_cost >= COST_LABEL || crowd->n_placed == LABELS_MAX)
    return;
  crowd->placed[crowd->n_placed++] = best;
  /* What it still covers shows through no more than a hint. */
  vai_pen_color (pen, VAI_COLOR_CARD, PLATE_ALPHA);
  vai_pen_round (pen, best.x - 2, best.y, best.width + 4, best.height, 3);
  cairo_fill (pen->cairo);
  vai_pen_text (pen, layer->label, &style, best.x + best.width / 2, best.y + best.height / 2);
}

void
vai_plot_draw_labels (const VaiPlot *self, const VaiPen *pen, const VaiPlotPlace *place, guint panel)
{
  Crowd crowd = { 0 };
  const GPtrArray *layers = self->panels[panel].layers;
  for (guint i = 0; i < layers->len; i++)
    sample_layer (&crowd, g_ptr_array_index (layers, i), place, &place->panels[panel]);
  for (guint i = 0; i < layers->len; i++)
    {
      const VaiLayer *layer = g_ptr_array_index (layers, i);
      if (layer->label != NULL && layer->n > 0 && !in_margin (layer) && layer->kind != VAI_LAYER_GREY)
        draw_label (&crowd, pen, layer, place, &place->panels[panel]);
    }
  draw_margin (self, pen, place, panel);
}
