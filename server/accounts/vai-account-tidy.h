#pragma once

#include "vai-server.h"

G_BEGIN_DECLS

/* The chore: what has run out goes, links and codes after a day, letters that were sent and sessions that ended after a
 * month. */
void vai_account_tidy (VaiServer *server, VaiConnection *connection);

G_END_DECLS
