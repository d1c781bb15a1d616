/* What a person has spent, by day and operation. */
#include "vai-json-build.h"
#include "vai-route.h"
#include "vai-time.h"

#include <string.h>

#define DAY_MS (VAI_SECONDS_PER_DAY * G_GINT64_CONSTANT (1000))

/* Days of one question, and of one that does not say which. */
#define DAYS_MAX 366
#define DAYS_OTHERWISE 30

typedef struct
{
  gint64 first, last; /* days since 1970 */
} Days;

static gboolean
parse_day (const char *text, gint64 *day)
{
  gint64 seconds;
  if (text == NULL)
    return TRUE;
  if (strlen (text) != 10 || !vai_time_parse (text, &seconds))
    return FALSE;
  *day = seconds / VAI_SECONDS_PER_DAY;
  return TRUE;
}

static VaiReply *
usage_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const Days *days = data;
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_begin_list (builder, "items");
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT created_at / 86400000, operation_type, count(*), -sum(amount) FROM credit_transaction "
      "WHERE user_id = $1 AND created_at >= $2 AND created_at < $3 AND type = 'debit' GROUP BY 1, 2 ORDER BY 1, 2",
      VAI_TEXT (call->user_id), VAI_INTEGER (days->first * DAY_MS), VAI_INTEGER ((days->last + 1) * DAY_MS));
  while (vai_rows_next (rows))
    {
      g_autofree char *day = vai_time_format (vai_rows_get_integer (rows, 0) * VAI_SECONDS_PER_DAY, FALSE);
      json_builder_begin_object (builder);
      vai_json_add_text (builder, "day", day);
      vai_json_add_text (builder, "operation_type", vai_rows_get_text (rows, 1));
      vai_json_add_integer (builder, "operations", vai_rows_get_integer (rows, 2));
      vai_json_add_integer (builder, "credits", vai_rows_get_integer (rows, 3));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

/* ?from= and ?to= are days like 2026-11-22, both included. */
static VaiReply *
get_usage (VaiCall *call)
{
  Days days = { .last = call->now / DAY_MS };
  if (!parse_day (vai_call_get_query (call, "to"), &days.last))
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "to", "A day is like 2026-11-22.");
  days.first = days.last - DAYS_OTHERWISE + 1;
  if (!parse_day (vai_call_get_query (call, "from"), &days.first))
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "from", "A day is like 2026-11-22.");
  if (days.first > days.last || days.last - days.first >= DAYS_MAX)
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "from", "Ask for 1 to %d days.", DAYS_MAX);
  return vai_call_read (call, usage_work, &days);
}

const VaiRoute vai_usage_routes[] = {
  { "GET", "/api/v1/credits/usage", VAI_ACCESS_SESSION, VAI_RATE_READ, 0, NULL, get_usage },
  { NULL },
};
