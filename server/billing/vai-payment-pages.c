#include "vai-payment-pages.h"

#include "vai-billing.h"
#include "vai-fulfilment.h"
#include "vai-stripe.h"

/* As long as Stripe lets one be open; ours are for less. */
#define PAGE_LIVES_MS (24 * 3600 * G_GINT64_CONSTANT (1000))

GPtrArray *
vai_payment_pages_stop (VaiTransaction *transaction, const char *user_id, gboolean plans_only, gint64 now)
{
  GPtrArray *sessions = g_ptr_array_new_with_free_func (g_free);
  const char *interval = plans_only ? "month" : NULL;
  /* Whoever is asking Stripe for a page of one of these finds it over, and tells nobody where the page is. */
  vai_transaction_run (transaction,
                       "UPDATE purchase SET state = 'expired', check_at = NULL, updated_at = $1 WHERE user_id = $2 "
                       "AND state = 'created' AND \"interval\" = COALESCE($3, \"interval\")",
                       VAI_INTEGER (now), VAI_TEXT (user_id), VAI_TEXT (interval));
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction,
                               "SELECT stripe_session_id FROM purchase WHERE user_id = $1 AND state = 'open' "
                               "AND \"interval\" = COALESCE($2, \"interval\")",
                               VAI_TEXT (user_id), VAI_TEXT (interval));
  while (vai_rows_next (rows))
    g_ptr_array_add (sessions, g_strdup (vai_rows_get_text (rows, 0)));
  return sessions;
}

static VaiStripeResult
expire (VaiServer *server, const char *session_id)
{
  static const char *const nothing[] = { NULL };
  g_autofree char *path = g_strdup_printf ("v1/checkout/sessions/%s/expire", session_id);
  g_autofree char *key = g_strconcat ("expire:", session_id, NULL);
  g_autoptr (JsonObject) answer = NULL;
  return vai_stripe_post (server, path, key, nothing, &answer);
}

static gboolean
give_up_work (VaiTransaction *transaction, gpointer data)
{
  gint64 now = vai_server_now ();
  vai_transaction_run (transaction,
                       "UPDATE purchase SET state = 'expired', check_at = NULL, updated_at = $1 "
                       "WHERE stripe_session_id = $2 AND state = 'open' AND created_at < $3",
                       VAI_INTEGER (now), VAI_TEXT (data), VAI_INTEGER (now - PAGE_LIVES_MS));
  return TRUE;
}

/* Nobody can tell what became of it: it is over when no page of Stripe's can be open for so long. */
static void
give_up (VaiConnection *connection, char *session_id)
{
  g_autoptr (GError) error = NULL;
  if (!vai_connection_write (connection, give_up_work, session_id, &error))
    g_warning ("a page of payment stays open: %s", error->message);
}

void
vai_payment_pages_close (VaiServer *server, VaiConnection *connection, GPtrArray *sessions)
{
  for (guint i = 0; i < sessions->len; i++)
    {
      char *id = sessions->pdata[i];
      VaiStripeResult result = vai_stripe_is_configured (server) ? expire (server, id) : VAI_STRIPE_MISSING;
      /* It would not answer about the next one either, and somebody waits. */
      if (result == VAI_STRIPE_UNKNOWN)
        return;
      /* It refuses one that was paid or is over: what became of it is read all the same. */
      if (result == VAI_STRIPE_MISSING)
        give_up (connection, id);
      else
        vai_fulfil_session (server, connection, id);
    }
}

gboolean
vai_payment_pages_is_paying (VaiTransaction *transaction, const char *user_id, gboolean plans_only)
{
  gint64 waiting = vai_transaction_get_integer (transaction, 0,
                                                "SELECT count(*) FROM purchase WHERE user_id = $1 AND state = "
                                                "'awaiting_funds' AND \"interval\" = COALESCE($2, \"interval\")",
                                                VAI_TEXT (user_id), VAI_TEXT (plans_only ? "month" : NULL));
  /* A plan's purchase is paid a moment before its subscription is there. */
  gint64 plans = vai_transaction_get_integer (
      transaction, 0,
      "SELECT (SELECT count(*) FROM purchase WHERE user_id = $1 AND \"interval\" = 'month' AND state = 'paid') - "
      "(SELECT count(*) FROM subscription WHERE user_id = $2)",
      VAI_TEXT (user_id), VAI_TEXT (user_id));
  return waiting > 0 || plans > 0;
}

/* ── What the other parts ask ── */

gboolean
vai_billing_has_plan (VaiTransaction *transaction, const char *user_id)
{
  g_autofree char *plan = vai_transaction_dup_text (
      transaction, "SELECT stripe_subscription_id FROM \"user\" WHERE id = $1", VAI_TEXT (user_id));
  return plan != NULL;
}

typedef struct
{
  const char *user_id;
  gint64 now;
  GPtrArray *sessions;
} Stop;

static gboolean
stop_work (VaiTransaction *transaction, gpointer data)
{
  Stop *stop = data;
  g_clear_pointer (&stop->sessions, g_ptr_array_unref);
  vai_transaction_lock (transaction, "user", stop->user_id);
  stop->sessions = vai_payment_pages_stop (transaction, stop->user_id, FALSE, stop->now);
  return TRUE;
}

void
vai_billing_close_pages (VaiCall *call)
{
  g_autoptr (GError) error = NULL;
  Stop stop = { .user_id = call->user_id, .now = call->now };
  if (!vai_connection_write (call->connection, stop_work, &stop, &error))
    g_warning ("pages of payment stay open: %s", error->message);
  else
    vai_payment_pages_close (call->server, call->connection, stop.sessions);
  g_clear_pointer (&stop.sessions, g_ptr_array_unref);
}

VaiReply *
vai_billing_refuse_end (VaiCall *call, VaiTransaction *transaction)
{
  if (vai_billing_has_plan (transaction, call->user_id))
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, NULL,
                                  "End your monthly plan first: it would go on being paid.");
  if (vai_payment_pages_is_paying (transaction, call->user_id, FALSE))
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, NULL,
                                  "A payment of yours is on its way: wait until its money has come.");
  return NULL;
}

VaiReply *
vai_billing_refuse_pages (VaiCall *call, VaiTransaction *transaction)
{
  /* Again, for one that was opened since. */
  g_autoptr (GPtrArray) open = vai_payment_pages_stop (transaction, call->user_id, FALSE, call->now);
  if (open->len > 0)
    return vai_reply_new_refusal (VAI_REFUSAL_UPSTREAM, NULL,
                                  "A page of payment is open and could not be closed: try again.");
  return NULL;
}
