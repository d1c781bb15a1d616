/* GLib waits by futexes, which ThreadSanitizer does not see: this tells it of them. To be preloaded into programs built
 * with -Db_sanitize=thread; in any other it does nothing. */
#include <dlfcn.h>
#include <glib.h>

void __tsan_acquire (void *address) __attribute__ ((weak));
void __tsan_release (void *address) __attribute__ ((weak));

void AnnotateIgnoreWritesBegin (const char *file, int line) __attribute__ ((weak));
void AnnotateIgnoreWritesEnd (const char *file, int line) __attribute__ ((weak));

/* What GLib allocates for itself under its own lock, and another thread frees. */
static void
begin_own (void)
{
  if (AnnotateIgnoreWritesBegin != NULL)
    AnnotateIgnoreWritesBegin (__FILE__, __LINE__);
}

static void
end_own (void)
{
  if (AnnotateIgnoreWritesEnd != NULL)
    AnnotateIgnoreWritesEnd (__FILE__, __LINE__);
}

static void
take (void *address)
{
  if (__tsan_acquire != NULL)
    __tsan_acquire (address);
}

static void
give (void *address)
{
  if (__tsan_release != NULL)
    __tsan_release (address);
}

/* GLib's own function of that name. */
#define REAL(name) ((__typeof__ (&name)) dlsym (RTLD_NEXT, #name))

#define LOCK(name, Type)                                                                                               \
  void name (Type *lock)                                                                                               \
  {                                                                                                                    \
    REAL (name) (lock);                                                                                                \
    take (lock);                                                                                                       \
  }
#define UNLOCK(name, Type)                                                                                             \
  void name (Type *lock)                                                                                               \
  {                                                                                                                    \
    give (lock);                                                                                                       \
    REAL (name) (lock);                                                                                                \
  }

LOCK (g_mutex_lock, GMutex)
UNLOCK (g_mutex_unlock, GMutex)
LOCK (g_rw_lock_reader_lock, GRWLock)
UNLOCK (g_rw_lock_reader_unlock, GRWLock)
LOCK (g_rw_lock_writer_lock, GRWLock)
UNLOCK (g_rw_lock_writer_unlock, GRWLock)

void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  give (mutex);
  REAL (g_cond_wait) (cond, mutex);
  take (mutex);
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end)
{
  give (mutex);
  gboolean woken = REAL (g_cond_wait_until) (cond, mutex, end);
  take (mutex);
  return woken;
}

void
g_async_queue_push (GAsyncQueue *queue, gpointer data)
{
  give (queue);
  begin_own ();
  REAL (g_async_queue_push) (queue, data);
  end_own ();
}

gpointer
g_async_queue_pop (GAsyncQueue *queue)
{
  gpointer data = REAL (g_async_queue_pop) (queue);
  take (queue);
  return data;
}

gpointer
g_async_queue_try_pop (GAsyncQueue *queue)
{
  gpointer data = REAL (g_async_queue_try_pop) (queue);
  take (queue);
  return data;
}

/* Their callers look at the place first, by an atomic read that is seen. */
gboolean (g_once_init_enter) (volatile void *place)
{
  gboolean first = REAL (g_once_init_enter) (place);
  take ((void *) place);
  return first;
}

void (g_once_init_leave) (volatile void *place, gsize value)
{
  give ((void *) place);
  REAL (g_once_init_leave) (place, value);
}

typedef struct
{
  GSourceFunc function;
  gpointer data;
  GDestroyNotify notify;
} Invoked;

static gboolean
run_invoked (gpointer data)
{
  Invoked *invoked = data;
  take (invoked);
  return invoked->function (invoked->data);
}

static void
free_invoked (gpointer data)
{
  Invoked *invoked = data;
  if (invoked->notify != NULL)
    invoked->notify (invoked->data);
  g_free (invoked);
}

guint
g_idle_add_full (gint priority, GSourceFunc function, gpointer data, GDestroyNotify notify)
{
  Invoked *invoked = g_new (Invoked, 1);
  *invoked = (Invoked){ function, data, notify };
  give (invoked);
  begin_own ();
  guint id = REAL (g_idle_add_full) (priority, run_invoked, invoked, free_invoked);
  end_own ();
  return id;
}
