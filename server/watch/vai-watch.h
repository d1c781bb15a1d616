#pragma once

#include "vai-server.h"

G_BEGIN_DECLS

/* The chore that counts what the tables hold, for /metrics. */
void vai_watch_count (VaiServer *server, VaiConnection *connection);

G_END_DECLS
