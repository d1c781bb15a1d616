/* What a person sees of her credits. */
#include "vai-cursor.h"
#include "vai-history.h"
#include "vai-json-build.h"
#include "vai-ledger.h"
#include "vai-prices.h"
#include "vai-route.h"

static gint64
sum_of (VaiTransaction *transaction, const char *user_id, const char *kind)
{
  return vai_transaction_get_integer (
      transaction, 0, "SELECT COALESCE(sum(balance), 0) FROM ledger_account WHERE user_id = $1 AND kind = $2",
      VAI_TEXT (user_id), VAI_TEXT (kind));
}

static VaiReply *
get_balance_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_integer (builder, "available", vai_ledger_get_balance (transaction, call->user_id));
  vai_json_add_integer (builder, "held", sum_of (transaction, call->user_id, "hold"));
  vai_json_add_integer (builder, "debt", sum_of (transaction, call->user_id, "debt"));
  vai_json_add_integer (builder, "price_version", vai_prices_get_version (transaction));
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
get_balance (VaiCall *call)
{
  return vai_call_read (call, get_balance_work, NULL);
}

/* ── History ── */

static void
write_transaction (VaiCall *call, VaiRows *rows, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  vai_history_write (rows, builder);
  json_builder_end_object (builder);
}

static VaiReply *
get_transactions_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  VaiCursor from;
  VaiReply *refusal = vai_cursor_read (call, FALSE, &from);
  if (refusal != NULL)
    return refusal;
  vai_transaction_expect_last (transaction);
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT " VAI_HISTORY_COLUMNS " FROM credit_transaction "
      "WHERE user_id = $1 AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4",
      VAI_TEXT (call->user_id), VAI_INTEGER (from.at), VAI_TEXT (from.id), VAI_INTEGER (from.limit));
  return vai_cursor_answer (call, &from, rows, write_transaction, 7, 0);
}

static VaiReply *
get_transactions (VaiCall *call)
{
  return vai_call_read (call, get_transactions_work, NULL);
}

/* ── Price list ── */

static VaiReply *
get_operations_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_integer (builder, "version", vai_prices_get_version (transaction));
  vai_json_begin_list (builder, "items");
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction, "SELECT o.id, o.name, o.description, o.credit_cost, o.is_active, o.version FROM credit_operation o "
                   "WHERE o.version = (SELECT max(version) FROM credit_operation WHERE name = o.name) ORDER BY o.name");
  while (vai_rows_next (rows))
    {
      json_builder_begin_object (builder);
      vai_json_add_text (builder, "id", vai_rows_get_text (rows, 0));
      vai_json_add_text (builder, "name", vai_rows_get_text (rows, 1));
      vai_json_add_text (builder, "description", vai_rows_get_text (rows, 2));
      vai_json_add_integer (builder, "credit_cost", vai_rows_get_integer (rows, 3));
      vai_json_add_flag (builder, "is_active", vai_rows_get_integer (rows, 4) != 0);
      vai_json_add_integer (builder, "version", vai_rows_get_integer (rows, 5));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
get_operations (VaiCall *call)
{
  return vai_call_read (call, get_operations_work, NULL);
}

const VaiRoute vai_credits_routes[] = {
  { "GET", "/api/v1/credits/balance", VAI_ACCESS_SESSION, VAI_RATE_READ, 0, NULL, get_balance,
    VAI_ROUTE_SESSION_INSIDE },
  { "GET", "/api/v1/credits/transactions", VAI_ACCESS_SESSION, VAI_RATE_READ, 0, NULL, get_transactions,
    VAI_ROUTE_SESSION_INSIDE },
  { "GET", "/api/v1/credits/operations", VAI_ACCESS_TOKEN, VAI_RATE_READ, 0, NULL, get_operations },
  { NULL },
};
