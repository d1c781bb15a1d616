/* What can be done with the workspace as a whole: a copy of it, and a look whether it is sound. */
#include "vai-window-private.h"

#include "vai-compat.h"
#include "vai-output.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

static void
said_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *message = g_task_propagate_pointer (G_TASK (result), &error);

  vai_window_say (GTK_WIDGET (source), message != NULL ? message : error->message);
}

/* The store is kept by the work itself: the window may be closed meanwhile. */
typedef struct
{
  VaiStore *store;
  char *path; /* nullable */
} Work;

static void
work_free (gpointer data)
{
  Work *self = data;

  g_object_unref (self->store);
  g_free (self->path);
  g_free (self);
}

/* Takes @path, nullable. */
static void
run (VaiWindow *self, GTaskThreadFunc func, char *path)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, said_cb, NULL);
  Work *work = g_new0 (Work, 1);

  *work = (Work){ g_object_ref (vai_workspace_get_store (self->workspace)), path };
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, func);
}

/* What stands at @path was to be replaced: the person said so to the file chooser. It stays until the copy is whole. */
static gboolean
back_up (VaiStore *store, const char *path, GError **error)
{
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return vai_store_backup (store, path, error);
  if (!vai_output_check_apart (path, vai_store_get_path (store), error))
    return FALSE;
  g_autoptr (VaiOutput) output = vai_output_new (path, error);
  if (output == NULL)
    return FALSE;
  /* The store makes its copy itself. */
  g_unlink (vai_output_get_temporary_path (output));
  return vai_store_backup (store, vai_output_get_temporary_path (output), error) && vai_output_commit (output, error);
}

static void
back_up_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  GError *error = NULL;

  if (back_up (work->store, work->path, &error))
    g_task_return_pointer (task, g_strdup_printf (_ ("Everything is copied to “%s”"), work->path), g_free);
  else
    g_task_return_error (task, error);
}

static void
target_picked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = vai_pick_finish (result, &error);

  if (error != NULL)
    vai_window_say (GTK_WIDGET (source), error->message);
  if (path != NULL)
    run (VAI_WINDOW (source), back_up_thread, g_steal_pointer (&path));
}

void
vai_window_back_up (VaiWindow *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *name = g_date_time_format (now, "valutai-%Y-%m-%d.vaiw");

  vai_pick_target_async (GTK_WIDGET (self), _ ("Back up the workspace"), name, target_picked_cb, NULL);
}

static void
check_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  GError *error = NULL;
  g_autoptr (GPtrArray) wrong = vai_store_check (work->store, NULL, cancellable, &error);

  if (wrong == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (
        task, g_strdup (wrong->len == 0 ? _ ("The workspace is whole") : (const char *) g_ptr_array_index (wrong, 0)),
        g_free);
}

void
vai_window_check (VaiWindow *self)
{
  run (self, check_thread, NULL);
}
