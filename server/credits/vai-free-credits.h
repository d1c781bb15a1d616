#pragma once

#include "vai-server.h"

G_BEGIN_DECLS

/* The gift to a new person, once: not again after a change of address, nor to a new account under an earlier one, which
 * is known by its keyed hash. */
void vai_free_credits_give (VaiServer *server,
                            VaiTransaction *transaction,
                            const char *user_id,
                            const char *email,
                            gint64 now);

/* @user_id leaves @email for another address: keeps its keyed hash with her, and as one that has been given when she
 * was. */
void vai_free_credits_leave (VaiServer *server, VaiTransaction *transaction, const char *user_id, const char *email);

G_END_DECLS
