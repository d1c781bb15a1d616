/* What the window says: toasts, Undo, notifications, and the offer to go on after a crash. */
#include "vai-window-private.h"

#include "vai-compat.h"
#include "vai-format.h"

#include <glib/gi18n-lib.h>

/* Long enough to read, short enough not to stand in the way; Ctrl+Z works after it. */
#define TOAST_SECONDS 10

/* Acts that can be taken back: more than a person remembers, and each holds what it would bring back. */
#define UNDOS_MAX 50

/* NULL when the window was closed meanwhile: what comes late has nobody to tell. */
static VaiWindow *
window_of (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return VAI_IS_WINDOW (root) && VAI_WINDOW (root)->workspace != NULL ? VAI_WINDOW (root) : NULL;
}

/* Toasts take markup, and names of files and columns may hold < and &. */
static AdwToast *
toast_new (const char *message)
{
  g_autofree char *title = vai_format_markup (message);
  AdwToast *toast = adw_toast_new (title);

  adw_toast_set_timeout (toast, TOAST_SECONDS);
  return toast;
}

void
vai_window_say (GtkWidget *from, const char *message)
{
  VaiWindow *self = window_of (from);

  if (self == NULL)
    return;
  /* What is said now does not wait until what was said before has been read for its ten seconds. */
  if (self->said_toast != NULL)
    adw_toast_dismiss (self->said_toast);
  AdwToast *toast = toast_new (message);
  g_set_object (&self->said_toast, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
name_cross (GtkWidget *widget)
{
  const char *icon = GTK_IS_BUTTON (widget) ? gtk_button_get_icon_name (GTK_BUTTON (widget)) : NULL;

  if (g_strcmp0 (icon, "window-close-symbolic") == 0)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Close the message"),
                                    -1);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    name_cross (child);
}

static void
toast_shown_cb (GListModel *widgets, guint position, guint n_removed, guint n_added)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr (GtkWidget) widget = g_list_model_get_item (widgets, i);
      /* The other child is all of the window. */
      if (g_str_equal (G_OBJECT_TYPE_NAME (widget), "AdwToastWidget"))
        {
          name_cross (widget);
          vai_name_buttons (widget);
        }
    }
}

/* libadwaita 1.2 gives the cross of a toast no name, and makes it when the toast's turn comes. */
void
vai_window_name_toasts (VaiWindow *self)
{
  self->toast_widgets = gtk_widget_observe_children (GTK_WIDGET (self->toasts));
  g_signal_connect (self->toast_widgets, "items-changed", G_CALLBACK (toast_shown_cb), NULL);
}

/* One act that can be taken back, and the toast that says so. */
typedef struct
{
  VaiUndoFunc undo;
  gpointer data;
  GDestroyNotify destroy; /* nullable */
  AdwToast *toast;
  GtkWidget *from; /* nullable, weak: who offered it */
} Undo;

static void
undo_free (gpointer data)
{
  Undo *self = data;

  g_clear_weak_pointer (&self->from);
  g_object_unref (self->toast);
  if (self->destroy != NULL)
    self->destroy (self->data);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Undo, undo_free)

/* Its toast goes with it: a button that does nothing more is not left in sight. */
static Undo *
take_undo (VaiWindow *self, GList *link)
{
  Undo *undo = link->data;

  g_queue_delete_link (&self->undos, link);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo", !g_queue_is_empty (&self->undos));
  adw_toast_dismiss (undo->toast);
  return undo;
}

void
vai_window_clear_undo (VaiWindow *self)
{
  g_queue_clear_full (&self->undos, undo_free);
}

static void
undo_one (VaiWindow *self, GList *link)
{
  g_autoptr (Undo) undo = take_undo (self, link);

  undo->undo (undo->data);
}

void
vai_window_undo (VaiWindow *self)
{
  if (!g_queue_is_empty (&self->undos))
    undo_one (self, self->undos.tail);
}

static void
undo_clicked_cb (AdwToast *toast, VaiWindow *self)
{
  for (GList *link = self->undos.head; link != NULL; link = link->next)
    if (((Undo *) link->data)->toast == toast)
      {
        undo_one (self, link);
        return;
      }
}

void
vai_window_offer_undo (GtkWidget *from, const char *message, VaiUndoFunc undo, gpointer data, GDestroyNotify destroy)
{
  VaiWindow *self = window_of (from);

  if (self == NULL)
    {
      if (destroy != NULL)
        destroy (data);
      return;
    }
  if (g_queue_get_length (&self->undos) == UNDOS_MAX)
    undo_free (take_undo (self, self->undos.head));
  /* Else what was said before would come back after this. */
  if (self->said_toast != NULL)
    adw_toast_dismiss (self->said_toast);
  AdwToast *toast = toast_new (message);
  adw_toast_set_button_label (toast, _ ("Undo"));
  /* What can be undone is said now, not after a message that only tells. */
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  Undo *offer = g_new0 (Undo, 1);
  *offer = (Undo){ undo, data, destroy, g_object_ref (toast), NULL };
  g_set_weak_pointer (&offer->from, from);
  g_queue_push_tail (&self->undos, offer);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo", TRUE);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_clicked_cb), self, 0);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
vai_window_withdraw_undo (GtkWidget *from)
{
  VaiWindow *self = window_of (from);

  for (GList *link = self != NULL ? self->undos.head : NULL, *next; link != NULL; link = next)
    {
      const Undo *offer = link->data;
      next = link->next;
      if (offer->from != NULL && (offer->from == from || gtk_widget_is_ancestor (offer->from, from)))
        undo_free (take_undo (self, link));
    }
}

/* Deletion. */

typedef struct
{
  VaiWindow *window; /* a reference */
  VaiObject kind;
  GStrv ids;
  char *message;
} Deleted;

static void
deleted_free (gpointer data)
{
  Deleted *self = data;

  g_object_unref (self->window);
  g_strfreev (self->ids);
  g_free (self->message);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Deleted, deleted_free)

static void
restored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiWindow) self = VAI_WINDOW (user_data);
  g_autoptr (GError) error = NULL;

  if (!vai_workspace_set_deleted_finish (VAI_WORKSPACE (source), result, &error))
    vai_window_say (GTK_WIDGET (self), error->message);
}

static void
restore (gpointer data)
{
  const Deleted *deleted = data;

  vai_workspace_set_deleted_async (deleted->window->workspace, deleted->kind, (const char *const *) deleted->ids, FALSE,
                                   restored_cb, g_object_ref (deleted->window));
}

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Deleted) deleted = user_data;
  g_autoptr (GError) error = NULL;
  GtkWidget *window = GTK_WIDGET (deleted->window);

  if (!vai_workspace_set_deleted_finish (VAI_WORKSPACE (source), result, &error))
    vai_window_say (window, error->message);
  else
    {
      g_autofree char *message = g_strdup (deleted->message);
      vai_window_offer_undo (window, message, restore, g_steal_pointer (&deleted), deleted_free);
    }
}

void
vai_window_delete (GtkWidget *from, VaiObject kind, const char *const *ids, const char *message)
{
  VaiWindow *self = window_of (from);

  if (self == NULL)
    return;
  Deleted *deleted = g_new0 (Deleted, 1);
  *deleted = (Deleted){ g_object_ref (self), kind, g_strdupv ((char **) ids), g_strdup (message) };
  vai_workspace_set_deleted_async (self->workspace, kind, ids, TRUE, deleted_cb, deleted);
}

/* Tasks that ended. */

void
vai_window_tell_ended (VaiWindow *self, VaiTask *task)
{
  const GError *failure = vai_task_get_error (task);
  const char *message = failure != NULL ? failure->message : vai_task_get_done_message (task);

  /* All that is kept is kept at the end, so what was stopped leaves nothing, and says so. */
  if (vai_task_get_state (task) == VAI_TASK_CANCELLED)
    {
      g_autofree char *stopped
          = g_strdup_printf (_ ("Stopped: %s. Nothing of it was kept."), vai_task_get_title (task));
      vai_window_say (GTK_WIDGET (self), stopped);
      return;
    }
  if (message == NULL)
    return;
  if (gtk_window_is_active (GTK_WINDOW (self)))
    {
      vai_window_say (GTK_WIDGET (self), message);
      return;
    }
  g_autoptr (GNotification) notification = g_notification_new (vai_task_get_title (task));
  g_notification_set_body (notification, message);
  g_notification_set_default_action (notification, "app.activate");
  g_application_send_notification (G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))), NULL, notification);
  vai_window_say (GTK_WIDGET (self), message);
}

/* After a crash. */

static const char *
interrupted_text (const char *kind)
{
  if (g_str_equal (kind, "import"))
    return _ ("An import was interrupted. Nothing of it was kept.");
  if (g_str_equal (kind, "train"))
    return _ ("A training was interrupted. Nothing of it was kept.");
  if (g_str_equal (kind, "score"))
    return _ ("Scoring a file was interrupted. Nothing of it was kept.");
  if (g_str_equal (kind, "report"))
    return _ ("Writing a report was interrupted. Nothing of it was kept.");
  return _ ("Something was interrupted. Nothing of it was kept.");
}

static void
add_button (GtkWidget *box, const char *label, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect (button, "clicked", clicked, NULL);
  gtk_box_append (GTK_BOX (box), button);
}

GtkWidget *
vai_window_add_banner (VaiWindow *self,
                       const char *text,
                       const char *act,
                       GCallback act_cb,
                       const char *leave,
                       GCallback leave_cb)
{
  GtkWidget *revealer = gtk_revealer_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (box, "banner-warn");
  gtk_box_append (GTK_BOX (box), label);
  add_button (box, act, act_cb);
  add_button (box, leave, leave_cb);
  gtk_revealer_set_child (GTK_REVEALER (revealer), box);
  gtk_revealer_set_reveal_child (GTK_REVEALER (revealer), TRUE);
  gtk_box_prepend (self->content, revealer);
  return revealer;
}

static void
answered (GtkWidget *button, gboolean again)
{
  VaiWindow *self = window_of (button);
  GtkWidget *banner = gtk_widget_get_ancestor (button, GTK_TYPE_REVEALER);

  vai_workspace_answer_interrupted (self->workspace, 0, again);
  gtk_box_remove (self->content, banner);
  vai_window_offer_interrupted (self);
}

static void
again_cb (GtkWidget *button)
{
  answered (button, TRUE);
}

static void
forget_cb (GtkWidget *button)
{
  answered (button, FALSE);
}

void
vai_window_offer_interrupted (VaiWindow *self)
{
  GPtrArray *interrupted = vai_workspace_get_interrupted (self->workspace);

  if (interrupted->len == 0)
    return;
  const VaiJobRow *row = g_ptr_array_index (interrupted, 0);
  vai_window_add_banner (self, interrupted_text (row->kind), _ ("Do It Again"), G_CALLBACK (again_cb), _ ("Forget It"),
                         G_CALLBACK (forget_cb));
}
