/* Any bytes as what a device tells when it settles, signed for it where it could have signed; bytes that do not begin
 * with “{” are messages, spends and returns on what the server knows of a device. */
#include "vai-fuzz-server.h"

#include "vai-settle-message.h"

#include <string.h>

#define HASHES 6
#define AMOUNT_BITS 6

/* ── Messages ── */

static gint64
integer_of (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : 0;
}

static const char *
text_of (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  const char *text = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
  return text != NULL ? text : "";
}

/* Fills the signatures that are wanted: an entry whose signature is “+” is signed as it stands. */
static void
sign_entries (JsonObject *message, const guint8 *key)
{
  JsonArray *entries = json_object_get_array_member (message, "entries");
  char prev[VAI_HASH_SIZE];
  g_strlcpy (prev, text_of (message, "prev_hash"), sizeof prev);
  for (guint i = 0; i < json_array_get_length (entries); i++)
    {
      JsonNode *node = json_array_get_element (entries, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      if (object == NULL || strcmp (text_of (object, "signature"), "+") != 0)
        return;
      const char *resource = text_of (object, "resource_id");
      VaiLogEntry entry = { .device_id = text_of (message, "device_id"),
                            .epoch = integer_of (message, "epoch"),
                            .seq = integer_of (message, "prev_seq") + 1 + i,
                            .prev_hash = prev,
                            .op_id = text_of (object, "op_id"),
                            .op_kind = text_of (object, "op_kind"),
                            .units = integer_of (object, "units"),
                            .cost = integer_of (object, "cost"),
                            .price_version = integer_of (object, "price_version"),
                            .resource_id = *resource != '\0' ? resource : NULL,
                            .at = integer_of (object, "at") };
      g_autofree char *text = vai_log_entry_to_text (&entry);
      char signature[VAI_SIGNATURE_SIZE];
      vai_signature_make (text, key, signature);
      vai_log_hash (text, prev);
      json_object_set_string_member (object, "signature", signature);
    }
}

/* What was taken is linked and valid, and its costs add up to something. */
static void
look_at_request (const VaiSettleRequest *request)
{
  gint64 sum = 0;
  for (guint i = 0; i < request->n; i++)
    {
      const VaiSettleEntry *entry = &request->entries[i];
      g_assert_true (vai_log_entry_is_valid (&entry->entry));
      g_assert_cmpstr (entry->prev, ==, i == 0 ? request->prev_hash : request->entries[i - 1].hash);
      g_assert_cmpstr (request->hashes[i], ==, entry->hash);
      g_assert_true (!__builtin_add_overflow (sum, entry->entry.cost, &sum));
    }
}

static void
settle (const guint8 *data, size_t size)
{
  const VaiFuzzServer *fuzz = vai_fuzz_server_get ();
  g_autoptr (VaiCall) call = vai_fuzz_server_call ("POST", "/api/v1/credits/settle");
  g_autofree char *field = NULL, *why = NULL;
  call->message = vai_message_parse ((const char *) data, size, NULL);
  if (call->message == NULL || !vai_message_check (call->message, vai_settle_fields, &field, &why))
    return;
  sign_entries (call->message, fuzz->device_key);
  g_auto (VaiSettleRequest) request = { 0 };
  g_autoptr (VaiReply) refusal = vai_settle_request_take (&request, call);
  if (refusal == NULL)
    look_at_request (&request);
  else
    g_assert_true (g_utf8_validate (g_bytes_get_data (refusal->body, NULL), g_bytes_get_size (refusal->body), NULL));
}

/* ── What the server knows ── */

static const char *const hashes[HASHES] = { VAI_LOG_GENESIS, "a", "b", "c", "d", NULL };

static void
compare (const VaiSettleDevice *device, guint8 what, guint8 more)
{
  const char *known[4], *told[3];
  for (guint i = 0; i < 4; i++)
    known[i] = hashes[(what >> i) % HASHES];
  for (guint i = 0; i < 3; i++)
    told[i] = hashes[(more >> i) % (HASHES - 1)];
  VaiSettleMessage message = { (what & 3), more & 7, hashes[more % (HASHES - 1)], told, what % 4 };
  gsize first;
  VaiSettleOutcome outcome = vai_settle_compare (device, &message, known, &first);
  g_assert_cmpuint (first, <=, message.n);
  if (outcome == VAI_SETTLE_APPENDS && first < message.n)
    g_assert_cmpint (message.prev_seq + (gint64) first, ==, device->head_seq);
}

static void
step (VaiSettleDevice *device, guint8 what, guint8 more)
{
  gint64 amount = (gint64) (more >> 2) << ((what >> 2) % AMOUNT_BITS * AMOUNT_BITS);
  gint64 hold = vai_settle_get_hold (device), epoch = device->epoch;
  if ((what & 3) == 0)
    device->cap += amount;
  else if ((what & 3) == 1)
    {
      gint64 available = more & 3;
      VaiSettleCharge charge = vai_settle_charge (device, amount, available, more & 1);
      g_assert_cmpint (charge.from_hold + charge.from_available + charge.from_debt, ==, amount);
      g_assert_true (charge.from_hold >= 0 && charge.from_hold <= hold && charge.from_available >= 0
                     && charge.from_available <= available && charge.from_debt >= 0);
    }
  else if ((what & 3) == 2)
    {
      gint64 back = vai_settle_return (device, amount);
      g_assert_true (back >= 0 && back <= amount && vai_settle_get_hold (device) == hold - back);
    }
  else if (more & 1)
    {
      g_assert_cmpint (vai_settle_close (device), ==, hold);
      g_assert_cmpint (device->epoch, ==, epoch + 1);
    }
  else
    device->head_seq = more & 7;
  g_assert_cmpint (vai_settle_get_hold (device), >=, 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  VaiSettleDevice device = { .epoch = 1, .head_hash = VAI_LOG_GENESIS };
  if (size > 0 && data[0] == '{')
    settle (data, size);
  else
    for (size_t i = 0; i + 1 < size; i += 2)
      {
        step (&device, data[i], data[i + 1]);
        compare (&device, data[i], data[i + 1]);
      }
  return 0;
}
