/* What libsoup reads the requests of one client from and writes the answers to: a socket that never blocks, and knows
 * how long its client may still take. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is waited for. */
typedef enum
{
  VAI_CLIENT_ASKS,   /* a request, from the connection or the first byte on */
  VAI_CLIENT_WAITS,  /* the server's work */
  VAI_CLIENT_READS,  /* the client, to take the answer */
  VAI_CLIENT_RESTS,  /* nothing: it may ask again */
  VAI_CLIENT_LEAVES, /* its end: it was answered before it had sent all */
} VaiClientState;

/* In microseconds. */
typedef struct
{
  gint64 moving;  /* for a request or an answer, and more for each byte of it */
  gint64 resting; /* between two requests */
} VaiClientPatience;

#define VAI_TYPE_CLIENT_STREAM (vai_client_stream_get_type ())
G_DECLARE_FINAL_TYPE (VaiClientStream, vai_client_stream, VAI, CLIENT_STREAM, GIOStream)

typedef void (*VaiClientClosed) (VaiClientStream *self, gpointer data);

/* @closed is called once, when the socket was closed, by whomever. @patience is borrowed and outlives it. */
VaiClientStream *
vai_client_stream_new (GSocket *socket, const VaiClientPatience *patience, VaiClientClosed closed, gpointer data);

void vai_client_stream_set_state (VaiClientStream *self, VaiClientState state);
VaiClientState vai_client_stream_get_state (VaiClientStream *self);

/* Ends it after an answer that came before the request was whole. What is still sent is thrown away for a while: closed
 * with something in it that was not read, the socket would take the answer back. */
void vai_client_stream_leave (VaiClientStream *self);

/* TRUE when its client took too long: it is cut off, and libsoup, which is told that it hung up, closes it. */
gboolean vai_client_stream_cut_late (VaiClientStream *self, gint64 now);

G_END_DECLS
