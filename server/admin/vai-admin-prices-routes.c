/* The price list: a change is a row under the next version. */
#include "vai-audit.h"
#include "vai-cursor.h"
#include "vai-json-build.h"
#include "vai-prices.h"
#include "vai-route.h"
#include "vai-time.h"

#define COST_MAX 1000000

static const VaiField fields[] = {
  { "credit_cost", VAI_FIELD_INTEGER, VAI_FIELD_REQUIRED, 0, COST_MAX },
  { "is_active", VAI_FIELD_BOOLEAN, VAI_FIELD_OPTIONAL },
  { "description", VAI_FIELD_TEXT, VAI_FIELD_OPTIONAL | VAI_FIELD_VISIBLE, 1, 200 },
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

/* ── Every version, newest first ── */

static void
write_operation (VaiCall *call, VaiRows *rows, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "id", vai_rows_get_text (rows, 0));
  vai_json_add_text (builder, "name", vai_rows_get_text (rows, 1));
  vai_json_add_text (builder, "description", vai_rows_get_text (rows, 2));
  vai_json_add_integer (builder, "credit_cost", vai_rows_get_integer (rows, 3));
  vai_json_add_flag (builder, "is_active", vai_rows_get_integer (rows, 4) != 0);
  vai_json_add_integer (builder, "version", vai_rows_get_integer (rows, 5));
  vai_json_add_integer (builder, "created_at", vai_rows_get_integer (rows, 6));
  json_builder_end_object (builder);
}

static VaiReply *
list_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  VaiCursor from;
  VaiReply *refusal = vai_cursor_read (call, FALSE, &from);
  if (refusal != NULL)
    return refusal;
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction,
                               "SELECT id, name, description, credit_cost, is_active, version, created_at "
                               "FROM credit_operation WHERE (version, id) < ($1, $2) ORDER BY version DESC, id DESC "
                               "LIMIT $3",
                               VAI_INTEGER (from.at), VAI_TEXT (from.id), VAI_INTEGER (from.limit));
  return vai_cursor_answer (call, &from, rows, write_operation, 5, 0);
}

static VaiReply *
list (VaiCall *call)
{
  return vai_call_read (call, list_work, NULL);
}

static VaiReply *
change (VaiCall *call)
{
  return vai_call_write (call, change_work, NULL);
}

const VaiRoute vai_admin_prices_routes[] = {
  { "GET", "/api/v1/admin/operations", VAI_ACCESS_SUPPORT, VAI_RATE_READ, 0, NULL, list },
  { "PUT", "/api/v1/admin/operations/{name}", VAI_ACCESS_BILLING, VAI_RATE_WRITE, VAI_BODY_SMALL, fields, change },
  { NULL },
};
