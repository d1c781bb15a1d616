/* What a mail link or the first start carries: a random token for one act, kept hashed. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

#define VAI_LINK_VERIFY_MS (3 * 24 * 3600 * G_GINT64_CONSTANT (1000))
/* Codes that change a password live for minutes (ASVS 6.5.5). */
#define VAI_LINK_RESET_MS (10 * 60 * G_GINT64_CONSTANT (1000))

/* A token for @purpose of @user_id (or NULL). @detail is kept with it. Earlier ones of the same are void, but “verify”:
 * anybody can ask for one more, and would take away what its owner asked for. */
char *vai_link_new (VaiTransaction *transaction,
                    const char *purpose,
                    const char *user_id,
                    const char *detail,
                    gint64 now,
                    gint64 lifetime_ms);

/* Whose @token it is, without using it; NULL when it is unknown, used or too old. Free with g_free(). */
char *vai_link_find (VaiTransaction *transaction, const char *purpose, const char *token, gint64 now);

/* Every token of @user_id is used up. */
void vai_link_void (VaiTransaction *transaction, const char *user_id, gint64 now);

/* Uses @token up. FALSE when it is unknown, used or too old. @user_id and @detail are to free; NULL to ignore. */
gboolean vai_link_use (VaiTransaction *transaction,
                       const char *purpose,
                       const char *token,
                       gint64 now,
                       char **user_id,
                       char **detail);

G_END_DECLS
