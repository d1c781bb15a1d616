/* Who asks, and whether that one may. */
#pragma once

#include "vai-call.h"
#include "vai-server.h"

G_BEGIN_DECLS

/* Keys of access tokens, and the sessions that were revoked lately. */
gboolean vai_access_start (VaiServer *server, GError **error);
void vai_access_stop (VaiServer *server);

/* Sign-ins with a wrong password or code, for the metrics. */
void vai_access_count_failures (guint n);

/* NULL when the route is open to the one who asks, and then user_id, session_id and role of @call are set; else the
 * refusal. */
VaiReply *vai_access_check (VaiCall *call);

/* The account that @authorization, a header or NULL, has a valid token of, without a look into the database; NULL:
 * none, or one of a key that this instance has not read yet. Free with g_free(). */
char *vai_access_dup_user (VaiServer *server, const char *authorization);

/* For a route with VAI_ROUTE_SESSION_INSIDE, whose transaction asks for the session's row before its work and looks at
 * it after that, so that both questions leave together. Looking gives a refusal, or NULL when all is well or the
 * transaction has failed. */
VaiRows *vai_access_ask_session (VaiCall *call, VaiTransaction *transaction);
VaiReply *vai_access_take_session (VaiCall *call, VaiTransaction *transaction, VaiRows *rows);

/* What no transaction has looked at. NULL: all is well. */
VaiReply *vai_access_check_session (VaiCall *call);

G_END_DECLS
