/* Sends requests that were made beforehand over many connections, each next one when the answer to the one before is
 * there, and tells how many were answered as wished in how long. Small, because it works on the server's processors.
 *
 * replay HOST PORT WISHED-TEXT FILE…: a connection for each file, which is requests, each after its size as eight
 * digits and \n. */
#include <arpa/inet.h>
#include <glib.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MAX 65536

typedef struct
{
  struct sockaddr_in address;
  const char *wished;
  const char *path;
  guint n_right;
  guint n_wrong;
  GArray *microseconds; /* of gint64, one for each request */
} Client;

static int
connect_to (const Client *self)
{
  int one = 1, fd = socket (AF_INET, SOCK_STREAM, 0);
  if (connect (fd, (const struct sockaddr *) &self->address, sizeof self->address) != 0)
    g_error ("no connection");
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return fd;
}

/* Reads one answer into @answer, as a text. */
static void
read_answer (int fd, char *answer)
{
  gsize n = 0, wanted = 0;
  while (wanted == 0 || n < wanted)
    {
      gssize got = read (fd, answer + n, ANSWER_MAX - 1 - n);
      if (got <= 0)
        g_error ("the server hung up");
      n += (gsize) got;
      answer[n] = '\0';
      const char *end = strstr (answer, "\r\n\r\n");
      if (wanted != 0 || end == NULL)
        continue;
      const char *length = strcasestr (answer, "\r\ncontent-length:");
      wanted = (gsize) (end - answer) + 4 + (length != NULL && length < end ? strtoul (length + 17, NULL, 10) : 0);
    }
}

static gpointer
client_thread (gpointer data)
{
  Client *self = data;
  g_autofree char *text = NULL, *answer = g_malloc (ANSWER_MAX);
  gsize size;
  if (!g_file_get_contents (self->path, &text, &size, NULL))
    g_error ("cannot read %s", self->path);
  int fd = connect_to (self);
  for (const char *p = text; p < text + size;)
    {
      gsize length = strtoul (p, NULL, 10);
      gint64 started = g_get_monotonic_time ();
      if (write (fd, p + 9, length) != (gssize) length)
        g_error ("the server takes nothing");
      read_answer (fd, answer);
      gint64 took = g_get_monotonic_time () - started;
      g_array_append_val (self->microseconds, took);
      if (strstr (answer, self->wished) != NULL)
        self->n_right++;
      else if (self->n_wrong++ == 0)
        g_printerr ("%s\n", answer);
      p += 9 + length;
    }
  close (fd);
  return NULL;
}

static int
compare_times (const void *a, const void *b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;
  return left < right ? -1 : left > right;
}

int
main (int argc, char **argv)
{
  if (argc < 5)
    return 2;
  guint n = (guint) argc - 4, n_right = 0, n_wrong = 0;
  g_autofree Client *clients = g_new0 (Client, n);
  g_autofree GThread **threads = g_new0 (GThread *, n);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 started = g_get_monotonic_time ();
  for (guint i = 0; i < n; i++)
    {
      clients[i].address.sin_family = AF_INET;
      clients[i].address.sin_port = htons ((guint16) atoi (argv[2]));
      inet_pton (AF_INET, argv[1], &clients[i].address.sin_addr);
      clients[i].wished = argv[3];
      clients[i].path = argv[4 + i];
      clients[i].microseconds = g_array_new (FALSE, FALSE, sizeof (gint64));
      threads[i] = g_thread_new ("client", client_thread, &clients[i]);
    }
  for (guint i = 0; i < n; i++)
    {
      g_thread_join (threads[i]);
      n_right += clients[i].n_right;
      n_wrong += clients[i].n_wrong;
      g_array_append_vals (times, clients[i].microseconds->data, clients[i].microseconds->len);
      g_array_unref (clients[i].microseconds);
    }
  double seconds = (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC;
  qsort (times->data, times->len, sizeof (gint64), compare_times);
  g_print ("{\"right\": %u, \"wrong\": %u, \"seconds\": %.3f, \"per_second\": %.0f, \"median_ms\": %.2f, \"p99_ms\": "
           "%.2f}\n",
           n_right, n_wrong, seconds, n_right / seconds, (double) g_array_index (times, gint64, times->len / 2) / 1000,
           (double) g_array_index (times, gint64, times->len * 99 / 100) / 1000);
  return n_wrong > 0;
}
