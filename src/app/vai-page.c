#include "vai-page.h"

#include "vai-compat.h"

/* The smallest window is 360 px wide, and has borders. */
#define PAGE_WIDTH_MIN 340

typedef struct
{
  GtkWidget *child; /* owned by the widget tree */
  VaiWorkspace *workspace;
  gboolean compact;
} VaiPagePrivate;

static void vai_page_buildable_init (GtkBuildableIface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (VaiPage,
                                  vai_page,
                                  GTK_TYPE_WIDGET,
                                  G_ADD_PRIVATE (VaiPage)
                                      G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, vai_page_buildable_init))

#define PRIVATE(self) ((VaiPagePrivate *) vai_page_get_instance_private (self))

enum
{
  PROP_0,
  PROP_COMPACT,
  PROP_CHILD,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static GtkBuildableIface *parent_buildable;

static void
vai_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  VaiPagePrivate *priv = PRIVATE (VAI_PAGE (object));

  if (id == PROP_COMPACT)
    g_value_set_boolean (value, priv->compact);
  else if (id == PROP_CHILD)
    g_value_set_object (value, priv->child);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
vai_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  VaiPage *self = VAI_PAGE (object);
  VaiPagePrivate *priv = PRIVATE (self);

  if (id == PROP_CHILD)
    vai_page_set_child (self, g_value_get_object (value));
  else if (id == PROP_COMPACT && priv->compact != g_value_get_boolean (value))
    {
      priv->compact = !priv->compact;
      if (priv->compact)
        gtk_widget_add_css_class (GTK_WIDGET (self), "compact");
      else
        gtk_widget_remove_css_class (GTK_WIDGET (self), "compact");
      g_object_notify_by_pspec (object, pspec);
    }
}

/* A page whose template names its child took it away already. */
static void
drop_child (VaiPagePrivate *priv)
{
  GtkWidget *child = priv->child;

  g_clear_weak_pointer (&priv->child);
  g_clear_pointer (&child, gtk_widget_unparent);
}

static void
vai_page_dispose (GObject *object)
{
  VaiPagePrivate *priv = PRIVATE (VAI_PAGE (object));

  drop_child (priv);
  g_clear_object (&priv->workspace);
  G_OBJECT_CLASS (vai_page_parent_class)->dispose (object);
}

/* Never wider than the smallest window asks: what does not fit for a moment, until the page is compact, is cut. */
static void
vai_page_measure (GtkWidget *widget,
                  GtkOrientation orientation,
                  int for_size,
                  int *minimum,
                  int *natural,
                  int *minimum_baseline,
                  int *natural_baseline)
{
  VaiPagePrivate *priv = PRIVATE (VAI_PAGE (widget));

  *minimum = *natural = 0;
  if (priv->child == NULL || !gtk_widget_should_layout (priv->child))
    return;
  if (orientation == GTK_ORIENTATION_VERTICAL && for_size >= 0)
    {
      int width_min;
      gtk_widget_measure (priv->child, GTK_ORIENTATION_HORIZONTAL, -1, &width_min, NULL, NULL, NULL);
      for_size = MAX (for_size, width_min);
    }
  gtk_widget_measure (priv->child, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = MIN (*minimum, PAGE_WIDTH_MIN);
}

static void
vai_page_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  VaiPagePrivate *priv = PRIVATE (VAI_PAGE (widget));
  int width_min, height_min;

  if (priv->child == NULL || !gtk_widget_should_layout (priv->child))
    return;
  gtk_widget_measure (priv->child, GTK_ORIENTATION_HORIZONTAL, -1, &width_min, NULL, NULL, NULL);
  width = MAX (width, width_min);
  gtk_widget_measure (priv->child, GTK_ORIENTATION_VERTICAL, width, &height_min, NULL, NULL, NULL);
  gtk_widget_allocate (priv->child, width, MAX (height, height_min), -1, NULL);
}

/* All of its template is there now. */
static void
vai_page_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (vai_page_parent_class)->root (widget);
  vai_name_buttons (widget);
}

static void
vai_page_real_opened (VaiPage *self, const char *target)
{
  gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

static gboolean
vai_page_real_act (VaiPage *self, const char *name)
{
  return FALSE;
}

static gboolean
vai_page_real_back (VaiPage *self)
{
  return FALSE;
}

static gboolean
vai_page_real_holds_work (VaiPage *self)
{
  return FALSE;
}

static gboolean
vai_page_real_shed (VaiPage *self)
{
  return FALSE;
}

static void
vai_page_real_attach (VaiPage *self, VaiWorkspace *workspace)
{
  g_set_object (&PRIVATE (self)->workspace, workspace);
}

static void
vai_page_class_init (VaiPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = vai_page_get_property;
  object_class->set_property = vai_page_set_property;
  object_class->dispose = vai_page_dispose;
  widget_class->measure = vai_page_measure;
  widget_class->size_allocate = vai_page_size_allocate;
  widget_class->root = vai_page_root;
  klass->opened = vai_page_real_opened;
  klass->act = vai_page_real_act;
  klass->back = vai_page_real_back;
  klass->holds_work = vai_page_real_holds_work;
  klass->shed = vai_page_real_shed;
  klass->attach = vai_page_real_attach;

  properties[PROP_COMPACT] = g_param_spec_boolean (
      "compact", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET,
                                                G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
vai_page_init (VaiPage *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

static void
vai_page_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  if (GTK_IS_WIDGET (child))
    vai_page_set_child (VAI_PAGE (buildable), GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
vai_page_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = vai_page_add_child;
}

void
vai_page_set_child (VaiPage *self, GtkWidget *child)
{
  VaiPagePrivate *priv = PRIVATE (self);

  g_return_if_fail (VAI_IS_PAGE (self));
  g_return_if_fail (child == NULL || GTK_IS_WIDGET (child));

  if (priv->child == child)
    return;
  drop_child (priv);
  g_set_weak_pointer (&priv->child, child);
  if (child != NULL)
    gtk_widget_set_parent (child, GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHILD]);
}

void
vai_page_open (VaiPage *self, const char *target)
{
  g_return_if_fail (VAI_IS_PAGE (self));
  VAI_PAGE_GET_CLASS (self)->opened (self, target);
}

gboolean
vai_page_act (VaiPage *self, const char *name)
{
  g_return_val_if_fail (VAI_IS_PAGE (self), FALSE);
  return VAI_PAGE_GET_CLASS (self)->act (self, name);
}

gboolean
vai_page_back (VaiPage *self)
{
  g_return_val_if_fail (VAI_IS_PAGE (self), FALSE);
  return VAI_PAGE_GET_CLASS (self)->back (self);
}

gboolean
vai_page_holds_work (VaiPage *self)
{
  g_return_val_if_fail (VAI_IS_PAGE (self), FALSE);
  return VAI_PAGE_GET_CLASS (self)->holds_work (self);
}

gboolean
vai_page_shed (VaiPage *self)
{
  g_return_val_if_fail (VAI_IS_PAGE (self), FALSE);
  return VAI_PAGE_GET_CLASS (self)->shed (self);
}

void
vai_page_attach (VaiPage *self, VaiWorkspace *workspace)
{
  g_return_if_fail (VAI_IS_PAGE (self));
  g_return_if_fail (VAI_IS_WORKSPACE (workspace));
  VAI_PAGE_GET_CLASS (self)->attach (self, workspace);
}

VaiWorkspace *
vai_page_get_workspace (VaiPage *self)
{
  g_return_val_if_fail (VAI_IS_PAGE (self), NULL);
  return PRIVATE (self)->workspace;
}

gboolean
vai_page_get_compact (VaiPage *self)
{
  g_return_val_if_fail (VAI_IS_PAGE (self), FALSE);
  return PRIVATE (self)->compact;
}

static gboolean
compact_to_orientation (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  g_value_set_enum (to, g_value_get_boolean (from) ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  return TRUE;
}

void
vai_page_bind_orientation (VaiPage *self, gpointer orientable)
{
  g_return_if_fail (VAI_IS_PAGE (self));
  g_return_if_fail (GTK_IS_ORIENTABLE (orientable));
  g_object_bind_property_full (self, "compact", orientable, "orientation", G_BINDING_SYNC_CREATE,
                               compact_to_orientation, NULL, NULL, NULL);
}
