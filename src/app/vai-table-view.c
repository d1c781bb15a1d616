#include "vai-table-view.h"

#include "vai-column-words.h"
#include "vai-format.h"

#include <glib/gi18n-lib.h>

/* Columns that are shown: each costs a widget for every row on screen. */
#define COLUMNS_MAX 60

#define NUMBER_WIDTH 110
#define TEXT_WIDTH 150

struct _VaiTableView
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkColumnView *view;
  VaiTableModel *model;
  GtkSingleSelection *selection;
  VaiTable *table; /* nullable */
  GArray *rows;    /* nullable */
  char *search;    /* nullable */
  int sort;
  gboolean descending;
  int probed; /* the column that was asked to compare last; -1: none */
  GCancellable *running;
  guint n_shown;
};

G_DEFINE_FINAL_TYPE (VaiTableView, vai_table_view, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_N_SHOWN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
stop (VaiTableView *self)
{
  if (self->running != NULL)
    g_cancellable_cancel (self->running);
  g_clear_object (&self->running);
}

static void
vai_table_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_N_SHOWN)
    g_value_set_uint (value, VAI_TABLE_VIEW (object)->n_shown);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
vai_table_view_dispose (GObject *object)
{
  VaiTableView *self = VAI_TABLE_VIEW (object);

  stop (self);
  if (self->view != NULL)
    g_signal_handlers_disconnect_by_data (gtk_column_view_get_sorter (self->view), self);
  self->view = NULL;
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  g_clear_pointer (&self->table, vai_table_unref);
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->search, g_free);
  G_OBJECT_CLASS (vai_table_view_parent_class)->dispose (object);
}

/* Queries. */

static void
query_free (gpointer data)
{
  vai_table_query_free (data);
}

typedef struct
{
  GArray *rows; /* nullable: all */
} Answer;

static void
answer_free (gpointer data)
{
  g_clear_pointer (&((Answer *) data)->rows, g_array_unref);
  g_free (data);
}

static void
query_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  gboolean all = FALSE;
  g_autoptr (GArray) rows = vai_table_query_run (data, cancellable, &all);

  if (g_task_return_error_if_cancelled (task))
    return;
  Answer *answer = g_new0 (Answer, 1);
  answer->rows = g_steal_pointer (&rows);
  g_task_return_pointer (task, answer, answer_free);
}

static void
show_rows (VaiTableView *self, GArray *rows)
{
  vai_table_model_set (self->model, self->table != NULL ? self->table->n_rows : 0, rows);
  self->n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_SHOWN]);
}

static void
queried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiTableView *self = VAI_TABLE_VIEW (source);
  Answer *answer = g_task_propagate_pointer (G_TASK (result), NULL);

  if (answer == NULL)
    return;
  if (g_task_get_cancellable (G_TASK (result)) == self->running)
    {
      g_clear_object (&self->running);
      show_rows (self, answer->rows);
    }
  answer_free (answer);
}

static void
query (VaiTableView *self)
{
  stop (self);
  if (self->table == NULL)
    return;
  self->running = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (self, self->running, queried_cb, NULL);
  VaiTableQuery *wanted = g_new0 (VaiTableQuery, 1);
  *wanted = (VaiTableQuery){ vai_table_ref (self->table), self->rows != NULL ? g_array_ref (self->rows) : NULL,
                             g_strdup (self->search), self->sort, self->descending };
  g_task_set_task_data (task, wanted, query_free);
  g_task_run_in_thread (task, query_thread);
}

/* The title that was clicked: GTK 4.8 does not say which, but asks its sorter to compare, and in which direction. */

typedef struct
{
  VaiTableView *view;
  int column;
} Probe;

static int
probe_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Probe *probe = user_data;

  if (probe->view->probed < 0)
    probe->view->probed = probe->column;
  return GTK_ORDERING_SMALLER;
}

static void
sorter_changed_cb (VaiTableView *self)
{
  g_autoptr (VaiTableRow) a = g_object_new (VAI_TYPE_TABLE_ROW, NULL);
  g_autoptr (VaiTableRow) b = g_object_new (VAI_TYPE_TABLE_ROW, NULL);

  self->probed = -1;
  GtkOrdering order = gtk_sorter_compare (gtk_column_view_get_sorter (self->view), a, b);
  self->sort = self->probed;
  self->descending = order == GTK_ORDERING_LARGER;
  query (self);
}

/* Cells. */

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer right)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), GPOINTER_TO_INT (right) ? 1 : 0);
  if (GPOINTER_TO_INT (right))
    gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (list_item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, VaiTableView *self)
{
  guint column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (factory), "vai-column"));
  VaiTableRow *row = gtk_list_item_get_item (list_item);
  GtkWidget *label = gtk_list_item_get_child (list_item);

  if (self->table == NULL || vai_table_row_get_index (row) >= self->table->n_rows)
    return;
  g_autofree char *text = vai_column_dup_shown (vai_table_column (self->table, column), vai_table_row_get_index (row));
  gtk_label_set_label (GTK_LABEL (label), text);
}

static void
add_column (VaiTableView *self, guint index)
{
  const VaiColumn *of = vai_table_column (self->table, index);
  gboolean right = of->type == VAI_TYPE_NUMBER;
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  Probe *probe = g_new (Probe, 1);

  *probe = (Probe){ self, index };
  g_object_set_data (G_OBJECT (factory), "vai-column", GUINT_TO_POINTER (index));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GINT_TO_POINTER (right));
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (of->name, factory);
  g_autoptr (GtkCustomSorter) sorter = gtk_custom_sorter_new (probe_cb, probe, g_free);
  gtk_column_view_column_set_sorter (column, GTK_SORTER (sorter));
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_fixed_width (column, right ? NUMBER_WIDTH : TEXT_WIDTH);
  gtk_column_view_append_column (self->view, column);
}

static void
remove_columns (VaiTableView *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->view);

  while (g_list_model_get_n_items (columns) > 0)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, 0);
      gtk_column_view_remove_column (self->view, column);
    }
}

static void
copy_row (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiTableView *self = VAI_TABLE_VIEW (widget);
  VaiTableRow *row = gtk_single_selection_get_selected_item (self->selection);
  GString *text = g_string_new (NULL);

  for (guint i = 0; row != NULL && self->table != NULL && i < self->table->columns->len; i++)
    {
      g_autofree char *cell = vai_column_dup_shown (vai_table_column (self->table, i), vai_table_row_get_index (row));
      g_string_append_printf (text, "%s%s", i > 0 ? "\t" : "", cell);
    }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text->str);
  g_string_free (text, TRUE);
}

static void
vai_table_view_class_init (VaiTableViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = vai_table_view_get_property;
  object_class->dispose = vai_table_view_dispose;
  properties[PROP_N_SHOWN]
      = g_param_spec_uint ("n-shown", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "table.copy", NULL, copy_row);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "table.copy", NULL);
}

static void
vai_table_view_init (VaiTableView *self)
{
  self->sort = -1;
  self->model = vai_table_model_new ();
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->model)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  self->view = GTK_COLUMN_VIEW (gtk_column_view_new (g_object_ref (GTK_SELECTION_MODEL (self->selection))));
  gtk_column_view_set_show_row_separators (self->view, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "table-rows");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Rows"), -1);
  g_signal_connect_swapped (gtk_column_view_get_sorter (self->view), "changed", G_CALLBACK (sorter_changed_cb), self);
  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), GTK_WIDGET (self->view));
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

GtkWidget *
vai_table_view_new (void)
{
  return g_object_new (VAI_TYPE_TABLE_VIEW, NULL);
}

void
vai_table_view_set (VaiTableView *self, VaiTable *table, GArray *rows)
{
  g_return_if_fail (VAI_IS_TABLE_VIEW (self));

  gboolean same = table == self->table;
  stop (self);
  vai_table_model_set (self->model, 0, NULL);
  if (rows != NULL)
    g_array_ref (rows);
  g_clear_pointer (&self->rows, g_array_unref);
  self->rows = rows;
  if (!same)
    {
      self->sort = -1;
      remove_columns (self);
      g_clear_pointer (&self->table, vai_table_unref);
      self->table = table != NULL ? vai_table_ref (table) : NULL;
      for (guint i = 0; table != NULL && i < MIN (table->columns->len, COLUMNS_MAX); i++)
        add_column (self, i);
    }
  show_rows (self, rows);
  if (self->sort >= 0 || self->search != NULL)
    query (self);
}

void
vai_table_view_search (VaiTableView *self, const char *text)
{
  g_return_if_fail (VAI_IS_TABLE_VIEW (self));

  g_free (self->search);
  self->search = text != NULL && text[0] != '\0' ? g_strdup (text) : NULL;
  query (self);
}

guint
vai_table_view_get_n_shown (VaiTableView *self)
{
  g_return_val_if_fail (VAI_IS_TABLE_VIEW (self), 0);
  return self->n_shown;
}

gboolean
vai_table_view_is_busy (VaiTableView *self)
{
  g_return_val_if_fail (VAI_IS_TABLE_VIEW (self), FALSE);
  return self->running != NULL;
}
