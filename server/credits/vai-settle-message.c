#include "vai-settle-message.h"

#include "vai-device.h"
#include "vai-prices.h"

#include <string.h>

/* Each epoch ends with a fork, a restored library or two weeks of silence. */
#define EPOCH_MAX 1000000000
#define SEQ_MAX G_GINT64_CONSTANT (1000000000000)

const VaiField vai_settle_fields[] = {
  { "device_id", VAI_FIELD_ID },
  { "epoch", VAI_FIELD_INTEGER, VAI_FIELD_REQUIRED, 1, EPOCH_MAX },
  { "prev_seq", VAI_FIELD_INTEGER, VAI_FIELD_REQUIRED, 0, SEQ_MAX },
  { "prev_hash", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, VAI_HASH_SIZE - 1, VAI_HASH_SIZE - 1 },
  { "entries", VAI_FIELD_ARRAY, VAI_FIELD_REQUIRED, 0, VAI_SETTLE_ENTRIES_MAX },
  { "need", VAI_FIELD_INTEGER, VAI_FIELD_OPTIONAL, 0, VAI_LOG_COST_MAX },
  { "restored", VAI_FIELD_TEXT, VAI_FIELD_OPTIONAL, VAI_SIGNATURE_SIZE - 1, VAI_SIGNATURE_SIZE - 1 },
  { NULL },
};

const VaiField vai_lease_fields[] = {
  { "device_id", VAI_FIELD_ID },
  { "need", VAI_FIELD_INTEGER, VAI_FIELD_OPTIONAL, 0, VAI_LOG_COST_MAX },
  { NULL },
};

static const VaiField entry_fields[] = {
  { "op_id", VAI_FIELD_ID },
  { "op_kind", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 1, 40 },
  { "units", VAI_FIELD_INTEGER, VAI_FIELD_REQUIRED, 0, VAI_LOG_UNITS_MAX },
  { "cost", VAI_FIELD_INTEGER, VAI_FIELD_REQUIRED, 0, VAI_LOG_COST_MAX },
  { "price_version", VAI_FIELD_INTEGER, VAI_FIELD_REQUIRED, 0, G_MAXINT32 },
  { "resource_id", VAI_FIELD_ID, VAI_FIELD_OPTIONAL | VAI_FIELD_NULLABLE },
  { "at", VAI_FIELD_INTEGER, VAI_FIELD_REQUIRED, 0, G_MAXINT64 },
  { "signature", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, VAI_SIGNATURE_SIZE - 1, VAI_SIGNATURE_SIZE - 1 },
  { NULL },
};

/* ── Prices ── */

/* What one unit of an operation costs under a version: that never changes, so it is asked once. */
typedef struct
{
  gint64 cost;
  char *description;
} Price;

static GMutex lock;
static GHashTable *prices; /* “operation version” → Price */

typedef struct
{
  const char *operation;
  gint64 version;
  gint64 cost; /* -1: there is no such price */
  char *description;
} Asked;

static VaiReply *
ask_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  Asked *asked = data;
  asked->cost = asked->version > vai_prices_get_version (transaction)
                    ? -1
                    : vai_prices_get_cost (transaction, asked->operation, 1, asked->version);
  g_free (asked->description);
  asked->description = vai_transaction_dup_text (
      transaction, "SELECT description FROM credit_operation WHERE name = $1 ORDER BY version DESC LIMIT 1",
      VAI_TEXT (asked->operation));
  return vai_reply_new_nothing ();
}

static gboolean
look_up_price (const char *name, gint64 *cost, char **description)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  const Price *price = prices != NULL ? g_hash_table_lookup (prices, name) : NULL;
  if (price == NULL)
    return FALSE;
  *cost = price->cost;
  *description = g_strdup (price->description);
  return TRUE;
}

static void
remember_price (const char *name, gint64 cost, const char *description)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  if (prices == NULL)
    prices = g_hash_table_new (g_str_hash, g_str_equal);
  if (g_hash_table_contains (prices, name))
    return;
  Price *price = g_new (Price, 1);
  *price = (Price){ cost, g_strdup (description) };
  g_hash_table_insert (prices, g_strdup (name), price);
}

/* FALSE when there is no such price. */
static gboolean
find_price (VaiCall *call, const char *operation, gint64 version, gint64 *cost, char **description)
{
  g_autofree char *name = g_strdup_printf ("%s %" G_GINT64_FORMAT, operation, version);
  if (look_up_price (name, cost, description))
    return TRUE;
  if (version < 1)
    return FALSE;
  Asked asked = { operation, version, -1, NULL };
  g_autoptr (VaiReply) reply = vai_call_read (call, ask_work, &asked);
  *cost = asked.cost;
  *description = asked.description;
  if (asked.cost >= 0)
    remember_price (name, asked.cost, asked.description);
  return asked.cost >= 0;
}

/* ── Entries ── */

static VaiReply *
refuse_entry (guint i, const char *name, const char *why)
{
  g_autofree char *field = g_strdup_printf ("entries[%u].%s", i, name);
  return vai_reply_new_refusal (VAI_REFUSAL_INVALID, field, "“%s” %s.", field, why);
}

static VaiReply *
check_price (VaiSettleEntry *self, VaiCall *call, guint i)
{
  const VaiLogEntry *entry = &self->entry;
  if (vai_log_entry_is_return (entry))
    return entry->cost > 0 ? NULL : refuse_entry (i, "cost", "is nothing to give back");
  gint64 cost;
  if (!find_price (call, entry->op_kind, entry->price_version, &cost, &self->description))
    return refuse_entry (i, "op_kind", "has no price under this version");
  if (entry->units != 0 && cost > VAI_LOG_COST_MAX / entry->units)
    return refuse_entry (i, "units", "are too many");
  return entry->cost == cost * entry->units ? NULL : refuse_entry (i, "cost", "is not the price that was agreed");
}

static VaiReply *
take_entry (VaiSettleRequest *self, VaiCall *call, JsonNode *node, guint i, const char *public_key)
{
  g_autofree char *field = NULL, *why = NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse_entry (i, "", "is no object");
  JsonObject *object = json_node_get_object (node);
  if (!vai_message_check (object, entry_fields, &field, &why))
    return refuse_entry (i, field, why);
  VaiSettleEntry *made = &self->entries[i];
  const char *prev = i == 0 ? self->prev_hash : self->entries[i - 1].hash;
  g_strlcpy (made->prev, prev, sizeof made->prev);
  made->signature = json_object_get_string_member (object, "signature");
  made->entry = (VaiLogEntry){ .device_id = self->device_id,
                               .epoch = self->epoch,
                               .seq = self->prev_seq + 1 + i,
                               .prev_hash = made->prev,
                               .op_id = json_object_get_string_member (object, "op_id"),
                               .op_kind = json_object_get_string_member (object, "op_kind"),
                               .units = json_object_get_int_member (object, "units"),
                               .cost = json_object_get_int_member (object, "cost"),
                               .price_version = json_object_get_int_member (object, "price_version"),
                               .resource_id = vai_message_get_text (object, "resource_id", NULL),
                               .at = json_object_get_int_member (object, "at") };
  if (!vai_log_entry_is_valid (&made->entry))
    return refuse_entry (i, "op_kind", "is no entry of a log");
  made->text = vai_log_entry_to_text (&made->entry);
  vai_log_hash (made->text, made->hash);
  self->hashes[i] = made->hash;
  if (!vai_signature_check (made->text, made->signature, public_key))
    return refuse_entry (i, "signature", "is not of this device");
  return check_price (made, call, i);
}

static VaiReply *
take_restored (VaiSettleRequest *self, VaiCall *call, const char *public_key)
{
  const char *signature = vai_message_get_text (call->message, "restored", NULL);
  g_autofree char *text = vai_log_restored_to_text (self->device_id, self->epoch);
  self->restored = signature != NULL;
  if (self->restored && !vai_signature_check (text, signature, public_key))
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "restored", "“restored” is not signed by this device.");
  return NULL;
}

static VaiReply *
take_log (VaiSettleRequest *self, VaiCall *call, const char *public_key)
{
  JsonArray *entries = json_object_get_array_member (call->message, "entries");
  self->has_log = TRUE;
  self->epoch = json_object_get_int_member (call->message, "epoch");
  self->prev_seq = json_object_get_int_member (call->message, "prev_seq");
  self->prev_hash = json_object_get_string_member (call->message, "prev_hash");
  VaiReply *wrong = take_restored (self, call, public_key);
  if (wrong != NULL)
    return wrong;
  guint n = json_array_get_length (entries);
  self->entries = g_new0 (VaiSettleEntry, n + 1);
  self->hashes = g_new0 (const char *, n + 1);
  for (; self->n < n; self->n++)
    {
      VaiReply *refusal = take_entry (self, call, json_array_get_element (entries, self->n), self->n, public_key);
      if (refusal != NULL)
        {
          self->n++;
          return refusal;
        }
    }
  /* Who gives back does not want it again at once. */
  if (n > 0 && vai_log_entry_is_return (&self->entries[n - 1].entry) && self->need == VAI_LEASE_NEED_UNKNOWN)
    self->need = 0;
  return NULL;
}

VaiReply *
vai_settle_request_take (VaiSettleRequest *self, VaiCall *call)
{
  self->device_id = json_object_get_string_member (call->message, "device_id");
  self->need = vai_message_get_integer (call->message, "need", VAI_LEASE_NEED_UNKNOWN);
  g_autofree char *public_key = vai_device_dup_public_key (call, self->device_id);
  if (public_key == NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, "device_id", "You have no such device: register it.");
  return json_object_has_member (call->message, "entries") ? take_log (self, call, public_key) : NULL;
}

void
vai_settle_request_clear (VaiSettleRequest *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      g_free (self->entries[i].text);
      g_free (self->entries[i].description);
    }
  g_free (self->entries);
  g_free (self->hashes);
}
