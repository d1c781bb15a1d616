#include "vai-workers.h"

#include "vai-access.h"
#include "vai-protocol.h"
#include "vai-form.h"
#include "vai-web-page.h"
#include "vai-rate-limit.h"
#include "vai-route.h"

typedef struct
{
  VaiCall *call; /* NULL: the thread is to end */
  VaiCallDone done;
  gpointer data;
} Work;

struct _VaiWorkers
{
  VaiServer *server;
  GAsyncQueue *queue; /* of Work */
  GPtrArray *threads;
};

static VaiReply *
check_message (VaiCall *call)
{
  g_autoptr (GError) error = NULL;
  gsize size = 0;
  const char *text = call->body != NULL ? g_bytes_get_data (call->body, &size) : "";
  call->message = call->route->flags & VAI_ROUTE_FORM ? vai_form_parse (call->body, &error)
                                                      : vai_message_parse (text, size, &error);
  if (call->message == NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_BAD_REQUEST, NULL, "%s", error->message);
  g_autofree char *field = NULL, *why = NULL;
  if (vai_message_check (call->message, call->route->fields, &field, &why))
    return NULL;
  return vai_reply_new_refusal (VAI_REFUSAL_INVALID, field, "“%s” %s.", field, why);
}

/* A client says which protocol it speaks, and learns here that it is too old, or newer than this server. */
static VaiReply *
check_protocol (VaiCall *call)
{
  gint64 version;
  if (call->protocol == NULL)
    return NULL;
  if (!g_ascii_string_to_signed (call->protocol, 10, 0, G_MAXINT, &version, NULL) || version > VAI_PROTOCOL_VERSION)
    return vai_reply_new_refusal (VAI_REFUSAL_BAD_REQUEST, NULL,
                                  "This server speaks protocol %d to %d: take one of them.", VAI_PROTOCOL_OLDEST,
                                  VAI_PROTOCOL_VERSION);
  if (version < VAI_PROTOCOL_OLDEST)
    return vai_reply_new_refusal (VAI_REFUSAL_UPGRADE, NULL, "This program is too old for the server: update it.");
  return NULL;
}

/* The token comes first, so that whoever has one is not counted with the others behind an address; then how often; and
 * only then the database is asked. */
static VaiReply *
check_caller (VaiCall *call)
{
  g_autoptr (VaiReply) stranger = vai_access_check (call);
  VaiReply *refusal = vai_rate_limit_check (call, g_get_monotonic_time ());
  if (refusal == NULL)
    refusal = check_protocol (call);
  if (refusal == NULL)
    refusal = g_steal_pointer (&stranger);
  if (refusal == NULL && call->session_unchecked && !(call->route->flags & VAI_ROUTE_SESSION_INSIDE))
    refusal = vai_access_check_session (call);
  return refusal;
}

VaiReply *
vai_call_run (VaiCall *call)
{
  call->now = vai_server_now ();
  VaiReply *refusal = check_caller (call);
  if (refusal == NULL && call->route->fields != NULL && call->message == NULL)
    refusal = check_message (call);
  VaiReply *reply = refusal != NULL ? refusal : call->route->handler (call);
  /* A handler that found an answer without a transaction, or was refused there. */
  if (refusal == NULL && call->session_unchecked && (refusal = vai_access_check_session (call)) != NULL)
    {
      vai_reply_free (reply);
      reply = refusal;
    }
  return call->route->flags & VAI_ROUTE_FORM ? vai_web_page_show_refusal (call, reply) : reply;
}

static gpointer
worker_thread (gpointer data)
{
  VaiWorkers *self = data;
  g_autoptr (VaiConnection) connection = vai_connection_new (self->server->database);
  for (;;)
    {
      g_autofree Work *work = g_async_queue_pop (self->queue);
      if (work->call == NULL)
        return NULL;
      work->call->connection = connection;
      work->done (work->call, vai_call_run (work->call), work->data);
    }
}

VaiWorkers *
vai_workers_new (VaiServer *server, guint n_threads)
{
  VaiWorkers *self = g_new0 (VaiWorkers, 1);
  self->server = server;
  self->queue = g_async_queue_new ();
  self->threads = g_ptr_array_new ();
  for (guint i = 0; i < n_threads; i++)
    g_ptr_array_add (self->threads, g_thread_new ("worker", worker_thread, self));
  return self;
}

void
vai_workers_free (VaiWorkers *self)
{
  for (guint i = 0; i < self->threads->len; i++)
    g_async_queue_push (self->queue, g_new0 (Work, 1));
  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (self->threads->pdata[i]);
  g_ptr_array_unref (self->threads);
  g_async_queue_unref (self->queue);
  g_free (self);
}

gboolean
vai_workers_push (VaiWorkers *self, VaiCall *call, VaiCallDone done, gpointer data)
{
  if (g_async_queue_length (self->queue) > VAI_WORKERS_QUEUE_MAX)
    return FALSE;
  Work *work = g_new (Work, 1);
  *work = (Work){ call, done, data };
  g_async_queue_push (self->queue, work);
  return TRUE;
}

guint
vai_workers_get_n_waiting (VaiWorkers *self)
{
  return (guint) MAX (g_async_queue_length (self->queue), 0);
}
