/* Where a person is signed in, and ending it there. */
#include "vai-audit.h"
#include "vai-cursor.h"
#include "vai-json-build.h"
#include "vai-route.h"
#include "vai-session.h"
#include "vai-tokens.h"

static void
write_session (VaiCall *call, VaiRows *rows, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "id", vai_rows_get_text (rows, 0));
  vai_json_add_text (builder, "device_id", vai_rows_get_text (rows, 1));
  vai_json_add_text (builder, "ip_address", vai_rows_get_text (rows, 2));
  vai_json_add_text (builder, "user_agent", vai_rows_get_text (rows, 3));
  vai_json_add_integer (builder, "created_at", vai_rows_get_integer (rows, 4));
  vai_json_add_integer (builder, "updated_at", vai_rows_get_integer (rows, 5));
  vai_json_add_integer (builder, "expires_at", vai_rows_get_integer (rows, 6));
  vai_json_add_flag (builder, "current", g_strcmp0 (vai_rows_get_text (rows, 0), call->session_id) == 0);
  json_builder_end_object (builder);
}

static VaiReply *
list_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  VaiCursor from;
  VaiReply *refusal = vai_cursor_read (call, FALSE, &from);
  if (refusal != NULL)
    return refusal;
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT id, device_id, ip_address, user_agent, created_at, updated_at, expires_at FROM session "
      "WHERE user_id = $1 AND (created_at, id) < ($2, $3) AND revoked_at IS NULL AND expires_at > $4 "
      "ORDER BY created_at DESC, id DESC LIMIT $5",
      VAI_TEXT (call->user_id), VAI_INTEGER (from.at), VAI_TEXT (from.id), VAI_INTEGER (call->now),
      VAI_INTEGER (from.limit));
  return vai_cursor_answer (call, &from, rows, write_session, 4, 0);
}

static VaiReply *
list_sessions (VaiCall *call)
{
  return vai_call_read (call, list_work, NULL);
}

/* Only one of her own; of another's id she learns nothing. */
static VaiReply *
end_one_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const char *id = vai_call_get_value (call, 0);
  if (vai_transaction_run (transaction,
                           "UPDATE session SET revoked_at = $1 WHERE id = $2 AND user_id = $3 AND revoked_at IS NULL",
                           VAI_INTEGER (call->now), VAI_TEXT (id), VAI_TEXT (call->user_id))
      == 0)
    return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, NULL, "There is no such session.");
  vai_audit_add (transaction, call->user_id, "account.session_end", call->user_id, call->now, "{\"session\":\"%s\"}",
                 id);
  return vai_reply_new_nothing ();
}

static VaiReply *
end_one (VaiCall *call)
{
  VaiReply *reply = vai_call_write (call, end_one_work, NULL);
  if (reply->status == 204)
    vai_tokens_revoke (call->server->tokens, vai_call_get_value (call, 0));
  return reply;
}

static VaiReply *
end_others_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  vai_session_revoke_all (transaction, call->user_id, call->session_id, call->now);
  vai_audit_add (transaction, call->user_id, "account.sessions_end", call->user_id, call->now, "{}");
  return vai_reply_new_nothing ();
}

static VaiReply *
end_others (VaiCall *call)
{
  VaiReply *reply = vai_call_write (call, end_others_work, NULL);
  if (reply->status == 204)
    vai_tokens_renew_revoked (call->server, call->connection);
  return reply;
}

const VaiRoute vai_session_routes[] = {
  { "GET", "/api/v1/me/sessions", VAI_ACCESS_SESSION, VAI_RATE_READ, 0, NULL, list_sessions },
  { "DELETE", "/api/v1/me/sessions/{id}", VAI_ACCESS_SESSION, VAI_RATE_WRITE, 0, NULL, end_one },
  { "POST", "/api/v1/me/sessions/end-others", VAI_ACCESS_SESSION, VAI_RATE_WRITE, VAI_BODY_SMALL, NULL, end_others },
  { NULL },
};
