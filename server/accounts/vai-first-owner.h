#pragma once

#include "vai-server.h"

G_BEGIN_DECLS

/* When no account may administer yet, prints a link on standard output with which one is made; the link of an earlier
 * start is void then. */
gboolean vai_first_owner_offer (VaiServer *server, GError **error);

G_END_DECLS
