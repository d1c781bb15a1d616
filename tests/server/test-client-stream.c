/* How long the client of a stream may take: a socket whose other end is the test. */
#include "vai-client-stream.h"

#include <sys/socket.h>
#include <unistd.h>

static const VaiClientPatience patience = { .moving = 30 * G_USEC_PER_SEC, .resting = 90 * G_USEC_PER_SEC };

typedef struct
{
  VaiClientStream *stream;
  int client;
  guint n_closed;
} Fixture;

static void
closed_cb (VaiClientStream *stream, gpointer data)
{
  ((Fixture *) data)->n_closed++;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  int ends[2];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (ends[0], &error);
  g_assert_no_error (error);
  self->stream = vai_client_stream_new (socket, &patience, closed_cb, self);
  self->client = ends[1];
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_true (g_io_stream_close (G_IO_STREAM (self->stream), NULL, NULL));
  g_assert_cmpuint (self->n_closed, ==, 1);
  g_object_unref (self->stream);
  close (self->client);
}

static void
send_bytes (Fixture *self, gsize n)
{
  g_autofree char *bytes = g_malloc0 (n);
  g_assert_cmpint (send (self->client, bytes, n, 0), ==, (gssize) n);
}

static void
read_all (Fixture *self)
{
  char bytes[65536];
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (self->stream));
  while (g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (input), bytes, sizeof bytes, NULL, NULL)
         > 0)
    ;
}

static gboolean
was_cut (Fixture *self)
{
  char byte;
  return recv (self->client, &byte, 1, MSG_DONTWAIT) == 0;
}

static void
test_silent (Fixture *self, gconstpointer data)
{
  gint64 now = g_get_monotonic_time ();
  g_assert_false (vai_client_stream_cut_late (self->stream, now + 29 * G_USEC_PER_SEC));
  g_assert_false (was_cut (self));
  g_assert_true (vai_client_stream_cut_late (self->stream, now + 31 * G_USEC_PER_SEC));
  g_assert_true (was_cut (self));
  g_assert_false (vai_client_stream_cut_late (self->stream, now + 600 * G_USEC_PER_SEC)); /* it was already */
}

/* Ten seconds' worth of bytes buy ten seconds, and one byte none. */
static void
test_bytes_buy_time (Fixture *self, gconstpointer data)
{
  gint64 now = g_get_monotonic_time ();
  for (guint i = 0; i < 10; i++)
    {
      send_bytes (self, 16 * 1024);
      read_all (self);
    }
  g_assert_false (vai_client_stream_cut_late (self->stream, now + 39 * G_USEC_PER_SEC));
  send_bytes (self, 1);
  read_all (self);
  g_assert_true (vai_client_stream_cut_late (self->stream, now + 41 * G_USEC_PER_SEC));
}

/* What came while the server was busy is read before its client is cut off; but who drips bytes so that there is always
 * one that was not read yet has no more than that. */
static void
test_unread_byte (Fixture *self, gconstpointer data)
{
  gint64 now = g_get_monotonic_time ();
  send_bytes (self, 1);
  g_assert_false (vai_client_stream_cut_late (self->stream, now + 31 * G_USEC_PER_SEC));
  read_all (self);
  send_bytes (self, 1);
  g_assert_true (vai_client_stream_cut_late (self->stream, now + 32 * G_USEC_PER_SEC));
  g_assert_true (was_cut (self));
}

/* The next request has the same again. */
static void
test_each_request (Fixture *self, gconstpointer data)
{
  gint64 now = g_get_monotonic_time ();
  for (guint i = 0; i < 2; i++)
    {
      vai_client_stream_set_state (self->stream, VAI_CLIENT_ASKS);
      send_bytes (self, 1);
      g_assert_false (vai_client_stream_cut_late (self->stream, now + 31 * G_USEC_PER_SEC));
      read_all (self);
      vai_client_stream_set_state (self->stream, VAI_CLIENT_WAITS);
      g_assert_false (vai_client_stream_cut_late (self->stream, now + 600 * G_USEC_PER_SEC));
      vai_client_stream_set_state (self->stream, VAI_CLIENT_RESTS);
      g_assert_false (vai_client_stream_cut_late (self->stream, now + 89 * G_USEC_PER_SEC));
    }
  g_assert_true (vai_client_stream_cut_late (self->stream, now + 100 * G_USEC_PER_SEC));
}

/* Who leaves is told so at once, and what it still sends is thrown away, until it has hung up or its time is over,
 * which no byte makes longer. */
static void
test_leaves (Fixture *self, gconstpointer data)
{
  gboolean late = GPOINTER_TO_INT (data);
  gint64 now = g_get_monotonic_time ();
  vai_client_stream_leave (self->stream);
  g_assert_true (was_cut (self));
  for (guint i = 0; i < 10; i++)
    {
      send_bytes (self, 64 * 1024);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  g_assert_cmpuint (self->n_closed, ==, 0);
  vai_client_stream_set_state (self->stream, VAI_CLIENT_RESTS);
  g_assert_false (vai_client_stream_cut_late (self->stream, now + G_USEC_PER_SEC));
  if (late)
    g_assert_true (vai_client_stream_cut_late (self->stream, now + 10 * G_USEC_PER_SEC));
  else
    shutdown (self->client, SHUT_WR);
  while (self->n_closed == 0)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, run) g_test_add ("/client-stream/" name, Fixture, NULL, set_up, run, tear_down)
  CASE ("silent", test_silent);
  CASE ("bytes-buy-time", test_bytes_buy_time);
  CASE ("unread-byte", test_unread_byte);
  CASE ("each-request", test_each_request);
  CASE ("leaves", test_leaves);
  g_test_add ("/client-stream/leaves-late", Fixture, GINT_TO_POINTER (TRUE), set_up, test_leaves, tear_down);
  return g_test_run ();
}
