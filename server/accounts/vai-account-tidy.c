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
  { "DELETE FROM mail_outbox WHERE status = 'sent' AND next_try_at < $1", 30 },
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

void
vai_account_tidy (VaiServer *server, VaiConnection *connection)
{
  g_autoptr (GError) error = NULL;
  if (!vai_connection_write (connection, tidy, NULL, &error))
    g_warning ("what has run out stays: %s", error->message);
}
