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

/* NULL when the route is open to everybody or the one who asks has a valid token, and then user_id and session_id of
 * @call are set, and session_unchecked where the session's row has a say; else the refusal. No look into the database.
 */
VaiReply *vai_access_check (VaiCall *call);

/* The account that @authorization, a header or NULL, has a valid token of, without a look into the database; NULL:
 * none, or one of a key that this instance has not read yet. Free with g_free(). */
char *vai_access_dup_user (VaiServer *server, const char *authorization);

/* For a route with VAI_ROUTE_SESSION_INSIDE, whose transaction asks for the session's row before its work and looks at
 * it after that, so that both questions leave together. Looking gives a refusal, or NULL when all is well or the
 * transaction has failed. */
VaiRows *vai_access_ask_session (VaiCall *call, VaiTransaction *transaction);
VaiReply *vai_access_take_session (VaiCall *call, VaiTransaction *transaction, VaiRows *rows);

/* The session's row, which no transaction has looked at; sets the role of @call. NULL: all is well. */
VaiReply *vai_access_check_session (VaiCall *call);

G_END_DECLS
