#include "vai-compat.h"
#include "vai-training-wizard.h"
#include "vai-window-private.h"

#include <glib/gi18n-lib.h>

/* What was to be done when the person was asked. */
typedef struct
{
  VaiWindow *window; /* a reference */
  char *action;
  GVariant *parameter; /* nullable */
} Then;

static void
then_free (gpointer data)
{
  Then *self = data;

  g_object_unref (self->window);
  g_free (self->action);
  g_clear_pointer (&self->parameter, g_variant_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Then, then_free)

static gboolean
then_cb (gpointer user_data)
{
  const Then *then = user_data;

  if (then->window->workspace != NULL)
    gtk_widget_activate_action_variant (GTK_WIDGET (then->window), then->action, then->parameter);
  return G_SOURCE_REMOVE;
}

/* The dialog goes first: it knows its parent to the last. */
static void
left_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Then) then = user_data;
  VaiWindow *self = VAI_WINDOW (source);

  if (!vai_confirm_finish (result) || self->workspace == NULL)
    return;
  vai_window_close_wizard (self);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, then_cb, g_steal_pointer (&then), then_free);
}

gboolean
vai_window_ask_first (VaiWindow *self, const char *action, GVariant *parameter)
{
  if (self->wizard == NULL || !vai_page_holds_work (self->wizard))
    return FALSE;
  Then *then = g_new0 (Then, 1);
  *then = (Then){ g_object_ref (self), g_strdup (action), parameter != NULL ? g_variant_ref (parameter) : NULL };
  vai_confirm_async (GTK_WIDGET (self), _ ("Leave without finishing?"), _ ("What you said here is then lost."),
                     _ ("_Leave"), left_cb, then);
  return TRUE;
}

static void
show_page (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (vai_window_ask_first (VAI_WINDOW (widget), action, parameter))
    return;
  vai_window_show_page (VAI_WINDOW (widget), g_variant_get_string (parameter, NULL), NULL);
}

/* Back to a training that was left; FALSE when it is over. */
static gboolean
show_training (VaiWindow *self, const char *target)
{
  GListModel *tasks = vai_workspace_get_tasks (self->workspace);

  for (guint i = 0; i < g_list_model_get_n_items (tasks); i++)
    {
      g_autoptr (VaiTask) task = g_list_model_get_item (tasks, i);
      if (g_strcmp0 (vai_task_get_page (task), "training") != 0 || g_strcmp0 (vai_task_get_target (task), target) != 0)
        continue;
      vai_window_open_wizard (self, vai_training_wizard_new_for_task (task));
      return TRUE;
    }
  return FALSE;
}

/* (page, target); the page "training" is the wizard, its target a task's. */
static void
show_object (GtkWidget *widget, const char *action, GVariant *parameter)
{
  const char *page, *target;

  g_variant_get (parameter, "(&s&s)", &page, &target);
  if (g_str_equal (page, "training") && show_training (VAI_WINDOW (widget), target))
    return;
  vai_window_show_page (VAI_WINDOW (widget), page, target);
}

static void
show_sidebar (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiWindow *self = VAI_WINDOW (widget);

  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->sidebar));
  gtk_widget_child_focus (GTK_WIDGET (self->sidebar), GTK_DIR_TAB_FORWARD);
}

static void
toggle_sidebar (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiWindow *self = VAI_WINDOW (widget);

  if (self->compact)
    {
      show_sidebar (widget, action, NULL);
      return;
    }
  self->show_sidebar = !self->show_sidebar;
  g_settings_set_boolean (self->settings, "show-sidebar", self->show_sidebar);
  gtk_widget_set_visible (GTK_WIDGET (self->sidebar), self->show_sidebar);
  gtk_widget_set_visible (GTK_WIDGET (self->separator), self->show_sidebar);
}

static void
import (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (!vai_window_ask_first (VAI_WINDOW (widget), action, parameter))
    vai_window_import (VAI_WINDOW (widget));
}

/* What was copied in a spreadsheet. */
static void
import_pasted (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiWindow *self = VAI_WINDOW (widget);

  if (vai_window_ask_first (self, action, parameter))
    return;
  vai_window_import (self);
  if (self->wizard != NULL)
    vai_page_act (self->wizard, "paste");
}

/* A path or URI. */
static void
import_file (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (g_variant_get_string (parameter, NULL));

  vai_window_open_files (VAI_WINDOW (widget), &file, 1);
}

/* The id of a dataset, or "" to ask. */
static void
train (GtkWidget *widget, const char *action, GVariant *parameter)
{
  const char *dataset_id = g_variant_get_string (parameter, NULL);

  if (vai_window_ask_first (VAI_WINDOW (widget), action, parameter))
    return;
  vai_window_open_wizard (VAI_WINDOW (widget), vai_training_wizard_new (*dataset_id != '\0' ? dataset_id : NULL));
}

static void
score_quote (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (!vai_window_ask_first (VAI_WINDOW (widget), action, parameter))
    vai_window_show_page (VAI_WINDOW (widget), "scoring", "new");
}

static void
back_up (GtkWidget *widget, const char *action, GVariant *parameter)
{
  vai_window_back_up (VAI_WINDOW (widget));
}

static void
check (GtkWidget *widget, const char *action, GVariant *parameter)
{
  vai_window_check (VAI_WINDOW (widget));
}

static void
close_wizard (GtkWidget *widget, const char *action, GVariant *parameter)
{
  vai_window_close_wizard (VAI_WINDOW (widget));
}

/* Escape, and the button of the wizard. */
static void
cancel (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiWindow *self = VAI_WINDOW (widget);

  if (!vai_page_act (self->wizard, "cancel") && !vai_window_ask_first (self, "win.close-wizard", NULL))
    vai_window_close_wizard (self);
}

static void
back (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiWindow *self = VAI_WINDOW (widget);
  VaiPage *page = vai_window_get_page (self);

  if (page == NULL || vai_page_back (page))
    return;
  if (self->wizard != NULL)
    vai_window_close_wizard (self);
  else if (self->compact)
    show_sidebar (widget, action, NULL);
  else
    gtk_widget_error_bell (widget);
}

/* The keys of the window come before those of its widgets. FALSE when nothing is written that could be taken back. */
static gboolean
undo_writing (GtkWidget *focus)
{
  g_autofree char *before = GTK_IS_TEXT (focus) ? g_strdup (gtk_editable_get_text (GTK_EDITABLE (focus))) : NULL;

  if (GTK_IS_TEXT_VIEW (focus) && gtk_text_buffer_get_can_undo (gtk_text_view_get_buffer (GTK_TEXT_VIEW (focus))))
    return gtk_widget_activate_action (focus, "text.undo", NULL);
  return before != NULL && gtk_widget_activate_action (focus, "text.undo", NULL)
         && !g_str_equal (before, gtk_editable_get_text (GTK_EDITABLE (focus)));
}

static void
undo (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (!undo_writing (gtk_root_get_focus (GTK_ROOT (widget))))
    vai_window_undo (VAI_WINDOW (widget));
}

/* "win.search" and its like: what the page in view makes of it. */
static void
act (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiPage *page = vai_window_get_page (VAI_WINDOW (widget));

  if (page != NULL && !vai_page_act (page, action + strlen ("win.")))
    gtk_widget_error_bell (widget);
}

static const char *const page_acts[]
    = { "win.search", "win.save", "win.print", "win.export", "win.try", "win.lock", "win.record" };

void
vai_window_update_actions (VaiWindow *self)
{
  gboolean open = vai_workspace_get_store (self->workspace) != NULL;
  gboolean page = vai_window_get_page (self) != NULL;
  gboolean sidebar = page && self->wizard == NULL;
  const char *const need_workspace[]
      = { "win.show-page", "win.show-object", "win.train", "win.score-quote", "win.back-up", "win.check" };

  for (guint i = 0; i < G_N_ELEMENTS (need_workspace); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), need_workspace[i], open);
  for (guint i = 0; i < G_N_ELEMENTS (page_acts); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), page_acts[i], page);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.back", page);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.close-wizard", self->wizard != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.cancel", self->wizard != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.show-sidebar", sidebar);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.toggle-sidebar", sidebar);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo", !g_queue_is_empty (&self->undos));
}

void
vai_window_class_install_actions (VaiWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_install_action (widget_class, "win.show-page", "s", show_page);
  gtk_widget_class_install_action (widget_class, "win.show-object", "(ss)", show_object);
  gtk_widget_class_install_action (widget_class, "win.show-sidebar", NULL, show_sidebar);
  gtk_widget_class_install_action (widget_class, "win.toggle-sidebar", NULL, toggle_sidebar);
  gtk_widget_class_install_action (widget_class, "win.import", NULL, import);
  gtk_widget_class_install_action (widget_class, "win.import-pasted", NULL, import_pasted);
  gtk_widget_class_install_action (widget_class, "win.import-file", "s", import_file);
  gtk_widget_class_install_action (widget_class, "win.train", "s", train);
  gtk_widget_class_install_action (widget_class, "win.score-quote", NULL, score_quote);
  gtk_widget_class_install_action (widget_class, "win.back-up", NULL, back_up);
  gtk_widget_class_install_action (widget_class, "win.check", NULL, check);
  gtk_widget_class_install_action (widget_class, "win.close-wizard", NULL, close_wizard);
  gtk_widget_class_install_action (widget_class, "win.cancel", NULL, cancel);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.cancel", NULL);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo);
  for (guint i = 0; i < G_N_ELEMENTS (page_acts); i++)
    gtk_widget_class_install_action (widget_class, page_acts[i], NULL, act);
}
