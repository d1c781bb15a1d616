#include "vai-acceptor.h"

#include "vai-client-address.h"
#include "vai-error.h"
#include "vai-metrics.h"

#include <gio/gnetworking.h>
#include <string.h>
#include <sys/resource.h>

/* Connections that wait to be taken. */
#define BACKLOG 1024

/* Taken in one go: those who are being served wait no longer than this lasts. */
#define TAKEN_AT_ONCE 64

/* Without file descriptors new ones wait so long: somebody may have gone by then. */
#define PAUSE_MS 100

#define SWEEP_SECONDS 1

/* Of an answer that is not taken, the system keeps twice this; left alone it would keep megabytes for each. */
#define SENT_BYTES_MAX (256 * 1024)

/* File descriptors that are not for clients: a reader of the database and a blob or a connection to a store for each
 * worker, and the server's own. */
#define FILES_OF_A_WORKER 6
#define FILES_OF_THE_SERVER 64

/* Whoever has an address of IPv6 has all of its network. */
#define NETWORK_BYTES 8

struct _VaiAcceptor
{
  const VaiServerConfig *config;
  SoupServer *soup;
  GSocket *socket;
  GMainContext *nowhere;
  GHashTable *clients;  /* VaiClientStream, borrowed → its network, NULL for a proxy */
  GHashTable *networks; /* network → how many of them */
  VaiClientPatience patience;
  guint n_max, n_of_one_max;
  guint accepting, pausing, sweeping; /* ids of sources, or 0 */
};

/* ── Who is there ── */

/* By its remote address, which libsoup hands on from the connection to every message of it. */
VaiClientStream *
vai_acceptor_find_client (SoupServerMessage *message)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);
  return address != NULL ? g_object_get_data (G_OBJECT (address), "client") : NULL;
}

static void
tell_state (SoupServerMessage *message, VaiClientState state)
{
  VaiClientStream *client = vai_acceptor_find_client (message);
  if (client != NULL)
    vai_client_stream_set_state (client, state);
}

static void
started_cb (SoupServer *soup, SoupServerMessage *message, VaiAcceptor *self)
{
  tell_state (message, VAI_CLIENT_ASKS);
}

static void
read_cb (SoupServer *soup, SoupServerMessage *message, VaiAcceptor *self)
{
  tell_state (message, VAI_CLIENT_WAITS);
}

static void
finished_cb (SoupServer *soup, SoupServerMessage *message, VaiAcceptor *self)
{
  tell_state (message, VAI_CLIENT_RESTS);
}

static guint
count_of (VaiAcceptor *self, const char *network)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->networks, network));
}

static void
tell_number (VaiAcceptor *self)
{
  vai_metrics_set ("valutai_connections", "Open connections of clients.", g_hash_table_size (self->clients));
}

static void
closed_cb (VaiClientStream *client, gpointer data)
{
  VaiAcceptor *self = data;
  const char *network = g_hash_table_lookup (self->clients, client);
  guint n = network != NULL ? count_of (self, network) : 0;
  if (n > 1)
    g_hash_table_insert (self->networks, g_strdup (network), GUINT_TO_POINTER (n - 1));
  else if (n == 1)
    g_hash_table_remove (self->networks, network);
  g_hash_table_remove (self->clients, client);
  tell_number (self);
}

static void
count_cut (guint n)
{
  vai_metrics_count ("valutai_connections_cut_total", "Connections of clients that took too long.", n);
}

static gboolean
sweep_cb (gpointer data)
{
  VaiAcceptor *self = data;
  gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer client;
  g_hash_table_iter_init (&iter, self->clients);
  while (g_hash_table_iter_next (&iter, &client, NULL))
    if (vai_client_stream_cut_late (client, now))
      count_cut (1);
  if (g_hash_table_size (self->clients) > 0)
    return G_SOURCE_CONTINUE;
  self->sweeping = 0;
  return G_SOURCE_REMOVE;
}

/* ── Who comes ── */

static void
count_refused (guint n)
{
  vai_metrics_count ("valutai_connections_refused_total", "Connections that were too many.", n);
}

/* Too many are told so at once, and not left to wait for what will not come. */
static void
send_away (GSocket *socket)
{
  static const char body[]
      = "{\"error\":{\"code\":\"unavailable\",\"message\":\"There are too many connections: try again.\"}}";
  g_autofree char *answer
      = g_strdup_printf ("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n"
                         "Content-Type: application/json\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                         strlen (body), body);
  char asked[4096];
  g_socket_send_with_blocking (socket, answer, strlen (answer), FALSE, NULL, NULL);
  g_socket_shutdown (socket, FALSE, TRUE, NULL);
  /* Closed with a request in it that was not read, the socket would take the answer back. */
  g_socket_receive_with_blocking (socket, asked, sizeof asked, FALSE, NULL, NULL);
  count_refused (1);
}

/* What is counted together; NULL for a proxy, behind which everybody is. */
static char *
dup_network (VaiAcceptor *self, GSocketAddress *address)
{
  GInetAddress *inet = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address));
  g_autofree char *peer = g_inet_address_to_string (inet);
  if (vai_client_address_is_proxy (self->config, peer))
    return NULL;
  if (g_inet_address_get_family (inet) == G_SOCKET_FAMILY_IPV4)
    return g_steal_pointer (&peer);
  guint8 bytes[16] = { 0 };
  memcpy (bytes, g_inet_address_to_bytes (inet), NETWORK_BYTES);
  g_autoptr (GInetAddress) network = g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV6);
  return g_inet_address_to_string (network);
}

static void
take_in (VaiAcceptor *self, GSocket *socket)
{
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (socket, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_get_remote_address (socket, NULL);
  if (local == NULL || remote == NULL) /* gone already */
    return;
  g_autofree char *network = dup_network (self, remote);
  guint n = network != NULL ? count_of (self, network) : 0;
  if (g_hash_table_size (self->clients) >= self->n_max || n >= self->n_of_one_max)
    {
      send_away (socket);
      return;
    }
  if (network != NULL)
    g_hash_table_insert (self->networks, g_strdup (network), GUINT_TO_POINTER (n + 1));
  g_autoptr (VaiClientStream) client = vai_client_stream_new (socket, &self->patience, closed_cb, self);
  g_hash_table_insert (self->clients, client, g_steal_pointer (&network));
  g_object_set_data_full (G_OBJECT (remote), "client", g_object_ref (client), g_object_unref);
  tell_number (self);
  if (self->sweeping == 0)
    self->sweeping = g_timeout_add_seconds (SWEEP_SECONDS, sweep_cb, self);
  soup_server_accept_iostream (self->soup, G_IO_STREAM (client), local, remote, NULL);
}

static void begin_accepting (VaiAcceptor *self);

static gboolean
pause_over_cb (gpointer data)
{
  VaiAcceptor *self = data;
  self->pausing = 0;
  begin_accepting (self);
  return G_SOURCE_REMOVE;
}

static gboolean
accept_cb (GSocket *listening, GIOCondition condition, gpointer data)
{
  VaiAcceptor *self = data;
  for (guint i = 0; i < TAKEN_AT_ONCE; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GSocket) socket = g_socket_accept (listening, NULL, &error);
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return G_SOURCE_CONTINUE;
      if (socket != NULL)
        {
          take_in (self, socket);
          continue;
        }
      g_warning ("no connection can be taken in now: %s", error->message);
      self->accepting = 0;
      self->pausing = g_timeout_add (PAUSE_MS, pause_over_cb, self);
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

static void
begin_accepting (VaiAcceptor *self)
{
  g_autoptr (GSource) source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (source, G_SOURCE_FUNC (accept_cb), self, NULL);
  self->accepting = g_source_attach (source, NULL);
}

/* ── Start and end ── */

static GSocket *
listen_on (const char *text, GError **error)
{
  g_autoptr (GSocketConnectable) where = g_network_address_parse (text, 8480, error);
  if (where == NULL)
    return NULL;
  GNetworkAddress *network = G_NETWORK_ADDRESS (where);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (g_network_address_get_hostname (network),
                                                                              g_network_address_get_port (network));
  if (address == NULL)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, "listen: “%s” is no address and port like 127.0.0.1:8480.", text);
      return NULL;
    }
  g_autoptr (GSocket) socket
      = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
  if (socket == NULL || !g_socket_bind (socket, address, TRUE, error))
    {
      g_prefix_error (error, "Cannot listen on “%s”, choose another with --listen: ", text);
      return NULL;
    }
  g_socket_set_blocking (socket, FALSE);
  /* Those that are taken have these from here. */
  g_socket_set_option (socket, SOL_SOCKET, SO_SNDBUF, SENT_BYTES_MAX, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  g_socket_set_listen_backlog (socket, BACKLOG);
  return g_socket_listen (socket, error) ? g_steal_pointer (&socket) : NULL;
}

/* Clients shall not take the file descriptors that their requests need. */
static void
fit_files (VaiAcceptor *self)
{
  rlim_t kept
      = FILES_OF_THE_SERVER + FILES_OF_A_WORKER * (rlim_t) vai_server_config_get_integer (self->config, "workers");
  struct rlimit files;
  if (getrlimit (RLIMIT_NOFILE, &files) != 0)
    return;
  rlim_t wanted = kept + self->n_max;
  if (files.rlim_cur < wanted && files.rlim_cur < files.rlim_max)
    {
      files.rlim_cur = MIN (wanted, files.rlim_max);
      setrlimit (RLIMIT_NOFILE, &files);
    }
  if (getrlimit (RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= wanted)
    return;
  self->n_max = files.rlim_cur > kept ? (guint) (files.rlim_cur - kept) : 1;
  g_warning ("only %u connections are taken: the system lets this process open %lu files (LimitNOFILE)", self->n_max,
             (gulong) files.rlim_cur);
}

/* libsoup keeps connections between requests only while it listens. So it does, in a context that nobody runs. */
static gboolean
let_soup_listen (VaiAcceptor *self, GError **error)
{
  self->nowhere = g_main_context_new ();
  g_main_context_push_thread_default (self->nowhere);
  gboolean done = soup_server_listen_socket (self->soup, self->socket, 0, error);
  g_main_context_pop_thread_default (self->nowhere);
  return done;
}

VaiAcceptor *
vai_acceptor_new (const VaiServerConfig *config, SoupServer *soup, GError **error)
{
  VaiAcceptor *self = g_new0 (VaiAcceptor, 1);
  self->config = config;
  self->soup = soup;
  self->clients = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, g_free);
  self->networks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->patience.moving = vai_server_config_get_integer (config, "client-timeout") * G_USEC_PER_SEC;
  self->patience.resting = vai_server_config_get_integer (config, "idle-timeout") * G_USEC_PER_SEC;
  self->n_max = (guint) vai_server_config_get_integer (config, "connections");
  self->n_of_one_max = (guint) vai_server_config_get_integer (config, "connections-per-address");
  fit_files (self);
  self->socket = listen_on (vai_server_config_get_text (config, "listen"), error);
  if (self->socket == NULL || !let_soup_listen (self, error))
    {
      vai_acceptor_free (self);
      return NULL;
    }
  g_signal_connect (soup, "request-started", G_CALLBACK (started_cb), self);
  g_signal_connect (soup, "request-read", G_CALLBACK (read_cb), self);
  g_signal_connect (soup, "request-finished", G_CALLBACK (finished_cb), self);
  g_signal_connect (soup, "request-aborted", G_CALLBACK (finished_cb), self);
  count_cut (0);
  count_refused (0); /* it is there from the start: an increase from nothing is seen by no alert */
  begin_accepting (self);
  return self;
}

void
vai_acceptor_free (VaiAcceptor *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->accepting, g_source_remove);
  g_clear_handle_id (&self->pausing, g_source_remove);
  g_clear_handle_id (&self->sweeping, g_source_remove);
  /* libsoup has closed the others. */
  g_autoptr (GList) leaving = g_hash_table_get_keys (self->clients);
  for (GList *l = leaving; l != NULL; l = l->next)
    g_io_stream_close (l->data, NULL, NULL);
  g_clear_object (&self->socket);
  g_clear_pointer (&self->nowhere, g_main_context_unref);
  g_hash_table_unref (self->clients);
  g_hash_table_unref (self->networks);
  g_free (self);
}

/* libsoup would say it too, and leak two addresses. */
char *
vai_acceptor_dup_url (VaiAcceptor *self)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (self->socket, NULL);
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);
  g_autofree char *host = g_inet_address_to_string (g_inet_socket_address_get_address (inet));
  return g_uri_join (G_URI_FLAGS_NONE, "http", NULL, host, g_inet_socket_address_get_port (inet), "", NULL, NULL);
}

gboolean
vai_acceptor_is_busy (VaiAcceptor *self)
{
  GHashTableIter iter;
  gpointer client;
  g_hash_table_iter_init (&iter, self->clients);
  while (g_hash_table_iter_next (&iter, &client, NULL))
    if (vai_client_stream_get_state (client) == VAI_CLIENT_WAITS
        || vai_client_stream_get_state (client) == VAI_CLIENT_READS)
      return TRUE;
  return FALSE;
}
