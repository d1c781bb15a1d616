#include "vai-outcome-bar.h"

#include "vai-format.h"

#include <glib/gi18n-lib.h>

#define HEIGHT 26
#define GAP 2.0
#define PART_MIN 4.0 /* a few quotes are still seen */
#define LABEL_SIDE 10.0
#define PLATE_SIDE 6.0
#define PLATE_HEIGHT 19.0

struct _VaiOutcomeBar
{
  VaiDrawing parent_instance;

  guint64 n[3]; /* won, lost, open */
};

G_DEFINE_TYPE (VaiOutcomeBar, vai_outcome_bar, VAI_TYPE_DRAWING)

static const VaiColor colors[] = { VAI_COLOR_WON, VAI_COLOR_LOST, VAI_COLOR_NEUTRAL };
static const VaiColor text_colors[] = { VAI_COLOR_WON_TEXT, VAI_COLOR_LOST_TEXT, VAI_COLOR_TEXT };
static const VaiFill fills[] = { VAI_FILL_SOLID, VAI_FILL_HATCHED, VAI_FILL_OUTLINED };

static char *
part_text (guint part, guint64 n)
{
  g_autofree char *count = vai_format_count (n);

  return g_strdup_printf (part == 0 ? _ ("Won %s") : part == 1 ? _ ("Lost %s") : _ ("Open %s"), count);
}

/* On a plate of the card, so that it is read over any fill; where there is no room the page's words and the screen
 * reader's sentence still say it. */
static void
draw_label (const VaiPen *pen, guint part, guint64 n, double x, double width, double y)
{
  g_autofree char *text = part_text (part, n);
  VaiTextStyle style = { .size = 12, .bold = TRUE, .color = text_colors[part] };
  double text_width;

  vai_pen_measure (pen, text, &style, &text_width, NULL);
  if (text_width + 2 * LABEL_SIDE + PLATE_SIDE > width)
    return;
  vai_pen_color (pen, VAI_COLOR_CARD, 0.93);
  vai_pen_round (pen, x + LABEL_SIDE - PLATE_SIDE, y - PLATE_HEIGHT / 2, text_width + 2 * PLATE_SIDE, PLATE_HEIGHT, 4);
  cairo_fill (pen->cairo);
  vai_pen_text (pen, text, &style, x + LABEL_SIDE, y);
}

static void
vai_outcome_bar_draw (VaiDrawing *drawing, const VaiPen *pen, double width, double height)
{
  VaiOutcomeBar *self = VAI_OUTCOME_BAR (drawing);
  double total = (double) self->n[0] + self->n[1] + self->n[2], x = 0, room = width;
  guint n_parts = 0;

  for (guint i = 0; i < 3; i++)
    n_parts += self->n[i] > 0;
  if (n_parts == 0)
    {
      vai_pen_rectangle (pen, 0, 0, width, height, VAI_COLOR_TRACK, VAI_FILL_SOLID);
      return;
    }
  room -= (n_parts - 1) * GAP + n_parts * PART_MIN;
  for (guint i = 0; i < 3; i++)
    if (self->n[i] > 0)
      {
        double part = PART_MIN + MAX (room, 0) * self->n[i] / total;
        vai_pen_rectangle (pen, x, 0, part, height, colors[i], fills[i]);
        draw_label (pen, i, self->n[i], x, part, height / 2);
        x += part + GAP;
      }
}

static void
vai_outcome_bar_class_init (VaiOutcomeBarClass *klass)
{
  VAI_DRAWING_CLASS (klass)->draw = vai_outcome_bar_draw;
}

static void
vai_outcome_bar_init (VaiOutcomeBar *self)
{
  vai_drawing_set_size (VAI_DRAWING (self), 100, 400, HEIGHT);
}

GtkWidget *
vai_outcome_bar_new (void)
{
  return g_object_new (VAI_TYPE_OUTCOME_BAR, NULL);
}

void
vai_outcome_bar_set (VaiOutcomeBar *self, guint64 n_won, guint64 n_lost, guint64 n_open)
{
  g_return_if_fail (VAI_IS_OUTCOME_BAR (self));

  const guint64 n[] = { n_won, n_lost, n_open };
  GString *sentence = g_string_new (NULL);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *text = part_text (i, n[i]);
      self->n[i] = n[i];
      g_string_append_printf (sentence, "%s%s", i > 0 ? ", " : "", text);
    }
  vai_drawing_describe (VAI_DRAWING (self), sentence->str, NULL);
  g_string_free (sentence, TRUE);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
