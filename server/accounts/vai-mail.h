/* Mail goes into the outbox with the effect that causes it, and out of it by a chore: by SMTP, or without a mail server
 * into the log. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

typedef enum
{
  VAI_MAIL_VERIFY,        /* link */
  VAI_MAIL_ALREADY_THERE, /* somebody signed up with an address that has an account */
  VAI_MAIL_RESET,         /* link */
  VAI_MAIL_CHANGE,        /* link, to the new address */
  VAI_MAIL_CHANGED,       /* to the earlier address */
  VAI_MAIL_PASSWORD_CHANGED,
  VAI_MAIL_TWO_FACTOR_ON,
  VAI_MAIL_TWO_FACTOR_OFF,
  VAI_MAIL_DELETED,
  VAI_MAIL_PAYMENT_FAILED,
} VaiMail;

/* Puts @mail for @recipient into the outbox, in the language @locale; @link may be NULL. Until it is sent its text lies
 * there encrypted, because a link lets somebody in. */
void vai_mail_queue (VaiServer *server,
                     VaiTransaction *transaction,
                     VaiMail mail,
                     const char *recipient,
                     const char *locale,
                     const char *link,
                     gint64 now);

/* The chore. */
void vai_mail_send_due (VaiServer *server, VaiConnection *connection);

G_END_DECLS
