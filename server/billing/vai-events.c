#include "vai-events.h"

#include "vai-chores.h"
#include "vai-claws.h"
#include "vai-message.h"
#include "vai-metrics.h"
#include "vai-stripe-signature.h"
#include "vai-stripe.h"

#include <string.h>

/* Whoever took an event and has not ended by then is gone: longer than all tries of all its calls. */
#define LEASE_MS (10 * 60 * G_GINT64_CONSTANT (1000))

/* What waits for its cause is tried again after a second, then twice as long, up to ten minutes; after three days, the
 * time in which Stripe repeats what was not answered, the cause is nothing of ours. */
#define AGAIN_FIRST_MS G_GINT64_CONSTANT (1000)
#define AGAIN_MAX_MS (10 * 60 * G_GINT64_CONSTANT (1000))
#define WAIT_MAX_MS (3 * 24 * 3600 * G_GINT64_CONSTANT (1000))

#define BATCH_MAX 50

#define REFUSED "not what was asked for"

static void
count_refused (guint n)
{
  vai_metrics_count ("valutai_webhooks_refused_total", "Events of Stripe that were not worked on", n);
}

static void
count_come (guint n)
{
  vai_metrics_count ("valutai_webhooks_total", "Events that Stripe sent", n);
}

static void
count_unsigned (guint n)
{
  vai_metrics_count ("valutai_webhooks_unsigned_total", "Webhooks without a right signature", n);
}

/* ── Receiving ── */

typedef struct
{
  const char *id, *type, *version, *why;
  char *body;
} Event;

static VaiReply *
receive_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const Event *event = data;
  vai_transaction_run (transaction,
                       "INSERT INTO stripe_event (id, type, api_version, body, status, note, received_at) "
                       "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                       VAI_TEXT (event->id), VAI_TEXT (event->type), VAI_TEXT (event->version), VAI_TEXT (event->body),
                       VAI_TEXT (event->why == NULL ? "new" : "refused"), VAI_TEXT (event->why),
                       VAI_INTEGER (call->now));
  return vai_reply_new_bytes (200, "application/json", g_bytes_new_static ("{\"received\":true}", 17));
}

/* NULL, or why an event that is Stripe's is not worked on. */
static const char *
find_refusal (VaiServer *server, JsonObject *event)
{
  if (g_strcmp0 (vai_stripe_find_text (event, "object"), "event") != 0)
    return "another kind of event";
  if (g_strcmp0 (vai_stripe_find_text (event, "api_version"),
                 vai_server_config_get_text (server->config, "stripe-version"))
      != 0)
    return "another version of the interface";
  if (vai_stripe_find_boolean (event, "livemode") != vai_stripe_is_live (server))
    return "of the other mode, test or live";
  return NULL;
}

JsonObject *
vai_events_parse (GBytes *body)
{
  gsize size;
  const char *text = g_bytes_get_data (body, &size);
  g_autoptr (JsonObject) object = vai_message_parse (text, size, NULL);
  if (object == NULL || !vai_stripe_is_id (vai_stripe_find_text (object, "id"))
      || vai_stripe_find_text (object, "type") == NULL)
    return NULL;
  return g_steal_pointer (&object);
}

VaiReply *
vai_events_receive (VaiCall *call)
{
  VaiServer *server = call->server;
  g_autoptr (GBytes) body = call->body != NULL ? g_bytes_ref (call->body) : g_bytes_new (NULL, 0);
  if (call->signature == NULL
      || !vai_stripe_signature_check (call->signature, body,
                                      vai_server_config_get_list (server->config, "stripe-webhook-secrets"),
                                      call->now / 1000))
    {
      count_unsigned (1);
      return vai_reply_new_refusal (VAI_REFUSAL_BAD_REQUEST, NULL, "The signature is not right.");
    }
  g_autoptr (JsonObject) object = vai_events_parse (body);
  if (object == NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_BAD_REQUEST, NULL, "This is no event.");
  g_autofree char *copy = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  Event event = { vai_stripe_find_text (object, "id"), vai_stripe_find_text (object, "type"),
                  vai_stripe_find_text (object, "api_version"), find_refusal (server, object), copy };
  if (event.why != NULL)
    {
      g_warning ("Stripe's event %s is refused: %s", event.id, event.why);
      count_refused (1);
    }
  count_come (1);
  VaiReply *reply = vai_call_write (call, receive_work, &event);
  vai_chores_wake (server, "stripe-events");
  return reply;
}

void
vai_events_keep_listed (VaiTransaction *transaction, JsonObject *event, gint64 now)
{
  const char *id = vai_stripe_find_text (event, "id"), *type = vai_stripe_find_text (event, "type");
  if (!vai_stripe_is_id (id) || type == NULL)
    return;
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, event);
  g_autofree char *body = json_to_string (node, FALSE);
  vai_transaction_run (
      transaction,
      "INSERT INTO stripe_event (id, type, api_version, body, note, received_at) VALUES ($1, $2, $3, $4, 'listed', $5) "
      "ON CONFLICT (id) DO UPDATE SET status = 'new', note = 'listed', received_at = excluded.received_at "
      "WHERE stripe_event.status = 'refused' AND stripe_event.note <> 'listed'",
      VAI_TEXT (id), VAI_TEXT (type), VAI_TEXT (vai_stripe_find_text (event, "api_version")), VAI_TEXT (body),
      VAI_INTEGER (now));
}

/* ── What each is about ── */

typedef VaiBillingOutcome (*Follow) (VaiServer *server, VaiConnection *connection, const char *id);

/* An event only says where to look. The first row whose words begin its type counts; what is not here is kept and
 * nothing more. */
static const struct
{
  const char *type, *path;
  Follow follow;
} follows[] = {
  { "checkout.session.", "data.object.id", vai_fulfil_session },
  { "refund.", "data.object.payment_intent", vai_claws_follow },
  { "charge.refund", "data.object.payment_intent", vai_claws_follow },
  { "charge.dispute.", "data.object.payment_intent", vai_claws_follow },
  { "invoice.paid", "data.object.id", vai_fulfil_invoice },
  { "invoice.payment_failed", "data.object.parent.subscription_details.subscription", vai_fulfil_subscription },
  { "customer.subscription.", "data.object.id", vai_fulfil_subscription },
};

static VaiBillingOutcome
follow_event (VaiServer *server, VaiConnection *connection, const char *type, const char *body)
{
  for (gsize i = 0; i < G_N_ELEMENTS (follows); i++)
    {
      if (!g_str_has_prefix (type, follows[i].type))
        continue;
      g_autoptr (JsonObject) event = vai_message_parse (body, strlen (body), NULL);
      const char *id = event != NULL ? vai_stripe_find_id (event, follows[i].path) : NULL;
      return id != NULL ? follows[i].follow (server, connection, id) : VAI_BILLING_FOREIGN;
    }
  return VAI_BILLING_DONE;
}

/* ── The chore ── */

typedef struct
{
  char *id, *type, *body;
  gint64 tries, received_at;
  gboolean claimed;
  VaiBillingOutcome outcome;
} Task;

static void
task_free (gpointer data)
{
  Task *task = data;
  g_free (task->id);
  g_free (task->type);
  g_free (task->body);
  g_free (task);
}

static gboolean
read_due (VaiTransaction *transaction, gpointer data)
{
  GPtrArray *tasks = data;
  g_ptr_array_set_size (tasks, 0);
  gint64 now = vai_server_now ();
  static const char *const states[] = { "new", "doing" };
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autoptr (VaiRows) rows = vai_transaction_query (
          transaction,
          "SELECT id, type, body, tries, received_at FROM stripe_event WHERE status = $1 AND lease_until <= $2 "
          "ORDER BY lease_until LIMIT $3",
          VAI_TEXT (states[i]), VAI_INTEGER (now), VAI_INTEGER (BATCH_MAX));
      while (vai_rows_next (rows))
        {
          Task *task = g_new0 (Task, 1);
          *task = (Task){ g_strdup (vai_rows_get_text (rows, 0)), g_strdup (vai_rows_get_text (rows, 1)),
                          g_strdup (vai_rows_get_text (rows, 2)), vai_rows_get_integer (rows, 3),
                          vai_rows_get_integer (rows, 4) };
          g_ptr_array_add (tasks, task);
        }
    }
  return FALSE;
}

/* Several servers share the events: the one whose number it is works on it. */
static gboolean
claim_work (VaiTransaction *transaction, gpointer data)
{
  Task *task = data;
  gint64 now = vai_server_now ();
  task->claimed = vai_transaction_run (transaction,
                                       "UPDATE stripe_event SET status = 'doing', tries = tries + 1, lease_until = $1 "
                                       "WHERE id = $2 AND tries = $3 AND status IN ('new', 'doing') "
                                       "AND lease_until <= $4",
                                       VAI_INTEGER (now + LEASE_MS), VAI_TEXT (task->id), VAI_INTEGER (task->tries),
                                       VAI_INTEGER (now))
                  == 1;
  return TRUE;
}

static gboolean
note_work (VaiTransaction *transaction, gpointer data)
{
  const Task *task = data;
  static const char *const notes[] = { [VAI_BILLING_FOREIGN] = "nothing of ours", [VAI_BILLING_REFUSED] = REFUSED };
  gint64 now = vai_server_now ();
  gboolean again = task->outcome == VAI_BILLING_LATER && now - task->received_at < WAIT_MAX_MS;
  gint64 wait = MIN (AGAIN_MAX_MS, AGAIN_FIRST_MS << MIN (task->tries, 20));
  if (again)
    vai_transaction_run (transaction, "UPDATE stripe_event SET status = 'new', lease_until = $1 WHERE id = $2",
                         VAI_INTEGER (now + wait), VAI_TEXT (task->id));
  else
    vai_transaction_run (transaction,
                         "UPDATE stripe_event SET status = 'done', note = COALESCE($1, note) WHERE id = $2",
                         VAI_TEXT (task->outcome == VAI_BILLING_LATER ? "its cause never came" : notes[task->outcome]),
                         VAI_TEXT (task->id));
  return TRUE;
}

static gboolean
work_on (VaiServer *server, VaiConnection *connection, Task *task)
{
  g_autoptr (GError) error = NULL;
  gboolean done = vai_connection_write (connection, claim_work, task, &error);
  if (done && task->claimed)
    {
      task->outcome = follow_event (server, connection, task->type, task->body);
      done = vai_connection_write (connection, note_work, task, &error);
    }
  if (!done)
    g_warning ("events of Stripe wait: %s", error->message);
  return done;
}

/* Also of what was tried and will be again, or Stripe could be away for hours unseen. What went back may wait for days
 * for a payment that is not ours. */
static gboolean
find_lag (VaiTransaction *transaction, gpointer data)
{
  gint64 now = vai_server_now ();
  *(gint64 *) data = now
                     - vai_transaction_get_integer (transaction, now,
                                                    "SELECT COALESCE(min(received_at), $1) FROM stripe_event "
                                                    "WHERE status IN ('new', 'doing') AND type NOT LIKE 'refund.%' "
                                                    "AND type NOT LIKE 'charge.%'",
                                                    VAI_INTEGER (now));
  return FALSE;
}

static void
tell_lag (VaiConnection *connection)
{
  gint64 lag_ms = 0;
  if (vai_connection_read (connection, find_lag, &lag_ms, NULL))
    vai_metrics_set ("valutai_webhook_lag_seconds", "Age of the oldest event about a purchase that waits",
                     (double) MAX (lag_ms, 0) / 1000);
}

gint64
vai_events_count_refused (VaiTransaction *transaction, gint64 since)
{
  return vai_transaction_get_integer (transaction, 0,
                                      "SELECT count(*) FROM stripe_event WHERE received_at >= $1 AND type = "
                                      "'invoice.paid' AND note = '" REFUSED "'",
                                      VAI_INTEGER (since));
}

void
vai_events_work (VaiServer *server, VaiConnection *connection)
{
  if (!vai_stripe_is_configured (server))
    return;
  /* There before the first one, which is an increase then. */
  count_come (0);
  count_refused (0);
  count_unsigned (0);
  vai_fulfil_count_refused (0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (task_free);
  gboolean done = vai_connection_read (connection, read_due, tasks, &error);
  if (!done)
    g_warning ("events of Stripe wait: %s", error->message);
  tell_lag (connection);
  for (guint i = 0; done && i < tasks->len && !g_atomic_int_get (&server->draining); i++)
    done = work_on (server, connection, tasks->pdata[i]);
  if (done && tasks->len >= BATCH_MAX)
    vai_chores_wake (server, "stripe-events");
}
