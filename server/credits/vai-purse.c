#include "vai-purse.h"

#include <string.h>

typedef struct
{
  char *id;
  char *kind;
  gint64 balance;
  gint64 stored; /* what the row says */
} Account;

typedef struct
{
  char *id;
  gint64 stored;
} GrantRow;

struct _VaiPurse
{
  VaiTransaction *transaction;
  char *user_id;
  gint64 now;
  GPtrArray *accounts;   /* of Account */
  GArray *grants;        /* of VaiGrant, in any order */
  GPtrArray *grant_rows; /* of GrantRow, by the grants' index */
  gint64 stored_credits;
  guint n_notes;
};

static void
account_free (gpointer data)
{
  Account *account = data;
  g_free (account->id);
  g_free (account->kind);
  g_free (account);
}

static void
grant_row_free (gpointer data)
{
  g_free (((GrantRow *) data)->id);
  g_free (data);
}

VaiPurse *
vai_purse_new (VaiTransaction *transaction, const char *user_id, gint64 now)
{
  VaiPurse *self = g_new0 (VaiPurse, 1);
  self->transaction = transaction;
  self->user_id = g_strdup (user_id);
  self->now = now;
  self->accounts = g_ptr_array_new_with_free_func (account_free);
  self->grants = g_array_new (FALSE, TRUE, sizeof (VaiGrant));
  self->grant_rows = g_ptr_array_new_with_free_func (grant_row_free);
  return self;
}

void
vai_purse_free (VaiPurse *self)
{
  if (self == NULL)
    return;
  g_free (self->user_id);
  g_ptr_array_unref (self->accounts);
  g_array_unref (self->grants);
  g_ptr_array_unref (self->grant_rows);
  g_free (self);
}

static Account *
add_account (VaiPurse *self, const char *id, const char *kind, gint64 balance)
{
  Account *account = g_new (Account, 1);
  *account = (Account){ g_strdup (id), g_strdup (kind), balance, balance };
  g_ptr_array_add (self->accounts, account);
  return account;
}

gboolean
vai_purse_add_row (VaiPurse *self, VaiRows *rows)
{
  gint64 what = vai_rows_get_integer (rows, 0), number = vai_rows_get_integer (rows, 3);
  if (what == 1)
    {
      add_account (self, vai_rows_get_text (rows, 1), vai_rows_get_text (rows, 2), number);
      self->stored_credits = vai_purse_get_available (self) + vai_purse_get_held (self);
    }
  else if (what == 2)
    {
      VaiGrant grant = { .index = self->grant_rows->len,
                         .remaining = number,
                         .expires_at = vai_rows_get_integer (rows, 4),
                         .created_at = vai_rows_get_integer (rows, 5) };
      vai_grant_source_parse (vai_rows_get_text (rows, 2), &grant.source);
      g_array_append_val (self->grants, grant);
      GrantRow *row = g_new (GrantRow, 1);
      *row = (GrantRow){ g_strdup (vai_rows_get_text (rows, 1)), number };
      g_ptr_array_add (self->grant_rows, row);
    }
  return what == 1 || what == 2;
}

VaiPurse *
vai_purse_open (VaiTransaction *transaction, const char *user_id, gint64 now)
{
  VaiPurse *self = vai_purse_new (transaction, user_id, now);
  vai_transaction_lock (transaction, "user", user_id);
  g_autoptr (VaiRows) rows = vai_transaction_query (transaction, VAI_PURSE_SQL, VAI_TEXT (user_id), VAI_TEXT (user_id));
  while (vai_rows_next (rows))
    vai_purse_add_row (self, rows);
  return self;
}

/* ── Balances ── */

static gint64
sum_of (VaiPurse *self, const char *kind)
{
  gint64 sum = 0;
  for (guint i = 0; i < self->accounts->len; i++)
    {
      const Account *account = self->accounts->pdata[i];
      if (strcmp (account->kind, kind) == 0)
        sum += account->balance;
    }
  return sum;
}

gint64
vai_purse_get_available (VaiPurse *self)
{
  return sum_of (self, "available");
}

gint64
vai_purse_get_held (VaiPurse *self)
{
  return sum_of (self, "hold");
}

gint64
vai_purse_get_debt (VaiPurse *self)
{
  return sum_of (self, "debt");
}

static Account *
find_account (VaiPurse *self, const char *id)
{
  for (guint i = 0; i < self->accounts->len; i++)
    if (strcmp (((Account *) self->accounts->pdata[i])->id, id) == 0)
      return self->accounts->pdata[i];
  return NULL;
}

gint64
vai_purse_get_balance (VaiPurse *self, const char *account)
{
  const Account *found = find_account (self, account);
  return found != NULL ? found->balance : 0;
}

/* What has expired and is not under a device: holds are of the credits that expire first. */
static gint64
get_expired (VaiPurse *self)
{
  gint64 expired = 0;
  for (guint i = 0; i < self->grants->len; i++)
    {
      const VaiGrant *grant = &g_array_index (self->grants, VaiGrant, i);
      if (vai_grant_is_expired (grant->expires_at, self->now))
        expired += grant->remaining;
    }
  return CLAMP (expired - vai_purse_get_held (self), 0, vai_purse_get_available (self));
}

gint64
vai_purse_get_spendable (VaiPurse *self)
{
  return vai_purse_get_available (self) - get_expired (self);
}

char *
vai_purse_dup_account (VaiPurse *self, const char *kind, const char *device_id)
{
  return device_id != NULL ? g_strconcat (self->user_id, ":", kind, ":", device_id, NULL)
                           : g_strconcat (self->user_id, ":", kind, NULL);
}

/* ── Changes ── */

/* The account @id, made when it is not there: “user:kind” or “user:hold:device”. */
static Account *
ensure_account (VaiPurse *self, const char *id)
{
  Account *account = find_account (self, id);
  if (account != NULL)
    return account;
  g_auto (GStrv) parts = g_strsplit (id, ":", 3);
  vai_transaction_send (
      self->transaction,
      "INSERT INTO ledger_account (id, user_id, kind, device_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
      VAI_TEXT (id), VAI_TEXT (self->user_id), VAI_TEXT (parts[1]), VAI_TEXT (parts[2]));
  return add_account (self, id, parts[1], 0);
}

static gboolean
is_debt (const Account *account)
{
  return strcmp (account->kind, "debt") == 0;
}

void
vai_purse_move (VaiPurse *self,
                const char *id,
                const char *debit,
                const char *credit,
                gint64 amount,
                const char *kind,
                const char *ref)
{
  g_return_if_fail (amount > 0);
  Account *from = ensure_account (self, debit), *to = ensure_account (self, credit);
  vai_transaction_send (self->transaction,
                        "INSERT INTO transfer (id, debit, credit, amount, kind, ref, created_at) "
                        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
                        VAI_TEXT (id), VAI_TEXT (debit), VAI_TEXT (credit), VAI_INTEGER (amount), VAI_TEXT (kind),
                        VAI_TEXT (ref), VAI_INTEGER (self->now));
  /* What is owed grows by being taken from. */
  from->balance += is_debt (from) ? amount : -amount;
  to->balance += is_debt (to) ? -amount : amount;
}

/* Writes down what a plan has taken for the transfer @id. */
static void
take_planned (VaiPurse *self, const char *id)
{
  for (guint i = 0; i < self->grants->len; i++)
    {
      VaiGrant *grant = &g_array_index (self->grants, VaiGrant, i);
      if (grant->taken == 0)
        continue;
      grant->remaining -= grant->taken;
      vai_transaction_send (self->transaction,
                            "INSERT INTO allocation (transfer_id, grant_id, amount) VALUES ($1, $2, $3)", VAI_TEXT (id),
                            VAI_TEXT (((GrantRow *) self->grant_rows->pdata[grant->index])->id),
                            VAI_INTEGER (grant->taken));
      grant->taken = 0;
    }
}

void
vai_purse_allocate (VaiPurse *self, const char *id, gint64 amount, gboolean with_expired)
{
  gint64 now = with_expired ? 0 : self->now;
  gint64 missing = vai_spend_plan ((VaiGrant *) (void *) self->grants->data, self->grants->len, amount, now);
  if (missing > 0)
    g_warning ("ledger: %" G_GINT64_FORMAT " credits of %s are in no grant", missing, self->user_id);
  take_planned (self, id);
}

void
vai_purse_note (VaiPurse *self,
                const char *id,
                const char *type,
                gint64 amount,
                const char *description,
                const char *operation,
                const char *resource_id)
{
  /* A millisecond apart, so that the history has the order in which balances follow each other. */
  vai_transaction_send (self->transaction,
                        "INSERT INTO credit_transaction (id, user_id, type, amount, balance, description, "
                        "operation_type, resource_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                        VAI_TEXT (id), VAI_TEXT (self->user_id), VAI_TEXT (type), VAI_INTEGER (amount),
                        VAI_INTEGER (vai_purse_get_available (self) + vai_purse_get_held (self)),
                        VAI_TEXT (description), VAI_TEXT (operation), VAI_TEXT (resource_id),
                        VAI_INTEGER (self->now + self->n_notes++));
}

static void
expire_grant (VaiPurse *self, VaiGrant *grant, gint64 amount)
{
  const char *grant_id = ((GrantRow *) self->grant_rows->pdata[grant->index])->id;
  g_autofree char *available = vai_purse_dup_account (self, "available", NULL);
  g_autofree char *expired = vai_purse_dup_account (self, "expired", NULL);
  /* What remains only falls: no two have the same. */
  g_autofree char *id = g_strdup_printf ("expiry:%s:%" G_GINT64_FORMAT, grant_id, grant->remaining);
  vai_purse_move (self, id, available, expired, amount, "expiry", grant_id);
  vai_purse_note (self, id, "expiry", -amount, "Credits that expired", NULL, grant_id);
  grant->taken = amount;
  take_planned (self, id);
}

gboolean
vai_purse_expire (VaiPurse *self)
{
  gint64 rest = get_expired (self);
  gboolean any = rest > 0;
  for (guint i = 0; i < self->grants->len && rest > 0; i++)
    {
      VaiGrant *grant = &g_array_index (self->grants, VaiGrant, i);
      if (grant->remaining == 0 || !vai_grant_is_expired (grant->expires_at, self->now))
        continue;
      gint64 amount = MIN (rest, grant->remaining);
      expire_grant (self, grant, amount);
      rest -= amount;
    }
  return any;
}

void
vai_purse_pay_debt (VaiPurse *self, const char *cause)
{
  gint64 paid = MIN (vai_purse_get_debt (self), vai_purse_get_spendable (self));
  if (paid == 0)
    return;
  g_autofree char *available = vai_purse_dup_account (self, "available", NULL);
  g_autofree char *debt = vai_purse_dup_account (self, "debt", NULL);
  g_autofree char *id = g_strconcat ("debt:", cause, NULL);
  vai_purse_move (self, id, available, debt, paid, "debt", cause);
  vai_purse_allocate (self, id, paid, FALSE);
}

/* ── Storing ── */

/* Those that have changed, two with each statement: a transfer has two sides. They are found among her few: for an
 * index on the ids themselves SQLite would build a table of the two first. */
static void
store_accounts (VaiPurse *self)
{
  const Account *changed[2];
  guint n = 0;
  for (guint i = 0; i <= self->accounts->len; i++)
    {
      gboolean end = i == self->accounts->len;
      if (!end && ((Account *) self->accounts->pdata[i])->balance != ((Account *) self->accounts->pdata[i])->stored)
        changed[n++] = self->accounts->pdata[i];
      if (n == 2 || (end && n == 1))
        {
          const Account *last = changed[n - 1];
          vai_transaction_send (
              self->transaction,
              "UPDATE ledger_account SET balance = balance + CASE id WHEN $1 THEN CAST ($2 AS BIGINT) "
              "ELSE CAST ($3 AS BIGINT) END WHERE user_id = $4 AND id || '' IN ($5, $6)",
              VAI_TEXT (changed[0]->id), VAI_INTEGER (changed[0]->balance - changed[0]->stored),
              VAI_INTEGER (last->balance - last->stored), VAI_TEXT (self->user_id), VAI_TEXT (changed[0]->id),
              VAI_TEXT (last->id));
          n = 0;
        }
    }
}

void
vai_purse_store (VaiPurse *self)
{
  store_accounts (self);
  for (guint i = 0; i < self->grants->len; i++)
    {
      const VaiGrant *grant = &g_array_index (self->grants, VaiGrant, i);
      const GrantRow *row = self->grant_rows->pdata[grant->index];
      if (grant->remaining != row->stored)
        /* While it is open no column of an index is touched. */
        vai_transaction_send (self->transaction,
                              grant->remaining > 0
                                  ? "UPDATE \"grant\" SET remaining = remaining - $1 WHERE id = $2"
                                  : "UPDATE \"grant\" SET remaining = remaining - $1, open = 0 WHERE id = $2",
                              VAI_INTEGER (row->stored - grant->remaining), VAI_TEXT (row->id));
    }
  gint64 credits = vai_purse_get_available (self) + vai_purse_get_held (self);
  if (credits != self->stored_credits)
    vai_transaction_send (self->transaction, "UPDATE \"user\" SET credits = $1 WHERE id = $2", VAI_INTEGER (credits),
                          VAI_TEXT (self->user_id));
}
