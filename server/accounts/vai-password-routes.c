/* A password that is forgotten, and one that is changed. */
#include "vai-auth-acts.h"
#include "vai-audit.h"
#include "vai-auth-answer.h"
#include "vai-chores.h"
#include "vai-identity.h"
#include "vai-link.h"
#include "vai-mail.h"
#include "vai-password.h"
#include "vai-route.h"
#include "vai-session.h"
#include "vai-tokens.h"
#include "vai-two-factor.h"

#define TEXT(call, name) vai_message_get_text ((call)->message, name, NULL)

/* ── Forgotten ── */

static const VaiField forgot_fields[] = {
  { "email", VAI_FIELD_EMAIL },
  { NULL },
};

static VaiReply *
forgot_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const char *email = data;
  gint64 wait_ms;
  g_autoptr (VaiUser) user = vai_user_hold_by_email (transaction, email);
  if (!vai_auth_may_mail (call, transaction, email, &wait_ms))
    return wait_ms > 0 ? vai_auth_refuse_wait (wait_ms) : vai_auth_answer_accepted ();
  /* For an address without an account the same is done and taken back, so that the time tells nothing. */
  vai_transaction_begin_part (transaction);
  g_autofree char *token
      = vai_link_new (transaction, "reset", user != NULL ? user->id : NULL, NULL, call->now, VAI_LINK_RESET_MS);
  vai_auth_send_link (call, transaction, VAI_MAIL_RESET, "reset", token, email,
                      user != NULL ? user->locale : call->locale);
  vai_audit_add (transaction, NULL, "account.password_forgotten", user != NULL ? user->id : NULL, call->now, "{}");
  vai_transaction_end_part (transaction, user != NULL);
  return vai_auth_answer_accepted ();
}

static VaiReply *
forgot (VaiCall *call)
{
  g_autofree char *email = vai_user_normalise_email (TEXT (call, "email"));
  VaiReply *reply = vai_call_write (call, forgot_work, email);
  vai_chores_wake (call->server, "mail");
  return reply;
}

/* ── A new one ── */

typedef struct
{
  VaiUser *user;
  char *hash;
} Change;

static void
set_password (VaiCall *call, VaiTransaction *transaction, const Change *change, const char *but_session)
{
  const char *id = change->user->id;
  vai_transaction_run (transaction, "UPDATE \"user\" SET password_hash = $1, updated_at = $2 WHERE id = $3",
                       VAI_TEXT (change->hash), VAI_INTEGER (call->now), VAI_TEXT (id));
  vai_session_revoke_all (transaction, id, but_session, call->now);
  vai_link_void (transaction, id, call->now);
  vai_audit_add (transaction, call->user_id, call->user_id != NULL ? "account.password" : "account.password_reset", id,
                 call->now, "{}");
  vai_mail_queue (call->server, transaction, VAI_MAIL_PASSWORD_CHANGED, change->user->email, change->user->locale, NULL,
                  call->now);
}

/* The sessions that ended are refused here from now on, and the letter leaves. */
static VaiReply *
finish (VaiCall *call, VaiReply *reply)
{
  if (reply->status == 204)
    {
      vai_tokens_renew_revoked (call->server, call->connection);
      vai_chores_wake (call->server, "mail");
    }
  return reply;
}

static const VaiField reset_fields[] = {
  { "token", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 1, 100 },
  { "password", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, VAI_PASSWORD_CHARACTERS_MIN, VAI_PASSWORD_CHARACTERS_MAX },
  { NULL },
};

/* Whose link it is: her name and address must not be the password. */
static VaiReply *
find_reset_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  VaiUser **user = data;
  g_clear_pointer (user, vai_user_free);
  g_autofree char *id = vai_link_find (transaction, "reset", TEXT (call, "token"), call->now);
  *user = id != NULL ? vai_user_find (transaction, id) : NULL;
  return *user != NULL ? vai_reply_new_nothing () : vai_auth_refuse_link ();
}

/* Nobody is signed in by it, and the second factor stays as it is (ASVS 6.4.3). */
static VaiReply *
reset_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  Change *change = data;
  g_autofree char *id = NULL;
  if (!vai_link_use (transaction, "reset", TEXT (call, "token"), call->now, &id, NULL)
      || g_strcmp0 (id, change->user->id) != 0 || !vai_auth_confirm_address (call, transaction, id))
    return vai_auth_refuse_link ();
  set_password (call, transaction, change, NULL);
  return vai_reply_new_nothing ();
}

VaiReply *
vai_auth_reset (VaiCall *call)
{
  VaiReply *reply = vai_call_repeat (call);
  if (reply != NULL)
    return reply;
  g_autoptr (VaiUser) user = NULL;
  reply = vai_call_read (call, find_reset_work, &user);
  if (reply->status != 204)
    return reply;
  vai_reply_free (reply);
  reply = vai_password_refuse (call->server, "password", TEXT (call, "password"), user->email, user->name);
  if (reply != NULL)
    return reply;
  g_autofree char *hash = vai_password_hash (TEXT (call, "password"));
  if (hash == NULL)
    return vai_auth_refuse_busy ();
  Change change = { user, hash };
  return finish (call, vai_call_write (call, reset_work, &change));
}

static const VaiField change_fields[] = {
  VAI_IDENTITY_FIELDS,
  { "new_password", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, VAI_PASSWORD_CHARACTERS_MIN, VAI_PASSWORD_CHARACTERS_MAX },
  { NULL },
};

static VaiReply *
change_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const Change *change = data;
  VaiReply *refusal = vai_identity_confirm (call, transaction, change->user);
  if (refusal != NULL)
    return refusal;
  set_password (call, transaction, change, call->session_id);
  return vai_reply_new_nothing ();
}

static VaiReply *
change_password (VaiCall *call)
{
  g_autoptr (VaiUser) user = NULL;
  VaiReply *reply = vai_identity_check (call, &user);
  if (reply != NULL)
    return reply;
  const char *password = TEXT (call, "new_password");
  reply = vai_password_refuse (call->server, "new_password", password, user->email, user->name);
  if (reply != NULL)
    return reply;
  g_autofree char *hash = vai_password_hash (password);
  if (hash == NULL)
    return vai_auth_refuse_busy ();
  Change change = { user, hash };
  return finish (call, vai_call_write (call, change_work, &change));
}

const VaiRoute vai_password_routes[] = {
  { "POST", "/api/v1/auth/password/forgot", VAI_ACCESS_PUBLIC, VAI_RATE_MAIL, VAI_BODY_SMALL, forgot_fields, forgot },
  { "POST", "/api/v1/auth/password/reset", VAI_ACCESS_PUBLIC, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, reset_fields,
    vai_auth_reset },
  { "POST", "/api/v1/me/password", VAI_ACCESS_SESSION, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, change_fields,
    change_password },
  { NULL },
};
