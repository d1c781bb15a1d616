/* A plot of x against y: one or two panels over one x axis, each a stack of layers. Private to charts. */
#pragma once

#include "vai-pen.h"
#include "vai-scale.h"

G_BEGIN_DECLS

typedef enum
{
  VAI_LAYER_LINE,
  VAI_LAYER_BAND,   /* between low and high */
  VAI_LAYER_BARS,   /* from 0 to y */
  VAI_LAYER_POINTS, /* with an interval where low and high are known */
  VAI_LAYER_GREY,   /* no support, from x[0] to x[1] */
  VAI_LAYER_RULE,   /* a vertical line at x[0] */
} VaiLayerKind;

typedef struct
{
  VaiLayerKind kind;
  VaiColor color, text_color;
  VaiDash dash;
  VaiMark mark;
  VaiFill fill;
  double width; /* of a line in px, of a bar in units of x */
  guint n;
  double *x, *y;      /* owned */
  double *low, *high; /* owned, nullable */
  char *label;        /* owned, nullable */
  gboolean label_bold;
  double label_at; /* the x near which the label is wanted; NaN: in the margin at the line's end */
} VaiLayer;

typedef enum
{
  VAI_AXIS_PROBABILITY, /* 0 to 100 % always */
  VAI_AXIS_PERCENT,     /* free ends, in percent */
  VAI_AXIS_NUMBER,
  VAI_AXIS_SHORT, /* "16k", "€16k": its unit is a currency */
  VAI_AXIS_NAMES, /* x only: each place has its name */
} VaiAxisKind;

typedef struct
{
  VaiAxisKind kind;
  VaiScale scale; /* of the data; rounded when drawn */
  gboolean exact; /* x: the ends stay where the data end */
  char *unit;     /* owned, nullable: after each number */
} VaiAxis;

typedef struct
{
  VaiAxis y;
  char *title;       /* owned, nullable: above the panel */
  GPtrArray *layers; /* of VaiLayer */
} VaiPanel;

typedef struct
{
  VaiAxis x;
  char *x_title;    /* owned, nullable */
  GPtrArray *names; /* of char*: VAI_AXIS_NAMES, at 0, 1, 2 … */
  guint n_panels;
  VaiPanel panels[2];
  GArray *anchors; /* of VaiAnchor: where each table row is */
} VaiPlot;

typedef struct
{
  guint panel;
  double x, y;
} VaiAnchor;

VaiPlot *vai_plot_new (VaiAxisKind x, VaiAxisKind y);
void vai_plot_free (VaiPlot *self);

/* Copies the arrays; @y, @low, @high nullable. Non-finite values are gaps. Widens free axes to hold the layer. The
 * result is owned by @self. */
VaiLayer *vai_plot_add (VaiPlot *self,
                        guint panel,
                        VaiLayerKind kind,
                        VaiColor color,
                        const double *x,
                        const double *y,
                        const double *low,
                        const double *high,
                        gsize n);

/* Names @layer at @at (NaN: in the margin). */
void vai_layer_label (VaiLayer *layer, const char *text, VaiColor color, double at);

void vai_plot_add_anchor (VaiPlot *self, guint panel, double x, double y);

void vai_plot_draw (const VaiPlot *self, const VaiPen *pen, double width, double height);
gboolean
vai_plot_locate (const VaiPlot *self, const VaiPen *pen, double width, double height, guint row, double *x, double *y);

G_END_DECLS
