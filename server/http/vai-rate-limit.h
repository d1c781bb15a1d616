/* How often one address and one account may ask, by class of route. Kept in memory; what must hold across instances
 * (sign-ins) is counted in the database by accounts/. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

/* NULL when @who may; else the refusal, with how long to wait. */
VaiReply *vai_rate_limit_check (VaiCall *call, const char *who);

G_END_DECLS
