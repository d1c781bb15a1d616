/* A push: each item by itself against the revision that it changes, all of them under the lock of the account, so that
 * the numbers of changes are in the order of commits and without a gap. */
#include "vai-sync.h"

#include "vai-blob.h"
#include "vai-json-build.h"
#include "vai-object.h"
#include "vai-protocol.h"
#include "vai-settled.h"
#include "vai-route.h"
#include "vai-time.h"
#include "vai-user.h"

#include <string.h>

/* Versions of one object: enough to find what a person misses; a push is known again for as long. */
#define HISTORY_MAX 20

/* An answer tells no more of what others have changed: the rest comes by a pull. */
#define TOLD_BYTES_MAX (4 * 1024 * 1024)

/* One run of a push in a transaction. */
typedef struct
{
  VaiCall *call;
  VaiTransaction *transaction;
  gint64 seq, bytes, quota;
  GHashTable *receipts; /* op_id → gint64: how many objects it is still good for */
  JsonBuilder *builder;
  gsize told; /* bytes of objects that others have changed */
} Push;

static void
begin_answer (Push *push, const VaiObjectItem *item, const char *status)
{
  json_builder_begin_object (push->builder);
  vai_json_add_text (push->builder, "id", item->id);
  vai_json_add_text (push->builder, "status", status);
}

static void
answer_plain (Push *push, const VaiObjectItem *item, const char *status)
{
  begin_answer (push, item, status);
  json_builder_end_object (push->builder);
}

static void
answer_ok (Push *push, const VaiObjectItem *item, gint64 rev, gint64 seq)
{
  begin_answer (push, item, "ok");
  vai_json_add_integer (push->builder, "rev", rev);
  vai_json_add_integer (push->builder, "seq", seq);
  json_builder_end_object (push->builder);
}

static void
answer_invalid (Push *push, const VaiObjectItem *item, const char *field, const char *why)
{
  begin_answer (push, item, "invalid");
  vai_json_add_text (push->builder, "field", field);
  vai_json_add_text (push->builder, "message", why);
  json_builder_end_object (push->builder);
}

/* The same item again gets its first answer; another one learns what is there now. */
static void
answer_other_revision (Push *push, const VaiObjectItem *item, const VaiObject *current)
{
  g_autoptr (VaiRows) rows = vai_transaction_query (
      push->transaction, "SELECT rev, seq FROM object_history WHERE user_id = $1 AND object_id = $2 AND push_hash = $3",
      VAI_TEXT (push->call->user_id), VAI_TEXT (item->id), VAI_TEXT (item->hash));
  if (current != NULL && strcmp (current->push_hash, item->hash) == 0)
    {
      answer_ok (push, item, current->rev, current->seq);
      return;
    }
  if (vai_rows_next (rows))
    {
      answer_ok (push, item, vai_rows_get_integer (rows, 0), vai_rows_get_integer (rows, 1));
      return;
    }
  gsize size = current != NULL ? strlen (current->meta) : 0;
  begin_answer (push, item, "conflict");
  vai_json_add_integer (push->builder, "rev", current != NULL ? current->rev : 0);
  json_builder_set_member_name (push->builder, "current");
  push->told += size;
  if (size > 0 && push->told <= TOLD_BYTES_MAX)
    vai_object_write (current, push->builder);
  else
    json_builder_add_null_value (push->builder);
  json_builder_end_object (push->builder);
}

/* TRUE when every file of @item is there, or the item was answered. */
static gboolean
check_blobs (Push *push, const VaiObjectItem *item)
{
  g_autoptr (GPtrArray) missing = g_ptr_array_new ();
  for (guint i = 0; i < item->blobs->len; i++)
    {
      VaiObjectBlob *blob = item->blobs->pdata[i];
      gint64 size = vai_blob_get_size (push->transaction, push->call->user_id, blob->hash);
      if (size == 0)
        g_ptr_array_add (missing, blob->hash);
      else if (size != blob->size)
        {
          answer_invalid (push, item, "blobs", "tells another size than the file has");
          return FALSE;
        }
    }
  if (missing->len == 0)
    return TRUE;
  begin_answer (push, item, "need_blobs");
  vai_json_begin_list (push->builder, "hashes");
  for (guint i = 0; i < missing->len; i++)
    json_builder_add_string_value (push->builder, missing->pdata[i]);
  json_builder_end_array (push->builder);
  json_builder_end_object (push->builder);
  return FALSE;
}

/* Takes one from the receipt that @item names. */
static gboolean
use_receipt (Push *push, const VaiObjectItem *item)
{
  if (!vai_settled_is_needed (item->kind))
    return TRUE;
  if (item->op_id == NULL)
    return FALSE;
  g_autofree char *key = g_strconcat (item->kind, " ", item->op_id, NULL);
  gint64 *left = g_hash_table_lookup (push->receipts, key);
  if (left == NULL)
    {
      left = g_new (gint64, 1);
      *left = vai_settled_count_left (push->transaction, push->call->user_id, item->op_id, item->kind);
      g_hash_table_insert (push->receipts, g_steal_pointer (&key), left);
    }
  return *left > 0 && (*left)-- > 0;
}

static void
add_history (Push *push, const char *id, const char *reason, const VaiObject *what, const char *meta)
{
  g_autofree char *history_id = vai_uuid_new ();
  vai_transaction_run (push->transaction,
                       "INSERT INTO object_history (id, user_id, object_id, reason, rev, seq, meta, push_hash, "
                       "updated_by_device, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                       VAI_TEXT (history_id), VAI_TEXT (push->call->user_id), VAI_TEXT (id), VAI_TEXT (reason),
                       VAI_INTEGER (what != NULL ? what->rev : 0), VAI_INTEGER (what != NULL ? what->seq : 0),
                       VAI_TEXT (meta), VAI_TEXT (what != NULL ? what->push_hash : NULL),
                       VAI_TEXT (what != NULL ? what->device : push->call->device_id), VAI_INTEGER (push->call->now));
}

static void
trim_history (Push *push, const char *id)
{
  vai_transaction_run (push->transaction,
                       "DELETE FROM object_history WHERE user_id = $1 AND object_id = $2 AND id <= (SELECT id FROM "
                       "object_history WHERE user_id = $3 AND object_id = $4 ORDER BY id DESC LIMIT 1 OFFSET $5)",
                       VAI_TEXT (push->call->user_id), VAI_TEXT (id), VAI_TEXT (push->call->user_id), VAI_TEXT (id),
                       VAI_INTEGER (HISTORY_MAX));
}

static void
insert_object (Push *push, const VaiObjectItem *item)
{
  VaiCall *call = push->call;
  vai_transaction_run (
      push->transaction,
      "INSERT INTO sync_object (user_id, id, kind, schema, rev, seq, deleted, meta, blobs, op_id, push_hash, "
      "updated_by_device, created_at, updated_at, deleted_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
      VAI_TEXT (call->user_id), VAI_TEXT (item->id), VAI_TEXT (item->kind), VAI_INTEGER (item->schema), VAI_INTEGER (1),
      VAI_INTEGER (push->seq), VAI_INTEGER (item->deleted), VAI_TEXT (item->meta), VAI_TEXT (item->blobs_text),
      VAI_TEXT (item->op_id), VAI_TEXT (item->hash), VAI_TEXT (call->device_id), VAI_INTEGER (call->now),
      VAI_INTEGER (call->now), item->deleted ? VAI_INTEGER (call->now) : VAI_NULL);
}

static void
update_object (Push *push, const VaiObjectItem *item)
{
  VaiCall *call = push->call;
  vai_transaction_run (
      push->transaction,
      "UPDATE sync_object SET schema = $1, rev = rev + 1, seq = $2, deleted = $3, meta = $4, blobs = $5, "
      "push_hash = $6, updated_by_device = $7, updated_at = $8, emptied = 0, "
      "deleted_at = CASE WHEN $9 = 1 THEN COALESCE(deleted_at, $10) END WHERE user_id = $11 AND id = $12",
      VAI_INTEGER (item->schema), VAI_INTEGER (push->seq), VAI_INTEGER (item->deleted), VAI_TEXT (item->meta),
      VAI_TEXT (item->blobs_text), VAI_TEXT (item->hash), VAI_TEXT (call->device_id), VAI_INTEGER (call->now),
      VAI_INTEGER (item->deleted), VAI_INTEGER (call->now), VAI_TEXT (call->user_id), VAI_TEXT (item->id));
}

static void
write_object (Push *push, const VaiObjectItem *item, const VaiObject *current)
{
  g_autoptr (GPtrArray) before = vai_object_blobs_parse (current != NULL ? current->blobs_text : NULL);
  push->seq++;
  if (current == NULL)
    insert_object (push, item);
  else
    {
      add_history (push, item->id, "replaced", current, current->meta);
      update_object (push, item);
    }
  if (item->losing != NULL)
    add_history (push, item->id, "lost", NULL, item->losing);
  if (current != NULL)
    trim_history (push, item->id);
  vai_blob_count_references (push->transaction, push->call->user_id, before, item->blobs, push->call->now);
  answer_ok (push, item, current != NULL ? current->rev + 1 : 1, push->seq);
}

/* What was paid for is written once. An edit that comes to what the trash has forgotten brings it back whole. */
static gboolean
keeps_content (const VaiObjectItem *item, const VaiObject *current)
{
  return current == NULL || !vai_settled_is_needed (item->kind) || strcmp (current->blobs_text, item->blobs_text) == 0
         || (current->deleted && strcmp (current->blobs_text, "[]") == 0);
}

static void
push_item (Push *push, const VaiObjectItem *item)
{
  if (item->why != NULL)
    {
      answer_invalid (push, item, item->wrong_field, item->why);
      return;
    }
  g_autoptr (VaiObject) current = vai_object_find (push->transaction, push->call->user_id, item->id);
  gint64 more = (gint64) strlen (item->meta) - (current != NULL ? (gint64) strlen (current->meta) : 0);
  if (item->base != (current != NULL ? current->rev : 0))
    answer_other_revision (push, item, current);
  else if (current != NULL && strcmp (current->kind, item->kind) != 0)
    answer_invalid (push, item, "kind", "cannot change");
  else if (!keeps_content (item, current))
    answer_invalid (push, item, "blobs", "cannot change: content is written once");
  else if (current != NULL && item->schema < current->schema)
    answer_plain (push, item, "upgrade_required");
  else if (more > 0 && push->bytes + more > push->quota)
    answer_plain (push, item, "over_quota");
  else if (!check_blobs (push, item))
    return;
  else if (current == NULL && !use_receipt (push, item))
    answer_plain (push, item, "unsettled");
  else
    {
      push->bytes += more;
      write_object (push, item, current);
    }
}

static VaiReply *
push_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  GPtrArray *items = data;
  gint64 seq, bytes;
  vai_sync_lock_account (transaction, call->user_id, &seq, &bytes);
  if (!vai_user_is_there (transaction, call->user_id))
    return vai_user_refuse_gone ();
  g_autoptr (GHashTable) receipts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Push push = { .call = call,
                .transaction = transaction,
                .seq = seq,
                .bytes = bytes,
                .quota = vai_sync_get_quota (call->server),
                .receipts = receipts,
                .builder = vai_json_new_object () };
  vai_json_begin_list (push.builder, "items");
  for (guint i = 0; i < items->len && !vai_transaction_has_failed (transaction); i++)
    push_item (&push, items->pdata[i]);
  json_builder_end_array (push.builder);
  json_builder_end_object (push.builder);
  vai_transaction_run (transaction, "UPDATE sync_account SET sync_seq = $1, bytes = $2 WHERE id = $3",
                       VAI_INTEGER (push.seq), VAI_INTEGER (push.bytes), VAI_TEXT (call->user_id));
  if (!vai_transaction_has_failed (transaction))
    return vai_reply_new_json (200, push.builder);
  /* The answer is half done, and nobody gets it. */
  g_object_unref (push.builder);
  return vai_reply_new_refusal (VAI_REFUSAL_UNAVAILABLE, NULL, "Try again.");
}

static void
item_free (gpointer data)
{
  vai_object_item_free (data);
}

VaiReply *
vai_sync_push (VaiCall *call)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (item_free);
  JsonArray *array = json_object_get_array_member (call->message, "items");
  for (guint i = 0; i < json_array_get_length (array); i++)
    g_ptr_array_add (items, vai_object_item_new (json_array_get_element (array, i)));
  return vai_call_write (call, push_work, items);
}
