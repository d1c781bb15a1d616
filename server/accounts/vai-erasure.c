#include "vai-erasure.h"

#include "vai-auth-answer.h"
#include "vai-free-credits.h"
#include "vai-json-build.h"
#include "vai-server.h"
#include "vai-sync.h"

#include <string.h>

/* ── Export ── */

/* Columns end in # for numbers, ? for flags. @from goes between FROM and ORDER BY, with $1 for her id. */
static const struct
{
  const char *member, *columns, *from;
} parts[] = {
  { "sessions", "id ip_address user_agent device_id created_at# updated_at# expires_at# revoked_at#",
    "session WHERE user_id = $1 ORDER BY created_at, id" },
  { "backup_codes", "used_at#", "backup_code WHERE user_id = $1 ORDER BY code_hash" },
  { "transactions", "id type amount# balance# description operation_type resource_id created_at#",
    "credit_transaction WHERE user_id = $1 ORDER BY created_at, id" },
  { "grants", "id source amount# remaining# expires_at# created_at#", "\"grant\" WHERE user_id = $1 ORDER BY id" },
  { "purchases", "id package_id amount# currency credits# state created_at# updated_at#",
    "purchase WHERE user_id = $1 ORDER BY created_at, id" },
  { "refunds", "id amount# reason state created_at#",
    "refund WHERE payment_id IN (SELECT payment_id FROM payment_claw WHERE user_id = $1) ORDER BY created_at, id" },
  { "subscriptions", "id package_id status period_end# ends_at_period_end? created_at#",
    "subscription WHERE user_id = $1 ORDER BY id" },
  { "devices", "id name public_key status used# returned# not_after# created_at#",
    "device WHERE user_id = $1 ORDER BY created_at, id" },
  { "operations", "device_id epoch# seq# op_kind units# cost# charged# created_at#",
    "device_entry WHERE device_id IN (SELECT id FROM device WHERE user_id = $1) ORDER BY device_id, epoch, seq" },
  { "models", "id name algorithm fingerprint created_at#",
    "published_model WHERE user_id = $1 ORDER BY created_at, id" },
  { "library", "id kind schema# rev# deleted? meta blobs updated_by_device created_at# updated_at#",
    "sync_object WHERE user_id = $1 ORDER BY id" },
  { "library_history", "object_id reason rev# meta updated_by_device created_at#",
    "object_history WHERE user_id = $1 ORDER BY object_id, id" },
  { "files", "hash size#", "user_blob WHERE user_id = $1 ORDER BY hash" },
  { "ledger_accounts", "id kind balance#", "ledger_account WHERE user_id = $1 ORDER BY id" },
};

static void
write_row (JsonBuilder *builder, char **columns, VaiRows *rows)
{
  json_builder_begin_object (builder);
  for (int i = 0; columns[i] != NULL; i++)
    {
      gsize length = strcspn (columns[i], "#?");
      g_autofree char *name = g_strndup (columns[i], length);
      if (vai_rows_is_null (rows, i))
        vai_json_add_text (builder, name, NULL);
      else if (columns[i][length] == '#')
        vai_json_add_integer (builder, name, vai_rows_get_integer (rows, i));
      else if (columns[i][length] == '?')
        vai_json_add_flag (builder, name, vai_rows_get_integer (rows, i) != 0);
      else
        vai_json_add_text (builder, name, vai_rows_get_text (rows, i));
    }
  json_builder_end_object (builder);
}

void
vai_erasure_write_export (VaiTransaction *transaction, const char *user_id, JsonBuilder *builder)
{
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_auto (GStrv) columns = g_strsplit (parts[i].columns, " ", -1);
      g_autofree char *list = g_strdelimit (g_strdup (parts[i].columns), "#?", ' ');
      g_auto (GStrv) names = g_strsplit_set (list, " ", -1);
      g_autoptr (GString) sql = g_string_new ("SELECT ");
      for (guint k = 0; names[k] != NULL; k++)
        if (*names[k] != '\0')
          g_string_append_printf (sql, "%s%s", sql->len > 7 ? ", " : "", names[k]);
      g_string_append_printf (sql, " FROM %s", parts[i].from);
      vai_json_begin_list (builder, parts[i].member);
      g_autoptr (VaiRows) rows = vai_transaction_query (transaction, sql->str, VAI_TEXT (user_id));
      while (vai_rows_next (rows))
        write_row (builder, columns, rows);
      json_builder_end_array (builder);
    }
}

/* ── Erasure ── */

/* With $1 for her id. */
static const char *const by_id[] = {
  "DELETE FROM session_token_used WHERE session_id IN (SELECT id FROM session WHERE user_id = $1)",
  "UPDATE session SET ip_address = NULL, user_agent = NULL WHERE user_id = $1",
  "DELETE FROM backup_code WHERE user_id = $1",
  "DELETE FROM one_time_token WHERE user_id = $1",
  "DELETE FROM device_code WHERE user_id = $1",
  "DELETE FROM idempotency WHERE user_id = $1",
  "DELETE FROM published_model WHERE user_id = $1",
  "UPDATE device SET name = '', status = 'revoked' WHERE user_id = $1",
};

void
vai_erasure_run (VaiCall *call, VaiTransaction *transaction, const VaiUser *user)
{
  vai_transaction_run (transaction, "UPDATE session SET revoked_at = $1 WHERE user_id = $2 AND revoked_at IS NULL",
                       VAI_INTEGER (call->now), VAI_TEXT (user->id));
  for (gsize i = 0; i < G_N_ELEMENTS (by_id); i++)
    vai_transaction_run (transaction, by_id[i], VAI_TEXT (user->id));
  vai_sync_forget (transaction, user->id);
  vai_transaction_run (transaction, "DELETE FROM mail_outbox WHERE recipient = $1", VAI_TEXT (user->email));
  vai_free_credits_leave (call->server, transaction, user->id, user->email);
  /* Nobody can sign up or in with what stands in for the address: it is none. */
  g_autofree char *nothing = g_strconcat ("deleted:", user->id, NULL);
  vai_transaction_run (transaction,
                       "UPDATE \"user\" SET name = '', email = $1, email_verified = 0, image = NULL, role = 'user', "
                       "password_hash = NULL, totp = NULL, totp_enabled = 0, deleted_at = $2, updated_at = $3 "
                       "WHERE id = $4",
                       VAI_TEXT (nothing), VAI_INTEGER (call->now), VAI_INTEGER (call->now), VAI_TEXT (user->id));
}
