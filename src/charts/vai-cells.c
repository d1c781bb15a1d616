#include "vai-chart-private.h"

#include "vai-format.h"

#include <glib/gi18n-lib.h>

#define HEADER 22.0
#define GAP 8.0
#define SIDE_SHARE 0.2
#define SIDE_MAX 100.0

typedef struct
{
  double left, top, width, height;
} Cell;

static Cell
place_cell (double width, double height, guint row)
{
  double side = MIN (width * SIDE_SHARE, SIDE_MAX);
  double cell_width = MAX ((width - side - GAP) / 2, 1), cell_height = MAX ((height - HEADER - GAP) / 2, 1);
  return (Cell){ side + row % 2 * (cell_width + GAP), HEADER + row / 2 * (cell_height + GAP), cell_width, cell_height };
}

/* Found: solid. Missed: pale. False hope: hatched. Rightly left: grey track. */
static void
fill_cell (const VaiPen *pen, const Cell *cell, guint row)
{
  vai_pen_round (pen, cell->left, cell->top, cell->width, cell->height, 5);
  if (row == 2)
    {
      vai_pen_rectangle (pen, cell->left, cell->top, cell->width, cell->height, VAI_COLOR_LOST, VAI_FILL_HATCHED);
      return;
    }
  vai_pen_color (pen, row == 3 ? VAI_COLOR_TRACK : VAI_COLOR_WON, row == 1 ? 0.22 : 1);
  cairo_fill (pen->cairo);
}

/* Numbers stand on a plate of the card where the ground is busy or strong, so that they are read in every palette. */
static void
draw_cell (const VaiPen *pen, const Cell *cell, guint row, gsize count, const char *word)
{
  fill_cell (pen, cell, row);
  g_autofree char *number = vai_format_count (count);
  double x = cell->left + cell->width / 2, y = cell->top + cell->height / 2;
  VaiTextStyle big
      = { .size = CLAMP (cell->height / 4, 12, 20), .bold = TRUE, .color = VAI_COLOR_TEXT, .align = VAI_ALIGN_CENTER };
  VaiTextStyle small = {
    .size = 12, .color = VAI_COLOR_TEXT, .align = VAI_ALIGN_CENTER, .width = MAX (cell->width - 16, 1), .wrap = TRUE
  };
  double number_width, number_height, word_width, word_height;
  vai_pen_measure (pen, number, &big, &number_width, &number_height);
  vai_pen_measure (pen, word, &small, &word_width, &word_height);
  gboolean both = number_height + word_height + 8 <= cell->height;
  double plate_width = MIN (MAX (number_width, both ? word_width : 0) + 18, cell->width - 4);
  double plate_height = number_height + (both ? word_height : 0) + 6;
  if (row == 0 || row == 2)
    {
      vai_pen_color (pen, VAI_COLOR_CARD, 0.93);
      vai_pen_round (pen, x - plate_width / 2, y - plate_height / 2, plate_width, plate_height, 4);
      cairo_fill (pen->cairo);
    }
  vai_pen_text (pen, number, &big, x, both ? y - word_height / 2 : y);
  if (both)
    vai_pen_text (pen, word, &small, x, y + number_height / 2);
}

void
vai_cells_draw (const VaiCells *self, const VaiPen *pen, double width, double height)
{
  const gsize counts[] = { self->found, self->missed, self->false_hope, self->rightly_left };
  const char *const words[] = { _ ("found"), _ ("missed"), _ ("false hope"), _ ("rightly left") };
  g_autofree char *percent = vai_format_probability (self->threshold);
  g_autofree char *above = g_strdup_printf (_ ("from %s on"), percent);
  g_autofree char *below = g_strdup_printf (_ ("below %s"), percent);
  const char *const columns[] = { above, below };
  for (guint row = 0; row < 4; row++)
    {
      Cell cell = place_cell (width, height, row);
      draw_cell (pen, &cell, row, counts[row], words[row]);
      VaiTextStyle header = { .size = 12, .color = VAI_COLOR_DIM_TEXT, .align = VAI_ALIGN_CENTER, .width = cell.width };
      if (row < 2)
        vai_pen_text (pen, columns[row], &header, cell.left + cell.width / 2, HEADER / 2 - 2);
      if (row % 2 == 1)
        continue;
      g_autofree char *total = vai_format_count (counts[row] + counts[row + 1]);
      g_autofree char *text = g_strdup_printf (row == 0 ? _ ("%s won") : _ ("%s lost"), total);
      VaiTextStyle side
          = { .size = 12, .bold = TRUE, .color = VAI_COLOR_TEXT, .width = MAX (cell.left - GAP, 1), .wrap = TRUE };
      vai_pen_text (pen, text, &side, 0, cell.top + cell.height / 2);
    }
}

gboolean
vai_cells_locate (double width, double height, guint row, double *x, double *y)
{
  if (row >= 4)
    return FALSE;
  Cell cell = place_cell (width, height, row);
  *x = cell.left + cell.width / 2;
  *y = cell.top + cell.height / 2;
  return TRUE;
}
