#include "vai-listener.h"

#include "vai-acceptor.h"
#include "vai-access.h"
#include "vai-client-address.h"
#include "vai-cors.h"
#include "vai-log.h"
#include "vai-metrics.h"
#include "vai-protocol.h"
#include "vai-request-text.h"
#include "vai-route.h"
#include "vai-time.h"
#include "vai-workers.h"

#include <libsoup/soup.h>
#include <sodium.h>
#include <string.h>

/* A long poll is answered before the proxies in between lose patience. */
#define WAIT_MAX_MICROSECONDS (25 * G_TIME_SPAN_SECOND)

/* Requests that still run when the server is told to stop get this long. */
#define DRAIN_MICROSECONDS (10 * G_TIME_SPAN_SECOND)

#define HEADER_MAX_BYTES 256

/* A token, a key, what browsers and proxies add: some kilobytes. */
#define HEADERS_MAX_BYTES (16 * 1024)

/* Room for any scheme of names; a longer one would have to be cut, and two could become the same. */
#define KEY_MAX_BYTES 255

#define ETAG_BYTES 16

/* Files and pages of the library are larger, are asked for once, and their hash would keep everybody waiting. */
#define ETAG_BYTES_MAX (256 * 1024)

/* Bodies are taken into memory before the database says who sends them. The small ones are as many as connections; of
 * the others no more than this is taken at once. One account has room for two of the largest, and all who show no
 * valid token have together no more than one account, so that nobody who has none keeps out those who have. */
#define SMALL_BODY_BYTES (64 * 1024)
#define BODIES_BYTES_MAX (256 * 1024 * 1024)
#define BODIES_BYTES_OF_ONE_MAX (64 * 1024 * 1024)

struct _VaiListener
{
  VaiServer *server;
  SoupServer *soup;
  VaiAcceptor *acceptor;
  guint n_running;
  gsize body_bytes;   /* of requests whose bodies are not small */
  GHashTable *bodies; /* who sends them → how many bytes */
  GMutex lock;        /* of what follows */
  GSList *answered;   /* Exchanges that workers have answered, the last first */
};

/* A request between its arrival and its answer. */
typedef struct
{
  VaiListener *listener;
  SoupServerMessage *message;
  VaiCall *call;
  VaiReply *reply;
  gint64 started;
  gboolean gone; /* the client hung up */
} Exchange;

static void
exchange_free (Exchange *self)
{
  self->listener->n_running--;
  g_signal_handlers_disconnect_by_data (self->message, self);
  g_object_unref (self->message);
  vai_call_free (self->call);
  vai_reply_free (self->reply);
  g_free (self);
}

static char *
dup_header (SoupMessageHeaders *headers, const char *name)
{
  return vai_request_text_dup (soup_message_headers_get_one (headers, name), HEADER_MAX_BYTES * 8);
}

static void
send_reply (const VaiServerConfig *config, SoupServerMessage *message, const char *request_id, VaiReply *reply)
{
  vai_cors_add (config, message);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  soup_message_headers_append (headers, "X-Request-Id", request_id);
  soup_message_headers_append (headers, "Cache-Control", "no-store");
  soup_message_headers_append (headers, "X-Content-Type-Options", "nosniff");
  for (guint i = 0; reply->headers != NULL && i < reply->headers->len; i += 2)
    soup_message_headers_replace (headers, reply->headers->pdata[i], reply->headers->pdata[i + 1]);
  soup_server_message_set_status (message, reply->status, NULL);
  if (reply->body == NULL)
    return;
  soup_message_headers_set_content_type (headers, reply->content_type, NULL);
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  /* Otherwise libsoup would answer a header Range by itself, from a copy of the whole. */
  soup_message_body_set_accumulate (body, FALSE);
  if (g_bytes_get_size (reply->body) > 0)
    soup_message_body_append_bytes (body, reply->body);
}

/* 304 for a client that has this answer already. */
static VaiReply *
apply_etag (Exchange *self, VaiReply *reply)
{
  if (reply->status != 200 || reply->body == NULL || strcmp (self->call->route->method, "GET") != 0
      || g_bytes_get_size (reply->body) > ETAG_BYTES_MAX)
    return reply;
  guint8 digest[ETAG_BYTES];
  char etag[2 * ETAG_BYTES + 3] = "\"";
  gsize size;
  const guint8 *body = g_bytes_get_data (reply->body, &size);
  crypto_generichash (digest, sizeof digest, body, size, NULL, 0);
  sodium_bin2hex (etag + 1, sizeof etag - 1, digest, sizeof digest);
  etag[sizeof etag - 2] = '"';
  const char *known
      = soup_message_headers_get_one (soup_server_message_get_request_headers (self->message), "If-None-Match");
  if (known != NULL && strstr (known, etag) != NULL)
    {
      vai_reply_free (reply);
      reply = vai_reply_new_bytes (304, NULL, NULL);
    }
  vai_reply_set_header (reply, "ETag", etag);
  return reply;
}

static void push (Exchange *self);

static gboolean
push_again (gpointer data)
{
  push (data);
  return G_SOURCE_REMOVE;
}

static void
finish (Exchange *self)
{
  if (self->reply->status == 0 && !self->gone)
    {
      g_timeout_add (self->reply->wait_ms, push_again, self);
      g_clear_pointer (&self->reply, vai_reply_free);
      return;
    }
  if (!self->gone)
    {
      self->reply = apply_etag (self, self->reply);
      send_reply (self->listener->server->config, self->message, self->call->request_id, self->reply);
      soup_server_message_unpause (self->message);
    }
  gint64 microseconds = g_get_monotonic_time () - self->started;
  vai_metrics_note_request (self->call, self->reply->status, microseconds);
  vai_log_request (self->call, self->reply->status, microseconds);
  exchange_free (self);
}

static gboolean
finish_answered (gpointer data)
{
  VaiListener *self = data;
  g_mutex_lock (&self->lock);
  g_autoptr (GSList) answered = g_slist_reverse (g_steal_pointer (&self->answered));
  g_mutex_unlock (&self->lock);
  for (GSList *l = answered; l != NULL; l = l->next)
    finish (l->data);
  return G_SOURCE_REMOVE;
}

static void
finish_from_worker (VaiCall *call, VaiReply *reply, gpointer data)
{
  Exchange *self = data;
  VaiListener *listener = self->listener;
  self->reply = reply;
  g_mutex_lock (&listener->lock);
  gboolean first = listener->answered == NULL;
  listener->answered = g_slist_prepend (listener->answered, self);
  g_mutex_unlock (&listener->lock);
  /* Not g_main_context_invoke(): while the server stops nobody owns the context, and this thread would answer itself.
   */
  if (first)
    g_idle_add_full (G_PRIORITY_DEFAULT, finish_answered, listener, NULL);
}

static void
push (Exchange *self)
{
  if (vai_workers_push (self->listener->server->workers, self->call, finish_from_worker, self))
    return;
  self->reply = vai_reply_new_refusal (VAI_REFUSAL_UNAVAILABLE, NULL, "The server is busy: try again.");
  finish (self);
}

static void
client_gone_cb (SoupServerMessage *message, Exchange *self)
{
  self->gone = TRUE;
}

/* English unless the first language that is asked for is Italian. */
static char *
choose_locale (SoupMessageHeaders *headers)
{
  const char *wanted = soup_message_headers_get_list (headers, "Accept-Language");
  return g_strdup (wanted != NULL && g_ascii_strncasecmp (wanted, "it", 2) == 0 ? "it" : "en");
}

static VaiCall *
make_call (VaiListener *self,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           const VaiRoute *route,
           GStrv values)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  VaiCall *call = g_new0 (VaiCall, 1);
  call->server = self->server;
  call->route = route;
  call->request_id = vai_uuid_new ();
  call->path = g_strdup (path);
  call->query_text = g_strdup (g_uri_get_query (soup_server_message_get_uri (message)));
  call->values = values;
  call->query = query != NULL ? g_hash_table_ref (query) : NULL;
  call->address = vai_client_address_dup (self->server->config, message);
  call->user_agent = vai_request_text_dup (soup_message_headers_get_one (headers, "User-Agent"), HEADER_MAX_BYTES);
  call->authorization = dup_header (headers, "Authorization");
  call->idempotency_key = dup_header (headers, "Idempotency-Key");
  call->signature = dup_header (headers, "Stripe-Signature");
  call->range = dup_header (headers, "Content-Range");
  call->wanted_range = dup_header (headers, "Range");
  call->protocol = dup_header (headers, VAI_PROTOCOL_HEADER);
  call->locale = choose_locale (headers);
  call->body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  call->wait_until = g_get_monotonic_time () + WAIT_MAX_MICROSECONDS;
  return call;
}

static gsize
size_of (SoupMessageHeaders *headers)
{
  SoupMessageHeadersIter iter;
  const char *name, *value;
  gsize size = 0;
  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    size += strlen (name) + strlen (value);
  return size;
}

static VaiReply *
refuse_path (const char *path, gboolean known)
{
  if (!known)
    return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, NULL, "There is nothing here.");
  g_autofree char *methods = vai_route_dup_methods (path);
  VaiReply *reply = vai_reply_new_refusal (VAI_REFUSAL_METHOD_NOT_ALLOWED, NULL, "This cannot be done here.");
  vai_reply_set_header (reply, "Allow", methods);
  return reply;
}

/* Printable ASCII: what every proxy leaves as it is. */
static gboolean
is_key (const char *key)
{
  gsize n = strlen (key);
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isprint (key[i]))
      return FALSE;
  return n >= 1 && n <= KEY_MAX_BYTES;
}

/* What can be answered before the body was read. NULL: nothing. */
static VaiReply *
refuse_early (VaiServer *server,
              SoupServerMessage *message,
              const char *path,
              const VaiRoute *route,
              gboolean path_known,
              gboolean valid)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  if (g_atomic_int_get (&server->draining))
    return vai_reply_new_refusal (VAI_REFUSAL_UNAVAILABLE, NULL, "This server is stopping: ask again.");
  if (size_of (headers) > HEADERS_MAX_BYTES)
    return vai_reply_new_refusal (VAI_REFUSAL_HEADERS, NULL, "The headers are too large.");
  if (vai_cors_is_question (server->config, message))
    return vai_reply_new_nothing ();
  if (!valid)
    return vai_reply_new_refusal (VAI_REFUSAL_BAD_REQUEST, NULL, "The address of this request is no UTF-8.");
  if (route == NULL)
    return refuse_path (path, path_known);
  const char *key = soup_message_headers_get_one (headers, "Idempotency-Key");
  if (key != NULL && !is_key (key))
    return vai_reply_new_refusal (VAI_REFUSAL_BAD_REQUEST, NULL,
                                  "An Idempotency-Key has 1 to %d characters, all of them printable ASCII.",
                                  KEY_MAX_BYTES);
  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED)
    return vai_reply_new_refusal (VAI_REFUSAL_LENGTH_REQUIRED, NULL, "Say how long the body is: Content-Length.");
  if (soup_message_headers_get_one (headers, "Content-Encoding") != NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_UNSUPPORTED, NULL, "Send the body as it is, without Content-Encoding.");
  if (route->flags & VAI_ROUTE_FORM
      && g_strcmp0 (soup_message_headers_get_content_type (headers, NULL), "application/x-www-form-urlencoded") != 0)
    return vai_reply_new_refusal (VAI_REFUSAL_UNSUPPORTED, NULL, "Send the form of this page.");
  if (soup_message_headers_get_content_length (headers) > (goffset) route->body_max)
    return vai_reply_new_refusal (VAI_REFUSAL_TOO_LARGE, NULL, "At most %" G_GSIZE_FORMAT " bytes are taken here.",
                                  route->body_max);
  return NULL;
}

/* libsoup would read a refused body to its end before it answers; nobody waits for that: the answer is written to the
 * connection as it is, which then ends. */
static void
answer_and_leave (SoupServerMessage *message, const char *request_id, VaiReply *reply)
{
  g_autoptr (VaiClientStream) client = g_object_ref (vai_acceptor_find_client (message));
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  gsize size = reply->body != NULL ? g_bytes_get_size (reply->body) : 0;
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text,
                          "HTTP/1.1 %u %s\r\nConnection: close\r\nContent-Type: application/json\r\n"
                          "Content-Length: %" G_GSIZE_FORMAT "\r\nX-Request-Id: %s\r\n",
                          reply->status, soup_status_get_phrase (reply->status), size, request_id);
  for (guint i = 0; reply->headers != NULL && i < reply->headers->len; i += 2)
    g_string_append_printf (text, "%s: %s\r\n", (char *) reply->headers->pdata[i],
                            (char *) reply->headers->pdata[i + 1]);
  g_string_append (text, "\r\n");
  g_string_append_len (text, g_bytes_get_data (reply->body, NULL), (gssize) size);
  /* It fits the socket's buffer; a client that is gone has no use for it. */
  g_output_stream_write (g_io_stream_get_output_stream (stream), text->str, text->len, NULL, NULL);
  vai_client_stream_leave (client);
}

/* Answers at once, without a worker. Addresses and methods that are none are one route in log and metrics: whoever
 * tries them all shall not fill the memory. */
static void
answer_early (const VaiServerConfig *config, SoupServerMessage *message, const VaiRoute *route, VaiReply *reply)
{
  static const VaiRoute none = { .method = "other", .path = "none", .rate = VAI_RATE_READ };
  g_autofree char *request_id = vai_uuid_new ();
  g_autofree char *address = vai_client_address_dup (config, message);
  const VaiCall call = { .route = route != NULL ? route : &none, .request_id = request_id, .address = address };
  vai_metrics_note_request (&call, reply->status, 0);
  vai_log_request (&call, reply->status, 0);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  if (soup_message_headers_get_content_length (headers) > 0
      || soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED)
    answer_and_leave (message, request_id, reply);
  else
    send_reply (config, message, request_id, reply);
}

typedef struct
{
  VaiListener *listener;
  char *who;
  gsize bytes;
} Body;

static gsize
bytes_of (VaiListener *self, const char *who)
{
  return GPOINTER_TO_SIZE (g_hash_table_lookup (self->bodies, who));
}

static void
body_gone_cb (gpointer data, GObject *message)
{
  g_autofree Body *body = data;
  VaiListener *self = body->listener;
  gsize left = bytes_of (self, body->who) - body->bytes;
  self->body_bytes -= body->bytes;
  if (left == 0)
    g_hash_table_remove (self->bodies, body->who);
  else
    g_hash_table_insert (self->bodies, g_strdup (body->who), GSIZE_TO_POINTER (left));
  g_free (body->who);
}

/* FALSE when there is no room for the body of @message now. */
static gboolean
make_room (VaiListener *self, SoupServerMessage *message, const VaiRoute *route)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  gsize bytes = (gsize) soup_message_headers_get_content_length (headers);
  if (bytes <= SMALL_BODY_BYTES)
    return TRUE;
  /* Stripe has no token. */
  g_autofree char *user = vai_access_dup_user (self->server, soup_message_headers_get_one (headers, "Authorization"));
  const char *who = route->access == VAI_ACCESS_PUBLIC ? "public" : user != NULL ? user : "nobody";
  gsize of_who = bytes_of (self, who) + bytes;
  if (of_who > BODIES_BYTES_OF_ONE_MAX || self->body_bytes + bytes > BODIES_BYTES_MAX)
    return FALSE;
  Body *body = g_new (Body, 1);
  *body = (Body){ self, g_strdup (who), bytes };
  self->body_bytes += bytes;
  g_hash_table_insert (self->bodies, g_strdup (who), GSIZE_TO_POINTER (of_who));
  g_object_weak_ref (G_OBJECT (message), body_gone_cb, body);
  return TRUE;
}

static void
early_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  VaiListener *self = data;
  g_auto (GStrv) values = NULL;
  gboolean path_known;
  const VaiRoute *route = vai_route_find (soup_server_message_get_method (message), path, &values, &path_known);
  gboolean valid = vai_request_text_is_valid (path, query);
  g_autoptr (VaiReply) refusal = refuse_early (self->server, message, path, route, path_known, valid);
  if (refusal == NULL && !make_room (self, message, route))
    refusal = vai_reply_new_refusal (VAI_REFUSAL_UNAVAILABLE, NULL, "Too much is sent at once: try again.");
  if (refusal != NULL)
    answer_early (self->server->config, message, route, refusal);
}

static void
request_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  VaiListener *self = data;
  GStrv values = NULL;
  gboolean path_known;
  const VaiRoute *route = vai_route_find (soup_server_message_get_method (message), path, &values, &path_known);
  if (route == NULL) /* answered before */
    return;
  Exchange *exchange = g_new0 (Exchange, 1);
  exchange->listener = self;
  exchange->started = g_get_monotonic_time ();
  exchange->message = g_object_ref (message);
  exchange->call = make_call (self, message, path, query, route, values);
  self->n_running++;
  g_signal_connect (message, "disconnected", G_CALLBACK (client_gone_cb), exchange);
  soup_server_message_pause (message);
  if (route->flags & VAI_ROUTE_INLINE)
    {
      exchange->reply = vai_call_run (exchange->call);
      finish (exchange);
      return;
    }
  push (exchange);
}

VaiListener *
vai_listener_new (VaiServer *server, GError **error)
{
  VaiListener *self = g_new0 (VaiListener, 1);
  self->server = server;
  self->bodies = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_init (&self->lock);
  self->soup = soup_server_new (NULL, NULL);
  soup_server_add_early_handler (self->soup, NULL, early_cb, self, NULL);
  soup_server_add_handler (self->soup, NULL, request_cb, self, NULL);
  self->acceptor = vai_acceptor_new (server->config, self->soup, error);
  if (self->acceptor != NULL)
    return self;
  vai_listener_free (self);
  return NULL;
}

void
vai_listener_free (VaiListener *self)
{
  soup_server_disconnect (self->soup);
  g_object_unref (self->soup);
  vai_acceptor_free (self->acceptor);
  g_hash_table_unref (self->bodies);
  g_slist_free (self->answered);
  g_mutex_clear (&self->lock);
  g_free (self);
}

char *
vai_listener_dup_url (VaiListener *self)
{
  return vai_acceptor_dup_url (self->acceptor);
}

void
vai_listener_drain (VaiListener *self)
{
  gint64 until = g_get_monotonic_time () + DRAIN_MICROSECONDS;
  while ((self->n_running > 0 || vai_acceptor_is_busy (self->acceptor)) && g_get_monotonic_time () < until)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}
