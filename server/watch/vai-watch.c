#include "vai-watch.h"

#include "vai-metrics.h"

static const struct
{
  const char *name, *help, *sql;
} gauges[] = {
  { "valutai_mail_waiting", "Letters that wait to be sent.", "SELECT count(*) FROM mail_outbox WHERE status = 'new'" },
  { "valutai_mail_failed", "Letters that were given up.", "SELECT count(*) FROM mail_outbox WHERE status = 'failed'" },
  { "valutai_users", "Accounts whose address is confirmed.",
    "SELECT count(*) FROM \"user\" WHERE email_verified = 1 AND deleted_at IS NULL" },
  { "valutai_credits_outstanding", "Credits that can be spent, of all accounts.",
    "SELECT COALESCE(sum(credits), 0) FROM \"user\"" },
  { "valutai_credits_owed", "Credits that accounts owe.",
    "SELECT COALESCE(sum(balance), 0) FROM ledger_account WHERE kind = 'debt'" },
  { "valutai_plans_too_many", "Plans that are paid beside the one that an account has.",
    "SELECT count(*) - count(DISTINCT user_id) FROM subscription WHERE status NOT IN ('canceled', "
    "'incomplete_expired')" },
  { "valutai_purchases_open", "Purchases that wait for their payment.",
    "SELECT count(*) FROM purchase WHERE state IN ('created', 'open', 'awaiting_funds')" },
};

static gboolean
count (VaiTransaction *transaction, gpointer data)
{
  gint64 *values = data;
  for (gsize i = 0; i < G_N_ELEMENTS (gauges); i++)
    values[i] = vai_transaction_get_integer (transaction, 0, gauges[i].sql);
  return FALSE;
}

void
vai_watch_count (VaiServer *server, VaiConnection *connection)
{
  gint64 values[G_N_ELEMENTS (gauges)] = { 0 };
  g_autoptr (GError) error = NULL;
  if (!vai_connection_read (connection, count, values, &error))
    {
      g_warning ("nothing was counted: %s", error->message);
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (gauges); i++)
    vai_metrics_set (gauges[i].name, gauges[i].help, (double) values[i]);
}
