/* What Stripe did not tell, or told in vain, is asked for. */
#pragma once

#include "vai-server.h"

G_BEGIN_DECLS

/* The chore: purchases that are open, refunds that wait, and once a day all events and charges since the last time, and
 * disputes of half a year. */
void vai_reconciler_run (VaiServer *server, VaiConnection *connection);

/* The purchase of @session_id is asked about at the next run. */
void vai_reconciler_hurry (VaiTransaction *transaction, const char *session_id, gint64 now);

G_END_DECLS
