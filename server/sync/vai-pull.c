/* What changed since a cursor: “store.epoch.seq.horizon”. The first pull goes through everything that is there and
 * starts with the highest number of that moment, the horizon: a tombstone below it that is forgotten was never missed
 * by this client. One above is, and then the client pulls everything again and loses nothing of its own. */
#include "vai-sync.h"

#include "vai-json-build.h"
#include "vai-object.h"
#include "vai-protocol.h"
#include "vai-route.h"

#include <string.h>

/* A page ends after this much of text, however few objects it has. */
#define PAGE_BYTES_MAX (4 * 1024 * 1024)

/* How often a long poll looks: a machine learns of the other's change in a quarter of a second on the average. */
#define LOOK_MS 500

typedef struct
{
  char *store, *epoch;
  gint64 last, floor;  /* of the account */
  gint64 seq, horizon; /* of the cursor */
  gboolean more;
  gsize bytes;
  guint n;
} Pull;

static void
pull_clear (Pull *self)
{
  g_free (self->store);
  g_free (self->epoch);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pull, pull_clear)

static void
read_account (Pull *self, VaiTransaction *transaction, const char *user_id)
{
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT s.id, s.epoch, a.sync_seq, a.floor_seq FROM sync_store s LEFT JOIN sync_account a ON a.id = $1",
      VAI_TEXT (user_id));
  if (!vai_rows_next (rows))
    return;
  self->store = g_strdup (vai_rows_get_text (rows, 0));
  self->epoch = g_strdup (vai_rows_get_text (rows, 1));
  self->last = vai_rows_get_integer (rows, 2);
  self->floor = vai_rows_get_integer (rows, 3);
}

/* FALSE for a cursor that is not ours, of another life, of the future, or from before what is forgotten. */
static gboolean
read_cursor (Pull *self, const char *cursor)
{
  self->horizon = self->last;
  if (cursor == NULL)
    return TRUE;
  g_auto (GStrv) parts = g_strsplit (cursor, ".", 5);
  return g_strv_length (parts) == 4 && g_strcmp0 (parts[0], self->store) == 0 && g_strcmp0 (parts[1], self->epoch) == 0
         && g_ascii_string_to_signed (parts[2], 10, 0, self->last, &self->seq, NULL)
         && g_ascii_string_to_signed (parts[3], 10, 0, self->last, &self->horizon, NULL)
         && self->floor <= MAX (self->seq, self->horizon);
}

static void
write_objects (Pull *self, VaiTransaction *transaction, VaiCall *call, gint64 limit, JsonBuilder *builder)
{
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT " VAI_OBJECT_COLUMNS " FROM sync_object WHERE user_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
      VAI_TEXT (call->user_id), VAI_INTEGER (self->seq), VAI_INTEGER (limit));
  while (self->bytes < PAGE_BYTES_MAX && vai_rows_next (rows))
    {
      g_autoptr (VaiObject) object = vai_object_read (rows);
      vai_object_write (object, builder);
      self->bytes += strlen (object->meta) + strlen (object->blobs_text);
      self->seq = object->seq;
      self->n++;
    }
  self->more = self->n == limit || self->bytes >= PAGE_BYTES_MAX;
}

static VaiReply *
pull_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const gint64 *limit = data;
  g_auto (Pull) pull = { .n = 0 };
  const char *cursor = vai_call_get_query (call, "cursor");
  read_account (&pull, transaction, call->user_id);
  if (!read_cursor (&pull, cursor))
    return vai_reply_new_refusal (VAI_REFUSAL_GONE, "cursor",
                                  "This cursor is too old or not of this server: pull everything again, without one. "
                                  "What you have and was not pushed stays yours.");
  g_autoptr (JsonBuilder) builder = vai_json_new_object ();
  vai_json_begin_list (builder, "items");
  write_objects (&pull, transaction, call, *limit, builder);
  json_builder_end_array (builder);
  if (pull.n == 0 && cursor != NULL && vai_call_get_query (call, "wait") != NULL && vai_call_may_wait (call))
    return vai_reply_new_wait (LOOK_MS);
  if (!pull.more)
    pull.seq = MAX (pull.seq, pull.last);
  g_autofree char *next = g_strdup_printf ("%s.%s.%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, pull.store, pull.epoch,
                                           pull.seq, pull.horizon);
  vai_json_add_text (builder, "cursor", next);
  vai_json_add_flag (builder, "more", pull.more);
  json_builder_end_object (builder);
  return vai_reply_new_json (200, g_steal_pointer (&builder));
}

VaiReply *
vai_sync_pull (VaiCall *call)
{
  gint64 limit = VAI_SYNC_ITEMS_MAX;
  VaiReply *refusal = vai_call_read_number (call, "limit", 1, VAI_SYNC_ITEMS_MAX, &limit);
  return refusal != NULL ? refusal : vai_call_read (call, pull_work, &limit);
}

static VaiReply *
get_versions_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  g_autoptr (VaiObject) object = vai_object_find (transaction, call->user_id, vai_call_get_value (call, 0));
  if (object == NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, NULL, "There is no such object in your library.");
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_begin_list (builder, "items");
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction,
                               "SELECT reason, rev, meta, updated_by_device, created_at FROM object_history "
                               "WHERE user_id = $1 AND object_id = $2 ORDER BY id DESC",
                               VAI_TEXT (call->user_id), VAI_TEXT (object->id));
  while (vai_rows_next (rows))
    {
      json_builder_begin_object (builder);
      vai_json_add_text (builder, "reason", vai_rows_get_text (rows, 0));
      vai_json_add_integer (builder, "rev", vai_rows_get_integer (rows, 1));
      vai_json_add_text (builder, "meta", vai_rows_get_text (rows, 2));
      vai_json_add_text (builder, "updated_by_device", vai_rows_get_text (rows, 3));
      vai_json_add_integer (builder, "created_at", vai_rows_get_integer (rows, 4));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

VaiReply *
vai_sync_get_versions (VaiCall *call)
{
  return vai_call_read (call, get_versions_work, NULL);
}
