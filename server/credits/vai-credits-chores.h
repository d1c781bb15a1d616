/* What happens to credits by itself. */
#pragma once

#include "vai-server.h"

G_BEGIN_DECLS

/* Grants whose time is over. */
void vai_credits_expire_due (VaiServer *server, VaiConnection *connection);

/* Leases that ended long ago: what is left of them goes back. */
void vai_credits_end_leases (VaiServer *server, VaiConnection *connection);

/* The invariants of the credits of every person, a part of them at a time; the metric valutai_ledger_wrong tells how
 * many accounts were wrong in the last round. */
void vai_credits_check (VaiServer *server, VaiConnection *connection);

G_END_DECLS
