/* The ways to Stripe's own pages. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

/* POST billing/checkout: a purchase of ours, then a page where it is paid. */
VaiReply *vai_checkout_start (VaiCall *call);

/* POST billing/portal: where a plan is changed or ended, and invoices lie. */
VaiReply *vai_checkout_open_portal (VaiCall *call);

G_END_DECLS
