#include "vai-report-private.h"

#include "vai-error.h"
#include "vai-pen.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <pango/pangocairo.h>

/* A4 in px of 1/96 inch, so that charts and type have the sizes of the screen. */
#define PAGE_WIDTH 793.7
#define PAGE_HEIGHT 1122.5
#define MARGIN_X 76.0
#define MARGIN_TOP 68.0
#define MARGIN_BOTTOM 84.0
#define POINTS_PER_PX 0.75
#define FIXED_DATE "2000-01-01T00:00:00Z"

#define WIDTH (PAGE_WIDTH - 2 * MARGIN_X)
#define FLOOR (PAGE_HEIGHT - MARGIN_BOTTOM)

/* What must fit below a heading, else it goes to the next page with its text. */
#define KEEP_WITH_HEADING 90.0
#define HEADING_HEIGHT 60.0
#define CHART_HEIGHT_MAX 290.0
#define CHART_SHRINK 0.65

/* Heights of charts that are tried, as shares of their natural one: the first that leaves the least white wins. */
static const double scales[] = { 1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7 };
#define CELL_GAP 14.0
#define ROW_GAP 8.0

/* A table up to this height, with its caption, is not torn: two thirds of a page can hold other things. */
#define TABLE_WHOLE_MAX 320.0
#define CAPTION_HEIGHT 36.0
#define INDENT 18.0

typedef struct
{
  VaiPen pen;
  cairo_surface_t *surface;
  double y;
  guint page, n_pages; /* n_pages: 0 while they are counted */
  gboolean outline;
  cairo_t *blank;  /* nullable: takes the pages that are not wanted */
  cairo_t *target; /* with it: takes page number @wanted */
  guint wanted;
  double scale; /* of the heights of charts */
  double white; /* left at the foot of the emptiest page but the last, in px */
} Paper;

typedef struct
{
  double size;
  gboolean bold;
  VaiColor color;
  double before, after;
} Type;

static PangoLayout *
make_layout (const Paper *self, const char *text, const Type *type, double width)
{
  PangoLayout *layout = pango_cairo_create_layout (self->pen.cairo);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string (VAI_FONT_FAMILIES);
  pango_font_description_set_absolute_size (font, type->size * PANGO_SCALE);
  if (type->bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, MAX (width, 1) * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_line_spacing (layout, 1.2);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

static double
height_of (PangoLayout *layout)
{
  PangoRectangle logical;
  pango_layout_get_extents (layout, NULL, &logical);
  return (double) logical.height / PANGO_SCALE;
}

static void
number_page (Paper *self)
{
  g_autofree char *text = g_strdup_printf (_ ("%u of %u"), self->page, self->n_pages);
  VaiTextStyle style = { .size = 12, .color = VAI_COLOR_DIM_TEXT, .align = VAI_ALIGN_CENTER };
  vai_pen_text (&self->pen, text, &style, PAGE_WIDTH / 2, PAGE_HEIGHT - MARGIN_BOTTOM / 2);
}

static void
end_page (Paper *self)
{
  number_page (self);
  if (self->blank == NULL)
    cairo_show_page (self->pen.cairo);
}

static void
begin_page (Paper *self, guint page)
{
  self->page = page;
  self->y = MARGIN_TOP;
  if (self->blank != NULL)
    self->pen.cairo = page == self->wanted ? self->target : self->blank;
}

static void
need (Paper *self, double height)
{
  if (self->y + height <= FLOOR || self->y <= MARGIN_TOP)
    return;
  self->white = MAX (self->white, FLOOR - self->y);
  end_page (self);
  begin_page (self, self->page + 1);
}

/* Line by line, so that a long paragraph goes on overleaf; never one line alone at the foot of a page. */
static void
draw_text (Paper *self, const char *text, const Type *type, double x, double width)
{
  g_autoptr (PangoLayout) layout = make_layout (self, text, type, width);
  self->y += self->y > MARGIN_TOP ? type->before : 0;
  PangoLayoutIter *iter = pango_layout_get_iter (layout);
  double offset = 0, first = 0, total = height_of (layout);
  gboolean begun = FALSE;
  do
    {
      PangoRectangle logical;
      pango_layout_iter_get_line_extents (iter, NULL, &logical);
      double top = (double) logical.y / PANGO_SCALE, height = (double) logical.height / PANGO_SCALE * 1.2;
      double baseline = (double) pango_layout_iter_get_baseline (iter) / PANGO_SCALE;
      double room = begun ? height : MIN (total, 2 * height);
      if (self->y + (top - first) + room > FLOOR)
        {
          self->y += top - first;
          need (self, room);
          first = top;
        }
      offset = self->y - first;
      begun = TRUE;
      vai_pen_color (&self->pen, type->color, 1);
      cairo_move_to (self->pen.cairo, x + (double) logical.x / PANGO_SCALE, offset + baseline);
      pango_cairo_show_layout_line (self->pen.cairo, pango_layout_iter_get_line_readonly (iter));
    }
  while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
  cairo_new_path (self->pen.cairo);
  self->y += total - first + type->after;
}

static void
add_outline (Paper *self, const char *text)
{
  if (!self->outline)
    return;
  g_autofree char *where = g_strdup_printf ("page=%u pos=[%d %d]", self->page, (int) (MARGIN_X * POINTS_PER_PX),
                                            (int) (self->y * POINTS_PER_PX));
  cairo_pdf_surface_add_outline (self->surface, CAIRO_PDF_OUTLINE_ROOT, text, where, CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

static void
draw_figures (Paper *self, const VaiBlock *block)
{
  Type value = { 22, TRUE, VAI_COLOR_TEXT, 0, 0 }, label = { 12, FALSE, VAI_COLOR_DIM_TEXT, 0, 0 };
  need (self, 90);
  double column = WIDTH / MAX (block->rows->len, 1), tallest = 0, top = self->y + 10;
  for (guint i = 0; i < block->rows->len; i++)
    {
      GStrv cells = g_ptr_array_index (block->rows, i);
      g_autoptr (PangoLayout) big = make_layout (self, cells[0], &value, column - CELL_GAP);
      g_autoptr (PangoLayout) small = make_layout (self, cells[1], &label, column - CELL_GAP);
      vai_pen_color (&self->pen, VAI_COLOR_TEXT, 1);
      cairo_move_to (self->pen.cairo, MARGIN_X + i * column, top);
      pango_cairo_show_layout (self->pen.cairo, big);
      vai_pen_color (&self->pen, VAI_COLOR_DIM_TEXT, 1);
      cairo_move_to (self->pen.cairo, MARGIN_X + i * column, top + height_of (big));
      pango_cairo_show_layout (self->pen.cairo, small);
      tallest = MAX (tallest, height_of (big) + height_of (small));
    }
  self->y = top + tallest + 14;
  vai_pen_line (&self->pen, MARGIN_X, self->y, MARGIN_X + WIDTH, self->y, 1, VAI_COLOR_GRID, VAI_DASH_NONE);
  self->y += 6;
}

/* The first column takes what the others leave, at least a third. */
static void
place_columns (const Paper *self, const GPtrArray *rows, guint n, double *widths)
{
  const Type type = { 12, TRUE, VAI_COLOR_TEXT, 0, 0 };
  double sum = 0, share = WIDTH * 2 / 3 / MAX (n - 1, 1);
  for (guint c = 1; c < n; c++)
    {
      widths[c] = 0;
      for (guint r = 0; r < rows->len; r++)
        {
          GStrv cells = g_ptr_array_index (rows, r);
          if (g_strv_length (cells) <= c)
            continue;
          VaiTextStyle style = { .size = type.size, .bold = r == 0 };
          double width;
          vai_pen_measure (&self->pen, cells[c], &style, &width, NULL);
          widths[c] = MAX (widths[c], MIN (width + 2, share - CELL_GAP));
        }
      sum += widths[c] + CELL_GAP;
    }
  widths[0] = WIDTH - sum;
}

/* The cells of a row, laid out; gives the height of the row. */
static double
layout_row (const Paper *self, GStrv cells, guint n, const double *widths, gboolean head, GPtrArray *layouts)
{
  Type type = { 12, head, VAI_COLOR_TEXT, 0, 0 };
  double tallest = 0;
  for (guint c = 0; c < n && cells[c] != NULL; c++)
    {
      PangoLayout *layout = make_layout (self, cells[c], &type, widths[c]);
      /* A cell that fills the page is cut: a reason is a sentence. */
      pango_layout_set_height (layout, -12);
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
      g_ptr_array_add (layouts, layout);
      tallest = MAX (tallest, height_of (layout));
    }
  return tallest + ROW_GAP;
}

static double
height_of_row (const Paper *self, GStrv cells, guint n, const double *widths, gboolean head)
{
  g_autoptr (GPtrArray) layouts = g_ptr_array_new_with_free_func (g_object_unref);
  return layout_row (self, cells, n, widths, head, layouts);
}

static void
draw_row (Paper *self, GStrv cells, guint n, const double *widths, gboolean head)
{
  double x = MARGIN_X;
  g_autoptr (GPtrArray) layouts = g_ptr_array_new_with_free_func (g_object_unref);
  double height = layout_row (self, cells, n, widths, head, layouts);
  for (guint c = 0; c < layouts->len; c++)
    {
      vai_pen_color (&self->pen, VAI_COLOR_TEXT, 1);
      cairo_move_to (self->pen.cairo, x, self->y + ROW_GAP / 2);
      pango_cairo_show_layout (self->pen.cairo, g_ptr_array_index (layouts, c));
      x += widths[c] + CELL_GAP;
    }
  self->y += height;
  vai_pen_line (&self->pen, MARGIN_X, self->y, MARGIN_X + WIDTH, self->y, 1, VAI_COLOR_GRID, VAI_DASH_NONE);
}

static guint
count_columns (const VaiBlock *table)
{
  guint n = 0;
  for (guint r = 0; r < table->rows->len; r++)
    n = MAX (n, g_strv_length (g_ptr_array_index (table->rows, r)));
  return n;
}

/* Below its beginning a table may be torn when it is long. */
static double
room_of_table (const Paper *self, const VaiBlock *table, guint n, const double *widths)
{
  double total = *table->text != '\0' ? CAPTION_HEIGHT : 0;
  for (guint r = 0; r < table->rows->len; r++)
    total += height_of_row (self, g_ptr_array_index (table->rows, r), n, widths, r == 0);
  return total <= TABLE_WHOLE_MAX ? total : KEEP_WITH_HEADING;
}

static void
draw_table (Paper *self, const VaiBlock *block)
{
  Type caption = { 13, TRUE, VAI_COLOR_TEXT, 12, 4 };
  guint n = count_columns (block);
  if (n == 0)
    return;
  g_autofree double *widths = g_new0 (double, n);
  place_columns (self, block->rows, n, widths);
  need (self, room_of_table (self, block, n, widths));
  if (*block->text != '\0')
    draw_text (self, block->text, &caption, MARGIN_X, WIDTH);
  for (guint r = 0; r < block->rows->len; r++)
    {
      GStrv cells = g_ptr_array_index (block->rows, r);
      guint page = self->page;
      need (self, height_of_row (self, cells, n, widths, r == 0));
      /* Overleaf the columns are named again. */
      if (self->page > page && r > 0)
        draw_row (self, g_ptr_array_index (block->rows, 0), n, widths, TRUE);
      draw_row (self, cells, n, widths, r == 0);
    }
  self->y += 10;
}

static double
natural_height (const Paper *self, const VaiChart *chart)
{
  double natural = self->scale * MIN (vai_chart_get_natural_height (chart, WIDTH), CHART_HEIGHT_MAX);
  return MAX (natural, vai_chart_get_least_height (chart));
}

static double
least_height (const Paper *self, const VaiChart *chart)
{
  return MAX (CHART_SHRINK * natural_height (self, chart), vai_chart_get_least_height (chart));
}

/* A chart that nearly fits below what is there gets a little lower, so that no third of a page stays empty. */
static double
chart_height (const Paper *self, VaiChart *chart, double words)
{
  double natural = natural_height (self, chart), room = FLOOR - self->y - words;
  return room < natural && room >= least_height (self, chart) ? room : natural;
}

static void
draw_chart (Paper *self, const VaiBlock *block)
{
  Type caption = { 12, FALSE, VAI_COLOR_DIM_TEXT, 6, 12 };
  g_autoptr (PangoLayout) layout = make_layout (self, block->text, &caption, WIDTH);
  double words = height_of (layout) + 20, height = chart_height (self, block->chart, words);
  need (self, height + words);
  self->y += 8;
  cairo_save (self->pen.cairo);
  cairo_translate (self->pen.cairo, MARGIN_X, self->y);
  vai_chart_draw (block->chart, self->pen.cairo, WIDTH, height, self->pen.palette);
  cairo_restore (self->pen.cairo);
  self->y += height;
  draw_text (self, block->text, &caption, MARGIN_X, WIDTH);
}

/* Room that a heading needs: itself and the beginning of what follows it, a chart and a short table being whole. */
static double
room_of (const Paper *self, const VaiBlock *next)
{
  guint n = next != NULL && next->kind == VAI_BLOCK_TABLE ? count_columns (next) : 0;
  if (n > 0)
    {
      g_autofree double *widths = g_new0 (double, n);
      place_columns (self, next->rows, n, widths);
      return HEADING_HEIGHT + room_of_table (self, next, n, widths);
    }
  if (next == NULL || next->kind != VAI_BLOCK_CHART)
    return KEEP_WITH_HEADING;
  return 90 + least_height (self, next->chart);
}

static void
draw_block (Paper *self, const VaiBlock *block, const VaiBlock *next)
{
  static const Type heading = { 18, TRUE, VAI_COLOR_TEXT, 22, 8 }, subheading = { 14.5, TRUE, VAI_COLOR_TEXT, 14, 4 },
                    lead = { 16.5, FALSE, VAI_COLOR_TEXT, 4, 6 }, body = { 14, FALSE, VAI_COLOR_TEXT, 2, 6 };
  switch (block->kind)
    {
    case VAI_BLOCK_HEADING:
      need (self, room_of (self, next));
      add_outline (self, block->text);
      draw_text (self, block->text, &heading, MARGIN_X, WIDTH);
      break;
    case VAI_BLOCK_SUBHEADING:
      need (self, room_of (self, next));
      draw_text (self, block->text, &subheading, MARGIN_X, WIDTH);
      break;
    case VAI_BLOCK_BULLET:
      /* Two lines and what is above them: the dot goes where its text goes. */
      need (self, 2 * 1.2 * 1.5 * body.size + body.before);
      /* Cairo's dot, not a character: a screen reader has no use for it. */
      vai_pen_color (&self->pen, VAI_COLOR_TEXT, 1);
      cairo_arc (self->pen.cairo, MARGIN_X + 6, self->y + 11, 2.2, 0, 2 * G_PI);
      cairo_fill (self->pen.cairo);
      draw_text (self, block->text, &body, MARGIN_X + INDENT, WIDTH - INDENT);
      break;
    case VAI_BLOCK_FIGURES:
      draw_figures (self, block);
      break;
    case VAI_BLOCK_TABLE:
      draw_table (self, block);
      break;
    case VAI_BLOCK_CHART:
      draw_chart (self, block);
      break;
    case VAI_BLOCK_LEAD:
    case VAI_BLOCK_PARAGRAPH:
    default:
      draw_text (self, block->text, block->kind == VAI_BLOCK_LEAD ? &lead : &body, MARGIN_X, WIDTH);
    }
}

static void
draw_report (Paper *self, const VaiReport *report)
{
  static const Type title = { 26, TRUE, VAI_COLOR_TEXT, 6, 8 }, note = { 12, FALSE, VAI_COLOR_DIM_TEXT, 0, 8 };
  begin_page (self, 1);
  if (report->note != NULL && *report->note != '\0')
    draw_text (self, report->note, &note, MARGIN_X, WIDTH);
  draw_text (self, report->title, &title, MARGIN_X, WIDTH);
  for (guint i = 0; i < report->blocks->len; i++)
    draw_block (self, g_ptr_array_index (report->blocks, i),
                i + 1 < report->blocks->len ? g_ptr_array_index (report->blocks, i + 1) : NULL);
  end_page (self);
}

static cairo_status_t
append (void *closure, const unsigned char *data, unsigned int length)
{
  if (closure != NULL)
    g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* Draws the whole into @data (NULL: nowhere) and gives the number of pages, 0 and @error on failure. @white: nullable.
 */
static guint
run (const VaiReport *report, double scale, GByteArray *data, guint n_pages, double *white, GError **error)
{
  Paper self = { .pen = { NULL, &vai_palette_light }, .n_pages = n_pages, .outline = n_pages > 0, .scale = scale };
  self.surface
      = cairo_pdf_surface_create_for_stream (append, data, PAGE_WIDTH * POINTS_PER_PX, PAGE_HEIGHT * POINTS_PER_PX);
  cairo_pdf_surface_set_metadata (self.surface, CAIRO_PDF_METADATA_CREATE_DATE, FIXED_DATE);
  cairo_pdf_surface_set_metadata (self.surface, CAIRO_PDF_METADATA_TITLE, report->title);
  cairo_pdf_surface_set_metadata (self.surface, CAIRO_PDF_METADATA_CREATOR, "ValutAI");
  self.pen.cairo = cairo_create (self.surface);
  cairo_scale (self.pen.cairo, POINTS_PER_PX, POINTS_PER_PX);
  draw_report (&self, report);
  cairo_status_t status = cairo_status (self.pen.cairo);
  cairo_destroy (self.pen.cairo);
  cairo_surface_finish (self.surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (self.surface);
  cairo_surface_destroy (self.surface);
  if (white != NULL)
    *white = self.white;
  if (status == CAIRO_STATUS_SUCCESS)
    return self.page;
  g_set_error (error, VAI_ERROR, VAI_ERROR_FAILED, _ ("The report could not be drawn: %s"),
               cairo_status_to_string (status));
  return 0;
}

/* Never more pages for less white. Gives the number of pages, 0 and @error on failure. */
static guint
fit (VaiReport *self, GError **error)
{
  double least = G_MAXDOUBLE;
  guint n_least = G_MAXUINT;
  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      double white;
      guint n_pages = run (self, scales[i], NULL, 0, &white, error);
      if (n_pages == 0)
        return 0;
      if (n_pages > n_least || (n_pages == n_least && white >= least))
        continue;
      least = white;
      n_least = n_pages;
      self->chart_scale = scales[i];
    }
  return n_least;
}

GBytes *
vai_report_to_pdf (VaiReport *self, GError **error)
{
  guint n_pages = fit (self, error);
  if (n_pages == 0)
    return NULL;
  g_autoptr (GByteArray) data = g_byte_array_new ();
  if (run (self, self->chart_scale, data, n_pages, NULL, error) == 0)
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&data));
}

guint
vai_report_count_pages (VaiReport *self, GError **error)
{
  return fit (self, error);
}

void
vai_report_draw_page (const VaiReport *self, cairo_t *cairo, guint page, guint n_pages)
{
  cairo_rectangle_t size = { 0, 0, PAGE_WIDTH, PAGE_HEIGHT };
  cairo_surface_t *blank = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, &size);
  Paper paper = { .pen = { NULL, &vai_palette_light }, .n_pages = n_pages, .target = cairo, .wanted = page };
  paper.scale = self->chart_scale;
  paper.blank = cairo_create (blank);
  cairo_save (cairo);
  cairo_scale (cairo, POINTS_PER_PX, POINTS_PER_PX);
  draw_report (&paper, self);
  cairo_restore (cairo);
  cairo_destroy (paper.blank);
  cairo_surface_destroy (blank);
}
