/* Reading the audit: filtered, exported, verified. */
#include "vai-audit.h"
#include "vai-json-build.h"
#include "vai-route.h"

static const char *
query_or_nothing (VaiCall *call, const char *name)
{
  const char *text = vai_call_get_query (call, name);
  return text != NULL && *text != '\0' ? text : NULL;
}

/* Entries before ?cursor= with the actor, subject and action that are asked for, newest first. An absent filter is
 * NULL and lets all pass. */
static VaiRows *
select_entries (VaiCall *call, VaiTransaction *transaction, gint64 limit)
{
  const char *cursor = vai_call_get_query (call, "cursor");
  const char *actor = query_or_nothing (call, "actor_id"), *subject = query_or_nothing (call, "subject");
  const char *action = query_or_nothing (call, "action");
  return vai_transaction_query (
      transaction,
      "SELECT seq, prev_hash, hash, actor_id, action, subject, detail, created_at FROM audit WHERE seq < $1 "
      "AND (CAST($2 AS TEXT) IS NULL OR actor_id = $3) AND (CAST($4 AS TEXT) IS NULL OR subject = $5) "
      "AND (CAST($6 AS TEXT) IS NULL OR action = $7) ORDER BY seq DESC LIMIT $8",
      VAI_INTEGER (cursor != NULL ? g_ascii_strtoll (cursor, NULL, 10) : G_MAXINT64), VAI_TEXT (actor),
      VAI_TEXT (actor), VAI_TEXT (subject), VAI_TEXT (subject), VAI_TEXT (action), VAI_TEXT (action),
      VAI_INTEGER (limit));
}

static VaiReply *
list_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  gint64 limit = vai_call_get_limit (call), n = 0, last = 0;
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_begin_list (builder, "items");
  g_autoptr (VaiRows) rows = select_entries (call, transaction, limit);
  for (; vai_rows_next (rows); n++)
    {
      json_builder_begin_object (builder);
      last = vai_rows_get_integer (rows, 0);
      vai_json_add_integer (builder, "seq", last);
      vai_json_add_text (builder, "prev_hash", vai_rows_get_text (rows, 1));
      vai_json_add_text (builder, "hash", vai_rows_get_text (rows, 2));
      vai_json_add_text (builder, "actor_id", vai_rows_get_text (rows, 3));
      vai_json_add_text (builder, "action", vai_rows_get_text (rows, 4));
      vai_json_add_text (builder, "subject", vai_rows_get_text (rows, 5));
      vai_json_add_text (builder, "detail", vai_rows_get_text (rows, 6));
      vai_json_add_integer (builder, "created_at", vai_rows_get_integer (rows, 7));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  g_autofree char *cursor = n == limit ? g_strdup_printf ("%" G_GINT64_FORMAT, last) : NULL;
  vai_json_add_text (builder, "next_cursor", cursor);
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
list (VaiCall *call)
{
  return vai_call_read (call, list_work, NULL);
}

static VaiReply *
verify_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  gint64 n = 0, broken = vai_audit_verify (transaction, &n);
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_flag (builder, "holds", broken == 0);
  vai_json_add_integer (builder, "entries", n);
  vai_json_add_integer (builder, "first_broken", broken);
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
verify (VaiCall *call)
{
  return vai_call_read (call, verify_work, NULL);
}

const VaiRoute vai_admin_audit_routes[] = {
  { "GET", "/api/v1/admin/audit", VAI_ACCESS_SUPPORT, VAI_RATE_READ, 0, NULL, list },
  { "GET", "/api/v1/admin/audit/verify", VAI_ACCESS_SUPPORT, VAI_RATE_HEAVY, 0, NULL, verify },
  { NULL },
};
