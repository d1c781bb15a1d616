/* A person's machines: registered with the key that signs their logs, listed, renamed, revoked. */
#include "vai-audit.h"
#include "vai-cursor.h"
#include "vai-json-build.h"
#include "vai-device.h"
#include "vai-lease-key.h"
#include "vai-prices.h"
#include "vai-route.h"
#include "vai-session.h"
#include "vai-tokens.h"
#include "vai-user.h"

#include <string.h>

/* Nobody has more machines that work; each is a row and a hold. */
#define DEVICES_MAX 100

#define COLUMNS "id, name, public_key, epoch, cap, used, returned, head_seq, head_hash, not_after, status, created_at"

static void
write_device (JsonBuilder *builder, VaiRows *rows, const char *current)
{
  static const char *const names[] = { "id",       "name",     "public_key", "epoch",     "cap",    "used",
                                       "returned", "head_seq", "head_hash",  "not_after", "status", "created_at" };
  static const char texts[] = "111000001010"; /* 1: a text */
  json_builder_begin_object (builder);
  for (int i = 0; i < (int) G_N_ELEMENTS (names); i++)
    {
      json_builder_set_member_name (builder, names[i]);
      if (texts[i] == '1')
        json_builder_add_string_value (builder, vai_rows_get_text (rows, i));
      else
        json_builder_add_int_value (builder, vai_rows_get_integer (rows, i));
    }
  vai_json_add_integer (builder, "held",
                        vai_rows_get_integer (rows, 4) - vai_rows_get_integer (rows, 5)
                            - vai_rows_get_integer (rows, 6));
  vai_json_add_flag (builder, "is_current", g_strcmp0 (current, vai_rows_get_text (rows, 0)) == 0);
  json_builder_end_object (builder);
}

/* ── Registering ── */

static const VaiField register_fields[] = {
  { "id", VAI_FIELD_ID },
  { "name", VAI_FIELD_TEXT, VAI_FIELD_VISIBLE, 1, 100 },
  { "public_key", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, VAI_PUBLIC_KEY_SIZE - 1, VAI_PUBLIC_KEY_SIZE - 1 },
  { NULL },
};

static VaiReply *
refuse_conflict (void)
{
  return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, "id", "There is such a device with another key or owner.");
}

static VaiReply *
answer_registered (VaiCall *call, VaiTransaction *transaction, const char *id, const char *key)
{
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction, "SELECT " COLUMNS " FROM device WHERE id = $1 AND user_id = $2",
                               VAI_TEXT (id), VAI_TEXT (call->user_id));
  if (!vai_rows_next (rows) || strcmp (vai_rows_get_text (rows, 2), key) != 0)
    return refuse_conflict ();
  if (strcmp (vai_rows_get_text (rows, 10), "active") != 0)
    return vai_reply_new_refusal (VAI_REFUSAL_GONE, "id", "This device was revoked: register it with a new id.");
  JsonBuilder *builder = vai_json_new_object ();
  json_builder_set_member_name (builder, "device");
  write_device (builder, rows, id);
  g_autoptr (VaiLeaseSigner) signer = vai_lease_key_dup (call->server);
  vai_json_add_text (builder, "lease_key_id", signer->id);
  vai_json_add_text (builder, "lease_public_key", signer->public_key);
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
register_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const char *id = json_object_get_string_member (call->message, "id");
  const char *key = json_object_get_string_member (call->message, "public_key");
  if (!vai_user_hold (transaction, call->user_id))
    return vai_user_refuse_gone ();
  gint64 n = vai_transaction_get_integer (
      transaction, 0, "SELECT count(*) FROM device WHERE user_id = $1 AND status = 'active' AND id <> $2",
      VAI_TEXT (call->user_id), VAI_TEXT (id));
  if (n >= DEVICES_MAX)
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, NULL, "You have %d devices: revoke one.", DEVICES_MAX);
  if (vai_transaction_run (transaction,
                           "INSERT INTO device (id, user_id, name, public_key, created_at, updated_at) "
                           "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                           VAI_TEXT (id), VAI_TEXT (call->user_id),
                           VAI_TEXT (json_object_get_string_member (call->message, "name")), VAI_TEXT (key),
                           VAI_INTEGER (call->now), VAI_INTEGER (call->now))
      == 1)
    vai_device_add_price (transaction, id, vai_prices_get_version (transaction));
  VaiReply *reply = answer_registered (call, transaction, id, key);
  if (reply->status == 200)
    vai_transaction_run (transaction, "UPDATE session SET device_id = $1 WHERE id = $2", VAI_TEXT (id),
                         VAI_TEXT (call->session_id));
  return reply;
}

static VaiReply *
register_device (VaiCall *call)
{
  if (!vai_public_key_is_valid (json_object_get_string_member (call->message, "public_key")))
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "public_key", "It is no Ed25519 key in hexadecimal.");
  return vai_call_write (call, register_work, NULL);
}

/* ── Lists ── */

static void
write_own_device (VaiCall *call, VaiRows *rows, JsonBuilder *builder)
{
  write_device (builder, rows, call->device_id);
}

static VaiReply *
list_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  VaiCursor from;
  VaiReply *refusal = vai_cursor_read (call, TRUE, &from);
  if (refusal != NULL)
    return refusal;
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT " COLUMNS " FROM device WHERE user_id = $1 AND (created_at, id) > ($2, $3) "
      "ORDER BY created_at, id LIMIT $4",
      VAI_TEXT (call->user_id), VAI_INTEGER (from.at), VAI_TEXT (from.id), VAI_INTEGER (from.limit));
  return vai_cursor_answer (call, &from, rows, write_own_device, 11, 0);
}

static VaiReply *
list_devices (VaiCall *call)
{
  return vai_call_read (call, list_work, NULL);
}

static void
write_entry (VaiCall *call, VaiRows *rows, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  vai_json_add_integer (builder, "seq", vai_rows_get_integer (rows, 0));
  vai_json_add_text (builder, "hash", vai_rows_get_text (rows, 1));
  vai_json_add_text (builder, "signature", vai_rows_get_text (rows, 2));
  vai_json_add_text (builder, "text", vai_rows_get_text (rows, 3));
  json_builder_end_object (builder);
}

/* What the server has of a device's log, for one that was restored from an older copy. ?epoch=; the cursor is a seq. */
static VaiReply *
entries_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  VaiCursor from;
  VaiReply *refusal = vai_cursor_read (call, TRUE, &from);
  if (refusal != NULL)
    return refusal;
  gint64 epoch = 1;
  if ((refusal = vai_call_read_number (call, "epoch", 1, G_MAXINT64, &epoch)) != NULL)
    return refusal;
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT e.seq, e.hash, e.signature, e.body FROM device_entry e JOIN device d ON d.id = e.device_id "
      "WHERE e.device_id = $1 AND d.user_id = $2 AND e.epoch = $3 AND (e.seq, e.hash) > ($4, $5) "
      "ORDER BY e.seq, e.hash LIMIT $6",
      VAI_TEXT (vai_call_get_value (call, 0)), VAI_TEXT (call->user_id), VAI_INTEGER (epoch), VAI_INTEGER (from.at),
      VAI_TEXT (from.id), VAI_INTEGER (from.limit));
  return vai_cursor_answer (call, &from, rows, write_entry, 0, 1);
}

static VaiReply *
list_entries (VaiCall *call)
{
  return vai_call_read (call, entries_work, NULL);
}

/* ── Renaming and revoking ── */

static const VaiField rename_fields[] = {
  { "name", VAI_FIELD_TEXT, VAI_FIELD_VISIBLE, 1, 100 },
  { NULL },
};

static VaiReply *
refuse_unknown (void)
{
  return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, NULL, "You have no such device.");
}

static VaiReply *
rename_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  if (!vai_user_hold (transaction, call->user_id))
    return vai_user_refuse_gone ();
  gint64 n
      = vai_transaction_run (transaction, "UPDATE device SET name = $1, updated_at = $2 WHERE id = $3 AND user_id = $4",
                             VAI_TEXT (json_object_get_string_member (call->message, "name")), VAI_INTEGER (call->now),
                             VAI_TEXT (vai_call_get_value (call, 0)), VAI_TEXT (call->user_id));
  return n == 1 ? vai_reply_new_nothing () : refuse_unknown ();
}

static VaiReply *
rename_device (VaiCall *call)
{
  return vai_call_write (call, rename_work, NULL);
}

/* What it holds goes back when its lease is long over: until then it may spend it, wherever it is. */
static VaiReply *
revoke_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  GPtrArray *sessions = data;
  const char *id = vai_call_get_value (call, 0);
  g_ptr_array_set_size (sessions, 0);
  vai_transaction_lock (transaction, "user", call->user_id);
  if (vai_transaction_run (transaction,
                           "UPDATE device SET status = 'revoked', updated_at = $1 WHERE id = $2 AND user_id = $3",
                           VAI_INTEGER (call->now), VAI_TEXT (id), VAI_TEXT (call->user_id))
      == 0)
    return refuse_unknown ();
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "UPDATE session SET revoked_at = $1 WHERE user_id = $2 AND device_id = $3 AND revoked_at IS NULL RETURNING id",
      VAI_INTEGER (call->now), VAI_TEXT (call->user_id), VAI_TEXT (id));
  while (vai_rows_next (rows))
    g_ptr_array_add (sessions, g_strdup (vai_rows_get_text (rows, 0)));
  vai_audit_add (transaction, call->user_id, "device.revoke", call->user_id, call->now, "{\"device\":\"%s\"}", id);
  return vai_reply_new_nothing ();
}

static VaiReply *
revoke_device (VaiCall *call)
{
  g_autoptr (GPtrArray) sessions = g_ptr_array_new_with_free_func (g_free);
  VaiReply *reply = vai_call_write (call, revoke_work, sessions);
  for (guint i = 0; reply->status == 204 && i < sessions->len; i++)
    vai_tokens_revoke (call->server->tokens, sessions->pdata[i]);
  return reply;
}

const VaiRoute vai_device_routes[] = {
  { "POST", "/api/v1/devices", VAI_ACCESS_SESSION, VAI_RATE_WRITE, VAI_BODY_SMALL, register_fields, register_device },
  { "GET", "/api/v1/devices", VAI_ACCESS_SESSION, VAI_RATE_READ, 0, NULL, list_devices },
  { "GET", "/api/v1/devices/{id}/entries", VAI_ACCESS_SESSION, VAI_RATE_READ, 0, NULL, list_entries },
  { "PATCH", "/api/v1/devices/{id}", VAI_ACCESS_SESSION, VAI_RATE_WRITE, VAI_BODY_SMALL, rename_fields, rename_device },
  { "DELETE", "/api/v1/devices/{id}", VAI_ACCESS_SESSION, VAI_RATE_WRITE, 0, NULL, revoke_device },
  { NULL },
};
