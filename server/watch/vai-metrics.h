/* What Prometheus asks for at /metrics: requests by route and status with their latencies, and gauges of the parts. */
#pragma once

#include "vai-call.h"
#include "vai-server.h"

G_BEGIN_DECLS

/* Notes an answered request. From the main thread. */
void vai_metrics_note_request (const VaiCall *call, guint status, gint64 microseconds);

/* A counter by @name (“valutai_sign_in_failures_total”), from any thread; @help is written once. */
void vai_metrics_count (const char *name, const char *help, gint64 by);

/* A number that goes up and down. */
void vai_metrics_set (const char *name, const char *help, double value);

/* The whole, as Prometheus reads it. Free with g_free(). */
char *vai_metrics_dup_text (VaiServer *server);

G_END_DECLS
