#include "vai-credits-chores.h"

#include "vai-billing.h"
#include "vai-device.h"
#include "vai-ledger.h"
#include "vai-metrics.h"

/* Rows found at once; each is then a transaction of its own, so that nobody waits for all. */
#define BATCH 200

typedef struct
{
  gint64 now;
  const char *after;   /* id of the last one of the batch before */
  GPtrArray *found;    /* of char*: user ids, or user id and device id by turns */
  const char *user_id; /* of a transaction on one */
  const char *device_id;
  guint wrong;
} Batch;

static void
warn (const char *what, GError *error)
{
  g_warning ("%s: %s", what, error->message);
  g_error_free (error);
}

/* ── Expiry ── */

static gboolean
find_expired (VaiTransaction *transaction, gpointer data)
{
  Batch *batch = data;
  g_ptr_array_set_size (batch->found, 0);
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT DISTINCT user_id FROM \"grant\" WHERE expires_at <= $1 AND open = 1 AND user_id > $2 "
      "ORDER BY user_id LIMIT $3",
      VAI_INTEGER (batch->now), VAI_TEXT (batch->after), VAI_INTEGER (BATCH));
  while (vai_rows_next (rows))
    g_ptr_array_add (batch->found, g_strdup (vai_rows_get_text (rows, 0)));
  return FALSE;
}

static gboolean
expire_one (VaiTransaction *transaction, gpointer data)
{
  const Batch *batch = data;
  if (!vai_ledger_expire (transaction, batch->user_id, batch->now))
    return FALSE;
  vai_billing_note_expiry (transaction, batch->user_id, batch->now);
  return TRUE;
}

void
vai_credits_expire_due (VaiServer *server, VaiConnection *connection)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *after = g_strdup ("");
  Batch batch = { .now = vai_server_now (), .found = found };
  do
    {
      batch.after = after;
      if (!vai_connection_read (connection, find_expired, &batch, &error))
        {
          warn ("credits do not expire", error);
          return;
        }
      for (guint i = 0; i < found->len; i++)
        {
          batch.user_id = found->pdata[i];
          if (!vai_connection_write (connection, expire_one, &batch, &error))
            warn ("credits do not expire", g_steal_pointer (&error));
        }
      if (found->len > 0)
        {
          g_free (after);
          after = g_strdup (found->pdata[found->len - 1]);
        }
    }
  while (found->len == BATCH);
}

/* ── Ends of leases ── */

static gboolean
find_ended (VaiTransaction *transaction, gpointer data)
{
  Batch *batch = data;
  g_ptr_array_set_size (batch->found, 0);
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction, "SELECT user_id, id FROM device WHERE not_after > 0 AND not_after <= $1 ORDER BY not_after LIMIT $2",
      VAI_INTEGER (batch->now - VAI_LEASE_RETURN_MS), VAI_INTEGER (BATCH));
  while (vai_rows_next (rows))
    {
      g_ptr_array_add (batch->found, g_strdup (vai_rows_get_text (rows, 0)));
      g_ptr_array_add (batch->found, g_strdup (vai_rows_get_text (rows, 1)));
    }
  return FALSE;
}

static gboolean
end_one (VaiTransaction *transaction, gpointer data)
{
  const Batch *batch = data;
  return vai_device_end_lease (transaction, batch->user_id, batch->device_id, batch->now);
}

void
vai_credits_end_leases (VaiServer *server, VaiConnection *connection)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  Batch batch = { .now = vai_server_now (), .found = found };
  do
    {
      if (!vai_connection_read (connection, find_ended, &batch, &error))
        break;
      for (guint i = 0; i < found->len && error == NULL; i += 2)
        {
          batch.user_id = found->pdata[i];
          batch.device_id = found->pdata[i + 1];
          vai_connection_write (connection, end_one, &batch, &error);
        }
    }
  while (found->len == 2 * BATCH && error == NULL);
  if (error != NULL)
    warn ("leases do not end", error);
}

/* ── Invariants ── */

static gboolean
check_some (VaiTransaction *transaction, gpointer data)
{
  Batch *batch = data;
  g_ptr_array_set_size (batch->found, 0);
  batch->wrong = 0;
  {
    g_autoptr (VaiRows) rows
        = vai_transaction_query (transaction, "SELECT id FROM \"user\" WHERE id > $1 ORDER BY id LIMIT $2",
                                 VAI_TEXT (batch->after), VAI_INTEGER (BATCH));
    while (vai_rows_next (rows))
      g_ptr_array_add (batch->found, g_strdup (vai_rows_get_text (rows, 0)));
  }
  for (guint i = 0; i < batch->found->len; i++)
    {
      g_autofree char *wrong = vai_ledger_check (transaction, batch->found->pdata[i]);
      if (wrong == NULL)
        continue;
      batch->wrong++;
      g_warning ("ledger: %s", wrong);
    }
  return FALSE;
}

void
vai_credits_check (VaiServer *server, VaiConnection *connection)
{
  /* Of the one thread that does chores: where this round is, and what it has found. */
  static char *after;
  static guint wrong;
  GError *error = NULL;
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  Batch batch = { .after = after != NULL ? after : "", .found = found };
  if (!vai_connection_read (connection, check_some, &batch, &error))
    {
      warn ("the ledger was not checked", error);
      return;
    }
  wrong += batch.wrong;
  g_clear_pointer (&after, g_free);
  gboolean more = found->len == BATCH;
  if (more)
    after = g_strdup (found->pdata[found->len - 1]);
  /* A fault is told at once, and forgotten when a whole round was right. */
  if (!more || wrong > 0)
    vai_metrics_set ("valutai_ledger_wrong", "Accounts whose credits do not add up.", wrong);
  if (!more)
    wrong = 0;
}
