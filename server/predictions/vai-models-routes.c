/* Publishing a model to the predictions API, and taking it back. */
#include "vai-blob.h"
#include "vai-json-build.h"
#include "vai-model.h"
#include "vai-route.h"
#include "vai-sync.h"
#include "vai-time.h"
#include "vai-user.h"

/* The largest model file of the samples is 6 MiB; 20,000 reference rows of 100 columns make about 20. */
#define MODEL_BYTES_MAX (32 * 1024 * 1024)

/* Of one person: each is a file in the database. */
#define MODELS_MAX 20

#define NAME_CHARACTERS_MAX 200

static void
write_model (JsonBuilder *builder,
             const char *id,
             const char *name,
             const char *algorithm,
             const char *fingerprint,
             gint64 created_at)
{
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "id", id);
  vai_json_add_text (builder, "name", name);
  vai_json_add_text (builder, "algorithm", algorithm);
  vai_json_add_text (builder, "fingerprint", fingerprint);
  vai_json_add_integer (builder, "created_at", created_at);
  json_builder_end_object (builder);
}

typedef struct
{
  const char *name;
  const char *algorithm;
  char *fingerprint;
  char *id; /* when it is new */
} Publication;

static VaiReply *
answer (guint status, const char *id, const Publication *publication, gint64 created_at)
{
  JsonBuilder *builder = json_builder_new ();
  write_model (builder, id, publication->name, publication->algorithm, publication->fingerprint, created_at);
  return vai_reply_new_json (status, builder);
}

/* The same file published twice is one model, with the name that it was given last. */
static VaiReply *
publish_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const Publication *publication = data;
  if (!vai_user_hold (transaction, call->user_id))
    return vai_user_refuse_gone ();
  g_autoptr (VaiRows) there = vai_transaction_query (
      transaction, "SELECT id, created_at FROM published_model WHERE user_id = $1 AND fingerprint = $2",
      VAI_TEXT (call->user_id), VAI_TEXT (publication->fingerprint));
  if (vai_rows_next (there))
    {
      vai_transaction_run (transaction, "UPDATE published_model SET name = $1 WHERE id = $2",
                           VAI_TEXT (publication->name), VAI_TEXT (vai_rows_get_text (there, 0)));
      return answer (200, vai_rows_get_text (there, 0), publication, vai_rows_get_integer (there, 1));
    }
  if (vai_transaction_get_integer (transaction, 0, "SELECT count(*) FROM published_model WHERE user_id = $1",
                                   VAI_TEXT (call->user_id))
      >= MODELS_MAX)
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, NULL, "At most %d models can be published: take one back.",
                                  MODELS_MAX);
  gint64 size = (gint64) g_bytes_get_size (call->body), kept;
  vai_sync_lock_account (transaction, call->user_id, NULL, &kept);
  if (kept + vai_upload_sum (transaction, call->user_id) + size > vai_sync_get_quota (call->server))
    return vai_reply_new_refusal (VAI_REFUSAL_QUOTA, NULL,
                                  "Your library and your models are full: %" G_GINT64_FORMAT " bytes are kept.", kept);
  vai_sync_count_bytes (transaction, call->user_id, size);
  vai_transaction_run (transaction,
                       "INSERT INTO published_model (id, user_id, name, algorithm, fingerprint, bytes, created_at) "
                       "VALUES ($1, $2, $3, $4, $5, $6, $7)",
                       VAI_TEXT (publication->id), VAI_TEXT (call->user_id), VAI_TEXT (publication->name),
                       VAI_TEXT (publication->algorithm), VAI_TEXT (publication->fingerprint), VAI_BYTES (call->body),
                       VAI_INTEGER (call->now));
  return answer (201, publication->id, publication, call->now);
}

static VaiReply *
publish (VaiCall *call)
{
  const char *name = vai_call_get_query (call, "name");
  if (name == NULL || !vai_message_is_visible (name) || g_utf8_strlen (name, -1) > NAME_CHARACTERS_MAX)
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "name", "Give the model a name of 1 to %d characters.",
                                  NAME_CHARACTERS_MAX);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiModel) model = vai_model_from_bytes (call->body, &error);
  g_autofree char *fingerprint = model != NULL ? vai_model_fingerprint (call->body, &error) : NULL;
  if (fingerprint == NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, NULL, "%s", error->message);
  g_autofree char *id = vai_uuid_new ();
  Publication publication = { name, vai_algorithm_name (model->chosen), fingerprint, id };
  return vai_call_write (call, publish_work, &publication);
}

static VaiReply *
list_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_begin_list (builder, "items");
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction,
                               "SELECT id, name, algorithm, fingerprint, created_at FROM published_model "
                               "WHERE user_id = $1 ORDER BY created_at DESC, id DESC",
                               VAI_TEXT (call->user_id));
  while (vai_rows_next (rows))
    write_model (builder, vai_rows_get_text (rows, 0), vai_rows_get_text (rows, 1), vai_rows_get_text (rows, 2),
                 vai_rows_get_text (rows, 3), vai_rows_get_integer (rows, 4));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
list (VaiCall *call)
{
  return vai_call_read (call, list_work, NULL);
}

static VaiReply *
unpublish_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  vai_sync_lock_account (transaction, call->user_id, NULL, NULL);
  gint64 size = vai_transaction_get_integer (
      transaction, 0, "DELETE FROM published_model WHERE id = $1 AND user_id = $2 RETURNING length(bytes)",
      VAI_TEXT (vai_call_get_value (call, 0)), VAI_TEXT (call->user_id));
  if (size == 0)
    return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, NULL, "There is no such model.");
  vai_sync_count_bytes (transaction, call->user_id, -size);
  return vai_reply_new_nothing ();
}

static VaiReply *
unpublish (VaiCall *call)
{
  return vai_call_write (call, unpublish_work, NULL);
}

const VaiRoute vai_models_routes[] = {
  { "POST", "/api/v1/models", VAI_ACCESS_SESSION, VAI_RATE_HEAVY, MODEL_BYTES_MAX, NULL, publish, VAI_ROUTE_RAW },
  { "GET", "/api/v1/models", VAI_ACCESS_SESSION, VAI_RATE_READ, 0, NULL, list },
  { "DELETE", "/api/v1/models/{id}", VAI_ACCESS_SESSION, VAI_RATE_WRITE, 0, NULL, unpublish },
  { NULL },
};
