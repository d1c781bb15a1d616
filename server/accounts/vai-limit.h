/* How often something may fail or be asked before one has to wait, counted in the database and so the same for all
 * servers on it. Nobody is locked out: the waits have an end, and an address from which the owner has signed in before
 * does not wait for the guesses of others. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

typedef enum
{
  VAI_LIMIT_GUESS,     /* wrong passwords and codes for one account from one address */
  VAI_LIMIT_ACCOUNT,   /* the same from anywhere */
  VAI_LIMIT_ADDRESS,   /* wrong passwords from one address for any account */
  VAI_LIMIT_MAIL_TO,   /* mail to one address that somebody asked for without signing in */
  VAI_LIMIT_MAIL_FROM, /* mail that one address asked for */
  VAI_LIMIT_CODE,      /* wrong codes of devices by one account */
  VAI_LIMIT_N
} VaiLimit;

/* Milliseconds that @who has to wait; 0: none. */
gint64 vai_limit_wait (VaiCall *call, VaiTransaction *transaction, VaiLimit limit, const char *who);

/* The same for who then notes one more: until its transaction ends nobody else is told about @who, so that of many at
 * once each counts. */
gint64 vai_limit_hold (VaiCall *call, VaiTransaction *transaction, VaiLimit limit, const char *who);

/* Notes one more. */
void vai_limit_note (VaiCall *call, VaiTransaction *transaction, VaiLimit limit, const char *who);

void vai_limit_forget (VaiCall *call, VaiTransaction *transaction, VaiLimit limit, const char *who);

/* The three of a sign-in to @email, of @user_id when there is such an account; before a password is looked at, and to
 * hold after that, with the lock of @user_id: what was found out in more tries than are due is told to nobody. */
gint64 vai_limit_wait_sign_in (VaiCall *call, VaiTransaction *transaction, const char *email, const char *user_id);
gint64 vai_limit_hold_sign_in (VaiCall *call, VaiTransaction *transaction, const char *email, const char *user_id);
void vai_limit_note_sign_in (VaiCall *call, VaiTransaction *transaction, const char *email, gboolean right);

G_END_DECLS
