#include "vai-progress.h"

struct _VaiProgress
{
  gatomicrefcount refs;
  VaiProgress *parent; /* owned, nullable: then only from and to are used */
  double from, to;
  GMutex mutex;
  double fraction;
  char *message; /* owned */
};

VaiProgress *
vai_progress_new (void)
{
  VaiProgress *self = g_new0 (VaiProgress, 1);
  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->mutex);
  self->message = g_strdup ("");
  return self;
}

VaiProgress *
vai_progress_new_part (VaiProgress *parent, double from, double to)
{
  if (parent == NULL)
    return NULL;
  VaiProgress *self = vai_progress_new ();
  self->parent = vai_progress_ref (parent);
  self->from = from;
  self->to = to;
  return self;
}

VaiProgress *
vai_progress_ref (VaiProgress *self)
{
  if (self != NULL)
    g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
vai_progress_unref (VaiProgress *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;
  vai_progress_unref (self->parent);
  g_mutex_clear (&self->mutex);
  g_free (self->message);
  g_free (self);
}

void
vai_progress_set (VaiProgress *self, double fraction, const char *message)
{
  if (self == NULL)
    return;
  fraction = CLAMP (fraction, 0, 1);
  if (self->parent != NULL)
    {
      vai_progress_set (self->parent, self->from + (self->to - self->from) * fraction, message);
      return;
    }
  g_mutex_lock (&self->mutex);
  self->fraction = MAX (self->fraction, fraction);
  if (message != NULL && g_strcmp0 (message, self->message) != 0)
    {
      g_free (self->message);
      self->message = g_strdup (message);
    }
  g_mutex_unlock (&self->mutex);
}

double
vai_progress_get_fraction (VaiProgress *self)
{
  if (self == NULL)
    return 0;
  g_mutex_lock (&self->mutex);
  double fraction = self->fraction;
  g_mutex_unlock (&self->mutex);
  return fraction;
}

char *
vai_progress_dup_message (VaiProgress *self)
{
  if (self == NULL)
    return g_strdup ("");
  g_mutex_lock (&self->mutex);
  char *message = g_strdup (self->message);
  g_mutex_unlock (&self->mutex);
  return message;
}
