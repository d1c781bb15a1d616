#include "vai-task.h"

#include "vai-error.h"

#include <glib/gi18n-lib.h>

/* Often enough to look alive, seldom enough to cost nothing. */
#define POLL_MS 100

struct _VaiTask
{
  GObject parent_instance;

  VaiJob *job;
  GCancellable *cancellable;
  char *title, *done, *message;
  char *page, *target; /* nullable */
  VaiTaskState state;
  double fraction;
  GError *error;
  gint64 started_us;
  guint poll_id;
};

G_DEFINE_TYPE (VaiTask, vai_task, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_FRACTION,
  PROP_MESSAGE,
  PROP_TITLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static guint n_running;

static void
vai_task_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  VaiTask *self = VAI_TASK (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    case PROP_FRACTION:
      g_value_set_double (value, self->fraction);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
vai_task_finalize (GObject *object)
{
  VaiTask *self = VAI_TASK (object);

  g_clear_handle_id (&self->poll_id, g_source_remove);
  g_clear_object (&self->job);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_free (self->title);
  g_free (self->done);
  g_free (self->message);
  g_free (self->page);
  g_free (self->target);
  G_OBJECT_CLASS (vai_task_parent_class)->finalize (object);
}

static void
vai_task_class_init (VaiTaskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = vai_task_get_property;
  object_class->finalize = vai_task_finalize;
  properties[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, 0, VAI_TASK_CANCELLED, VAI_TASK_QUEUED, flags);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, "", flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vai_task_init (VaiTask *self)
{
  self->cancellable = g_cancellable_new ();
  self->message = g_strdup ("");
}

VaiTask *
vai_task_new (VaiJob *job, const char *title, const char *done)
{
  g_return_val_if_fail (VAI_IS_JOB (job), NULL);
  g_return_val_if_fail (title != NULL, NULL);

  VaiTask *self = g_object_new (VAI_TYPE_TASK, NULL);
  self->job = g_object_ref (job);
  self->title = g_strdup (title);
  self->done = g_strdup (done);
  return self;
}

static void
set_state (VaiTask *self, VaiTaskState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
set_message (VaiTask *self, const char *message)
{
  if (g_str_equal (self->message, message))
    return;
  g_free (self->message);
  self->message = g_strdup (message);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
}

static void
set_fraction (VaiTask *self, double fraction)
{
  if (self->fraction == fraction)
    return;
  self->fraction = fraction;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
}

static gboolean
poll_cb (gpointer user_data)
{
  VaiTask *self = VAI_TASK (user_data);
  VaiProgress *progress = vai_job_get_progress (self->job);

  if (self->state != VAI_TASK_CANCELLING)
    {
      g_autofree char *message = vai_progress_dup_message (progress);
      set_message (self, message);
      set_fraction (self, CLAMP (vai_progress_get_fraction (progress), 0, 1));
    }
  return G_SOURCE_CONTINUE;
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  VaiTask *self = VAI_TASK (g_task_get_source_object (task));

  g_clear_handle_id (&self->poll_id, g_source_remove);
  n_running--;
  if (vai_job_run_finish (VAI_JOB (source), result, &self->error))
    {
      set_fraction (self, 1);
      set_state (self, VAI_TASK_DONE);
    }
  else if (g_error_matches (self->error, VAI_ERROR, VAI_ERROR_CANCELLED))
    {
      g_clear_error (&self->error);
      set_state (self, VAI_TASK_CANCELLED);
    }
  else
    set_state (self, VAI_TASK_FAILED);
  g_task_return_boolean (task, self->state == VAI_TASK_DONE);
}

void
vai_task_start (VaiTask *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (VAI_IS_TASK (self));
  g_return_if_fail (self->state == VAI_TASK_QUEUED);

  GTask *task = g_task_new (self, NULL, callback, user_data);
  self->started_us = g_get_monotonic_time ();
  self->poll_id = g_timeout_add (POLL_MS, poll_cb, self);
  n_running++;
  set_state (self, VAI_TASK_RUNNING);
  vai_job_run_async (self->job, self->cancellable, ended_cb, task);
}

guint
vai_task_count_running (void)
{
  return n_running;
}

void
vai_task_cancel (VaiTask *self)
{
  g_return_if_fail (VAI_IS_TASK (self));

  if (self->state == VAI_TASK_QUEUED)
    set_state (self, VAI_TASK_CANCELLED);
  else if (self->state == VAI_TASK_RUNNING)
    {
      g_cancellable_cancel (self->cancellable);
      set_message (self, _ ("Stopping…"));
      set_state (self, VAI_TASK_CANCELLING);
    }
}

VaiJob *
vai_task_get_job (VaiTask *self)
{
  g_return_val_if_fail (VAI_IS_TASK (self), NULL);
  return self->job;
}

VaiTaskState
vai_task_get_state (VaiTask *self)
{
  g_return_val_if_fail (VAI_IS_TASK (self), VAI_TASK_FAILED);
  return self->state;
}

double
vai_task_get_fraction (VaiTask *self)
{
  g_return_val_if_fail (VAI_IS_TASK (self), 0);
  return self->fraction;
}

const char *
vai_task_get_message (VaiTask *self)
{
  g_return_val_if_fail (VAI_IS_TASK (self), "");
  return self->message;
}

const char *
vai_task_get_title (VaiTask *self)
{
  g_return_val_if_fail (VAI_IS_TASK (self), "");
  return self->title;
}

const char *
vai_task_get_done_message (VaiTask *self)
{
  g_return_val_if_fail (VAI_IS_TASK (self), NULL);
  return self->done;
}

double
vai_task_get_seconds (VaiTask *self)
{
  g_return_val_if_fail (VAI_IS_TASK (self), 0);
  return self->started_us == 0 ? 0 : (double) (g_get_monotonic_time () - self->started_us) / G_USEC_PER_SEC;
}

const GError *
vai_task_get_error (VaiTask *self)
{
  g_return_val_if_fail (VAI_IS_TASK (self), NULL);
  return self->error;
}

gboolean
vai_task_is_active (VaiTask *self)
{
  g_return_val_if_fail (VAI_IS_TASK (self), FALSE);
  return self->state <= VAI_TASK_CANCELLING;
}

void
vai_task_set_place (VaiTask *self, const char *page, const char *target)
{
  g_return_if_fail (VAI_IS_TASK (self));

  g_free (self->page);
  g_free (self->target);
  self->page = g_strdup (page);
  self->target = g_strdup (target);
}

const char *
vai_task_get_page (VaiTask *self)
{
  g_return_val_if_fail (VAI_IS_TASK (self), NULL);
  return self->page;
}

const char *
vai_task_get_target (VaiTask *self)
{
  g_return_val_if_fail (VAI_IS_TASK (self), NULL);
  return self->target;
}
