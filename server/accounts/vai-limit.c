#include "vai-limit.h"

#include "vai-server.h"

#define MINUTE_MS (60 * G_GINT64_CONSTANT (1000))

/* The first ones are free: a person's own mistakes. After them each costs twice the wait of the one before, up to
 * @most_ms; after @window_ms without one all are forgotten. */
static const struct
{
  const char *name;
  gint64 free, first_ms, most_ms, window_ms;
} limits[VAI_LIMIT_N] = {
  [VAI_LIMIT_GUESS] = { "guess", 5, 1000, MINUTE_MS, 15 * MINUTE_MS },
  [VAI_LIMIT_ACCOUNT] = { "account", 50, 1000, MINUTE_MS, 15 * MINUTE_MS },
  [VAI_LIMIT_ADDRESS] = { "address", 100, 1000, MINUTE_MS, 15 * MINUTE_MS },
  [VAI_LIMIT_MAIL_TO] = { "mail-to", 3, MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS },
  [VAI_LIMIT_MAIL_FROM] = { "mail-from", 50, 10000, 10 * MINUTE_MS, 60 * MINUTE_MS },
  [VAI_LIMIT_CODE] = { "code", 5, 1000, MINUTE_MS, 15 * MINUTE_MS },
};

/* Under the master key: somebody who mistypes may type a password where the address belongs. */
static char *
id_of (VaiCall *call, VaiLimit limit, const char *who)
{
  g_autofree char *hash = g_compute_hmac_for_string (G_CHECKSUM_SHA256, call->server->master_key,
                                                     sizeof call->server->master_key, who, -1);
  return g_strconcat (limits[limit].name, " ", hash, NULL);
}

gint64
vai_limit_wait (VaiCall *call, VaiTransaction *transaction, VaiLimit limit, const char *who)
{
  g_autofree char *id = id_of (call, limit, who);
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction, "SELECT window_start, count FROM rate_limit WHERE id = $1", VAI_TEXT (id));
  if (!vai_rows_next (rows))
    return 0;
  gint64 last = vai_rows_get_integer (rows, 0);
  gint64 over = vai_rows_get_integer (rows, 1) - limits[limit].free;
  if (over < 0 || call->now - last > limits[limit].window_ms)
    return 0;
  gint64 wait = MIN (limits[limit].most_ms, limits[limit].first_ms << MIN (over, 10));
  return MAX (0, last + wait - call->now);
}

gint64
vai_limit_hold (VaiCall *call, VaiTransaction *transaction, VaiLimit limit, const char *who)
{
  g_autofree char *id = id_of (call, limit, who);
  vai_transaction_send (transaction,
                        "INSERT INTO rate_limit (id, window_start, count) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
                        VAI_TEXT (id), VAI_INTEGER (call->now));
  vai_transaction_lock (transaction, "rate_limit", id);
  return vai_limit_wait (call, transaction, limit, who);
}

void
vai_limit_note (VaiCall *call, VaiTransaction *transaction, VaiLimit limit, const char *who)
{
  g_autofree char *id = id_of (call, limit, who);
  vai_transaction_run (transaction,
                       "INSERT INTO rate_limit (id, window_start, count) VALUES ($1, $2, 1) ON CONFLICT (id) DO UPDATE "
                       "SET count = CASE WHEN rate_limit.window_start < $3 THEN 1 ELSE rate_limit.count + 1 END, "
                       "window_start = excluded.window_start",
                       VAI_TEXT (id), VAI_INTEGER (call->now), VAI_INTEGER (call->now - limits[limit].window_ms));
}

void
vai_limit_forget (VaiCall *call, VaiTransaction *transaction, VaiLimit limit, const char *who)
{
  g_autofree char *id = id_of (call, limit, who);
  vai_transaction_run (transaction, "DELETE FROM rate_limit WHERE id = $1", VAI_TEXT (id));
}

/* ── Of a sign-in ── */

static char *
guesser_of (VaiCall *call, const char *email)
{
  return g_strconcat (email, "\n", call->address, NULL);
}

/* TRUE when @user_id has signed in from here before. */
static gboolean
is_known_here (VaiCall *call, VaiTransaction *transaction, const char *user_id)
{
  return user_id != NULL
         && vai_transaction_get_integer (transaction, 0,
                                         "SELECT 1 FROM session WHERE user_id = $1 AND ip_address = $2 LIMIT 1",
                                         VAI_TEXT (user_id), VAI_TEXT (call->address));
}

gint64
vai_limit_wait_sign_in (VaiCall *call, VaiTransaction *transaction, const char *email, const char *user_id)
{
  g_autofree char *guesser = guesser_of (call, email);
  gint64 wait = vai_limit_wait (call, transaction, VAI_LIMIT_GUESS, guesser);
  wait = MAX (wait, vai_limit_wait (call, transaction, VAI_LIMIT_ADDRESS, call->address));
  gint64 others = vai_limit_wait (call, transaction, VAI_LIMIT_ACCOUNT, email);
  return others > wait && !is_known_here (call, transaction, user_id) ? others : wait;
}

gint64
vai_limit_hold_sign_in (VaiCall *call, VaiTransaction *transaction, const char *email, const char *user_id)
{
  /* The lock of the account is that of its guesses; one address may guess at many. */
  vai_limit_hold (call, transaction, VAI_LIMIT_ADDRESS, call->address);
  return vai_limit_wait_sign_in (call, transaction, email, user_id);
}

void
vai_limit_note_sign_in (VaiCall *call, VaiTransaction *transaction, const char *email, gboolean right)
{
  g_autofree char *guesser = guesser_of (call, email);
  if (right)
    {
      vai_limit_forget (call, transaction, VAI_LIMIT_GUESS, guesser);
      return;
    }
  vai_limit_note (call, transaction, VAI_LIMIT_GUESS, guesser);
  vai_limit_note (call, transaction, VAI_LIMIT_ADDRESS, call->address);
  vai_limit_note (call, transaction, VAI_LIMIT_ACCOUNT, email);
}
