#include "vai-import-change-group.h"

#include <glib/gi18n-lib.h>

/* Of a name beside its switch: a sentence in a cell must not push the switch aside. */
#define TITLE_LINES 2

struct _VaiImportChangeGroup
{
  AdwPreferencesGroup parent_instance;

  VaiImportDraft *draft;
  GPtrArray *rows;        /* of GtkWidget, in the group */
  AdwExpanderRow *others; /* after them, or nowhere */
  GPtrArray *other_rows;  /* of GtkWidget, in it */
  gboolean others_asked;  /* it was opened once */
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (VaiImportChangeGroup, vai_import_change_group, ADW_TYPE_PREFERENCES_GROUP)

static void
clear_rows (VaiImportChangeGroup *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
}

static void
change_toggled_cb (GtkSwitch *toggle, GParamSpec *pspec, VaiImportChangeGroup *self)
{
  guint column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (toggle), "vai-column"));

  if (!self->filling)
    vai_import_draft_set_actionable (self->draft, column, gtk_switch_get_active (toggle));
}

static GtkWidget *
change_row_new (VaiImportChangeGroup *self, const char *name)
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
fill_change_rows (VaiImportChangeGroup *self, const GPtrArray *rows, const GArray *columns)
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
is_shown_at_once (VaiImportChangeGroup *self, guint column)
{
  return is_lever (vai_import_draft_get_role (self->draft, column))
         || vai_import_draft_get_actionable (self->draft, column);
}

/* Of the features, or of what mostly can be changed. */
static GArray *
columns_to_change (VaiImportChangeGroup *self, gboolean at_once)
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
rows_fit (VaiImportChangeGroup *self, const GPtrArray *rows, const GArray *columns)
{
  gboolean fit = rows->len == columns->len;

  for (guint i = 0; fit && i < rows->len; i++)
    fit = g_str_equal (
        g_object_get_data (g_ptr_array_index (rows, i), "vai-name"),
        vai_table_column (vai_import_draft_get_quotes (self->draft)->table, g_array_index (columns, guint, i))->name);
  return fit;
}

static void
make_change_rows (VaiImportChangeGroup *self, GPtrArray *rows, const GArray *columns)
{
  for (guint i = 0; i < columns->len; i++)
    {
      const VaiTable *table = vai_import_draft_get_quotes (self->draft)->table;
      g_ptr_array_add (rows, change_row_new (self, vai_table_column (table, g_array_index (columns, guint, i))->name));
    }
}

static void
show_levers (VaiImportChangeGroup *self, const GArray *columns, gboolean others)
{
  gboolean had_others = gtk_widget_get_parent (GTK_WIDGET (self->others)) != NULL;

  if (!rows_fit (self, self->rows, columns) || had_others != others)
    {
      if (had_others)
        adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->others));
      clear_rows (self);
      make_change_rows (self, self->rows, columns);
      for (guint i = 0; i < self->rows->len; i++)
        adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), g_ptr_array_index (self->rows, i));
      if (others)
        adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->others));
    }
  fill_change_rows (self, self->rows, columns);
}

/* Their rows are made when they are asked for. */
static void
show_others (VaiImportChangeGroup *self, const GArray *columns)
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
others_expanded_cb (VaiImportChangeGroup *self)
{
  g_autoptr (GArray) others = columns_to_change (self, FALSE);

  self->others_asked = TRUE;
  self->filling = TRUE;
  show_others (self, others);
  self->filling = FALSE;
}

/* The row of a column with the keyboard in it, as the name of the column; NULL: none. */
static char *
dup_focused_name (VaiImportChangeGroup *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *at = root != NULL ? gtk_root_get_focus (root) : NULL;

  for (; at != NULL && at != GTK_WIDGET (self); at = gtk_widget_get_parent (at))
    if (at == GTK_WIDGET (self->others) || g_object_get_data (G_OBJECT (at), "vai-name") != NULL)
      return g_strdup (at == GTK_WIDGET (self->others) ? "" : g_object_get_data (G_OBJECT (at), "vai-name"));
  return NULL;
}

/* Where the keyboard was; in the first row when that one is gone. */
static void
focus_change_row (VaiImportChangeGroup *self, const char *name)
{
  GPtrArray *const lists[] = { self->rows, self->other_rows };
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
  gtk_widget_child_focus (name[0] == '\0' ? GTK_WIDGET (self->others) : GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

void
vai_import_change_group_fill (VaiImportChangeGroup *self)
{
  g_return_if_fail (VAI_IS_IMPORT_CHANGE_GROUP (self));

  g_autoptr (GArray) levers = columns_to_change (self, TRUE), others = columns_to_change (self, FALSE);
  g_autofree char *focused = dup_focused_name (self);

  self->filling = TRUE;
  show_levers (self, levers, others->len > 0);
  show_others (self, others);
  self->filling = FALSE;
  focus_change_row (self, focused);
}

gboolean
vai_import_change_group_shed (VaiImportChangeGroup *self)
{
  g_return_val_if_fail (VAI_IS_IMPORT_CHANGE_GROUP (self), FALSE);
  gboolean any = self->rows->len > 0;
  clear_rows (self);
  return any;
}

static void
vai_import_change_group_dispose (GObject *object)
{
  VaiImportChangeGroup *self = VAI_IMPORT_CHANGE_GROUP (object);

  g_clear_object (&self->draft);
  g_clear_object (&self->others);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->other_rows, g_ptr_array_unref);
  G_OBJECT_CLASS (vai_import_change_group_parent_class)->dispose (object);
}

static void
vai_import_change_group_class_init (VaiImportChangeGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = vai_import_change_group_dispose;
}

static void
vai_import_change_group_init (VaiImportChangeGroup *self)
{
  self->rows = g_ptr_array_new ();
  self->other_rows = g_ptr_array_new ();
  self->others = g_object_ref_sink (ADW_EXPANDER_ROW (adw_expander_row_new ()));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->others), _ ("Other columns"));
  g_signal_connect_object (self->others, "notify::expanded", G_CALLBACK (others_expanded_cb), self, G_CONNECT_SWAPPED);
}

void
vai_import_change_group_attach (VaiImportChangeGroup *self, VaiImportDraft *draft)
{
  g_return_if_fail (VAI_IS_IMPORT_CHANGE_GROUP (self));
  g_set_object (&self->draft, draft);
}
