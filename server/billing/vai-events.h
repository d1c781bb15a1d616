/* What Stripe tells by itself: kept as it came, answered at once, worked on by a chore. */
#pragma once

#include "vai-call.h"
#include "vai-server.h"

G_BEGIN_DECLS

/* An event is at most this large. */
#define VAI_STRIPE_EVENT_BYTES_MAX (1024 * 1024)

/* The event in @body, with an id and a type; NULL for anything else. Unref with json_object_unref(). */
JsonObject *vai_events_parse (GBytes *body);

/* POST webhooks/stripe. */
VaiReply *vai_events_receive (VaiCall *call);

/* The chore. */
void vai_events_work (VaiServer *server, VaiConnection *connection);

/* Keeps an event that was listed: one that was lost is new, one of another version that was refused is taken up. */
void vai_events_keep_listed (VaiTransaction *transaction, JsonObject *event, gint64 now);

/* How many months that came since @since were paid, but were not what was asked for. */
gint64 vai_events_count_refused (VaiTransaction *transaction, gint64 since);

G_END_DECLS
