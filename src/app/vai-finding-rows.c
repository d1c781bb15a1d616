/* The rows that a finding is about, in a window. */
#include "vai-finding-list.h"

#include "vai-table-view.h"

typedef struct
{
  VaiProfile *profile;
  VaiTable *table;
  VaiFinding finding; /* owns its texts */
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *self = data;

  vai_profile_unref (self->profile);
  vai_table_unref (self->table);
  g_free (self->finding.id);
  g_free (self->finding.value);
  g_free (self->finding.sentence);
  g_free (self);
}

static void
find_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Wanted *wanted = data;

  g_task_return_pointer (task, vai_profile_find_rows (wanted->profile, wanted->table, &wanted->finding),
                         (GDestroyNotify) g_array_unref);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wanted *wanted = g_task_get_task_data (G_TASK (result));
  g_autoptr (GArray) rows = g_task_propagate_pointer (G_TASK (result), NULL);

  /* Gone in the meantime: nobody looks any more. */
  if (rows != NULL && gtk_widget_get_root (GTK_WIDGET (source)) != NULL)
    vai_rows_window_present (GTK_WIDGET (source), wanted->finding.sentence, wanted->table, rows);
}

void
vai_finding_show_rows (GtkWidget *from, VaiProfile *profile, VaiTable *table, const VaiFinding *finding)
{
  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (profile != NULL && table != NULL && finding != NULL);

  g_autoptr (GTask) task = g_task_new (from, NULL, found_cb, NULL);
  Wanted *wanted = g_new0 (Wanted, 1);
  wanted->profile = vai_profile_ref (profile);
  wanted->table = vai_table_ref (table);
  wanted->finding = *finding;
  wanted->finding.id = g_strdup (finding->id);
  wanted->finding.value = g_strdup (finding->value);
  wanted->finding.sentence = g_strdup (finding->sentence);
  g_task_set_task_data (task, wanted, wanted_free);
  g_task_run_in_thread (task, find_thread);
}
