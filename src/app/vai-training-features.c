#include "vai-training-features.h"

#include "vai-compat.h"
#include "vai-training-column.h"

#include <glib/gi18n-lib.h>

struct _VaiTrainingFeatures
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkColumnView *view;
  GtkColumnViewColumn *use_column, *name_column, *change_column, *direction_column;
  gboolean compact; /* what a rep can change and the direction stand below the name */
};

G_DEFINE_FINAL_TYPE (VaiTrainingFeatures, vai_training_features, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

enum
{
  PROP_0,
  PROP_COMPACT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void set_compact (VaiTrainingFeatures *self, gboolean compact);

static void
vai_training_features_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_COMPACT)
    g_value_set_boolean (value, VAI_TRAINING_FEATURES (object)->compact);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
vai_training_features_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_COMPACT)
    set_compact (VAI_TRAINING_FEATURES (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

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
  G_OBJECT_CLASS (klass)->get_property = vai_training_features_get_property;
  G_OBJECT_CLASS (klass)->set_property = vai_training_features_set_property;
  properties[PROP_COMPACT]
      = g_param_spec_boolean ("compact", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
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

static void
end_bindings (gpointer data)
{
  GPtrArray *bindings = data;

  for (guint i = 0; i < bindings->len; i++)
    g_binding_unbind (g_ptr_array_index (bindings, i));
  g_ptr_array_unref (bindings);
}

/* Until the row is unbound. */
static void
keep_binding (GtkListItem *item, GBinding *binding)
{
  GPtrArray *bindings = g_object_get_data (G_OBJECT (item), "bindings");

  if (bindings == NULL)
    {
      bindings = g_ptr_array_new_with_free_func (g_object_unref);
      g_object_set_data_full (G_OBJECT (item), "bindings", bindings, end_bindings);
    }
  g_ptr_array_add (bindings, g_object_ref (binding));
}

/* Keeps @widget's @property equal to that of the row's column. */
static void
bind_cell (GtkListItem *item, GtkWidget *widget, const char *property, const char *of)
{
  keep_binding (item, g_object_bind_property (gtk_list_item_get_item (item), of, widget, property,
                                              G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE));
}

static void
unbind_cell (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  g_object_set_data (G_OBJECT (item), "bindings", NULL);
}

/* What is not learned from can be neither changed nor directed. */
static void
bind_sensitive (GtkListItem *item, GtkWidget *widget)
{
  keep_binding (
      item, g_object_bind_property (gtk_list_item_get_item (item), "used", widget, "sensitive", G_BINDING_SYNC_CREATE));
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
bind_change_check (GtkListItem *item, GtkWidget *check)
{
  take_label (check, g_strdup_printf (_ ("A rep can change “%s”"), name_of (item)));
  bind_cell (item, check, "active", "changeable");
  bind_sensitive (item, check);
}

static GtkWidget *
direction_choice (void)
{
  const char *const words[]
      = { _ ("Either way"), _ ("May only raise the chance"), _ ("May only lower the chance"), NULL };
  GtkWidget *choice = gtk_drop_down_new_from_strings (words);

  gtk_widget_set_valign (choice, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (choice, "flat");
  return choice;
}

static void
bind_direction_choice (GtkListItem *item, GtkWidget *choice)
{
  gboolean directed = vai_training_column_has_direction (gtk_list_item_get_item (item));

  gtk_widget_set_visible (choice, directed);
  /* GTK 4.8 would give the keyboard to it even out of sight. */
  gtk_widget_set_can_focus (choice, directed);
  take_label (choice, g_strdup_printf (_ ("A higher “%s”"), name_of (item)));
  bind_cell (item, choice, "selected", "direction");
  bind_sensitive (item, choice);
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
  if (!self->compact)
    return;
  gtk_label_set_ellipsize (GTK_LABEL (reason), PANGO_ELLIPSIZE_NONE);
  gtk_label_set_wrap (GTK_LABEL (reason), TRUE);
  GtkWidget *check = gtk_check_button_new_with_label (_ ("A rep can change it"));
  GtkWidget *choice = direction_choice ();
  gtk_widget_set_halign (choice, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), choice);
}

static void
bind_name (GtkSignalListItemFactory *factory, GtkListItem *item, VaiTrainingFeatures *self)
{
  VaiTrainingColumn *column = gtk_list_item_get_item (item);
  const char *why = vai_training_column_get_reason (column);
  GtkWidget *name = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *kind = gtk_widget_get_next_sibling (name);
  GtkWidget *reason = gtk_widget_get_next_sibling (kind);
  GtkWidget *check = gtk_widget_get_next_sibling (reason);

  gtk_label_set_label (GTK_LABEL (name), vai_training_column_get_name (column));
  vai_name_row (item, vai_training_column_get_name (column));
  gtk_label_set_label (GTK_LABEL (kind), vai_training_column_get_kind (column));
  gtk_widget_set_visible (reason, why != NULL);
  gtk_label_set_label (GTK_LABEL (reason), why != NULL ? why : "");
  gtk_widget_set_tooltip_text (reason, why);
  if (check == NULL)
    return;
  bind_change_check (item, check);
  bind_direction_choice (item, gtk_widget_get_next_sibling (check));
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
  bind_change_check (item, gtk_list_item_get_child (item));
}

static void
setup_direction (GtkSignalListItemFactory *factory, GtkListItem *item, VaiTrainingFeatures *self)
{
  gtk_list_item_set_child (item, direction_choice ());
}

static void
bind_direction (GtkSignalListItemFactory *factory, GtkListItem *item, VaiTrainingFeatures *self)
{
  bind_direction_choice (item, gtk_list_item_get_child (item));
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

/* A new factory makes the rows anew. */
static void
set_compact (VaiTrainingFeatures *self, gboolean compact)
{
  if (self->compact == compact)
    return;
  self->compact = compact;
  gtk_column_view_column_set_visible (self->change_column, !compact);
  gtk_column_view_column_set_visible (self->direction_column, !compact);
  set_factory (self, self->name_column, G_CALLBACK (setup_name), G_CALLBACK (bind_name));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPACT]);
}

static void
vai_training_features_init (VaiTrainingFeatures *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  vai_leave_list_by_tab (GTK_WIDGET (self->view));
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
