#include "vai-chores.h"

#include "vai-account-tidy.h"
#include "vai-credits-chores.h"
#include "vai-error-group.h"
#include "vai-events.h"
#include "vai-idempotency.h"
#include "vai-lease-key.h"
#include "vai-mail.h"
#include "vai-reconciler.h"
#include "vai-sync.h"
#include "vai-tokens.h"
#include "vai-watch.h"

#include <string.h>

static gboolean
forget_answers (VaiTransaction *transaction, gpointer data)
{
  vai_transaction_run (transaction, "DELETE FROM idempotency WHERE created_at < $1",
                       VAI_INTEGER (vai_server_now () - VAI_IDEMPOTENCY_MS));
  return TRUE;
}

static void
tidy_idempotency (VaiServer *server, VaiConnection *connection)
{
  g_autoptr (GError) error = NULL;
  if (!vai_connection_write (connection, forget_answers, NULL, &error))
    g_warning ("old answers stay: %s", error->message);
}

static const VaiChore chores[] = {
  { "mail", 10, vai_mail_send_due, VAI_LANE_MAIL },
  { "revoked", 2, vai_tokens_renew_revoked },
  { "watch", 30, vai_watch_count },
  { "errors", 5, vai_error_group_store },
  { "tokens", 60, vai_tokens_rotate },
  { "lease-key", 60, vai_lease_key_rotate },
  { "idempotency", 3600, tidy_idempotency },
  { "stripe-events", 2, vai_events_work, VAI_LANE_STRIPE },
  { "stripe-reconciler", 600, vai_reconciler_run, VAI_LANE_STRIPE },
  { "expiry", 60, vai_credits_expire_due },
  { "leases", 60, vai_credits_end_leases },
  { "ledger", 30, vai_credits_check },
  { "home", 60, vai_sync_watch_home },
  { "library", 600, vai_sync_tidy, VAI_LANE_FILES },
  { "accounts", 3600, vai_account_tidy },
};

struct _VaiChores
{
  VaiServer *server;
  GThread *threads[VAI_LANE_N];
  GMutex lock;
  GCond changed;
  gboolean ending;
  gint64 due[G_N_ELEMENTS (chores)]; /* monotonic microseconds */
};

/* What the thread of a lane is given. */
typedef struct
{
  VaiChores *chores;
  VaiLane lane;
} Lane;

/* The chore of @lane that is due first. */
static gsize
find_next (VaiChores *self, VaiLane lane)
{
  gsize next = G_N_ELEMENTS (chores);
  for (gsize i = 0; i < G_N_ELEMENTS (chores); i++)
    if (chores[i].lane == lane && (next == G_N_ELEMENTS (chores) || self->due[i] < self->due[next]))
      next = i;
  return next;
}

static gpointer
chores_thread (gpointer data)
{
  g_autofree Lane *lane = data;
  VaiChores *self = lane->chores;
  g_autoptr (VaiConnection) connection = vai_connection_new (self->server->database);
  g_mutex_lock (&self->lock);
  while (!self->ending)
    {
      gsize next = find_next (self, lane->lane);
      if (g_get_monotonic_time () < self->due[next])
        {
          g_cond_wait_until (&self->changed, &self->lock, self->due[next]);
          continue;
        }
      self->due[next] = g_get_monotonic_time () + chores[next].seconds * G_TIME_SPAN_SECOND;
      g_mutex_unlock (&self->lock);
      chores[next].run (self->server, connection);
      g_mutex_lock (&self->lock);
    }
  g_mutex_unlock (&self->lock);
  return NULL;
}

VaiChores *
vai_chores_new (VaiServer *server)
{
  VaiChores *self = g_new0 (VaiChores, 1);
  self->server = server;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  return self;
}

void
vai_chores_start (VaiChores *self)
{
  for (guint i = 0; i < VAI_LANE_N; i++)
    {
      Lane *lane = g_new (Lane, 1);
      *lane = (Lane){ self, (VaiLane) i };
      self->threads[i] = g_thread_new ("chores", chores_thread, lane);
    }
}

void
vai_chores_stop (VaiChores *self)
{
  g_mutex_lock (&self->lock);
  self->ending = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < VAI_LANE_N; i++)
    if (self->threads[i] != NULL)
      g_thread_join (g_steal_pointer (&self->threads[i]));
}

void
vai_chores_free (VaiChores *self)
{
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
vai_chores_wake (VaiServer *server, const char *name)
{
  VaiChores *self = server->chores;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  for (gsize i = 0; i < G_N_ELEMENTS (chores); i++)
    if (strcmp (chores[i].name, name) == 0)
      self->due[i] = 0;
  g_cond_broadcast (&self->changed);
}
