#include "vai-chart-kinds.h"
#include "vai-error.h"
#include "vai-random.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define N 300
#define ODD "Söme <b> & \"quoted\" 'name' \xF0\x9F\x9A\x80 \xD7\xA9\xD7\x93\xD7\x94 \x01"

typedef struct
{
  guint8 won[N];
  double probability[N], x[N + 1], y[N + 1];
} Data;

static void
fill (Data *data)
{
  VaiRandom random;
  vai_random_init (&random, 8, 0);
  for (guint i = 0; i < N; i++)
    {
      data->probability[i] = vai_random_uniform (&random);
      data->won[i] = vai_random_uniform (&random) < data->probability[i];
    }
  for (guint i = 0; i <= N; i++)
    {
      data->x[i] = (double) i / N;
      data->y[i] = sqrt (data->x[i]);
    }
}

static VaiQualityCurve
make_curve (const Data *data, gsize n)
{
  return (VaiQualityCurve){ .x = data->x,
                            .y = data->y,
                            .n = n,
                            .point_x = 0.25,
                            .point_y = 0.5,
                            .threshold = 0.6,
                            .value = 0.86,
                            .low = 0.83,
                            .high = 0.89,
                            .base_rate = 0.4 };
}

static VaiChart *
make_course (gsize n, double scale)
{
  static double x[30], chance[30], low[30], high[30], earned[30];
  static gboolean supported[30];
  for (guint i = 0; i < 30; i++)
    {
      x[i] = i * scale;
      chance[i] = 0.3 + 0.02 * i;
      low[i] = chance[i] - 0.1;
      high[i] = MIN (1, chance[i] + 0.1);
      earned[i] = chance[i] * (30000 - 700 * i);
      supported[i] = i < 20;
    }
  VaiCourse course
      = { ODD, "%", x, chance, low, high, earned, "Expected margin", "EUR", supported, n, 6 * scale, NULL };
  return vai_chart_new_curve (&course);
}

/* One chart of each kind over @n data points, freed with the array. */
static GPtrArray *
make_all (const Data *data, gsize n)
{
  static const char *const names[]
      = { ODD, "Delivery", "Price", "Condizioni di pagamento concordate con il cliente prima dell'offerta" };
  static const double share[] = { 0.5, 0.3, 0.15, 0.05 };
  static const guint won[] = { 3, 0, 7, 8 }, decided[] = { 9, 0, 20, 16 };
  static const double predicted[] = { 0.4, NAN, 0.5, 0.45 };
  const VaiWaterfallStep steps[]
      = { { ODD, ODD, 0.7 }, { "Price", NULL, -0.4 }, { "Delivery", "4 weeks", NAN }, { "Other name", "", 0 } };
  GPtrArray *charts = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_chart_free);
  VaiQualityCurve curve = make_curve (data, n);
  guint few = MIN (n, 4);
  g_ptr_array_add (charts, vai_chart_new_roc (&curve));
  g_ptr_array_add (charts, vai_chart_new_precision_recall (&curve));
  g_ptr_array_add (charts, vai_chart_new_gain (&curve));
  g_ptr_array_add (charts, vai_chart_new_lift (&curve));
  g_ptr_array_add (charts, vai_chart_new_calibration (data->won, data->probability, n, 0.02, 0.01, 0.04));
  g_ptr_array_add (charts, vai_chart_new_histogram (data->won, data->probability, n));
  g_ptr_array_add (charts, vai_chart_new_confusion (n, n / 2, n / 3, n, 0.6));
  g_ptr_array_add (charts, vai_chart_new_importance (names, share, NULL, NULL, few));
  g_ptr_array_add (charts, vai_chart_new_waterfall (steps, few, 0.41, 0.72));
  g_ptr_array_add (charts, make_course (MIN (n, 30), 1));
  g_ptr_array_add (charts, vai_chart_new_win_rate (names, won, decided, predicted, few, FALSE));
  g_ptr_array_add (charts, vai_chart_new_dependence (ODD, names, NULL, share, won, few, 0.41));
  g_ptr_array_add (charts, vai_chart_new_dependence ("Price", NULL, share, share, won, MIN (few, 1), 0.41));
  return charts;
}

/* Share of pixels that are not the ground. */
static double
draw (const VaiChart *chart, int width, int height, const VaiPalette *palette)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cairo = cairo_create (surface);
  double red, green, blue;
  vai_palette_get (palette, VAI_COLOR_CARD, &red, &green, &blue);
  cairo_set_source_rgb (cairo, red, green, blue);
  cairo_paint (cairo);
  vai_chart_draw (chart, cairo, width, height, palette);
  g_assert_cmpint (cairo_status (cairo), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_flush (surface);
  const guint8 *pixels = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  gsize drawn = 0;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint32 pixel;
        memcpy (&pixel, pixels + y * stride + 4 * x, 4);
        drawn += (pixel & 0xffffff) != palette->rgb[VAI_COLOR_CARD];
      }
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
  return (double) drawn / (width * height);
}

/* Every kind, size and palette draws something, and never over everything. */
static void
test_draws (void)
{
  const VaiPalette *palettes[] = { &vai_palette_light, &vai_palette_dark, &vai_palette_contrast };
  Data data;
  fill (&data);
  g_autoptr (GPtrArray) charts = make_all (&data, N);
  for (guint i = 0; i < charts->len; i++)
    for (guint p = 0; p < 3; p++)
      {
        const VaiChart *chart = g_ptr_array_index (charts, i);
        g_assert_cmpfloat (draw (chart, 640, 400, palettes[p]), >, 0.005);
        g_assert_cmpfloat (draw (chart, 640, 400, palettes[p]), <, 0.97);
        g_assert_cmpfloat (draw (chart, 220, 160, palettes[p]), >, 0.01);
        draw (chart, 40, 40, palettes[p]);
        draw (chart, 1, 1, palettes[p]);
      }
}

/* No data, one point, equal values, nothing finite: a sentence or a picture, never a crash. */
static void
test_degenerate (void)
{
  Data data;
  fill (&data);
  for (gsize n = 0; n <= 4; n++)
    {
      g_autoptr (GPtrArray) charts = make_all (&data, n);
      for (guint i = 0; i < charts->len; i++)
        {
          const VaiChart *chart = g_ptr_array_index (charts, i);
          g_assert_cmpfloat (draw (chart, 300, 200, &vai_palette_light), >, 0);
          g_assert_nonnull (vai_chart_get_finding (chart));
          g_autofree char *text = vai_chart_dup_text (chart);
          g_assert_null (strcasestr (text, "nan"));
        }
    }
  for (guint i = 0; i < N; i++)
    {
      data.probability[i] = i % 2 ? NAN : 0.5;
      data.won[i] = 1;
    }
  for (guint i = 0; i <= N; i++)
    data.x[i] = data.y[i] = i % 3 ? NAN : 0.5;
  g_autoptr (GPtrArray) charts = make_all (&data, N);
  for (guint i = 0; i < charts->len; i++)
    draw (g_ptr_array_index (charts, i), 300, 200, &vai_palette_light);
  g_autoptr (VaiChart) flat = make_course (10, 0);
  draw (flat, 300, 200, &vai_palette_light);
  g_assert_cmpuint (vai_chart_get_n_rows (flat), ==, 0);
}

/* The table says what was given: counts and rates by hand. */
static void
test_words (void)
{
  const guint8 won[] = { 1, 0, 1, 1, 0, 0, 1, 0, 1, 1 };
  const double probability[] = { 0.9, 0.1, 0.8, 0.7, 0.2, 0.3, 0.6, 0.4, 0.95, 0.5 };
  g_autoptr (VaiChart) calibration = vai_chart_new_calibration (won, probability, 10, 0.1, NAN, NAN);
  g_assert_cmpuint (vai_chart_get_n_rows (calibration), ==, 10);
  g_assert_cmpstr (vai_chart_get_cell (calibration, 0, 0), ==, "10%");
  g_assert_cmpstr (vai_chart_get_cell (calibration, 0, 1), ==, "0%");
  g_assert_cmpstr (vai_chart_get_cell (calibration, 9, 0), ==, "95%");
  g_assert_cmpstr (vai_chart_get_cell (calibration, 9, 1), ==, "100%");
  g_assert_cmpstr (vai_chart_get_finding (calibration), ==, "When it said 70%, 100 in 100 were won.");
  g_autoptr (VaiChart) confusion = vai_chart_new_confusion (152, 93, 40, 319, 0.6);
  g_assert_cmpstr (vai_chart_get_cell (confusion, 2, 1), ==, "40");
  g_assert_nonnull (strstr (vai_chart_get_finding (confusion), "152 of 245"));
  g_assert_nonnull (strstr (vai_chart_get_finding (confusion), "40 of 359"));
  const char *names[] = { "a", "b", "c" };
  const double share[] = { 0.2, 0.7, 0.1 };
  g_autoptr (VaiChart) importance = vai_chart_new_importance (names, share, NULL, NULL, 3);
  g_assert_cmpstr (vai_chart_get_cell (importance, 0, 0), ==, "b");
  g_assert_cmpstr (vai_chart_get_cell (importance, 0, 1), ==, "70%");
  g_assert_cmpstr (vai_chart_get_cell (importance, 2, 0), ==, "c");
}

/* What was not given is no reason to name while another is there, however much it weighs. */
static void
test_absent_reason (void)
{
  VaiWaterfallStep steps[] = { { "Discount", "not given", 0.9, TRUE },
                               { "Delivery", "2 weeks", 0.2, FALSE },
                               { "Visits", "not given", -0.6, TRUE } };
  g_autoptr (VaiChart) both = vai_chart_new_waterfall (steps, 3, 0.5, 0.62);
  const char *finding = vai_chart_get_finding (both);
  g_assert_nonnull (strstr (finding, "most for it is “Delivery”"));
  g_assert_nonnull (strstr (finding, "most against it that “Visits” is not given"));
  g_assert_null (strstr (finding, "Discount"));
  /* It stays in its place in the picture. */
  g_assert_cmpstr (vai_chart_get_cell (both, 1, 0), ==, "Discount");
}

/* Steps from the average to the quote, by size; the points add up to the difference. */
static void
test_waterfall (void)
{
  VaiWaterfallStep steps[12];
  char names[12][8];
  for (guint i = 0; i < 12; i++)
    {
      g_snprintf (names[i], sizeof names[i], "c%u", i);
      steps[i] = (VaiWaterfallStep){ names[i], NULL, (i % 3 == 0 ? -0.05 : 0.05) * i };
    }
  g_autoptr (VaiChart) chart = vai_chart_new_waterfall (steps, 12, 0.41, 0.72);
  g_assert_cmpuint (vai_chart_get_n_rows (chart), ==, 2 + VAI_WATERFALL_STEPS + 2);
  g_assert_cmpstr (vai_chart_get_cell (chart, 1, 0), ==, "c11");
  g_assert_cmpstr (vai_chart_get_cell (chart, 8, 0), ==, "Other");
  g_assert_cmpstr (vai_chart_get_cell (chart, 9, 0), ==, "Calibration");
  g_assert_cmpstr (vai_chart_get_cell (chart, 10, 2), ==, "72%");
  int sum = 0;
  for (guint row = 1; row < 10; row++)
    {
      g_auto (GStrv) parts = g_strsplit (vai_chart_get_cell (chart, row, 2), "\u2212", 2);
      sum += parts[1] != NULL ? -atoi (parts[1]) : atoi (parts[0]);
    }
  g_assert_cmpint (ABS (sum - 31), <=, 4);
}

/* A mark lies inside the picture, and two rows are not told by one place. */
static void
test_locate (void)
{
  Data data;
  fill (&data);
  g_autoptr (GPtrArray) charts = make_all (&data, N);
  guint n_located = 0;
  for (guint i = 0; i < charts->len; i++)
    {
      const VaiChart *chart = g_ptr_array_index (charts, i);
      double before_x = -1, before_y = -1, x, y;
      for (guint row = 0; row < vai_chart_get_n_rows (chart); row++)
        {
          if (!vai_chart_locate (chart, 500, 320, row, &x, &y))
            continue;
          n_located++;
          g_assert_true (x >= 0 && x <= 500 && y >= 0 && y <= 320);
          g_assert_true (x != before_x || y != before_y);
          before_x = x;
          before_y = y;
        }
    }
  g_assert_cmpuint (n_located, >, 3 * charts->len);
}

/* At the least height every row of a list is whole: half the height of its letters to each side. */
static void
test_least (void)
{
  Data data;
  fill (&data);
  g_autoptr (GPtrArray) charts = make_all (&data, N);
  guint n_lists = 0;
  for (guint i = 0; i < charts->len; i++)
    {
      const VaiChart *chart = g_ptr_array_index (charts, i);
      double least = vai_chart_get_least_height (chart), x, y, lowest = 0;
      g_assert_true (least <= vai_chart_get_natural_height (chart, 500));
      if (least == 0)
        continue;
      n_lists++;
      for (guint row = 0; row < vai_chart_get_n_rows (chart); row++)
        if (vai_chart_locate (chart, 500, least, row, &x, &y))
          {
            g_assert_true (y >= lowest + 12 || lowest == 0);
            lowest = y;
          }
      g_assert_true (lowest > 0 && lowest + 6 <= least);
    }
  g_assert_cmpuint (n_lists, >, 1);
}

static void
on_text (GMarkupParseContext *context, const char *text, gsize length, gpointer user_data, GError **error)
{
  if (g_strcmp0 (g_markup_parse_context_get_element (context), "desc") == 0)
    g_string_append_len (user_data, text, length);
}

/* Files: well-formed, the same bytes twice, described, whole or not there. */
static void
test_files (void)
{
  static const char *const endings[] = { "png", "svg", "pdf" };
  const GMarkupParser parser = { .text = on_text };
  g_autofree char *folder = g_dir_make_tmp ("vai-chart-XXXXXX", NULL);
  Data data;
  fill (&data);
  g_autoptr (GPtrArray) charts = make_all (&data, N);
  for (guint i = 0; i < charts->len; i++)
    for (guint k = 0; k < 3; k++)
      {
        const VaiChart *chart = g_ptr_array_index (charts, i);
        g_autoptr (GError) error = NULL;
        g_autofree char *name = g_strdup_printf ("chart.%s", endings[k]), *path = g_build_filename (folder, name, NULL);
        g_autofree char *first = NULL, *second = NULL;
        gsize size, other_size;
        g_assert_true (vai_chart_save (chart, path, 0, 0, &error));
        g_assert_true (g_file_get_contents (path, &first, &size, NULL));
        g_assert_true (vai_chart_save (chart, path, 0, 0, &error));
        g_assert_true (g_file_get_contents (path, &second, &other_size, NULL));
        g_assert_cmpmem (first, size, second, other_size);
        if (k == 1)
          {
            g_autoptr (GString) description = g_string_new (NULL);
            g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, description, NULL);
            g_assert_true (g_markup_parse_context_parse (context, first, size, &error));
            g_assert_true (g_markup_parse_context_end_parse (context, &error));
            g_autofree char *finding = g_utf8_make_valid (vai_chart_get_finding (chart), -1);
            g_strdelimit (finding, "\x01", '?');
            g_assert_true (strchr (finding, '?') != NULL || strstr (description->str, finding) != NULL);
          }
        g_unlink (path);
      }
  g_rmdir (folder);
}

static void
test_refused (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiChart) chart = vai_chart_new_confusion (1, 2, 3, 4, 0.5);
  g_assert_false (vai_chart_save (chart, "chart.gif", 0, 0, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, ".png, .svg or .pdf"));
  g_clear_error (&error);
  g_assert_false (vai_chart_save (chart, "chart.png", 5, 100000, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_USAGE);
  g_clear_error (&error);
  g_assert_false (vai_chart_save (chart, "/no/such/folder/chart.png", 0, 0, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND);
}

static double
luminance (guint32 rgb)
{
  double sum = 0;
  const double weights[] = { 0.2126, 0.7152, 0.0722 };
  for (guint i = 0; i < 3; i++)
    {
      double c = (rgb >> (16 - 8 * i) & 0xff) / 255.0;
      sum += weights[i] * (c <= 0.04045 ? c / 12.92 : pow ((c + 0.055) / 1.055, 2.4));
    }
  return sum;
}

static double
contrast (const VaiPalette *palette, VaiColor color)
{
  double a = luminance (palette->rgb[VAI_COLOR_CARD]) + 0.05, b = luminance (palette->rgb[color]) + 0.05;
  return MAX (a, b) / MIN (a, b);
}

/* WCAG 2.1: text 4.5 to 1, marks 3 to 1. */
static void
test_contrast (void)
{
  const VaiPalette *palettes[] = { &vai_palette_light, &vai_palette_dark, &vai_palette_contrast };
  const VaiColor texts[]
      = { VAI_COLOR_TEXT, VAI_COLOR_DIM_TEXT, VAI_COLOR_WON_TEXT, VAI_COLOR_LOST_TEXT, VAI_COLOR_SECOND };
  const VaiColor marks[]
      = { VAI_COLOR_WON, VAI_COLOR_LOST, VAI_COLOR_NEUTRAL, VAI_COLOR_SECOND, VAI_COLOR_THIRD, VAI_COLOR_AXIS };
  for (guint p = 0; p < 3; p++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
        g_assert_cmpfloat (contrast (palettes[p], texts[i]), >=, 4.5);
      for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
        g_assert_cmpfloat (contrast (palettes[p], marks[i]), >=, 3);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/draws", test_draws);
  g_test_add_func ("/chart/degenerate", test_degenerate);
  g_test_add_func ("/chart/words", test_words);
  g_test_add_func ("/chart/waterfall", test_waterfall);
  g_test_add_func ("/chart/absent-reason", test_absent_reason);
  g_test_add_func ("/chart/locate", test_locate);
  g_test_add_func ("/chart/least", test_least);
  g_test_add_func ("/chart/files", test_files);
  g_test_add_func ("/chart/refused", test_refused);
  g_test_add_func ("/chart/contrast", test_contrast);
  return g_test_run ();
}
