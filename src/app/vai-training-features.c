#include "vai-training-features.h"

#include "vai-training-column.h"

#include <glib/gi18n-lib.h>

struct _VaiTrainingFeatures
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkColumnView *view;
  GtkColumnViewColumn *use_column, *name_column, *change_column, *direction_column;
};

G_DEFINE_FINAL_TYPE (VaiTrainingFeatures, vai_training_features, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
vai_training_features_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_TRAINING_FEATURES);
  G_OBJECT_CLASS (vai_training_features_parent_class)->dispose (object);
}

static void
vai_training_features_class_init (VaiTrainingFeaturesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_training_features_dispose;
  signals[CHANGED]
      = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-training-features.ui");
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingFeatures, scroller);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingFeatures, view);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingFeatures, use_column);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingFeatures, name_column);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingFeatures, change_column);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingFeatures, direction_column);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

/* Takes @label. */
static void
take_label (GtkWidget *widget, char *label)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_free (label);
}

static const char *
name_of (GtkListItem *item)
{
  return vai_training_column_get_name (gtk_list_item_get_item (item));
}

/* Keeps @widget's @property equal to that of the row's column until it is unbound. */
static void
bind_cell (GtkListItem *item, GtkWidget *widget, const char *property, const char *of)
{
  GBinding *binding = g_object_bind_property (gtk_list_item_get_item (item), of, widget, property,
                                              G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);

  g_object_set_data_full (G_OBJECT (item), "binding", g_object_ref (binding), g_object_unref);
}

static void
end_binding (GtkListItem *item, const char *key)
{
  GBinding *binding = g_object_steal_data (G_OBJECT (item), key);

  if (binding == NULL)
    return;
  g_binding_unbind (binding);
  g_object_unref (binding);
}

static void
unbind_cell (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  end_binding (item, "binding");
  end_binding (item, "sensitive");
}

/* What is not learned from can be neither changed nor directed. */
static void
bind_sensitive (GtkListItem *item, GtkWidget *widget)
{
  GBinding *binding
      = g_object_bind_property (gtk_list_item_get_item (item), "used", widget, "sensitive", G_BINDING_SYNC_CREATE);

  g_object_set_data_full (G_OBJECT (item), "sensitive", g_object_ref (binding), g_object_unref);
}

static void
used_cb (GtkCheckButton *check, GParamSpec *pspec, VaiTrainingFeatures *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
setup_use (GtkSignalListItemFactory *factory, GtkListItem *item, VaiTrainingFeatures *self)
{
  GtkWidget *check = gtk_check_button_new ();

  g_signal_connect_object (check, "notify::active", G_CALLBACK (used_cb), self, G_CONNECT_AFTER);
  gtk_list_item_set_child (item, check);
}

static void
bind_use (GtkSignalListItemFactory *factory, GtkListItem *item, VaiTrainingFeatures *self)
{
  GtkWidget *check = gtk_list_item_get_child (item);

  take_label (check, g_strdup_printf (_ ("Learn from “%s”"), name_of (item)));
  bind_cell (item, check, "active", "used");
}

static GtkWidget *
text_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
setup_name (GtkSignalListItemFactory *factory, GtkListItem *item, VaiTrainingFeatures *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget *reason = text_label ("care");

  gtk_widget_add_css_class (reason, "caption");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), text_label (NULL));
  gtk_box_append (GTK_BOX (box), text_label ("column-kind"));
  gtk_box_append (GTK_BOX (box), reason);
  gtk_list_item_set_child (item, box);
}

static void
bind_name (GtkSignalListItemFactory *factory, GtkListItem *item, VaiTrainingFeatures *self)
{
  VaiTrainingColumn *column = gtk_list_item_get_item (item);
  GtkWidget *name = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *kind = gtk_widget_get_next_sibling (name);
  GtkWidget *reason = gtk_widget_get_next_sibling (kind);

  gtk_label_set_label (GTK_LABEL (name), vai_training_column_get_name (column));
  gtk_label_set_label (GTK_LABEL (kind), vai_training_column_get_kind (column));
  gtk_widget_set_visible (reason, vai_training_column_get_reason (column) != NULL);
  gtk_label_set_label (GTK_LABEL (reason),
                       vai_training_column_get_reason (column) != NULL ? vai_training_column_get_reason (column) : "");
  gtk_widget_set_tooltip_text (reason, vai_training_column_get_reason (column));
}

static void
setup_change (GtkSignalListItemFactory *factory, GtkListItem *item, VaiTrainingFeatures *self)
{
  GtkWidget *check = gtk_check_button_new ();

  gtk_widget_set_halign (check, GTK_ALIGN_CENTER);
  gtk_list_item_set_child (item, check);
}

static void
bind_change (GtkSignalListItemFactory *factory, GtkListItem *item, VaiTrainingFeatures *self)
{
  GtkWidget *check = gtk_list_item_get_child (item);

  take_label (check, g_strdup_printf (_ ("A rep can change “%s”"), name_of (item)));
  bind_cell (item, check, "active", "changeable");
  bind_sensitive (item, check);
}

static void
setup_direction (GtkSignalListItemFactory *factory, GtkListItem *item, VaiTrainingFeatures *self)
{
  const char *const words[] = { _ ("Either way"), _ ("May only raise the chance"), _ ("May only lower the chance"),
                                NULL };
  GtkWidget *choice = gtk_drop_down_new_from_strings (words);

  gtk_widget_set_valign (choice, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (choice, "flat");
  gtk_list_item_set_child (item, choice);
}

static void
bind_direction (GtkSignalListItemFactory *factory, GtkListItem *item, VaiTrainingFeatures *self)
{
  GtkWidget *choice = gtk_list_item_get_child (item);
  VaiTrainingColumn *column = gtk_list_item_get_item (item);

  gtk_widget_set_visible (choice, vai_training_column_has_direction (column));
  take_label (choice, g_strdup_printf (_ ("A higher “%s”"), name_of (item)));
  bind_cell (item, choice, "selected", "direction");
  bind_sensitive (item, choice);
}

static void
set_factory (VaiTrainingFeatures *self, GtkColumnViewColumn *column, GCallback setup, GCallback bind)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", setup, self, 0);
  g_signal_connect_object (factory, "bind", bind, self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cell), self, 0);
  gtk_column_view_column_set_factory (column, factory);
}

static void
vai_training_features_init (VaiTrainingFeatures *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  set_factory (self, self->use_column, G_CALLBACK (setup_use), G_CALLBACK (bind_use));
  set_factory (self, self->name_column, G_CALLBACK (setup_name), G_CALLBACK (bind_name));
  set_factory (self, self->change_column, G_CALLBACK (setup_change), G_CALLBACK (bind_change));
  set_factory (self, self->direction_column, G_CALLBACK (setup_direction), G_CALLBACK (bind_direction));
}

void
vai_training_features_set_columns (VaiTrainingFeatures *self, GListModel *columns)
{
  g_return_if_fail (VAI_IS_TRAINING_FEATURES (self));

  GtkNoSelection *selection = gtk_no_selection_new (g_object_ref (columns));
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
  g_object_unref (selection);
}
