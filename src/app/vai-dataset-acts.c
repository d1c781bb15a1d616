#include "vai-dataset-acts.h"

#include "vai-revise.h"
#include "vai-window.h"

typedef struct
{
  VaiStore *store;
  GtkWidget *from;
  char *dataset_id, *finding_id;
  gboolean acted;
} Act;

static void
act_free (gpointer data)
{
  Act *self = data;

  g_object_unref (self->store);
  g_object_unref (self->from);
  g_free (self->dataset_id);
  g_free (self->finding_id);
  g_free (self);
}

/* Of Act, the one that runs first; one for each workspace. */
static GQueue *
queue_of (VaiWorkspace *workspace)
{
  GQueue *queue = g_object_get_data (G_OBJECT (workspace), "vai-acts");

  if (queue == NULL)
    {
      queue = g_queue_new ();
      g_object_set_data_full (G_OBJECT (workspace), "vai-acts", queue, (GDestroyNotify) g_queue_free);
    }
  return queue;
}

static GStrv
change (const char *const *acts, const char *id, gboolean acted)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; acts[i] != NULL; i++)
    if (!g_str_equal (acts[i], id))
      g_strv_builder_add (builder, acts[i]);
  if (acted)
    g_strv_builder_add (builder, id);
  return g_strv_builder_end (builder);
}

static gboolean
revise (const Act *act, GError **error)
{
  g_autoptr (VaiDatasetRow) row = vai_store_get_dataset (act->store, act->dataset_id, error);
  g_auto (VaiQuotesOptions) given;

  vai_quotes_options_init (&given);
  if (row == NULL)
    return FALSE;
  g_auto (GStrv) before = vai_mapping_dup_acts (row->column_mapping);
  given.acts = change ((const char *const *) before, act->finding_id, act->acted);
  return vai_quotes_revise (act->store, act->dataset_id, &given, NULL, error);
}

static void
revise_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (revise (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void run_next (VaiWorkspace *workspace);

static void
revised_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiWorkspace *workspace = VAI_WORKSPACE (source);
  Act *act = g_queue_pop_head (queue_of (workspace));
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    vai_window_say (act->from, error->message);
  act_free (act);
  g_application_release (g_application_get_default ());
  if (g_queue_is_empty (queue_of (workspace)))
    vai_workspace_refresh (workspace, VAI_OBJECT_DATASET);
  else
    run_next (workspace);
}

static void
run_next (VaiWorkspace *workspace)
{
  g_autoptr (GTask) task = g_task_new (workspace, NULL, revised_cb, NULL);

  g_task_set_task_data (task, g_queue_peek_head (queue_of (workspace)), NULL);
  g_task_run_in_thread (task, revise_thread);
}

void
vai_dataset_act (GtkWidget *from,
                 VaiWorkspace *workspace,
                 const char *dataset_id,
                 const char *finding_id,
                 gboolean acted)
{
  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (VAI_IS_WORKSPACE (workspace));

  GQueue *queue = queue_of (workspace);
  gboolean idle = g_queue_is_empty (queue);
  Act *act = g_new0 (Act, 1);
  *act = (Act){ g_object_ref (vai_workspace_get_store (workspace)), g_object_ref (from), g_strdup (dataset_id),
                g_strdup (finding_id), acted };
  g_queue_push_tail (queue, act);
  /* The program does not end before it is stored: it was said to be done. */
  g_application_hold (g_application_get_default ());
  if (idle)
    run_next (workspace);
}

GStrv
vai_dataset_dup_acts (VaiWorkspace *workspace, const char *dataset_id, const char *const *acts)
{
  GStrv now = g_strdupv ((char **) acts);

  g_return_val_if_fail (VAI_IS_WORKSPACE (workspace), now);
  for (GList *link = queue_of (workspace)->head; link != NULL; link = link->next)
    {
      const Act *act = link->data;
      if (!g_str_equal (act->dataset_id, dataset_id))
        continue;
      GStrv next = change ((const char *const *) now, act->finding_id, act->acted);
      g_strfreev (now);
      now = next;
    }
  return now;
}
