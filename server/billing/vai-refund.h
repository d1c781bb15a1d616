/* Money that an administrator gives back: see vai_billing_refund() in vai-billing.h. */
#pragma once

#include "vai-fulfilment.h"

G_BEGIN_DECLS

/* Asks Stripe again for a refund that is reserved, or finds that it was given, or gives up after a day. */
void vai_refund_finish (VaiServer *server, VaiConnection *connection, const char *refund_id);

G_END_DECLS
