#include "vai-object-list.h"

#include "vai-compat.h"
#include "vai-window.h"

#include <glib/gi18n-lib.h>

struct _VaiObjectList
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkSearchEntry *search;
  GtkMenuButton *order;
  GtkListView *view;
  GtkWidget *nothing;

  VaiObject kind;
  const char *icon_name;
  VaiDescribeFunc describe;
  GtkFilter *filter;            /* owned by the model */
  GtkSorter *sorter;            /* owned by the model */
  GListModel *all;              /* of VaiItem; owned by the workspace */
  GtkMultiSelection *selection; /* owned by the view */
  char *chosen;                 /* id, nullable: kept over a refresh of the list */
  guint chosen_at;              /* where it stood */
  GStrv deleted;                /* ids, nullable: chosen again when they come back */
  gboolean by_name, refreshing, one_click, had_keyboard;
};

G_DEFINE_FINAL_TYPE (VaiObjectList, vai_object_list, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_ONE_CLICK,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  CHOSEN,
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Rows. */

static GtkWidget *
row_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 1);
  gtk_widget_set_hexpand (label, TRUE);
  if (css_class != NULL)
    {
      gtk_widget_add_css_class (label, css_class);
      gtk_widget_add_css_class (label, "dim-label");
    }
  return label;
}

static void
row_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, VaiObjectList *self)
{
  GtkWidget *grid = gtk_grid_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (self->icon_name);

  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 10);
  gtk_grid_attach (GTK_GRID (grid), icon, 0, 0, 1, 2);
  gtk_grid_attach (GTK_GRID (grid), row_label (NULL), 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), row_label ("caption"), 1, 1, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), gtk_image_new (), 2, 0, 1, 2);
  g_object_set_data (G_OBJECT (grid), "row", list_item);
  gtk_list_item_set_child (list_item, grid);
}

static void
row_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, VaiObjectList *self)
{
  GtkGrid *grid = GTK_GRID (gtk_list_item_get_child (list_item));
  VaiItem *item = gtk_list_item_get_item (list_item);
  GtkImage *state = GTK_IMAGE (gtk_grid_get_child_at (grid, 2, 0));
  VaiObjectRow row = { NULL, NULL, NULL };

  self->describe (item, &row);
  gtk_label_set_label (GTK_LABEL (gtk_grid_get_child_at (grid, 1, 0)), vai_item_get_name (item));
  gtk_label_set_label (GTK_LABEL (gtk_grid_get_child_at (grid, 1, 1)), row.subtitle != NULL ? row.subtitle : "");
  gtk_image_set_from_icon_name (state, row.state_icon);
  gtk_widget_set_visible (GTK_WIDGET (state), row.state_icon != NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (state), row.state);
  gtk_widget_set_tooltip_text (GTK_WIDGET (grid), vai_item_get_name (item));
  g_autofree char *label
      = g_strdup_printf ("%s, %s%s%s", vai_item_get_name (item), row.subtitle != NULL ? row.subtitle : "",
                         row.state != NULL ? ", " : "", row.state != NULL ? row.state : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (grid), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  vai_name_row (list_item, label);
  g_free (row.subtitle);
}

/* Search and order. */

static gboolean
matches (gpointer item, gpointer user_data)
{
  VaiObjectList *self = VAI_OBJECT_LIST (user_data);
  g_autofree char *wanted = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  g_autofree char *name = g_utf8_casefold (vai_item_get_name (VAI_ITEM (item)), -1);

  return strstr (name, wanted) != NULL;
}

/* As the workspace gives them, newest first, unless by name. */
static int
compare (gconstpointer a, gconstpointer b, gpointer user_data)
{
  if (!VAI_OBJECT_LIST (user_data)->by_name)
    return 0;
  return g_utf8_collate (vai_item_get_name ((VaiItem *) a), vai_item_get_name ((VaiItem *) b));
}

/* Is the keyboard at the list or one of its rows? */
static gboolean
has_keyboard (VaiObjectList *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && (focus == GTK_WIDGET (self->view) || gtk_widget_is_ancestor (focus, GTK_WIDGET (self->view)));
}

/* What a row is shown by; NULL for what else the list is made of. */
static GtkListItem *
row_of (GtkWidget *widget)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  return child != NULL ? g_object_get_data (G_OBJECT (child), "row") : NULL;
}

/* Where the keyboard goes: to the row that is chosen, or the first of them. GTK 4.8 leads it to where it was last. */
static void
focus_chosen (VaiObjectList *self)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  GtkWidget *widget = gtk_widget_get_first_child (GTK_WIDGET (self->view));

  for (; widget != NULL && !gtk_bitset_is_empty (selected); widget = gtk_widget_get_next_sibling (widget))
    {
      GtkListItem *row = row_of (widget);
      if (row != NULL && gtk_list_item_get_position (row) == gtk_bitset_get_minimum (selected)
          && gtk_widget_grab_focus (widget))
        return;
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* Chooses the row at @position alone, and brings it in sight. */
static void
choose_at (VaiObjectList *self, guint position)
{
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
  gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", position);
}

static void
search_activate_cb (VaiObjectList *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0)
    choose_at (self, 0);
  focus_chosen (self);
}

static void
order_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiObjectList *self = VAI_OBJECT_LIST (widget);

  self->by_name = g_str_equal (g_variant_get_string (parameter, NULL), "name");
  gtk_sorter_changed (self->sorter, GTK_SORTER_CHANGE_DIFFERENT);
}

/* Selection. */

VaiItem *
vai_object_list_get_chosen (VaiObjectList *self)
{
  g_return_val_if_fail (VAI_IS_OBJECT_LIST (self), NULL);

  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  if (gtk_bitset_get_size (selected) != 1)
    return NULL;
  g_autoptr (VaiItem) item = g_list_model_get_item (G_LIST_MODEL (self->selection), gtk_bitset_get_minimum (selected));
  return item;
}

guint
vai_object_list_count_selected (VaiObjectList *self)
{
  g_return_val_if_fail (VAI_IS_OBJECT_LIST (self), 0);

  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  return (guint) gtk_bitset_get_size (selected);
}

static void
selection_changed_cb (VaiObjectList *self)
{
  VaiItem *item = vai_object_list_get_chosen (self);

  if (self->refreshing)
    return;
  g_free (self->chosen);
  self->chosen = g_strdup (item != NULL ? vai_item_get_id (item) : NULL);
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  self->chosen_at = gtk_bitset_is_empty (selected) ? 0 : gtk_bitset_get_minimum (selected);
  g_signal_emit (self, signals[CHOSEN], 0, item);
}

/* Where the one with @id stands; GTK_INVALID_LIST_POSITION when it is not there. */
static guint
position_of (VaiObjectList *self, const char *id)
{
  GListModel *list = G_LIST_MODEL (self->selection);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (VaiItem) item = g_list_model_get_item (list, i);
      if (g_strcmp0 (vai_item_get_id (item), id) == 0)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

static gboolean
choose (VaiObjectList *self, const char *id)
{
  guint position = position_of (self, id);

  if (position == GTK_INVALID_LIST_POSITION)
    return FALSE;
  choose_at (self, position);
  return TRUE;
}

gboolean
vai_object_list_select (VaiObjectList *self, const char *id)
{
  g_return_val_if_fail (VAI_IS_OBJECT_LIST (self), FALSE);

  if (choose (self, id))
    return TRUE;
  if (vai_item_find (self->all, id) == NULL)
    return FALSE;
  /* What was searched for must not hide it. */
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  return choose (self, id);
}

/* What the search hides is not chosen, and not shown beside; when it comes back it is again. */
static void
search_changed_cb (VaiObjectList *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  gtk_widget_set_visible (self->nothing, g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0
                                             && g_list_model_get_n_items (self->all) > 0);
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  if (!gtk_bitset_is_empty (selected))
    selection_changed_cb (self);
  else if (!choose (self, self->chosen))
    g_signal_emit (self, signals[CHOSEN], 0, NULL);
}

/* Chooses what was deleted here and has come back; FALSE when nothing has. */
static gboolean
choose_restored (VaiObjectList *self)
{
  gboolean any = FALSE;

  for (guint i = 0; self->deleted != NULL && self->deleted[i] != NULL; i++)
    {
      guint position = position_of (self, self->deleted[i]);
      if (position == GTK_INVALID_LIST_POSITION)
        continue;
      if (!any)
        choose_at (self, position);
      else
        gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, FALSE);
      any = TRUE;
    }
  if (any)
    g_clear_pointer (&self->deleted, g_strfreev);
  return any;
}

/* The list was read again: the same one stays chosen; where it is gone, the one that took its place is. The keyboard
 * stays with it. */
static void
changed_cb (VaiObjectList *self, guint kind)
{
  if (kind != (guint) self->kind)
    return;
  gboolean keyboard = self->had_keyboard;
  self->refreshing = self->had_keyboard = FALSE;
  g_autofree char *chosen = g_strdup (self->chosen);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  if (choose_restored (self))
    keyboard = gtk_widget_get_mapped (GTK_WIDGET (self->view));
  else if (!choose (self, chosen) && n > 0)
    choose_at (self, MIN (self->chosen_at, n - 1));
  if (keyboard)
    focus_chosen (self);
  selection_changed_cb (self);
}

/* While its items are replaced one by one, no selection means anything. */
static void
items_changed_cb (VaiObjectList *self)
{
  self->refreshing = TRUE;
  self->had_keyboard |= has_keyboard (self);
}

static void
activate_cb (VaiObjectList *self, guint position)
{
  g_autoptr (VaiItem) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  g_signal_emit (self, signals[ACTIVATED], 0, item);
}

static void
clicked_cb (VaiObjectList *self, int n_press, double x, double y)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self->view), x, y, GTK_PICK_DEFAULT);
  VaiItem *chosen = vai_object_list_get_chosen (self);

  if (self->one_click && n_press == 1 && chosen != NULL && picked != NULL && !GTK_IS_LIST_VIEW (picked))
    g_signal_emit (self, signals[ACTIVATED], 0, chosen);
}

static void
select_all_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_selection_model_select_all (GTK_SELECTION_MODEL (VAI_OBJECT_LIST (widget)->selection));
}

/* Deletion. */

/* Ctrl and an arrow move the keyboard and choose nothing: what has the keyboard is what is meant. */
static void
choose_focused (VaiObjectList *self)
{
  GtkListItem *row = has_keyboard (self) ? row_of (gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)))) : NULL;

  if (row != NULL && !gtk_list_item_get_selected (row))
    choose_at (self, gtk_list_item_get_position (row));
}

static char *
deleted_message (VaiObjectList *self, guint n, const char *name)
{
  if (n == 1 && self->kind == VAI_OBJECT_DATASET)
    return g_strdup_printf (_ ("Dataset “%s” deleted"), name);
  if (n == 1 && self->kind == VAI_OBJECT_MODEL)
    return g_strdup_printf (_ ("Model “%s” deleted"), name);
  if (n == 1)
    return g_strdup_printf (_ ("Report “%s” deleted"), name);
  if (self->kind == VAI_OBJECT_DATASET)
    return g_strdup_printf (ngettext ("%u dataset deleted", "%u datasets deleted", n), n);
  if (self->kind == VAI_OBJECT_MODEL)
    return g_strdup_printf (ngettext ("%u model deleted", "%u models deleted", n), n);
  return g_strdup_printf (ngettext ("%u report deleted", "%u reports deleted", n), n);
}

gboolean
vai_object_list_delete_selected (VaiObjectList *self)
{
  g_return_val_if_fail (VAI_IS_OBJECT_LIST (self), FALSE);

  choose_focused (self);
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  guint n = (guint) gtk_bitset_get_size (selected);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *name = NULL;
  if (n == 0)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (VaiItem) item
          = g_list_model_get_item (G_LIST_MODEL (self->selection), gtk_bitset_get_nth (selected, i));
      g_ptr_array_add (ids, g_strdup (vai_item_get_id (item)));
      if (i == 0)
        name = g_strdup (vai_item_get_name (item));
    }
  g_ptr_array_add (ids, NULL);
  g_autofree char *message = deleted_message (self, n, name);
  vai_window_delete (GTK_WIDGET (self), self->kind, (const char *const *) ids->pdata, message);
  g_strfreev (self->deleted);
  self->deleted = (GStrv) g_ptr_array_free (g_steal_pointer (&ids), FALSE);
  focus_chosen (self);
  return TRUE;
}

static void
delete_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (!vai_object_list_delete_selected (VAI_OBJECT_LIST (widget)))
    gtk_widget_error_bell (widget);
}

/* Setting up. */

static void
make_models (VaiObjectList *self)
{
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  self->sorter = GTK_SORTER (gtk_custom_sorter_new (compare, self, NULL));
  GtkFilterListModel *filtered = gtk_filter_list_model_new (g_object_ref (self->all), self->filter);
  GtkSortListModel *sorted = gtk_sort_list_model_new (G_LIST_MODEL (filtered), self->sorter);
  self->selection = gtk_multi_selection_new (G_LIST_MODEL (sorted));
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  g_object_unref (self->selection);
}

static const char *
list_name (VaiObject kind)
{
  return kind == VAI_OBJECT_DATASET ? _ ("Datasets") : kind == VAI_OBJECT_MODEL ? _ ("Models") : _ ("Reports");
}

static const char *
search_name (VaiObject kind)
{
  if (kind == VAI_OBJECT_DATASET)
    return _ ("Search datasets");
  return kind == VAI_OBJECT_MODEL ? _ ("Search models") : _ ("Search reports");
}

void
vai_object_list_setup (VaiObjectList *self,
                       VaiWorkspace *workspace,
                       VaiObject kind,
                       const char *icon_name,
                       VaiDescribeFunc describe)
{
  g_return_if_fail (VAI_IS_OBJECT_LIST (self));
  g_return_if_fail (self->all == NULL);

  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  self->kind = kind;
  self->icon_name = icon_name;
  self->describe = describe;
  self->all = vai_workspace_get_list (workspace, kind);
  g_signal_connect (factory, "setup", G_CALLBACK (row_setup_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (row_bind_cb), self);
  gtk_list_view_set_factory (self->view, factory);
  g_object_unref (factory);
  g_object_set (self->search, "placeholder-text", search_name (kind), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL, search_name (kind), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, list_name (kind), -1);
  g_signal_connect_object (self->all, "items-changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
  vai_leave_list_by_tab (GTK_WIDGET (self->view));
  make_models (self);
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (selection_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (workspace, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self, kind);
}

void
vai_object_list_focus_search (VaiObjectList *self)
{
  g_return_if_fail (VAI_IS_OBJECT_LIST (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
vai_object_list_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_ONE_CLICK)
    VAI_OBJECT_LIST (object)->one_click = g_value_get_boolean (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
vai_object_list_dispose (GObject *object)
{
  VaiObjectList *self = VAI_OBJECT_LIST (object);

  g_clear_pointer (&self->chosen, g_free);
  g_clear_pointer (&self->deleted, g_strfreev);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_OBJECT_LIST);
  G_OBJECT_CLASS (vai_object_list_parent_class)->dispose (object);
}

static void
vai_object_list_class_init (VaiObjectListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_object_list_dispose;
  G_OBJECT_CLASS (klass)->set_property = vai_object_list_set_property;
  properties[PROP_ONE_CLICK]
      = g_param_spec_boolean ("one-click", NULL, NULL, FALSE, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
  signals[CHOSEN]
      = g_signal_new ("chosen", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, VAI_TYPE_ITEM);
  signals[ACTIVATED]
      = g_signal_new ("activated", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, VAI_TYPE_ITEM);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-object-list.ui");
  gtk_widget_class_bind_template_child (widget_class, VaiObjectList, box);
  gtk_widget_class_bind_template_child (widget_class, VaiObjectList, search);
  gtk_widget_class_bind_template_child (widget_class, VaiObjectList, order);
  gtk_widget_class_bind_template_child (widget_class, VaiObjectList, view);
  gtk_widget_class_bind_template_child (widget_class, VaiObjectList, nothing);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_install_action (widget_class, "list.order", "s", order_cb);
  gtk_widget_class_install_action (widget_class, "list.select-all", NULL, select_all_cb);
  gtk_widget_class_install_action (widget_class, "list.delete", NULL, delete_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "list.delete", NULL);
}

static void
vai_object_list_init (VaiObjectList *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_BUBBLE);
  g_signal_connect_swapped (click, "released", G_CALLBACK (clicked_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->view), GTK_EVENT_CONTROLLER (click));
}
