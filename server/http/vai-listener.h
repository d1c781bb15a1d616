/* The socket side: takes requests in, refuses what is too large before reading it, hands the rest to the workers, sends
 * the answers. */
#pragma once

#include "vai-server.h"

G_BEGIN_DECLS

VaiListener *vai_listener_new (VaiServer *server, GError **error);
void vai_listener_free (VaiListener *self);

/* “http://127.0.0.1:8480”; free with g_free(). */
char *vai_listener_dup_url (VaiListener *self);

/* Takes no new request and returns when what runs was answered, or after some seconds. */
void vai_listener_drain (VaiListener *self);

G_END_DECLS
