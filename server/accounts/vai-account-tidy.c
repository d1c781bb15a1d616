#include "vai-account-tidy.h"

#define DAY_MS (24 * 3600 * G_GINT64_CONSTANT (1000))

/* With $1 for the time before which rows go. */
static const struct
{
  const char *sql;
  int days;
} rules[] = {
  { "DELETE FROM rate_limit WHERE window_start < $1", 1 },
  { "DELETE FROM device_code WHERE expires_at < $1", 1 },
  { "DELETE FROM one_time_token WHERE expires_at < $1 AND purpose <> 'setup'", 1 },
  { "DELETE FROM mail_outbox WHERE status IN ('sent', 'failed') AND next_try_at < $1", 30 },
  /* Which of her machines were signed in when; a token of then is refused as unknown. */
  { "DELETE FROM session_token_used WHERE created_at < $1", 181 },
  { "UPDATE session SET ip_address = NULL, user_agent = NULL WHERE revoked_at < $1 AND ip_address IS NOT NULL", 30 },
};

static gboolean
tidy (VaiTransaction *transaction, gpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    vai_transaction_run (transaction, rules[i].sql, VAI_INTEGER (vai_server_now () - rules[i].days * DAY_MS));
  return TRUE;
}

/* ── Accounts that nobody confirmed ── */

#define UNCONFIRMED_DAYS 30
#define HANDFUL 200

/* No letter is on its way that would still confirm it, and nobody of the staff has done anything with it. */
#define IS_NOBODYS                                                                                                     \
  "email_verified = 0 AND deleted_at IS NULL AND role = 'user' AND suspended_at IS NULL "                              \
  "AND NOT EXISTS (SELECT 1 FROM one_time_token WHERE user_id = \"user\".id) "                                         \
  "AND NOT EXISTS (SELECT 1 FROM ledger_account WHERE user_id = \"user\".id)"

static gboolean
find_nobodys (VaiTransaction *transaction, gpointer data)
{
  GPtrArray *ids = data;
  g_ptr_array_set_size (ids, 0);
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction, "SELECT id FROM \"user\" WHERE created_at < $1 AND " IS_NOBODYS " LIMIT $2",
                               VAI_INTEGER (vai_server_now () - UNCONFIRMED_DAYS * DAY_MS), VAI_INTEGER (HANDFUL));
  while (vai_rows_next (rows))
    g_ptr_array_add (ids, g_strdup (vai_rows_get_text (rows, 0)));
  return TRUE;
}

/* Somebody may just ask for a new letter: under its lock it is looked at again. */
static gboolean
forget_one (VaiTransaction *transaction, gpointer data)
{
  vai_transaction_lock (transaction, "user", data);
  vai_transaction_run (transaction, "DELETE FROM \"user\" WHERE id = $1 AND " IS_NOBODYS, VAI_TEXT (data));
  return TRUE;
}

static gboolean
forget_nobodys (VaiServer *server, VaiConnection *connection, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  do
    {
      if (!vai_connection_read (connection, find_nobodys, ids, error))
        return FALSE;
      for (guint i = 0; i < ids->len; i++)
        if (!vai_connection_write (connection, forget_one, ids->pdata[i], error))
          return FALSE;
    }
  while (ids->len == HANDFUL && !g_atomic_int_get (&server->draining));
  return TRUE;
}

void
vai_account_tidy (VaiServer *server, VaiConnection *connection)
{
  g_autoptr (GError) error = NULL;
  if (!vai_connection_write (connection, tidy, NULL, &error) || !forget_nobodys (server, connection, &error))
    g_warning ("what has run out stays: %s", error->message);
}
