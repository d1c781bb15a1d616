#include "vai-import-columns-step.h"

#include "vai-import-change-group.h"
#include "vai-column-item.h"
#include "vai-column-words.h"
#include "vai-compat.h"
#include "vai-import-outcome-group.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Rows made in one turn of the main loop: each has two drop-downs, which take a millisecond or two. */
#define ROWS_AT_ONCE 3

/* What stands beside the columns is no wider, whatever a value says; below them it is as wide as they are. */
#define SIDE_WIDTH 310

/* What is still to be filled, in this order. */
typedef enum
{
  REST_ITEMS,
  REST_OUTCOME,
  REST_CHANGES
} Rest;

struct _VaiImportColumnsStep
{
  GtkWidget parent_instance;

  VaiImportDraft *draft;
  GListStore *items; /* of VaiColumnItem */
  GtkFilter *filter;
  GtkMultiSelection *selection;
  guint fill_id;  /* of a source, while it is being filled */
  guint n_filled; /* rows of the list that show what the draft says now */
  gboolean stale; /* to be filled once it is seen */
  Rest rest;

  GtkWidget *box;
  GtkBox *sides, *head, *bar_box;
  AdwClamp *side;
  GtkSearchEntry *search;
  GtkSpinner *spinner;
  GtkColumnView *view;
  VaiImportOutcomeGroup *outcome_group;
  VaiImportChangeGroup *change_group;
  GtkLabel *error_label;
  GtkRevealer *bar;
  GtkLabel *selected_label;
  GtkMenuButton *type_button, *role_button;
  GtkButton *clear_button;
};

G_DEFINE_FINAL_TYPE (VaiImportColumnsStep, vai_import_columns_step, GTK_TYPE_WIDGET)

static void
vai_import_columns_step_dispose (GObject *object)
{
  VaiImportColumnsStep *self = VAI_IMPORT_COLUMNS_STEP (object);

  if (self->draft != NULL)
    g_signal_handlers_disconnect_by_data (self->draft, self);
  g_clear_object (&self->draft);
  g_clear_handle_id (&self->fill_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_IMPORT_COLUMNS_STEP);
  g_clear_object (&self->items);
  g_clear_object (&self->selection);
  G_OBJECT_CLASS (vai_import_columns_step_parent_class)->dispose (object);
}

/* The list. */

static gboolean
matches (gpointer item, gpointer user_data)
{
  VaiImportColumnsStep *self = user_data;
  g_autofree char *wanted = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  g_autofree char *name = g_utf8_casefold (vai_column_item_get_name (item), -1);

  return strstr (name, wanted) != NULL;
}

static void
search_changed_cb (VaiImportColumnsStep *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

void
vai_import_columns_step_search (VaiImportColumnsStep *self)
{
  g_return_if_fail (VAI_IS_IMPORT_COLUMNS_STEP (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static GArray *
selected_columns (VaiImportColumnsStep *self)
{
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GtkBitset) positions = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  for (guint64 i = 0; i < gtk_bitset_get_size (positions); i++)
    {
      g_autoptr (VaiColumnItem) item
          = g_list_model_get_item (G_LIST_MODEL (self->selection), gtk_bitset_get_nth (positions, i));
      guint index = vai_column_item_get_index (item);
      g_array_append_val (columns, index);
    }
  return columns;
}

static void
selection_changed_cb (VaiImportColumnsStep *self)
{
  g_autoptr (GtkBitset) positions = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  guint n = gtk_bitset_get_size (positions);
  g_autofree char *text = g_strdup_printf (ngettext ("%u column selected", "%u columns selected", n), n);

  gtk_label_set_label (self->selected_label, text);
  gtk_revealer_set_reveal_child (self->bar, n > 0);
}

static void
clear_selection (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (VAI_IMPORT_COLUMNS_STEP (widget)->selection));
}

static void
set_role (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiImportColumnsStep *self = VAI_IMPORT_COLUMNS_STEP (widget);
  g_autoptr (GArray) columns = selected_columns (self);
  VaiRole role;

  if (columns->len > 0 && vai_import_draft_get_quotes (self->draft) != NULL
      && vai_role_from_name (g_variant_get_string (parameter, NULL), &role))
    vai_import_draft_set_role (self->draft, (const guint *) columns->data, columns->len, role);
}

static void
set_type (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiImportColumnsStep *self = VAI_IMPORT_COLUMNS_STEP (widget);
  g_autoptr (GArray) columns = selected_columns (self);
  VaiType type;

  if (columns->len > 0 && vai_import_draft_get_import (self->draft) != NULL
      && vai_type_from_name (g_variant_get_string (parameter, NULL), &type))
    vai_import_draft_set_type (self->draft, (const guint *) columns->data, columns->len, type);
}

static void
popup_type (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiImportColumnsStep *self = VAI_IMPORT_COLUMNS_STEP (widget);

  if (gtk_revealer_get_reveal_child (self->bar))
    gtk_menu_button_popup (self->type_button);
}

static void
popup_role (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiImportColumnsStep *self = VAI_IMPORT_COLUMNS_STEP (widget);

  if (gtk_revealer_get_reveal_child (self->bar))
    gtk_menu_button_popup (self->role_button);
}

static void
make_menus (VaiImportColumnsStep *self)
{
  g_autoptr (GMenu) types = g_menu_new ();
  g_autoptr (GMenu) roles = g_menu_new ();

  for (guint i = 0; i < VAI_N_TYPES; i++)
    {
      g_autofree char *action = g_strdup_printf ("columns.set-type::%s", vai_type_name (i));
      g_menu_append (types, vai_type_title (i), action);
    }
  for (guint i = 0; i < VAI_N_ROLES; i++)
    {
      g_autofree char *action = g_strdup_printf ("columns.set-role::%s", vai_role_name (i));
      g_menu_append (roles, vai_role_title (i), action);
    }
  gtk_menu_button_set_menu_model (self->type_button, G_MENU_MODEL (types));
  gtk_menu_button_set_menu_model (self->role_button, G_MENU_MODEL (roles));
}

/* Are the items those of the file as it reads now? */
static gboolean
items_fit (VaiImportColumnsStep *self, const VaiTable *table)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));

  for (guint i = 0; n == table->columns->len && i < n; i++)
    {
      g_autoptr (VaiColumnItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);
      if (!g_str_equal (vai_column_item_get_name (item), vai_table_column (table, i)->name))
        return FALSE;
    }
  return n == table->columns->len;
}

/* As many as are there: the file may still be on its way into the list. */
static void
refresh_items (VaiImportColumnsStep *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++)
    {
      g_autoptr (VaiColumnItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);
      vai_column_item_refresh (item);
    }
}

/* A few more rows; FALSE when all are there. */
static gboolean
show_items (VaiImportColumnsStep *self)
{
  const VaiImport *import = vai_import_draft_get_import (self->draft);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));

  for (guint i = 0; import != NULL && self->n_filled < import->table->columns->len && i < ROWS_AT_ONCE; i++)
    {
      if (self->n_filled < n)
        {
          g_autoptr (VaiColumnItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), self->n_filled);
          vai_column_item_refresh (item);
        }
      else
        {
          g_autoptr (VaiColumnItem) item = vai_column_item_new (self->draft, self->n_filled);
          g_list_store_append (self->items, item);
        }
      self->n_filled++;
    }
  return import != NULL && self->n_filled < import->table->columns->len;
}

static void
show_state (VaiImportColumnsStep *self)
{
  const GError *error = vai_import_draft_get_error (self->draft);

  gtk_spinner_set_spinning (self->spinner, vai_import_draft_is_busy (self->draft));
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), error != NULL);
  gtk_label_set_label (self->error_label, error != NULL ? error->message : "");
}

/* A piece for each turn of the main loop, so that it can be drawn and clicked in between. */
static gboolean
fill_cb (gpointer user_data)
{
  VaiImportColumnsStep *self = user_data;

  gboolean more = TRUE;

  if (self->rest == REST_ITEMS)
    self->rest = show_items (self) ? REST_ITEMS : REST_OUTCOME;
  else if (self->rest == REST_OUTCOME)
    {
      vai_import_outcome_group_fill (self->outcome_group);
      self->rest = REST_CHANGES;
    }
  else
    {
      vai_import_change_group_fill (self->change_group);
      self->fill_id = 0;
      more = FALSE;
    }
  return more ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
fill_if_seen (VaiImportColumnsStep *self)
{
  if (!self->stale || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  self->stale = FALSE;
  self->n_filled = 0;
  self->rest = REST_ITEMS;
  if (self->fill_id == 0)
    self->fill_id = g_idle_add (fill_cb, self);
}

static void
loaded_cb (VaiImportColumnsStep *self)
{
  const VaiImport *import = vai_import_draft_get_import (self->draft);

  if (import == NULL || !items_fit (self, import->table))
    g_list_store_remove_all (self->items);
  self->stale = TRUE;
  fill_if_seen (self);
  show_state (self);
}

static void
vai_import_columns_step_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (vai_import_columns_step_parent_class)->map (widget);
  fill_if_seen (VAI_IMPORT_COLUMNS_STEP (widget));
}

/* Something was said: the rows say so before it was looked at again. */
static void
changed_cb (VaiImportColumnsStep *self)
{
  if (vai_import_draft_get_quotes (self->draft) != NULL)
    refresh_items (self);
  show_state (self);
}

gboolean
vai_import_columns_step_shed (VaiImportColumnsStep *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  guint few = MIN (n, ROWS_AT_ONCE);

  g_return_val_if_fail (VAI_IS_IMPORT_COLUMNS_STEP (self), FALSE);
  g_signal_handlers_disconnect_by_data (self->draft, self);
  g_clear_handle_id (&self->fill_id, g_source_remove);
  if (n == 0)
    return vai_import_change_group_shed (self->change_group) || vai_import_outcome_group_shed (self->outcome_group);
  g_list_store_splice (self->items, n - few, few, NULL, 0);
  return TRUE;
}

static void
vai_import_columns_step_class_init (VaiImportColumnsStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (VAI_TYPE_IMPORT_OUTCOME_GROUP);
  g_type_ensure (VAI_TYPE_IMPORT_CHANGE_GROUP);
  G_OBJECT_CLASS (klass)->dispose = vai_import_columns_step_dispose;
  widget_class->map = vai_import_columns_step_map;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-import-columns-step.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, VaiImportColumnsStep, name)
  BIND (box);
  BIND (sides);
  BIND (head);
  BIND (bar_box);
  BIND (side);
  BIND (search);
  BIND (spinner);
  BIND (view);
  BIND (outcome_group);
  BIND (change_group);
  BIND (error_label);
  BIND (bar);
  BIND (selected_label);
  BIND (type_button);
  BIND (role_button);
  BIND (clear_button);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_install_action (widget_class, "columns.set-role", "s", set_role);
  gtk_widget_class_install_action (widget_class, "columns.set-type", "s", set_type);
  gtk_widget_class_install_action (widget_class, "columns.clear", NULL, clear_selection);
  gtk_widget_class_install_action (widget_class, "columns.popup-type", NULL, popup_type);
  gtk_widget_class_install_action (widget_class, "columns.popup-role", NULL, popup_role);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_t, GDK_ALT_MASK, "columns.popup-type", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_r, GDK_ALT_MASK, "columns.popup-role", NULL);
}

static void
vai_import_columns_step_init (VaiImportColumnsStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->items = g_list_store_new (VAI_TYPE_COLUMN_ITEM);
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  GtkFilterListModel *filtered = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->items)), self->filter);
  self->selection = gtk_multi_selection_new (G_LIST_MODEL (filtered));
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (selection_changed_cb), self,
                           G_CONNECT_SWAPPED);
  vai_column_item_add_columns (self->view);
  vai_leave_list_by_tab (GTK_WIDGET (self->view));
  adw_clamp_set_maximum_size (self->side, SIDE_WIDTH);
  vai_end_search_by_escape (GTK_WIDGET (self->search), "win.cancel");
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  make_menus (self);
}

static void
compact_cb (VaiImportColumnsStep *self, GParamSpec *pspec, VaiPage *page)
{
  gboolean compact = vai_page_get_compact (page);

  vai_column_item_set_compact (self->view, compact);
  adw_clamp_set_maximum_size (self->side, compact ? G_MAXINT16 : SIDE_WIDTH);
  if (compact)
    gtk_button_set_icon_name (self->clear_button, "edit-clear-symbolic");
  else
    gtk_button_set_label (self->clear_button, _ ("Clear"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->clear_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Select nothing"), -1);
}

void
vai_import_columns_step_attach (VaiImportColumnsStep *self, VaiPage *page, VaiImportDraft *draft)
{
  g_return_if_fail (VAI_IS_IMPORT_COLUMNS_STEP (self));
  g_return_if_fail (self->draft == NULL);

  self->draft = g_object_ref (draft);
  vai_import_outcome_group_attach (self->outcome_group, draft);
  vai_import_change_group_attach (self->change_group, draft);
  vai_page_bind_orientation (page, self->sides);
  vai_page_bind_orientation (page, self->head);
  vai_page_bind_orientation (page, self->bar_box);
  g_signal_connect_object (page, "notify::compact", G_CALLBACK (compact_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (draft, "loaded", G_CALLBACK (loaded_cb), self);
  g_signal_connect_swapped (draft, "changed", G_CALLBACK (changed_cb), self);
}
