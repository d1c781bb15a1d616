/* A device asks for credits to spend, and tells what it has spent. Both are one thing: see vai-settle.h. */
#include "vai-json-build.h"
#include "vai-billing.h"
#include "vai-device.h"
#include "vai-lease-key.h"
#include "vai-purse.h"
#include "vai-route.h"
#include "vai-settle-message.h"

#include <string.h>

/* The first operation, often the only one, is asked for with the device's row, so many in each question after that. */
#define OPS_NEXT 30

typedef struct
{
  const VaiSettleRequest *request;
  /* What follows is of the last run. */
  VaiCall *call;
  VaiTransaction *transaction;
  VaiPurse *purse;
  VaiSettleDevice device;
  gint64 stored_not_after;
  gboolean found;
  gboolean revoked;
  gboolean foreign;  /* an op id of somebody else */
  GHashTable *spent; /* op ids that were charged */
  char **known;      /* hashes from prev_seq on */
  gint64 price_version;
  GArray *priced;       /* of gint64: versions that leases of this device were made under */
  gint64 priced_newest; /* of them */
  VaiSettleOutcome outcome;
  gint64 available, held, debt;
  char *hold_account, *available_account, *consumed_account;
} Settle;

static void
settle_reset (Settle *self)
{
  guint n = self->request->n + 1;
  for (guint i = 0; self->known != NULL && i < n; i++)
    g_free (self->known[i]);
  g_clear_pointer (&self->known, g_free);
  g_clear_pointer (&self->spent, g_hash_table_unref);
  g_clear_pointer (&self->priced, g_array_unref);
  g_clear_pointer (&self->purse, vai_purse_free);
  g_clear_pointer (&self->hold_account, g_free);
  g_clear_pointer (&self->available_account, g_free);
  g_clear_pointer (&self->consumed_account, g_free);
}

/* ── Reading ── */

#define SETTLE_SQL                                                                                                     \
  VAI_PURSE_SQL "UNION ALL SELECT 3, id, debit, 0, 0, 0, 0, 0, 0, 0 FROM transfer WHERE id = $3 "                      \
                "UNION ALL SELECT 4, status, head_hash, epoch, cap, used, returned, head_seq, not_after, "             \
                "(SELECT max(version) FROM credit_operation) FROM device WHERE id = $4 AND user_id = $5 "              \
                "UNION ALL SELECT 5, '', '', price_version, 0, 0, 0, 0, 0, 0 FROM device_price WHERE device_id = $6"

static char *
dup_transfer_id (const char *op_id)
{
  return g_strconcat ("op:", op_id, NULL);
}

static void
note_spent (Settle *self, const char *transfer_id, const char *debit)
{
  if (!g_str_has_prefix (debit, self->call->user_id))
    self->foreign = TRUE;
  g_hash_table_add (self->spent, g_strdup (transfer_id + strlen ("op:")));
}

static void
take_row (Settle *self, VaiRows *rows)
{
  gint64 what = vai_rows_get_integer (rows, 0);
  if (vai_purse_add_row (self->purse, rows))
    return;
  if (what == 3)
    note_spent (self, vai_rows_get_text (rows, 1), vai_rows_get_text (rows, 2));
  else if (what == 4)
    {
      self->found = TRUE;
      vai_device_take_row (rows, 1, &self->device, &self->revoked);
      self->stored_not_after = self->device.not_after;
      self->price_version = vai_rows_get_integer (rows, 9);
    }
  else
    {
      gint64 version = vai_rows_get_integer (rows, 3);
      g_array_append_val (self->priced, version);
      self->priced_newest = MAX (self->priced_newest, version);
    }
}

/* The hashes that the server has where the message goes on; when it goes on at the head, nothing is to be read. */
static void
read_known (Settle *self)
{
  const VaiSettleRequest *request = self->request;
  if (!request->has_log || request->epoch != self->device.epoch || request->prev_seq > self->device.head_seq)
    return;
  if (request->prev_seq == self->device.head_seq)
    {
      self->known[0] = g_strdup (self->device.head_hash);
      return;
    }
  g_autoptr (VaiRows) rows = vai_transaction_query (
      self->transaction,
      "SELECT seq, hash FROM device_entry WHERE device_id = $1 AND epoch = $2 AND seq >= $3 AND seq <= $4",
      VAI_TEXT (request->device_id), VAI_INTEGER (request->epoch), VAI_INTEGER (request->prev_seq),
      VAI_INTEGER (request->prev_seq + request->n));
  while (vai_rows_next (rows))
    {
      gint64 at = vai_rows_get_integer (rows, 0) - request->prev_seq;
      g_free (self->known[at]);
      self->known[at] = g_strdup (vai_rows_get_text (rows, 1));
    }
}

/* Which of the operations from @from on were charged before. */
static void
read_spent (Settle *self, guint from)
{
  static const char sql[] = "SELECT id, debit FROM transfer WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
                            "$12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, "
                            "$30)";
  char *ids[OPS_NEXT] = { NULL };
  VaiValue values[OPS_NEXT + 1] = { 0 };
  for (guint i = 0; i < OPS_NEXT; i++)
    {
      ids[i] = from + i < self->request->n ? dup_transfer_id (self->request->entries[from + i].entry.op_id) : NULL;
      values[i] = VAI_TEXT (ids[i]);
    }
  values[OPS_NEXT] = (VaiValue){ VAI_VALUE_END, { NULL } };
  {
    g_autoptr (VaiRows) rows = vai_transaction_query_values (self->transaction, sql, values);
    while (vai_rows_next (rows))
      note_spent (self, vai_rows_get_text (rows, 0), vai_rows_get_text (rows, 1));
  }
  for (guint i = 0; i < OPS_NEXT; i++)
    g_free (ids[i]);
}

static void
read_all (Settle *self)
{
  const VaiSettleRequest *request = self->request;
  const char *user_id = self->call->user_id;
  g_autofree char *first = request->n > 0 ? dup_transfer_id (request->entries[0].entry.op_id) : NULL;
  self->purse = vai_purse_new (self->transaction, user_id, self->call->now);
  /* Every way to a device goes through its owner's lock, so hers is enough. */
  vai_transaction_lock (self->transaction, "user", user_id);
  {
    g_autoptr (VaiRows) rows = vai_transaction_query (
        self->transaction, SETTLE_SQL, VAI_TEXT (user_id), VAI_TEXT (user_id), VAI_TEXT (first),
        VAI_TEXT (request->device_id), VAI_TEXT (user_id), VAI_TEXT (request->device_id));
    while (vai_rows_next (rows))
      take_row (self, rows);
  }
  read_known (self);
  for (guint from = 1; from < request->n; from += OPS_NEXT)
    read_spent (self, from);
}

/* ── Prices ── */

static gboolean
is_priced (const Settle *self, gint64 version)
{
  for (guint i = 0; i < self->priced->len; i++)
    if (g_array_index (self->priced, gint64, i) == version)
      return TRUE;
  return FALSE;
}

/* A lease pins the price list that it was made under. A version between those that the device had is none of its
 * leases'; one after all of them may be of a lease that was forgotten with a restored backup. */
static VaiReply *
check_versions (const Settle *self)
{
  for (guint i = 0; i < self->request->n; i++)
    {
      const VaiLogEntry *entry = &self->request->entries[i].entry;
      if (vai_log_entry_is_return (entry) || entry->price_version > self->priced_newest
          || is_priced (self, entry->price_version))
        continue;
      g_autofree char *field = g_strdup_printf ("entries[%u].price_version", i);
      return vai_reply_new_refusal (VAI_REFUSAL_INVALID, field, "No lease of this device was made under “%s”.", field);
    }
  return NULL;
}

/* ── Charging ── */

static void
insert_entry (Settle *self, const VaiSettleEntry *entry, gboolean charged)
{
  const VaiLogEntry *e = &entry->entry;
  vai_transaction_send (self->transaction,
                        "INSERT INTO device_entry (device_id, epoch, seq, op_id, op_kind, units, cost, price_version, "
                        "body, hash, signature, charged, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
                        "$11, $12, $13) ON CONFLICT DO NOTHING",
                        VAI_TEXT (e->device_id), VAI_INTEGER (e->epoch), VAI_INTEGER (e->seq), VAI_TEXT (e->op_id),
                        VAI_TEXT (e->op_kind), VAI_INTEGER (e->units), VAI_INTEGER (e->cost),
                        VAI_INTEGER (e->price_version), VAI_TEXT (entry->text), VAI_TEXT (entry->hash),
                        VAI_TEXT (entry->signature), VAI_INTEGER (charged), VAI_INTEGER (self->call->now));
}

static char *
dup_entry_id (const char *what, const VaiLogEntry *entry)
{
  return g_strdup_printf ("%s:%s:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, what, entry->device_id, entry->epoch,
                          entry->seq);
}

static void
charge_part (Settle *self,
             const VaiLogEntry *entry,
             guint *n_parts,
             const char *debit,
             gint64 amount,
             gboolean from_hold)
{
  if (amount == 0)
    return;
  g_autofree char *first = dup_transfer_id (entry->op_id);
  g_autofree char *id = ++*n_parts == 1 ? g_strdup (first) : g_strdup_printf ("%s:%u", first, *n_parts);
  vai_purse_move (self->purse, id, debit, self->consumed_account, amount, "spend", entry->op_kind);
  if (!g_str_has_suffix (debit, ":debt"))
    vai_purse_allocate (self->purse, id, amount, from_hold);
}

static void
charge (Settle *self, const VaiSettleEntry *entry, gboolean current)
{
  const VaiLogEntry *e = &entry->entry;
  VaiSettleCharge charge = vai_settle_charge (&self->device, e->cost, vai_purse_get_spendable (self->purse), current);
  guint n_parts = 0;
  g_autofree char *debt = vai_purse_dup_account (self->purse, "debt", NULL);
  charge_part (self, e, &n_parts, self->hold_account, charge.from_hold, TRUE);
  charge_part (self, e, &n_parts, self->available_account, charge.from_available, FALSE);
  charge_part (self, e, &n_parts, debt, charge.from_debt, FALSE);
  g_autofree char *id = dup_transfer_id (e->op_id);
  vai_purse_note (self->purse, id, "debit", -e->cost, entry->description, e->op_kind, e->resource_id);
  g_hash_table_add (self->spent, g_strdup (e->op_id));
}

static void
move_back (Settle *self, const char *what, const VaiLogEntry *entry, gint64 amount)
{
  if (amount == 0)
    return;
  g_autofree char *id = dup_entry_id (what, entry);
  vai_purse_move (self->purse, id, self->hold_account, self->available_account, amount, "return", entry->op_id);
}

/* One entry that the server did not have. @current: of the epoch that runs. */
static void
take_entry (Settle *self, const VaiSettleEntry *entry, gboolean current)
{
  const VaiLogEntry *e = &entry->entry;
  gboolean gives_back = vai_log_entry_is_return (e);
  gboolean charged = !gives_back && e->cost > 0 && !g_hash_table_contains (self->spent, e->op_id);
  if (charged)
    charge (self, entry, current);
  else if (current && gives_back)
    move_back (self, "return", e, vai_settle_return (&self->device, e->cost));
  else if (current)
    {
      /* Charged under another entry: the device has counted it, so its hold falls, and its owner has that back. */
      VaiSettleCharge again = vai_settle_charge (&self->device, e->cost, 0, TRUE);
      move_back (self, "again", e, again.from_hold);
    }
  insert_entry (self, entry, charged);
}

static void
close_epoch (Settle *self)
{
  gint64 epoch = self->device.epoch, rest = vai_settle_close (&self->device);
  g_autofree char *id = g_strdup_printf ("close:%s:%" G_GINT64_FORMAT, self->request->device_id, epoch);
  if (rest > 0)
    vai_purse_move (self->purse, id, self->hold_account, self->available_account, rest, "return",
                    self->request->device_id);
}

static void
take_log (Settle *self)
{
  const VaiSettleRequest *request = self->request;
  VaiSettleMessage message
      = { request->epoch, request->prev_seq, request->prev_hash, request->hashes, request->n, request->restored };
  gsize first;
  self->outcome = vai_settle_compare (&self->device, &message, (const char *const *) self->known, &first);
  if (self->outcome == VAI_SETTLE_UNKNOWN)
    {
      /* This server was restored from a backup: what it does not remember has ended. */
      close_epoch (self);
      self->device.epoch = request->epoch + 1;
      self->outcome = VAI_SETTLE_LATE;
    }
  if (self->outcome == VAI_SETTLE_GAP || self->outcome == VAI_SETTLE_BEYOND)
    return;
  gboolean appends = self->outcome == VAI_SETTLE_APPENDS;
  for (guint i = appends ? (guint) first : 0; i < request->n; i++)
    {
      const VaiSettleEntry *entry = &request->entries[i];
      gboolean known = entry->entry.epoch == self->device.epoch && g_strcmp0 (self->known[i + 1], entry->hash) == 0;
      if (!known)
        take_entry (self, entry, self->outcome != VAI_SETTLE_LATE);
      if (appends)
        {
          self->device.head_seq = entry->entry.seq;
          memcpy (self->device.head_hash, entry->hash, sizeof self->device.head_hash);
        }
    }
  if (self->outcome == VAI_SETTLE_FORKS || (appends && request->restored))
    close_epoch (self);
}

/* ── The lease ── */

static void
raise_cap (Settle *self)
{
  gint64 rise = vai_lease_get_rise (vai_purse_get_spendable (self->purse), vai_settle_get_hold (&self->device),
                                    self->request->need);
  self->device.not_after = MAX (self->device.not_after, vai_lease_get_end (self->call->now));
  /* While a payment is disputed its credits stay where they can be taken. */
  if (rise == 0 || vai_billing_is_frozen (self->transaction, self->call->user_id))
    return;
  self->device.cap += rise;
  g_autofree char *id = g_strdup_printf ("lease:%s:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, self->request->device_id,
                                         self->device.epoch, self->device.cap);
  vai_purse_move (self->purse, id, self->available_account, self->hold_account, rise, "lease",
                  self->request->device_id);
}

static void
write_lease (Settle *self, JsonBuilder *builder)
{
  char signature[VAI_SIGNATURE_SIZE], key_id[37];
  VaiLease lease = { .epoch = self->device.epoch,
                     .cap = self->device.cap,
                     .price_version = self->price_version,
                     .issued_at = vai_lease_get_issue (self->call->now),
                     .not_after = self->device.not_after };
  g_strlcpy (lease.user_id, self->call->user_id, sizeof lease.user_id);
  g_strlcpy (lease.device_id, self->request->device_id, sizeof lease.device_id);
  g_autofree char *text = vai_lease_to_text (&lease);
  vai_lease_key_sign (self->call->server, text, signature, key_id);
  json_builder_set_member_name (builder, "lease");
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "text", text);
  vai_json_add_text (builder, "signature", signature);
  vai_json_add_text (builder, "key_id", key_id);
  json_builder_end_object (builder);
}

static VaiReply *
answer (Settle *self)
{
  static const char *const outcomes[] = { "ok", "gap", "fork", "late", "late" };
  const VaiSettleDevice *device = &self->device;
  const struct
  {
    const char *name;
    gint64 value;
  } numbers[] = {
    { "epoch", device->epoch },       { "cap", device->cap },           { "used", device->used },
    { "returned", device->returned }, { "head_seq", device->head_seq }, { "available", self->available },
    { "held", self->held },           { "debt", self->debt },           { "server_time", self->call->now },
  };
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_text (builder, "outcome", outcomes[self->outcome]);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      vai_json_add_integer (builder, numbers[i].name, numbers[i].value);
    }
  vai_json_add_text (builder, "head_hash", device->head_hash);
  if (!self->revoked && self->outcome != VAI_SETTLE_GAP)
    write_lease (self, builder);
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

/* ── The whole ── */

/* What is behind that may pay debts and give credits back: the purse is another then. */
static void
note_expiry (Settle *self)
{
  vai_billing_note_expiry (self->transaction, self->call->user_id, self->call->now);
  vai_purse_free (self->purse);
  self->purse = vai_purse_open (self->transaction, self->call->user_id, self->call->now);
}

static void
settle_now (Settle *self)
{
  self->hold_account = vai_purse_dup_account (self->purse, "hold", self->request->device_id);
  self->available_account = vai_purse_dup_account (self->purse, "available", NULL);
  self->consumed_account = vai_purse_dup_account (self->purse, "consumed", NULL);
  gboolean expired = vai_purse_expire (self->purse);
  if (self->request->has_log)
    take_log (self);
  if (self->outcome == VAI_SETTLE_BEYOND)
    return;
  if (self->outcome != VAI_SETTLE_GAP)
    {
      g_autofree char *cause = g_strdup_printf ("%s:%s", self->request->device_id, self->call->request_id);
      vai_purse_pay_debt (self->purse, cause);
      expired |= vai_purse_expire (self->purse);
      if (!self->revoked)
        raise_cap (self);
      if (!self->revoked && !is_priced (self, self->price_version))
        vai_device_add_price (self->transaction, self->request->device_id, self->price_version);
      vai_device_store (self->transaction, self->request->device_id, &self->device, self->stored_not_after,
                        self->call->now);
    }
  vai_purse_store (self->purse);
  if (expired)
    note_expiry (self);
  self->available = vai_purse_get_available (self->purse);
  self->held = vai_purse_get_held (self->purse);
  self->debt = vai_purse_get_debt (self->purse);
}

static VaiReply *
settle_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  Settle *self = data;
  settle_reset (self);
  *self = (Settle){ .request = self->request, .call = call, .transaction = transaction };
  self->spent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->known = g_new0 (char *, self->request->n + 1);
  self->priced = g_array_new (FALSE, FALSE, sizeof (gint64));
  read_all (self);
  if (!self->found)
    return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, "device_id", "You have no such device: register it.");
  if (self->foreign)
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "entries", "An “op_id” is of somebody else.");
  VaiReply *refusal = check_versions (self);
  if (refusal != NULL)
    return refusal;
  settle_now (self);
  if (self->outcome == VAI_SETTLE_BEYOND)
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "epoch", "This device has not come to this epoch.");
  /* Signed here only when it is kept for a repetition: otherwise not while others wait. */
  return call->idempotency_key != NULL ? answer (self) : vai_reply_new_nothing ();
}

static VaiReply *
settle (VaiCall *call)
{
  g_auto (VaiSettleRequest) request = { NULL };
  VaiReply *reply = vai_settle_request_take (&request, call);
  if (reply != NULL)
    return reply;
  Settle self = { .request = &request };
  reply = vai_call_write (call, settle_work, &self);
  if (reply->status == 204)
    {
      vai_reply_free (reply);
      reply = answer (&self);
    }
  settle_reset (&self);
  return reply;
}

/* 500 entries of about 450 bytes. */
#define SETTLE_BODY_MAX (256 * 1024)

const VaiRoute vai_settle_routes[] = {
  { "POST", "/api/v1/credits/lease", VAI_ACCESS_SESSION, VAI_RATE_WRITE, VAI_BODY_SMALL, vai_lease_fields, settle,
    VAI_ROUTE_SESSION_INSIDE },
  { "POST", "/api/v1/credits/settle", VAI_ACCESS_SESSION, VAI_RATE_WRITE, SETTLE_BODY_MAX, vai_settle_fields, settle,
    VAI_ROUTE_SESSION_INSIDE },
  { NULL },
};
