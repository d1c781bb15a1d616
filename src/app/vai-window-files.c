/* Files that were opened or dropped: quotes go through the import wizard one after the other, models are added. */
#include "vai-window-private.h"

#include "vai-import-wizard.h"
#include "vai-model-row.h"

#include <glib/gi18n-lib.h>

/* Models. */

typedef struct
{
  char *path;
  char *id; /* NULL until it is kept */
} Keeping;

static void
keeping_free (gpointer data)
{
  Keeping *self = data;

  g_free (self->path);
  g_free (self->id);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Keeping, keeping_free)

static gboolean
keep_in_store (VaiStore *store, gpointer data, GError **error)
{
  Keeping *keeping = data;

  keeping->id = vai_model_keep_file (store, keeping->path, NULL, error);
  return keeping->id != NULL;
}

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiWindow) self = VAI_WINDOW (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (Keeping) keeping = vai_workspace_change_finish (VAI_WORKSPACE (source), result, &error);

  if (keeping == NULL)
    {
      vai_window_say (GTK_WIDGET (self), error->message);
      return;
    }
  g_autofree char *name = g_path_get_basename (keeping->path);
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *text = g_strdup_printf (_ ("The model “%s” was added"), shown);
  vai_window_say (GTK_WIDGET (self), text);
  if (self->workspace != NULL && self->wizard == NULL)
    vai_window_show_page (self, "models", keeping->id);
}

static gboolean
is_model (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *lower = name != NULL ? g_ascii_strdown (name, -1) : NULL;

  return lower != NULL && g_str_has_suffix (lower, ".valutai");
}

static void
add_model (VaiWindow *self, GFile *file)
{
  Keeping *keeping = g_new0 (Keeping, 1);

  keeping->path = g_file_get_path (file);
  if (keeping->path == NULL)
    {
      vai_window_say (GTK_WIDGET (self), _ ("This file is not on this computer: save it here first, and open that."));
      keeping_free (keeping);
      return;
    }
  vai_workspace_change_async (self->workspace, VAI_OBJECT_MODEL, keep_in_store, keeping, keeping_free, kept_cb,
                              g_object_ref (self));
}

/* Quotes. */

static void
import_next_cb (GtkWidget *button)
{
  VaiWindow *self = VAI_WINDOW (gtk_widget_get_root (button));
  g_autoptr (GFile) file = g_queue_pop_head (&self->files);

  vai_window_open_wizard (self, vai_import_wizard_new (file));
}

static void
leave_files_cb (GtkWidget *button)
{
  VaiWindow *self = VAI_WINDOW (gtk_widget_get_root (button));

  g_queue_clear_full (&self->files, g_object_unref);
  vai_window_offer_files (self);
  gtk_widget_child_focus (GTK_WIDGET (self->pages), GTK_DIR_TAB_FORWARD);
}

void
vai_window_offer_files (VaiWindow *self)
{
  guint n = g_queue_get_length (&self->files);

  if (self->files_banner != NULL)
    gtk_box_remove (self->content, g_steal_pointer (&self->files_banner));
  if (n == 0)
    return;
  g_autofree char *base = g_file_get_basename (g_queue_peek_head (&self->files));
  g_autofree char *name = g_filename_display_name (base);
  g_autofree char *more
      = g_strdup_printf (ngettext ("“%s” and %u more file were opened too and are not imported yet.",
                                   "“%s” and %u more files were opened too and are not imported yet.", n - 1),
                         name, n - 1);
  g_autofree char *one = g_strdup_printf (_ ("“%s” was opened too and is not imported yet."), name);
  self->files_banner
      = vai_window_add_banner (self, n > 1 ? more : one, _ ("Import the Next"), G_CALLBACK (import_next_cb),
                               _ ("Leave Out"), G_CALLBACK (leave_files_cb));
}

static void
say_waiting (VaiWindow *self)
{
  guint n = g_queue_get_length (&self->files);
  g_autofree char *text
      = g_strdup_printf (ngettext ("%u more file was opened: it is offered when this one is done.",
                                   "%u more files were opened: they are offered when this one is done.", n),
                         n);

  if (n > 0)
    vai_window_say (GTK_WIDGET (self), text);
}

void
vai_window_take_files (VaiWindow *self)
{
  gboolean free = self->wizard == NULL || !vai_page_holds_work (self->wizard);
  g_autoptr (GPtrArray) models = g_ptr_array_new_with_free_func (g_object_unref);

  for (GList *link = self->files.head, *next; link != NULL; link = next)
    {
      next = link->next;
      if (!is_model (link->data))
        continue;
      g_ptr_array_add (models, link->data);
      g_queue_delete_link (&self->files, link);
    }
  if (free && !g_queue_is_empty (&self->files))
    {
      g_autoptr (GFile) file = g_queue_pop_head (&self->files);
      vai_window_open_wizard (self, vai_import_wizard_new (file));
    }
  for (guint i = 0; i < models->len; i++)
    add_model (self, g_ptr_array_index (models, i));
  vai_window_offer_files (self);
  if (self->wizard != NULL)
    say_waiting (self);
}

void
vai_window_open_files (VaiWindow *self, GFile *const *files, guint n)
{
  g_return_if_fail (VAI_IS_WINDOW (self));

  for (guint i = 0; i < n; i++)
    g_queue_push_tail (&self->files, g_object_ref (files[i]));
  if (vai_workspace_get_store (self->workspace) == NULL)
    vai_window_begin (self, VAI_BEGIN_EMPTY);
  else
    vai_window_take_files (self);
}
