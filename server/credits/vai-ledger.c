#include "vai-ledger.h"

#include "vai-purse.h"

#include <string.h>

char *
vai_ledger_ensure_account (VaiTransaction *transaction, const char *user_id, const char *kind, const char *device_id)
{
  char *id = device_id != NULL ? g_strconcat (user_id, ":", kind, ":", device_id, NULL)
                               : g_strconcat (user_id, ":", kind, NULL);
  vai_transaction_run (
      transaction,
      "INSERT INTO ledger_account (id, user_id, kind, device_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
      VAI_TEXT (id), VAI_TEXT (user_id), VAI_TEXT (kind), VAI_TEXT (device_id));
  return id;
}

static gint64
get_balance (VaiTransaction *transaction, const char *account)
{
  return vai_transaction_get_integer (transaction, 0, "SELECT balance FROM ledger_account WHERE id = $1",
                                      VAI_TEXT (account));
}

gint64
vai_ledger_get_balance (VaiTransaction *transaction, const char *user_id)
{
  g_autofree char *account = g_strconcat (user_id, ":available", NULL);
  return get_balance (transaction, account);
}

static gboolean
is_kind (const char *account, const char *kind)
{
  return g_str_has_suffix (account, kind);
}

/* FALSE when the balance would fall below 0. */
static gboolean
change_balance (VaiTransaction *transaction, const char *account, gint64 change)
{
  if (is_kind (account, ":mint"))
    return vai_transaction_run (transaction, "UPDATE ledger_account SET balance = balance + $1 WHERE id = $2",
                                VAI_INTEGER (change), VAI_TEXT (account))
           == 1;
  return vai_transaction_run (transaction,
                              "UPDATE ledger_account SET balance = balance + $1 WHERE id = $2 AND balance + $3 >= 0",
                              VAI_INTEGER (change), VAI_TEXT (account), VAI_INTEGER (change))
         == 1;
}

VaiLedgerOutcome
vai_ledger_transfer (VaiTransaction *transaction,
                     const char *id,
                     const char *debit,
                     const char *credit,
                     gint64 amount,
                     const char *kind,
                     const char *ref,
                     gint64 now)
{
  g_return_val_if_fail (amount > 0, VAI_LEDGER_DONE);
  /* The row first: a cause that has been here changes nothing, whatever the balances are now. */
  if (vai_transaction_run (transaction,
                           "INSERT INTO transfer (id, debit, credit, amount, kind, ref, created_at) "
                           "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                           VAI_TEXT (id), VAI_TEXT (debit), VAI_TEXT (credit), VAI_INTEGER (amount), VAI_TEXT (kind),
                           VAI_TEXT (ref), VAI_INTEGER (now))
      == 0)
    return VAI_LEDGER_REPEATED;
  gint64 out = is_kind (debit, ":debt") ? amount : -amount;
  gint64 in = is_kind (credit, ":debt") ? -amount : amount;
  if (!change_balance (transaction, debit, out) || !change_balance (transaction, credit, in))
    return VAI_LEDGER_INSUFFICIENT;
  return VAI_LEDGER_DONE;
}

void
vai_ledger_note (VaiTransaction *transaction,
                 const char *id,
                 const char *user_id,
                 const char *type,
                 gint64 amount,
                 const char *description,
                 const char *operation,
                 const char *resource_id,
                 gint64 now)
{
  gint64 balance = vai_transaction_get_integer (
      transaction, 0, "SELECT sum(balance) FROM ledger_account WHERE user_id = $1 AND kind IN ('available', 'hold')",
      VAI_TEXT (user_id));
  vai_transaction_run (transaction,
                       "INSERT INTO credit_transaction (id, user_id, type, amount, balance, description, "
                       "operation_type, resource_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                       VAI_TEXT (id), VAI_TEXT (user_id), VAI_TEXT (type), VAI_INTEGER (amount), VAI_INTEGER (balance),
                       VAI_TEXT (description), VAI_TEXT (operation), VAI_TEXT (resource_id), VAI_INTEGER (now));
  vai_transaction_run (transaction, "UPDATE \"user\" SET credits = $1 WHERE id = $2", VAI_INTEGER (balance),
                       VAI_TEXT (user_id));
}

/* ── Grants ── */

/* Those of @user_id with something left; @ids takes their ids, by the grants' index. */
static GArray *
read_grants (VaiTransaction *transaction, const char *user_id, GPtrArray *ids)
{
  GArray *grants = g_array_new (FALSE, TRUE, sizeof (VaiGrant));
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT id, source, remaining, expires_at, created_at FROM \"grant\" WHERE user_id = $1 AND remaining > 0",
      VAI_TEXT (user_id));
  while (vai_rows_next (rows))
    {
      VaiGrant grant = { .index = ids->len };
      g_ptr_array_add (ids, g_strdup (vai_rows_get_text (rows, 0)));
      vai_grant_source_parse (vai_rows_get_text (rows, 1), &grant.source);
      grant.remaining = vai_rows_get_integer (rows, 2);
      grant.expires_at = vai_rows_get_integer (rows, 3);
      grant.created_at = vai_rows_get_integer (rows, 4);
      g_array_append_val (grants, grant);
    }
  return grants;
}

static void
take (VaiTransaction *transaction, const char *transfer_id, const char *grant_id, gint64 amount)
{
  vai_transaction_run (transaction,
                       "UPDATE \"grant\" SET remaining = remaining - $1, open = CASE WHEN remaining > $2 THEN 1 ELSE 0 "
                       "END WHERE id = $3",
                       VAI_INTEGER (amount), VAI_INTEGER (amount), VAI_TEXT (grant_id));
  vai_transaction_run (transaction, "INSERT INTO allocation (transfer_id, grant_id, amount) VALUES ($1, $2, $3)",
                       VAI_TEXT (transfer_id), VAI_TEXT (grant_id), VAI_INTEGER (amount));
}

gint64
vai_ledger_allocate (VaiTransaction *transaction,
                     const char *transfer_id,
                     const char *user_id,
                     gint64 amount,
                     gint64 now)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) grants = read_grants (transaction, user_id, ids);
  gint64 missing = vai_spend_plan ((VaiGrant *) (void *) grants->data, grants->len, amount, now);
  for (guint i = 0; i < grants->len; i++)
    {
      const VaiGrant *grant = &g_array_index (grants, VaiGrant, i);
      if (grant->taken > 0)
        take (transaction, transfer_id, ids->pdata[grant->index], grant->taken);
    }
  return missing;
}

gint64
vai_ledger_allocate_from (VaiTransaction *transaction, const char *transfer_id, const char *grant_id, gint64 amount)
{
  gint64 remaining = vai_transaction_get_integer (transaction, 0, "SELECT remaining FROM \"grant\" WHERE id = $1",
                                                  VAI_TEXT (grant_id));
  gint64 taken = MIN (remaining, amount);
  if (taken > 0)
    take (transaction, transfer_id, grant_id, taken);
  return amount - taken;
}

static const char *
history_type (const VaiLedgerGrant *grant)
{
  if (grant->from != NULL)
    return "refund";
  return grant->source == VAI_GRANT_ADMIN ? "grant" : vai_grant_source_get_name (grant->source);
}

static void
insert_grant (VaiTransaction *transaction, const VaiLedgerGrant *grant, gint64 now)
{
  const VaiValue expires = grant->expires_at != 0 ? VAI_INTEGER (grant->expires_at) : VAI_NULL;
  vai_transaction_run (transaction,
                       "INSERT INTO \"grant\" (id, user_id, source, purchase_id, invoice_id, amount, remaining, "
                       "expires_at, priority, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                       VAI_TEXT (grant->id), VAI_TEXT (grant->user_id),
                       VAI_TEXT (vai_grant_source_get_name (grant->source)), VAI_TEXT (grant->purchase_id),
                       VAI_TEXT (grant->invoice_id), VAI_INTEGER (grant->amount), VAI_INTEGER (grant->amount), expires,
                       VAI_INTEGER (grant->source == VAI_GRANT_PURCHASE), VAI_INTEGER (now));
}

/* What is owed is paid first, from this grant. */
static void
pay_debt (VaiTransaction *transaction, const VaiLedgerGrant *grant, const char *available, gint64 now)
{
  g_autofree char *debt = vai_ledger_ensure_account (transaction, grant->user_id, "debt", NULL);
  gint64 paid = MIN (get_balance (transaction, debt), grant->amount);
  if (paid == 0)
    return;
  g_autofree char *id = g_strconcat ("debt:", grant->id, NULL);
  vai_ledger_transfer (transaction, id, available, debt, paid, "debt", grant->id, now);
  take (transaction, id, grant->id, paid);
}

VaiLedgerOutcome
vai_ledger_grant (VaiTransaction *transaction, const VaiLedgerGrant *grant, gint64 now)
{
  vai_transaction_lock (transaction, "user", grant->user_id);
  g_autofree char *from
      = vai_ledger_ensure_account (transaction, grant->user_id, grant->from != NULL ? grant->from : "mint", NULL);
  g_autofree char *available = vai_ledger_ensure_account (transaction, grant->user_id, "available", NULL);
  VaiLedgerOutcome outcome
      = vai_ledger_transfer (transaction, grant->id, from, available, grant->amount, "grant", grant->purchase_id, now);
  if (outcome != VAI_LEDGER_DONE)
    return outcome;
  insert_grant (transaction, grant, now);
  pay_debt (transaction, grant, available, now);
  vai_ledger_note (transaction, grant->id, grant->user_id, history_type (grant), grant->amount, grant->description,
                   NULL, grant->purchase_id, now);
  return VAI_LEDGER_DONE;
}

/* ── Spending ── */

/* What is there, and whether @spend has been charged before. */
static VaiPurse *
open_for (VaiTransaction *transaction, const VaiLedgerSpend *spend, gint64 now, gboolean *repeated)
{
  VaiPurse *purse = vai_purse_new (transaction, spend->user_id, now);
  *repeated = FALSE;
  vai_transaction_lock (transaction, "user", spend->user_id);
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction, VAI_PURSE_SQL "UNION ALL SELECT 3, id, '', 0, 0, 0, 0, 0, 0, 0 FROM transfer WHERE id = $3",
      VAI_TEXT (spend->user_id), VAI_TEXT (spend->user_id), VAI_TEXT (spend->id));
  while (vai_rows_next (rows))
    *repeated |= !vai_purse_add_row (purse, rows);
  return purse;
}

VaiLedgerOutcome
vai_ledger_spend (VaiTransaction *transaction, const VaiLedgerSpend *spend, gint64 now, gint64 *balance)
{
  gboolean repeated;
  g_autoptr (VaiPurse) purse = open_for (transaction, spend, now, &repeated);
  *balance = vai_purse_get_available (purse);
  if (repeated)
    return VAI_LEDGER_REPEATED;
  if (vai_purse_get_spendable (purse) < spend->amount)
    return VAI_LEDGER_INSUFFICIENT;
  if (spend->amount == 0)
    return VAI_LEDGER_DONE;
  g_autofree char *available = vai_purse_dup_account (purse, "available", NULL);
  g_autofree char *consumed = vai_purse_dup_account (purse, "consumed", NULL);
  vai_purse_move (purse, spend->id, available, consumed, spend->amount, "spend", spend->operation);
  vai_purse_allocate (purse, spend->id, spend->amount, FALSE);
  vai_purse_note (purse, spend->id, "debit", -spend->amount, spend->description, spend->operation, spend->resource_id);
  vai_purse_store (purse);
  *balance = vai_purse_get_available (purse);
  return VAI_LEDGER_DONE;
}

/* ── Expiry ── */

gboolean
vai_ledger_expire (VaiTransaction *transaction, const char *user_id, gint64 now)
{
  g_autoptr (VaiPurse) purse = vai_purse_open (transaction, user_id, now);
  gboolean any = vai_purse_expire (purse);
  vai_purse_store (purse);
  return any;
}

/* ── Invariants ── */

static const char *const checks[][2] = {
  { "granted + debt = available + holds + consumed + clawed + expired",
    "SELECT COALESCE(sum(CASE WHEN kind IN ('mint', 'debt') THEN 0 ELSE balance END), 0) "
    "+ COALESCE(sum(CASE WHEN kind = 'mint' THEN balance ELSE 0 END), 0) "
    "- COALESCE(sum(CASE WHEN kind = 'debt' THEN balance ELSE 0 END), 0) FROM ledger_account WHERE user_id = $1" },
  { "no balance is below 0 but the mint's",
    "SELECT count(*) FROM ledger_account WHERE user_id = $1 AND kind <> 'mint' AND balance < 0" },
  { "a balance is the sum of its transfers",
    "SELECT count(*) FROM ledger_account a WHERE a.user_id = $1 AND a.balance <> (CASE WHEN a.kind = 'debt' THEN -1 "
    "ELSE 1 END) * (COALESCE((SELECT sum(t.amount) FROM ledger_account d JOIN transfer t ON t.debit = d.id WHERE "
    "d.user_id = a.user_id AND t.credit = a.id), 0) - COALESCE((SELECT sum(amount) FROM transfer WHERE debit = a.id), "
    "0))" },
  { "the person's row says what is available and held",
    "SELECT u.credits - COALESCE((SELECT sum(balance) FROM ledger_account WHERE user_id = u.id AND kind IN "
    "('available', 'hold')), 0) FROM \"user\" u WHERE u.id = $1" },
  { "what grants have left is available or held",
    "SELECT COALESCE((SELECT sum(remaining) FROM \"grant\" WHERE user_id = $1), 0) - COALESCE((SELECT sum(balance) "
    "FROM "
    "ledger_account WHERE user_id = $2 AND kind IN ('available', 'hold')), 0)" },
  { "a grant's rest is its amount less what was taken",
    "SELECT count(*) FROM \"grant\" g WHERE g.user_id = $1 AND g.remaining <> g.amount - COALESCE((SELECT sum(amount) "
    "FROM allocation WHERE grant_id = g.id), 0)" },
  { "a grant is open while something remains",
    "SELECT count(*) FROM \"grant\" WHERE user_id = $1 AND open <> CASE WHEN remaining > 0 THEN 1 ELSE 0 END" },
  { "a hold is cap - used - returned",
    "SELECT count(*) FROM device d WHERE d.user_id = $1 AND d.cap - d.used - d.returned <> COALESCE((SELECT balance "
    "FROM ledger_account WHERE id = d.user_id || ':hold:' || d.id), 0)" },
  { "a hold is of a device",
    "SELECT count(*) FROM ledger_account a WHERE a.user_id = $1 AND a.kind = 'hold' AND a.balance <> 0 AND NOT EXISTS "
    "(SELECT 1 FROM device d WHERE d.id = a.device_id AND d.user_id = a.user_id)" },
  { "an operation of a device is charged what it cost, once",
    "SELECT count(*) FROM device_entry e JOIN device d ON d.id = e.device_id WHERE d.user_id = $1 AND e.charged = 1 "
    "AND e.cost <> COALESCE((SELECT sum(t.amount) FROM transfer t WHERE t.id IN ('op:' || e.op_id, 'op:' || e.op_id "
    "|| ':2', 'op:' || e.op_id || ':3')), 0)" },
  { "what was used is in the log of the epoch",
    "SELECT count(*) FROM device d WHERE d.user_id = $1 AND d.used <> COALESCE((SELECT sum(e.cost) FROM device_entry "
    "e WHERE e.device_id = d.id AND e.epoch = d.epoch AND e.op_kind <> 'return'), 0)" },
};

char *
vai_ledger_check (VaiTransaction *transaction, const char *user_id)
{
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      gboolean twice = strstr (checks[i][1], "$2") != NULL;
      gint64 wrong
          = twice ? vai_transaction_get_integer (transaction, 0, checks[i][1], VAI_TEXT (user_id), VAI_TEXT (user_id))
                  : vai_transaction_get_integer (transaction, 0, checks[i][1], VAI_TEXT (user_id));
      if (wrong != 0)
        return g_strdup_printf ("%s: wrong by %" G_GINT64_FORMAT " for %s", checks[i][0], wrong, user_id);
    }
  return NULL;
}
