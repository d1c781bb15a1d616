/* Files of the library come in pieces that may be sent again, and go out by ranges. */
#include "vai-blob-store.h"
#include "vai-blob.h"
#include "vai-blob-range.h"
#include "vai-error.h"
#include "vai-json-build.h"
#include "vai-message.h"
#include "vai-protocol.h"
#include "vai-route.h"
#include "vai-secret.h"
#include "vai-sync.h"
#include "vai-user.h"

static VaiReply *
refuse_unknown (void)
{
  return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, NULL,
                                "There is no such file in your library: POST blobs begins it.");
}

/* How far a file is; @status 200, or 201 for one that begins. */
static VaiReply *
answer_state (guint status, gint64 offset, gint64 size)
{
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_integer (builder, "offset", offset);
  vai_json_add_integer (builder, "size", size);
  vai_json_add_flag (builder, "done", offset == size);
  json_builder_end_object (builder);
  return vai_reply_new_json (status, builder);
}

/* The store failed; @error says how. */
static VaiReply *
refuse_store (VaiCall *call, const GError *error)
{
  if (g_error_matches (error, VAI_ERROR, VAI_ERROR_NO_SPACE))
    return vai_call_refuse_error (call, error);
  g_warning ("request %s: %s", call->request_id, error->message);
  return vai_reply_new_refusal (VAI_REFUSAL_UPSTREAM, NULL, "The store of files did not do its part: try again.");
}

/* ── Begin ── */

static const VaiField begin_fields[] = {
  { "hash", VAI_FIELD_TEXT, 0, 64, 64 },
  { "size", VAI_FIELD_INTEGER, 0, 1, VAI_BLOB_BYTES_MAX },
  { NULL },
};

typedef struct
{
  const char *hash;
  gint64 size;
  VaiUpload *replaced; /* one that was begun with another size */
} Begin;

static VaiReply *
begin_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  Begin *begin = data;
  gint64 bytes;
  g_clear_pointer (&begin->replaced, vai_upload_free);
  vai_sync_lock_account (transaction, call->user_id, NULL, &bytes);
  if (!vai_user_is_there (transaction, call->user_id))
    return vai_user_refuse_gone ();
  gint64 there = vai_blob_get_size (transaction, call->user_id, begin->hash);
  if (there != 0)
    return there == begin->size
               ? answer_state (200, there, there)
               : vai_reply_new_refusal (VAI_REFUSAL_INVALID, "size", "The file with this hash has another size.");
  g_autoptr (VaiUpload) known = vai_upload_find (transaction, call->user_id, begin->hash);
  if (known != NULL && known->size == begin->size)
    return answer_state (200, known->offset, known->size);
  if (known != NULL)
    vai_upload_forget (transaction, known->id);
  begin->replaced = g_steal_pointer (&known);
  if (bytes + vai_upload_sum (transaction, call->user_id) + begin->size > vai_sync_get_quota (call->server))
    return vai_reply_new_refusal (VAI_REFUSAL_QUOTA, "size",
                                  "Your library is full: %" G_GINT64_FORMAT " bytes are kept.", bytes);
  g_autoptr (VaiUpload) upload = vai_upload_begin (transaction, call->user_id, begin->hash, begin->size, call->now);
  if (upload == NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_UNAVAILABLE, NULL, "This file is just being removed: try again.");
  return answer_state (201, upload->offset, upload->size);
}

static VaiReply *
begin_upload (VaiCall *call)
{
  Begin begin = { .hash = json_object_get_string_member (call->message, "hash"),
                  .size = json_object_get_int_member (call->message, "size") };
  if (!vai_secret_is_hash (begin.hash))
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "hash", "A hash is 64 characters, 0 to 9 and a to f.");
  VaiReply *reply = vai_call_write (call, begin_work, &begin);
  if (begin.replaced != NULL && reply->status < 400)
    vai_blob_store_discard (call->server->blobs, begin.replaced->id, begin.replaced->size);
  vai_upload_free (begin.replaced);
  return reply;
}

/* ── How far it is ── */

/* What this person has of a file. */
typedef struct
{
  const char *hash;
  gint64 size;       /* 0: nothing is known of it */
  VaiUpload *upload; /* NULL: it is whole */
} State;

static VaiReply *
find_state (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  State *state = data;
  g_clear_pointer (&state->upload, vai_upload_free);
  state->size = vai_blob_get_size (transaction, call->user_id, state->hash);
  if (state->size == 0)
    state->upload = vai_upload_find (transaction, call->user_id, state->hash);
  if (state->upload != NULL)
    state->size = state->upload->size;
  return state->size == 0
             ? refuse_unknown ()
             : answer_state (200, state->upload != NULL ? state->upload->offset : state->size, state->size);
}

static VaiReply *
get_upload (VaiCall *call)
{
  State state = { .hash = vai_call_get_value (call, 0) };
  if (!vai_secret_is_hash (state.hash))
    return refuse_unknown ();
  VaiReply *reply = vai_call_read (call, find_state, &state);
  g_clear_pointer (&state.upload, vai_upload_free);
  return reply;
}

static void
set_number (VaiReply *reply, const char *name, gint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);
  vai_reply_set_header (reply, name, text);
}

static VaiReply *
head_blob (VaiCall *call)
{
  State state = { .hash = vai_call_get_value (call, 0) };
  if (!vai_secret_is_hash (state.hash))
    return refuse_unknown ();
  g_autoptr (VaiReply) found = vai_call_read (call, find_state, &state);
  g_autoptr (VaiUpload) upload = state.upload;
  if (found->status != 200)
    return g_steal_pointer (&found);
  VaiReply *reply = vai_reply_new_bytes (200, NULL, NULL);
  set_number (reply, "Upload-Offset", upload != NULL ? upload->offset : state.size);
  set_number (reply, "Upload-Length", state.size);
  return reply;
}

/* ── A piece ── */

typedef struct
{
  const char *hash;
  gint64 first, last, size; /* of Content-Range */
  char *stored;             /* id of the upload that has this piece in the store; or NULL */
} Piece;

static gboolean
read_content_range (VaiCall *call, Piece *piece)
{
  return vai_blob_range_parse_piece (call->range, &piece->first, &piece->last, &piece->size)
         && piece->last - piece->first + 1 == (gint64) g_bytes_get_size (call->body);
}

static gboolean
reset_work (VaiTransaction *transaction, gpointer data)
{
  vai_upload_forget (transaction, data);
  return TRUE;
}

/* What was sent is not the file, or it is lost: from the beginning. */
static VaiReply *
reset (VaiCall *call, VaiUpload *upload, const GError *why)
{
  g_autoptr (GError) error = NULL;
  if (!vai_connection_write (call->connection, reset_work, upload->id, &error))
    return vai_call_refuse_error (call, error);
  vai_blob_store_discard (call->server->blobs, upload->id, upload->size);
  if (g_error_matches (why, VAI_ERROR, VAI_ERROR_DAMAGED))
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "hash", "What was sent is not this file: begin again.");
  return vai_reply_new_refusal (VAI_REFUSAL_GONE, NULL, "What was sent before is lost: begin again.");
}

/* Before the transaction: the piece into the store, with the last one the file. NULL: it is done. */
static VaiReply *
store_piece (VaiCall *call, const Piece *piece, VaiUpload *upload)
{
  g_autoptr (GError) error = NULL;
  VaiBlobStore *store = call->server->blobs;
  if (vai_blob_store_put_chunk (store, upload->id, piece->first, call->body, &error)
      && (piece->last + 1 < piece->size || vai_blob_store_finish (store, upload->id, piece->hash, piece->size, &error)))
    return NULL;
  if (g_error_matches (error, VAI_ERROR, VAI_ERROR_DAMAGED) || g_error_matches (error, VAI_ERROR, VAI_ERROR_NOT_FOUND))
    return reset (call, upload, error);
  return refuse_store (call, error);
}

static VaiReply *
refuse_offset (gint64 offset)
{
  VaiReply *reply
      = vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, "Content-Range", "Go on at byte %" G_GINT64_FORMAT ".", offset);
  set_number (reply, "Upload-Offset", offset);
  return reply;
}

static VaiReply *
put_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  Piece *piece = data;
  gint64 there = vai_blob_get_size (transaction, call->user_id, piece->hash);
  if (there != 0)
    return there == piece->size ? answer_state (200, there, there) : refuse_offset (there);
  g_autoptr (VaiUpload) upload = vai_upload_find (transaction, call->user_id, piece->hash);
  if (upload == NULL)
    return refuse_unknown ();
  /* A piece that was sent before changes nothing. */
  if (upload->size == piece->size && piece->last < upload->offset)
    return answer_state (200, upload->offset, upload->size);
  if (g_strcmp0 (piece->stored, upload->id) != 0
      || !vai_upload_advance (transaction, call->user_id, piece->hash, upload, piece->last + 1, call->now))
    return refuse_offset (upload->offset);
  return answer_state (200, piece->last + 1, piece->size);
}

static VaiReply *
put_piece (VaiCall *call)
{
  Piece piece = { .hash = vai_call_get_value (call, 0) };
  if (!vai_secret_is_hash (piece.hash))
    return refuse_unknown ();
  if (!read_content_range (call, &piece))
    return vai_reply_new_refusal (
        VAI_REFUSAL_INVALID, "Content-Range",
        "Send pieces of %d bytes, the last one shorter, with Content-Range: bytes FIRST-LAST/SIZE.",
        VAI_BLOB_CHUNK_BYTES);
  State state = { .hash = piece.hash };
  g_autoptr (VaiReply) found = vai_call_read (call, find_state, &state);
  g_autoptr (VaiUpload) upload = state.upload;
  if (found->status >= 500)
    return g_steal_pointer (&found);
  if (upload != NULL && upload->size == piece.size && upload->offset == piece.first)
    {
      VaiReply *refusal = store_piece (call, &piece, upload);
      if (refusal != NULL)
        return refusal;
      piece.stored = upload->id;
    }
  VaiReply *reply = vai_call_write (call, put_work, &piece);
  if (reply->status == 200 && piece.stored != NULL && piece.last + 1 == piece.size)
    vai_blob_store_discard (call->server->blobs, upload->id, upload->size);
  return reply;
}

/* ── Out ── */

static VaiReply *
get_blob (VaiCall *call)
{
  State state = { .hash = vai_call_get_value (call, 0) };
  gint64 first, last;
  if (!vai_secret_is_hash (state.hash))
    return refuse_unknown ();
  g_autoptr (VaiReply) found = vai_call_read (call, find_state, &state);
  g_autoptr (VaiUpload) upload = state.upload;
  if (found->status != 200)
    return g_steal_pointer (&found);
  if (upload != NULL)
    return refuse_unknown ();
  if (!vai_blob_range_parse_wanted (call->wanted_range, state.size, &first, &last)
      || last - first >= VAI_BLOB_CHUNK_BYTES)
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "Range",
                                  "The file has %" G_GINT64_FORMAT " bytes: ask for at most %d of them with Range.",
                                  state.size, VAI_BLOB_CHUNK_BYTES);
  g_autoptr (GError) error = NULL;
  GBytes *bytes = vai_blob_store_read (call->server->blobs, state.hash, first, last - first + 1, &error);
  if (bytes == NULL)
    return refuse_store (call, error);
  gboolean whole = call->wanted_range == NULL;
  VaiReply *reply = vai_reply_new_bytes (whole ? 200 : 206, "application/octet-stream", bytes);
  g_autofree char *range
      = g_strdup_printf ("bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, first, last, state.size);
  if (!whole)
    vai_reply_set_header (reply, "Content-Range", range);
  return reply;
}

const VaiRoute vai_blob_routes[] = {
  { "POST", "/api/v1/blobs", VAI_ACCESS_SESSION, VAI_RATE_WRITE, VAI_BODY_SMALL, begin_fields, begin_upload },
  { "HEAD", "/api/v1/blobs/{hash}", VAI_ACCESS_TOKEN, VAI_RATE_READ, 0, NULL, head_blob },
  { "GET", "/api/v1/blobs/{hash}", VAI_ACCESS_TOKEN, VAI_RATE_READ, 0, NULL, get_blob },
  { "GET", "/api/v1/blobs/{hash}/upload", VAI_ACCESS_TOKEN, VAI_RATE_READ, 0, NULL, get_upload },
  { "PUT", "/api/v1/blobs/{hash}", VAI_ACCESS_SESSION, VAI_RATE_WRITE, VAI_BLOB_CHUNK_BYTES, NULL, put_piece,
    VAI_ROUTE_RAW },
  { NULL },
};
