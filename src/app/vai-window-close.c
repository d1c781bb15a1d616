/* Closing the window while something runs: go back, wait for the end out of sight, or stop it here. */
#include "vai-window-private.h"

#include "vai-compat.h"

#include <glib/gi18n-lib.h>

/* Titles in the dialog; of more it says how many. */
#define TITLES_MAX 3

/* Titles of what runs or waits; NULL when nothing does. Free with g_free(). */
static char *
dup_running (VaiWindow *self)
{
  GListModel *tasks = vai_workspace_get_tasks (self->workspace);
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (tasks); i++)
    {
      g_autoptr (VaiTask) task = g_list_model_get_item (tasks, i);
      if (!vai_task_is_active (task) || vai_task_get_state (task) == VAI_TASK_CANCELLING)
        continue;
      if (n++ < TITLES_MAX)
        g_string_append_printf (text, "%s\n", vai_task_get_title (task));
    }
  if (n > TITLES_MAX)
    g_string_append_printf (text, ngettext ("and %u more\n", "and %u more\n", n - TITLES_MAX), n - TITLES_MAX);
  return n > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

void
vai_window_close_when_done (VaiWindow *self)
{
  g_autofree char *running = self->ends_when_done ? dup_running (self) : NULL;

  /* Who was called back meanwhile stays. */
  if (!self->ends_when_done || running != NULL || gtk_widget_get_visible (GTK_WIDGET (self)))
    return;
  gtk_window_close (GTK_WINDOW (self));
}

static gboolean
close_cb (gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (user_data));
  return G_SOURCE_REMOVE;
}

/* It may have ended while the person read. */
static gboolean
done_cb (gpointer user_data)
{
  vai_window_close_when_done (VAI_WINDOW (user_data));
  return G_SOURCE_REMOVE;
}

static void
answered_cb (VaiWindow *self, const char *response)
{
  self->asking_to_leave = FALSE;
  self->leaving = g_str_equal (response, "now");
  self->ends_when_done = g_str_equal (response, "wait");
  /* The dialog goes first: it knows its parent to the last. */
  if (self->leaving)
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, close_cb, g_object_ref (self), g_object_unref);
  else if (self->ends_when_done)
    {
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
      g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, done_cb, g_object_ref (self), g_object_unref);
    }
}

static void
ask (VaiWindow *self, const char *running)
{
  g_autofree char *body
      = g_strdup_printf ("%s\n%s", running, _ ("If you quit now it stops, and is offered again at the next start."));
  AdwMessageDialog *dialog
      = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (self), _ ("Something is still running"), body));

  adw_message_dialog_add_responses (dialog, "cancel", _ ("Go _Back"), "now", _ ("_Quit Now"), "wait",
                                    _ ("_Finish, Then Quit"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "now", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (dialog, "wait", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "wait");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  vai_name_buttons (GTK_WIDGET (dialog));
  self->asking_to_leave = TRUE;
  gtk_window_present (GTK_WINDOW (dialog));
}

gboolean
vai_window_may_close (VaiWindow *self)
{
  g_autofree char *running = self->leaving ? NULL : dup_running (self);

  if (vai_window_ask_first (self, "window.close", NULL))
    return FALSE;
  if (running == NULL)
    return TRUE;
  if (!self->asking_to_leave)
    ask (self, running);
  return FALSE;
}
