#include "vai-sidebar.h"

#include "vai-task-row.h"

#include <glib/gi18n-lib.h>

struct _VaiSidebar
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkListBox *pages;
  GtkListBox *tasks;
  GtkMenuButton *menu_button;
  gboolean selecting;
};

G_DEFINE_TYPE (VaiSidebar, vai_sidebar, GTK_TYPE_WIDGET)

static const char *const page_names[] = { "dashboard", "data", "models", "scoring", "reports", NULL };
static const char *const page_icons[] = { "vai-dashboard-symbolic", "vai-data-symbolic", "vai-model-symbolic",
                                          "vai-scoring-symbolic", "vai-report-symbolic" };

/* Titles of the sidebar, in the order of page_names. */
static const char *
page_title (guint page)
{
  const char *const titles[] = { _ ("Dashboard"), _ ("Data"), _ ("Models"), _ ("Scoring"), _ ("Reports") };

  return titles[page];
}

const char *const *
vai_sidebar_page_names (void)
{
  return page_names;
}

static void
add_page (VaiSidebar *self, guint page)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *icon = gtk_image_new_from_icon_name (page_icons[page]);
  GtkWidget *label = gtk_label_new (page_title (page));
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, page_title (page), -1);
  gtk_list_box_append (self->pages, row);
}

static void
page_activated_cb (VaiSidebar *self, GtkListBoxRow *row)
{
  int page = gtk_list_box_row_get_index (row);

  if (!self->selecting)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-page", "s", page_names[page]);
}

static void
task_activated_cb (VaiSidebar *self, GtkListBoxRow *row)
{
  VaiTask *task = vai_task_row_get_task (VAI_TASK_ROW (row));

  if (vai_task_get_page (task) != NULL)
    {
      const char *target = vai_task_get_target (task);
      gtk_widget_activate_action (GTK_WIDGET (self), "win.show-object", "(ss)", vai_task_get_page (task),
                                  target != NULL ? target : "");
    }
}

static GtkWidget *
create_task_row (gpointer item, gpointer user_data)
{
  return vai_task_row_new (VAI_TASK (item), user_data);
}

void
vai_sidebar_attach (VaiSidebar *self, VaiWorkspace *workspace)
{
  g_return_if_fail (VAI_IS_SIDEBAR (self));

  gtk_list_box_bind_model (self->tasks, vai_workspace_get_tasks (workspace), create_task_row, g_object_ref (workspace),
                           g_object_unref);
}

void
vai_sidebar_select (VaiSidebar *self, const char *page)
{
  g_return_if_fail (VAI_IS_SIDEBAR (self));

  self->selecting = TRUE;
  for (int i = 0; page_names[i] != NULL; i++)
    if (g_str_equal (page_names[i], page))
      gtk_list_box_select_row (self->pages, gtk_list_box_get_row_at_index (self->pages, i));
  self->selecting = FALSE;
}

static void
vai_sidebar_dispose (GObject *object)
{
  VaiSidebar *self = VAI_SIDEBAR (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_SIDEBAR);
  G_OBJECT_CLASS (vai_sidebar_parent_class)->dispose (object);
}

static void
vai_sidebar_class_init (VaiSidebarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_sidebar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, VaiSidebar, box);
  gtk_widget_class_bind_template_child (widget_class, VaiSidebar, pages);
  gtk_widget_class_bind_template_child (widget_class, VaiSidebar, tasks);
  gtk_widget_class_bind_template_child (widget_class, VaiSidebar, menu_button);
  gtk_widget_class_bind_template_callback (widget_class, page_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, task_activated_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
vai_sidebar_init (VaiSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; page_names[i] != NULL; i++)
    add_page (self, i);
  /* A child that expands would make the whole sidebar do so. */
  gtk_widget_set_hexpand (GTK_WIDGET (self), FALSE);
}
