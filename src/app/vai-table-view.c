#include "vai-table-view.h"

#include "vai-cell-row.h"
#include "vai-column-words.h"
#include "vai-compat.h"
#include "vai-format.h"

#include <glib/gi18n-lib.h>

#define NUMBER_WIDTH 110
#define TEXT_WIDTH 150

struct _VaiTableView
{
  GtkWidget parent_instance;

  GtkWidget *box, *scroller;
  GtkBox *titles; /* of GtkButton, one for each column */
  GtkScrolledWindow *titles_scroller;
  guint follow_id;
  GtkListView *view;
  VaiCellGrid grid;
  VaiTableModel *model;
  GtkSingleSelection *selection;
  GtkWidget *menu;     /* popover */
  VaiTableRow *copied; /* nullable: the row that the menu is of */
  VaiTable *table;     /* nullable */
  GArray *rows;        /* nullable */
  char *search;        /* nullable */
  int sort;
  gboolean descending;
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
  g_clear_handle_id (&self->follow_id, g_source_remove);
  if (self->view != NULL)
    gtk_list_view_set_model (self->view, NULL);
  self->view = NULL;
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->copied);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  g_clear_pointer (&self->table, vai_table_unref);
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->search, g_free);
  G_OBJECT_CLASS (vai_table_view_parent_class)->dispose (object);
}

static void
show_line (VaiCellRow *row, VaiTableRow *item)
{
  vai_cell_row_set_item (row, item);
  g_autofree char *words = vai_cell_row_dup_words (row);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (GTK_WIDGET (row))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
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

/* A reader of the screen is told what stands in the lines now, of those that stay. */
static void
renew_lines (VaiTableView *self)
{
  for (GtkWidget *line = gtk_widget_get_first_child (GTK_WIDGET (self->view)); line != NULL;
       line = gtk_widget_get_next_sibling (line))
    {
      GtkWidget *row = gtk_widget_get_first_child (line);
      if (VAI_IS_CELL_ROW (row) && vai_cell_row_get_item (VAI_CELL_ROW (row)) != NULL)
        show_line (VAI_CELL_ROW (row), vai_cell_row_get_item (VAI_CELL_ROW (row)));
    }
}

static void
show_rows (VaiTableView *self, GArray *rows)
{
  /* What was selected is another row now. */
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  g_clear_object (&self->copied);
  vai_table_model_set (self->model, self->table != NULL ? self->table->n_rows : 0, rows);
  renew_lines (self);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller)), 0);
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

/* Titles. */

static void
show_order (VaiTableView *self)
{
  guint index = 0;

  for (GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (self->titles)); button != NULL;
       button = gtk_widget_get_next_sibling (button), index++)
    {
      GtkWidget *arrow = gtk_widget_get_last_child (gtk_button_get_child (GTK_BUTTON (button)));
      gtk_widget_set_visible (arrow, (int) index == self->sort);
      gtk_image_set_from_icon_name (GTK_IMAGE (arrow), self->descending ? "pan-down-symbolic" : "pan-up-symbolic");
    }
}

/* Up, down, and as they stand. */
static void
title_clicked_cb (GtkButton *button, VaiTableView *self)
{
  int column = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "vai-column"));

  if (self->sort != column)
    {
      self->sort = column;
      self->descending = FALSE;
    }
  else if (!self->descending)
    self->descending = TRUE;
  else
    self->sort = -1;
  show_order (self);
  query (self);
}

static void
add_title (VaiTableView *self, guint index)
{
  const char *name = vai_table_column (self->table, index)->name;
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 2);
  GtkWidget *label = gtk_label_new (name);
  GtkWidget *arrow = gtk_image_new ();
  g_autofree char *said = g_strdup_printf (_ ("Order by “%s”"), name);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), self->grid.right[index] ? 1 : 0);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 1);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_visible (arrow, FALSE);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), arrow);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_size_request (button, self->grid.x[index + 1] - self->grid.x[index], -1);
  gtk_widget_set_tooltip_text (button, said);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, said, -1);
  g_object_set_data (G_OBJECT (button), "vai-column", GINT_TO_POINTER (index));
  g_signal_connect_object (button, "clicked", G_CALLBACK (title_clicked_cb), self, 0);
  gtk_box_append (self->titles, button);
}

static void
make_titles (VaiTableView *self)
{
  for (GtkWidget *child; (child = gtk_widget_get_first_child (GTK_WIDGET (self->titles))) != NULL;)
    gtk_box_remove (self->titles, child);
  self->grid.n = self->table != NULL ? MIN (self->table->columns->len, VAI_CELLS_MAX) : 0;
  for (guint i = 0; i < self->grid.n; i++)
    {
      self->grid.right[i] = vai_table_column (self->table, i)->type == VAI_TYPE_NUMBER;
      self->grid.x[i + 1] = self->grid.x[i] + (self->grid.right[i] ? NUMBER_WIDTH : TEXT_WIDTH);
      add_title (self, i);
    }
}

/* Rows. */

static char *
dup_cell (gpointer item, guint column, gpointer user_data)
{
  VaiTableView *self = user_data;
  gsize row;

  if (self->table == NULL || column >= self->table->columns->len || !vai_table_row_get_index (item, &row))
    return NULL;
  if (row >= self->table->n_rows)
    return NULL;
  return vai_column_dup_shown (vai_table_column (self->table, column), row);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, VaiTableView *self)
{
  gtk_list_item_set_child (list_item, vai_cell_row_new (&self->grid));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, VaiTableView *self)
{
  show_line (VAI_CELL_ROW (gtk_list_item_get_child (list_item)), gtk_list_item_get_item (list_item));
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, VaiTableView *self)
{
  vai_cell_row_set_item (VAI_CELL_ROW (gtk_list_item_get_child (list_item)), NULL);
}

/* Not from within an allocation, in which the rows scroll too. */
static gboolean
follow_cb (gpointer user_data)
{
  VaiTableView *self = VAI_TABLE_VIEW (user_data);

  self->follow_id = 0;
  gtk_adjustment_set_value (
      gtk_scrolled_window_get_hadjustment (self->titles_scroller),
      gtk_adjustment_get_value (gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->scroller))));
  return G_SOURCE_REMOVE;
}

static void
scrolled_cb (VaiTableView *self)
{
  if (self->follow_id == 0 && self->view != NULL)
    self->follow_id = g_idle_add (follow_cb, self);
  if (self->view != NULL)
    vai_cell_rows_redraw (GTK_WIDGET (self->view));
}

/* Copying: a row with Ctrl+C, a cell from the menu. */

static void
copy_row (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiTableView *self = VAI_TABLE_VIEW (widget);
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->copied == NULL || self->table == NULL)
    {
      gtk_widget_error_bell (widget);
      return;
    }
  for (guint i = 0; i < self->table->columns->len; i++)
    {
      g_autofree char *cell = dup_cell (self->copied, i, self);
      g_string_append_printf (text, "%s%s", i > 0 ? "\t" : "", cell != NULL ? cell : "");
    }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text->str);
}

static void
copy_selected (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiTableView *self = VAI_TABLE_VIEW (widget);

  g_set_object (&self->copied, gtk_single_selection_get_selected_item (self->selection));
  copy_row (widget, action, parameter);
}

static void
copy_cell (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiTableView *self = VAI_TABLE_VIEW (widget);
  g_autofree char *text = self->copied != NULL ? dup_cell (self->copied, g_variant_get_uint32 (parameter), self) : NULL;

  if (text != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
add_cell (VaiTableView *self, GMenu *menu, guint column)
{
  g_autofree char *label = g_strdup_printf (_ ("Copy “%s”"), vai_table_column (self->table, column)->name);
  g_autofree char *action = g_strdup_printf ("table.copy-cell(uint32 %u)", column);
  g_auto (GStrv) words = g_strsplit (label, "_", -1);
  g_autofree char *plain = g_strjoinv ("__", words);

  g_menu_append (menu, plain, action);
}

/* @column < 0: any of them, chosen in the menu. */
static void
show_menu (VaiTableView *self, VaiTableRow *row, int column, double x, double y)
{
  g_autoptr (GMenu) menu = g_menu_new (), cells = g_menu_new ();
  GdkRectangle at = { (int) x, (int) y, 1, 1 };

  g_set_object (&self->copied, row);
  if (column >= 0)
    add_cell (self, menu, (guint) column);
  g_menu_append (menu, _ ("Copy Row"), "table.copy-row");
  for (guint i = 0; column < 0 && i < self->grid.n; i++)
    add_cell (self, cells, i);
  if (column < 0)
    g_menu_append_section (menu, NULL, G_MENU_MODEL (cells));
  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->menu), G_MENU_MODEL (menu));
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &at);
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
pressed_cb (VaiTableView *self, int n_press, double x, double y)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self->view), x, y, GTK_PICK_DEFAULT);
  GtkWidget *row = picked;
  double row_x, row_y, menu_x, menu_y;
  guint column = 0;

  if (picked != NULL && !VAI_IS_CELL_ROW (picked))
    row = gtk_widget_get_first_child (picked);
  if (row == NULL || !VAI_IS_CELL_ROW (row) || vai_cell_row_get_item (VAI_CELL_ROW (row)) == NULL)
    return;
  gtk_widget_translate_coordinates (GTK_WIDGET (self->view), row, x, y, &row_x, &row_y);
  gtk_widget_translate_coordinates (GTK_WIDGET (self->view), GTK_WIDGET (self), x, y, &menu_x, &menu_y);
  while (column + 1 < self->grid.n && row_x >= self->grid.x[column + 1])
    column++;
  show_menu (self, vai_cell_row_get_item (VAI_CELL_ROW (row)), (int) column, menu_x, menu_y);
}

static void
menu_key (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiTableView *self = VAI_TABLE_VIEW (widget);
  VaiTableRow *row = gtk_single_selection_get_selected_item (self->selection);

  if (row != NULL)
    show_menu (self, row, -1, gtk_widget_get_width (widget) / 2.0, gtk_widget_get_height (widget) / 2.0);
  else
    gtk_widget_error_bell (widget);
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
  gtk_widget_class_install_action (widget_class, "table.copy", NULL, copy_selected);
  gtk_widget_class_install_action (widget_class, "table.copy-row", NULL, copy_row);
  gtk_widget_class_install_action (widget_class, "table.copy-cell", "u", copy_cell);
  gtk_widget_class_install_action (widget_class, "table.menu", NULL, menu_key);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "table.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "table.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "table.menu", NULL);
}

static void
make_view (VaiTableView *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *titles = gtk_scrolled_window_new ();

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  self->view = GTK_LIST_VIEW (gtk_list_view_new (g_object_ref (GTK_SELECTION_MODEL (self->selection)), factory));
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "table-rows");
  vai_leave_list_by_tab (GTK_WIDGET (self->view));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Rows"), -1);
  self->scroller = gtk_scrolled_window_new ();
  gtk_widget_set_vexpand (self->scroller, TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), GTK_WIDGET (self->view));
  self->titles = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  gtk_widget_add_css_class (GTK_WIDGET (self->titles), "table-titles");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (titles), GTK_POLICY_EXTERNAL, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (titles), GTK_WIDGET (self->titles));
  GtkAdjustment *across = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->scroller));
  GtkAdjustment *down = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller));
  self->titles_scroller = GTK_SCROLLED_WINDOW (titles);
  g_signal_connect_object (across, "value-changed", G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (down, "value-changed", G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (across, "changed", G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (down, "changed", G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (self->box), titles);
  gtk_box_append (GTK_BOX (self->box), self->scroller);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->menu = gtk_popover_menu_new_from_model (NULL);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  GtkGesture *press = gtk_gesture_click_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (press), GDK_BUTTON_SECONDARY);
  g_signal_connect_swapped (press, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->view), GTK_EVENT_CONTROLLER (press));
  self->grid = (VaiCellGrid){ .scroller = self->scroller, .text = dup_cell, .user_data = self };
}

static void
vai_table_view_init (VaiTableView *self)
{
  self->sort = -1;
  self->model = vai_table_model_new ();
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->model)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  make_view (self);
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
  g_clear_object (&self->copied);
  vai_table_model_set (self->model, 0, NULL);
  if (rows != NULL)
    g_array_ref (rows);
  g_clear_pointer (&self->rows, g_array_unref);
  self->rows = rows;
  if (!same)
    {
      self->sort = -1;
      g_clear_pointer (&self->table, vai_table_unref);
      self->table = table != NULL ? vai_table_ref (table) : NULL;
      make_titles (self);
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
