/* What happened to credits, of everybody or of one. */
#include "vai-cursor.h"
#include "vai-history.h"
#include "vai-route.h"

#define SELECT "SELECT " VAI_HISTORY_COLUMNS ", user_id FROM credit_transaction WHERE (created_at, id) < ($1, $2) "
#define ORDER " ORDER BY created_at DESC, id DESC LIMIT "

static void
write_transaction (VaiCall *call, VaiRows *rows, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  vai_history_write (rows, builder);
  vai_json_add_text (builder, "user_id", vai_rows_get_text (rows, 8));
  json_builder_end_object (builder);
}

static VaiReply *
list_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  VaiCursor from;
  VaiReply *refusal = vai_cursor_read (call, FALSE, &from);
  if (refusal != NULL)
    return refusal;
  const char *user_id = vai_call_get_query (call, "user_id");
  const VaiValue limit = VAI_INTEGER (from.limit);
  g_autoptr (VaiRows) rows
      = user_id == NULL
            ? vai_transaction_query (transaction, SELECT ORDER "$3", VAI_INTEGER (from.at), VAI_TEXT (from.id), limit)
            : vai_transaction_query (transaction, SELECT "AND user_id = $3" ORDER "$4", VAI_INTEGER (from.at),
                                     VAI_TEXT (from.id), VAI_TEXT (user_id), limit);
  return vai_cursor_answer (call, &from, rows, write_transaction, 7, 0);
}

static VaiReply *
list (VaiCall *call)
{
  return vai_call_read (call, list_work, NULL);
}

const VaiRoute vai_admin_transactions_routes[] = {
  { "GET", "/api/v1/admin/transactions", VAI_ACCESS_SUPPORT, VAI_RATE_READ, 0, NULL, list },
  { NULL },
};
