#include "vai-client-stream.h"

#include <sys/socket.h>

/* Who is slower than a modem of the nineties holds a place for others. Time is given for what has moved, so one byte
 * now and then buys none. */
#define BYTES_A_SECOND_MIN (16 * 1024)

/* Of a request that was refused, so long and so much is thrown away: as much as the largest that is not. */
#define LEAVING_MICROSECONDS (2 * G_TIME_SPAN_SECOND)
#define THROWN_BYTES_MAX (32 * 1024 * 1024)

/* At once: then others have their turn. */
#define THROWN_BYTES (64 * 1024)

struct _VaiClientStream
{
  GIOStream parent_instance;
  GSocket *socket;
  GInputStream *input;
  GOutputStream *output;
  const VaiClientPatience *patience;
  VaiClientState state;
  gint64 deadline; /* monotonic; G_MAXINT64: none */
  gboolean spared; /* after this deadline, once */
  gsize thrown;    /* bytes, while it leaves */
  VaiClientClosed closed;
  gpointer data;
};

/* The two halves, which libsoup may keep longer than the whole. */
struct _VaiClientInput
{
  GInputStream parent_instance;
  GSocket *socket;
  VaiClientStream *whole; /* weak */
};

struct _VaiClientOutput
{
  GOutputStream parent_instance;
  GSocket *socket;
  VaiClientStream *whole; /* weak */
};

G_DECLARE_FINAL_TYPE (VaiClientInput, vai_client_input, VAI, CLIENT_INPUT, GInputStream)
G_DECLARE_FINAL_TYPE (VaiClientOutput, vai_client_output, VAI, CLIENT_OUTPUT, GOutputStream)

static void input_pollable_init (GPollableInputStreamInterface *interface);
static void output_pollable_init (GPollableOutputStreamInterface *interface);

G_DEFINE_TYPE (VaiClientStream, vai_client_stream, G_TYPE_IO_STREAM)
G_DEFINE_TYPE_WITH_CODE (VaiClientInput,
                         vai_client_input,
                         G_TYPE_INPUT_STREAM,
                         G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM, input_pollable_init))
G_DEFINE_TYPE_WITH_CODE (VaiClientOutput,
                         vai_client_output,
                         G_TYPE_OUTPUT_STREAM,
                         G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM, output_pollable_init))

static void
note_moved (VaiClientStream *self, gssize n)
{
  if (self != NULL && n > 0 && self->deadline != G_MAXINT64 && self->state != VAI_CLIENT_LEAVES)
    self->deadline += n * G_USEC_PER_SEC / BYTES_A_SECOND_MIN;
}

/* ── What is read ── */

/* libsoup 3.2 forgets the connection of a client that hangs up between two requests: nobody closes it any more. The end
 * of a request that was begun it does notice, so one is begun. */
static gboolean
begin_last_request (VaiClientStream *self, void *buffer, gsize size)
{
  if (self == NULL || self->state != VAI_CLIENT_RESTS || size == 0)
    return FALSE;
  self->state = VAI_CLIENT_ASKS;
  *(char *) buffer = 'x';
  return TRUE;
}

static gssize
read_now (VaiClientInput *self, void *buffer, gsize size, GError **error)
{
  g_autoptr (GError) local = NULL;
  gssize n = g_socket_receive_with_blocking (self->socket, buffer, size, FALSE, NULL, &local);
  /* libsoup tells of a request only when its first line is whole. */
  if (n > 0 && self->whole != NULL && self->whole->state == VAI_CLIENT_RESTS)
    vai_client_stream_set_state (self->whole, VAI_CLIENT_ASKS);
  note_moved (self->whole, n);
  if (n <= 0 && !g_error_matches (local, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)
      && begin_last_request (self->whole, buffer, size))
    return 1;
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return n;
}

static gssize
input_read (GInputStream *stream, void *buffer, gsize size, GCancellable *cancellable, GError **error)
{
  return read_now (VAI_CLIENT_INPUT (stream), buffer, size, error);
}

static gssize
input_read_nonblocking (GPollableInputStream *stream, void *buffer, gsize size, GError **error)
{
  return read_now (VAI_CLIENT_INPUT (stream), buffer, size, error);
}

static gboolean
input_is_readable (GPollableInputStream *stream)
{
  return g_socket_condition_check (VAI_CLIENT_INPUT (stream)->socket, G_IO_IN) != 0;
}

/* The socket's own source, whose callback has other arguments than the interface says: libsoup gives it none, as it is
 * a child of one of libsoup's. One more between them would be added to the main loop, and taken away, with each
 * request. */
static GSource *
input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  return g_socket_create_source (VAI_CLIENT_INPUT (stream)->socket, G_IO_IN, cancellable);
}

static void
vai_client_input_finalize (GObject *object)
{
  VaiClientInput *self = VAI_CLIENT_INPUT (object);
  g_clear_weak_pointer (&self->whole);
  g_object_unref (self->socket);
  G_OBJECT_CLASS (vai_client_input_parent_class)->finalize (object);
}

static void
vai_client_input_class_init (VaiClientInputClass *class)
{
  G_OBJECT_CLASS (class)->finalize = vai_client_input_finalize;
  G_INPUT_STREAM_CLASS (class)->read_fn = input_read;
}

static void
input_pollable_init (GPollableInputStreamInterface *interface)
{
  interface->is_readable = input_is_readable;
  interface->create_source = input_create_source;
  interface->read_nonblocking = input_read_nonblocking;
}

static void
vai_client_input_init (VaiClientInput *self)
{
}

/* ── What is written ── */

static gssize
write_now (VaiClientOutput *self, const void *buffer, gsize size, GError **error)
{
  if (self->whole != NULL && self->whole->state == VAI_CLIENT_WAITS)
    vai_client_stream_set_state (self->whole, VAI_CLIENT_READS);
  gssize n = g_socket_send_with_blocking (self->socket, buffer, size, FALSE, NULL, error);
  note_moved (self->whole, n);
  return n;
}

/* Also where one might wait, it does not: everybody would. */
static gssize
output_write (GOutputStream *stream, const void *buffer, gsize size, GCancellable *cancellable, GError **error)
{
  return write_now (VAI_CLIENT_OUTPUT (stream), buffer, size, error);
}

static gssize
output_write_nonblocking (GPollableOutputStream *stream, const void *buffer, gsize size, GError **error)
{
  return write_now (VAI_CLIENT_OUTPUT (stream), buffer, size, error);
}

static gboolean
output_is_writable (GPollableOutputStream *stream)
{
  return g_socket_condition_check (VAI_CLIENT_OUTPUT (stream)->socket, G_IO_OUT) != 0;
}

static GSource *
output_create_source (GPollableOutputStream *stream, GCancellable *cancellable)
{
  return g_socket_create_source (VAI_CLIENT_OUTPUT (stream)->socket, G_IO_OUT, cancellable);
}

static void
vai_client_output_finalize (GObject *object)
{
  VaiClientOutput *self = VAI_CLIENT_OUTPUT (object);
  g_clear_weak_pointer (&self->whole);
  g_object_unref (self->socket);
  G_OBJECT_CLASS (vai_client_output_parent_class)->finalize (object);
}

static void
vai_client_output_class_init (VaiClientOutputClass *class)
{
  G_OBJECT_CLASS (class)->finalize = vai_client_output_finalize;
  G_OUTPUT_STREAM_CLASS (class)->write_fn = output_write;
}

static void
output_pollable_init (GPollableOutputStreamInterface *interface)
{
  interface->is_writable = output_is_writable;
  interface->create_source = output_create_source;
  interface->write_nonblocking = output_write_nonblocking;
}

static void
vai_client_output_init (VaiClientOutput *self)
{
}

/* ── The whole ── */

static GInputStream *
stream_get_input (GIOStream *stream)
{
  return VAI_CLIENT_STREAM (stream)->input;
}

static GOutputStream *
stream_get_output (GIOStream *stream)
{
  return VAI_CLIENT_STREAM (stream)->output;
}

static gboolean
stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  VaiClientStream *self = VAI_CLIENT_STREAM (stream);
  gboolean done = g_socket_close (self->socket, error);
  VaiClientClosed closed = g_steal_pointer (&self->closed);
  if (closed != NULL)
    closed (self, self->data);
  return done;
}

static void
vai_client_stream_finalize (GObject *object)
{
  VaiClientStream *self = VAI_CLIENT_STREAM (object);
  g_object_unref (self->input);
  g_object_unref (self->output);
  g_object_unref (self->socket);
  G_OBJECT_CLASS (vai_client_stream_parent_class)->finalize (object);
}

static void
vai_client_stream_class_init (VaiClientStreamClass *class)
{
  G_OBJECT_CLASS (class)->finalize = vai_client_stream_finalize;
  G_IO_STREAM_CLASS (class)->get_input_stream = stream_get_input;
  G_IO_STREAM_CLASS (class)->get_output_stream = stream_get_output;
  G_IO_STREAM_CLASS (class)->close_fn = stream_close;
}

static void
vai_client_stream_init (VaiClientStream *self)
{
}

VaiClientStream *
vai_client_stream_new (GSocket *socket, const VaiClientPatience *patience, VaiClientClosed closed, gpointer data)
{
  VaiClientStream *self = g_object_new (VAI_TYPE_CLIENT_STREAM, NULL);
  VaiClientInput *input = g_object_new (vai_client_input_get_type (), NULL);
  VaiClientOutput *output = g_object_new (vai_client_output_get_type (), NULL);
  self->socket = g_object_ref (socket);
  input->socket = g_object_ref (socket);
  output->socket = g_object_ref (socket);
  g_set_weak_pointer (&input->whole, self);
  g_set_weak_pointer (&output->whole, self);
  self->input = G_INPUT_STREAM (input);
  self->output = G_OUTPUT_STREAM (output);
  self->patience = patience;
  self->closed = closed;
  self->data = data;
  vai_client_stream_set_state (self, VAI_CLIENT_ASKS);
  return self;
}

static gint64
deadline_of (VaiClientStream *self)
{
  gint64 now = g_get_monotonic_time ();
  switch (self->state)
    {
    case VAI_CLIENT_WAITS:
      return G_MAXINT64;
    case VAI_CLIENT_RESTS:
      return now + self->patience->resting;
    case VAI_CLIENT_LEAVES:
      return now + LEAVING_MICROSECONDS;
    default:
      return now + self->patience->moving;
    }
}

void
vai_client_stream_set_state (VaiClientStream *self, VaiClientState state)
{
  if (self->state == VAI_CLIENT_LEAVES)
    return;
  self->state = state;
  self->spared = FALSE;
  self->deadline = deadline_of (self);
}

static gboolean
throw_away_cb (GSocket *socket, GIOCondition condition, gpointer data)
{
  VaiClientStream *self = data;
  g_autoptr (GError) error = NULL;
  char thrown[THROWN_BYTES];
  gssize n = g_socket_receive_with_blocking (socket, thrown, sizeof thrown, FALSE, NULL, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;
  self->thrown += (gsize) MAX (n, 0);
  if (n > 0 && self->thrown < THROWN_BYTES_MAX)
    return G_SOURCE_CONTINUE;
  g_io_stream_close (G_IO_STREAM (self), NULL, NULL);
  return G_SOURCE_REMOVE;
}

void
vai_client_stream_leave (VaiClientStream *self)
{
  vai_client_stream_set_state (self, VAI_CLIENT_LEAVES);
  g_socket_shutdown (self->socket, FALSE, TRUE, NULL);
  g_autoptr (GSource) source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (source, G_SOURCE_FUNC (throw_away_cb), g_object_ref (self), g_object_unref);
  g_source_attach (source, NULL);
}

VaiClientState
vai_client_stream_get_state (VaiClientStream *self)
{
  return self->state;
}

gboolean
vai_client_stream_cut_late (VaiClientStream *self, gint64 now)
{
  if (now < self->deadline)
    return FALSE;
  /* What came while the server was busy is read first; who always has a byte on its way is not spared again. */
  if (self->state == VAI_CLIENT_ASKS && !self->spared && g_socket_condition_check (self->socket, G_IO_IN) != 0)
    {
      self->spared = TRUE;
      return FALSE;
    }
  self->deadline = G_MAXINT64;
  /* What it did not take is not kept for it in the system either. */
  const struct linger at_once = { .l_onoff = 1 };
  setsockopt (g_socket_get_fd (self->socket), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
  return TRUE;
}
