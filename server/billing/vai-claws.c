#include "vai-claws.h"

#include "vai-billing.h"
#include "vai-claw.h"
#include "vai-ledger.h"
#include "vai-stripe.h"

/* ── Posting ── */

typedef struct
{
  const char *payment_id, *user_id;
  char *grant_id;
  VaiClawPayment payment;
  gint64 posted, n_posts, now;
} Claw;

static void
claw_clear (Claw *self)
{
  g_free (self->grant_id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Claw, claw_clear)

static gboolean
read_claw (VaiTransaction *transaction, Claw *claw)
{
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT grant_id, granted, amount, refunded + COALESCE((SELECT sum(r.amount) FROM refund r WHERE r.payment_id = "
      "c.payment_id AND r.state = 'reserved'), 0), withdrawn, reinstated, posted, n_posts FROM payment_claw c WHERE "
      "payment_id = $1",
      VAI_TEXT (claw->payment_id));
  if (!vai_rows_next (rows))
    return FALSE;
  claw->grant_id = g_strdup (vai_rows_get_text (rows, 0));
  claw->payment = (VaiClawPayment){ .granted = vai_rows_get_integer (rows, 1),
                                    .paid = vai_rows_get_integer (rows, 2),
                                    .refunded = vai_rows_get_integer (rows, 3),
                                    .withdrawn = vai_rows_get_integer (rows, 4),
                                    .reinstated = vai_rows_get_integer (rows, 5) };
  claw->posted = vai_rows_get_integer (rows, 6);
  claw->n_posts = vai_rows_get_integer (rows, 7);
  return TRUE;
}

/* What this payment's claws still owe: what they took as debt, less what they gave back as other credits than its own.
 */
static gint64
read_owed (VaiTransaction *transaction, const Claw *claw, gint64 given_other)
{
  g_autofree char *debt = g_strconcat (claw->user_id, ":debt", NULL);
  gint64 owed = vai_transaction_get_integer (
      transaction, 0, "SELECT COALESCE(sum(amount), 0) FROM transfer WHERE debit = $1 AND kind = 'claw' AND ref = $2",
      VAI_TEXT (debt), VAI_TEXT (claw->payment_id));
  return MAX (owed - given_other, 0);
}

/* What came back of this payment, in grants that end with its month and in others. */
static void
read_given (VaiTransaction *transaction, const Claw *claw, const char *again, gint64 *own, gint64 *other)
{
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction,
                               "SELECT COALESCE(sum(CASE WHEN expires_at IS NOT NULL THEN amount ELSE 0 END), 0), "
                               "COALESCE(sum(CASE WHEN expires_at IS NULL THEN amount ELSE 0 END), 0) FROM \"grant\" "
                               "WHERE user_id = $1 AND substr(id, 1, length($2)) = $3",
                               VAI_TEXT (claw->user_id), VAI_TEXT (again), VAI_TEXT (again));
  gboolean any = vai_rows_next (rows);
  *own = any ? vai_rows_get_integer (rows, 0) : 0;
  *other = any ? vai_rows_get_integer (rows, 1) : 0;
}

/* Credits of months end: what became of these. Beside the grant itself, those in which some of it came back. What a
 * device held when the money went back was owed at first: paid with credits of the same month, these went back too. */
static void
read_end (VaiTransaction *transaction, Claw *claw)
{
  g_autofree char *again = g_strdup_printf ("claw:%s:", claw->payment_id);
  gint64 own, other;
  read_given (transaction, claw, again, &own, &other);
  gint64 owed = read_owed (transaction, claw, other);
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT COALESCE(sum(CASE WHEN t.kind = 'expiry' THEN a.amount ELSE 0 END), 0), "
      "COALESCE(sum(CASE WHEN t.kind = 'claw' AND t.ref = $1 THEN a.amount ELSE 0 END), 0), "
      "COALESCE(sum(CASE WHEN t.kind = 'debt' THEN a.amount ELSE 0 END), 0) FROM \"grant\" g "
      "JOIN allocation a ON a.grant_id = g.id JOIN transfer t ON t.id = a.transfer_id WHERE g.user_id = $2 "
      "AND g.expires_at IS NOT NULL AND (g.id = $3 OR substr(g.id, 1, length($4)) = $5)",
      VAI_TEXT (claw->payment_id), VAI_TEXT (claw->user_id), VAI_TEXT (claw->grant_id), VAI_TEXT (again),
      VAI_TEXT (again));
  if (!vai_rows_next (rows))
    return;
  claw->payment.expired = vai_rows_get_integer (rows, 0);
  claw->payment.taken = vai_rows_get_integer (rows, 1) + MIN (vai_rows_get_integer (rows, 2), owed) - own;
}

/* From the grant of the payment first, then from the others as a spend would. */
static void
take_available (VaiTransaction *transaction, const Claw *claw, const char *id, gint64 amount)
{
  g_autofree char *available = vai_ledger_ensure_account (transaction, claw->user_id, "available", NULL);
  g_autofree char *clawed = vai_ledger_ensure_account (transaction, claw->user_id, "clawed", NULL);
  vai_ledger_transfer (transaction, id, available, clawed, amount, "claw", claw->payment_id, claw->now);
  gint64 rest = vai_ledger_allocate_from (transaction, id, claw->grant_id, amount);
  if (rest > 0)
    vai_ledger_allocate (transaction, id, claw->user_id, rest, claw->now);
}

static void
take_debt (VaiTransaction *transaction, const Claw *claw, const char *id, gint64 amount)
{
  g_autofree char *debt = vai_ledger_ensure_account (transaction, claw->user_id, "debt", NULL);
  g_autofree char *clawed = vai_ledger_ensure_account (transaction, claw->user_id, "clawed", NULL);
  vai_ledger_transfer (transaction, id, debt, clawed, amount, "claw", claw->payment_id, claw->now);
}

static void
take (VaiTransaction *transaction, const Claw *claw, const VaiClawPlan *plan)
{
  g_autofree char *id = g_strdup_printf ("claw:%s:%" G_GINT64_FORMAT, claw->payment_id, claw->n_posts + 1);
  g_autofree char *debt_id = g_strconcat (id, ":debt", NULL);
  if (plan->take_available > 0)
    take_available (transaction, claw, id, plan->take_available);
  if (plan->take_debt > 0)
    take_debt (transaction, claw, debt_id, plan->take_debt);
  vai_ledger_note (transaction, plan->take_available > 0 ? id : debt_id, claw->user_id, "refund",
                   -(plan->take_available + plan->take_debt), "Credits of a payment that went back", NULL,
                   claw->payment_id, claw->now);
}

/* As a grant of its own: what is left of the first one may have been taken by others. */
static void
give (VaiTransaction *transaction, const Claw *claw, const char *suffix, gint64 expires_at, gint64 amount)
{
  g_autofree char *id = g_strdup_printf ("claw:%s:%" G_GINT64_FORMAT "%s", claw->payment_id, claw->n_posts + 1, suffix);
  g_autofree char *source
      = vai_transaction_dup_text (transaction, "SELECT source FROM \"grant\" WHERE id = $1", VAI_TEXT (claw->grant_id));
  VaiLedgerGrant grant = { .id = id,
                           .user_id = claw->user_id,
                           .amount = amount,
                           .expires_at = expires_at,
                           .description = "Credits of a payment that came back",
                           .from = "clawed" };
  if (source != NULL)
    vai_grant_source_parse (source, &grant.source);
  if (amount > 0)
    vai_ledger_grant (transaction, &grant, claw->now);
}

/* First what was taken from other credits, which does not end with the payment's own; these as they were. */
static void
give_back (VaiTransaction *transaction, const Claw *claw, gint64 amount)
{
  gint64 other = MIN (amount, claw->posted - claw->payment.taken);
  gint64 expires_at = vai_transaction_get_integer (transaction, 0, "SELECT expires_at FROM \"grant\" WHERE id = $1",
                                                   VAI_TEXT (claw->grant_id));
  give (transaction, claw, "", 0, other);
  give (transaction, claw, ":own", expires_at, amount - other);
  vai_ledger_expire (transaction, claw->user_id, claw->now);
}

/* When what has expired is gone. Gives how much went into debt. */
static gint64
post (VaiTransaction *transaction, const char *user_id, const char *payment_id, gint64 now)
{
  g_auto (Claw) claw = { .payment_id = payment_id, .user_id = user_id, .now = now };
  if (!read_claw (transaction, &claw))
    return 0;
  read_end (transaction, &claw);
  gint64 target = vai_claw_target (&claw.payment);
  VaiClawPlan plan = vai_claw_plan (target, claw.posted, vai_ledger_get_balance (transaction, user_id));
  if (plan.take_available + plan.take_debt > 0)
    take (transaction, &claw, &plan);
  if (plan.give > 0)
    give_back (transaction, &claw, plan.give);
  vai_transaction_run (transaction,
                       "UPDATE payment_claw SET target = $1, posted = $2, n_posts = n_posts + $3, updated_at = $4 "
                       "WHERE payment_id = $5",
                       VAI_INTEGER (target), VAI_INTEGER (target), VAI_INTEGER (target != claw.posted),
                       VAI_INTEGER (now), VAI_TEXT (payment_id));
  return plan.take_debt;
}

static void
post_ended (VaiTransaction *transaction, const char *user_id, const char *but, gint64 now)
{
  g_autoptr (GPtrArray) payments = g_ptr_array_new_with_free_func (g_free);
  {
    g_autoptr (VaiRows) rows = vai_transaction_query (
        transaction,
        "SELECT c.payment_id FROM payment_claw c JOIN \"grant\" g ON g.id = c.grant_id WHERE c.user_id = $1 "
        "AND c.posted > 0 AND g.expires_at <= $2 AND c.payment_id <> $3 ORDER BY c.created_at, c.payment_id",
        VAI_TEXT (user_id), VAI_INTEGER (now), VAI_TEXT (but));
    while (vai_rows_next (rows))
      g_ptr_array_add (payments, g_strdup (vai_rows_get_text (rows, 0)));
  }
  for (guint i = 0; i < payments->len; i++)
    post (transaction, user_id, payments->pdata[i], now);
}

void
vai_billing_note_expiry (VaiTransaction *transaction, const char *user_id, gint64 now)
{
  post_ended (transaction, user_id, "", now);
}

gint64
vai_claws_post (VaiTransaction *transaction, const char *user_id, const char *payment_id, gint64 now)
{
  /* What has expired is not there to be taken. This payment comes last and once: what goes into debt is told. */
  if (vai_ledger_expire (transaction, user_id, now))
    post_ended (transaction, user_id, payment_id, now);
  return post (transaction, user_id, payment_id, now);
}

/* ── Following Stripe ── */

typedef struct
{
  const char *payment_id;
  gint64 ticket, now;
  gint64 refunded, withdrawn, reinstated;
  gboolean dispute_open;
  JsonObject *refunds;
  VaiBillingOutcome outcome;
} Follow;

static gboolean
is_open (const char *status)
{
  return status != NULL && g_strcmp0 (status, "won") != 0 && g_strcmp0 (status, "lost") != 0
         && g_strcmp0 (status, "warning_closed") != 0 && g_strcmp0 (status, "prevented") != 0;
}

/* What moved is told in the currency of the bank account: the dispute's own amount is, in its parts, the payment's. Of
 * one that is won all is back, though the rate of that day gave another sum. */
static void
add_dispute (Follow *self, JsonObject *dispute)
{
  JsonArray *moves = vai_stripe_find_array (dispute, "balance_transactions");
  gint64 amount = vai_stripe_find_integer (dispute, "amount"), out = 0, in = 0;
  for (guint i = 0; moves != NULL && i < json_array_get_length (moves); i++)
    {
      JsonNode *node = json_array_get_element (moves, i);
      gint64 moved
          = JSON_NODE_HOLDS_OBJECT (node) ? vai_stripe_find_integer (json_node_get_object (node), "amount") : 0;
      *(moved < 0 ? &out : &in) += ABS (moved);
    }
  const char *status = vai_stripe_find_text (dispute, "status");
  if (is_open (status))
    self->dispute_open = TRUE;
  if (out == 0)
    return;
  self->withdrawn += amount;
  gint64 back = g_strcmp0 (status, "won") == 0 && in > 0 ? out : MIN (in, out);
  self->reinstated += (gint64) ((__int128) amount * back / out);
}

static VaiStripeResult
read_payment (VaiServer *server, Follow *self)
{
  g_autofree char *payment_path = g_strdup_printf ("v1/payment_intents/%s?expand[]=latest_charge", self->payment_id);
  g_autofree char *refunds_path = g_strdup_printf ("v1/refunds?payment_intent=%s&limit=100", self->payment_id);
  g_autofree char *disputes_path = g_strdup_printf ("v1/disputes?payment_intent=%s&limit=100", self->payment_id);
  g_autoptr (JsonObject) payment = NULL, disputes = NULL;
  /* The list first: a refund of ours that is in it is then in the sum too. */
  VaiStripeResult result = vai_stripe_get (server, refunds_path, &self->refunds);
  if (result == VAI_STRIPE_DONE)
    result = vai_stripe_get (server, payment_path, &payment);
  if (result == VAI_STRIPE_DONE)
    result = vai_stripe_get (server, disputes_path, &disputes);
  if (result != VAI_STRIPE_DONE)
    return result;
  self->refunded = vai_stripe_find_integer (payment, "latest_charge.amount_refunded");
  JsonArray *array = vai_stripe_find_array (disputes, "data");
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (array, i)))
      add_dispute (self, json_array_get_object_element (array, i));
  return VAI_STRIPE_DONE;
}

/* Ours that Stripe has now are in its sum. */
static void
note_refunds (const Follow *self, VaiTransaction *transaction)
{
  JsonArray *array = vai_stripe_find_array (self->refunds, "data");
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *refund = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *ours = refund != NULL ? vai_stripe_find_text (refund, "metadata.refund_id") : NULL;
      if (ours == NULL)
        continue;
      const char *status = vai_stripe_find_text (refund, "status");
      gboolean failed = g_strcmp0 (status, "failed") == 0 || g_strcmp0 (status, "canceled") == 0;
      vai_transaction_run (
          transaction,
          "UPDATE refund SET state = $1, stripe_refund_id = $2, updated_at = $3 WHERE id = $4 AND payment_id = $5",
          VAI_TEXT (failed ? "failed" : "posted"), VAI_TEXT (vai_stripe_find_text (refund, "id")),
          VAI_INTEGER (self->now), VAI_TEXT (ours), VAI_TEXT (self->payment_id));
    }
}

static gboolean
follow_work (VaiTransaction *transaction, gpointer data)
{
  Follow *self = data;
  self->outcome = VAI_BILLING_LATER;
  g_autofree char *user_id = vai_transaction_dup_text (
      transaction, "SELECT user_id FROM payment_claw WHERE payment_id = $1", VAI_TEXT (self->payment_id));
  if (user_id == NULL)
    return TRUE;
  vai_transaction_lock (transaction, "user", user_id);
  if (!vai_stripe_read_is_latest (transaction, self->payment_id, self->ticket))
    return TRUE;
  note_refunds (self, transaction);
  vai_transaction_run (transaction,
                       "UPDATE payment_claw SET refunded = $1, withdrawn = $2, reinstated = $3, dispute_open = $4 "
                       "WHERE payment_id = $5",
                       VAI_INTEGER (self->refunded), VAI_INTEGER (self->withdrawn), VAI_INTEGER (self->reinstated),
                       VAI_INTEGER (self->dispute_open), VAI_TEXT (self->payment_id));
  vai_claws_post (transaction, user_id, self->payment_id, self->now);
  self->outcome = VAI_BILLING_DONE;
  return TRUE;
}

typedef struct
{
  const char *payment_id;
  gboolean known;
} Known;

static gboolean
known_work (VaiTransaction *transaction, gpointer data)
{
  Known *known = data;
  known->known = vai_transaction_get_integer (transaction, 0, "SELECT count(*) FROM payment_claw WHERE payment_id = $1",
                                              VAI_TEXT (known->payment_id))
                 > 0;
  return FALSE;
}

VaiBillingOutcome
vai_claws_follow (VaiServer *server, VaiConnection *connection, const char *payment_id)
{
  if (!vai_stripe_is_id (payment_id))
    return VAI_BILLING_FOREIGN;
  /* No question for what waits for its own payment. */
  Known known = { .payment_id = payment_id };
  if (!vai_connection_read (connection, known_work, &known, NULL) || !known.known)
    return VAI_BILLING_LATER;
  Follow follow = { .payment_id = payment_id,
                    .ticket = vai_stripe_read_begin (connection, payment_id),
                    .now = vai_server_now () };
  VaiStripeResult result = follow.ticket == 0 ? VAI_STRIPE_UNKNOWN : read_payment (server, &follow);
  g_autoptr (JsonObject) refunds = follow.refunds;
  if (result != VAI_STRIPE_DONE)
    return VAI_BILLING_LATER;
  g_autoptr (GError) error = NULL;
  if (vai_connection_write (connection, follow_work, &follow, &error))
    return follow.outcome;
  g_warning ("billing waits: %s", error->message);
  return VAI_BILLING_LATER;
}
