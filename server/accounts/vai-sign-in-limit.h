/* Sign-ins that failed, counted in the database so that it holds across instances. It slows down whoever guesses, and
 * never locks an account for its owner: what counts is the account together with the address. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

/* Milliseconds to wait before @email may be tried again from @address; 0: now. */
gint64 vai_sign_in_limit_wait (VaiTransaction *transaction, const char *email, const char *address, gint64 now);

/* Notes a try that failed; a right one forgets them. */
void vai_sign_in_limit_note (VaiTransaction *transaction,
                             const char *email,
                             const char *address,
                             gboolean right,
                             gint64 now);

G_END_DECLS
