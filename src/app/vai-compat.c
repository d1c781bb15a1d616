#include "vai-compat.h"

#include "vai-error.h"

#include <glib/gi18n-lib.h>

static GtkWindow *
window_of (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
picked_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  GFile *file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;

  g_task_return_pointer (task, file, g_object_unref);
  gtk_native_dialog_destroy (dialog);
}

static GtkFileChooserNative *
chooser_new (GtkWidget *parent, const char *title, GtkFileChooserAction action, const char *accept)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, window_of (parent), action, accept, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  return chooser;
}

/* The task holds the chooser, which is not kept by anybody else. */
static void
run_chooser (GtkWidget *parent,
             GtkFileChooserNative *chooser,
             gpointer source_tag,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  GTask *task = g_task_new (parent, NULL, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, chooser, g_object_unref);
  g_signal_connect (chooser, "response", G_CALLBACK (picked_cb), task);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* Files with @endings, called @name, and all others too. */
static void
add_filters (GtkFileChooserNative *chooser, const char *name, const char *const *endings)
{
  g_autoptr (GtkFileFilter) wanted = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (wanted, name);
  for (guint i = 0; endings[i] != NULL; i++)
    gtk_file_filter_add_suffix (wanted, endings[i]);
  gtk_file_filter_set_name (all, _ ("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), wanted);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), all);
}

void
vai_pick_table_async (GtkWidget *parent, const char *title, GAsyncReadyCallback callback, gpointer user_data)
{
  static const char *const endings[] = { "csv", "tsv", "txt", "xlsx", "xls", "ods", "gz", NULL };

  g_return_if_fail (GTK_IS_WIDGET (parent));

  GtkFileChooserNative *chooser = chooser_new (parent, title, GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"));
  add_filters (chooser, _ ("Tables"), endings);
  run_chooser (parent, chooser, vai_pick_table_async, callback, user_data);
}

void
vai_pick_workspace_async (GtkWidget *parent, const char *title, GAsyncReadyCallback callback, gpointer user_data)
{
  static const char *const endings[] = { "vaiw", "backup", NULL };

  g_return_if_fail (GTK_IS_WIDGET (parent));

  GtkFileChooserNative *chooser = chooser_new (parent, title, GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"));
  add_filters (chooser, _ ("Workspaces"), endings);
  run_chooser (parent, chooser, vai_pick_workspace_async, callback, user_data);
}

void
vai_pick_folder_async (GtkWidget *parent, const char *title, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (GTK_IS_WIDGET (parent));

  run_chooser (parent, chooser_new (parent, title, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Choose")),
               vai_pick_folder_async, callback, user_data);
}

void
vai_pick_target_async (GtkWidget *parent,
                       const char *title,
                       const char *name,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_return_if_fail (GTK_IS_WIDGET (parent));

  GtkFileChooserNative *chooser = chooser_new (parent, title, GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  run_chooser (parent, chooser, vai_pick_target_async, callback, user_data);
}

char *
vai_pick_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);

  g_autoptr (GFile) file = g_task_propagate_pointer (G_TASK (result), error);
  char *path = file != NULL ? g_file_get_path (file) : NULL;
  if (file != NULL && path == NULL)
    g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE,
                         g_async_result_is_tagged (result, vai_pick_target_async)
                                 || g_async_result_is_tagged (result, vai_pick_folder_async)
                             ? _ ("Choose a folder of this computer.")
                             : _ ("This file is not on this computer: save it here first, and choose that."));
  return path;
}

static void
confirmed_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);

  g_task_return_boolean (task, g_str_equal (response, "act"));
}

void
vai_confirm_async (GtkWidget *parent,
                   const char *heading,
                   const char *body,
                   const char *act,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_return_if_fail (GTK_IS_WIDGET (parent));

  GtkWidget *dialog = adw_message_dialog_new (window_of (parent), heading, body);
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);
  adw_message_dialog_add_responses (message, "cancel", _ ("Go _Back"), "act", act, NULL);
  adw_message_dialog_set_response_appearance (message, "act", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (message, "cancel");
  adw_message_dialog_set_close_response (message, "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (confirmed_cb), g_task_new (parent, NULL, callback, user_data));
  vai_name_buttons (dialog);
  gtk_window_present (GTK_WINDOW (dialog));
}

gboolean
vai_confirm_finish (GAsyncResult *result)
{
  g_return_val_if_fail (G_IS_TASK (result), FALSE);
  return g_task_propagate_boolean (G_TASK (result), NULL);
}

static void
asked_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autofree char *text = g_strdup (gtk_editable_get_text (g_task_get_task_data (task)));

  g_strstrip (text);
  g_task_return_pointer (task, g_str_equal (response, "act") && *text != '\0' ? g_steal_pointer (&text) : NULL, g_free);
}

static void
text_changed_cb (GtkEditable *entry, AdwMessageDialog *dialog)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  adw_message_dialog_set_response_enabled (dialog, "act", *text != '\0');
}

void
vai_ask_text_async (GtkWidget *parent,
                    const char *heading,
                    const char *label,
                    const char *text,
                    const char *act,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_return_if_fail (GTK_IS_WIDGET (parent));

  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (window_of (parent), heading, NULL));
  GtkWidget *entry = gtk_entry_new ();
  GTask *task = g_task_new (parent, NULL, callback, user_data);

  g_task_set_task_data (task, g_object_ref (entry), g_object_unref);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  adw_message_dialog_set_extra_child (dialog, entry);
  adw_message_dialog_add_responses (dialog, "cancel", _ ("Go _Back"), "act", act, NULL);
  adw_message_dialog_set_response_appearance (dialog, "act", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "act");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect (entry, "changed", G_CALLBACK (text_changed_cb), dialog);
  g_signal_connect (dialog, "response", G_CALLBACK (asked_cb), task);
  vai_name_buttons (GTK_WIDGET (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}

char *
vai_ask_text_finish (GAsyncResult *result)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/* The label names the button as what it is labelled by; its text as a property, which GTK sets with it, comes before.
 */
static void
name_by_label (GtkButton *button)
{
  gtk_accessible_reset_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL);
}

static gboolean
is_labelled (GtkButton *button)
{
  return ADW_IS_BUTTON_CONTENT (gtk_button_get_child (button))
         || (gtk_button_get_use_underline (button) && gtk_button_get_label (button) != NULL);
}

void
vai_name_buttons (GtkWidget *root)
{
  g_return_if_fail (GTK_IS_WIDGET (root));

  if (GTK_IS_BUTTON (root) && is_labelled (GTK_BUTTON (root)))
    {
      name_by_label (GTK_BUTTON (root));
      g_signal_handlers_disconnect_by_func (root, name_by_label, NULL);
      g_signal_connect (root, "notify::label", G_CALLBACK (name_by_label), NULL);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    vai_name_buttons (child);
}

/* The widget of the list that the child of an item lies in. */
static gboolean
is_row (GtkWidget *widget)
{
  return g_str_equal (gtk_widget_get_css_name (widget), "row");
}

/* The row of @view with the keyboard; NULL also when a popover of the row has it. */
static GtkWidget *
focused_row (GtkWidget *view)
{
  GtkWidget *row = NULL;

  for (GtkWidget *widget = gtk_root_get_focus (gtk_widget_get_root (view)); widget != NULL && widget != view;
       widget = gtk_widget_get_parent (widget))
    {
      if (GTK_IS_NATIVE (widget))
        return NULL;
      if (is_row (widget))
        row = widget;
    }
  return row;
}

/* GTK 4.8 looks backwards for the next widget of a row where it looks forwards. */
static gboolean
move_within (GtkWidget *row, GtkDirectionType direction)
{
  if (direction == GTK_DIR_TAB_FORWARD)
    return gtk_widget_child_focus (row, direction);
  for (GtkWidget *child = gtk_widget_get_focus_child (row); child != NULL; child = gtk_widget_get_prev_sibling (child))
    if (gtk_widget_child_focus (child, direction))
      return TRUE;
  return FALSE;
}

static gboolean
list_key_cb (GtkEventController *controller, guint key, guint code, GdkModifierType state)
{
  GtkWidget *view = gtk_event_controller_get_widget (controller);
  gboolean back = key == GDK_KEY_ISO_Left_Tab || (state & GDK_SHIFT_MASK) != 0;
  GtkDirectionType direction = back ? GTK_DIR_TAB_BACKWARD : GTK_DIR_TAB_FORWARD;

  if (key != GDK_KEY_Tab && key != GDK_KEY_ISO_Left_Tab && key != GDK_KEY_KP_Tab)
    return GDK_EVENT_PROPAGATE;
  GtkWidget *row = focused_row (view);
  if (row == NULL)
    return GDK_EVENT_PROPAGATE;
  if (move_within (row, direction))
    return GDK_EVENT_STOP;
  gtk_widget_set_can_focus (view, FALSE);
  gtk_widget_child_focus (GTK_WIDGET (gtk_widget_get_root (view)), direction);
  gtk_widget_set_can_focus (view, TRUE);
  return GDK_EVENT_STOP;
}

void
vai_leave_list_by_tab (GtkWidget *view)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_return_if_fail (GTK_IS_WIDGET (view));

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (list_key_cb), NULL);
  gtk_widget_add_controller (view, keys);
}

static void
search_stopped_cb (GtkEditable *entry, const char *action)
{
  if (*gtk_editable_get_text (entry) != '\0')
    gtk_editable_set_text (entry, "");
  else
    gtk_widget_activate_action (GTK_WIDGET (entry), action, NULL);
}

void
vai_end_search_by_escape (GtkWidget *entry, const char *action)
{
  g_return_if_fail (GTK_IS_SEARCH_ENTRY (entry));
  g_signal_connect (entry, "stop-search", G_CALLBACK (search_stopped_cb), (gpointer) g_intern_string (action));
}

void
vai_name_row (GtkListItem *item, const char *name)
{
  GtkWidget *row = gtk_list_item_get_child (item);

  while (row != NULL && !is_row (row))
    row = gtk_widget_get_parent (row);
  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
vai_announce (GtkLabel *status, const char *text)
{
  g_return_if_fail (GTK_IS_LABEL (status));

  gtk_label_set_label (status, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (status), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

void
vai_show_file (GtkWidget *parent, GFile *file)
{
  g_return_if_fail (G_IS_FILE (file));

  g_autofree char *uri = g_file_get_uri (file);
  gtk_show_uri (window_of (parent), uri, GDK_CURRENT_TIME);
}
