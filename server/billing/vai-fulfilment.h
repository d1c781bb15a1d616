/* Reads an object of Stripe as it is now and makes ours follow. Whatever the event that led here: how often, when and
 * in which order they came makes no difference. */
#pragma once

#include "vai-server.h"

G_BEGIN_DECLS

typedef enum
{
  VAI_BILLING_DONE,
  VAI_BILLING_LATER,   /* what it belongs to is not there yet, or Stripe or the database did not answer: try again */
  VAI_BILLING_FOREIGN, /* nothing of ours */
  VAI_BILLING_REFUSED, /* of ours, but not what was asked for: a person has to look */
} VaiBillingOutcome;

/* Of a checkout session: grants what was paid for, once. */
VaiBillingOutcome vai_fulfil_session (VaiServer *server, VaiConnection *connection, const char *session_id);

/* Of an invoice: grants the credits of its month, once. */
VaiBillingOutcome vai_fulfil_invoice (VaiServer *server, VaiConnection *connection, const char *invoice_id);

/* Of a plan: its state only. */
VaiBillingOutcome vai_fulfil_subscription (VaiServer *server, VaiConnection *connection, const char *subscription_id);

/* Counts @n payments that were refused; 0 so that the first one is seen as a rise. */
void vai_fulfil_count_refused (guint n);

/* ── What was read before another read began is not written ── */

/* The number of this read of @id; 0 when the database failed. Taken before Stripe is asked. */
gint64 vai_stripe_read_begin (VaiConnection *connection, const char *id);

/* FALSE when another read of @id has begun since. Inside the transaction that writes, after its locks. */
gboolean vai_stripe_read_is_latest (VaiTransaction *transaction, const char *id, gint64 ticket);

G_END_DECLS
