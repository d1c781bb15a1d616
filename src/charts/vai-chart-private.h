/* The inside of a chart: words and table, and one of three ways to draw it. Private to charts. */
#pragma once

#include "vai-chart.h"
#include "vai-plot.h"

G_BEGIN_DECLS

/* One row of a list of bars. */
typedef struct
{
  char *name, *detail, *value; /* owned, nullable */
  double from, to;             /* of the bar; equal: no bar */
  double low, high;            /* of its interval; NaN */
  double under;                /* a wider grey bar under it, from the start to here; 0: none */
  VaiColor color, text_color;
  VaiFill fill;
  VaiMark mark; /* at @to, instead of a bar */
  gboolean bold;
  gboolean joined; /* a thin line to the next row, from @to */
  gboolean absent; /* of a value that was not given */
} VaiBar;

typedef struct
{
  VaiScale scale;
  double rule;  /* a dotted vertical line; NaN */
  GArray *bars; /* of VaiBar */
} VaiBars;

typedef struct
{
  gsize found, missed, false_hope, rightly_left;
  double threshold;
} VaiCells;

struct _VaiChart
{
  VaiChartKind kind;
  char *title, *subtitle, *finding; /* owned */
  char *empty;        /* owned: the sentence in the middle when there is nothing to draw; NULL otherwise */
  GPtrArray *headers; /* of char* */
  GPtrArray *rows;    /* of GStrv */
  VaiPlot *plot;      /* one of these three, owned */
  VaiBars *bars;
  VaiCells *cells;
};

/* Headers follow @subtitle (nullable), ended by NULL. */
VaiChart *vai_chart_new (VaiChartKind kind, const char *title, const char *subtitle, ...) G_GNUC_NULL_TERMINATED;

/* Takes the cells; as many as headers, ended by NULL. */
void vai_chart_take_row (VaiChart *self, char *first, ...) G_GNUC_NULL_TERMINATED;

/* Takes @finding. */
void vai_chart_take_finding (VaiChart *self, char *finding);

/* Makes @self a chart of one sentence. */
VaiChart *vai_chart_set_empty (VaiChart *self, const char *sentence);

VaiBars *vai_bars_new (void);
void vai_bars_free (VaiBars *self);
double vai_bars_get_natural_height (const VaiBars *self);
double vai_bars_get_least_height (const VaiBars *self);
void vai_bars_draw (const VaiBars *self, const VaiPen *pen, double width, double height);
gboolean vai_bars_locate (const VaiBars *self, double width, double height, guint row, double *x, double *y);

void vai_cells_draw (const VaiCells *self, const VaiPen *pen, double width, double height);
gboolean vai_cells_locate (double width, double height, guint row, double *x, double *y);

G_END_DECLS
