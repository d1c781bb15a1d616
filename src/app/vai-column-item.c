#include "vai-column-item.h"

#include "vai-column-words.h"
#include "vai-compat.h"
#include "vai-format.h"

#include <glib/gi18n-lib.h>

struct _VaiColumnItem
{
  GObject parent_instance;

  VaiImportDraft *draft;
  guint column;
  char *name;
  char *values; /* nullable: not looked at yet */
  VaiTable *of; /* nullable: the table that @values were read from */
};

G_DEFINE_FINAL_TYPE (VaiColumnItem, vai_column_item, G_TYPE_OBJECT)

enum
{
  REFRESH,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
vai_column_item_finalize (GObject *object)
{
  VaiColumnItem *self = VAI_COLUMN_ITEM (object);

  g_clear_object (&self->draft);
  g_free (self->name);
  g_free (self->values);
  g_clear_pointer (&self->of, vai_table_unref);
  G_OBJECT_CLASS (vai_column_item_parent_class)->finalize (object);
}

static void
vai_column_item_class_init (VaiColumnItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_column_item_finalize;
  signals[REFRESH]
      = g_signal_new ("refresh", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
vai_column_item_init (VaiColumnItem *self)
{
}

static const VaiColumn *
column_of (VaiColumnItem *self)
{
  const VaiImport *import = vai_import_draft_get_import (self->draft);

  return import != NULL && self->column < import->table->columns->len ? vai_table_column (import->table, self->column)
                                                                      : NULL;
}

VaiColumnItem *
vai_column_item_new (VaiImportDraft *draft, guint column)
{
  VaiColumnItem *self = g_object_new (VAI_TYPE_COLUMN_ITEM, NULL);

  self->draft = g_object_ref (draft);
  self->column = column;
  self->name = g_strdup (vai_table_column (vai_import_draft_get_import (draft)->table, column)->name);
  return self;
}

guint
vai_column_item_get_index (VaiColumnItem *self)
{
  g_return_val_if_fail (VAI_IS_COLUMN_ITEM (self), 0);
  return self->column;
}

const char *
vai_column_item_get_name (VaiColumnItem *self)
{
  g_return_val_if_fail (VAI_IS_COLUMN_ITEM (self), "");
  return self->name;
}

void
vai_column_item_refresh (VaiColumnItem *self)
{
  g_return_if_fail (VAI_IS_COLUMN_ITEM (self));
  g_signal_emit (self, signals[REFRESH], 0);
}

/* Why a column should not be learnt from; "" when nothing speaks against it. */
static const char *
note_of (VaiColumnItem *self)
{
  VaiQuotes *quotes = vai_import_draft_get_quotes (self->draft);

  for (guint i = 0; quotes != NULL && i < quotes->profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (quotes->profile->findings, i);
      if (finding->column != (int) self->column || finding->severity == VAI_SEVERITY_INFO)
        continue;
      if (finding->severity == VAI_SEVERITY_LEAK)
        return _ ("gives the answer away");
      if (finding->kind == VAI_FINDING_IDENTIFIER)
        return _ ("would be learnt by heart");
      if (finding->kind == VAI_FINDING_CONSTANT)
        return _ ("always the same");
      if (finding->kind == VAI_FINDING_EMPTY)
        return _ ("always empty");
      if (finding->kind == VAI_FINDING_NOT_OF_TYPE)
        return _ ("does not fit its type");
    }
  return "";
}

/* Cells: what setup makes, bind fills by the item of its list item, and again at each refresh. */

typedef void (*FillFunc) (VaiColumnItem *item, GtkListItem *list_item);

static GtkWidget *
cell_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
check_toggled_cb (GtkCheckButton *check, GtkListItem *list_item)
{
  gboolean active = gtk_check_button_get_active (check);
  GtkWidget *view = gtk_widget_get_ancestor (GTK_WIDGET (check), GTK_TYPE_COLUMN_VIEW);

  if (view == NULL || gtk_list_item_get_item (list_item) == NULL || gtk_list_item_get_selected (list_item) == active)
    return;
  GtkSelectionModel *model = gtk_column_view_get_model (GTK_COLUMN_VIEW (view));
  if (active)
    gtk_selection_model_select_item (model, gtk_list_item_get_position (list_item), FALSE);
  else
    gtk_selection_model_unselect_item (model, gtk_list_item_get_position (list_item));
}

static void
setup_check (GtkListItem *list_item)
{
  GtkWidget *check = gtk_check_button_new ();

  g_object_bind_property (list_item, "selected", check, "active", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (check, "toggled", G_CALLBACK (check_toggled_cb), list_item, 0);
  gtk_list_item_set_child (list_item, check);
}

static void
fill_check (VaiColumnItem *item, GtkListItem *list_item)
{
  g_autofree char *name = g_strdup_printf (_ ("Select “%s”"), item->name);

  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_list_item_get_child (list_item)), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

static void
setup_name (GtkListItem *list_item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), cell_label ("heading"));
  gtk_box_append (GTK_BOX (box), cell_label ("care-note"));
  gtk_list_item_set_child (list_item, box);
}

static void
fill_name (VaiColumnItem *item, GtkListItem *list_item)
{
  GtkWidget *name = gtk_widget_get_first_child (gtk_list_item_get_child (list_item));
  GtkWidget *note = gtk_widget_get_next_sibling (name);

  gtk_label_set_label (GTK_LABEL (name), item->name);
  gtk_widget_set_tooltip_text (name, item->name);
  vai_name_row (list_item, item->name);
  gtk_label_set_label (GTK_LABEL (note), note_of (item));
  gtk_widget_set_visible (note, note_of (item)[0] != '\0');
}

static void
setup_values (GtkListItem *list_item)
{
  gtk_list_item_set_child (list_item, cell_label ("dim-label"));
}

static void
fill_values (VaiColumnItem *item, GtkListItem *list_item)
{
  GtkWidget *label = gtk_list_item_get_child (list_item);
  const VaiColumn *column = column_of (item);

  if (column != NULL && item->of != vai_import_draft_get_import (item->draft)->table)
    {
      g_clear_pointer (&item->of, vai_table_unref);
      item->of = vai_table_ref (vai_import_draft_get_import (item->draft)->table);
      g_free (item->values);
      item->values = vai_column_dup_values_text (column);
    }
  gtk_label_set_label (GTK_LABEL (label), item->values != NULL ? item->values : "");
  gtk_widget_set_tooltip_text (label, item->values);
}

/* The drop-down changes because of what was found, not because of a person. */
static void
set_quietly (GtkListItem *list_item, GtkStringList *titles, guint selected)
{
  GtkDropDown *drop_down = GTK_DROP_DOWN (gtk_list_item_get_child (list_item));

  g_object_set_data (G_OBJECT (list_item), "vai-filling", GINT_TO_POINTER (TRUE));
  if (titles != NULL)
    gtk_drop_down_set_model (drop_down, G_LIST_MODEL (titles));
  gtk_drop_down_set_selected (drop_down, selected);
  g_object_set_data (G_OBJECT (list_item), "vai-filling", NULL);
}

static VaiColumnItem *
chosen_item (GtkListItem *list_item)
{
  if (g_object_get_data (G_OBJECT (list_item), "vai-filling") != NULL)
    return NULL;
  return gtk_list_item_get_item (list_item);
}

static void
type_chosen_cb (GtkDropDown *drop_down, GParamSpec *pspec, GtkListItem *list_item)
{
  VaiColumnItem *item = chosen_item (list_item);
  guint type = gtk_drop_down_get_selected (drop_down);

  if (item != NULL && type < VAI_N_TYPES && vai_import_draft_get_type_of (item->draft, item->column) != type)
    vai_import_draft_set_type (item->draft, &item->column, 1, type);
}

static void
setup_type (GtkListItem *list_item)
{
  GtkWidget *drop_down = gtk_drop_down_new (NULL, NULL);

  gtk_widget_add_css_class (drop_down, "flat");
  gtk_widget_set_valign (drop_down, GTK_ALIGN_CENTER);
  g_signal_connect_object (drop_down, "notify::selected", G_CALLBACK (type_chosen_cb), list_item, 0);
  gtk_list_item_set_child (list_item, drop_down);
}

/* To make the list of a drop-down anew takes a while. */
static gboolean
same_titles (GListModel *shown, GListModel *titles)
{
  guint n = g_list_model_get_n_items (titles);
  gboolean same = shown != NULL && g_list_model_get_n_items (shown) == n;

  for (guint i = 0; same && i < n; i++)
    same = g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (shown), i),
                        gtk_string_list_get_string (GTK_STRING_LIST (titles), i));
  return same;
}

static void
fill_type (VaiColumnItem *item, GtkListItem *list_item)
{
  const VaiColumn *column = column_of (item);
  GListModel *shown = gtk_drop_down_get_model (GTK_DROP_DOWN (gtk_list_item_get_child (list_item)));
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  g_autofree char *name = g_strdup_printf (_ ("Type of “%s”"), item->name);

  if (column == NULL)
    return;
  for (guint type = 0; type < VAI_N_TYPES; type++)
    gtk_string_list_take (titles, vai_column_dup_type_text (column, type));
  gboolean same = same_titles (shown, G_LIST_MODEL (titles));
  set_quietly (list_item, same ? NULL : titles, vai_import_draft_get_type_of (item->draft, item->column));
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_list_item_get_child (list_item)), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

static void
role_chosen_cb (GtkDropDown *drop_down, GParamSpec *pspec, GtkListItem *list_item)
{
  VaiColumnItem *item = chosen_item (list_item);
  guint role = gtk_drop_down_get_selected (drop_down);

  if (item == NULL || role >= VAI_N_ROLES || vai_import_draft_get_quotes (item->draft) == NULL)
    return;
  if (vai_import_draft_get_role (item->draft, item->column) != role)
    vai_import_draft_set_role (item->draft, &item->column, 1, role);
}

static void
setup_shown_role_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  gtk_list_item_set_child (list_item, cell_label (NULL));
}

static void
bind_shown_role_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  const char *title = gtk_string_object_get_string (gtk_list_item_get_item (list_item));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (list_item)), title);
}

/* The list shows the roles whole; the button gives way in a narrow window. */
static void
let_shrink (GtkDropDown *drop_down)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_shown_role_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_shown_role_cb), NULL);
  gtk_drop_down_set_list_factory (drop_down, gtk_drop_down_get_factory (drop_down));
  gtk_drop_down_set_factory (drop_down, factory);
}

static void
setup_role (GtkListItem *list_item)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  GtkWidget *drop_down;

  for (guint role = 0; role < VAI_N_ROLES; role++)
    gtk_string_list_append (titles, vai_role_title (role));
  drop_down = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&titles)), NULL);
  let_shrink (GTK_DROP_DOWN (drop_down));
  gtk_widget_add_css_class (drop_down, "flat");
  gtk_widget_set_valign (drop_down, GTK_ALIGN_CENTER);
  g_signal_connect_object (drop_down, "notify::selected", G_CALLBACK (role_chosen_cb), list_item, 0);
  gtk_list_item_set_child (list_item, drop_down);
}

static void
fill_role (VaiColumnItem *item, GtkListItem *list_item)
{
  GtkWidget *drop_down = gtk_list_item_get_child (list_item);
  g_autofree char *name = g_strdup_printf (_ ("Role of “%s”"), item->name);

  if (vai_import_draft_get_quotes (item->draft) == NULL)
    return;
  VaiRole role = vai_import_draft_get_role (item->draft, item->column);
  set_quietly (list_item, NULL, role);
  gtk_widget_remove_css_class (drop_down, "accent");
  gtk_widget_remove_css_class (drop_down, "dim-label");
  if (role == VAI_ROLE_OUTCOME)
    gtk_widget_add_css_class (drop_down, "accent");
  else if (role == VAI_ROLE_IGNORED)
    gtk_widget_add_css_class (drop_down, "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (drop_down), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
setup_filled (GtkListItem *list_item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *bar = gtk_progress_bar_new ();
  GtkWidget *label = cell_label ("numeric");

  gtk_widget_set_size_request (bar, 28, -1);
  gtk_widget_add_css_class (bar, "filled");
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_item_set_child (list_item, box);
}

static void
fill_filled (VaiColumnItem *item, GtkListItem *list_item)
{
  GtkWidget *bar = gtk_widget_get_first_child (gtk_list_item_get_child (list_item));
  GtkWidget *label = gtk_widget_get_next_sibling (bar);
  const VaiColumn *column = column_of (item);

  if (column == NULL || column->n_rows == 0)
    return;
  double share = 1 - (double) column->n_missing / column->n_rows;
  g_autofree char *text = vai_format_percent (share);
  g_autofree char *name = g_strdup_printf (_ ("“%s” is %s filled"), item->name, text);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (bar), share);
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_label_set_label (GTK_LABEL (label), text);
}

#define LEFT (-1)

typedef struct
{
  const char *title; /* to be translated; NULL: none */
  void (*setup) (GtkListItem *list_item);
  FillFunc fill;
  int width;   /* LEFT: what is left */
  int compact; /* in a narrow window; 0: not shown there */
} Kind;

static const Kind kinds[] = {
  { NULL, setup_check, fill_check, 44, 44 },
  { N_ ("Column"), setup_name, fill_name, LEFT, LEFT },
  { N_ ("Values"), setup_values, fill_values, LEFT, 0 },
  { N_ ("Type"), setup_type, fill_type, 184, 0 },
  { N_ ("Role"), setup_role, fill_role, 204, 172 },
  { N_ ("Filled"), setup_filled, fill_filled, 92, 0 },
};

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, const Kind *kind)
{
  kind->setup (list_item);
}

static void
refresh_cb (VaiColumnItem *item, GtkListItem *list_item)
{
  const Kind *kind = g_object_get_data (G_OBJECT (list_item), "vai-kind");

  if (gtk_list_item_get_item (list_item) == (gpointer) item)
    kind->fill (item, list_item);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, const Kind *kind)
{
  VaiColumnItem *item = gtk_list_item_get_item (list_item);

  g_object_set_data (G_OBJECT (list_item), "vai-kind", (gpointer) kind);
  kind->fill (item, list_item);
  g_signal_connect (item, "refresh", G_CALLBACK (refresh_cb), list_item);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, const Kind *kind)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (list_item), refresh_cb, list_item);
}

void
vai_column_item_add_columns (GtkColumnView *view)
{
  g_return_if_fail (GTK_IS_COLUMN_VIEW (view));

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer) &kinds[i]);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), (gpointer) &kinds[i]);
      g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), (gpointer) &kinds[i]);
      g_autoptr (GtkColumnViewColumn) column
          = gtk_column_view_column_new (kinds[i].title != NULL ? _ (kinds[i].title) : NULL, factory);
      gtk_column_view_append_column (view, column);
    }
  vai_column_item_set_compact (view, FALSE);
}

void
vai_column_item_set_compact (GtkColumnView *view, gboolean compact)
{
  g_return_if_fail (GTK_IS_COLUMN_VIEW (view));

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (gtk_column_view_get_columns (view), i);
      int width = compact ? kinds[i].compact : kinds[i].width;
      gtk_column_view_column_set_visible (column, width != 0);
      gtk_column_view_column_set_fixed_width (column, width);
      gtk_column_view_column_set_expand (column, width == LEFT);
    }
}
