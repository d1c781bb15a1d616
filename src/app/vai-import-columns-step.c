#include "vai-import-columns-step.h"

#include "vai-column-item.h"
#include "vai-column-words.h"
#include "vai-compat.h"
#include "vai-format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Rows made in one turn of the main loop: each has two drop-downs, which take a millisecond or two. */
#define ROWS_AT_ONCE 3

/* Of a name or a value beside its choice: a sentence in a cell must not push the columns aside. */
#define TITLE_LINES 2

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
  GPtrArray *outcome_rows; /* of GtkWidget, in the group */
  GPtrArray *change_rows;  /* of GtkWidget, in the group */
  AdwExpanderRow *others;  /* after them, or nowhere */
  GPtrArray *other_rows;   /* of GtkWidget, in it */
  gboolean others_asked;   /* it was opened once */
  gboolean filling;
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
  AdwPreferencesGroup *outcome_group, *change_group;
  GtkLabel *error_label;
  GtkRevealer *bar;
  GtkLabel *selected_label;
  GtkMenuButton *type_button, *role_button;
  GtkButton *clear_button;
};

G_DEFINE_FINAL_TYPE (VaiImportColumnsStep, vai_import_columns_step, GTK_TYPE_WIDGET)

/* What a value of the outcome can mean, in the order of its drop-down. */
static const VaiOutcome outcomes[] = { VAI_OUTCOME_WON, VAI_OUTCOME_LOST, VAI_OUTCOME_OPEN };

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
  g_clear_pointer (&self->outcome_rows, g_ptr_array_unref);
  g_clear_pointer (&self->change_rows, g_ptr_array_unref);
  g_clear_pointer (&self->other_rows, g_ptr_array_unref);
  g_clear_object (&self->others);
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

/* The outcome. */

static void
clear_rows (AdwPreferencesGroup *group, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, g_ptr_array_index (rows, i));
  g_ptr_array_set_size (rows, 0);
}

/* The row is of a value, not of a place: the file may have been looked through again since it was made. */
static void
outcome_chosen_cb (AdwComboRow *row, GParamSpec *pspec, VaiImportColumnsStep *self)
{
  VaiQuotes *quotes = vai_import_draft_get_quotes (self->draft);
  const GPtrArray *values = quotes != NULL ? quotes->profile->outcome_values : NULL;
  const char *said = g_object_get_data (G_OBJECT (row), "vai-value");
  guint selected = adw_combo_row_get_selected (row);

  for (guint i = 0; !self->filling && selected < G_N_ELEMENTS (outcomes) && values != NULL && i < values->len; i++)
    if (g_str_equal (((const VaiOutcomeValue *) g_ptr_array_index (values, i))->value, said))
      {
        vai_import_draft_set_outcome (self->draft, i, outcomes[selected]);
        return;
      }
}

static void
fill_outcome_row (GtkWidget *row, const VaiOutcomeValue *value, VaiOutcome outcome)
{
  g_autofree char *count = vai_format_count (value->count);
  g_autofree char *subtitle = g_strdup_printf (ngettext ("%s quote", "%s quotes", (gulong) value->count), count);
  guint selected = G_N_ELEMENTS (outcomes) - 1;

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    if (outcomes[i] == outcome)
      selected = i;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), selected);
}

static GtkWidget *
outcome_row_new (VaiImportColumnsStep *self, const VaiOutcomeValue *value)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  g_autofree char *shown = g_utf8_make_valid (value->value[0] != '\0' ? value->value : _ ("(empty)"), -1);

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    gtk_string_list_append (titles, vai_outcome_title (outcomes[i]));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), shown);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), TITLE_LINES);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (titles));
  gtk_widget_set_sensitive (row, value->value[0] != '\0');
  g_object_set_data_full (G_OBJECT (row), "vai-value", g_strdup (value->value), g_free);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (outcome_chosen_cb), self, 0);
  return row;
}

/* Rows of the same values stay, and the keyboard in them. */
static void
make_outcome_rows (VaiImportColumnsStep *self, const GPtrArray *values)
{
  gboolean fit = self->outcome_rows->len == values->len;

  for (guint i = 0; fit && i < values->len; i++)
    fit = g_str_equal (g_object_get_data (g_ptr_array_index (self->outcome_rows, i), "vai-value"),
                       ((const VaiOutcomeValue *) g_ptr_array_index (values, i))->value);
  if (fit)
    return;
  clear_rows (self->outcome_group, self->outcome_rows);
  for (guint i = 0; i < values->len; i++)
    {
      GtkWidget *row = outcome_row_new (self, g_ptr_array_index (values, i));
      g_ptr_array_add (self->outcome_rows, row);
      adw_preferences_group_add (self->outcome_group, row);
    }
}

static void
show_outcome (VaiImportColumnsStep *self)
{
  VaiQuotes *quotes = vai_import_draft_get_quotes (self->draft);
  const VaiProfile *profile = quotes != NULL ? quotes->profile : NULL;

  if (profile == NULL || profile->outcome < 0 || profile->outcome_values == NULL)
    {
      clear_rows (self->outcome_group, self->outcome_rows);
      adw_preferences_group_set_title (self->outcome_group, _ ("Outcome"));
      adw_preferences_group_set_description (
          self->outcome_group, _ ("Choose which column says what became of a quote: its role is “Outcome”."));
      return;
    }
  g_autofree char *name = vai_format_markup (vai_table_column (quotes->table, profile->outcome)->name);
  g_autofree char *title = g_strdup_printf (_ ("Outcome: “%s”"), name);
  adw_preferences_group_set_title (self->outcome_group, title);
  adw_preferences_group_set_description (self->outcome_group, _ ("Which value means what"));
  make_outcome_rows (self, profile->outcome_values);
  for (guint i = 0; i < profile->outcome_values->len; i++)
    fill_outcome_row (g_ptr_array_index (self->outcome_rows, i), g_ptr_array_index (profile->outcome_values, i),
                      vai_import_draft_get_outcome (self->draft, i));
}

/* What a rep can change. */

static void
change_toggled_cb (GtkSwitch *toggle, GParamSpec *pspec, VaiImportColumnsStep *self)
{
  guint column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (toggle), "vai-column"));

  if (!self->filling)
    vai_import_draft_set_actionable (self->draft, column, gtk_switch_get_active (toggle));
}

static GtkWidget *
change_row_new (VaiImportColumnsStep *self, const char *name)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *toggle = gtk_switch_new ();
  g_autofree char *title = g_utf8_make_valid (name, -1);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), TITLE_LINES);
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (row), "vai-name", g_strdup (name), g_free);
  g_signal_connect_object (toggle, "notify::active", G_CALLBACK (change_toggled_cb), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
  return row;
}

static void
fill_change_rows (VaiImportColumnsStep *self, const GPtrArray *rows, const GArray *columns)
{
  for (guint i = 0; i < rows->len; i++)
    {
      guint column = g_array_index (columns, guint, i);
      GtkWidget *toggle = adw_action_row_get_activatable_widget (g_ptr_array_index (rows, i));
      g_object_set_data (G_OBJECT (toggle), "vai-column", GUINT_TO_POINTER (column));
      gtk_switch_set_active (GTK_SWITCH (toggle), vai_import_draft_get_actionable (self->draft, column));
    }
}

static gboolean
is_lever (VaiRole role)
{
  return role == VAI_ROLE_PRICE || role == VAI_ROLE_DISCOUNT || role == VAI_ROLE_MARGIN
         || role == VAI_ROLE_DELIVERY_TIME;
}

static gboolean
is_shown_at_once (VaiImportColumnsStep *self, guint column)
{
  return is_lever (vai_import_draft_get_role (self->draft, column))
         || vai_import_draft_get_actionable (self->draft, column);
}

/* Of the features, or of what mostly can be changed. */
static GArray *
columns_to_change (VaiImportColumnsStep *self, gboolean at_once)
{
  VaiQuotes *quotes = vai_import_draft_get_quotes (self->draft);
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; quotes != NULL && i < quotes->table->columns->len; i++)
    if (is_shown_at_once (self, i) ? at_once
                                   : !at_once && vai_import_draft_get_role (self->draft, i) == VAI_ROLE_FEATURE)
      g_array_append_val (columns, i);
  return columns;
}

/* Are @rows those of @columns? */
static gboolean
rows_fit (VaiImportColumnsStep *self, const GPtrArray *rows, const GArray *columns)
{
  gboolean fit = rows->len == columns->len;

  for (guint i = 0; fit && i < rows->len; i++)
    fit = g_str_equal (
        g_object_get_data (g_ptr_array_index (rows, i), "vai-name"),
        vai_table_column (vai_import_draft_get_quotes (self->draft)->table, g_array_index (columns, guint, i))->name);
  return fit;
}

static void
make_change_rows (VaiImportColumnsStep *self, GPtrArray *rows, const GArray *columns)
{
  for (guint i = 0; i < columns->len; i++)
    {
      const VaiTable *table = vai_import_draft_get_quotes (self->draft)->table;
      g_ptr_array_add (rows, change_row_new (self, vai_table_column (table, g_array_index (columns, guint, i))->name));
    }
}

static void
show_levers (VaiImportColumnsStep *self, const GArray *columns, gboolean others)
{
  gboolean had_others = gtk_widget_get_parent (GTK_WIDGET (self->others)) != NULL;

  if (!rows_fit (self, self->change_rows, columns) || had_others != others)
    {
      if (had_others)
        adw_preferences_group_remove (self->change_group, GTK_WIDGET (self->others));
      clear_rows (self->change_group, self->change_rows);
      make_change_rows (self, self->change_rows, columns);
      for (guint i = 0; i < self->change_rows->len; i++)
        adw_preferences_group_add (self->change_group, g_ptr_array_index (self->change_rows, i));
      if (others)
        adw_preferences_group_add (self->change_group, GTK_WIDGET (self->others));
    }
  fill_change_rows (self, self->change_rows, columns);
}

/* Their rows are made when they are asked for. */
static void
show_others (VaiImportColumnsStep *self, const GArray *columns)
{
  if (!self->others_asked)
    return;
  if (!rows_fit (self, self->other_rows, columns))
    {
      for (guint i = 0; i < self->other_rows->len; i++)
        adw_expander_row_remove (self->others, g_ptr_array_index (self->other_rows, i));
      g_ptr_array_set_size (self->other_rows, 0);
      make_change_rows (self, self->other_rows, columns);
      for (guint i = 0; i < self->other_rows->len; i++)
        adw_expander_row_add_row (self->others, g_ptr_array_index (self->other_rows, i));
    }
  fill_change_rows (self, self->other_rows, columns);
}

static void
others_expanded_cb (VaiImportColumnsStep *self)
{
  g_autoptr (GArray) others = columns_to_change (self, FALSE);
  gboolean filling = self->filling;

  self->others_asked = TRUE;
  self->filling = TRUE;
  show_others (self, others);
  self->filling = filling;
}

/* The row of a column with the keyboard in it, as the name of the column; NULL: none. */
static char *
dup_focused_name (VaiImportColumnsStep *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *at = root != NULL ? gtk_root_get_focus (root) : NULL;

  for (; at != NULL && at != GTK_WIDGET (self->change_group); at = gtk_widget_get_parent (at))
    if (at == GTK_WIDGET (self->others) || g_object_get_data (G_OBJECT (at), "vai-name") != NULL)
      return g_strdup (at == GTK_WIDGET (self->others) ? "" : g_object_get_data (G_OBJECT (at), "vai-name"));
  return NULL;
}

/* Where the keyboard was; in the first row when that one is gone. */
static void
focus_change_row (VaiImportColumnsStep *self, const char *name)
{
  GPtrArray *const lists[] = { self->change_rows, self->other_rows };
  g_autofree char *now = dup_focused_name (self);

  if (name == NULL || g_strcmp0 (name, now) == 0)
    return;
  for (guint list = 0; list < G_N_ELEMENTS (lists); list++)
    for (guint i = 0; i < lists[list]->len; i++)
      {
        GObject *row = g_ptr_array_index (lists[list], i);
        if (g_str_equal (g_object_get_data (row, "vai-name"), name) && gtk_widget_grab_focus (GTK_WIDGET (row)))
          return;
      }
  gtk_widget_child_focus (name[0] == '\0' ? GTK_WIDGET (self->others) : GTK_WIDGET (self->change_group),
                          GTK_DIR_TAB_FORWARD);
}

/* First what mostly can be changed; other features wait in a row that opens. Rows of the same columns stay, and the
 * keyboard in them. */
static void
show_changes (VaiImportColumnsStep *self)
{
  g_autoptr (GArray) levers = columns_to_change (self, TRUE), others = columns_to_change (self, FALSE);
  g_autofree char *focused = dup_focused_name (self);

  show_levers (self, levers, others->len > 0);
  show_others (self, others);
  focus_change_row (self, focused);
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

  self->filling = TRUE;
  gboolean more = TRUE;
  if (self->rest == REST_ITEMS)
    self->rest = show_items (self) ? REST_ITEMS : REST_OUTCOME;
  else if (self->rest == REST_OUTCOME)
    {
      show_outcome (self);
      self->rest = REST_CHANGES;
    }
  else
    {
      show_changes (self);
      self->fill_id = 0;
      more = FALSE;
    }
  self->filling = FALSE;
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
  if (n > 0)
    g_list_store_splice (self->items, n - few, few, NULL, 0);
  else if (self->change_rows->len > 0)
    clear_rows (self->change_group, self->change_rows);
  else if (self->outcome_rows->len > 0)
    clear_rows (self->outcome_group, self->outcome_rows);
  else
    return FALSE;
  return TRUE;
}

static void
vai_import_columns_step_class_init (VaiImportColumnsStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

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
  self->outcome_rows = g_ptr_array_new ();
  self->change_rows = g_ptr_array_new ();
  self->other_rows = g_ptr_array_new ();
  self->others = g_object_ref_sink (ADW_EXPANDER_ROW (adw_expander_row_new ()));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->others), _ ("Other columns"));
  g_signal_connect_object (self->others, "notify::expanded", G_CALLBACK (others_expanded_cb), self, G_CONNECT_SWAPPED);
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
  vai_page_bind_orientation (page, self->sides);
  vai_page_bind_orientation (page, self->head);
  vai_page_bind_orientation (page, self->bar_box);
  g_signal_connect_object (page, "notify::compact", G_CALLBACK (compact_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (draft, "loaded", G_CALLBACK (loaded_cb), self);
  g_signal_connect_swapped (draft, "changed", G_CALLBACK (changed_cb), self);
}
