/* A chart: made once from plain arrays, which it copies, then drawn at any size, in any palette, on any cairo surface.
 * What it says in words and its table are made from the same data. Immutable once made, so thread-safe. */
#pragma once

#include "vai-palette.h"

#include <cairo.h>

G_BEGIN_DECLS

typedef enum
{
  VAI_CHART_ROC,
  VAI_CHART_PRECISION_RECALL,
  VAI_CHART_CALIBRATION,
  VAI_CHART_GAIN,
  VAI_CHART_LIFT,
  VAI_CHART_CONFUSION,
  VAI_CHART_IMPORTANCE,
  VAI_CHART_HISTOGRAM,
  VAI_CHART_WATERFALL,
  VAI_CHART_CURVE,
  VAI_CHART_WIN_RATE,
  VAI_CHART_DEPENDENCE,
  VAI_CHART_DRIFT,
  VAI_N_CHARTS
} VaiChartKind;

/* "roc", "precision-recall", "calibration", "gain", "lift", "confusion", "importance", "histogram", "waterfall",
 * "curve", "win-rate", "dependence", "drift": stable names on the command line. */
const char *vai_chart_kind_name (VaiChartKind kind);
gboolean vai_chart_kind_from_name (const char *name, VaiChartKind *kind);

typedef struct _VaiChart VaiChart;

void vai_chart_free (VaiChart *self);

VaiChartKind vai_chart_get_kind (const VaiChart *self);
const char *vai_chart_get_title (const VaiChart *self);

/* What the chart shows, in one sentence: the label of the picture. */
const char *vai_chart_get_finding (const VaiChart *self);

/* The data as a table of translated text, one row for each thing that can be pointed at. */
guint vai_chart_get_n_columns (const VaiChart *self);
guint vai_chart_get_n_rows (const VaiChart *self);
const char *vai_chart_get_header (const VaiChart *self, guint column);
const char *vai_chart_get_cell (const VaiChart *self, guint row, guint column);

/* Title, finding and table as lines, cells parted by tabs: what a screen reader reads and Ctrl+C copies. Free with
 * g_free(). */
char *vai_chart_dup_text (const VaiChart *self);

/* The height in px that suits @width: rows of a list want their own. */
double vai_chart_get_natural_height (const VaiChart *self, double width);

/* The height in px below which rows of a list would be cut; 0 when there are none. */
double vai_chart_get_least_height (const VaiChart *self);

/* Draws into 0,0 to @width,@height px of @cairo; the background is the caller's. Never fails: too small a size draws
 * less. */
void vai_chart_draw (const VaiChart *self, cairo_t *cairo, double width, double height, const VaiPalette *palette);

/* Where the mark of @row is; FALSE when it has none. */
gboolean vai_chart_locate (const VaiChart *self, double width, double height, guint row, double *x, double *y);

#define VAI_CHART_WIDTH_DEFAULT 640
#define VAI_CHART_HEIGHT_DEFAULT 400
#define VAI_CHART_SIDE_MIN 40
#define VAI_CHART_SIDE_MAX 8192 /* 256 MiB of pixels */

/* Writes a picture in the light palette on white, whole or not at all; PNG, SVG or PDF by the ending of @path. The same
 * chart gives the same bytes. 0 as @width or @height: the default. Errors: USAGE for another ending or a size that
 * cannot be; those of vai_output_new(). */
gboolean vai_chart_save (const VaiChart *self, const char *path, int width, int height, GError **error);

/* The bytes of an SVG for a page that has its own heading: no margin, no title drawn; with <title> and <desc> for
 * screen readers. */
GBytes *vai_chart_to_svg (const VaiChart *self, int width, int height, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiChart, vai_chart_free)

G_END_DECLS
