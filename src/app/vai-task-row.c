#include "vai-task-row.h"

#include "vai-format.h"

#include <glib/gi18n-lib.h>

struct _VaiTaskRow
{
  GtkListBoxRow parent_instance;

  VaiTask *task;
  VaiWorkspace *workspace;
  GtkWidget *percent, *message, *bar, *stop;
};

G_DEFINE_TYPE (VaiTaskRow, vai_task_row, GTK_TYPE_LIST_BOX_ROW)

static void
vai_task_row_dispose (GObject *object)
{
  VaiTaskRow *self = VAI_TASK_ROW (object);

  g_clear_object (&self->task);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (vai_task_row_parent_class)->dispose (object);
}

static void
vai_task_row_class_init (VaiTaskRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = vai_task_row_dispose;
}

static GtkWidget *
small_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 1);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
stop_cb (VaiTaskRow *self)
{
  if (vai_task_is_active (self->task))
    vai_task_cancel (self->task);
  else
    vai_workspace_dismiss_task (self->workspace, self->task);
}

static void
vai_task_row_init (VaiTaskRow *self)
{
}

static void
build (VaiTaskRow *self)
{
  GtkWidget *grid = gtk_grid_new ();
  GtkWidget *title = small_label ("heading");

  /* The name of the data is at its end: two lines of it are worth their place. */
  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_label_set_lines (GTK_LABEL (title), 2);
  gtk_label_set_label (GTK_LABEL (title), vai_task_get_title (self->task));
  gtk_widget_set_tooltip_text (title, vai_task_get_title (self->task));
  self->percent = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->percent, "numeric");
  self->message = small_label ("caption");
  self->bar = gtk_progress_bar_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  vai_task_get_title (self->task), -1);
  self->stop = gtk_button_new_from_icon_name ("window-close-symbolic");
  gtk_widget_add_css_class (self->stop, "flat");
  gtk_widget_set_valign (self->stop, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->stop, "clicked", G_CALLBACK (stop_cb), self);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 6);
  gtk_grid_attach (GTK_GRID (grid), title, 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), self->percent, 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), self->bar, 0, 1, 2, 1);
  gtk_grid_attach (GTK_GRID (grid), self->message, 0, 2, 2, 1);
  gtk_grid_attach (GTK_GRID (grid), self->stop, 2, 0, 1, 3);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), grid);
}

static void
update_cb (VaiTaskRow *self)
{
  gboolean active = vai_task_is_active (self->task);
  const GError *error = vai_task_get_error (self->task);
  g_autofree char *percent = vai_format_percent (vai_task_get_fraction (self->task));
  const char *message = vai_task_get_state (self->task) == VAI_TASK_QUEUED ? _ ("Waits for its turn")
                        : error != NULL                                    ? error->message
                                                                           : vai_task_get_message (self->task);
  g_autofree char *stop
      = g_strdup_printf (active ? _ ("Stop: %s") : _ ("Dismiss: %s"), vai_task_get_title (self->task));
  g_autofree char *label = g_strdup_printf ("%s, %s", vai_task_get_title (self->task), percent);

  gtk_label_set_label (GTK_LABEL (self->percent), active ? percent : "");
  gtk_label_set_label (GTK_LABEL (self->message), message);
  gtk_widget_set_tooltip_text (self->message, message);
  gtk_widget_set_visible (self->bar, active);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar), vai_task_get_fraction (self->task));
  gtk_widget_set_sensitive (self->stop, vai_task_get_state (self->task) != VAI_TASK_CANCELLING);
  gtk_widget_set_tooltip_text (self->stop, stop);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->stop), GTK_ACCESSIBLE_PROPERTY_LABEL, stop, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

GtkWidget *
vai_task_row_new (VaiTask *task, VaiWorkspace *workspace)
{
  VaiTaskRow *self = g_object_new (VAI_TYPE_TASK_ROW, NULL);

  self->task = g_object_ref (task);
  self->workspace = g_object_ref (workspace);
  build (self);
  g_signal_connect_object (task, "notify", G_CALLBACK (update_cb), self, G_CONNECT_SWAPPED);
  update_cb (self);
  return GTK_WIDGET (self);
}

VaiTask *
vai_task_row_get_task (VaiTaskRow *self)
{
  g_return_val_if_fail (VAI_IS_TASK_ROW (self), NULL);
  return self->task;
}
