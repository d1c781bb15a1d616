#include "vai-store-private.h"

#include "vai-error.h"
#include "vai-store-resources.h"
#include "vai-time.h"

#include <glib/gi18n-lib.h>

/* "VaiW": the mark of a workspace in the header of the file. */
#define APPLICATION_ID 0x56616957

/* Steps of the ladder, oldest first. */
static const char *const step_names[] = { "0001", "0002" };

/* What the thread holds. It outlives the object when the last reference is dropped on the thread itself. */
typedef struct
{
  gatomicrefcount refs;
  GAsyncQueue *queue; /* of Request */
  char *path;
  VaiStoreMode mode;
  VaiDb *db;
} Worker;

typedef struct
{
  VaiStore *store; /* not owned: who asks waits, or its task holds it */
  VaiStoreFunc func;
  gpointer data;
  gboolean last; /* closes the connection and ends the thread */
  GTask *task;   /* owned; NULL: somebody waits */
  GMutex mutex;
  GCond cond;
  gboolean answered;
  gboolean good;
  GError *error;
} Request;

struct _VaiStore
{
  GObject parent_instance;
  GThread *thread;
  Worker *worker;
};

G_DEFINE_FINAL_TYPE (VaiStore, vai_store, G_TYPE_OBJECT)

static void
worker_unref (Worker *worker)
{
  if (!g_atomic_ref_count_dec (&worker->refs))
    return;
  g_async_queue_unref (worker->queue);
  g_free (worker->path);
  g_free (worker);
}

static void
answer_waiting (Request *request)
{
  g_mutex_lock (&request->mutex);
  request->answered = TRUE;
  g_cond_signal (&request->cond);
  g_mutex_unlock (&request->mutex);
}

static void
answer_task (Request *request)
{
  GTask *task = request->task;
  if (request->good)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&request->error));
  g_free (request);
  g_object_unref (task);
}

static gpointer
run_worker (gpointer data)
{
  Worker *worker = data;
  gboolean last = FALSE;
  while (!last)
    {
      Request *request = g_async_queue_pop (worker->queue);
      last = request->last;
      gboolean stopped
          = request->task != NULL && vai_cancelled (g_task_get_cancellable (request->task), &request->error);
      if (request->func != NULL && !stopped)
        request->good = request->func (request->store, request->data, &request->error);
      if (last)
        g_clear_pointer (&worker->db, vai_db_close);
      if (request->task != NULL)
        answer_task (request);
      else if (request->func != NULL)
        answer_waiting (request);
      else
        g_free (request);
    }
  worker_unref (worker);
  return NULL;
}

gboolean
vai_store_call (VaiStore *self, VaiStoreFunc func, gpointer call, GError **error)
{
  g_return_val_if_fail (VAI_IS_STORE (self), FALSE);
  if (g_thread_self () == self->thread)
    return func (self, call, error);
  Request request = { .store = self, .func = func, .data = call };
  g_mutex_init (&request.mutex);
  g_cond_init (&request.cond);
  g_async_queue_push (self->worker->queue, &request);
  g_mutex_lock (&request.mutex);
  while (!request.answered)
    g_cond_wait (&request.cond, &request.mutex);
  g_mutex_unlock (&request.mutex);
  g_mutex_clear (&request.mutex);
  g_cond_clear (&request.cond);
  if (!request.good)
    g_propagate_error (error, request.error);
  return request.good;
}

/* A function to be run inside a transaction. */
typedef struct
{
  VaiStoreFunc func;
  gpointer data;
  gboolean reading;
} Inside;

static gboolean
run_inside (VaiStore *self, gpointer data, GError **error)
{
  const Inside *inside = data;
  VaiDb *db = vai_store_get_db (self);
  if (!(inside->reading ? vai_db_begin_reading (db, error) : vai_db_begin (db, error)))
    return FALSE;
  if (inside->func (self, inside->data, error))
    return vai_db_commit (db, error);
  vai_db_rollback (db);
  return FALSE;
}

gboolean
vai_store_transaction (VaiStore *self, VaiStoreFunc func, gpointer data, GError **error)
{
  Inside inside = { func, data, FALSE };
  return vai_store_call (self, run_inside, &inside, error);
}

gboolean
vai_store_read (VaiStore *self, VaiStoreFunc func, gpointer call, GError **error)
{
  Inside inside = { func, call, TRUE };
  return vai_store_call (self, run_inside, &inside, error);
}

VaiDb *
vai_store_get_db (VaiStore *self)
{
  g_assert (g_thread_self () == self->thread);
  return self->worker->db;
}

void
vai_store_run_async (VaiStore *self,
                     VaiStoreFunc func,
                     gpointer data,
                     GDestroyNotify destroy,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_return_if_fail (VAI_IS_STORE (self));
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, vai_store_run_async);
  g_task_set_task_data (task, data, destroy);
  /* What was written before the person stopped it is written: the answer must say so. */
  g_task_set_check_cancellable (task, FALSE);
  Request *request = g_new0 (Request, 1);
  *request = (Request){ .store = self, .func = func, .data = data, .task = task };
  g_async_queue_push (self->worker->queue, request);
}

gpointer
vai_store_run_finish (VaiStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, vai_store_run_async), NULL);
  GTask *task = G_TASK (result);
  return g_task_propagate_boolean (task, error) ? g_task_get_task_data (task) : NULL;
}

static char *
load_step (const char *name)
{
  g_autofree char *path = g_strdup_printf ("/com/valutai/store/sql/workspace/%s.sql", name);
  g_autoptr (GBytes) bytes
      = g_resource_lookup_data (vai_store_resources_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_assert (bytes != NULL);
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  return g_strndup (text, size);
}

static gboolean
open_db (VaiStore *self, gpointer data, GError **error)
{
  static const VaiDbMode modes[] = {
    [VAI_STORE_CREATE] = VAI_DB_CREATE,
    [VAI_STORE_EXISTING] = VAI_DB_EXISTING,
    [VAI_STORE_READ_ONLY] = VAI_DB_READ_ONLY,
  };
  Worker *worker = self->worker;
  g_auto (GStrv) steps = g_new0 (char *, G_N_ELEMENTS (step_names) + 1);
  for (guint i = 0; i < G_N_ELEMENTS (step_names); i++)
    steps[i] = load_step (step_names[i]);
  VaiDbLadder ladder = { APPLICATION_ID, _ ("ValutAI workspace"), (const char *const *) steps };
  worker->db = vai_db_open (worker->path, modes[worker->mode], &ladder, error);
  if (worker->db == NULL)
    return FALSE;
  return worker->mode == VAI_STORE_READ_ONLY || vai_store_find_interrupted (self, error);
}

VaiStore *
vai_store_open (const char *path, VaiStoreMode mode, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_autoptr (VaiStore) self = g_object_new (VAI_TYPE_STORE, NULL);
  self->worker->path = g_strdup (path);
  self->worker->mode = mode;
  g_atomic_ref_count_inc (&self->worker->refs);
  self->thread = g_thread_new ("store", run_worker, self->worker);
  if (!vai_store_call (self, open_db, NULL, error))
    return NULL;
  return g_steal_pointer (&self);
}

const char *
vai_store_get_path (VaiStore *self)
{
  g_return_val_if_fail (VAI_IS_STORE (self), NULL);
  return self->worker->path;
}

static void
vai_store_finalize (GObject *object)
{
  VaiStore *self = VAI_STORE (object);
  if (self->thread != NULL)
    {
      Request *request = g_new0 (Request, 1);
      request->last = TRUE;
      g_async_queue_push (self->worker->queue, request);
      if (g_thread_self () == self->thread)
        g_thread_unref (self->thread);
      else
        g_thread_join (self->thread);
    }
  worker_unref (self->worker);
  G_OBJECT_CLASS (vai_store_parent_class)->finalize (object);
}

static void
vai_store_class_init (VaiStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_store_finalize;
}

static void
vai_store_init (VaiStore *self)
{
  self->worker = g_new0 (Worker, 1);
  g_atomic_ref_count_init (&self->worker->refs);
  self->worker->queue = g_async_queue_new ();
}

static gboolean
check_all (VaiStore *self, gpointer data, GError **error)
{
  VaiStoreCall *call = data;
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  if (!vai_db_check (vai_store_get_db (self), problems, error))
    return FALSE;
  g_autoptr (GPtrArray) datasets
      = vai_store_list_rows (self, &vai_dataset_row_kind, vai_store_list_where (FALSE), NULL, error);
  for (guint i = 0; datasets != NULL && i < datasets->len; i++)
    {
      const VaiDatasetRow *row = g_ptr_array_index (datasets, i);
      vai_progress_set (call->progress, (double) i / datasets->len, row->name);
      if (!vai_store_check_dataset (self, row->id, problems, call->cancellable, error))
        return FALSE;
    }
  if (datasets == NULL || !vai_store_check_models (self, problems, call->cancellable, error))
    return FALSE;
  call->out = g_steal_pointer (&problems);
  return TRUE;
}

GPtrArray *
vai_store_check (VaiStore *self, VaiProgress *progress, GCancellable *cancellable, GError **error)
{
  VaiStoreCall call = { .progress = progress, .cancellable = cancellable };
  return vai_store_read (self, check_all, &call, error) ? call.out : NULL;
}

static gboolean
backup (VaiStore *self, gpointer data, GError **error)
{
  const VaiStoreCall *call = data;
  const char *path = call->in[0];
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return vai_db_backup (vai_store_get_db (self), path, error);
  g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE, _ ("“%s” exists already: choose a new name for the copy."),
               path);
  return FALSE;
}

gboolean
vai_store_backup (VaiStore *self, const char *path, GError **error)
{
  VaiStoreCall call = { .in = { path } };
  return vai_store_call (self, backup, &call, error);
}
