/* Takes connections in: how many, how many of one address, and for how long. libsoup's own listener takes all, keeps
 * them as long as their clients like, and stops for good when the process has no file descriptor left. */
#pragma once

#include "vai-client-stream.h"
#include "vai-server-config.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _VaiAcceptor VaiAcceptor;

/* Listens at “listen” of @config and gives @soup who comes there. */
VaiAcceptor *vai_acceptor_new (const VaiServerConfig *config, SoupServer *soup, GError **error);

/* After @soup has let go of its connections. */
void vai_acceptor_free (VaiAcceptor *self);

/* “http://ADDRESS:PORT”, where it listens. Free with g_free(). */
char *vai_acceptor_dup_url (VaiAcceptor *self);

/* Whose connection @message came by: borrowed. NULL: nobody's that was taken in here. */
VaiClientStream *vai_acceptor_find_client (SoupServerMessage *message);

/* TRUE while somebody waits for an answer or still reads it. */
gboolean vai_acceptor_is_busy (VaiAcceptor *self);

G_END_DECLS
