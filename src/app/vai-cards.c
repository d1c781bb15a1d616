#include "vai-cards.h"

#define SPACING 12

struct _VaiCards
{
  GtkWidget parent_instance;

  guint pair_width;
};

static void vai_cards_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (VaiCards,
                               vai_cards,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, vai_cards_buildable_init))

enum
{
  PROP_0,
  PROP_PAIR_WIDTH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static GtkBuildableIface *parent_buildable;

/* The next child that is shown, from @child on. */
static GtkWidget *
shown (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static int
column_width (const VaiCards *self, int width, int *n_columns)
{
  *n_columns = width >= (int) self->pair_width ? 2 : 1;
  return *n_columns == 2 ? (width - SPACING) / 2 : width;
}

/* The height of the row that begins with @child; @next is what follows it. */
static int
row_height (GtkWidget *child, int n_columns, int width, GtkWidget **next)
{
  int height = 0;

  for (int i = 0; i < n_columns && child != NULL; i++)
    {
      int natural;
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
      height = MAX (height, natural);
      child = shown (gtk_widget_get_next_sibling (child));
    }
  *next = child;
  return height;
}

static void
measure_width (VaiCards *self, int *minimum, int *natural)
{
  for (GtkWidget *child = shown (gtk_widget_get_first_child (GTK_WIDGET (self))); child != NULL;
       child = shown (gtk_widget_get_next_sibling (child)))
    {
      int child_minimum, child_natural;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural, NULL, NULL);
      *minimum = MAX (*minimum, child_minimum);
      *natural = MAX (*natural, 2 * child_natural + SPACING);
    }
}

static void
vai_cards_measure (GtkWidget *widget,
                   GtkOrientation orientation,
                   int for_size,
                   int *minimum,
                   int *natural,
                   int *minimum_baseline,
                   int *natural_baseline)
{
  VaiCards *self = VAI_CARDS (widget);
  GtkWidget *child = shown (gtk_widget_get_first_child (widget));
  int n_columns;

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      measure_width (self, minimum, natural);
      return;
    }
  int width = for_size < 0 ? -1 : column_width (self, for_size, &n_columns);
  if (for_size < 0)
    n_columns = 1;
  while (child != NULL)
    *natural += row_height (child, n_columns, width, &child) + (child != NULL ? SPACING : 0);
  *minimum = *natural;
}

static void
vai_cards_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  VaiCards *self = VAI_CARDS (widget);
  GtkWidget *child = shown (gtk_widget_get_first_child (widget));
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int n_columns, column = column_width (self, width, &n_columns), y = 0;

  while (child != NULL)
    {
      GtkWidget *next;
      int row = row_height (child, n_columns, column, &next);
      for (int i = 0; i < n_columns && child != NULL; i++)
        {
          int place = mirrored ? n_columns - 1 - i : i;
          GtkAllocation allocation = { place * (column + SPACING), y, column, row };
          gtk_widget_size_allocate (child, &allocation, -1);
          child = shown (gtk_widget_get_next_sibling (child));
        }
      y += row + SPACING;
    }
}

static GtkSizeRequestMode
vai_cards_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
vai_cards_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  VaiCards *self = VAI_CARDS (object);

  if (id != PROP_PAIR_WIDTH)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  guint width = g_value_get_uint (value);
  self->pair_width = width > 0 ? width : VAI_CARDS_PAIR_WIDTH;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
vai_cards_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (vai_cards_parent_class)->dispose (object);
}

static void
vai_cards_class_init (VaiCardsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = vai_cards_set_property;
  object_class->dispose = vai_cards_dispose;
  widget_class->measure = vai_cards_measure;
  widget_class->size_allocate = vai_cards_size_allocate;
  widget_class->get_request_mode = vai_cards_get_request_mode;
  properties[PROP_PAIR_WIDTH]
      = g_param_spec_uint ("pair-width", NULL, NULL, 0, G_MAXINT, 0, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vai_cards_init (VaiCards *self)
{
  self->pair_width = VAI_CARDS_PAIR_WIDTH;
}

void
vai_cards_append (VaiCards *self, GtkWidget *card)
{
  g_return_if_fail (VAI_IS_CARDS (self));
  gtk_widget_set_parent (card, GTK_WIDGET (self));
}

static void
vai_cards_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  if (GTK_IS_WIDGET (child))
    vai_cards_append (VAI_CARDS (buildable), GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
vai_cards_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = vai_cards_add_child;
}
