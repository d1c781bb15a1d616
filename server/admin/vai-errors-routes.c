/* Errors of programs in the field, sent only when their owner agrees, and of the server; grouped. */
#include "vai-audit.h"
#include "vai-cursor.h"
#include "vai-error-group.h"
#include "vai-json-build.h"
#include "vai-route.h"

static const VaiField report_fields[] = {
  { "message", VAI_FIELD_TEXT, VAI_FIELD_VISIBLE, 1, 500 },
  { "detail", VAI_FIELD_TEXT, VAI_FIELD_OPTIONAL, 0, 8000 },
  { "version", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 1, 40 },
  { "consent", VAI_FIELD_BOOLEAN },
  { NULL },
};

static VaiReply *
report_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  vai_error_group_add (transaction, "client", vai_message_get_text (call->message, "message", ""),
                       vai_message_get_text (call->message, "detail", NULL),
                       vai_message_get_text (call->message, "version", ""), 1, call->now);
  return vai_reply_new_nothing ();
}

static VaiReply *
report (VaiCall *call)
{
  if (!vai_message_get_boolean (call->message, "consent", FALSE))
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "consent", "Errors are taken only when their owner agrees.");
  return vai_call_write (call, report_work, NULL);
}

static void
write_group (VaiCall *call, VaiRows *rows, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  static const char *const texts[] = { "fingerprint", "source", "message", "detail", "version" };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    vai_json_add_text (builder, texts[i], vai_rows_get_text (rows, (int) i));
  vai_json_add_integer (builder, "count", vai_rows_get_integer (rows, 5));
  vai_json_add_integer (builder, "first_at", vai_rows_get_integer (rows, 6));
  vai_json_add_integer (builder, "last_at", vai_rows_get_integer (rows, 7));
  vai_json_add_time (builder, "resolved_at", vai_rows_get_integer (rows, 8));
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
      "SELECT fingerprint, source, message, detail, version, count, first_at, last_at, resolved_at FROM error_group "
      "WHERE (last_at, fingerprint) < ($1, $2) ORDER BY last_at DESC, fingerprint DESC LIMIT $3",
      VAI_INTEGER (from.at), VAI_TEXT (from.id), VAI_INTEGER (from.limit));
  return vai_cursor_answer (call, &from, rows, write_group, 7, 0);
}

static VaiReply *
list (VaiCall *call)
{
  return vai_call_read (call, list_work, NULL);
}

static VaiReply *
resolve_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const char *fingerprint = vai_call_get_value (call, 0);
  if (vai_transaction_run (transaction, "UPDATE error_group SET resolved_at = $1 WHERE fingerprint = $2",
                           VAI_INTEGER (call->now), VAI_TEXT (fingerprint))
      == 0)
    return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, NULL, "There is no such error.");
  vai_audit_add (transaction, call->user_id, "error.resolve", fingerprint, call->now, "{}");
  return vai_reply_new_nothing ();
}

static VaiReply *
resolve (VaiCall *call)
{
  return vai_call_write (call, resolve_work, NULL);
}

const VaiRoute vai_errors_routes[] = {
  { "POST", "/api/v1/reports/errors", VAI_ACCESS_TOKEN, VAI_RATE_WRITE, VAI_BODY_SMALL, report_fields, report },
  { "GET", "/api/v1/admin/errors", VAI_ACCESS_SUPPORT, VAI_RATE_READ, 0, NULL, list },
  { "POST", "/api/v1/admin/errors/{fingerprint}/resolve", VAI_ACCESS_SUPPORT, VAI_RATE_WRITE, 0, NULL, resolve },
  { NULL },
};
