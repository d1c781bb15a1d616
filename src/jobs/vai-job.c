#include "vai-job-private.h"

#include "vai-error.h"
#include "vai-output.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/resource.h>

typedef struct
{
  VaiStore *store;       /* owned, nullable */
  VaiProgress *progress; /* owned */
  char *row_id;          /* owned; NULL until the job row is written */
  char *replaced_id;     /* owned, nullable: the row of the interrupted job that this one does again */
  gboolean ended;        /* the job row says how it ended */
  GHashTable *seconds;   /* phase → seconds */
  GPtrArray *phases;     /* of char*, in order */
  const char *phase;     /* owned by @phases */
  gint64 phase_began;    /* monotonic microseconds */
  guint64 peak_memory;
} VaiJobPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (VaiJob, vai_job, G_TYPE_OBJECT)

static VaiJobPrivate *
priv (VaiJob *self)
{
  return vai_job_get_instance_private (self);
}

static void
vai_job_finalize (GObject *object)
{
  VaiJobPrivate *p = priv (VAI_JOB (object));
  g_clear_object (&p->store);
  vai_progress_unref (p->progress);
  g_free (p->row_id);
  g_free (p->replaced_id);
  g_hash_table_unref (p->seconds);
  g_ptr_array_unref (p->phases);
  G_OBJECT_CLASS (vai_job_parent_class)->finalize (object);
}

static void
vai_job_class_init (VaiJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_job_finalize;
}

static void
vai_job_init (VaiJob *self)
{
  VaiJobPrivate *p = priv (self);
  p->progress = vai_progress_new ();
  p->seconds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  p->phases = g_ptr_array_new_with_free_func (g_free);
}

const char *
vai_job_get_kind (VaiJob *self)
{
  g_return_val_if_fail (VAI_IS_JOB (self), NULL);
  return VAI_JOB_GET_CLASS (self)->kind;
}

void
vai_job_set_store (VaiJob *self, VaiStore *store)
{
  g_return_if_fail (VAI_IS_JOB (self));
  g_set_object (&priv (self)->store, store);
}

VaiStore *
vai_job_get_store (VaiJob *self)
{
  g_return_val_if_fail (VAI_IS_JOB (self), NULL);
  return priv (self)->store;
}

VaiProgress *
vai_job_get_progress (VaiJob *self)
{
  g_return_val_if_fail (VAI_IS_JOB (self), NULL);
  return priv (self)->progress;
}

GHashTable *
vai_job_get_seconds (VaiJob *self)
{
  g_return_val_if_fail (VAI_IS_JOB (self), NULL);
  return priv (self)->seconds;
}

const GPtrArray *
vai_job_get_phases (VaiJob *self)
{
  g_return_val_if_fail (VAI_IS_JOB (self), NULL);
  return priv (self)->phases;
}

guint64
vai_job_get_peak_memory (VaiJob *self)
{
  g_return_val_if_fail (VAI_IS_JOB (self), 0);
  return priv (self)->peak_memory;
}

void
vai_job_add_seconds (VaiJob *self, const char *phase, double seconds)
{
  VaiJobPrivate *p = priv (self);
  double *sum = g_hash_table_lookup (p->seconds, phase);
  if (sum == NULL)
    {
      sum = g_new0 (double, 1);
      g_hash_table_insert (p->seconds, g_strdup (phase), sum);
      g_ptr_array_add (p->phases, g_strdup (phase));
    }
  *sum += seconds;
}

static void
end_phase (VaiJobPrivate *p, VaiJob *self)
{
  gint64 now = g_get_monotonic_time ();
  if (p->phase != NULL)
    vai_job_add_seconds (self, p->phase, (now - p->phase_began) / (double) G_USEC_PER_SEC);
  p->phase = NULL;
  p->phase_began = now;
}

void
vai_job_begin_phase (VaiJob *self, const char *phase)
{
  VaiJobPrivate *p = priv (self);
  end_phase (p, self);
  p->phase = g_intern_string (phase);
  /* What the row says is for a person who finds the job interrupted: a failure to say it must not stop the job. */
  g_autofree char *message = vai_progress_dup_message (p->progress);
  if (p->row_id != NULL)
    vai_store_update_job (p->store, p->row_id, vai_progress_get_fraction (p->progress), message, NULL);
}

void
vai_job_set_replaced (VaiJob *self, const char *row_id)
{
  VaiJobPrivate *p = priv (self);
  g_free (p->replaced_id);
  p->replaced_id = g_strdup (row_id);
}

typedef struct
{
  VaiJobRow *row;
  const char *replaced_id;
} Start;

/* What was interrupted is offered until this job stands in its place. */
static gboolean
start_in_store (VaiStore *store, gpointer data, GError **error)
{
  const Start *start = data;
  return vai_store_start_job (store, start->row, error)
         && (start->replaced_id == NULL || vai_store_forget_job (store, start->replaced_id, error));
}

static gboolean
start_row (VaiJob *self, GError **error)
{
  VaiJobPrivate *p = priv (self);
  VaiJobClass *klass = VAI_JOB_GET_CLASS (self);
  if (p->store == NULL)
    return TRUE;
  g_autoptr (VaiJobRow) row = vai_row_new (&vai_job_row_kind);
  row->kind = g_strdup (klass->kind);
  g_autoptr (JsonNode) parameters = klass->dup_parameters != NULL ? klass->dup_parameters (self) : NULL;
  if (parameters != NULL)
    row->parameters = json_to_string (parameters, FALSE);
  Start start = { row, p->replaced_id };
  if (!vai_store_transaction (p->store, start_in_store, &start, error))
    return FALSE;
  p->row_id = g_steal_pointer (&row->id);
  return TRUE;
}

/* Its own error would hide the reason. */
static void
end_row_badly (VaiJob *self, const GError *reason)
{
  VaiJobPrivate *p = priv (self);
  if (p->row_id == NULL || p->ended)
    return;
  gboolean cancelled = g_error_matches (reason, VAI_ERROR, VAI_ERROR_CANCELLED);
  vai_store_end_job (p->store, p->row_id, NULL, cancelled ? "cancelled" : "failed", reason->message, NULL);
}

typedef struct
{
  VaiJob *job;
  VaiOutput *output;
  VaiStoreFunc func;
  gpointer data;
  char **subject_id;
} Result;

static gboolean
store_result (VaiStore *store, gpointer data, GError **error)
{
  const Result *result = data;
  VaiJobPrivate *p = priv (result->job);
  if (result->func != NULL && !result->func (store, result->data, error))
    return FALSE;
  return vai_store_end_job (store, p->row_id, result->subject_id != NULL ? *result->subject_id : NULL, "done", NULL,
                            error)
         && (result->output == NULL || vai_output_commit_revocably (result->output, error));
}

gboolean
vai_job_store_result (VaiJob *self,
                      VaiOutput *output,
                      VaiStoreFunc func,
                      gpointer data,
                      char **subject_id,
                      GError **error)
{
  VaiJobPrivate *p = priv (self);
  if (p->ended)
    return TRUE;
  if (p->store == NULL)
    return output == NULL || vai_output_commit (output, error);
  Result result = { self, output, func, data, subject_id };
  p->ended = vai_store_transaction (p->store, store_result, &result, error);
  if (p->ended)
    return TRUE;
  if (output != NULL)
    vai_output_revert (output);
  if (subject_id != NULL)
    g_clear_pointer (subject_id, g_free);
  return FALSE;
}

/* Linux gives the greatest resident size in KiB. */
static guint64
peak_memory (void)
{
  struct rusage usage;
  return getrusage (RUSAGE_SELF, &usage) == 0 ? (guint64) usage.ru_maxrss * 1024 : 0;
}

gboolean
vai_job_run (VaiJob *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (VAI_IS_JOB (self), FALSE);
  VaiJobPrivate *p = priv (self);
  g_return_val_if_fail (p->row_id == NULL, FALSE);
  g_autoptr (GError) reason = NULL;
  if (!start_row (self, error))
    return FALSE;
  gboolean good = VAI_JOB_GET_CLASS (self)->run (self, cancellable, &reason)
                  && vai_job_store_result (self, NULL, NULL, NULL, NULL, &reason);
  end_phase (p, self);
  p->peak_memory = peak_memory ();
  if (good)
    {
      vai_progress_set (p->progress, 1, NULL);
      return TRUE;
    }
  end_row_badly (self, reason);
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gpointer
run_task (gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  if (vai_job_run (g_task_get_source_object (task), g_task_get_cancellable (task), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
  return NULL;
}

void
vai_job_run_async (VaiJob *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (VAI_IS_JOB (self));
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, vai_job_run_async);
  /* A job that had ended when it was stopped has ended: the answer must say so. */
  g_task_set_check_cancellable (task, FALSE);
  /* A thread of its own, not GTask's pool: it lasts for minutes and has a name. */
  g_thread_unref (g_thread_new (vai_job_get_kind (self), run_task, task));
}

gboolean
vai_job_run_finish (VaiJob *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, vai_job_run_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
vai_job_require_store (VaiJob *self, GError **error)
{
  if (priv (self)->store != NULL)
    return TRUE;
  g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("A workspace is needed for this: say which one."));
  return FALSE;
}

gboolean
vai_job_check_output (VaiJob *self, const char *output, const char *input, GError **error)
{
  VaiStore *store = priv (self)->store;
  return output == NULL
         || (vai_output_check_apart (output, input, error)
             && vai_output_check_apart (output, store != NULL ? vai_store_get_path (store) : NULL, error));
}

VaiModel *
vai_job_load_model (VaiJob *self, const char *path, const char *id, GError **error)
{
  if (path != NULL)
    return vai_model_load (path, error);
  if (id == NULL)
    {
      g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("No model was given."));
      return NULL;
    }
  if (!vai_job_require_store (self, error))
    return NULL;
  g_autoptr (GBytes) bytes = vai_store_load_model (priv (self)->store, id, error);
  return bytes != NULL ? vai_model_from_bytes (bytes, error) : NULL;
}

void
vai_job_set_path (JsonObject *object, const char *name, const char *path)
{
  g_autofree char *whole = path != NULL ? g_canonicalize_filename (path, NULL) : NULL;
  if (whole != NULL)
    json_object_set_string_member (object, name, whole);
}

char *
vai_job_dup_parameter (JsonObject *object, const char *name)
{
  return g_strdup (json_object_get_string_member_with_default (object, name, NULL));
}

char *
vai_job_name_of_path (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  char *dot = strrchr (name, '.');
  if (dot != NULL && dot != name)
    *dot = '\0';
  return g_utf8_make_valid (name, -1);
}
