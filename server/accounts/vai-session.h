/* The rows of sessions, inside a transaction: opened by a sign-in, continued by a refresh, ended. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

/* Idle that long, or that old, and one signs in again. */
#define VAI_SESSION_IDLE_MS (30 * 24 * 3600 * G_GINT64_CONSTANT (1000))
#define VAI_SESSION_AGE_MS (180 * 24 * 3600 * G_GINT64_CONSTANT (1000))

/* A session of @user_id for the machine of @call; @token_hash is of the refresh token. Gives its id. */
char *vai_session_open (VaiCall *call, VaiTransaction *transaction, const char *user_id, const char *token_hash);

typedef enum
{
  VAI_REFRESH_DONE,
  VAI_REFRESH_UNKNOWN, /* no such token, or its session has ended */
  VAI_REFRESH_STOLEN,  /* a token that was replaced came back: the session is now revoked; keep the effect */
} VaiRefresh;

/* Continues the session whose refresh token hashes to @hash; @next_hash is of the token that replaces it once it is
 * used. The same pair may be repeated until then. */
VaiRefresh vai_session_refresh (VaiCall *call,
                                VaiTransaction *transaction,
                                const char *hash,
                                const char *next_hash,
                                char **user_id,
                                char **session_id);

void vai_session_revoke (VaiTransaction *transaction, const char *session_id, gint64 now);

/* Every session of @user_id but @but (or NULL for all), and machines that were let in by a code and have not come yet.
 * Takes her lock. */
void vai_session_revoke_all (VaiTransaction *transaction, const char *user_id, const char *but, gint64 now);

G_END_DECLS
