#include "vai-drawing.h"

typedef struct
{
  int width_min, width, height;
} VaiDrawingPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (VaiDrawing, vai_drawing, GTK_TYPE_WIDGET)

#define PRIVATE(self) ((VaiDrawingPrivate *) vai_drawing_get_instance_private (self))

const VaiPalette *
vai_drawing_get_palette (void)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  /* The palette of high contrast is for a white card. */
  if (adw_style_manager_get_dark (manager))
    return &vai_palette_dark;
  return adw_style_manager_get_high_contrast (manager) ? &vai_palette_contrast : &vai_palette_light;
}

static void
vai_drawing_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);

  if (width < 1 || height < 1)
    return;
  cairo_t *cairo = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  VaiPen pen = { cairo, vai_drawing_get_palette () };
  VAI_DRAWING_GET_CLASS (widget)->draw (VAI_DRAWING (widget), &pen, width, height);
  cairo_destroy (cairo);
}

static void
vai_drawing_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  VaiDrawingPrivate *priv = PRIVATE (VAI_DRAWING (widget));

  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? priv->width_min : priv->height;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? priv->width : priv->height;
}

static void
vai_drawing_class_init (VaiDrawingClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = vai_drawing_snapshot;
  widget_class->measure = vai_drawing_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
vai_drawing_init (VaiDrawing *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::high-contrast", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
}

void
vai_drawing_set_size (VaiDrawing *self, int width_min, int width, int height)
{
  VaiDrawingPrivate *priv = PRIVATE (self);

  if (priv->width_min == width_min && priv->width == width && priv->height == height)
    return;
  priv->width_min = width_min;
  priv->width = MAX (width, width_min);
  priv->height = height;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
vai_drawing_describe (VaiDrawing *self, const char *finding, const char *table)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, finding != NULL ? finding : "",
                                  -1);
  if (table != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, table, -1);
  else
    gtk_accessible_reset_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
}
