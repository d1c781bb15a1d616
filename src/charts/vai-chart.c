#include "vai-chart-private.h"

#include <math.h>

#define SUBTITLE_HEIGHT 22.0
#define ASPECT 0.6

static const char *const names[VAI_N_CHARTS] = {
  [VAI_CHART_ROC] = "roc",
  [VAI_CHART_PRECISION_RECALL] = "precision-recall",
  [VAI_CHART_CALIBRATION] = "calibration",
  [VAI_CHART_GAIN] = "gain",
  [VAI_CHART_LIFT] = "lift",
  [VAI_CHART_CONFUSION] = "confusion",
  [VAI_CHART_IMPORTANCE] = "importance",
  [VAI_CHART_HISTOGRAM] = "histogram",
  [VAI_CHART_WATERFALL] = "waterfall",
  [VAI_CHART_CURVE] = "curve",
  [VAI_CHART_WIN_RATE] = "win-rate",
  [VAI_CHART_DEPENDENCE] = "dependence",
  [VAI_CHART_DRIFT] = "drift",
};

const char *
vai_chart_kind_name (VaiChartKind kind)
{
  g_return_val_if_fail (kind < VAI_N_CHARTS, NULL);
  return names[kind];
}

gboolean
vai_chart_kind_from_name (const char *name, VaiChartKind *kind)
{
  for (guint i = 0; i < VAI_N_CHARTS; i++)
    if (g_str_equal (names[i], name))
      {
        *kind = i;
        return TRUE;
      }
  return FALSE;
}

VaiChart *
vai_chart_new (VaiChartKind kind, const char *title, const char *subtitle, ...)
{
  VaiChart *self = g_new0 (VaiChart, 1);
  self->kind = kind;
  self->title = g_strdup (title);
  self->subtitle = g_strdup (subtitle);
  self->headers = g_ptr_array_new_with_free_func (g_free);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  va_list headers;
  va_start (headers, subtitle);
  for (const char *header = va_arg (headers, const char *); header != NULL; header = va_arg (headers, const char *))
    g_ptr_array_add (self->headers, g_strdup (header));
  va_end (headers);
  return self;
}

void
vai_chart_free (VaiChart *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->finding);
  g_free (self->empty);
  g_ptr_array_unref (self->headers);
  g_ptr_array_unref (self->rows);
  vai_plot_free (self->plot);
  vai_bars_free (self->bars);
  g_free (self->cells);
  g_free (self);
}

void
vai_chart_take_row (VaiChart *self, char *first, ...)
{
  GStrv cells = g_new0 (char *, self->headers->len + 1);
  cells[0] = first;
  va_list rest;
  va_start (rest, first);
  for (guint i = 1; i < self->headers->len; i++)
    cells[i] = va_arg (rest, char *);
  va_end (rest);
  g_ptr_array_add (self->rows, cells);
}

void
vai_chart_take_finding (VaiChart *self, char *finding)
{
  g_free (self->finding);
  self->finding = finding;
}

VaiChart *
vai_chart_set_empty (VaiChart *self, const char *sentence)
{
  g_free (self->empty);
  self->empty = g_strdup (sentence);
  vai_chart_take_finding (self, g_strdup (sentence));
  return self;
}

VaiChartKind
vai_chart_get_kind (const VaiChart *self)
{
  return self->kind;
}

const char *
vai_chart_get_title (const VaiChart *self)
{
  return self->title;
}

const char *
vai_chart_get_finding (const VaiChart *self)
{
  return self->finding;
}

guint
vai_chart_get_n_columns (const VaiChart *self)
{
  return self->headers->len;
}

guint
vai_chart_get_n_rows (const VaiChart *self)
{
  return self->rows->len;
}

const char *
vai_chart_get_header (const VaiChart *self, guint column)
{
  g_return_val_if_fail (column < self->headers->len, NULL);
  return g_ptr_array_index (self->headers, column);
}

const char *
vai_chart_get_cell (const VaiChart *self, guint row, guint column)
{
  g_return_val_if_fail (row < self->rows->len && column < self->headers->len, NULL);
  return ((char **) g_ptr_array_index (self->rows, row))[column];
}

static void
append_line (GString *text, char **cells, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *cell = g_strdelimit (g_strdup (cells[i]), "\t\n\r", ' ');
      g_string_append_printf (text, "%s%s", i > 0 ? "\t" : "", cell);
    }
  g_string_append_c (text, '\n');
}

char *
vai_chart_dup_text (const VaiChart *self)
{
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "%s\n%s\n", self->title, self->finding);
  if (self->rows->len > 0)
    append_line (text, (char **) self->headers->pdata, self->headers->len);
  for (guint row = 0; row < self->rows->len; row++)
    append_line (text, g_ptr_array_index (self->rows, row), self->headers->len);
  return g_string_free (text, FALSE);
}

static double
top_of (const VaiChart *self)
{
  return self->subtitle != NULL && self->empty == NULL ? SUBTITLE_HEIGHT : 0;
}

double
vai_chart_get_natural_height (const VaiChart *self, double width)
{
  if (self->bars != NULL)
    return top_of (self) + vai_bars_get_natural_height (self->bars);
  return ceil (CLAMP (width * ASPECT, 160, 420));
}

double
vai_chart_get_least_height (const VaiChart *self)
{
  return self->bars != NULL ? top_of (self) + vai_bars_get_least_height (self->bars) : 0;
}

static void
draw_empty (const VaiChart *self, const VaiPen *pen, double width, double height)
{
  VaiTextStyle style = {
    .size = 14, .color = VAI_COLOR_DIM_TEXT, .align = VAI_ALIGN_CENTER, .width = MAX (width - 24, 1), .wrap = TRUE
  };
  vai_pen_text (pen, self->empty, &style, width / 2, height / 2);
}

void
vai_chart_draw (const VaiChart *self, cairo_t *cairo, double width, double height, const VaiPalette *palette)
{
  VaiPen pen = { cairo, palette };
  double top = top_of (self);
  cairo_save (cairo);
  cairo_rectangle (cairo, 0, 0, width, height);
  cairo_clip (cairo);
  if (self->empty != NULL)
    draw_empty (self, &pen, width, height);
  else
    {
      VaiTextStyle style = { .size = 12, .color = VAI_COLOR_DIM_TEXT, .width = width };
      vai_pen_text (&pen, self->subtitle, &style, 0, 8);
      cairo_translate (cairo, 0, top);
      if (self->plot != NULL)
        vai_plot_draw (self->plot, &pen, width, height - top);
      else if (self->bars != NULL)
        vai_bars_draw (self->bars, &pen, width, height - top);
      else
        vai_cells_draw (self->cells, &pen, width, height - top);
    }
  cairo_restore (cairo);
}

static gboolean
locate (const VaiChart *self, const VaiPen *pen, double width, double height, guint row, double *x, double *y)
{
  double top = top_of (self);
  gboolean found = self->empty != NULL  ? FALSE
                   : self->plot != NULL ? vai_plot_locate (self->plot, pen, width, height - top, row, x, y)
                   : self->bars != NULL ? vai_bars_locate (self->bars, width, height - top, row, x, y)
                                        : vai_cells_locate (width, height - top, row, x, y);
  if (found)
    *y += top;
  return found;
}

/* Margins depend on the width of words, which only a surface can measure. */
static cairo_t *
make_measure (void)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cairo = cairo_create (surface);
  cairo_surface_destroy (surface);
  return cairo;
}

gboolean
vai_chart_locate (const VaiChart *self, double width, double height, guint row, double *x, double *y)
{
  cairo_t *cairo = make_measure ();
  VaiPen pen = { cairo, &vai_palette_light };
  gboolean found = row < self->rows->len && locate (self, &pen, width, height, row, x, y);
  cairo_destroy (cairo);
  return found;
}
