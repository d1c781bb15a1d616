#include "vai-ten-dots.h"

#include "vai-range.h"

#include <math.h>

#define N_DOTS 10
#define GAP 6.0

struct _VaiTenDots
{
  VaiDrawing parent_instance;

  int n_full, n_hatched; /* from the left: full up to n_full, hatched up to n_hatched */
  double radius;
};

G_DEFINE_TYPE (VaiTenDots, vai_ten_dots, VAI_TYPE_DRAWING)

enum
{
  PROP_0,
  PROP_RADIUS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
vai_ten_dots_draw (VaiDrawing *drawing, const VaiPen *pen, double width, double height)
{
  VaiTenDots *self = VAI_TEN_DOTS (drawing);

  for (int i = 0; i < N_DOTS; i++)
    {
      VaiFill fill = i < self->n_full ? VAI_FILL_SOLID : i < self->n_hatched ? VAI_FILL_HATCHED : VAI_FILL_OUTLINED;
      double x = self->radius + i * (2 * self->radius + GAP) + 1;
      vai_pen_disc (pen, x, height / 2, self->radius, i < self->n_hatched ? VAI_COLOR_WON : VAI_COLOR_NEUTRAL, fill);
    }
}

static void
vai_ten_dots_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_double (value, VAI_TEN_DOTS (object)->radius);
}

static void
vai_ten_dots_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  vai_ten_dots_set_radius (VAI_TEN_DOTS (object), g_value_get_double (value));
}

static void
vai_ten_dots_class_init (VaiTenDotsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = vai_ten_dots_get_property;
  object_class->set_property = vai_ten_dots_set_property;
  VAI_DRAWING_CLASS (klass)->draw = vai_ten_dots_draw;
  properties[PROP_RADIUS] = g_param_spec_double ("radius", NULL, NULL, 2, 64, VAI_TEN_DOTS_RADIUS,
                                                 G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vai_ten_dots_init (VaiTenDots *self)
{
  vai_ten_dots_set_radius (self, VAI_TEN_DOTS_RADIUS);
}

GtkWidget *
vai_ten_dots_new (void)
{
  return g_object_new (VAI_TYPE_TEN_DOTS, NULL);
}

void
vai_ten_dots_set (VaiTenDots *self, double low, double high, const char *sentence)
{
  g_return_if_fail (VAI_IS_TEN_DOTS (self));

  g_autofree char *own = sentence == NULL ? vai_verdict_of_ten (low, high) : NULL;
  self->n_full = vai_tenths (low);
  self->n_hatched = MAX (vai_tenths (high), self->n_full);
  vai_drawing_describe (VAI_DRAWING (self), sentence != NULL ? sentence : own, NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
vai_ten_dots_set_radius (VaiTenDots *self, double radius)
{
  g_return_if_fail (VAI_IS_TEN_DOTS (self));

  int width = ceil (N_DOTS * 2 * radius + (N_DOTS - 1) * GAP) + 2;
  self->radius = radius;
  vai_drawing_set_size (VAI_DRAWING (self), width, width, ceil (2 * radius) + 2);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
