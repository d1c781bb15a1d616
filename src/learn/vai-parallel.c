#include "vai-parallel.h"

/* More are of no use and could exhaust what a system allows. */
#define THREADS_MAX 256

typedef struct
{
  gsize n, block;
  VaiRowsFunc func;
  gpointer user_data;
  gsize next; /* atomic: the first row of the next part */
} Work;

static gpointer
work (gpointer data)
{
  Work *self = data;
  for (;;)
    {
      gsize from = __atomic_fetch_add (&self->next, self->block, __ATOMIC_RELAXED);
      if (from >= self->n)
        return NULL;
      self->func (from, MIN (from + self->block, self->n), self->user_data);
    }
}

void
vai_parallel_rows (gsize n, gsize block, guint threads, VaiRowsFunc func, gpointer user_data)
{
  Work self = { n, block, func, user_data, 0 };
  gsize parts = (n + block - 1) / block;
  guint extra = MIN (MIN (MAX (threads, 1), THREADS_MAX), MAX (parts, 1)) - 1;
  g_autofree GThread **helpers = g_new0 (GThread *, extra + 1);
  /* A thread that the system refuses is no failure: the others take its parts. */
  for (guint i = 0; i < extra; i++)
    helpers[i] = g_thread_try_new ("vai-rows", work, &self, NULL);
  work (&self);
  for (guint i = 0; i < extra; i++)
    if (helpers[i])
      g_thread_join (helpers[i]);
}
