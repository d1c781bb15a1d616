/* Reading the audit: filtered, exported, verified. */
#include "vai-audit.h"
#include "vai-cursor.h"
#include "vai-json-build.h"
#include "vai-route.h"

static const char *
query_or_nothing (VaiCall *call, const char *name)
{
  const char *text = vai_call_get_query (call, name);
  return text != NULL && *text != '\0' ? text : NULL;
}

#define SELECT "SELECT seq, prev_hash, hash, actor_id, action, subject, detail, created_at FROM audit WHERE "
#define FILTER                                                                                                         \
  " AND (CAST($2 AS TEXT) IS NULL OR actor_id = $3) AND (CAST($4 AS TEXT) IS NULL OR subject = $5) "                   \
  "AND (CAST($6 AS TEXT) IS NULL OR action = $7) ORDER BY seq "

/* Entries with the actor, subject and action that are asked for; an absent filter is NULL and lets all pass. @sql takes
 * @seq first. */
static VaiRows *
select_entries (VaiCall *call, VaiTransaction *transaction, const char *sql, gint64 seq, gint64 limit)
{
  const char *actor = query_or_nothing (call, "actor_id"), *subject = query_or_nothing (call, "subject");
  const char *action = query_or_nothing (call, "action");
  return vai_transaction_query (transaction, sql, VAI_INTEGER (seq), VAI_TEXT (actor), VAI_TEXT (actor),
                                VAI_TEXT (subject), VAI_TEXT (subject), VAI_TEXT (action), VAI_TEXT (action),
                                VAI_INTEGER (limit));
}

/* Gives its number. */
static gint64
write_entry (VaiRows *rows, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  gint64 seq = vai_rows_get_integer (rows, 0);
  vai_json_add_integer (builder, "seq", seq);
  vai_json_add_text (builder, "prev_hash", vai_rows_get_text (rows, 1));
  vai_json_add_text (builder, "hash", vai_rows_get_text (rows, 2));
  vai_json_add_text (builder, "actor_id", vai_rows_get_text (rows, 3));
  vai_json_add_text (builder, "action", vai_rows_get_text (rows, 4));
  vai_json_add_text (builder, "subject", vai_rows_get_text (rows, 5));
  vai_json_add_text (builder, "detail", vai_rows_get_text (rows, 6));
  vai_json_add_integer (builder, "created_at", vai_rows_get_integer (rows, 7));
  json_builder_end_object (builder);
  return seq;
}

/* ── A page, newest first ── */

typedef struct
{
  gint64 before; /* this number */
  gint64 limit;
} Page;

static VaiReply *
list_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const Page *page = data;
  gint64 n = 0, last = 0;
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_begin_list (builder, "items");
  g_autoptr (VaiRows) rows
      = select_entries (call, transaction, SELECT "seq < $1" FILTER "DESC LIMIT $8", page->before, page->limit);
  for (; vai_rows_next (rows); n++)
    last = write_entry (rows, builder);
  json_builder_end_array (builder);
  g_autofree char *next = n == page->limit ? g_strdup_printf ("%" G_GINT64_FORMAT, last) : NULL;
  vai_json_add_text (builder, "next_cursor", next);
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
list (VaiCall *call)
{
  Page page = { G_MAXINT64, VAI_CURSOR_LIMIT_OTHERWISE };
  VaiReply *refusal = vai_call_read_number (call, "cursor", 0, G_MAXINT64, &page.before);
  if (refusal == NULL)
    refusal = vai_call_read_number (call, "limit", 1, VAI_CURSOR_LIMIT_MAX, &page.limit);
  return refusal != NULL ? refusal : vai_call_read (call, list_work, &page);
}

/* ── All of it, oldest first: a line each, for a tool that checks the chain by itself ── */

/* An answer of some megabytes; who wants more asks again with ?after= the last number. */
#define EXPORT_MAX 10000

static void
append_line (GString *text, VaiRows *rows)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  write_entry (rows, builder);
  g_autoptr (JsonNode) node = json_builder_get_root (builder);
  g_autofree char *line = json_to_string (node, FALSE);
  g_string_append_printf (text, "%s\n", line);
}

static VaiReply *
export_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const gint64 *after = data;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (VaiRows) rows
      = select_entries (call, transaction, SELECT "seq > $1" FILTER "LIMIT $8", *after, EXPORT_MAX);
  while (vai_rows_next (rows))
    append_line (text, rows);
  VaiReply *reply = vai_reply_new_bytes (200, "application/x-ndjson", g_string_free_to_bytes (g_steal_pointer (&text)));
  vai_reply_set_header (reply, "Content-Disposition", "attachment; filename=\"valutai-audit.jsonl\"");
  return reply;
}

static VaiReply *
export_entries (VaiCall *call)
{
  gint64 after = 0;
  VaiReply *refusal = vai_call_read_number (call, "after", 0, G_MAXINT64, &after);
  return refusal != NULL ? refusal : vai_call_read (call, export_work, &after);
}

/* ── The chain ── */

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
  { "GET", "/api/v1/admin/audit/export", VAI_ACCESS_SUPPORT, VAI_RATE_HEAVY, 0, NULL, export_entries },
  { "GET", "/api/v1/admin/audit/verify", VAI_ACCESS_SUPPORT, VAI_RATE_HEAVY, 0, NULL, verify },
  { NULL },
};
