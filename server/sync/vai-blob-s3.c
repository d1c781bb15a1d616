/* Files in an S3-compatible store: PREFIX/ab/HASH, and PREFIX/uploads/ID/OFFSET for the pieces of one that grows.
 * libcurl signs (AWS signature version 4). Addresses have the bucket in their path: every store understands that. */
#include "vai-blob-store-private.h"

#include "vai-error.h"
#include "vai-protocol.h"

#include <curl/curl.h>
#include <sodium.h>
#include <string.h>

#define CONNECT_SECONDS 5L
#define REQUEST_SECONDS 120L

/* A store that is busy says so; it is asked again, each time after twice as long. */
#define TRIES_MAX 4
#define BACKOFF_MICROSECONDS 100000

#define HASH_TEXT_BYTES (2 * crypto_hash_sha256_BYTES + 1)

typedef struct
{
  VaiBlobStore base;
  char *url; /* with bucket and prefix, ends in “/” */
  char *provider;
  char *access_key, *secret_key;
  GAsyncQueue *handles; /* of CURL: connections stay open */
} S3;

/* What is asked. A body is in @piece, or in as many pieces of the upload @id as @size needs. */
typedef struct
{
  S3 *self;
  const char *method;
  char *key;
  const char *payload_hash; /* of the body */
  char *range;              /* or NULL */
  gint64 size, sent;
  const char *id;
  crypto_hash_sha256_state sum; /* of the pieces of @id */
  GBytes *piece;
  gsize piece_sent;
  GError *failure; /* of the pieces */
  GByteArray *answer;
  gsize answer_max;
  long status;
} Request;

static char *
file_key (const char *hash)
{
  return g_strdup_printf ("%.2s/%s", hash, hash);
}

static char *
piece_key (const char *id, gint64 offset)
{
  return g_strdup_printf ("uploads/%s/%" G_GINT64_FORMAT, id, offset);
}

static void
hash_bytes (GBytes *bytes, char text[HASH_TEXT_BYTES])
{
  guint8 sum[crypto_hash_sha256_BYTES];
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  crypto_hash_sha256 (sum, data, size);
  sodium_bin2hex (text, HASH_TEXT_BYTES, sum, sizeof sum);
}

static GBytes *get_piece (S3 *self, const char *id, gint64 offset, gint64 size, GError **error);

/* Fetches the next piece. The last one is given only when all of them are the file that they should be: a body that
 * ends too early is no file. */
static gboolean
next_piece (Request *request)
{
  gint64 size = MIN (request->size - request->sent, VAI_BLOB_CHUNK_BYTES);
  guint8 sum[crypto_hash_sha256_BYTES];
  char text[HASH_TEXT_BYTES];
  g_clear_pointer (&request->piece, g_bytes_unref);
  request->piece_sent = 0;
  request->piece = get_piece (request->self, request->id, request->sent, size, &request->failure);
  if (request->piece == NULL)
    return FALSE;
  crypto_hash_sha256_update (&request->sum, g_bytes_get_data (request->piece, NULL), (gsize) size);
  if (request->sent + size < request->size)
    return TRUE;
  crypto_hash_sha256_final (&request->sum, sum);
  sodium_bin2hex (text, sizeof text, sum, sizeof sum);
  if (strcmp (text, request->payload_hash) == 0)
    return TRUE;
  g_set_error (&request->failure, VAI_ERROR, VAI_ERROR_DAMAGED, "What was sent is not the file %s.",
               request->payload_hash);
  return FALSE;
}

static size_t
read_cb (char *buffer, size_t size, size_t n, void *data)
{
  Request *request = data;
  if (request->sent == request->size)
    return 0;
  gsize have = request->piece != NULL ? g_bytes_get_size (request->piece) : 0;
  if (request->piece_sent == have)
    {
      if (!next_piece (request))
        return CURL_READFUNC_ABORT;
      have = g_bytes_get_size (request->piece);
    }
  gsize give = MIN (size * n, have - request->piece_sent);
  memcpy (buffer, (const char *) g_bytes_get_data (request->piece, NULL) + request->piece_sent, give);
  request->piece_sent += give;
  request->sent += (gint64) give;
  return give;
}

static size_t
write_cb (char *buffer, size_t size, size_t n, void *data)
{
  Request *request = data;
  if (request->answer->len + size * n > request->answer_max)
    return 0;
  g_byte_array_append (request->answer, (const guint8 *) buffer, (guint) (size * n));
  return size * n;
}

static struct curl_slist *
set_up (Request *request, CURL *curl)
{
  S3 *self = request->self;
  g_autofree char *url = g_strconcat (self->url, request->key, NULL);
  g_autofree char *hash = g_strconcat ("x-amz-content-sha256: ", request->payload_hash, NULL);
  struct curl_slist *headers = curl_slist_append (NULL, hash);
  curl_easy_reset (curl);
  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, REQUEST_SECONDS);
  curl_easy_setopt (curl, CURLOPT_AWS_SIGV4, self->provider);
  curl_easy_setopt (curl, CURLOPT_USERNAME, self->access_key);
  curl_easy_setopt (curl, CURLOPT_PASSWORD, self->secret_key);
  curl_easy_setopt (curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, write_cb);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, request);
  if (request->range != NULL)
    curl_easy_setopt (curl, CURLOPT_RANGE, request->range);
  if (strcmp (request->method, "PUT") == 0)
    {
      curl_easy_setopt (curl, CURLOPT_UPLOAD, 1L);
      curl_easy_setopt (curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t) request->size);
      curl_easy_setopt (curl, CURLOPT_READFUNCTION, read_cb);
      curl_easy_setopt (curl, CURLOPT_READDATA, request);
    }
  else
    curl_easy_setopt (curl, CURLOPT_CUSTOMREQUEST, request->method);
  return headers;
}

static CURLcode
try_once (Request *request)
{
  S3 *self = request->self;
  CURL *curl = g_async_queue_try_pop (self->handles);
  if (curl == NULL)
    curl = curl_easy_init ();
  g_byte_array_set_size (request->answer, 0);
  request->status = 0;
  request->sent = 0;
  request->piece_sent = 0;
  if (request->id != NULL)
    g_clear_pointer (&request->piece, g_bytes_unref);
  crypto_hash_sha256_init (&request->sum);
  struct curl_slist *headers = set_up (request, curl);
  CURLcode code = curl_easy_perform (curl);
  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &request->status);
  curl_slist_free_all (headers);
  g_async_queue_push (self->handles, curl);
  return code;
}

/* TRUE for an answer of success. @key is taken. */
static gboolean
ask (Request *request, GError **error)
{
  CURLcode code = CURLE_OK;
  gulong pause = BACKOFF_MICROSECONDS;
  request->answer = g_byte_array_new ();
  if (request->answer_max == 0)
    request->answer_max = VAI_BLOB_CHUNK_BYTES; /* a text of the store about an error */
  for (guint i = 0; i < TRIES_MAX; i++, pause *= 2)
    {
      code = try_once (request);
      if (request->failure != NULL || (code == CURLE_OK && request->status < 500 && request->status != 429))
        break;
      if (i + 1 < TRIES_MAX)
        g_usleep (pause);
    }
  gboolean done = request->failure == NULL && code == CURLE_OK && request->status >= 200 && request->status < 300;
  if (request->failure != NULL)
    g_propagate_error (error, g_steal_pointer (&request->failure));
  else if (code != CURLE_OK)
    g_set_error (error, VAI_ERROR, VAI_ERROR_FAILED, "The store of files cannot be reached: %s.",
                 curl_easy_strerror (code));
  else if (!done)
    g_set_error (error, VAI_ERROR, request->status == 404 ? VAI_ERROR_NOT_FOUND : VAI_ERROR_FAILED,
                 "The store of files answered %ld to %s %s.", request->status, request->method, request->key);
  g_clear_pointer (&request->key, g_free);
  g_clear_pointer (&request->range, g_free);
  g_clear_pointer (&request->piece, g_bytes_unref);
  return done;
}

/* The answer as bytes; NULL when it is not @size long. */
static GBytes *
get_bytes (Request *request, gint64 size, GError **error)
{
  char empty[HASH_TEXT_BYTES];
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  hash_bytes (nothing, empty);
  request->method = "GET";
  request->payload_hash = empty;
  request->answer_max = VAI_BLOB_CHUNK_BYTES;
  gboolean done = ask (request, error);
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (request->answer);
  if (done && (gint64) g_bytes_get_size (bytes) == size)
    return g_steal_pointer (&bytes);
  if (done)
    g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED, "The store of files gave another size than was asked for.");
  return NULL;
}

static GBytes *
get_piece (S3 *self, const char *id, gint64 offset, gint64 size, GError **error)
{
  Request request = { .self = self, .key = piece_key (id, offset) };
  return get_bytes (&request, size, error);
}

static gboolean
delete_key (S3 *self, char *key, GError **error)
{
  char empty[HASH_TEXT_BYTES];
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  hash_bytes (nothing, empty);
  Request request = { .self = self, .method = "DELETE", .key = key, .payload_hash = empty };
  gboolean done = ask (&request, error);
  g_byte_array_unref (request.answer);
  return done;
}

/* ── The interface ── */

static gboolean
s3_put_chunk (VaiBlobStore *store, const char *id, gint64 offset, GBytes *chunk, GError **error)
{
  char hash[HASH_TEXT_BYTES];
  hash_bytes (chunk, hash);
  Request request = { .self = (S3 *) store,
                      .method = "PUT",
                      .key = piece_key (id, offset),
                      .payload_hash = hash,
                      .size = (gint64) g_bytes_get_size (chunk),
                      .piece = g_bytes_ref (chunk) };
  gboolean done = ask (&request, error);
  g_byte_array_unref (request.answer);
  return done;
}

static gboolean
s3_finish (VaiBlobStore *store, const char *id, const char *hash, gint64 size, GError **error)
{
  Request request
      = { .self = (S3 *) store, .method = "PUT", .key = file_key (hash), .payload_hash = hash, .size = size, .id = id };
  gboolean done = ask (&request, error);
  g_byte_array_unref (request.answer);
  return done;
}

static void
s3_discard (VaiBlobStore *store, const char *id, gint64 size)
{
  for (gint64 offset = 0; offset < size; offset += VAI_BLOB_CHUNK_BYTES)
    if (!delete_key ((S3 *) store, piece_key (id, offset), NULL))
      return;
}

static void
s3_sweep (VaiBlobStore *store, gint64 age_ms)
{
  /* A rule of the bucket for PREFIX/uploads/ does this: to list a bucket costs more than the pieces. */
}

static GBytes *
s3_read (VaiBlobStore *store, const char *hash, gint64 offset, gint64 size, GError **error)
{
  Request request = { .self = (S3 *) store, .key = file_key (hash) };
  request.range = g_strdup_printf ("%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, offset, offset + size - 1);
  return get_bytes (&request, size, error);
}

static gboolean
s3_remove (VaiBlobStore *store, const char *hash, GError **error)
{
  g_autoptr (GError) local = NULL;
  if (delete_key ((S3 *) store, file_key (hash), &local) || g_error_matches (local, VAI_ERROR, VAI_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static void
s3_close (VaiBlobStore *store)
{
  S3 *self = (S3 *) store;
  CURL *curl;
  while ((curl = g_async_queue_try_pop (self->handles)) != NULL)
    curl_easy_cleanup (curl);
  g_async_queue_unref (self->handles);
  g_free (self->url);
  g_free (self->provider);
  g_free (self->access_key);
  g_free (self->secret_key);
  g_free (self);
}

static const VaiBlobStoreClass s3_class = {
  .close = s3_close,
  .put_chunk = s3_put_chunk,
  .finish = s3_finish,
  .discard = s3_discard,
  .sweep = s3_sweep,
  .read = s3_read,
  .remove = s3_remove,
};

VaiBlobStore *
vai_blob_s3_open (const VaiServerConfig *config, GError **error)
{
  const char *url = vai_server_config_get_text (config, "s3-url");
  const char *access_key = vai_server_config_get_text (config, "s3-access-key");
  const char *secret_key = vai_server_config_get_text (config, "s3-secret-key");
  const char *where = vai_server_config_get_text (config, "blob-store") + strlen ("s3://");
  if (*where == '\0')
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, "blob-store: name the bucket, like s3://bucket/prefix.");
      return NULL;
    }
  S3 *self = g_new0 (S3, 1);
  self->base.class = &s3_class;
  self->url = g_strdup_printf ("%s%s%s%s", url, g_str_has_suffix (url, "/") ? "" : "/", where,
                               g_str_has_suffix (where, "/") ? "" : "/");
  self->provider = g_strdup_printf ("aws:amz:%s:s3", vai_server_config_get_text (config, "s3-region"));
  self->access_key = g_strdup (access_key);
  self->secret_key = g_strdup (secret_key);
  self->handles = g_async_queue_new ();
  return &self->base;
}
