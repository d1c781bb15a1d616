/* How often one may ask, by class of route: an account what it shows a valid token for, an address what is open to
 * everybody and what was asked without one. Kept in memory, by each instance; what must hold across instances (wrong
 * passwords and codes, mail) is counted in the database by accounts/. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

/* NULL when the account of @call, or its address when it has none, may ask now, in monotonic microseconds; else the
 * refusal, with how long to wait. */
VaiReply *vai_rate_limit_check (VaiCall *call, gint64 now);

G_END_DECLS
