/* The log: a JSON object a line on standard error, with the id of the request it belongs to. Never a secret. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

/* From now on g_message() and its kin write such lines; @level is “debug”, “info”, “warning” or “error”, what is less
 * is left out. */
void vai_log_start (const char *level);

/* One request and its answer. From the main thread. */
void vai_log_request (const VaiCall *call, guint status, gint64 microseconds);

G_END_DECLS
