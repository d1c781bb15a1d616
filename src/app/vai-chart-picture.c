#include "vai-chart-picture.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define WIDTH_MIN 220
#define WIDTH 300
#define RING 8.0

typedef struct
{
  double x, y;
  gboolean there;
} Place;

struct _VaiChartPicture
{
  VaiDrawing parent_instance;

  const VaiChart *chart; /* nullable, borrowed */
  int row;
  GArray *places; /* of Place, by row, at this size: measuring words is slow */
  int places_width, places_height;
};

G_DEFINE_TYPE (VaiChartPicture, vai_chart_picture, VAI_TYPE_DRAWING)

enum
{
  PROP_0,
  PROP_ROW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
update_places (VaiChartPicture *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  guint n = self->chart != NULL ? vai_chart_get_n_rows (self->chart) : 0;

  if (self->places->len == n && self->places_width == width && self->places_height == height)
    return;
  g_array_set_size (self->places, n);
  for (guint i = 0; i < n; i++)
    {
      Place *place = &g_array_index (self->places, Place, i);
      place->there = vai_chart_locate (self->chart, width, height, i, &place->x, &place->y);
    }
  self->places_width = width;
  self->places_height = height;
}

/* Rows of lists and cells have no line that a cross hair could follow. */
static gboolean
has_cross_hair (const VaiChart *chart)
{
  VaiChartKind kind = vai_chart_get_kind (chart);

  return kind != VAI_CHART_CONFUSION && kind != VAI_CHART_IMPORTANCE && kind != VAI_CHART_WATERFALL
         && kind != VAI_CHART_DRIFT;
}

static void
vai_chart_picture_draw (VaiDrawing *drawing, const VaiPen *pen, double width, double height)
{
  VaiChartPicture *self = VAI_CHART_PICTURE (drawing);
  double x, y;

  if (self->chart == NULL)
    return;
  vai_chart_draw (self->chart, pen->cairo, width, height, pen->palette);
  if (!vai_chart_picture_locate (self, &x, &y))
    return;
  if (has_cross_hair (self->chart))
    vai_pen_line (pen, x, 22, x, height - 24, 1, VAI_COLOR_AXIS, VAI_DASH_DASHED);
  cairo_new_path (pen->cairo);
  cairo_arc (pen->cairo, x, y, RING, 0, 2 * G_PI);
  vai_pen_color (pen, VAI_COLOR_TEXT, 1);
  cairo_set_line_width (pen->cairo, 2);
  cairo_stroke (pen->cairo);
}

static GtkSizeRequestMode
vai_chart_picture_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
vai_chart_picture_measure (GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  VaiChartPicture *self = VAI_CHART_PICTURE (widget);

  *minimum = WIDTH_MIN;
  *natural = WIDTH;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;
  *minimum = *natural = 160;
  if (self->chart == NULL)
    return;
  *minimum = ceil (vai_chart_get_natural_height (self->chart, 0));
  *natural = MAX (*minimum, ceil (vai_chart_get_natural_height (self->chart, for_size > 0 ? for_size : WIDTH)));
}

static void
moved_cb (VaiChartPicture *self, double x, double y)
{
  const Place *best = NULL;
  double best_distance = G_MAXDOUBLE;

  if (self->chart == NULL)
    return;
  update_places (self);
  /* Along x where there is an axis, as a ruler is laid on a chart; else the nearest. */
  for (guint i = 0; i < self->places->len; i++)
    {
      const Place *place = &g_array_index (self->places, Place, i);
      double distance = has_cross_hair (self->chart) ? fabs (place->x - x) + 0.01 * fabs (place->y - y)
                        : vai_chart_get_kind (self->chart) == VAI_CHART_CONFUSION ? hypot (place->x - x, place->y - y)
                                                                                  : fabs (place->y - y);
      if (place->there && distance < best_distance)
        {
          best = place;
          best_distance = distance;
        }
    }
  vai_chart_picture_set_row (self, best != NULL ? (int) (best - (const Place *) (gpointer) self->places->data) : -1);
}

static void
left_cb (VaiChartPicture *self)
{
  vai_chart_picture_set_row (self, -1);
}

static void
pressed_cb (VaiChartPicture *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static gboolean
key_cb (VaiChartPicture *self, guint key, guint code, GdkModifierType state)
{
  int n = self->chart != NULL ? (int) vai_chart_get_n_rows (self->chart) : 0, row = self->row;

  if (n == 0 || (state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return FALSE;
  if (key == GDK_KEY_Left || key == GDK_KEY_KP_Left)
    row = row < 0 ? n - 1 : MAX (row - 1, 0);
  else if (key == GDK_KEY_Right || key == GDK_KEY_KP_Right)
    row = MIN (row + 1, n - 1);
  else if (key == GDK_KEY_Home || key == GDK_KEY_KP_Home)
    row = 0;
  else if (key == GDK_KEY_End || key == GDK_KEY_KP_End)
    row = n - 1;
  else
    return FALSE;
  vai_chart_picture_set_row (self, row);
  return TRUE;
}

static void
vai_chart_picture_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_int (value, VAI_CHART_PICTURE (object)->row);
}

static void
vai_chart_picture_finalize (GObject *object)
{
  g_array_unref (VAI_CHART_PICTURE (object)->places);
  G_OBJECT_CLASS (vai_chart_picture_parent_class)->finalize (object);
}

static void
vai_chart_picture_class_init (VaiChartPictureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = vai_chart_picture_get_property;
  object_class->finalize = vai_chart_picture_finalize;
  widget_class->get_request_mode = vai_chart_picture_get_request_mode;
  widget_class->measure = vai_chart_picture_measure;
  VAI_DRAWING_CLASS (klass)->draw = vai_chart_picture_draw;
  properties[PROP_ROW]
      = g_param_spec_int ("row", NULL, NULL, -1, G_MAXINT, -1, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_css_name (widget_class, "chart");
}

static void
vai_chart_picture_init (VaiChartPicture *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new (), *keys = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->row = -1;
  self->places = g_array_new (FALSE, TRUE, sizeof (Place));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (moved_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (left_cb), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  vai_chart_picture_set_chart (self, NULL);
}

void
vai_chart_picture_set_chart (VaiChartPicture *self, const VaiChart *chart)
{
  g_return_if_fail (VAI_IS_CHART_PICTURE (self));

  guint n = chart != NULL ? vai_chart_get_n_rows (chart) : 0;
  g_autofree char *text = chart != NULL ? vai_chart_dup_text (chart) : NULL;
  self->chart = chart;
  g_array_set_size (self->places, 0);
  if (self->row >= (int) n)
    vai_chart_picture_set_row (self, -1);
  vai_drawing_describe (VAI_DRAWING (self),
                        chart != NULL ? vai_chart_get_finding (chart) : _ ("Nothing is drawn here yet"), text);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

int
vai_chart_picture_get_row (VaiChartPicture *self)
{
  g_return_val_if_fail (VAI_IS_CHART_PICTURE (self), -1);
  return self->row;
}

void
vai_chart_picture_set_row (VaiChartPicture *self, int row)
{
  g_return_if_fail (VAI_IS_CHART_PICTURE (self));

  if (self->row == row)
    return;
  self->row = row;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROW]);
}

gboolean
vai_chart_picture_locate (VaiChartPicture *self, double *x, double *y)
{
  g_return_val_if_fail (VAI_IS_CHART_PICTURE (self), FALSE);

  if (self->chart == NULL || self->row < 0)
    return FALSE;
  update_places (self);
  if (self->row >= (int) self->places->len)
    return FALSE;
  const Place *place = &g_array_index (self->places, Place, self->row);
  *x = place->x;
  *y = place->y;
  return place->there;
}
