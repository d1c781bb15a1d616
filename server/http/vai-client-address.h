#pragma once

#include "vai-server-config.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The address of the one who asks: of the connection, or when that is a trusted proxy, the right-most entry of
 * X-Forwarded-For that is not one. Free with g_free(). */
char *vai_client_address_dup (const VaiServerConfig *config, SoupServerMessage *message);

/* The same of what was read already: @peer is the address of the connection or NULL, @forwarded the header or NULL. */
char *vai_client_address_choose (const char *const *trusted, const char *peer, const char *forwarded);

/* Whether @peer, an address as vai_client_address_choose() gives it, is a trusted proxy. */
gboolean vai_client_address_is_proxy (const VaiServerConfig *config, const char *peer);

G_END_DECLS
