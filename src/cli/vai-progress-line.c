#include "vai-cli.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

/* Under this nothing is shown: a command that is done at once needs no bar. */
#define FIRST_LINE_AFTER_US (300 * 1000)
#define REFRESH_US (100 * 1000)

struct _VaiProgressLine
{
  VaiProgress *progress; /* owned */
  GThread *thread;
  GMutex mutex;
  GCond cond;
  gboolean stop;
  gboolean terminal;
  int last_tenth;
};

static void
show (VaiProgressLine *self)
{
  double fraction = vai_progress_get_fraction (self->progress);
  g_autofree char *message = vai_progress_dup_message (self->progress);
  if (self->terminal)
    {
      fprintf (stderr, "\r\033[K%3d%% %s", (int) floor (fraction * 100), message);
      return;
    }
  int tenth = (int) floor (fraction * 10);
  if (tenth > self->last_tenth)
    fprintf (stderr, "%d%% %s\n", tenth * 10, message);
  self->last_tenth = MAX (tenth, self->last_tenth);
}

static gpointer
run (gpointer data)
{
  VaiProgressLine *self = data;
  gint64 next = g_get_monotonic_time () + FIRST_LINE_AFTER_US;
  g_mutex_lock (&self->mutex);
  while (!self->stop)
    if (!g_cond_wait_until (&self->cond, &self->mutex, next))
      {
        show (self);
        next = g_get_monotonic_time () + REFRESH_US;
      }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

VaiProgressLine *
vai_progress_line_start (VaiProgress *progress)
{
  VaiProgressLine *self = g_new0 (VaiProgressLine, 1);
  self->progress = vai_progress_ref (progress);
  self->terminal = isatty (STDERR_FILENO);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("progress", run, self);
  return self;
}

void
vai_progress_line_stop (VaiProgressLine *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->mutex);
  self->stop = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);
  if (self->terminal)
    fputs ("\r\033[K", stderr);
  vai_progress_unref (self->progress);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}
