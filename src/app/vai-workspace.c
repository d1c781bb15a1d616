#include "vai-workspace.h"

#include "vai-error.h"
#include "vai-loaded-model.h"
#include "vai-task-again.h"
#include "vai-training-watch.h"

#include <glib/gi18n-lib.h>

/* Comparing two models needs two; a third is the one just left. */
#define MODELS_KEPT 3

struct _VaiWorkspace
{
  GObject parent_instance;

  VaiStore *store;                  /* NULL until open */
  GListStore *lists[VAI_N_OBJECTS]; /* of VaiItem; that of predictions stays empty */
  GListStore *tasks;                /* of VaiTask */
  GPtrArray *interrupted;           /* of VaiJobRow */
  GQueue models;                    /* of VaiLoadedModel, the latest first */
  char *table_id;                   /* nullable: of the table kept */
  VaiTable *table;                  /* nullable: a preview and a training ask for the same one */
  guint training : 1;
};

G_DEFINE_TYPE (VaiWorkspace, vai_workspace, G_TYPE_OBJECT)

enum
{
  CHANGED,
  TASK_ENDED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
vai_workspace_finalize (GObject *object)
{
  VaiWorkspace *self = VAI_WORKSPACE (object);

  g_queue_clear_full (&self->models, g_object_unref);
  g_clear_pointer (&self->table, vai_table_unref);
  g_free (self->table_id);
  g_ptr_array_unref (self->interrupted);
  for (guint i = 0; i < VAI_N_OBJECTS; i++)
    g_object_unref (self->lists[i]);
  g_object_unref (self->tasks);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (vai_workspace_parent_class)->finalize (object);
}

static void
vai_workspace_class_init (VaiWorkspaceClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = vai_workspace_finalize;
  signals[CHANGED]
      = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[TASK_ENDED]
      = g_signal_new ("task-ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, VAI_TYPE_TASK);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
vai_workspace_init (VaiWorkspace *self)
{
  for (guint i = 0; i < VAI_N_OBJECTS; i++)
    self->lists[i] = g_list_store_new (VAI_TYPE_ITEM);
  self->tasks = g_list_store_new (VAI_TYPE_TASK);
  self->interrupted = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_job_row_free);
  g_queue_init (&self->models);
}

VaiWorkspace *
vai_workspace_new (void)
{
  return g_object_new (VAI_TYPE_WORKSPACE, NULL);
}

VaiStore *
vai_workspace_get_store (VaiWorkspace *self)
{
  g_return_val_if_fail (VAI_IS_WORKSPACE (self), NULL);
  return self->store;
}

GListModel *
vai_workspace_get_list (VaiWorkspace *self, VaiObject kind)
{
  g_return_val_if_fail (VAI_IS_WORKSPACE (self), NULL);
  g_return_val_if_fail (kind < VAI_N_OBJECTS, NULL);
  return G_LIST_MODEL (self->lists[kind]);
}

/* Lists. */

typedef struct
{
  VaiObject kind;
  GPtrArray *rows; /* nullable; of the rows of the kind, owned by the items made of them */
} Listing;

static void
listing_free (gpointer data)
{
  Listing *self = data;

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_free (self);
}

static GPtrArray *
list_rows (VaiStore *store, VaiObject kind, GError **error)
{
  if (kind == VAI_OBJECT_DATASET)
    return vai_store_list_datasets (store, FALSE, error);
  if (kind == VAI_OBJECT_MODEL)
    return vai_store_list_models (store, NULL, FALSE, error);
  if (kind == VAI_OBJECT_REPORT)
    return vai_store_list_reports (store, NULL, FALSE, error);
  return g_ptr_array_new ();
}

static gboolean
list_in_store (VaiStore *store, gpointer data, GError **error)
{
  Listing *listing = data;

  listing->rows = list_rows (store, listing->kind, error);
  return listing->rows != NULL;
}

/* Takes the rows out of @rows. */
static void
show_rows (VaiWorkspace *self, VaiObject kind, GPtrArray *rows)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_set_free_func (rows, NULL);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (items, vai_item_new (kind, g_ptr_array_index (rows, i)));
  guint n_before = g_list_model_get_n_items (G_LIST_MODEL (self->lists[kind]));
  g_list_store_splice (self->lists[kind], 0, n_before, items->pdata, items->len);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiWorkspace) self = VAI_WORKSPACE (user_data);
  g_autoptr (GError) error = NULL;
  Listing *listing = vai_store_run_finish (VAI_STORE (source), result, &error);

  if (listing == NULL)
    {
      g_signal_emit (self, signals[FAILED], 0, error);
      return;
    }
  show_rows (self, listing->kind, listing->rows);
  g_signal_emit (self, signals[CHANGED], 0, listing->kind);
}

void
vai_workspace_refresh (VaiWorkspace *self, VaiObject kind)
{
  g_return_if_fail (VAI_IS_WORKSPACE (self));
  g_return_if_fail (self->store != NULL);

  Listing *listing = g_new0 (Listing, 1);
  listing->kind = kind;
  vai_store_run_async (self->store, list_in_store, listing, listing_free, NULL, listed_cb, g_object_ref (self));
}

/* Opening. */

typedef struct
{
  char *path;
  VaiStore *store;
  GPtrArray *rows[VAI_N_OBJECTS];
  GPtrArray *interrupted;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *self = data;

  g_free (self->path);
  g_clear_object (&self->store);
  for (guint i = 0; i < VAI_N_OBJECTS; i++)
    g_clear_pointer (&self->rows[i], g_ptr_array_unref);
  g_clear_pointer (&self->interrupted, g_ptr_array_unref);
  g_free (self);
}

static gboolean
open_in_thread (Opening *opening, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (opening->path);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      vai_error_set_errno (error, errno, TRUE, _ ("The folder “%s” cannot be made"), folder);
      return FALSE;
    }
  opening->store = vai_store_open (opening->path, VAI_STORE_CREATE, error);
  for (guint kind = 0; opening->store != NULL && kind < VAI_N_OBJECTS; kind++)
    {
      opening->rows[kind] = list_rows (opening->store, kind, error);
      if (opening->rows[kind] == NULL)
        return FALSE;
    }
  if (opening->store != NULL)
    opening->interrupted = vai_store_list_jobs (opening->store, "interrupted", error);
  return opening->interrupted != NULL;
}

static void
open_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (open_in_thread (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
vai_workspace_open_async (VaiWorkspace *self,
                          const char *path,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (VAI_IS_WORKSPACE (self));
  g_return_if_fail (self->store == NULL);

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Opening *opening = g_new0 (Opening, 1);
  opening->path = g_strdup (path);
  g_task_set_source_tag (task, vai_workspace_open_async);
  g_task_set_task_data (task, opening, opening_free);
  g_task_run_in_thread (task, open_thread);
}

gboolean
vai_workspace_open_finish (VaiWorkspace *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, vai_workspace_open_async), FALSE);

  Opening *opening = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  self->store = g_steal_pointer (&opening->store);
  g_ptr_array_unref (self->interrupted);
  self->interrupted = g_steal_pointer (&opening->interrupted);
  for (guint kind = 0; kind < VAI_N_OBJECTS; kind++)
    {
      show_rows (self, kind, opening->rows[kind]);
      g_signal_emit (self, signals[CHANGED], 0, kind);
    }
  return TRUE;
}

/* Tasks. */

GListModel *
vai_workspace_get_tasks (VaiWorkspace *self)
{
  g_return_val_if_fail (VAI_IS_WORKSPACE (self), NULL);
  return G_LIST_MODEL (self->tasks);
}

static gboolean
is_training (VaiTask *task)
{
  return g_str_equal (vai_job_get_kind (vai_task_get_job (task)), "train");
}

void
vai_workspace_dismiss_task (VaiWorkspace *self, VaiTask *task)
{
  guint position;

  g_return_if_fail (VAI_IS_WORKSPACE (self));
  if (g_list_store_find (self->tasks, task, &position))
    g_list_store_remove (self->tasks, position);
}

static void start_next_training (VaiWorkspace *self);

static void
refresh_after (VaiWorkspace *self, VaiTask *task)
{
  const char *kind = vai_job_get_kind (vai_task_get_job (task));

  if (g_str_equal (kind, "import"))
    vai_workspace_refresh (self, VAI_OBJECT_DATASET);
  else if (g_str_equal (kind, "train"))
    vai_workspace_refresh (self, VAI_OBJECT_MODEL);
  else if (g_str_equal (kind, "report"))
    vai_workspace_refresh (self, VAI_OBJECT_REPORT);
  else
    vai_workspace_refresh (self, VAI_OBJECT_PREDICTION);
}

static void
task_ended (VaiWorkspace *self, VaiTask *task)
{
  if (vai_task_get_state (task) != VAI_TASK_FAILED)
    vai_workspace_dismiss_task (self, task);
  if (vai_task_get_state (task) == VAI_TASK_DONE)
    refresh_after (self, task);
  g_signal_emit (self, signals[TASK_ENDED], 0, task);
}

static void
task_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiWorkspace) self = VAI_WORKSPACE (user_data);
  g_autoptr (VaiTask) task = g_object_ref (VAI_TASK (source));

  if (is_training (task))
    self->training = FALSE;
  task_ended (self, task);
  start_next_training (self);
}

static void
start_now (VaiWorkspace *self, VaiTask *task)
{
  if (is_training (task))
    self->training = TRUE;
  vai_task_start (task, task_ended_cb, g_object_ref (self));
}

/* Two trainings at once would each take twice as long, and twice the memory. */
static void
start_next_training (VaiWorkspace *self)
{
  for (guint i = 0; !self->training && i < g_list_model_get_n_items (G_LIST_MODEL (self->tasks)); i++)
    {
      g_autoptr (VaiTask) task = g_list_model_get_item (G_LIST_MODEL (self->tasks), i);
      if (vai_task_get_state (task) == VAI_TASK_QUEUED)
        start_now (self, task);
    }
}

/* A task that is cancelled while it waits never begins. */
static void
queued_state_cb (VaiTask *task, GParamSpec *pspec, VaiWorkspace *self)
{
  if (vai_task_get_state (task) == VAI_TASK_CANCELLED && vai_task_get_seconds (task) == 0)
    task_ended (self, task);
}

/* Every training can be looked at while it runs, whoever began it. */
static void
make_watchable (VaiTask *task)
{
  g_autofree char *id = g_uuid_string_random ();

  vai_training_watch_attach (VAI_JOB_TRAIN (vai_task_get_job (task)));
  if (vai_task_get_page (task) == NULL)
    vai_task_set_place (task, "training", id);
}

VaiTask *
vai_workspace_start (VaiWorkspace *self, VaiTask *task)
{
  g_return_val_if_fail (VAI_IS_WORKSPACE (self), NULL);
  g_return_val_if_fail (VAI_IS_TASK (task), NULL);

  if (is_training (task))
    make_watchable (task);
  g_list_store_append (self->tasks, task);
  g_signal_connect_object (task, "notify::state", G_CALLBACK (queued_state_cb), self, 0);
  if (!is_training (task) || !self->training)
    start_now (self, task);
  return task;
}

GPtrArray *
vai_workspace_get_interrupted (VaiWorkspace *self)
{
  g_return_val_if_fail (VAI_IS_WORKSPACE (self), NULL);
  return self->interrupted;
}

typedef struct
{
  char *id;
} Forgetting;

static void
forgetting_free (gpointer data)
{
  g_free (((Forgetting *) data)->id);
  g_free (data);
}

static gboolean
forget_in_store (VaiStore *store, gpointer data, GError **error)
{
  return vai_store_forget_job (store, ((Forgetting *) data)->id, error);
}

static void
forgotten_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiWorkspace) self = VAI_WORKSPACE (user_data);
  g_autoptr (GError) error = NULL;

  if (vai_store_run_finish (VAI_STORE (source), result, &error) == NULL)
    g_signal_emit (self, signals[FAILED], 0, error);
}

static void
forget (VaiWorkspace *self, const VaiJobRow *row)
{
  Forgetting *forgetting = g_new0 (Forgetting, 1);

  forgetting->id = g_strdup (row->id);
  vai_store_run_async (self->store, forget_in_store, forgetting, forgetting_free, NULL, forgotten_cb,
                       g_object_ref (self));
}

void
vai_workspace_answer_interrupted (VaiWorkspace *self, guint index, gboolean again)
{
  g_return_if_fail (VAI_IS_WORKSPACE (self));
  g_return_if_fail (index < self->interrupted->len);

  const VaiJobRow *row = g_ptr_array_index (self->interrupted, index);
  g_autoptr (GError) error = NULL;
  GListModel *datasets = G_LIST_MODEL (self->lists[VAI_OBJECT_DATASET]);
  g_autoptr (VaiTask) task = again ? vai_task_new_again (self->store, row, datasets, &error) : NULL;

  /* It stays to be forgotten. */
  if (error != NULL)
    {
      g_signal_emit (self, signals[FAILED], 0, error);
      return;
    }
  /* The new job forgets the old one as it begins: were it waiting for its turn in another crash, it is offered again.
   */
  if (task != NULL)
    vai_workspace_start (self, task);
  else
    forget (self, row);
  g_ptr_array_remove_index (self->interrupted, index);
}

/* Changes. */

typedef struct
{
  VaiObject kind;
  VaiStoreFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

  if (self->destroy != NULL && self->data != NULL)
    self->destroy (self->data);
  g_free (self);
}

static gboolean
change_in_store (VaiStore *store, gpointer data, GError **error)
{
  Change *change = data;

  return change->func (store, change->data, error);
}

static void
changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  VaiWorkspace *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_application_release (g_application_get_default ());
  Change *change = vai_store_run_finish (VAI_STORE (source), result, &error);

  if (change == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  vai_workspace_refresh (self, change->kind);
  GDestroyNotify destroy = change->destroy;
  g_task_return_pointer (task, g_steal_pointer (&change->data), destroy);
}

void
vai_workspace_change_async (VaiWorkspace *self,
                            VaiObject kind,
                            VaiStoreFunc func,
                            gpointer data,
                            GDestroyNotify destroy,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (VAI_IS_WORKSPACE (self));
  g_return_if_fail (self->store != NULL);

  GTask *task = g_task_new (self, NULL, callback, user_data);
  Change *change = g_new0 (Change, 1);
  *change = (Change){ kind, func, data, destroy };
  g_task_set_source_tag (task, vai_workspace_change_async);
  /* The program does not end before it is written. */
  g_application_hold (g_application_get_default ());
  vai_store_run_async (self->store, change_in_store, change, change_free, NULL, changed_cb, task);
}

gpointer
vai_workspace_change_finish (VaiWorkspace *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  VaiObject kind;
  GStrv ids;
  gboolean deleted;
} Deletion;

static void
deletion_free (gpointer data)
{
  g_strfreev (((Deletion *) data)->ids);
  g_free (data);
}

static gboolean
delete_in_store (VaiStore *store, gpointer data, GError **error)
{
  const Deletion *deletion = data;

  for (guint i = 0; deletion->ids[i] != NULL; i++)
    if (!vai_store_set_deleted (store, deletion->kind, deletion->ids[i], deletion->deleted, error))
      return FALSE;
  return TRUE;
}

void
vai_workspace_set_deleted_async (VaiWorkspace *self,
                                 VaiObject kind,
                                 const char *const *ids,
                                 gboolean deleted,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  Deletion *deletion = g_new0 (Deletion, 1);

  *deletion = (Deletion){ kind, g_strdupv ((char **) ids), deleted };
  vai_workspace_change_async (self, kind, delete_in_store, deletion, deletion_free, callback, user_data);
}

gboolean
vai_workspace_set_deleted_finish (VaiWorkspace *self, GAsyncResult *result, GError **error)
{
  Deletion *deletion = vai_workspace_change_finish (self, result, error);

  if (deletion == NULL)
    return FALSE;
  deletion_free (deletion);
  return TRUE;
}

/* Models and tables. */

/* What is asked for goes to the head: the one that nobody asked for longest is let go first. */
static VaiLoadedModel *
find_model (VaiWorkspace *self, const char *id)
{
  for (GList *link = self->models.head; link != NULL; link = link->next)
    if (g_str_equal (vai_loaded_model_get_id (link->data), id))
      {
        g_queue_unlink (&self->models, link);
        g_queue_push_head_link (&self->models, link);
        return link->data;
      }
  return NULL;
}

static void
load_model_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  VaiLoadedModel *loaded = vai_loaded_model_new (VAI_WORKSPACE (source)->store, data, &error);

  if (loaded != NULL)
    g_task_return_pointer (task, loaded, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
vai_workspace_load_model_async (VaiWorkspace *self,
                                const char *id,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (VAI_IS_WORKSPACE (self));
  g_return_if_fail (self->store != NULL);

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  VaiLoadedModel *loaded = find_model (self, id);
  g_task_set_source_tag (task, vai_workspace_load_model_async);
  if (loaded != NULL)
    {
      g_task_return_pointer (task, g_object_ref (loaded), g_object_unref);
      return;
    }
  g_task_set_task_data (task, g_strdup (id), g_free);
  g_task_run_in_thread (task, load_model_thread);
}

VaiLoadedModel *
vai_workspace_load_model_finish (VaiWorkspace *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, vai_workspace_load_model_async), NULL);

  VaiLoadedModel *loaded = g_task_propagate_pointer (G_TASK (result), error);
  if (loaded != NULL && find_model (self, vai_loaded_model_get_id (loaded)) == NULL)
    {
      g_queue_push_head (&self->models, g_object_ref (loaded));
      while (self->models.length > MODELS_KEPT)
        g_object_unref (g_queue_pop_tail (&self->models));
    }
  return loaded;
}

static void
load_table_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  VaiTable *table = vai_store_load_table (VAI_WORKSPACE (source)->store, data, NULL, cancellable, &error);

  if (table != NULL)
    g_task_return_pointer (task, table, (GDestroyNotify) vai_table_unref);
  else
    g_task_return_error (task, error);
}

void
vai_workspace_load_table_async (VaiWorkspace *self,
                                const char *dataset_id,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (VAI_IS_WORKSPACE (self));
  g_return_if_fail (self->store != NULL);

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, vai_workspace_load_table_async);
  if (g_strcmp0 (self->table_id, dataset_id) == 0)
    {
      g_task_return_pointer (task, vai_table_ref (self->table), (GDestroyNotify) vai_table_unref);
      return;
    }
  g_task_set_task_data (task, g_strdup (dataset_id), g_free);
  g_task_run_in_thread (task, load_table_thread);
}

VaiTable *
vai_workspace_load_table_finish (VaiWorkspace *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, vai_workspace_load_table_async), NULL);

  VaiTable *table = g_task_propagate_pointer (G_TASK (result), error);
  const char *id = g_task_get_task_data (G_TASK (result));
  if (table != NULL && id != NULL)
    {
      g_free (self->table_id);
      self->table_id = g_strdup (id);
      g_clear_pointer (&self->table, vai_table_unref);
      self->table = vai_table_ref (table);
    }
  return table;
}
