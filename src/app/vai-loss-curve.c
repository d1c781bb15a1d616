#include "vai-loss-curve.h"

#include "vai-format.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define WIDTH_MIN 240
#define WIDTH 560
#define HEIGHT 300

/* Room for the numbers left, the names of the lines right, the rounds below. */
#define LEFT 46.0
#define RIGHT 118.0
#define RIGHT_NARROW 90.0
#define NARROW 420.0
#define TOP 12.0
#define BOTTOM 30.0
#define TEXT_SIZE 12.0

/* Horizontal lines aimed at; the step is rounded. */
#define N_LINES 5

/* The axis of rounds is never shorter. */
#define ROUNDS_MIN 50

/* Names of lines this near would overlap. */
#define LABEL_GAP 16.0

struct _VaiLossCurve
{
  VaiDrawing parent_instance;

  VaiTrainingWatch *watch; /* nullable */
};

G_DEFINE_FINAL_TYPE (VaiLossCurve, vai_loss_curve, VAI_TYPE_DRAWING)

/* What is drawn, looked up once. */
typedef struct
{
  const VaiPen *pen;
  const GArray *now, *before; /* nullable: of double */
  guint now_index, before_index;
  double guessing, logistic; /* NaN: not known */
  double least;              /* of all curves and of all complete tries; infinite: none */
  guint n_rounds;            /* of the axis */
  double low, high;          /* losses of the axis */
  double left, right, top, bottom;
} Scene;

static double
x_of (const Scene *scene, double round)
{
  return scene->left + (scene->right - scene->left) * round / scene->n_rounds;
}

static double
y_of (const Scene *scene, double loss)
{
  return scene->bottom - (scene->bottom - scene->top) * (loss - scene->low) / (scene->high - scene->low);
}

static double
loss_at (const GArray *curve, guint round)
{
  return g_array_index (curve, double, round);
}

static guint
best_of (const GArray *curve)
{
  guint best = 0;

  for (guint i = 1; i < curve->len; i++)
    if (loss_at (curve, i) < loss_at (curve, best))
      best = i;
  return best;
}

static void
widen (Scene *scene, double loss)
{
  if (!isfinite (loss))
    return;
  scene->low = MIN (scene->low, loss);
  scene->high = MAX (scene->high, loss);
}

static void
widen_by_curve (Scene *scene, const GArray *curve)
{
  for (guint i = 0; curve != NULL && i < curve->len; i++)
    widen (scene, loss_at (curve, i));
}

/* 0.01, 0.02, 0.05, 0.1, … */
static double
round_step (double span)
{
  double raw = MAX (span / N_LINES, 1e-4), power = pow (10, floor (log10 (raw))), share = raw / power;

  return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

/* The two latest tries with a curve, and what they are measured against. */
static gboolean
scene_find (Scene *scene, VaiTrainingWatch *watch)
{
  scene->guessing = vai_training_watch_get_guessing_loss (watch);
  scene->logistic = NAN;
  scene->n_rounds = 0;
  scene->least = INFINITY;
  for (guint i = 0; i < vai_training_watch_get_n_tries (watch); i++)
    {
      const VaiTry *try = vai_training_watch_get_try (watch, i);
      if (try->algorithm == VAI_ALGORITHM_LOGISTIC && try->complete)
        scene->logistic = try->loss;
      if (try->complete)
        scene->least = MIN (scene->least, try->loss);
      if (try->curve->len == 0)
        continue;
      scene->least = MIN (scene->least, loss_at (try->curve, best_of (try->curve)));
      scene->before = scene->now;
      scene->before_index = scene->now_index;
      scene->now = try->curve;
      scene->now_index = i;
      scene->n_rounds = MAX (scene->n_rounds, try->curve->len);
    }
  /* The axis grows in steps, not with every round. */
  double step = round_step (MAX (scene->n_rounds, ROUNDS_MIN));
  scene->n_rounds = ceil (MAX (scene->n_rounds, ROUNDS_MIN) / step) * step;
  scene->low = INFINITY;
  scene->high = -INFINITY;
  widen (scene, scene->guessing);
  widen (scene, scene->logistic);
  widen_by_curve (scene, scene->now);
  widen_by_curve (scene, scene->before);
  return isfinite (scene->low);
}

static void
text_at (const Scene *scene, const char *text, VaiColor color, gboolean bold, VaiAlign align, double x, double y)
{
  const VaiTextStyle style = { .size = TEXT_SIZE, .color = color, .bold = bold, .align = align };

  vai_pen_text (scene->pen, text, &style, x, y);
}

static void
draw_axes (Scene *scene)
{
  double margin = MAX ((scene->high - scene->low) * 0.08, 0.005);

  scene->low -= margin;
  scene->high += margin;
  double step = round_step (scene->high - scene->low);
  for (double at = ceil (scene->low / step) * step; at <= scene->high; at += step)
    {
      g_autofree char *text = vai_format_number (at, step < 0.01 ? 3 : 2);
      double y = y_of (scene, at);
      vai_pen_line (scene->pen, scene->left, y, scene->right, y, 1, VAI_COLOR_GRID, VAI_DASH_NONE);
      text_at (scene, text, VAI_COLOR_DIM_TEXT, FALSE, VAI_ALIGN_RIGHT, scene->left - 8, y);
    }
  vai_pen_line (scene->pen, scene->left, scene->bottom, scene->right, scene->bottom, 1, VAI_COLOR_AXIS, VAI_DASH_NONE);
  if (scene->now == NULL)
    return;
  double round = MAX (round_step (scene->n_rounds), 1);
  for (double at = 0; at <= scene->n_rounds; at += round)
    {
      g_autofree char *text = vai_format_count (at);
      text_at (scene, text, VAI_COLOR_DIM_TEXT, FALSE, VAI_ALIGN_CENTER, x_of (scene, at), scene->bottom + 14);
    }
  text_at (scene, _ ("rounds"), VAI_COLOR_DIM_TEXT, FALSE, VAI_ALIGN_LEFT, scene->right + 18, scene->bottom + 14);
}

static void
draw_line (const Scene *scene, const GArray *curve, double width, VaiColor color)
{
  /* Not more points than there are pixels. */
  guint step = MAX (1, (guint) (curve->len / MAX (scene->right - scene->left, 1)));

  cairo_t *cairo = scene->pen->cairo;
  cairo_new_path (cairo);
  for (guint i = 0; i < curve->len; i += step)
    cairo_line_to (cairo, x_of (scene, i + 1), y_of (scene, loss_at (curve, i)));
  cairo_line_to (cairo, x_of (scene, curve->len), y_of (scene, loss_at (curve, curve->len - 1)));
  vai_pen_color (scene->pen, color, 1);
  vai_pen_dash (scene->pen, VAI_DASH_NONE);
  cairo_set_line_width (cairo, width);
  cairo_set_line_join (cairo, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (cairo);
}

/* Guessing and logistic: a line across with its @name at the end. */
static void
draw_level (const Scene *scene, double loss, const char *name, gboolean second, VaiDash dash, double shift)
{
  double y = y_of (scene, loss);
  VaiColor color = second ? VAI_COLOR_SECOND : VAI_COLOR_DIM_TEXT;

  vai_pen_line (scene->pen, scene->left, y, scene->right, y, 1.5, color, dash);
  text_at (scene, name, color, FALSE, VAI_ALIGN_LEFT, scene->right + 10, y + shift);
}

static void
draw_levels (const Scene *scene)
{
  g_autofree char *guessing = vai_format_number (scene->guessing, 2);
  g_autofree char *guessing_name = g_strdup_printf (_ ("guessing %s"), guessing);
  double gap = isfinite (scene->logistic) ? y_of (scene, scene->logistic) - y_of (scene, scene->guessing) : LABEL_GAP;
  double shift = fabs (gap) < LABEL_GAP ? copysign ((LABEL_GAP - fabs (gap)) / 2, gap) : 0;

  draw_level (scene, scene->guessing, guessing_name, FALSE, VAI_DASH_DOTTED, -shift);
  if (isfinite (scene->logistic))
    {
      g_autofree char *logistic = vai_format_number (scene->logistic, 2);
      g_autofree char *name = g_strdup_printf (_ ("logistic %s"), logistic);
      draw_level (scene, scene->logistic, name, TRUE, VAI_DASH_DASHED, shift);
    }
}

static void
draw_best (const Scene *scene)
{
  guint best = best_of (scene->now);
  double loss = loss_at (scene->now, best);
  double x = x_of (scene, best + 1), y = y_of (scene, loss);
  g_autofree char *number = vai_format_number (loss, 2);
  g_autofree char *text
      = g_strdup_printf (loss <= scene->least ? _ ("best so far %s") : _ ("best of this try %s"), number);
  double side = CLAMP (x, scene->left + 60, scene->right - 40);

  vai_pen_line (scene->pen, x, y, x, scene->bottom, 1, VAI_COLOR_WON, VAI_DASH_DOTTED);
  vai_pen_disc (scene->pen, x, y, 5.5, VAI_COLOR_WON, VAI_FILL_SOLID);
  text_at (scene, text, VAI_COLOR_WON_TEXT, TRUE, VAI_ALIGN_CENTER, side, MIN (y + 18, scene->bottom - 8));
}

static void
draw_curves (const Scene *scene)
{
  if (scene->before != NULL)
    {
      g_autofree char *name = g_strdup_printf (_ ("try %u"), scene->before_index + 1);
      double last = loss_at (scene->before, scene->before->len - 1);
      draw_line (scene, scene->before, 1.3, VAI_COLOR_NEUTRAL);
      text_at (scene, name, VAI_COLOR_DIM_TEXT, FALSE, VAI_ALIGN_LEFT, x_of (scene, scene->before->len) + 4,
               y_of (scene, last) - 10);
    }
  draw_line (scene, scene->now, 2.5, VAI_COLOR_WON);
  draw_best (scene);
}

static void
vai_loss_curve_draw (VaiDrawing *drawing, const VaiPen *pen, double width, double height)
{
  VaiLossCurve *self = VAI_LOSS_CURVE (drawing);
  Scene scene = { .pen = pen,
                  .left = LEFT,
                  .right = width - (width < NARROW ? RIGHT_NARROW : RIGHT),
                  .top = TOP,
                  .bottom = height - BOTTOM };

  if (self->watch == NULL || scene.right <= scene.left + 20 || scene.bottom <= scene.top + 20)
    return;
  if (!scene_find (&scene, self->watch))
    {
      text_at (&scene, _ ("The first losses come in a moment"), VAI_COLOR_DIM_TEXT, FALSE, VAI_ALIGN_CENTER, width / 2,
               height / 2);
      return;
    }
  draw_axes (&scene);
  draw_levels (&scene);
  if (scene.now != NULL)
    draw_curves (&scene);
}

/* The best loss and what it is measured against, one a line. */
static void
describe (VaiLossCurve *self)
{
  Scene scene = { .pen = NULL };
  g_autoptr (GString) table = g_string_new (NULL);
  const VaiTry *best = vai_training_watch_get_best (self->watch);

  scene_find (&scene, self->watch);
  for (guint i = 0; i < vai_training_watch_get_n_tries (self->watch); i++)
    {
      const VaiTry *try = vai_training_watch_get_try (self->watch, i);
      g_autofree char *loss = vai_format_number (try->loss, 2);
      g_string_append_printf (table, "%s\t%s\n", try->description, loss);
    }
  g_autofree char *guessing = vai_format_number (scene.guessing, 2);
  g_autofree char *number = vai_format_number (best != NULL ? best->loss : NAN, 2);
  g_autofree char *finding = best != NULL
                                 ? g_strdup_printf (_ ("Best log loss so far %s, guessing %s"), number, guessing)
                                 : g_strdup (_ ("No try is complete yet"));
  vai_drawing_describe (VAI_DRAWING (self), finding, table->str);
}

static void
changed_cb (VaiLossCurve *self)
{
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
vai_loss_curve_dispose (GObject *object)
{
  vai_loss_curve_set_watch (VAI_LOSS_CURVE (object), NULL);
  G_OBJECT_CLASS (vai_loss_curve_parent_class)->dispose (object);
}

static void
vai_loss_curve_class_init (VaiLossCurveClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = vai_loss_curve_dispose;
  VAI_DRAWING_CLASS (klass)->draw = vai_loss_curve_draw;
}

static void
vai_loss_curve_init (VaiLossCurve *self)
{
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  vai_drawing_set_size (VAI_DRAWING (self), WIDTH_MIN, WIDTH, HEIGHT);
}

GtkWidget *
vai_loss_curve_new (void)
{
  return g_object_new (VAI_TYPE_LOSS_CURVE, NULL);
}

void
vai_loss_curve_set_watch (VaiLossCurve *self, VaiTrainingWatch *watch)
{
  g_return_if_fail (VAI_IS_LOSS_CURVE (self));

  if (self->watch != NULL)
    g_signal_handlers_disconnect_by_data (self->watch, self);
  if (!g_set_object (&self->watch, watch) || watch == NULL)
    return;
  g_signal_connect_swapped (watch, "changed", G_CALLBACK (changed_cb), self);
  changed_cb (self);
}
