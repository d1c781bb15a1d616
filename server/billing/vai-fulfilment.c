#include "vai-fulfilment.h"

#include "vai-chores.h"
#include "vai-claws.h"
#include "vai-ledger.h"
#include "vai-mail.h"
#include "vai-metrics.h"
#include "vai-purchase.h"
#include "vai-stripe.h"

#include <string.h>

/* ── The latest read ── */

typedef struct
{
  const char *id;
  gint64 ticket;
} Read;

static gboolean
begin_work (VaiTransaction *transaction, gpointer data)
{
  Read *read = data;
  read->ticket = vai_transaction_get_integer (transaction, 0,
                                              "INSERT INTO stripe_read (id, ticket) VALUES ($1, 1) ON CONFLICT (id) DO "
                                              "UPDATE SET ticket = stripe_read.ticket + 1 RETURNING ticket",
                                              VAI_TEXT (read->id));
  return TRUE;
}

gint64
vai_stripe_read_begin (VaiConnection *connection, const char *id)
{
  g_autoptr (GError) error = NULL;
  Read read = { .id = id };
  if (vai_connection_write (connection, begin_work, &read, &error))
    return read.ticket;
  g_warning ("billing waits: %s", error->message);
  return 0;
}

gboolean
vai_stripe_read_is_latest (VaiTransaction *transaction, const char *id, gint64 ticket)
{
  return vai_transaction_get_integer (transaction, 0, "SELECT ticket FROM stripe_read WHERE id = $1", VAI_TEXT (id))
         == ticket;
}

/* What a call that gave no object means for the work. */
static VaiBillingOutcome
outcome_of (VaiStripeResult result)
{
  return result == VAI_STRIPE_UNKNOWN ? VAI_BILLING_LATER
         : result == VAI_STRIPE_DONE  ? VAI_BILLING_DONE
                                      : VAI_BILLING_FOREIGN;
}

static VaiBillingOutcome
write_all (VaiConnection *connection, VaiWork work, gpointer data, const VaiBillingOutcome *outcome)
{
  g_autoptr (GError) error = NULL;
  if (vai_connection_write (connection, work, data, &error))
    return *outcome;
  g_warning ("billing waits: %s", error->message);
  return VAI_BILLING_LATER;
}

void
vai_fulfil_count_refused (guint n)
{
  vai_metrics_count ("valutai_purchases_refused_total", "Payments that are not what was asked for", n);
}

/* ── Purchases ── */

typedef struct
{
  VaiServer *server;
  JsonObject *session;
  gint64 now;
  VaiBillingOutcome outcome;
  gboolean mailed;
  const char *granted; /* the payment whose credits are there; NULL: none */
} Fulfil;

static VaiPurchaseState
decide (const Fulfil *self, const VaiPurchase *purchase, const char **why)
{
  JsonObject *session = self->session;
  VaiFulfilWanted wanted = { .purchase_id = purchase->id,
                             .package_id = purchase->package_id,
                             .customer = purchase->customer,
                             .currency = purchase->currency,
                             .amount = purchase->amount,
                             .monthly = purchase->monthly,
                             .livemode = vai_stripe_is_live (self->server) };
  VaiFulfilSession seen = { .client_reference_id = vai_stripe_find_text (session, "client_reference_id"),
                            .package_id = vai_stripe_find_text (session, "metadata.package_id"),
                            .customer = vai_stripe_find_id (session, "customer"),
                            .mode = vai_stripe_find_text (session, "mode"),
                            .status = vai_stripe_find_text (session, "status"),
                            .payment_status = vai_stripe_find_text (session, "payment_status"),
                            .payment = vai_stripe_find_text (session, "payment_intent.status"),
                            .currency = vai_stripe_find_text (session, "currency"),
                            .amount_total = vai_stripe_find_integer (session, "amount_total"),
                            .amount_tax = vai_stripe_find_integer (session, "total_details.amount_tax"),
                            .livemode = vai_stripe_find_boolean (session, "livemode") };
  return vai_fulfil_decide (&wanted, &seen, why);
}

static void
grant_pack (const Fulfil *self, VaiTransaction *transaction, const VaiPurchase *purchase, const char *payment_id)
{
  g_autofree char *grant_id = g_strconcat ("purchase:", purchase->id, NULL);
  VaiLedgerGrant grant = { .id = grant_id,
                           .user_id = purchase->user_id,
                           .source = VAI_GRANT_PURCHASE,
                           .purchase_id = purchase->id,
                           .amount = purchase->credits,
                           .description = purchase->package_name };
  vai_ledger_grant (transaction, &grant, self->now);
  vai_transaction_run (
      transaction,
      "INSERT INTO payment_claw (payment_id, user_id, purchase_id, grant_id, granted, amount, currency, created_at, "
      "updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
      VAI_TEXT (payment_id), VAI_TEXT (purchase->user_id), VAI_TEXT (purchase->id), VAI_TEXT (grant_id),
      VAI_INTEGER (purchase->credits), VAI_INTEGER (vai_stripe_find_integer (self->session, "amount_total")),
      VAI_TEXT (purchase->currency), VAI_INTEGER (self->now), VAI_INTEGER (self->now));
}

static gboolean
fulfil_work (VaiTransaction *transaction, gpointer data)
{
  Fulfil *self = data;
  self->outcome = VAI_BILLING_FOREIGN;
  self->mailed = FALSE;
  self->granted = NULL;
  const char *id = vai_stripe_find_text (self->session, "client_reference_id");
  g_autofree char *user_id
      = id == NULL
            ? NULL
            : vai_transaction_dup_text (transaction, "SELECT user_id FROM purchase WHERE id = $1", VAI_TEXT (id));
  if (user_id == NULL)
    return TRUE;
  vai_transaction_lock (transaction, "user", user_id);
  g_autoptr (VaiPurchase) purchase = vai_purchase_find (transaction, id);
  const char *why;
  VaiPurchaseState state = decide (self, purchase, &why);
  const char *payment_id = vai_stripe_find_id (self->session, "payment_intent");
  if (state == VAI_PURCHASE_PAID && !purchase->monthly && payment_id == NULL)
    {
      state = VAI_PURCHASE_REFUSED;
      why = "payment";
    }
  self->outcome = state == VAI_PURCHASE_REFUSED ? VAI_BILLING_REFUSED : VAI_BILLING_DONE;
  self->granted = state == VAI_PURCHASE_PAID && !purchase->monthly ? payment_id : NULL;
  if (!vai_purchase_become (transaction, purchase, state, vai_stripe_find_text (self->session, "id"), payment_id, why,
                            self->now))
    return TRUE;
  if (self->granted != NULL)
    grant_pack (self, transaction, purchase, payment_id);
  if (state == VAI_PURCHASE_FAILED && purchase->email != NULL)
    {
      vai_mail_queue (self->server, transaction, VAI_MAIL_PAYMENT_FAILED, purchase->email, purchase->locale, NULL,
                      self->now);
      self->mailed = TRUE;
    }
  return TRUE;
}

VaiBillingOutcome
vai_fulfil_session (VaiServer *server, VaiConnection *connection, const char *session_id)
{
  if (!vai_stripe_is_id (session_id))
    return VAI_BILLING_FOREIGN;
  g_autofree char *path = g_strdup_printf ("v1/checkout/sessions/%s?expand[]=payment_intent", session_id);
  g_autoptr (JsonObject) session = NULL;
  VaiStripeResult result = vai_stripe_get (server, path, &session);
  if (result != VAI_STRIPE_DONE)
    return outcome_of (result);
  Fulfil fulfil = { .server = server, .session = session, .now = vai_server_now () };
  VaiBillingOutcome outcome = write_all (connection, fulfil_work, &fulfil, &fulfil.outcome);
  if (outcome == VAI_BILLING_DONE && fulfil.mailed)
    vai_chores_wake (server, "mail");
  if (outcome == VAI_BILLING_REFUSED)
    vai_fulfil_count_refused (1);
  /* Money may have gone back before its credits came: what told so waits, or was lost. */
  if (outcome == VAI_BILLING_DONE && fulfil.granted != NULL)
    outcome = vai_claws_follow (server, connection, fulfil.granted);
  const char *invoice_id = vai_stripe_find_id (session, "invoice");
  const char *subscription_id = vai_stripe_find_id (session, "subscription");
  /* A plan's first month follows its invoice, whose own event may come later or not at all. */
  if (outcome == VAI_BILLING_DONE && subscription_id != NULL)
    outcome = vai_fulfil_subscription (server, connection, subscription_id);
  if (outcome == VAI_BILLING_DONE && subscription_id != NULL && invoice_id != NULL)
    outcome = vai_fulfil_invoice (server, connection, invoice_id);
  return outcome;
}

/* ── Invoices ── */

typedef struct
{
  VaiServer *server;
  JsonObject *invoice;
  gint64 now;
  VaiBillingOutcome outcome;
} Invoice;

typedef struct
{
  char *id, *name, *currency;
  gint64 credits, price;
} Package;

static void
package_clear (Package *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self->currency);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Package, package_clear)

static gboolean
find_package (VaiTransaction *transaction, const char *price_id, const char *package_id, Package *package)
{
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT id, name, currency, credits, price FROM credit_package WHERE \"interval\" = 'month' "
      "AND (stripe_price_id = $1 OR id = $2) ORDER BY CASE WHEN stripe_price_id = $3 THEN 0 ELSE 1 END LIMIT 1",
      VAI_TEXT (price_id), VAI_TEXT (package_id), VAI_TEXT (price_id));
  if (!vai_rows_next (rows))
    return FALSE;
  *package = (Package){ g_strdup (vai_rows_get_text (rows, 0)), g_strdup (vai_rows_get_text (rows, 1)),
                        g_strdup (vai_rows_get_text (rows, 2)), vai_rows_get_integer (rows, 3),
                        vai_rows_get_integer (rows, 4) };
  return TRUE;
}

/* The package of @line, sold still or no more. FALSE when @line is not of its price: nobody asked for that. */
static gboolean
find_month (const Invoice *self, VaiTransaction *transaction, JsonObject *line, Package *package)
{
  return find_package (transaction, vai_stripe_find_id (line, "pricing.price_details.price"),
                       vai_stripe_find_text (self->invoice, "parent.subscription_details.metadata.package_id"), package)
         && package->price == vai_stripe_find_integer (line, "amount")
         && g_strcmp0 (package->currency, vai_stripe_find_text (self->invoice, "currency")) == 0;
}

/* The line of the month itself: not what a change of plan adds or takes off. */
static JsonObject *
find_line (JsonObject *invoice)
{
  JsonArray *lines = vai_stripe_find_array (invoice, "lines.data");
  for (guint i = 0; lines != NULL && i < json_array_get_length (lines); i++)
    {
      JsonNode *node = json_array_get_element (lines, i);
      JsonObject *line = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      if (line != NULL && vai_stripe_find_object (line, "parent.subscription_item_details") != NULL
          && !vai_stripe_find_boolean (line, "parent.subscription_item_details.proration"))
        return line;
    }
  return NULL;
}

static const char *
find_payment (JsonObject *invoice)
{
  JsonArray *payments = vai_stripe_find_array (invoice, "payments.data");
  for (guint i = 0; payments != NULL && i < json_array_get_length (payments); i++)
    {
      JsonNode *node = json_array_get_element (payments, i);
      JsonObject *payment = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      if (payment != NULL && g_strcmp0 (vai_stripe_find_text (payment, "status"), "paid") == 0)
        return vai_stripe_find_id (payment, "payment.payment_intent");
    }
  return NULL;
}

static void
grant_month (const Invoice *self,
             VaiTransaction *transaction,
             const char *user_id,
             const Package *package,
             gint64 expires_at,
             const char *payment_id)
{
  const char *invoice_id = vai_stripe_find_text (self->invoice, "id");
  g_autofree char *grant_id = g_strconcat ("invoice:", invoice_id, NULL);
  VaiLedgerGrant grant = { .id = grant_id,
                           .user_id = user_id,
                           .source = VAI_GRANT_SUBSCRIPTION,
                           .invoice_id = invoice_id,
                           .amount = package->credits,
                           .expires_at = expires_at,
                           .description = package->name };
  if (vai_ledger_grant (transaction, &grant, self->now) != VAI_LEDGER_DONE)
    return;
  vai_transaction_run (
      transaction,
      "INSERT INTO payment_claw (payment_id, user_id, invoice_id, grant_id, granted, amount, currency, created_at, "
      "updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
      VAI_TEXT (payment_id), VAI_TEXT (user_id), VAI_TEXT (invoice_id), VAI_TEXT (grant_id),
      VAI_INTEGER (package->credits), VAI_INTEGER (vai_stripe_find_integer (self->invoice, "amount_paid")),
      VAI_TEXT (vai_stripe_find_text (self->invoice, "currency")), VAI_INTEGER (self->now), VAI_INTEGER (self->now));
}

static gboolean
invoice_work (VaiTransaction *transaction, gpointer data)
{
  Invoice *self = data;
  JsonObject *line = find_line (self->invoice);
  const char *payment_id = find_payment (self->invoice);
  self->outcome = VAI_BILLING_FOREIGN;
  g_autofree char *user_id
      = vai_transaction_dup_text (transaction, "SELECT id FROM \"user\" WHERE stripe_customer_id = $1",
                                  VAI_TEXT (vai_stripe_find_id (self->invoice, "customer")));
  if (user_id == NULL || line == NULL)
    return TRUE;
  g_auto (Package) package = { NULL };
  self->outcome = VAI_BILLING_REFUSED;
  if (!find_month (self, transaction, line, &package)
      || vai_stripe_find_boolean (self->invoice, "livemode") != vai_stripe_is_live (self->server))
    return TRUE;
  self->outcome = payment_id == NULL ? VAI_BILLING_LATER : VAI_BILLING_DONE;
  if (payment_id == NULL)
    return TRUE;
  vai_transaction_lock (transaction, "user", user_id);
  grant_month (self, transaction, user_id, &package, vai_stripe_find_integer (line, "period.end") * 1000, payment_id);
  return TRUE;
}

VaiBillingOutcome
vai_fulfil_invoice (VaiServer *server, VaiConnection *connection, const char *invoice_id)
{
  static const char *const reasons[] = { "subscription_create", "subscription_cycle", NULL };
  if (!vai_stripe_is_id (invoice_id))
    return VAI_BILLING_FOREIGN;
  g_autofree char *path = g_strdup_printf ("v1/invoices/%s?expand[]=payments", invoice_id);
  g_autoptr (JsonObject) invoice = NULL;
  VaiStripeResult result = vai_stripe_get (server, path, &invoice);
  if (result != VAI_STRIPE_DONE)
    return outcome_of (result);
  const char *reason = vai_stripe_find_text (invoice, "billing_reason");
  if (g_strcmp0 (vai_stripe_find_text (invoice, "status"), "paid") != 0 || reason == NULL
      || !g_strv_contains (reasons, reason) || vai_stripe_find_integer (invoice, "amount_paid") <= 0)
    return VAI_BILLING_DONE;
  Invoice work = { .server = server, .invoice = invoice, .now = vai_server_now () };
  VaiBillingOutcome outcome = write_all (connection, invoice_work, &work, &work.outcome);
  if (outcome == VAI_BILLING_REFUSED)
    vai_fulfil_count_refused (1);
  return outcome == VAI_BILLING_DONE ? vai_claws_follow (server, connection, find_payment (invoice)) : outcome;
}

/* ── Plans ── */

typedef struct
{
  JsonObject *subscription;
  gint64 ticket, now;
  VaiBillingOutcome outcome;
} Plan;

#define GOES_ON "status NOT IN ('canceled', 'incomplete_expired')"

/* Which plan is hers. Two go on only when somebody made one past us: both are paid, so both give their credits, and the
 * one that is too many is for her to end in the portal, or for an administrator to pay back. */
static void
note_plan (VaiTransaction *transaction, const char *user_id)
{
  vai_transaction_run (transaction,
                       "UPDATE \"user\" SET stripe_subscription_id = (SELECT id FROM subscription WHERE user_id = $1 "
                       "AND " GOES_ON " ORDER BY created_at, id LIMIT 1) WHERE id = $2",
                       VAI_TEXT (user_id), VAI_TEXT (user_id));
  gint64 n = vai_transaction_get_integer (
      transaction, 0, "SELECT count(*) FROM subscription WHERE user_id = $1 AND " GOES_ON, VAI_TEXT (user_id));
  if (n > 1)
    g_warning ("account %s pays for %" G_GINT64_FORMAT " plans at once", user_id, n);
}

static void
write_plan (const Plan *self, VaiTransaction *transaction, const char *user_id)
{
  JsonObject *plan = self->subscription;
  const char *id = vai_stripe_find_text (plan, "id"), *status = vai_stripe_find_text (plan, "status");
  g_auto (Package) package = { NULL };
  find_package (transaction, vai_stripe_find_id (plan, "items.data.0.price"),
                vai_stripe_find_text (plan, "metadata.package_id"), &package);
  vai_transaction_run (
      transaction,
      "INSERT INTO subscription (id, user_id, package_id, status, period_end, ends_at_period_end, created_at, "
      "updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET package_id = "
      "excluded.package_id, status = excluded.status, period_end = excluded.period_end, ends_at_period_end = "
      "excluded.ends_at_period_end, updated_at = excluded.updated_at",
      VAI_TEXT (id), VAI_TEXT (user_id), VAI_TEXT (package.id), VAI_TEXT (status),
      VAI_INTEGER (vai_stripe_find_integer (plan, "items.data.0.current_period_end") * 1000),
      VAI_INTEGER (vai_stripe_find_boolean (plan, "cancel_at_period_end")),
      VAI_INTEGER (vai_stripe_find_integer (plan, "created") * 1000), VAI_INTEGER (self->now));
  note_plan (transaction, user_id);
}

static gboolean
plan_work (VaiTransaction *transaction, gpointer data)
{
  Plan *self = data;
  self->outcome = VAI_BILLING_FOREIGN;
  g_autofree char *user_id
      = vai_transaction_dup_text (transaction, "SELECT id FROM \"user\" WHERE stripe_customer_id = $1",
                                  VAI_TEXT (vai_stripe_find_id (self->subscription, "customer")));
  if (user_id == NULL)
    return TRUE;
  vai_transaction_lock (transaction, "user", user_id);
  const char *id = vai_stripe_find_text (self->subscription, "id");
  self->outcome = VAI_BILLING_LATER;
  if (!vai_stripe_read_is_latest (transaction, id, self->ticket))
    return TRUE;
  write_plan (self, transaction, user_id);
  self->outcome = VAI_BILLING_DONE;
  return TRUE;
}

VaiBillingOutcome
vai_fulfil_subscription (VaiServer *server, VaiConnection *connection, const char *subscription_id)
{
  if (!vai_stripe_is_id (subscription_id))
    return VAI_BILLING_FOREIGN;
  g_autofree char *path = g_strdup_printf ("v1/subscriptions/%s", subscription_id);
  g_autoptr (JsonObject) subscription = NULL;
  Plan plan = { .ticket = vai_stripe_read_begin (connection, subscription_id), .now = vai_server_now () };
  VaiStripeResult result = plan.ticket == 0 ? VAI_STRIPE_UNKNOWN : vai_stripe_get (server, path, &subscription);
  if (result != VAI_STRIPE_DONE)
    return outcome_of (result);
  plan.subscription = subscription;
  return write_all (connection, plan_work, &plan, &plan.outcome);
}
