#include "vai-fit.h"

#include "vai-error.h"
#include "vai-random.h"

#include <math.h>

/* From so many cells on, trainings run one after another with all threads inside: side by side they would hold the data
 * twice. */
#define SIDE_BY_SIDE_CELLS_MAX 30000000

/* From so many cells on, half of the workers at most build their first matrix at a time: all begin together, and the
 * largest come first. Later ones rarely meet. With fewer cells all of it is a few MiB. */
#define BUILD_TOGETHER_CELLS_MAX 100000

void
vai_fit_context_init (VaiFitContext *self, const VaiProblem *problem)
{
  *self = (VaiFitContext){ .problem = problem, .threads = 1, .best_loss = NAN, .guessing_loss = NAN };
  g_mutex_init (&self->mutex);
}

void
vai_fit_context_clear (VaiFitContext *self)
{
  g_mutex_clear (&self->mutex);
}

void
vai_fit_clear (VaiFit *self)
{
  g_clear_pointer (&self->member, vai_member_free);
  g_clear_pointer (&self->margins, g_free);
  g_clear_pointer (&self->probe_margins, g_free);
}

GArray *
vai_fits_new (void)
{
  GArray *fits = g_array_new (FALSE, TRUE, sizeof (VaiFit));
  g_array_set_clear_func (fits, (GDestroyNotify) vai_fit_clear);
  return fits;
}

/* What a worker tells the training thread. */
typedef struct
{
  guint fit;
  guint round; /* 0: the fit is done */
  double loss;
} Message;

typedef struct
{
  VaiFitContext *context;
  GArray *fits;
  guint *order; /* fits as they are begun */
  VaiSpareFunc spare;
  gpointer spare_data;
  guint n_workers, threads_each;
  sem_t *building;       /* nullable: see VaiTraining; of the first turns */
  int next;              /* atomic */
  int failed;            /* atomic */
  GAsyncQueue *messages; /* of Message */
  GMutex mutex;
  GError *error; /* the first; under @mutex */
} Batch;

typedef struct
{
  Batch *batch;
  guint fit;
} RoundData;

static void
tell (Batch *batch, guint fit, guint round, double loss)
{
  Message *message = g_new (Message, 1);
  *message = (Message){ .fit = fit, .round = round, .loss = loss };
  g_async_queue_push (batch->messages, message);
}

static void
on_round (guint round, double loss, gpointer user_data)
{
  const RoundData *data = user_data;
  if (data->batch->context->on_event != NULL)
    tell (data->batch, data->fit, round, loss);
}

static gboolean
predict (const Batch *batch, VaiFit *fit, const VaiMember *member, GError **error)
{
  if (fit->n_test > 0)
    {
      fit->margins = g_new (double, fit->n_test);
      if (!vai_member_margins (member, batch->context->problem->frame, fit->test, fit->n_test, batch->threads_each,
                               fit->margins, error))
        return FALSE;
    }
  if (fit->probe == NULL)
    return TRUE;
  fit->probe_margins = g_new (double, MAX (fit->probe->n_rows, 1));
  return vai_member_margins (member, fit->probe, NULL, fit->probe->n_rows, batch->threads_each, fit->probe_margins,
                             error);
}

static gboolean
run_fit (Batch *batch, guint turn, GError **error)
{
  guint index = batch->order[turn];
  VaiFitContext *context = batch->context;
  VaiFit *fit = &g_array_index (batch->fits, VaiFit, index);
  RoundData data = { batch, index };
  VaiTraining training = {
    .frame = context->problem->frame,
    .won = context->problem->won,
    .rows = fit->train,
    .n_rows = fit->n_train,
    .stop_rows = fit->stop,
    .n_stop_rows = fit->n_stop,
    .groups = context->problem->groups,
    .seed = fit->seed,
    .threads = batch->threads_each,
    .building = turn < batch->n_workers ? batch->building : NULL,
  };
  g_autoptr (VaiMember) member
      = vai_member_train (&fit->hyperparameters, &training, on_round, &data, context->cancellable, error);
  if (member == NULL || !predict (batch, fit, member, error))
    return FALSE;
  fit->rounds = vai_member_get_rounds (member);
  g_mutex_lock (&context->mutex);
  context->library_seconds += vai_member_get_library_seconds (member) / batch->n_workers;
  g_mutex_unlock (&context->mutex);
  if (fit->keep)
    fit->member = g_steal_pointer (&member);
  g_atomic_int_set (&fit->done, 1);
  return TRUE;
}

static gpointer
work (gpointer user_data)
{
  Batch *batch = user_data;
  for (guint turn; (turn = g_atomic_int_add (&batch->next, 1)) < batch->fits->len;)
    {
      guint index = batch->order[turn];
      g_autoptr (GError) error = NULL;
      gboolean skip = g_atomic_int_get (&batch->failed);
      if (!skip && (vai_cancelled (batch->context->cancellable, &error) || !run_fit (batch, turn, &error)))
        {
          g_atomic_int_set (&batch->failed, 1);
          g_mutex_lock (&batch->mutex);
          if (batch->error == NULL)
            batch->error = g_steal_pointer (&error);
          g_mutex_unlock (&batch->mutex);
        }
      tell (batch, index, 0, NAN);
    }
  while (batch->spare != NULL && !g_atomic_int_get (&batch->failed) && batch->spare (batch->spare_data))
    ;
  return NULL;
}

void
vai_fit_context_tell (VaiFitContext *self, VaiTrainEvent event)
{
  if (self->on_event == NULL)
    return;
  event.n_candidates = self->n_candidates;
  event.n_complete = self->n_complete;
  event.best_loss = self->best_loss;
  event.guessing_loss = self->guessing_loss;
  event.base_rate = (double) self->problem->n_won / (double) self->problem->n;
  self->on_event (&event, self->user_data);
}

static void
announce (const Batch *batch, const Message *message)
{
  const VaiFit *fit = &g_array_index (batch->fits, VaiFit, message->fit);
  VaiTrainEvent event = {
    .kind = VAI_TRAIN_ROUND,
    .candidate = fit->candidate,
    .description = fit->description,
    .algorithm = fit->hyperparameters.algorithm,
    .round = message->round,
    .n_rounds = fit->hyperparameters.rounds,
    .is_curve = fit->is_curve,
    .loss = message->loss,
  };
  vai_fit_context_tell (batch->context, event);
}

/* Until every fit is done. */
static void
listen (Batch *batch)
{
  VaiFitContext *context = batch->context;
  for (guint n_left = batch->fits->len; n_left > 0;)
    {
      g_autofree Message *message = g_async_queue_pop (batch->messages);
      if (message->round > 0)
        {
          announce (batch, message);
          continue;
        }
      n_left--;
      context->n_done++;
      vai_progress_set (context->progress, (double) context->n_done / MAX (context->n_expected, context->n_done),
                        g_array_index (batch->fits, VaiFit, message->fit).description);
    }
}

/* Largest first, so that no worker is left alone with a long one. */
static int
largest_first (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const VaiFit *fits = user_data;
  guint x = *(const guint *) a, y = *(const guint *) b;
  if (fits[x].n_train != fits[y].n_train)
    return fits[x].n_train < fits[y].n_train ? 1 : -1;
  return (x > y) - (x < y);
}

gboolean
vai_fits_run (VaiFitContext *self, GArray *fits, VaiSpareFunc spare, gpointer user_data, GError **error)
{
  gsize cells = self->problem->n * MAX (self->problem->frame->n_features, 1u);
  guint n_workers = cells > SIDE_BY_SIDE_CELLS_MAX ? 1 : MIN (self->threads, fits->len);
  Batch batch = { .context = self, .fits = fits, .n_workers = n_workers, .spare = spare, .spare_data = user_data };
  batch.threads_each = n_workers > 1 ? 1 : self->threads;
  if (fits->len == 0)
    return TRUE;
  g_autofree guint *order = batch.order = g_new (guint, fits->len);
  for (guint i = 0; i < fits->len; i++)
    order[i] = i;
  g_qsort_with_data (order, fits->len, sizeof *order, largest_first, fits->data);
  sem_t building;
  sem_init (&building, 0, MAX (n_workers / 2, 1));
  batch.building = cells > BUILD_TOGETHER_CELLS_MAX ? &building : NULL;
  g_mutex_init (&batch.mutex);
  batch.messages = g_async_queue_new_full (g_free);
  gint64 begin = g_get_monotonic_time ();
  g_autofree GThread **workers = g_new (GThread *, n_workers);
  for (guint i = 0; i < n_workers; i++)
    workers[i] = g_thread_new ("vai-train", work, &batch);
  listen (&batch);
  for (guint i = 0; i < n_workers; i++)
    g_thread_join (workers[i]);
  self->wall_seconds += (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC;
  g_async_queue_unref (batch.messages);
  g_mutex_clear (&batch.mutex);
  sem_destroy (&building);
  if (batch.error == NULL)
    return TRUE;
  g_propagate_error (error, batch.error);
  return FALSE;
}
