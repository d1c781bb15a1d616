/* What a purchase becomes by what Stripe says of its checkout session. No input or output: the server and the simulator
 * call the same. Nothing here looks at events: a session is read as it is now, so their order does not matter. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  VAI_PURCHASE_CREATED, /* ours only */
  VAI_PURCHASE_OPEN,    /* a checkout page is there */
  VAI_PURCHASE_AWAITING_FUNDS,
  VAI_PURCHASE_EXPIRED,
  VAI_PURCHASE_FAILED,
  VAI_PURCHASE_REFUSED, /* paid, but not what was asked for: a person has to look */
  VAI_PURCHASE_PAID,
} VaiPurchaseState;

const char *vai_purchase_state_get_name (VaiPurchaseState state);

/* FALSE for an unknown @name. */
gboolean vai_purchase_state_parse (const char *name, VaiPurchaseState *state);

/* A purchase only goes forward, in the order above: nothing comes after paid, and late news of an earlier state is no
 * news. */
gboolean vai_purchase_may_become (VaiPurchaseState from, VaiPurchaseState to);

/* What is asked for, of our own row. */
typedef struct
{
  const char *purchase_id;
  const char *package_id;
  const char *customer; /* NULL: any */
  const char *currency;
  gint64 amount; /* minor units, without tax */
  gboolean monthly;
  gboolean livemode;
} VaiFulfilWanted;

/* What Stripe has; any text may be NULL. */
typedef struct
{
  const char *client_reference_id;
  const char *package_id; /* of the metadata */
  const char *customer;
  const char *mode, *status, *payment_status;
  const char *payment; /* status of the payment intent */
  const char *currency;
  gint64 amount_total, amount_tax;
  gboolean livemode;
} VaiFulfilSession;

/* What the purchase is by @session. @why is static: what does not fit, of REFUSED; else NULL. */
VaiPurchaseState vai_fulfil_decide (const VaiFulfilWanted *wanted, const VaiFulfilSession *session, const char **why);

G_END_DECLS
