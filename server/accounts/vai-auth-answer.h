/* Answers that several ways of signing in and mailing share. */
#pragma once

#include "vai-call.h"
#include "vai-mail.h"

G_BEGIN_DECLS

/* 202: whatever was asked is done if it can be; the same for all. */
VaiReply *vai_auth_answer_accepted (void);

/* A new access token; @refresh_token is NULL when the client made its own. */
VaiReply *
vai_auth_answer_tokens (VaiCall *call, const char *user_id, const char *session_id, const char *refresh_token);

/* Too many wait for their hash. */
VaiReply *vai_auth_refuse_busy (void);

VaiReply *vai_auth_refuse_wait (gint64 wait_ms);

/* A link is used up, too old, or of somebody who is gone. */
VaiReply *vai_auth_refuse_link (void);

/* FALSE when no mail is to go to @email now. @wait_ms > 0: who asks has to wait, by its own doing; 0: the address had
 * enough of them, which the one who asks is not told. A mail that may go is noted. */
gboolean vai_auth_may_mail (VaiCall *call, VaiTransaction *transaction, const char *email, gint64 *wait_ms);

/* Puts @mail with a link to @page into the outbox. */
void vai_auth_send_link (VaiCall *call,
                         VaiTransaction *transaction,
                         VaiMail mail,
                         const char *page,
                         const char *token,
                         const char *email,
                         const char *locale);

/* The refresh token's hash of a message, “refresh_token_hash”, or of one made here. FALSE: what was given is none. */
gboolean vai_auth_take_refresh (VaiCall *call, char **token, char **hash);

VaiReply *vai_auth_refuse_hash (const char *field);

G_END_DECLS
