#include "vai-training-watch.h"

#include <math.h>

/* A training tells of thousands of rounds in a second, a person sees some ten pictures of it. */
#define TELL_MS 80

struct _VaiTrainingWatch
{
  GObject parent_instance;

  GCancellable *stop;
  GPtrArray *tries; /* of VaiTry */
  guint n_planned;
  gboolean testing;
  double guessing_loss, base_rate;

  GMutex mutex;
  GArray *pending;  /* of VaiTrainEvent, under @mutex; descriptions are owned */
  guint timeout_id; /* under @mutex */
};

G_DEFINE_FINAL_TYPE (VaiTrainingWatch, vai_training_watch, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
try_free (gpointer data)
{
  VaiTry *self = data;

  g_free (self->description);
  g_array_unref (self->curve);
  g_free (self);
}

static void
clear_event (gpointer data)
{
  VaiTrainEvent *event = data;

  g_free ((char *) event->description);
}

static void
vai_training_watch_finalize (GObject *object)
{
  VaiTrainingWatch *self = VAI_TRAINING_WATCH (object);

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_array_unref (self->pending);
  g_ptr_array_unref (self->tries);
  g_object_unref (self->stop);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (vai_training_watch_parent_class)->finalize (object);
}

static void
vai_training_watch_class_init (VaiTrainingWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_training_watch_finalize;
  signals[CHANGED]
      = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GArray *
events_new (void)
{
  GArray *events = g_array_new (FALSE, FALSE, sizeof (VaiTrainEvent));

  g_array_set_clear_func (events, clear_event);
  return events;
}

static void
vai_training_watch_init (VaiTrainingWatch *self)
{
  self->stop = g_cancellable_new ();
  self->tries = g_ptr_array_new_with_free_func (try_free);
  self->pending = events_new ();
  self->guessing_loss = self->base_rate = NAN;
  g_mutex_init (&self->mutex);
}

static VaiTry *
take_try (VaiTrainingWatch *self, const VaiTrainEvent *event)
{
  if (event->candidate < self->tries->len)
    return g_ptr_array_index (self->tries, event->candidate);
  VaiTry *try = g_new0 (VaiTry, 1);
  try->description = g_strdup (event->description);
  try->algorithm = event->algorithm;
  try->loss = NAN;
  try->curve = g_array_new (FALSE, FALSE, sizeof (double));
  g_ptr_array_add (self->tries, try);
  return try;
}

static void
take_event (VaiTrainingWatch *self, const VaiTrainEvent *event)
{
  self->n_planned = event->n_candidates;
  self->guessing_loss = event->guessing_loss;
  self->base_rate = event->base_rate;
  if (event->kind == VAI_TRAIN_TESTING)
    {
      self->testing = TRUE;
      return;
    }
  /* Members are fitted again for testing: that is no new round of a try. */
  if (self->testing)
    return;
  VaiTry *try = take_try (self, event);
  if (event->kind == VAI_TRAIN_ROUND)
    {
      try->round = event->round;
      try->n_rounds = event->n_rounds;
      if (event->is_curve && isfinite (event->loss))
        g_array_append_val (try->curve, event->loss);
    }
  else if (event->kind == VAI_TRAIN_COMPLETE)
    {
      try->complete = TRUE;
      try->loss = event->loss;
      try->n_likely = event->n_likely;
      try->n_likely_won = event->n_likely_won;
      try->beats_guessing = event->beats_guessing;
    }
}

static gboolean
take_pending_cb (gpointer user_data)
{
  VaiTrainingWatch *self = VAI_TRAINING_WATCH (user_data);
  g_autoptr (GArray) events = events_new ();

  g_mutex_lock (&self->mutex);
  self->timeout_id = 0;
  GArray *pending = self->pending;
  self->pending = events;
  events = pending;
  g_mutex_unlock (&self->mutex);
  for (guint i = 0; i < events->len; i++)
    take_event (self, &g_array_index (events, VaiTrainEvent, i));
  g_signal_emit (self, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

/* Of rounds that are not drawn only the latest counts. */
static gboolean
replaces (const VaiTrainEvent *last, const VaiTrainEvent *event)
{
  return event->kind == VAI_TRAIN_ROUND && !event->is_curve && last->kind == VAI_TRAIN_ROUND && !last->is_curve
         && last->candidate == event->candidate;
}

/* On the thread of the training. */
static void
told_cb (const VaiTrainEvent *event, gpointer user_data)
{
  VaiTrainingWatch *self = VAI_TRAINING_WATCH (user_data);
  VaiTrainEvent copy = *event;

  copy.description = event->kind == VAI_TRAIN_BEGIN ? g_strdup (event->description) : NULL;
  g_mutex_lock (&self->mutex);
  guint n = self->pending->len;
  if (n > 0 && replaces (&g_array_index (self->pending, VaiTrainEvent, n - 1), &copy))
    g_array_index (self->pending, VaiTrainEvent, n - 1) = copy;
  else
    g_array_append_val (self->pending, copy);
  if (self->timeout_id == 0)
    self->timeout_id
        = g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, TELL_MS, take_pending_cb, g_object_ref (self), g_object_unref);
  g_mutex_unlock (&self->mutex);
}

VaiTrainingWatch *
vai_training_watch_attach (VaiJobTrain *job)
{
  g_return_val_if_fail (VAI_IS_JOB_TRAIN (job), NULL);
  g_return_val_if_fail (vai_training_watch_of (VAI_JOB (job)) == NULL, NULL);

  VaiTrainingWatch *self = g_object_new (VAI_TYPE_TRAINING_WATCH, NULL);
  g_object_set_data_full (G_OBJECT (job), "vai-training-watch", self, g_object_unref);
  g_set_object (&vai_job_train_get_options (job)->stop, self->stop);
  vai_job_train_set_event_func (job, told_cb, self);
  return self;
}

VaiTrainingWatch *
vai_training_watch_of (VaiJob *job)
{
  return g_object_get_data (G_OBJECT (job), "vai-training-watch");
}

guint
vai_training_watch_get_n_tries (VaiTrainingWatch *self)
{
  g_return_val_if_fail (VAI_IS_TRAINING_WATCH (self), 0);
  return self->tries->len;
}

const VaiTry *
vai_training_watch_get_try (VaiTrainingWatch *self, guint index)
{
  g_return_val_if_fail (VAI_IS_TRAINING_WATCH (self), NULL);
  g_return_val_if_fail (index < self->tries->len, NULL);
  return g_ptr_array_index (self->tries, index);
}

guint
vai_training_watch_get_n_planned (VaiTrainingWatch *self)
{
  g_return_val_if_fail (VAI_IS_TRAINING_WATCH (self), 0);
  return self->n_planned;
}

gboolean
vai_training_watch_is_testing (VaiTrainingWatch *self)
{
  g_return_val_if_fail (VAI_IS_TRAINING_WATCH (self), FALSE);
  return self->testing;
}

double
vai_training_watch_get_guessing_loss (VaiTrainingWatch *self)
{
  g_return_val_if_fail (VAI_IS_TRAINING_WATCH (self), NAN);
  return self->guessing_loss;
}

double
vai_training_watch_get_base_rate (VaiTrainingWatch *self)
{
  g_return_val_if_fail (VAI_IS_TRAINING_WATCH (self), NAN);
  return self->base_rate;
}

const VaiTry *
vai_training_watch_get_best (VaiTrainingWatch *self)
{
  g_return_val_if_fail (VAI_IS_TRAINING_WATCH (self), NULL);

  const VaiTry *best = NULL;
  for (guint i = 0; i < self->tries->len; i++)
    {
      const VaiTry *try = g_ptr_array_index (self->tries, i);
      if (try->complete && (best == NULL || try->loss < best->loss))
        best = try;
    }
  return best;
}

gboolean
vai_training_watch_can_stop (VaiTrainingWatch *self)
{
  g_return_val_if_fail (VAI_IS_TRAINING_WATCH (self), FALSE);
  return !self->testing && !vai_training_watch_is_stopped (self) && vai_training_watch_get_best (self) != NULL;
}

void
vai_training_watch_stop (VaiTrainingWatch *self)
{
  g_return_if_fail (VAI_IS_TRAINING_WATCH (self));

  g_cancellable_cancel (self->stop);
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
vai_training_watch_is_stopped (VaiTrainingWatch *self)
{
  g_return_val_if_fail (VAI_IS_TRAINING_WATCH (self), FALSE);
  return g_cancellable_is_cancelled (self->stop);
}
