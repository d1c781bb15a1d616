/* The page in place of a workspace that cannot be opened, and what its buttons do. Nothing of what is there is lost: it
 * stays where it is, or is set aside under another name. */
#include "vai-window-private.h"

#include "vai-aside.h"
#include "vai-compat.h"
#include "vai-config.h"
#include "vai-error.h"
#include "vai-open-trouble.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#define WORKSPACE_NAME "workspace.vaiw"

typedef struct
{
  VaiRescue act;
  char *path;   /* nullable: of the workspace */
  char *choice; /* nullable: what the person picked */
} Rescue;

static void
rescue_free (gpointer data)
{
  Rescue *self = data;

  g_free (self->path);
  g_free (self->choice);
  g_free (self);
}

/* Where it was. NULL when nothing was there. */
static char *
dup_aside_words (const char *aside)
{
  g_autofree char *name = aside != NULL ? g_path_get_basename (aside) : NULL;

  return name != NULL ? g_strdup_printf (_ ("What was there is kept as “%s”"), name) : NULL;
}

static gboolean
make_folder (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;
  vai_error_set_errno (error, errno, TRUE, _ ("The folder “%s” cannot be made"), folder);
  return FALSE;
}

/* What can be read goes along; a workspace that is in the folder already is the one that is meant. */
static gboolean
move_to_folder (const char *path, const char *folder, GError **error)
{
  g_autofree char *target = g_build_filename (folder, WORKSPACE_NAME, NULL);

  if (!g_file_test (target, G_FILE_TEST_EXISTS) && g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_autoptr (VaiStore) store = vai_store_open (path, VAI_STORE_READ_ONLY, error);
      if (store == NULL || !vai_store_backup (store, target, error))
        return FALSE;
    }
  return vai_config_set_workspace_path (target, error);
}

/* Gives what is to be said, "" when nothing is; NULL with @error. */
static char *
do_rescue (const Rescue *rescue, GError **error)
{
  g_autofree char *aside = NULL, *file = vai_config_dup_file ();
  gboolean done = TRUE;

  if (rescue->act == VAI_RESCUE_RESTORE)
    done = vai_store_restore (rescue->choice, rescue->path, &aside, error);
  else if (rescue->act == VAI_RESCUE_ANEW)
    done = make_folder (rescue->path, error) && vai_store_put_aside (rescue->path, &aside, error);
  else if (rescue->act == VAI_RESCUE_FOLDER)
    done = move_to_folder (rescue->path, rescue->choice, error);
  else if (rescue->act == VAI_RESCUE_USUAL)
    done = (aside = vai_set_aside (file, NULL, error)) != NULL;
  if (!done)
    return NULL;
  return aside != NULL ? dup_aside_words (aside) : g_strdup ("");
}

static void
rescue_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  char *words = do_rescue (data, &error);

  if (words != NULL)
    g_task_return_pointer (task, words, g_free);
  else
    g_task_return_error (task, error);
}

static GtkWidget *
page_of (VaiWindow *self)
{
  return gtk_stack_get_child_by_name (self->views, "error");
}

static void
rescued_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiWindow *self = VAI_WINDOW (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *words = g_task_propagate_pointer (G_TASK (result), &error);

  /* The window was closed meanwhile. */
  if (self->workspace == NULL)
    return;
  gtk_widget_set_sensitive (page_of (self), TRUE);
  if (words == NULL || *words != '\0')
    vai_window_say (GTK_WIDGET (self), words != NULL ? words : error->message);
  if (words == NULL)
    return;
  /* What was looked at last is not in a new workspace. */
  const Rescue *rescue = g_task_get_task_data (G_TASK (result));
  if (rescue->act == VAI_RESCUE_ANEW)
    g_settings_reset (self->settings, "page");
  vai_window_begin (self, self->beginning);
}

/* Takes @choice, nullable. */
static void
start (VaiWindow *self, VaiRescue act, char *choice)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, rescued_cb, NULL);
  Rescue *rescue = g_new0 (Rescue, 1);

  *rescue = (Rescue){ act, vai_config_dup_workspace_path (NULL), choice };
  gtk_widget_set_sensitive (page_of (self), FALSE);
  g_task_set_task_data (task, rescue, rescue_free);
  g_task_run_in_thread (task, rescue_thread);
}

static void
picked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiWindow *self = VAI_WINDOW (source);
  g_autoptr (GError) error = NULL;
  char *path = vai_pick_finish (result, &error);

  if (error != NULL)
    vai_window_say (GTK_WIDGET (self), error->message);
  if (path != NULL && self->workspace != NULL)
    start (self, GPOINTER_TO_UINT (user_data), path);
}

static void
clicked_cb (GtkWidget *button, gpointer user_data)
{
  VaiWindow *self = VAI_WINDOW (gtk_widget_get_root (button));
  VaiRescue act = GPOINTER_TO_UINT (user_data);

  if (act == VAI_RESCUE_TRY_AGAIN)
    vai_window_begin (self, self->beginning);
  else if (act == VAI_RESCUE_RESTORE)
    vai_pick_workspace_async (GTK_WIDGET (self), _ ("Restore a copy of the workspace"), picked_cb, user_data);
  else if (act == VAI_RESCUE_FOLDER)
    vai_pick_folder_async (GTK_WIDGET (self), _ ("Choose a folder for the workspace"), picked_cb, user_data);
  else
    start (self, act, NULL);
}

static GtkWidget *
button_new (VaiRescue act, gboolean first)
{
  GtkWidget *button = gtk_button_new_with_label (vai_rescue_label (act));

  gtk_widget_add_css_class (button, "pill");
  if (first)
    gtk_widget_add_css_class (button, "suggested-action");
  g_signal_connect (button, "clicked", G_CALLBACK (clicked_cb), GUINT_TO_POINTER (act));
  return button;
}

/* For who is asked for help: the code is the same in every language. */
static GtkWidget *
details_new (const GError *error)
{
  GtkWidget *expander = gtk_expander_new (_ ("Details"));
  g_autofree char *text = error->domain == VAI_ERROR
                              ? g_strdup_printf ("%s (%s)", error->message, vai_error_name (error->code))
                              : g_strdup (error->message);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 60);
  gtk_expander_set_child (GTK_EXPANDER (expander), label);
  return expander;
}

static GtkWidget *
status_new (const VaiOpenTrouble *trouble, const GError *error, GtkWidget **first)
{
  GtkWidget *page = adw_status_page_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  g_autofree char *words = g_strdup_printf ("%s\n%s", trouble->what, trouble->todo);
  g_autofree char *text = g_markup_escape_text (words, -1);

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), "dialog-error-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (page), _ ("The workspace cannot be opened"));
  adw_status_page_set_description (ADW_STATUS_PAGE (page), text);
  for (guint i = 0; i < trouble->n_acts; i++)
    gtk_box_append (GTK_BOX (box), button_new (trouble->acts[i], i == 0));
  *first = gtk_widget_get_first_child (box);
  gtk_box_append (GTK_BOX (box), details_new (error));
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_vexpand (page, TRUE);
  adw_status_page_set_child (ADW_STATUS_PAGE (page), box);
  return page;
}

void
vai_window_show_open_error (VaiWindow *self, const GError *error)
{
  g_autofree char *path = vai_config_dup_workspace_path (NULL);
  VaiOpenTrouble trouble = vai_open_trouble (error, path);
  GtkWidget *before = page_of (self), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new (), *first;

  gtk_widget_add_css_class (header, "flat");
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), status_new (&trouble, error, &first));
  if (before != NULL)
    gtk_stack_remove (self->views, before);
  gtk_stack_add_named (self->views, box, "error");
  gtk_stack_set_visible_child_name (self->views, "error");
  gtk_widget_grab_focus (first);
}
