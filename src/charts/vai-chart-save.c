#include "vai-chart-private.h"

#include "vai-error.h"
#include "vai-format.h"
#include "vai-output.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define MARGIN 14.0
#define TITLE_HEIGHT 26.0
#define TITLE_SIZE 14.5
#define POINTS_PER_PX 0.75

/* Equal charts are equal bytes: no clock in the file. */
#define FIXED_DATE "2000-01-01T00:00:00Z"

static cairo_status_t
append (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* With its title on a white sheet. */
static void
draw_sheet (const VaiChart *self, cairo_t *cairo, double width, double height)
{
  VaiPen pen = { cairo, &vai_palette_light };
  vai_pen_color (&pen, VAI_COLOR_CARD, 1);
  cairo_paint (cairo);
  double margin = MIN (MARGIN, MIN (width, height) / 8);
  VaiTextStyle style
      = { .size = TITLE_SIZE, .bold = TRUE, .color = VAI_COLOR_TEXT, .width = MAX (width - 2 * margin, 1) };
  vai_pen_text (&pen, self->title, &style, margin, margin + TITLE_HEIGHT / 2 - 4);
  cairo_translate (cairo, margin, margin + TITLE_HEIGHT);
  vai_chart_draw (self, cairo, MAX (width - 2 * margin, 1), MAX (height - 2 * margin - TITLE_HEIGHT, 1),
                  &vai_palette_light);
}

/* Ends @surface; NULL and @error when it went wrong. Takes both. */
static GBytes *
finish (cairo_t *cairo, cairo_surface_t *surface, GByteArray *data, GError **error)
{
  cairo_status_t status = cairo_status (cairo);
  cairo_destroy (cairo);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  GBytes *bytes = g_byte_array_free_to_bytes (data);
  if (status == CAIRO_STATUS_SUCCESS)
    return bytes;
  g_bytes_unref (bytes);
  g_set_error (error, VAI_ERROR, VAI_ERROR_FAILED, _ ("The chart could not be drawn: %s"),
               cairo_status_to_string (status));
  return NULL;
}

static GBytes *
make_png (const VaiChart *self, int width, int height, GError **error)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cairo = cairo_create (surface);
  GByteArray *data = g_byte_array_new ();
  draw_sheet (self, cairo, width, height);
  cairo_surface_flush (surface);
  if (cairo_status (cairo) == CAIRO_STATUS_SUCCESS)
    cairo_surface_write_to_png_stream (surface, append, data);
  return finish (cairo, surface, data, error);
}

static GBytes *
make_pdf (const VaiChart *self, int width, int height, GError **error)
{
  GByteArray *data = g_byte_array_new ();
  cairo_surface_t *surface
      = cairo_pdf_surface_create_for_stream (append, data, width * POINTS_PER_PX, height * POINTS_PER_PX);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, FIXED_DATE);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, self->title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_SUBJECT, self->finding);
  cairo_t *cairo = cairo_create (surface);
  cairo_scale (cairo, POINTS_PER_PX, POINTS_PER_PX);
  draw_sheet (self, cairo, width, height);
  return finish (cairo, surface, data, error);
}

/* Cairo numbers its surfaces through the life of the process, and every SVG calls its glyphs alike: names are made to
 * depend on the kind of chart alone, so that bytes repeat and several pictures can stand in one page. */
static char *
rename_parts (const VaiChart *self, const char *svg)
{
  g_autoptr (GRegex) numbered = g_regex_new ("surface[0-9]+", 0, 0, NULL);
  g_autofree char *plain = g_regex_replace_literal (numbered, svg, -1, 0, "surface", 0, NULL);
  g_autoptr (GRegex) names = g_regex_new ("( id=\"|href=\"#|url\\(#)", 0, 0, NULL);
  g_autofree char *with = g_strdup_printf ("\\1%s-", vai_chart_kind_name (self->kind));
  return g_regex_replace (names, plain, -1, 0, with, 0, NULL);
}

static GBytes *
describe_svg (const VaiChart *self, GBytes *bytes)
{
  g_autofree char *svg = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autofree char *renamed = rename_parts (self, svg);
  const char *tag = strstr (renamed, "<svg"), *end = tag != NULL ? strchr (tag, '>') : NULL;
  g_return_val_if_fail (end != NULL, g_bytes_ref (bytes));
  g_autofree char *words = vai_chart_dup_text (self), *description = vai_format_markup (words);
  g_autofree char *title = vai_format_markup (self->title);
  const char *kind = vai_chart_kind_name (self->kind);
  GString *text = g_string_new_len (renamed, end - renamed);
  g_string_append_printf (text,
                          " role=\"img\" aria-labelledby=\"%s-title %s-desc\">\n<title "
                          "id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>",
                          kind, kind, kind, title, kind, description);
  g_string_append (text, end + 1);
  return g_string_free_to_bytes (text);
}

static GBytes *
make_svg (const VaiChart *self, int width, int height, gboolean sheet, GError **error)
{
  GByteArray *data = g_byte_array_new ();
  cairo_surface_t *surface = cairo_svg_surface_create_for_stream (append, data, width, height);
  cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PX);
  cairo_t *cairo = cairo_create (surface);
  if (sheet)
    draw_sheet (self, cairo, width, height);
  else
    vai_chart_draw (self, cairo, width, height, &vai_palette_light);
  g_autoptr (GBytes) plain = finish (cairo, surface, data, error);
  return plain != NULL ? describe_svg (self, plain) : NULL;
}

static gboolean
check_size (int *width, int *height, GError **error)
{
  *width = *width == 0 ? VAI_CHART_WIDTH_DEFAULT : *width;
  *height = *height == 0 ? VAI_CHART_HEIGHT_DEFAULT : *height;
  if (MIN (*width, *height) >= VAI_CHART_SIDE_MIN && MAX (*width, *height) <= VAI_CHART_SIDE_MAX)
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE,
               _ ("A chart of %d by %d px cannot be drawn: each side is %d to %d px."), *width, *height,
               VAI_CHART_SIDE_MIN, VAI_CHART_SIDE_MAX);
  return FALSE;
}

static gboolean
has_ending (const char *path, const char *ending)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);
  return g_str_has_suffix (lower, ending);
}

GBytes *
vai_chart_to_svg (const VaiChart *self, int width, int height, GError **error)
{
  return check_size (&width, &height, error) ? make_svg (self, width, height, FALSE, error) : NULL;
}

gboolean
vai_chart_save (const VaiChart *self, const char *path, int width, int height, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  if (!check_size (&width, &height, error))
    return FALSE;
  if (has_ending (path, ".png"))
    bytes = make_png (self, width, height, error);
  else if (has_ending (path, ".svg"))
    bytes = make_svg (self, width, height, TRUE, error);
  else if (has_ending (path, ".pdf"))
    bytes = make_pdf (self, width, height, error);
  else
    g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE,
                 _ ("“%s” does not end in .png, .svg or .pdf: give the picture one of these endings."), path);
  gsize size;
  const void *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  return bytes != NULL && vai_output_write_bytes (path, data, size, error);
}
