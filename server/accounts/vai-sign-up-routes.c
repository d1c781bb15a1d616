/* Signing up, confirming the address, and the first administrator. */
#include "vai-audit.h"
#include "vai-auth-acts.h"
#include "vai-auth-answer.h"
#include "vai-chores.h"
#include "vai-free-credits.h"
#include "vai-limit.h"
#include "vai-link.h"
#include "vai-mail.h"
#include "vai-password.h"
#include "vai-route.h"
#include "vai-server.h"
#include "vai-user.h"

#define TEXT(call, name) vai_message_get_text ((call)->message, name, NULL)

static const char *const locales[] = { "en", "it", NULL };

/* ── Sign-up ── */

static const VaiField sign_up_fields[] = {
  { "name", VAI_FIELD_TEXT, VAI_FIELD_VISIBLE, 1, 100 },
  { "email", VAI_FIELD_EMAIL },
  { "password", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, VAI_PASSWORD_CHARACTERS_MIN, VAI_PASSWORD_CHARACTERS_MAX },
  { "locale", VAI_FIELD_TEXT, VAI_FIELD_OPTIONAL, 0, 0, locales },
  { NULL },
};

typedef struct
{
  const char *name, *locale;
  char *email; /* normalised */
  char *hash;  /* of the password */
} SignUp;

/* A link carries what it was asked for with: whoever opens it confirms her own password, whoever asked after her. The
 * name is last, because it may hold any character. */
static char *
pack (const char *locale, const char *hash, const char *name)
{
  return g_strjoin ("\n", locale, hash, name, NULL);
}

/* The same answer whether the address is new or not: only its owner learns which. */
static VaiReply *
sign_up_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const SignUp *wanted = data;
  gint64 wait_ms;
  g_autoptr (VaiUser) there = vai_user_hold_by_email (transaction, wanted->email);
  if (!vai_auth_may_mail (call, transaction, wanted->email, &wait_ms))
    return wait_ms > 0 ? vai_auth_refuse_wait (wait_ms) : vai_auth_answer_accepted ();
  g_autofree char *id = NULL;
  if (there == NULL)
    id = vai_user_create (transaction, wanted->name, wanted->email, wanted->hash, "user", wanted->locale, call->now);
  if (there == NULL && id == NULL) /* somebody was faster */
    there = vai_user_hold_by_email (transaction, wanted->email);
  if (there != NULL && there->email_verified)
    {
      vai_mail_queue (call->server, transaction, VAI_MAIL_ALREADY_THERE, there->email, there->locale, NULL, call->now);
      return vai_auth_answer_accepted ();
    }
  if (there != NULL)
    {
      /* Nobody has shown that the address is theirs: whoever confirms has it, and a letter again is of the last. */
      id = g_strdup (there->id);
      vai_transaction_run (transaction, "UPDATE \"user\" SET name = $1, password_hash = $2, locale = $3 WHERE id = $4",
                           VAI_TEXT (wanted->name), VAI_TEXT (wanted->hash), VAI_TEXT (wanted->locale), VAI_TEXT (id));
    }
  g_autofree char *detail = pack (wanted->locale, wanted->hash, wanted->name);
  g_autofree char *token = vai_link_new (transaction, "verify", id, detail, call->now, VAI_LINK_VERIFY_MS);
  vai_auth_send_link (call, transaction, VAI_MAIL_VERIFY, "verify", token, wanted->email, wanted->locale);
  return vai_auth_answer_accepted ();
}

static VaiReply *
sign_up (VaiCall *call)
{
  g_autofree char *email = vai_user_normalise_email (TEXT (call, "email"));
  VaiReply *refusal
      = vai_password_refuse (call->server, "password", TEXT (call, "password"), email, TEXT (call, "name"));
  if (refusal != NULL)
    return refusal;
  g_autofree char *hash = vai_password_hash (TEXT (call, "password"));
  if (hash == NULL)
    return vai_auth_refuse_busy ();
  SignUp wanted = { TEXT (call, "name"), vai_message_get_text (call->message, "locale", call->locale), email, hash };
  VaiReply *reply = vai_call_write (call, sign_up_work, &wanted);
  vai_chores_wake (call->server, "mail");
  return reply;
}

/* ── Verification ── */

static const VaiField token_fields[] = {
  { "token", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 1, 100 },
  { NULL },
};

gboolean
vai_auth_confirm_address (VaiCall *call, VaiTransaction *transaction, const char *user_id)
{
  vai_transaction_lock (transaction, "user", user_id);
  g_autoptr (VaiUser) user = vai_user_find (transaction, user_id);
  if (user == NULL)
    return FALSE;
  if (user->email_verified)
    return TRUE;
  vai_transaction_run (transaction, "UPDATE \"user\" SET email_verified = 1, updated_at = $1 WHERE id = $2",
                       VAI_INTEGER (call->now), VAI_TEXT (user_id));
  vai_free_credits_give (call->server, transaction, user_id, user->email, call->now);
  vai_audit_add (transaction, user_id, "account.confirm", user_id, call->now, "{}");
  return TRUE;
}

static VaiReply *
verify_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  g_autofree char *user_id = vai_link_find (transaction, "verify", TEXT (call, "token"), call->now), *detail = NULL;
  if (user_id == NULL || !vai_auth_confirm_address (call, transaction, user_id)
      || !vai_link_use (transaction, "verify", TEXT (call, "token"), call->now, NULL, &detail))
    return vai_auth_refuse_link ();
  g_auto (GStrv) asked = g_strsplit (detail, "\n", 3);
  vai_transaction_run (transaction, "UPDATE \"user\" SET locale = $1, password_hash = $2, name = $3 WHERE id = $4",
                       VAI_TEXT (asked[0]), VAI_TEXT (asked[1]), VAI_TEXT (asked[2]), VAI_TEXT (user_id));
  /* The letters that others asked for. */
  vai_link_void (transaction, user_id, call->now);
  return vai_reply_new_nothing ();
}

VaiReply *
vai_auth_verify (VaiCall *call)
{
  return vai_call_write (call, verify_work, NULL);
}

/* ── A new letter ── */

static const VaiField resend_fields[] = {
  { "email", VAI_FIELD_EMAIL },
  { NULL },
};

static VaiReply *
resend_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const char *email = data;
  gint64 wait_ms;
  g_autoptr (VaiUser) user = vai_user_hold_by_email (transaction, email);
  if (!vai_auth_may_mail (call, transaction, email, &wait_ms))
    return wait_ms > 0 ? vai_auth_refuse_wait (wait_ms) : vai_auth_answer_accepted ();
  gboolean real = user != NULL && !user->email_verified;
  /* For an address that waits for nothing the same is done and taken back, so that the time tells nothing. */
  vai_transaction_begin_part (transaction);
  g_autofree char *detail = real ? pack (user->locale, user->password_hash, user->name) : NULL;
  g_autofree char *token
      = vai_link_new (transaction, "verify", real ? user->id : NULL, detail, call->now, VAI_LINK_VERIFY_MS);
  vai_auth_send_link (call, transaction, VAI_MAIL_VERIFY, "verify", token, email, real ? user->locale : call->locale);
  vai_transaction_end_part (transaction, real);
  return vai_auth_answer_accepted ();
}

static VaiReply *
resend (VaiCall *call)
{
  g_autofree char *email = vai_user_normalise_email (TEXT (call, "email"));
  VaiReply *reply = vai_call_write (call, resend_work, email);
  vai_chores_wake (call->server, "mail");
  return reply;
}

/* ── The first administrator ── */

static const VaiField setup_fields[] = {
  { "token", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 1, 100 },
  { "name", VAI_FIELD_TEXT, VAI_FIELD_VISIBLE, 1, 100 },
  { "email", VAI_FIELD_EMAIL },
  { "password", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, VAI_PASSWORD_CHARACTERS_MIN, VAI_PASSWORD_CHARACTERS_MAX },
  { NULL },
};

static VaiReply *
setup_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const SignUp *wanted = data;
  if (!vai_link_use (transaction, "setup", TEXT (call, "token"), call->now, NULL, NULL))
    return vai_reply_new_refusal (VAI_REFUSAL_GONE, "token",
                                  "This link was used or is too old: start the server again.");
  g_autofree char *id
      = vai_user_create (transaction, wanted->name, wanted->email, wanted->hash, "owner", wanted->locale, call->now);
  if (id == NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, "email", "There is an account with this address.");
  vai_transaction_run (transaction, "UPDATE \"user\" SET email_verified = 1 WHERE id = $1", VAI_TEXT (id));
  vai_audit_add (transaction, id, "account.first_owner", id, call->now, "{}");
  return vai_reply_new_nothing ();
}

VaiReply *
vai_auth_setup (VaiCall *call)
{
  g_autofree char *email = vai_user_normalise_email (TEXT (call, "email"));
  VaiReply *refusal
      = vai_password_refuse (call->server, "password", TEXT (call, "password"), email, TEXT (call, "name"));
  if (refusal != NULL)
    return refusal;
  g_autofree char *hash = vai_password_hash (TEXT (call, "password"));
  if (hash == NULL)
    return vai_auth_refuse_busy ();
  SignUp wanted = { TEXT (call, "name"), call->locale, email, hash };
  return vai_call_write (call, setup_work, &wanted);
}

const VaiRoute vai_sign_up_routes[] = {
  { "POST", "/api/v1/auth/sign-up", VAI_ACCESS_PUBLIC, VAI_RATE_MAIL, VAI_BODY_SMALL, sign_up_fields, sign_up },
  { "POST", "/api/v1/auth/verify", VAI_ACCESS_PUBLIC, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, token_fields, vai_auth_verify },
  { "POST", "/api/v1/auth/verify/resend", VAI_ACCESS_PUBLIC, VAI_RATE_MAIL, VAI_BODY_SMALL, resend_fields, resend },
  { "POST", "/api/v1/auth/setup", VAI_ACCESS_PUBLIC, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, setup_fields, vai_auth_setup },
  { NULL },
};
