#include "vai-window-private.h"

#include "vai-config.h"
#include "vai-dashboard-page.h"
#include "vai-data-page.h"
#include "vai-error.h"
#include "vai-import-wizard.h"
#include "vai-loop-trace.h"
#include "vai-models-page.h"
#include "vai-reports-page.h"
#include "vai-sample.h"
#include "vai-scoring-page.h"
#include "vai-welcome-page.h"

#include <glib/gi18n-lib.h>

/* Below it there is no room for the sidebar beside a page. */
#define COMPACT_WIDTH 860

G_DEFINE_FINAL_TYPE (VaiWindow, vai_window, ADW_TYPE_APPLICATION_WINDOW)

enum
{
  PROP_0,
  PROP_COMPACT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
vai_window_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_COMPACT)
    g_value_set_boolean (value, VAI_WINDOW (object)->compact);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

/* Layout. */

static void
update_sidebar (VaiWindow *self)
{
  gboolean visible = self->compact || self->show_sidebar;

  gtk_widget_set_visible (GTK_WIDGET (self->sidebar), visible);
  gtk_widget_set_visible (GTK_WIDGET (self->separator), visible);
  adw_leaflet_set_can_unfold (self->leaflet, !self->compact);
}

/* Changing the layout from within an allocation would not be seen. */
static gboolean
compact_cb (gpointer user_data)
{
  VaiWindow *self = VAI_WINDOW (user_data);

  self->compact_id = 0;
  self->compact = gtk_widget_get_width (GTK_WIDGET (self)) < COMPACT_WIDTH;
  update_sidebar (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPACT]);
  return G_SOURCE_REMOVE;
}

static void
vai_window_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  VaiWindow *self = VAI_WINDOW (widget);

  GTK_WIDGET_CLASS (vai_window_parent_class)->size_allocate (widget, width, height, baseline);
  if ((width < COMPACT_WIDTH) != self->compact && self->compact_id == 0)
    self->compact_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, compact_cb, self, NULL);
}

/* Pages. */

/* A page is made when it is first shown: the first frame need not wait for those that are not. NULL for a name that is
 * none. */
static GtkWidget *
get_page (VaiWindow *self, const char *name)
{
  const struct
  {
    const char *name;
    GType type;
  } kinds[] = {
    { "dashboard", VAI_TYPE_DASHBOARD_PAGE }, { "data", VAI_TYPE_DATA_PAGE },       { "models", VAI_TYPE_MODELS_PAGE },
    { "scoring", VAI_TYPE_SCORING_PAGE },     { "reports", VAI_TYPE_REPORTS_PAGE },
  };
  GtkWidget *page = gtk_stack_get_child_by_name (self->pages, name);

  for (guint i = 0; page == NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].name, name))
      {
        page = g_object_new (kinds[i].type, NULL);
        g_object_bind_property (self, "compact", page, "compact", G_BINDING_SYNC_CREATE);
        gtk_stack_add_named (self->pages, page, name);
        vai_page_attach (VAI_PAGE (page), self->workspace);
      }
  return page;
}

VaiPage *
vai_window_get_page (VaiWindow *self)
{
  const char *view = gtk_stack_get_visible_child_name (self->views);

  if (self->wizard != NULL && gtk_stack_get_visible_child (self->views) == GTK_WIDGET (self->wizard))
    return self->wizard;
  GtkWidget *page = g_strcmp0 (view, "work") == 0 ? gtk_stack_get_visible_child (self->pages) : NULL;
  return VAI_IS_PAGE (page) ? VAI_PAGE (page) : NULL;
}

void
vai_window_show_page (VaiWindow *self, const char *name, const char *target)
{
  g_return_if_fail (VAI_IS_WINDOW (self));

  GtkWidget *page = vai_workspace_get_store (self->workspace) != NULL ? get_page (self, name) : NULL;
  if (page == NULL)
    return;
  vai_window_close_wizard (self);
  gtk_stack_set_visible_child (self->pages, page);
  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->content));
  vai_sidebar_select (self->sidebar, name);
  g_settings_set_string (self->settings, "page", name);
  vai_page_open (VAI_PAGE (page), target != NULL && *target != '\0' ? target : NULL);
  vai_window_update_actions (self);
}

void
vai_window_open_wizard (VaiWindow *self, VaiPage *wizard)
{
  g_return_if_fail (VAI_IS_WINDOW (self));
  g_return_if_fail (VAI_IS_PAGE (wizard));

  vai_window_close_wizard (self);
  self->wizard = wizard;
  g_object_bind_property (self, "compact", wizard, "compact", G_BINDING_SYNC_CREATE);
  vai_page_attach (wizard, self->workspace);
  gtk_stack_add_child (self->views, GTK_WIDGET (wizard));
  gtk_stack_set_visible_child (self->views, GTK_WIDGET (wizard));
  vai_page_open (wizard, NULL);
  vai_window_update_actions (self);
}

static gboolean
remove_wizard_cb (gpointer user_data)
{
  GtkWidget *wizard = user_data;
  GtkWidget *stack = gtk_widget_get_parent (wizard);

  if (GTK_IS_STACK (stack) && vai_page_shed (VAI_PAGE (wizard)))
    return G_SOURCE_CONTINUE;
  if (GTK_IS_STACK (stack))
    gtk_stack_remove (GTK_STACK (stack), wizard);
  return G_SOURCE_REMOVE;
}

void
vai_window_close_wizard (VaiWindow *self)
{
  g_return_if_fail (VAI_IS_WINDOW (self));

  if (self->wizard == NULL)
    return;
  GtkWidget *wizard = GTK_WIDGET (g_steal_pointer (&self->wizard));
  vai_window_withdraw_undo (wizard);
  gtk_stack_set_visible_child_name (self->views, "work");
  /* It is gone from sight at once; to take it apart takes as long as to make it, and is left for later turns. */
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, remove_wizard_cb, g_object_ref (wizard), g_object_unref);
  vai_window_update_actions (self);
  vai_window_offer_files (self);
}

void
vai_window_import (VaiWindow *self)
{
  g_return_if_fail (VAI_IS_WINDOW (self));

  if (vai_workspace_get_store (self->workspace) == NULL)
    vai_window_begin (self, VAI_BEGIN_IMPORT);
  else
    vai_window_open_wizard (self, vai_import_wizard_new (NULL));
}

VaiWorkspace *
vai_window_get_workspace (VaiWindow *self)
{
  g_return_val_if_fail (VAI_IS_WINDOW (self), NULL);
  return self->workspace;
}

/* The workspace. */

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiWindow) self = VAI_WINDOW (user_data);
  g_autoptr (GError) error = NULL;
  gboolean opened = vai_workspace_open_finish (VAI_WORKSPACE (source), result, &error);

  /* The window was closed meanwhile. */
  if (self->workspace == NULL)
    return;
  if (!opened)
    {
      self->opening = FALSE;
      vai_window_show_open_error (self, error);
      return;
    }
  g_autofree char *page = g_settings_get_string (self->settings, "page");
  vai_sidebar_attach (self->sidebar, self->workspace);
  gtk_stack_set_visible_child_name (self->views, "work");
  vai_window_show_page (self, page, NULL);
  if (vai_window_get_page (self) == NULL)
    vai_window_show_page (self, "dashboard", NULL);
  vai_window_offer_interrupted (self);
  if (self->beginning == VAI_BEGIN_SAMPLE)
    vai_sample_begin (self->workspace);
  else if (self->beginning == VAI_BEGIN_IMPORT && g_queue_is_empty (&self->files))
    vai_window_import (self);
  vai_window_take_files (self);
}

static void
open_workspace (VaiWindow *self, const char *path)
{
  self->opening = TRUE;
  vai_workspace_open_async (self->workspace, path, NULL, opened_cb, g_object_ref (self));
}

/* A folder that the person chose may be on a disk that is not there now: a new workspace in its place would hide hers.
 * NULL with @error. */
static char *
find_workspace (GError **error)
{
  g_autofree char *path = vai_config_dup_workspace_path (error);
  g_autofree char *folder = path != NULL ? g_path_get_dirname (path) : NULL;
  g_autofree char *usual = g_build_filename (g_get_user_data_dir (), "valutai", NULL);

  if (path == NULL || g_str_equal (folder, usual) || g_file_test (folder, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&path);
  g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND, _ ("The folder “%s” is not there."), folder);
  return NULL;
}

void
vai_window_begin (VaiWindow *self, VaiBeginning beginning)
{
  g_return_if_fail (VAI_IS_WINDOW (self));

  g_autoptr (GError) error = NULL;
  g_autofree char *path = find_workspace (&error);
  self->beginning = beginning;
  if (path == NULL)
    vai_window_show_open_error (self, error);
  else if (!self->opening)
    open_workspace (self, path);
}

static void
show_welcome (VaiWindow *self)
{
  GtkWidget *page = g_object_new (VAI_TYPE_WELCOME_PAGE, NULL);

  g_object_bind_property (self, "compact", page, "compact", G_BINDING_SYNC_CREATE);
  gtk_stack_add_named (self->views, page, "welcome");
  gtk_stack_set_visible_child_name (self->views, "welcome");
  vai_page_open (VAI_PAGE (page), NULL);
}

/* The first frame must not wait for a file. */
static gboolean
first_frame_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  VaiWindow *self = VAI_WINDOW (widget);
  const char *path = user_data;

  if (!self->opening)
    open_workspace (self, path);
  return G_SOURCE_REMOVE;
}

static void
show_first (VaiWindow *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = find_workspace (&error);

  if (path == NULL)
    vai_window_show_open_error (self, error);
  else if (!g_file_test (path, G_FILE_TEST_EXISTS))
    show_welcome (self);
  else
    {
      gtk_stack_set_visible_child_name (self->views, "work");
      gtk_widget_add_tick_callback (GTK_WIDGET (self), first_frame_cb, g_steal_pointer (&path), g_free);
    }
}

static void
task_ended_cb (VaiWindow *self, VaiTask *task)
{
  vai_window_tell_ended (self, task);
  vai_window_close_when_done (self);
}

static void
failed_cb (VaiWindow *self, const GError *error)
{
  vai_window_say (GTK_WIDGET (self), error->message);
}

/* State that is kept. */

static gboolean
vai_window_close_request (GtkWindow *window)
{
  VaiWindow *self = VAI_WINDOW (window);
  int width, height;

  if (!vai_window_may_close (self))
    return TRUE;
  gtk_window_get_default_size (window, &width, &height);
  g_settings_set_boolean (self->settings, "window-maximized", gtk_window_is_maximized (window));
  if (!gtk_window_is_maximized (window))
    {
      g_settings_set_int (self->settings, "window-width", MAX (width, 360));
      g_settings_set_int (self->settings, "window-height", MAX (height, 320));
    }
  return GTK_WINDOW_CLASS (vai_window_parent_class)->close_request (window);
}

static void
restore_state (VaiWindow *self)
{
  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  self->show_sidebar = g_settings_get_boolean (self->settings, "show-sidebar");
  update_sidebar (self);
}

static gboolean
drop_cb (VaiWindow *self, const GValue *value)
{
  if (G_VALUE_HOLDS (value, G_TYPE_FILE))
    {
      GFile *file = g_value_get_object (value);
      vai_window_open_files (self, &file, 1);
      return TRUE;
    }
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));
  g_autoptr (GPtrArray) array = g_ptr_array_new ();
  for (GSList *link = files; link != NULL; link = link->next)
    g_ptr_array_add (array, link->data);
  vai_window_open_files (self, (GFile *const *) array->pdata, array->len);
  return array->len > 0;
}

static void
vai_window_dispose (GObject *object)
{
  VaiWindow *self = VAI_WINDOW (object);

  g_clear_handle_id (&self->compact_id, g_source_remove);
  vai_window_clear_undo (self);
  g_clear_object (&self->said_toast);
  g_clear_object (&self->toast_widgets);
  g_queue_clear_full (&self->files, g_object_unref);
  g_clear_object (&self->settings);
  if (self->workspace != NULL)
    g_signal_handlers_disconnect_by_data (self->workspace, self);
  g_clear_object (&self->workspace);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_WINDOW);
  G_OBJECT_CLASS (vai_window_parent_class)->dispose (object);
}

static void
vai_window_class_init (VaiWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = vai_window_dispose;
  object_class->get_property = vai_window_get_property;
  widget_class->size_allocate = vai_window_size_allocate;
  GTK_WINDOW_CLASS (klass)->close_request = vai_window_close_request;
  properties[PROP_COMPACT]
      = g_param_spec_boolean ("compact", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (VAI_TYPE_SIDEBAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-window.ui");
  gtk_widget_class_bind_template_child (widget_class, VaiWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, VaiWindow, views);
  gtk_widget_class_bind_template_child (widget_class, VaiWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, VaiWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, VaiWindow, separator);
  gtk_widget_class_bind_template_child (widget_class, VaiWindow, content);
  gtk_widget_class_bind_template_child (widget_class, VaiWindow, pages);
  vai_window_class_install_actions (klass);
}

static void
vai_window_init (VaiWindow *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  GType dropped[] = { GDK_TYPE_FILE_LIST, G_TYPE_FILE };

  gtk_drop_target_set_gtypes (drop, dropped, G_N_ELEMENTS (dropped));
  self->settings = g_settings_new ("com.valutai.ValutAI");
  self->workspace = vai_workspace_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  vai_window_name_toasts (self);
  restore_state (self);
  g_signal_connect_swapped (drop, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
  g_signal_connect_swapped (self->workspace, "task-ended", G_CALLBACK (task_ended_cb), self);
  g_signal_connect_swapped (self->workspace, "failed", G_CALLBACK (failed_cb), self);
  show_first (self);
  vai_loop_trace_first_frame (GTK_WIDGET (self));
  vai_window_update_actions (self);
}

VaiWindow *
vai_window_new (GtkApplication *application)
{
  return g_object_new (VAI_TYPE_WINDOW, "application", application, NULL);
}
