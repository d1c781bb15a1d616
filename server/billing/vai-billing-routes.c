/* What a person buys and has bought; where Stripe tells its events; the pages that one comes back to. */
#include "vai-cursor.h"
#include "vai-json-build.h"
#include "vai-billing.h"
#include "vai-chores.h"
#include "vai-checkout.h"
#include "vai-events.h"
#include "vai-purchase.h"
#include "vai-reconciler.h"
#include "vai-route.h"
#include "vai-stripe.h"
#include "vai-text.h"

#include <string.h>

/* How often a purchase that is waited for is looked at. */
#define LOOK_MS 500

/* ── Packages ── */

void
vai_package_write (VaiRows *rows, JsonBuilder *builder, gboolean for_administrators)
{
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "id", vai_rows_get_text (rows, 0));
  vai_json_add_text (builder, "name", vai_rows_get_text (rows, 1));
  vai_json_add_integer (builder, "credits", vai_rows_get_integer (rows, 2));
  vai_json_add_integer (builder, "price", vai_rows_get_integer (rows, 3));
  vai_json_add_text (builder, "currency", vai_rows_get_text (rows, 4));
  vai_json_add_text (builder, "interval", vai_rows_get_text (rows, 5));
  vai_json_add_flag (builder, "is_popular", vai_rows_get_integer (rows, 8) != 0);
  vai_json_add_integer (builder, "sort_order", vai_rows_get_integer (rows, 9));
  if (for_administrators)
    {
      vai_json_add_text (builder, "stripe_price_id", vai_rows_get_text (rows, 6));
      vai_json_add_flag (builder, "is_active", vai_rows_get_integer (rows, 7) != 0);
      vai_json_add_integer (builder, "created_at", vai_rows_get_integer (rows, 10));
      vai_json_add_integer (builder, "updated_at", vai_rows_get_integer (rows, 11));
    }
  json_builder_end_object (builder);
}

static VaiReply *
get_packages_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_begin_list (builder, "items");
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction, "SELECT " VAI_PACKAGE_COLUMNS " FROM credit_package WHERE is_active = 1 ORDER BY sort_order, id");
  while (vai_rows_next (rows))
    vai_package_write (rows, builder, FALSE);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
get_packages (VaiCall *call)
{
  return vai_call_read (call, get_packages_work, NULL);
}

VaiReply *
vai_billing_check_price (VaiCall *call, const char *price_id, gint64 price, const char *currency, const char *interval)
{
  if (!vai_stripe_is_configured (call->server))
    return vai_reply_new_refusal (VAI_REFUSAL_UNAVAILABLE, NULL, "Payment is not set up here.");
  g_autoptr (JsonObject) answer = NULL;
  g_autofree char *path = g_strconcat ("v1/prices/", price_id, NULL);
  VaiStripeResult result
      = vai_stripe_is_id (price_id) ? vai_stripe_get (call->server, path, &answer) : VAI_STRIPE_MISSING;
  if (result == VAI_STRIPE_UNKNOWN)
    return vai_reply_new_refusal (VAI_REFUSAL_UPSTREAM, NULL, "Stripe does not answer: try again.");
  if (result != VAI_STRIPE_DONE || !vai_stripe_find_boolean (answer, "active"))
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "stripe_price_id", "Stripe has no such price that is active.");
  const char *every = vai_stripe_find_text (answer, "recurring.interval");
  if (vai_stripe_find_integer (answer, "unit_amount") != price)
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "price", "Stripe has another amount for this price.");
  if (g_strcmp0 (vai_stripe_find_text (answer, "currency"), currency) != 0)
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "currency", "Stripe has another currency for this price.");
  if (g_strcmp0 (every != NULL ? every : "none", interval) != 0)
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "interval", "Stripe has another interval for this price.");
  return NULL;
}

gboolean
vai_billing_is_frozen (VaiTransaction *transaction, const char *user_id)
{
  return vai_transaction_get_integer (transaction, 0,
                                      "SELECT count(*) FROM payment_claw WHERE user_id = $1 AND dispute_open = 1",
                                      VAI_TEXT (user_id))
         > 0;
}

/* ── Purchases ── */

static VaiReply *
get_purchases_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  gint64 n = 0;
  VaiCursor from;
  VaiReply *refusal = vai_cursor_read (call, FALSE, &from);
  if (refusal != NULL)
    return refusal;
  g_autofree char *cursor = NULL;
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_begin_list (builder, "items");
  g_autoptr (VaiRows) rows = vai_purchase_query (transaction, call->user_id, from.at, from.id, from.limit);
  for (;; n++)
    {
      g_autoptr (VaiPurchase) purchase = vai_purchase_read (rows);
      if (purchase == NULL)
        break;
      vai_purchase_write (purchase, builder);
      g_free (cursor);
      cursor = vai_cursor_make (purchase->created_at, purchase->id);
    }
  json_builder_end_array (builder);
  vai_json_add_text (builder, "next_cursor", n == from.limit ? cursor : NULL);
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
get_purchases (VaiCall *call)
{
  return vai_call_read (call, get_purchases_work, NULL);
}

/* ?known= is the state that the client has seen: the answer waits until it is another. */
static VaiReply *
get_purchase_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  g_autoptr (VaiPurchase) purchase = vai_purchase_find (transaction, vai_call_get_value (call, 0));
  if (purchase == NULL || strcmp (purchase->user_id, call->user_id) != 0)
    return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, NULL, "There is no such purchase.");
  const char *known = vai_call_get_query (call, "known");
  if (g_strcmp0 (known, vai_purchase_state_get_name (purchase->state)) == 0 && vai_call_may_wait (call))
    return vai_reply_new_wait (LOOK_MS);
  JsonBuilder *builder = json_builder_new ();
  vai_purchase_write (purchase, builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
get_purchase (VaiCall *call)
{
  return vai_call_read (call, get_purchase_work, NULL);
}

static const VaiField checkout_fields[] = {
  { "package_id", VAI_FIELD_ID },
  { NULL },
};

static const VaiField portal_fields[] = {
  { NULL },
};

/* ── Pages ── */

static VaiReply *
answer_page (VaiCall *call, const char *name)
{
  char *text = vai_text_fill (name, call->locale, NULL);
  VaiReply *reply = vai_reply_new_bytes (200, "text/html; charset=utf-8", g_bytes_new_take (text, strlen (text)));
  vai_reply_set_header (reply, "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'");
  vai_reply_set_header (reply, "Referrer-Policy", "no-referrer");
  return reply;
}

static VaiReply *
hurry_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  vai_reconciler_hurry (transaction, data, call->now);
  return vai_reply_new_nothing ();
}

/* Whoever comes back has perhaps paid: Stripe is asked at once, in case its event is late. */
static VaiReply *
get_done (VaiCall *call)
{
  const char *session_id = vai_call_get_query (call, "sid");
  if (vai_stripe_is_id (session_id))
    {
      vai_reply_free (vai_call_write (call, hurry_work, (gpointer) session_id));
      vai_chores_wake (call->server, "stripe-reconciler");
    }
  return answer_page (call, "page-pay-done.html");
}

static VaiReply *
get_cancel (VaiCall *call)
{
  return answer_page (call, "page-pay-cancel.html");
}

static VaiReply *
get_back (VaiCall *call)
{
  return answer_page (call, "page-pay-back.html");
}

const VaiRoute vai_billing_routes[] = {
  { "GET", "/api/v1/credits/packages", VAI_ACCESS_TOKEN, VAI_RATE_READ, 0, NULL, get_packages },
  { "POST", "/api/v1/billing/checkout", VAI_ACCESS_SESSION, VAI_RATE_HEAVY, VAI_BODY_SMALL, checkout_fields,
    vai_checkout_start },
  { "GET", "/api/v1/billing/purchases", VAI_ACCESS_SESSION, VAI_RATE_READ, 0, NULL, get_purchases },
  { "GET", "/api/v1/billing/purchases/{id}", VAI_ACCESS_SESSION, VAI_RATE_READ, 0, NULL, get_purchase },
  { "POST", "/api/v1/billing/portal", VAI_ACCESS_SESSION, VAI_RATE_HEAVY, VAI_BODY_SMALL, portal_fields,
    vai_checkout_open_portal },
  { "POST", "/api/v1/webhooks/stripe", VAI_ACCESS_PUBLIC, VAI_RATE_WRITE, VAI_STRIPE_EVENT_BYTES_MAX, NULL,
    vai_events_receive, VAI_ROUTE_RAW },
  { "GET", "/pay/done", VAI_ACCESS_PUBLIC, VAI_RATE_SIGN_IN, 0, NULL, get_done },
  { "GET", "/pay/cancel", VAI_ACCESS_PUBLIC, VAI_RATE_READ, 0, NULL, get_cancel },
  { "GET", "/pay/back", VAI_ACCESS_PUBLIC, VAI_RATE_READ, 0, NULL, get_back },
  { NULL },
};
