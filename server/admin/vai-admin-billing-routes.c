/* What can be bought, what was bought, and money given back. */
#include "vai-audit.h"
#include "vai-billing.h"
#include "vai-cursor.h"
#include "vai-json-build.h"
#include "vai-route.h"
#include "vai-time.h"

#define CREDITS_MAX 10000000
#define PRICE_MAX 100000000

#define TEXT(call, name) vai_message_get_text ((call)->message, name, NULL)
#define INTEGER(call, name, otherwise) vai_message_get_integer ((call)->message, name, otherwise)

/* ── Packages ── */

static const char *const intervals[] = { "none", "month", NULL };

static const VaiField package_fields[] = {
  { "name", VAI_FIELD_TEXT, VAI_FIELD_VISIBLE, 1, 100 },
  { "credits", VAI_FIELD_INTEGER, VAI_FIELD_REQUIRED, 1, CREDITS_MAX },
  { "price", VAI_FIELD_INTEGER, VAI_FIELD_REQUIRED, 1, PRICE_MAX },
  { "currency", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 3, 3 },
  { "interval", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 0, 0, intervals },
  { "stripe_price_id", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 1, 200 },
  { "is_active", VAI_FIELD_BOOLEAN, VAI_FIELD_OPTIONAL },
  { "is_popular", VAI_FIELD_BOOLEAN, VAI_FIELD_OPTIONAL },
  { "sort_order", VAI_FIELD_INTEGER, VAI_FIELD_OPTIONAL, 0, 1000 },
  { NULL },
};

/* What was sold keeps its terms: of a package only how it is shown changes. */
static const VaiField shown_fields[] = {
  { "name", VAI_FIELD_TEXT, VAI_FIELD_VISIBLE, 1, 100 },
  { "is_active", VAI_FIELD_BOOLEAN },
  { "is_popular", VAI_FIELD_BOOLEAN },
  { "sort_order", VAI_FIELD_INTEGER, VAI_FIELD_REQUIRED, 0, 1000 },
  { NULL },
};

static VaiReply *
list_packages_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_begin_list (builder, "items");
  g_autoptr (VaiRows) rows = vai_transaction_query (transaction, "SELECT " VAI_PACKAGE_COLUMNS
                                                                 " FROM credit_package ORDER BY sort_order, id");
  while (vai_rows_next (rows))
    vai_package_write (rows, builder, TRUE);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
list_packages (VaiCall *call)
{
  return vai_call_read (call, list_packages_work, NULL);
}

static VaiReply *
answer_package (VaiTransaction *transaction, guint status, const char *id)
{
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction, "SELECT " VAI_PACKAGE_COLUMNS " FROM credit_package WHERE id = $1", VAI_TEXT (id));
  JsonBuilder *builder = json_builder_new ();
  if (vai_rows_next (rows))
    vai_package_write (rows, builder, TRUE);
  else
    json_builder_add_null_value (builder);
  return vai_reply_new_json (status, builder);
}

static VaiReply *
add_package_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const char *id = data;
  gint64 added = vai_transaction_run (
      transaction,
      "INSERT INTO credit_package (id, name, credits, price, currency, \"interval\", stripe_price_id, is_active, "
      "is_popular, sort_order, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
      "ON CONFLICT DO NOTHING",
      VAI_TEXT (id), VAI_TEXT (TEXT (call, "name")), VAI_INTEGER (INTEGER (call, "credits", 0)),
      VAI_INTEGER (INTEGER (call, "price", 0)), VAI_TEXT (TEXT (call, "currency")), VAI_TEXT (TEXT (call, "interval")),
      VAI_TEXT (TEXT (call, "stripe_price_id")),
      VAI_INTEGER (vai_message_get_boolean (call->message, "is_active", TRUE)),
      VAI_INTEGER (vai_message_get_boolean (call->message, "is_popular", FALSE)),
      VAI_INTEGER (INTEGER (call, "sort_order", 0)), VAI_INTEGER (call->now), VAI_INTEGER (call->now));
  if (added == 0)
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, "stripe_price_id", "A package has this price already.");
  vai_audit_add (transaction, call->user_id, "package.add", id, call->now,
                 "{\"credits\":%" G_GINT64_FORMAT ",\"price\":%" G_GINT64_FORMAT "}", INTEGER (call, "credits", 0),
                 INTEGER (call, "price", 0));
  return answer_package (transaction, 201, id);
}

static VaiReply *
add_package (VaiCall *call)
{
  /* Stripe may say something else since. */
  VaiReply *refusal = vai_call_repeat (call);
  if (refusal != NULL)
    return refusal;
  refusal = vai_billing_check_price (call, TEXT (call, "stripe_price_id"), INTEGER (call, "price", 0),
                                     TEXT (call, "currency"), TEXT (call, "interval"));
  if (refusal != NULL)
    return refusal;
  g_autofree char *id = vai_uuid_new ();
  return vai_call_write (call, add_package_work, id);
}

static VaiReply *
show_package_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const char *id = vai_call_get_value (call, 0);
  gboolean active = vai_message_get_boolean (call->message, "is_active", TRUE);
  if (vai_transaction_run (
          transaction,
          "UPDATE credit_package SET name = $1, is_active = $2, is_popular = $3, sort_order = $4, updated_at = $5 "
          "WHERE id = $6",
          VAI_TEXT (TEXT (call, "name")), VAI_INTEGER (active),
          VAI_INTEGER (vai_message_get_boolean (call->message, "is_popular", FALSE)),
          VAI_INTEGER (INTEGER (call, "sort_order", 0)), VAI_INTEGER (call->now), VAI_TEXT (id))
      == 0)
    return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, NULL, "There is no such package.");
  vai_audit_add (transaction, call->user_id, "package.change", id, call->now, "{\"is_active\":%s}",
                 active ? "true" : "false");
  return answer_package (transaction, 200, id);
}

static VaiReply *
show_package (VaiCall *call)
{
  return vai_call_write (call, show_package_work, NULL);
}

/* ── Purchases ── */

static void
write_purchase (VaiCall *call, VaiRows *rows, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "id", vai_rows_get_text (rows, 0));
  vai_json_add_text (builder, "user_id", vai_rows_get_text (rows, 1));
  vai_json_add_text (builder, "package_id", vai_rows_get_text (rows, 2));
  vai_json_add_integer (builder, "amount", vai_rows_get_integer (rows, 3));
  vai_json_add_text (builder, "currency", vai_rows_get_text (rows, 4));
  vai_json_add_integer (builder, "credits", vai_rows_get_integer (rows, 5));
  vai_json_add_text (builder, "state", vai_rows_get_text (rows, 6));
  vai_json_add_text (builder, "note", vai_rows_get_text (rows, 7));
  vai_json_add_text (builder, "stripe_payment_intent", vai_rows_get_text (rows, 8));
  vai_json_add_integer (builder, "created_at", vai_rows_get_integer (rows, 9));
  vai_json_add_integer (builder, "updated_at", vai_rows_get_integer (rows, 10));
  json_builder_end_object (builder);
}

static VaiReply *
list_purchases_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  VaiCursor from;
  VaiReply *refusal = vai_cursor_read (call, FALSE, &from);
  if (refusal != NULL)
    return refusal;
  const char *user_id = vai_call_get_query (call, "user_id");
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT id, user_id, package_id, amount, currency, credits, state, note, stripe_payment_intent, created_at, "
      "updated_at FROM purchase WHERE (created_at, id) < ($1, $2) AND (CAST($3 AS TEXT) IS NULL OR user_id = $4) "
      "ORDER BY created_at DESC, id DESC LIMIT $5",
      VAI_INTEGER (from.at), VAI_TEXT (from.id), VAI_TEXT (user_id), VAI_TEXT (user_id), VAI_INTEGER (from.limit));
  return vai_cursor_answer (call, &from, rows, write_purchase, 9, 0);
}

static VaiReply *
list_purchases (VaiCall *call)
{
  return vai_call_read (call, list_purchases_work, NULL);
}

/* ── Refunds ── */

static const char *const reasons[] = { "duplicate", "fraudulent", "requested_by_customer", NULL };

static const VaiField refund_fields[] = {
  { "purchase_id", VAI_FIELD_ID, VAI_FIELD_OPTIONAL },
  { "payment_id", VAI_FIELD_TEXT, VAI_FIELD_OPTIONAL, 1, 200 },
  { "amount", VAI_FIELD_INTEGER, VAI_FIELD_OPTIONAL, 1, PRICE_MAX },
  { "reason", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 0, 0, reasons },
  { "allow_debt", VAI_FIELD_BOOLEAN, VAI_FIELD_OPTIONAL },
  { NULL },
};

static void
note_refund (VaiCall *call, VaiTransaction *transaction, const char *refund_id, gpointer data)
{
  vai_audit_add (transaction, call->user_id, "refund", refund_id, call->now, "{\"amount\":%" G_GINT64_FORMAT "}",
                 INTEGER (call, "amount", 0));
}

static VaiReply *
refund (VaiCall *call)
{
  VaiBillingRefund wanted = { .purchase_id = TEXT (call, "purchase_id"),
                              .payment_id = TEXT (call, "payment_id"),
                              .amount = INTEGER (call, "amount", 0),
                              .reason = TEXT (call, "reason"),
                              .allow_debt = vai_message_get_boolean (call->message, "allow_debt", FALSE) };
  if ((wanted.purchase_id == NULL) == (wanted.payment_id == NULL))
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "purchase_id", "Name the purchase or the payment, one of them.");
  return vai_billing_refund (call, &wanted, note_refund, NULL);
}

#define ADMIN "/api/v1/admin"

const VaiRoute vai_admin_billing_routes[] = {
  { "GET", ADMIN "/packages", VAI_ACCESS_SUPPORT, VAI_RATE_READ, 0, NULL, list_packages },
  { "POST", ADMIN "/packages", VAI_ACCESS_BILLING, VAI_RATE_WRITE, VAI_BODY_SMALL, package_fields, add_package },
  { "PUT", ADMIN "/packages/{id}", VAI_ACCESS_BILLING, VAI_RATE_WRITE, VAI_BODY_SMALL, shown_fields, show_package },
  { "GET", ADMIN "/purchases", VAI_ACCESS_SUPPORT, VAI_RATE_READ, 0, NULL, list_purchases },
  { "POST", ADMIN "/refunds", VAI_ACCESS_BILLING, VAI_RATE_WRITE, VAI_BODY_SMALL, refund_fields, refund },
  { NULL },
};
