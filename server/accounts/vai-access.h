/* Who asks, and whether that one may. */
#pragma once

#include "vai-call.h"
#include "vai-server.h"

G_BEGIN_DECLS

/* Keys of access tokens, and the sessions that were revoked lately. */
gboolean vai_access_start (VaiServer *server, GError **error);
void vai_access_stop (VaiServer *server);

/* NULL when the route is open to the one who asks, and then user_id, session_id and role of @call are set; else the
 * refusal. */
VaiReply *vai_access_check (VaiCall *call);

G_END_DECLS
