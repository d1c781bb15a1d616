#include "vai-json-build.h"
#include "vai-checkout.h"

#include "vai-billing.h"
#include "vai-payment-pages.h"
#include "vai-purchase.h"
#include "vai-route.h"
#include "vai-server.h"
#include "vai-stripe.h"
#include "vai-time.h"

/* Stripe lets a page live half an hour to a day. */
#define PAGE_SECONDS (45 * 60)

/* Stripe forgets an idempotency key after a day, and would then make a second page. */
#define KEY_LIVES_MS (23 * 3600 * G_GINT64_CONSTANT (1000))

static VaiReply *
refuse_closed (void)
{
  return vai_reply_new_refusal (VAI_REFUSAL_UNAVAILABLE, NULL, "Nothing can be bought here: payment is not set up.");
}

static VaiReply *
refuse_upstream (void)
{
  return vai_reply_new_refusal (VAI_REFUSAL_UPSTREAM, NULL,
                                "The payment service does not answer. Try again with the same idempotency key.");
}

/* ── The purchase's row ── */

typedef struct
{
  VaiCall *call;
  const char *package_id;
  VaiPurchase *purchase; /* NULL: @refusal says why */
  char *price_id;
  GPtrArray *rivals; /* pages of other plans that are open: checkout sessions */
  VaiReply *refusal;
  JsonObject *session;
} Checkout;

static void
checkout_clear (Checkout *self)
{
  vai_purchase_free (self->purchase);
  g_free (self->price_id);
  g_clear_pointer (&self->rivals, g_ptr_array_unref);
  vai_reply_free (self->refusal);
  g_clear_pointer (&self->session, json_object_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Checkout, checkout_clear)

/* A person has one plan: the page of another is closed before there is one more. */
static VaiReply *
refuse_plan (Checkout *self, VaiTransaction *transaction)
{
  VaiCall *call = self->call;
  if (vai_billing_has_plan (transaction, call->user_id))
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, "package_id", "You have a plan: change it in the portal.");
  if (vai_payment_pages_is_paying (transaction, call->user_id, TRUE))
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, "package_id", "The payment of your plan is on its way.");
  self->rivals = vai_payment_pages_stop (transaction, call->user_id, TRUE, call->now);
  return self->rivals->len > 0 ? refuse_upstream () : NULL;
}

static VaiReply *
insert_purchase (Checkout *self, VaiTransaction *transaction)
{
  VaiCall *call = self->call;
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction, "SELECT price, currency, credits, \"interval\" FROM credit_package WHERE id = $1 AND is_active = 1",
      VAI_TEXT (self->package_id));
  if (!vai_rows_next (rows))
    return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, "package_id", "This package is not sold.");
  VaiReply *refusal = g_strcmp0 (vai_rows_get_text (rows, 3), "month") == 0 ? refuse_plan (self, transaction) : NULL;
  if (refusal != NULL)
    return refusal;
  g_autofree char *id = vai_uuid_new ();
  vai_transaction_run (transaction,
                       "INSERT INTO purchase (id, user_id, package_id, amount, currency, credits, \"interval\", "
                       "request_key, check_at, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
                       "$10, $11) ON CONFLICT DO NOTHING",
                       VAI_TEXT (id), VAI_TEXT (call->user_id), VAI_TEXT (self->package_id),
                       VAI_INTEGER (vai_rows_get_integer (rows, 0)), VAI_TEXT (vai_rows_get_text (rows, 1)),
                       VAI_INTEGER (vai_rows_get_integer (rows, 2)), VAI_TEXT (vai_rows_get_text (rows, 3)),
                       VAI_TEXT (call->idempotency_key), VAI_INTEGER (call->now + VAI_PURCHASE_FIRST_CHECK_MS),
                       VAI_INTEGER (call->now), VAI_INTEGER (call->now));
  self->purchase = vai_purchase_find (transaction, id);
  return NULL;
}

/* The row of ours first: of this request, or of the same one that came before. */
static gboolean
begin_work (VaiTransaction *transaction, gpointer data)
{
  Checkout *self = data;
  VaiCall *call = self->call;
  checkout_clear (self);
  *self = (Checkout){ .call = call, .package_id = self->package_id };
  vai_transaction_lock (transaction, "user", call->user_id);
  if (vai_transaction_get_integer (transaction, 0, "SELECT count(*) FROM \"user\" WHERE id = $1 AND deleted_at IS NULL",
                                   VAI_TEXT (call->user_id))
      == 0)
    {
      self->refusal = vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, NULL, "This account is gone.");
      return TRUE;
    }
  if (call->idempotency_key != NULL)
    self->purchase = vai_purchase_find_by_key (transaction, call->user_id, call->idempotency_key);
  if (self->purchase == NULL)
    self->refusal = insert_purchase (self, transaction);
  if (self->purchase == NULL)
    return TRUE;
  self->price_id = vai_transaction_dup_text (transaction, "SELECT stripe_price_id FROM credit_package WHERE id = $1",
                                             VAI_TEXT (self->purchase->package_id));
  return TRUE;
}

/* ── The customer, once per person ── */

typedef struct
{
  const char *user_id;
  char *customer;
} Customer;

static gboolean
keep_customer_work (VaiTransaction *transaction, gpointer data)
{
  Customer *self = data;
  vai_transaction_run (transaction,
                       "UPDATE \"user\" SET stripe_customer_id = $1 WHERE id = $2 AND stripe_customer_id IS NULL",
                       VAI_TEXT (self->customer), VAI_TEXT (self->user_id));
  char *kept = vai_transaction_dup_text (transaction, "SELECT stripe_customer_id FROM \"user\" WHERE id = $1",
                                         VAI_TEXT (self->user_id));
  g_free (self->customer);
  self->customer = kept;
  return TRUE;
}

static gboolean
ensure_customer (VaiCall *call, VaiPurchase *purchase)
{
  if (purchase->customer != NULL)
    return TRUE;
  /* With another address it is another request, which Stripe would refuse under the same key. */
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, purchase->email, -1);
  g_autofree char *key = g_strdup_printf ("customer:%s:%.8s", purchase->user_id, hash);
  const char *const form[] = { "email", purchase->email, "metadata[user_id]", purchase->user_id, NULL };
  g_autoptr (JsonObject) answer = NULL;
  if (vai_stripe_post (call->server, "v1/customers", key, form, &answer) != VAI_STRIPE_DONE)
    return FALSE;
  Customer customer = { purchase->user_id, g_strdup (vai_stripe_find_text (answer, "id")) };
  gboolean kept = vai_connection_write (call->connection, keep_customer_work, &customer, NULL);
  purchase->customer = customer.customer;
  return kept && purchase->customer != NULL;
}

/* ── The page ── */

static VaiStripeResult
make_session (VaiCall *call, const VaiPurchase *purchase, const char *price_id, JsonObject **session)
{
  const char *url = call->server->public_url;
  g_autofree char *key = g_strconcat ("purchase:", purchase->id, NULL);
  g_autofree char *success = g_strconcat (url, "/pay/done?sid={CHECKOUT_SESSION_ID}", NULL);
  g_autofree char *cancel = g_strconcat (url, "/pay/cancel", NULL);
  g_autofree char *expires = g_strdup_printf ("%" G_GINT64_FORMAT, purchase->created_at / 1000 + PAGE_SECONDS);
  const char *pack = purchase->monthly ? NULL : purchase->id;
  const char *plan_user = purchase->monthly ? purchase->user_id : NULL;
  const char *plan_package = purchase->monthly ? purchase->package_id : NULL;
  const char *const form[] = { "mode",
                               purchase->monthly ? "subscription" : "payment",
                               "line_items[0][price]",
                               price_id,
                               "line_items[0][quantity]",
                               "1",
                               "client_reference_id",
                               purchase->id,
                               "customer",
                               purchase->customer,
                               "metadata[purchase_id]",
                               purchase->id,
                               "metadata[user_id]",
                               purchase->user_id,
                               "metadata[package_id]",
                               purchase->package_id,
                               "payment_intent_data[metadata][purchase_id]",
                               pack,
                               "subscription_data[metadata][user_id]",
                               plan_user,
                               "subscription_data[metadata][package_id]",
                               plan_package,
                               "success_url",
                               success,
                               "cancel_url",
                               cancel,
                               "expires_at",
                               expires,
                               "adaptive_pricing[enabled]",
                               "false",
                               "locale",
                               "auto",
                               NULL };
  return vai_stripe_post (call->server, "v1/checkout/sessions", key, form, session);
}

/* NULL with @self->session, or why there is no page. */
static VaiReply *
find_page (Checkout *self)
{
  VaiCall *call = self->call;
  VaiPurchase *purchase = self->purchase;
  if (purchase->session_id == NULL
      && (purchase->state != VAI_PURCHASE_CREATED || call->now - purchase->created_at > KEY_LIVES_MS))
    return vai_reply_new_refusal (VAI_REFUSAL_GONE, NULL, "This purchase is over: begin a new one.");
  if (!ensure_customer (call, purchase))
    return refuse_upstream ();
  g_autofree char *path = g_strconcat ("v1/checkout/sessions/", purchase->session_id, NULL);
  VaiStripeResult result = purchase->session_id != NULL ? vai_stripe_get (call->server, path, &self->session)
                                                        : make_session (call, purchase, self->price_id, &self->session);
  if (result != VAI_STRIPE_DONE)
    return refuse_upstream ();
  /* Nobody pays a price that would not be taken afterwards. */
  if (vai_stripe_find_integer (self->session, "amount_subtotal") == purchase->amount
      && g_strcmp0 (vai_stripe_find_text (self->session, "currency"), purchase->currency) == 0)
    return NULL;
  g_warning ("package %s has another price at Stripe", purchase->package_id);
  return vai_reply_new_refusal (VAI_REFUSAL_UPSTREAM, "package_id", "The price of this package is being changed.");
}

static VaiReply *
answer_page (const Checkout *self, const VaiPurchase *purchase)
{
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_text (builder, "url", vai_stripe_find_text (self->session, "url"));
  json_builder_set_member_name (builder, "purchase");
  vai_purchase_write (purchase, builder);
  json_builder_end_object (builder);
  VaiReply *reply = vai_reply_new_json (201, builder);
  reply->secret = TRUE;
  return reply;
}

static VaiReply *
finish_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  Checkout *self = data;
  if (self->purchase != NULL && g_strcmp0 (self->purchase->package_id, self->package_id) != 0)
    return vai_reply_new_refusal (VAI_REFUSAL_KEY_REUSED, NULL,
                                  "This idempotency key was used for another request: take a new one.");
  if (self->refusal != NULL)
    return vai_reply_copy (self->refusal);
  if (vai_stripe_find_text (self->session, "url") == NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_GONE, NULL, "This purchase is over: begin a new one.");
  vai_transaction_lock (transaction, "user", call->user_id);
  vai_purchase_become (transaction, self->purchase, VAI_PURCHASE_OPEN, vai_stripe_find_text (self->session, "id"), NULL,
                       NULL, call->now);
  /* What was read before stays as it is: this may run again. */
  g_autoptr (VaiPurchase) opened = vai_purchase_find (transaction, self->purchase->id);
  /* Another page was opened instead while Stripe made this one: nobody learns where it is. */
  if (opened != NULL && opened->state == VAI_PURCHASE_EXPIRED)
    return vai_reply_new_refusal (VAI_REFUSAL_GONE, NULL, "This purchase is over: begin a new one.");
  return answer_page (self, opened != NULL ? opened : self->purchase);
}

VaiReply *
vai_checkout_start (VaiCall *call)
{
  if (!vai_stripe_is_configured (call->server))
    return refuse_closed ();
  g_autoptr (GError) error = NULL;
  g_auto (Checkout) self = { .call = call, .package_id = vai_message_get_text (call->message, "package_id", NULL) };
  gboolean begun = vai_connection_write (call->connection, begin_work, &self, &error);
  if (begun && self.rivals != NULL && self.rivals->len > 0)
    {
      vai_payment_pages_close (call->server, call->connection, self.rivals);
      begun = vai_connection_write (call->connection, begin_work, &self, &error);
    }
  if (!begun)
    return vai_call_refuse_error (call, error);
  if (self.purchase != NULL && g_strcmp0 (self.purchase->package_id, self.package_id) == 0)
    self.refusal = find_page (&self);
  return vai_call_write (call, finish_work, &self);
}

/* ── Portal ── */

static VaiReply *
get_customer_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  char **customer = data;
  g_clear_pointer (customer, g_free);
  *customer = vai_transaction_dup_text (transaction, "SELECT stripe_customer_id FROM \"user\" WHERE id = $1",
                                        VAI_TEXT (call->user_id));
  return vai_reply_new_nothing ();
}

typedef struct
{
  const char *url;
  VaiReply *refusal;
} Portal;

static VaiReply *
portal_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const Portal *portal = data;
  if (portal->refusal != NULL)
    return vai_reply_copy (portal->refusal);
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_text (builder, "url", portal->url);
  json_builder_end_object (builder);
  VaiReply *reply = vai_reply_new_json (200, builder);
  reply->secret = TRUE;
  return reply;
}

VaiReply *
vai_checkout_open_portal (VaiCall *call)
{
  if (!vai_stripe_is_configured (call->server))
    return refuse_closed ();
  g_autofree char *customer = NULL;
  g_autoptr (VaiReply) read = vai_call_read (call, get_customer_work, &customer);
  if (read->status != 204)
    return g_steal_pointer (&read);
  g_autofree char *id = vai_uuid_new (), *key = g_strconcat ("portal:", id, NULL);
  g_autofree char *back = g_strconcat (call->server->public_url, "/pay/back", NULL);
  const char *const form[] = { "customer", customer, "return_url", back, NULL };
  g_autoptr (JsonObject) answer = NULL;
  g_autoptr (VaiReply) refusal = NULL;
  if (customer == NULL)
    refusal = vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, NULL, "You have not bought anything yet.");
  else if (vai_stripe_post (call->server, "v1/billing_portal/sessions", key, form, &answer) != VAI_STRIPE_DONE)
    refusal = refuse_upstream ();
  Portal portal = { .url = answer != NULL ? vai_stripe_find_text (answer, "url") : NULL, .refusal = refusal };
  return vai_call_write (call, portal_work, &portal);
}
