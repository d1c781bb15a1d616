#include "vai-rejected.h"

#include "vai-compat.h"
#include "vai-table-writer.h"
#include "vai-window.h"

#include <glib/gi18n-lib.h>

static void
row_free (gpointer data)
{
  VaiRejectedRow *self = data;

  g_free (self->raw);
  g_free (self->reason);
  g_free (self);
}

static gpointer
row_copy (gconstpointer data, gpointer user_data)
{
  const VaiRejectedRow *from = data;
  VaiRejectedRow *self = g_new0 (VaiRejectedRow, 1);

  *self = (VaiRejectedRow){ from->line, g_strdup (from->raw), g_strdup (from->reason) };
  return self;
}

typedef struct
{
  GPtrArray *rows; /* of VaiRejectedRow */
  char *path;
} Export;

static void
export_free (gpointer data)
{
  Export *self = data;

  g_ptr_array_unref (self->rows);
  g_free (self->path);
  g_free (self);
}

static gboolean
write_row (VaiTableWriter *writer, const char *line, const char *reason, const char *raw, GError **error)
{
  return vai_table_writer_text (writer, line, -1, error) && vai_table_writer_text (writer, reason, -1, error)
         && vai_table_writer_text (writer, raw, -1, error) && vai_table_writer_end_row (writer, error);
}

static gboolean
write_rows (const Export *export, GError **error)
{
  VaiTableWriter *writer = vai_table_writer_new (export->path, error);
  gboolean good = writer != NULL && write_row (writer, _ ("Line"), _ ("Reason"), _ ("As it stands"), error);

  for (guint i = 0; good && i < export->rows->len; i++)
    {
      const VaiRejectedRow *row = g_ptr_array_index (export->rows, i);
      g_autofree char *line = g_strdup_printf ("%" G_GUINT64_FORMAT, row->line);
      good = write_row (writer, line, row->reason, row->raw, error);
    }
  good = good && vai_table_writer_commit (writer, error);
  if (writer != NULL)
    vai_table_writer_free (writer);
  return good;
}

static void
export_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (write_rows (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  const Export *export = g_task_get_task_data (G_TASK (result));
  g_autofree char *name = g_path_get_basename (export->path);
  g_autofree char *message = g_strdup_printf (_ ("Written to “%s”"), name);

  if (g_task_propagate_boolean (G_TASK (result), &error))
    vai_window_say (GTK_WIDGET (source), message);
  else
    vai_window_say (GTK_WIDGET (source), error->message);
}

static void
picked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GPtrArray) rows = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = vai_pick_finish (result, &error);

  if (error != NULL)
    vai_window_say (GTK_WIDGET (source), error->message);
  if (path == NULL)
    return;
  g_autoptr (GTask) task = g_task_new (source, NULL, exported_cb, NULL);
  Export *export = g_new0 (Export, 1);
  export->rows = g_steal_pointer (&rows);
  export->path = g_steal_pointer (&path);
  g_task_set_task_data (task, export, export_free);
  g_task_run_in_thread (task, export_thread);
}

void
vai_rejected_export (GtkWidget *from, const GPtrArray *rows)
{
  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (rows != NULL);

  GPtrArray *copy = g_ptr_array_copy ((GPtrArray *) rows, (GCopyFunc) (gpointer) row_copy, NULL);
  g_ptr_array_set_free_func (copy, row_free);
  vai_pick_target_async (from, _ ("Export the lines that cannot be read"), _ ("unreadable-lines.csv"), picked_cb, copy);
}
