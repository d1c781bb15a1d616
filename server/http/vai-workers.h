/* The threads on which requests are worked on. Each has its own connection to the database and may wait: for the
 * writer, for a password hash, for Stripe. */
#pragma once

#include "vai-call.h"
#include "vai-server.h"

G_BEGIN_DECLS

/* More than this waiting means that they come faster than they go: those that come get 503. */
#define VAI_WORKERS_QUEUE_MAX 1024

typedef void (*VaiCallDone) (VaiCall *call, VaiReply *reply, gpointer data);

VaiWorkers *vai_workers_new (VaiServer *server, guint n_threads);

/* What is queued is answered first. */
void vai_workers_free (VaiWorkers *self);

/* Runs @call and calls @done with its reply on the worker's thread. FALSE when too many wait. */
gboolean vai_workers_push (VaiWorkers *self, VaiCall *call, VaiCallDone done, gpointer data);

guint vai_workers_get_n_waiting (VaiWorkers *self);

/* Whatever stands between a request and its handler: who asks, how often, what the message says. */
VaiReply *vai_call_run (VaiCall *call);

G_END_DECLS
