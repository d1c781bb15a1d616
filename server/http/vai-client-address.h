#pragma once

#include "vai-server-config.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The address of the one who asks: of the connection, or when that is a trusted proxy, the right-most entry of
 * X-Forwarded-For that is not one. Free with g_free(). */
char *vai_client_address_dup (const VaiServerConfig *config, SoupServerMessage *message);

G_END_DECLS
