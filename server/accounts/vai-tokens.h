/* Access tokens: a JWT of ten minutes, HS256, checked without the database. Sessions that were revoked are refused from
 * memory, which every instance renews from the database. */
#pragma once

#include "vai-server.h"

G_BEGIN_DECLS

#define VAI_TOKEN_SECONDS 600

/* A retired key is accepted until the last token it signed has run out. */
#define VAI_TOKEN_RETIRED_MS (2 * VAI_TOKEN_SECONDS * G_GINT64_CONSTANT (1000))

/* Reads the keys, makes the first. */
VaiTokens *vai_tokens_new (VaiServer *server, GError **error);
void vai_tokens_free (VaiTokens *self);

/* A token for @session_id of @user_id, valid from @now (UTC milliseconds). Free with g_free(). */
char *vai_tokens_sign (VaiTokens *self, const char *user_id, const char *session_id, gint64 now);

/* TRUE for a token of ours that is valid at @now and whose session is not known to be revoked. A key that another
 * instance has made is looked for by @connection. */
gboolean vai_tokens_check (VaiTokens *self,
                           VaiConnection *connection,
                           const char *token,
                           gint64 now,
                           char **user_id,
                           char **session_id);

/* From now on tokens of @session_id are refused here; other instances hear of it within seconds. After the commit. */
void vai_tokens_revoke (VaiTokens *self, const char *session_id);

/* Two chores: what was revoked, here or elsewhere (also after many were revoked at once); and a new key each month, old
 * ones retired. */
void vai_tokens_renew_revoked (VaiServer *server, VaiConnection *connection);
void vai_tokens_rotate (VaiServer *server, VaiConnection *connection);

G_END_DECLS
