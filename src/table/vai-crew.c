#include "vai-crew.h"

/* More are of no use for the columns of a table. */
#define THREADS_MAX 16

struct _VaiCrew
{
  GMutex mutex;
  GCond begin, end;
  guint round; /* counts up; a thread that sees it change takes part */
  guint busy;  /* threads that have not ended this round */
  gboolean quit;
  guint n_tasks;
  guint next; /* atomic */
  VaiCrewFunc func;
  gpointer user_data;
  GThread *threads[THREADS_MAX];
  guint n_threads;
};

static void
work (VaiCrew *self)
{
  for (;;)
    {
      guint index = __atomic_fetch_add (&self->next, 1, __ATOMIC_RELAXED);
      if (index >= self->n_tasks)
        return;
      self->func (index, self->user_data);
    }
}

static gpointer
serve (gpointer data)
{
  VaiCrew *self = data;
  guint seen = 0;
  g_mutex_lock (&self->mutex);
  for (;;)
    {
      while (self->round == seen && !self->quit)
        g_cond_wait (&self->begin, &self->mutex);
      if (self->quit)
        break;
      seen = self->round;
      g_mutex_unlock (&self->mutex);
      work (self);
      g_mutex_lock (&self->mutex);
      self->busy--;
      if (self->busy == 0)
        g_cond_signal (&self->end);
    }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

VaiCrew *
vai_crew_new (guint threads)
{
  VaiCrew *self = g_new0 (VaiCrew, 1);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->begin);
  g_cond_init (&self->end);
  guint wanted = MIN (threads > 0 ? threads : g_get_num_processors (), THREADS_MAX);
  for (guint i = 1; i < wanted; i++)
    {
      GThread *thread = g_thread_try_new ("vai-import", serve, self, NULL);
      if (thread != NULL)
        self->threads[self->n_threads++] = thread;
    }
  return self;
}

void
vai_crew_free (VaiCrew *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->mutex);
  self->quit = TRUE;
  g_cond_broadcast (&self->begin);
  g_mutex_unlock (&self->mutex);
  for (guint i = 0; i < self->n_threads; i++)
    g_thread_join (self->threads[i]);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->begin);
  g_cond_clear (&self->end);
  g_free (self);
}

void
vai_crew_run (VaiCrew *self, guint n_tasks, VaiCrewFunc func, gpointer user_data)
{
  g_mutex_lock (&self->mutex);
  self->n_tasks = n_tasks;
  self->next = 0;
  self->func = func;
  self->user_data = user_data;
  self->busy = self->n_threads;
  self->round++;
  g_cond_broadcast (&self->begin);
  g_mutex_unlock (&self->mutex);
  work (self);
  g_mutex_lock (&self->mutex);
  while (self->busy > 0)
    g_cond_wait (&self->end, &self->mutex);
  g_mutex_unlock (&self->mutex);
}
