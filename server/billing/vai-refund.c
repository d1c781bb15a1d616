#include "vai-json-build.h"
#include "vai-refund.h"

#include "vai-billing.h"
#include "vai-claws.h"
#include "vai-stripe.h"
#include "vai-time.h"

/* Stripe forgets an idempotency key after a day, and would then give the money twice. */
#define KEY_LIVES_MS (23 * 3600 * G_GINT64_CONSTANT (1000))

typedef struct
{
  char *id, *payment_id, *user_id, *reason, *state, *stripe_refund_id;
  gint64 amount, created_at;
} Refund;

static void
refund_clear (Refund *self)
{
  char *const texts[]
      = { self->id, self->payment_id, self->user_id, self->reason, self->state, self->stripe_refund_id };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  *self = (Refund){ NULL };
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Refund, refund_clear)

#define COLUMNS "id, payment_id, user_id, reason, state, stripe_refund_id, amount, created_at"

static gboolean
read_refund (VaiRows *rows, Refund *refund)
{
  refund_clear (refund);
  if (!vai_rows_next (rows))
    return FALSE;
  char **const texts[] = { &refund->id,     &refund->payment_id, &refund->user_id,
                           &refund->reason, &refund->state,      &refund->stripe_refund_id };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    *texts[i] = g_strdup (vai_rows_get_text (rows, (int) i));
  refund->amount = vai_rows_get_integer (rows, 6);
  refund->created_at = vai_rows_get_integer (rows, 7);
  return TRUE;
}

static gboolean
find_refund (VaiTransaction *transaction, const char *id, Refund *refund)
{
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction, "SELECT " COLUMNS " FROM refund WHERE id = $1", VAI_TEXT (id));
  return read_refund (rows, refund);
}

/* ── Asking Stripe ── */

static gboolean
fail_work (VaiTransaction *transaction, gpointer data)
{
  const Refund *refund = data;
  gint64 now = vai_server_now ();
  vai_transaction_lock (transaction, "user", refund->user_id);
  if (vai_transaction_run (transaction,
                           "UPDATE refund SET state = 'failed', updated_at = $1 WHERE id = $2 AND state = 'reserved'",
                           VAI_INTEGER (now), VAI_TEXT (refund->id))
      == 1)
    vai_claws_post (transaction, refund->user_id, refund->payment_id, now);
  return TRUE;
}

static void
fail (VaiConnection *connection, Refund *refund)
{
  g_autoptr (GError) error = NULL;
  if (!vai_connection_write (connection, fail_work, refund, &error))
    g_warning ("a refund waits: %s", error->message);
}

static void
send_refund (VaiServer *server, VaiConnection *connection, Refund *refund)
{
  g_autofree char *key = g_strconcat ("refund:", refund->id, NULL);
  g_autofree char *amount = g_strdup_printf ("%" G_GINT64_FORMAT, refund->amount);
  const char *const form[] = { "payment_intent", refund->payment_id,    "amount",   amount, "reason",
                               refund->reason,   "metadata[refund_id]", refund->id, NULL };
  g_autoptr (JsonObject) answer = NULL;
  VaiStripeResult result = vai_stripe_post (server, "v1/refunds", key, form, &answer);
  if (result == VAI_STRIPE_DONE)
    vai_claws_follow (server, connection, refund->payment_id);
  else if (result != VAI_STRIPE_UNKNOWN)
    fail (connection, refund);
}

typedef struct
{
  const char *id;
  Refund refund;
} Find;

static gboolean
find_work (VaiTransaction *transaction, gpointer data)
{
  Find *find = data;
  find_refund (transaction, find->id, &find->refund);
  return FALSE;
}

void
vai_refund_finish (VaiServer *server, VaiConnection *connection, const char *refund_id)
{
  Find find = { .id = refund_id };
  if (vai_connection_read (connection, find_work, &find, NULL) && g_strcmp0 (find.refund.state, "reserved") == 0)
    {
      gboolean fresh = vai_server_now () - find.refund.created_at < KEY_LIVES_MS;
      if (fresh)
        send_refund (server, connection, &find.refund);
      /* Too late to ask again: what Stripe does not list by now was not given. */
      else if (vai_claws_follow (server, connection, find.refund.payment_id) == VAI_BILLING_DONE)
        fail (connection, &find.refund);
    }
  refund_clear (&find.refund);
}

/* ── What an administrator asks for ── */

typedef struct
{
  VaiCall *call;
  const VaiBillingRefund *wanted;
  void (*note) (VaiCall *call, VaiTransaction *transaction, const char *refund_id, gpointer data);
  gpointer data;
  Refund refund;
  VaiReply *refusal;
} Ask;

/* What can still be given back of the payment; the row's person and id are set. */
static gint64
read_rest (VaiTransaction *transaction, Ask *ask, gboolean *disputed)
{
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT payment_id, user_id, dispute_open, amount - refunded - withdrawn + reinstated - COALESCE((SELECT "
      "sum(r.amount) FROM refund r WHERE r.payment_id = c.payment_id AND r.state = 'reserved'), 0) FROM payment_claw c "
      "WHERE purchase_id = $1 OR payment_id = $2",
      VAI_TEXT (ask->wanted->purchase_id), VAI_TEXT (ask->wanted->payment_id));
  if (!vai_rows_next (rows))
    return -1;
  ask->refund.payment_id = g_strdup (vai_rows_get_text (rows, 0));
  ask->refund.user_id = g_strdup (vai_rows_get_text (rows, 1));
  *disputed = vai_rows_get_integer (rows, 2) != 0;
  return vai_rows_get_integer (rows, 3);
}

static VaiReply *
refuse_amount (const Ask *ask, gint64 rest, gboolean disputed)
{
  if (rest < 0)
    return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, NULL, "There is no such payment.");
  if (disputed)
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, NULL, "This payment is in dispute: answer that first.");
  if (rest == 0)
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, NULL, "All of this payment went back already.");
  if (ask->wanted->amount > rest)
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "amount",
                                  "At most %" G_GINT64_FORMAT " can be given back of this payment.", rest);
  return NULL;
}

static gboolean
find_by_key (VaiTransaction *transaction, Ask *ask)
{
  if (ask->call->idempotency_key == NULL)
    return FALSE;
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction, "SELECT " COLUMNS " FROM refund WHERE actor_id = $1 AND request_key = $2",
                               VAI_TEXT (ask->call->user_id), VAI_TEXT (ask->call->idempotency_key));
  return read_refund (rows, &ask->refund);
}

static void
insert_refund (VaiTransaction *transaction, Ask *ask, gint64 amount)
{
  VaiCall *call = ask->call;
  ask->refund.id = vai_uuid_new ();
  vai_transaction_run (transaction,
                       "INSERT INTO refund (id, payment_id, user_id, actor_id, amount, reason, request_key, "
                       "created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                       VAI_TEXT (ask->refund.id), VAI_TEXT (ask->refund.payment_id), VAI_TEXT (ask->refund.user_id),
                       VAI_TEXT (call->user_id), VAI_INTEGER (amount), VAI_TEXT (ask->wanted->reason),
                       VAI_TEXT (call->idempotency_key), VAI_INTEGER (call->now), VAI_INTEGER (call->now));
}

static gboolean
reserve_work (VaiTransaction *transaction, gpointer data)
{
  Ask *ask = data;
  gboolean disputed = FALSE;
  refund_clear (&ask->refund);
  g_clear_pointer (&ask->refusal, vai_reply_free);
  /* The administrator's row too: one request at a time has a key. */
  vai_transaction_lock (transaction, "user", ask->call->user_id);
  if (find_by_key (transaction, ask))
    return TRUE;
  read_rest (transaction, ask, &disputed);
  if (ask->refund.user_id != NULL)
    vai_transaction_lock (transaction, "user", ask->refund.user_id);
  refund_clear (&ask->refund);
  gint64 rest = read_rest (transaction, ask, &disputed);
  ask->refusal = refuse_amount (ask, rest, disputed);
  if (ask->refusal != NULL)
    return FALSE;
  insert_refund (transaction, ask, ask->wanted->amount > 0 ? ask->wanted->amount : rest);
  gint64 owed = vai_claws_post (transaction, ask->refund.user_id, ask->refund.payment_id, ask->call->now);
  if (owed > 0 && !ask->wanted->allow_debt)
    {
      ask->refusal = vai_reply_new_refusal (VAI_REFUSAL_INSUFFICIENT_CREDITS, NULL,
                                            "%" G_GINT64_FORMAT " of its credits were spent or are on a device.", owed);
      return FALSE;
    }
  if (ask->note != NULL)
    ask->note (ask->call, transaction, ask->refund.id, ask->data);
  g_autofree char *id = g_strdup (ask->refund.id);
  find_refund (transaction, id, &ask->refund);
  return TRUE;
}

static void
write_refund (const Refund *refund, JsonBuilder *builder)
{
  const char *const texts[][2] = { { "id", refund->id },           { "payment_id", refund->payment_id },
                                   { "user_id", refund->user_id }, { "reason", refund->reason },
                                   { "state", refund->state },     { "stripe_refund_id", refund->stripe_refund_id } };
  json_builder_begin_object (builder);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      json_builder_set_member_name (builder, texts[i][0]);
      if (texts[i][1] != NULL)
        json_builder_add_string_value (builder, texts[i][1]);
      else
        json_builder_add_null_value (builder);
    }
  vai_json_add_integer (builder, "amount", refund->amount);
  vai_json_add_integer (builder, "created_at", refund->created_at);
  json_builder_end_object (builder);
}

static VaiReply *
answer_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  Ask *ask = data;
  if (ask->refusal != NULL)
    return vai_reply_copy (ask->refusal);
  g_autofree char *id = g_strdup (ask->refund.id);
  find_refund (transaction, id, &ask->refund);
  if (g_strcmp0 (ask->refund.state, "failed") == 0)
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, NULL,
                                  "Stripe did not give this money back; its credits are there again.");
  JsonBuilder *builder = json_builder_new ();
  write_refund (&ask->refund, builder);
  return vai_reply_new_json (g_strcmp0 (ask->refund.state, "posted") == 0 ? 201 : 202, builder);
}

VaiReply *
vai_billing_refund (VaiCall *call,
                    const VaiBillingRefund *refund,
                    void (*note) (VaiCall *call, VaiTransaction *transaction, const char *refund_id, gpointer data),
                    gpointer data)
{
  g_autoptr (GError) error = NULL;
  if (!vai_stripe_is_configured (call->server))
    return vai_reply_new_refusal (VAI_REFUSAL_UNAVAILABLE, NULL, "Payment is not set up here.");
  Ask ask = { .call = call, .wanted = refund, .note = note, .data = data };
  gboolean done = vai_connection_write (call->connection, reserve_work, &ask, &error);
  if (done && ask.refusal == NULL && g_strcmp0 (ask.refund.state, "reserved") == 0)
    vai_refund_finish (call->server, call->connection, ask.refund.id);
  VaiReply *reply = done ? vai_call_write (call, answer_work, &ask) : vai_call_refuse_error (call, error);
  refund_clear (&ask.refund);
  vai_reply_free (ask.refusal);
  return reply;
}
