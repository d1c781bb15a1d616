/* What the other parts of the server ask of billing. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

/* One row of credit_package as its message has it. @rows stands on it; its columns are VAI_PACKAGE_COLUMNS. */
#define VAI_PACKAGE_COLUMNS                                                                                            \
  "id, name, credits, price, currency, \"interval\", stripe_price_id, is_active, is_popular, sort_order, created_at, " \
  "updated_at"
void vai_package_write (VaiRows *rows, JsonBuilder *builder, gboolean for_administrators);

/* Asks Stripe whether @price_id is there and costs what a package of ours says. NULL when it does; else a refusal to
 * answer with. Not inside a transaction. */
VaiReply *
vai_billing_check_price (VaiCall *call, const char *price_id, gint64 price, const char *currency, const char *interval);

typedef struct
{
  const char *purchase_id; /* or NULL */
  const char *payment_id;  /* Stripe's, when there is no purchase: an invoice's */
  gint64 amount;           /* minor units; 0: all that is left of it */
  const char *reason;      /* “duplicate”, “fraudulent” or “requested_by_customer” */
  gboolean allow_debt;     /* also when the credits were spent: what is missing is owed */
} VaiBillingRefund;

/* Gives money back: reserves its credits, asks Stripe, posts. Answers 201 with the refund, 202 when Stripe has not told
 * yet (it is asked again by a chore), or a refusal. With the idempotency key of @call the same refund is given once.
 * Not inside a transaction; @note (or NULL) runs in the one that reserves, for the audit, with @data. */
VaiReply *
vai_billing_refund (VaiCall *call,
                    const VaiBillingRefund *refund,
                    void (*note) (VaiCall *call, VaiTransaction *transaction, const char *refund_id, gpointer data),
                    gpointer data);

/* TRUE while a dispute about a payment of @user_id is open: no device gets more credits meanwhile. */
gboolean vai_billing_is_frozen (VaiTransaction *transaction, const char *user_id);

/* After credits of @user_id expired, inside a transaction that has her lock: what a device held of a month that was
 * paid back was owed, and is not any more when it ended unused. */
void vai_billing_note_expiry (VaiTransaction *transaction, const char *user_id, gint64 now);

/* TRUE while @user_id has a monthly plan that is not over. */
gboolean vai_billing_has_plan (VaiTransaction *transaction, const char *user_id);

/* Closes the pages on which the person of @call may still pay. Not inside a transaction; before her account ends. */
void vai_billing_close_pages (VaiCall *call);

/* NULL when the account of @call may end, which has its lock: nobody goes on paying for one that is gone. */
VaiReply *vai_billing_refuse_end (VaiCall *call, VaiTransaction *transaction);

/* The same for her pages, after they were closed: NULL when none is open and none can come any more. */
VaiReply *vai_billing_refuse_pages (VaiCall *call, VaiTransaction *transaction);

G_END_DECLS
