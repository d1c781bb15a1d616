/* Credits follow their payment's money: out with refunds and lost disputes, back when that comes back. */
#pragma once

#include "vai-fulfilment.h"

G_BEGIN_DECLS

/* Reads the payment, its refunds and its disputes at Stripe and posts what the credits are short of their target. LATER
 * when the payment gave no credits yet. */
VaiBillingOutcome vai_claws_follow (VaiServer *server, VaiConnection *connection, const char *payment_id);

/* Posts what the row of @payment_id and the refunds that are reserved ask for, inside a transaction that has the lock
 * of
 * @user_id. Gives how many credits went into debt. */
gint64 vai_claws_post (VaiTransaction *transaction, const char *user_id, const char *payment_id, gint64 now);

G_END_DECLS
