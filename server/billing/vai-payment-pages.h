/* Stripe's pages on which a person may still pay, and what is on its way from them. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

/* Inside a transaction that has the lock of @user_id: no page comes any more of what has none yet, of plans only or of
 * all. Gives the checkout sessions of those that are open. Unref with g_ptr_array_unref(). */
GPtrArray *vai_payment_pages_stop (VaiTransaction *transaction, const char *user_id, gboolean plans_only, gint64 now);

/* Closes them at Stripe, which takes no payment on them after that, and lets their purchases follow: one that was paid
 * a moment before is paid. From the first that Stripe does not answer about they stay open. One that Stripe does not know,
 * or that cannot be asked about, is over after a day. Not inside a transaction. */
void vai_payment_pages_close (VaiServer *server, VaiConnection *connection, GPtrArray *sessions);

/* TRUE while what @user_id has paid has not come, or a plan of hers not begun. */
gboolean vai_payment_pages_is_paying (VaiTransaction *transaction, const char *user_id, gboolean plans_only);

G_END_DECLS
