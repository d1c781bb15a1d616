/* The price list: a change is a row under the next version. */
#include "vai-audit.h"
#include "vai-json-build.h"
#include "vai-prices.h"
#include "vai-route.h"
#include "vai-time.h"

#define COST_MAX 1000000

static const VaiField fields[] = {
  { "credit_cost", VAI_FIELD_INTEGER, VAI_FIELD_REQUIRED, 0, COST_MAX },
  { "is_active", VAI_FIELD_BOOLEAN, VAI_FIELD_OPTIONAL },
  { "description", VAI_FIELD_TEXT, VAI_FIELD_OPTIONAL, 1, 200 },
  { NULL },
};

static VaiReply *
change_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const char *name = vai_call_get_value (call, 0);
  /* Two changes at once must not take the same version. */
  vai_transaction_lock (transaction, "audit_head", "head");
  g_autofree char *description = vai_transaction_dup_text (
      transaction, "SELECT description FROM credit_operation WHERE name = $1 ORDER BY version DESC LIMIT 1",
      VAI_TEXT (name));
  if (description == NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, NULL, "There is no such operation.");
  gint64 cost = vai_message_get_integer (call->message, "credit_cost", 0);
  gint64 version = vai_prices_get_version (transaction) + 1;
  g_autofree char *id = vai_uuid_new ();
  vai_transaction_run (transaction,
                       "INSERT INTO credit_operation (id, name, description, credit_cost, is_active, version, "
                       "created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                       VAI_TEXT (id), VAI_TEXT (name),
                       VAI_TEXT (vai_message_get_text (call->message, "description", description)), VAI_INTEGER (cost),
                       VAI_INTEGER (vai_message_get_boolean (call->message, "is_active", TRUE)), VAI_INTEGER (version),
                       VAI_INTEGER (call->now), VAI_INTEGER (call->now));
  vai_audit_add (transaction, call->user_id, "price.change", name, call->now,
                 "{\"credit_cost\":%" G_GINT64_FORMAT ",\"version\":%" G_GINT64_FORMAT "}", cost, version);
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_integer (builder, "version", version);
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
change (VaiCall *call)
{
  return vai_call_write (call, change_work, NULL);
}

const VaiRoute vai_admin_prices_routes[] = {
  { "PUT", "/api/v1/admin/operations/{name}", VAI_ACCESS_BILLING, VAI_RATE_WRITE, VAI_BODY_SMALL, fields, change },
  { NULL },
};
