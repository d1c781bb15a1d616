#include "vai-reconciler.h"

#include "vai-chores.h"
#include "vai-claws.h"
#include "vai-events.h"
#include "vai-metrics.h"
#include "vai-purchase.h"
#include "vai-refund.h"
#include "vai-stripe.h"

#define DAY_MS (24 * 3600 * G_GINT64_CONSTANT (1000))

/* Stripe keeps events for 30 days. */
#define EVENTS_LIVE_MS (30 * DAY_MS)

/* An event may be listed a little after later ones: an hour is read twice. */
#define OVERLAP_MS (3600 * G_GINT64_CONSTANT (1000))

/* A dispute moves money until it is decided, months after its payment. */
#define DISPUTES_LIVE_MS (180 * DAY_MS)

/* A refund that was just reserved is being sent by the one who reserved it. */
#define REFUND_WAITS_MS (5 * 60 * G_GINT64_CONSTANT (1000))

#define BATCH_MAX 100

typedef struct
{
  const char *sql;
  gint64 before;
  GPtrArray *rows; /* of char*: id, other, id, other … */
} Due;

static gboolean
due_work (VaiTransaction *transaction, gpointer data)
{
  Due *due = data;
  g_ptr_array_set_size (due->rows, 0);
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction, due->sql, VAI_INTEGER (due->before), VAI_INTEGER (BATCH_MAX));
  while (vai_rows_next (rows))
    {
      g_ptr_array_add (due->rows, g_strdup (vai_rows_get_text (rows, 0)));
      g_ptr_array_add (due->rows, g_strdup (vai_rows_get_text (rows, 1)));
    }
  return FALSE;
}

static GPtrArray *
read_due (VaiConnection *connection, const char *sql, gint64 before)
{
  g_autoptr (GError) error = NULL;
  Due due = { sql, before, g_ptr_array_new_with_free_func (g_free) };
  if (!vai_connection_read (connection, due_work, &due, &error))
    g_warning ("the reconciler waits: %s", error->message);
  return due.rows;
}

/* ── Open purchases ── */

/* The next look at it; one that never got a page is over when none can come any more. */
static gboolean
put_off_work (VaiTransaction *transaction, gpointer data)
{
  const char *id = data;
  gint64 now = vai_server_now ();
  vai_transaction_run (transaction, "UPDATE purchase SET check_at = $1 WHERE id = $2 AND check_at <= $3",
                       VAI_INTEGER (now + VAI_PURCHASE_CHECK_MS), VAI_TEXT (id), VAI_INTEGER (now));
  vai_transaction_run (transaction,
                       "UPDATE purchase SET state = 'expired', check_at = NULL, updated_at = $1 WHERE id = $2 "
                       "AND state = 'created' AND created_at < $3",
                       VAI_INTEGER (now), VAI_TEXT (id), VAI_INTEGER (now - DAY_MS));
  return TRUE;
}

static void
check_purchases (VaiServer *server, VaiConnection *connection)
{
  g_autoptr (GPtrArray) rows = read_due (
      connection, "SELECT id, stripe_session_id FROM purchase WHERE check_at <= $1 ORDER BY check_at LIMIT $2",
      vai_server_now ());
  for (guint i = 0; i < rows->len && !g_atomic_int_get (&server->draining); i += 2)
    {
      g_autoptr (GError) error = NULL;
      if (rows->pdata[i + 1] != NULL)
        vai_fulfil_session (server, connection, rows->pdata[i + 1]);
      if (!vai_connection_write (connection, put_off_work, rows->pdata[i], &error))
        g_warning ("the reconciler waits: %s", error->message);
    }
}

void
vai_reconciler_hurry (VaiTransaction *transaction, const char *session_id, gint64 now)
{
  vai_transaction_run (transaction,
                       "UPDATE purchase SET check_at = $1 WHERE stripe_session_id = $2 AND check_at IS NOT NULL",
                       VAI_INTEGER (now), VAI_TEXT (session_id));
}

static void
finish_refunds (VaiServer *server, VaiConnection *connection)
{
  g_autoptr (GPtrArray) rows
      = read_due (connection, "SELECT id, payment_id FROM refund WHERE state = 'reserved' AND created_at < $1 LIMIT $2",
                  vai_server_now () - REFUND_WAITS_MS);
  for (guint i = 0; i < rows->len && !g_atomic_int_get (&server->draining); i += 2)
    vai_refund_finish (server, connection, rows->pdata[i]);
}

/* ── Once a day ── */

typedef struct
{
  gint64 listed_at; /* 0: never */
  gint64 now;
  gint64 n_refused; /* months of plans: their charges do not say what they are for */
} Mark;

static gboolean
read_mark_work (VaiTransaction *transaction, gpointer data)
{
  Mark *mark = data;
  mark->listed_at = vai_transaction_get_integer (transaction, 0, "SELECT value FROM stripe_mark WHERE id = 'listed'");
  return FALSE;
}

static gboolean
count_refused_work (VaiTransaction *transaction, gpointer data)
{
  Mark *mark = data;
  mark->n_refused = vai_events_count_refused (transaction, mark->listed_at);
  return FALSE;
}

static gboolean
write_mark_work (VaiTransaction *transaction, gpointer data)
{
  const Mark *mark = data;
  vai_transaction_run (transaction,
                       "INSERT INTO stripe_mark (id, value) VALUES ('listed', $1) ON CONFLICT (id) DO UPDATE "
                       "SET value = excluded.value",
                       VAI_INTEGER (mark->now));
  /* What was done keeps no name of a person. */
  vai_transaction_run (transaction,
                       "UPDATE stripe_event SET body = '' WHERE received_at < $1 AND status = 'done' AND body <> ''",
                       VAI_INTEGER (mark->now - EVENTS_LIVE_MS));
  return TRUE;
}

typedef struct
{
  JsonArray *items;
  gint64 now;
  GPtrArray *payments; /* those to follow */
} Page;

static gboolean
keep_events_work (VaiTransaction *transaction, gpointer data)
{
  Page *page = data;
  for (guint i = 0; i < json_array_get_length (page->items); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (page->items, i)))
      vai_events_keep_listed (transaction, json_array_get_object_element (page->items, i), page->now);
  return TRUE;
}

/* One charge beside our row of its payment. */
static void
compare_charge (VaiTransaction *transaction, Page *page, JsonObject *charge)
{
  const char *payment_id = vai_stripe_find_id (charge, "payment_intent");
  if (payment_id == NULL || !vai_stripe_find_boolean (charge, "paid"))
    return;
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction, "SELECT amount, refunded FROM payment_claw WHERE payment_id = $1", VAI_TEXT (payment_id));
  if (vai_rows_next (rows))
    {
      if (vai_rows_get_integer (rows, 0) != vai_stripe_find_integer (charge, "amount")
          || vai_rows_get_integer (rows, 1) != vai_stripe_find_integer (charge, "amount_refunded"))
        g_ptr_array_add (page->payments, g_strdup (payment_id));
      return;
    }
  const char *purchase_id = vai_stripe_find_text (charge, "metadata.purchase_id");
  if (purchase_id == NULL)
    return;
  g_ptr_array_add (page->payments, g_strdup (payment_id));
  vai_transaction_run (transaction, "UPDATE purchase SET check_at = $1 WHERE id = $2 AND state <> 'refused'",
                       VAI_INTEGER (page->now), VAI_TEXT (purchase_id));
}

static gboolean
compare_charges_work (VaiTransaction *transaction, gpointer data)
{
  Page *page = data;
  g_ptr_array_set_size (page->payments, 0);
  for (guint i = 0; i < json_array_get_length (page->items); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (page->items, i)))
      compare_charge (transaction, page, json_array_get_object_element (page->items, i));
  return TRUE;
}

/* Whether our rows of them say the same is seen when they are followed. */
static gboolean
list_disputes_work (VaiTransaction *transaction, gpointer data)
{
  Page *page = data;
  g_ptr_array_set_size (page->payments, 0);
  for (guint i = 0; i < json_array_get_length (page->items); i++)
    {
      JsonNode *node = json_array_get_element (page->items, i);
      const char *id
          = JSON_NODE_HOLDS_OBJECT (node) ? vai_stripe_find_id (json_node_get_object (node), "payment_intent") : NULL;
      if (id != NULL)
        g_ptr_array_add (page->payments, g_strdup (id));
    }
  return FALSE;
}

/* Runs @work on each page of @what since @since. FALSE when it was not read to its end. */
static gboolean
read_pages (VaiServer *server,
            VaiConnection *connection,
            const char *what,
            gint64 since,
            VaiWork work,
            GPtrArray *payments)
{
  g_autofree char *after = g_strdup ("");
  for (gboolean more = TRUE; more;)
    {
      g_autofree char *path = g_strdup_printf ("v1/%s?limit=100&created[gte]=%" G_GINT64_FORMAT "%s%s", what,
                                               since / 1000, *after != '\0' ? "&starting_after=" : "", after);
      g_autoptr (JsonObject) answer = NULL;
      g_autoptr (GPtrArray) of_page = g_ptr_array_new_with_free_func (g_free);
      if (vai_stripe_get (server, path, &answer) != VAI_STRIPE_DONE)
        return FALSE;
      Page page = { vai_stripe_find_array (answer, "data"), vai_server_now (), of_page };
      guint n = page.items != NULL ? json_array_get_length (page.items) : 0;
      if (n > 0 && !vai_connection_write (connection, work, &page, NULL))
        return FALSE;
      for (guint i = 0; i < of_page->len; i++)
        g_ptr_array_add (payments, g_strdup (of_page->pdata[i]));
      g_autofree char *last = g_strdup_printf ("data.%u.id", n > 0 ? n - 1 : 0);
      const char *last_id = vai_stripe_find_text (answer, last);
      more = vai_stripe_find_boolean (answer, "has_more") && vai_stripe_is_id (last_id)
             && !g_atomic_int_get (&server->draining);
      g_free (after);
      after = g_strdup (last_id != NULL ? last_id : "");
    }
  return !g_atomic_int_get (&server->draining);
}

typedef struct
{
  const char *payment_id;
  char *sums; /* NULL: it gave no credits */
} Row;

static gboolean
read_row_work (VaiTransaction *transaction, gpointer data)
{
  Row *row = data;
  g_free (row->sums);
  row->sums = vai_transaction_dup_text (
      transaction,
      "SELECT refunded || ' ' || withdrawn || ' ' || reinstated || ' ' || dispute_open FROM payment_claw WHERE "
      "payment_id = $1",
      VAI_TEXT (row->payment_id));
  return FALSE;
}

static char *
dup_sums (VaiConnection *connection, const char *payment_id)
{
  Row row = { .payment_id = payment_id };
  vai_connection_read (connection, read_row_work, &row, NULL);
  return row.sums;
}

/* Gives how many of @payments had rows that were not what Stripe says. @reached is FALSE then when one could not be
 * asked for. */
static guint
follow_all (VaiServer *server, VaiConnection *connection, GPtrArray *payments, gboolean *reached)
{
  guint n_moved = 0;
  for (guint i = 0; i < payments->len && !g_atomic_int_get (&server->draining); i++)
    {
      g_autofree char *before = dup_sums (connection, payments->pdata[i]);
      if (before == NULL) /* its purchase is asked about */
        continue;
      if (vai_claws_follow (server, connection, payments->pdata[i]) == VAI_BILLING_LATER)
        *reached = FALSE;
      g_autofree char *after = dup_sums (connection, payments->pdata[i]);
      n_moved += g_strcmp0 (before, after) != 0;
    }
  if (g_atomic_int_get (&server->draining))
    *reached = FALSE;
  return n_moved;
}

static void
read_the_day (VaiServer *server, VaiConnection *connection)
{
  Mark mark = { .now = vai_server_now () };
  if (!vai_connection_read (connection, read_mark_work, &mark, NULL) || mark.now - mark.listed_at < DAY_MS)
    return;
  g_autoptr (GPtrArray) differing = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) disputed = g_ptr_array_new_with_free_func (g_free);
  gint64 since = MAX (mark.listed_at - OVERLAP_MS, mark.now - EVENTS_LIVE_MS);
  if (!read_pages (server, connection, "events", since, keep_events_work, differing))
    return;
  vai_events_work (server, connection);
  if (!read_pages (server, connection, "charges", since, compare_charges_work, differing)
      || !read_pages (server, connection, "disputes", mark.now - DISPUTES_LIVE_MS, list_disputes_work, disputed))
    return;
  gboolean reached = TRUE;
  follow_all (server, connection, differing, &reached);
  guint n = differing->len + follow_all (server, connection, disputed, &reached);
  reached &= vai_connection_read (connection, count_refused_work, &mark, NULL);
  n += (guint) mark.n_refused;
  vai_metrics_set ("valutai_stripe_differences", "Payments whose sums were not ours at the last daily look", n);
  if (n > 0)
    g_warning ("%u payments had other sums at Stripe or were refused: they were read again", n);
  if (!reached || !vai_connection_write (connection, write_mark_work, &mark, NULL))
    g_warning ("the reconciler will look at this day again");
}

void
vai_reconciler_run (VaiServer *server, VaiConnection *connection)
{
  if (!vai_stripe_is_configured (server))
    return;
  check_purchases (server, connection);
  finish_refunds (server, connection);
  read_the_day (server, connection);
}
