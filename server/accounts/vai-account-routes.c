/* What a person sees and changes of her own account. */
#include "vai-auth-acts.h"
#include "vai-audit.h"
#include "vai-auth-answer.h"
#include "vai-chores.h"
#include "vai-erasure.h"
#include "vai-free-credits.h"
#include "vai-identity.h"
#include "vai-link.h"
#include "vai-mail.h"
#include "vai-password.h"
#include "vai-route.h"
#include "vai-two-factor.h"

#define TEXT(call, name) vai_message_get_text ((call)->message, name, NULL)

static VaiReply *
get_me_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  vai_transaction_expect_last (transaction);
  g_autoptr (VaiUser) user = vai_user_find (transaction, call->user_id);
  if (user == NULL)
    return vai_user_refuse_gone ();
  JsonBuilder *builder = json_builder_new ();
  vai_user_write (user, builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
get_me (VaiCall *call)
{
  return vai_call_read (call, get_me_work, NULL);
}

/* ── Name and language ── */

static const char *const locales[] = { "en", "it", NULL };

static const VaiField patch_fields[] = {
  { "name", VAI_FIELD_TEXT, VAI_FIELD_OPTIONAL | VAI_FIELD_VISIBLE, 1, 100 },
  { "locale", VAI_FIELD_TEXT, VAI_FIELD_OPTIONAL, 0, 0, locales },
  { NULL },
};

static VaiReply *
patch_me_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  vai_transaction_run (transaction,
                       "UPDATE \"user\" SET name = COALESCE($1, name), locale = COALESCE($2, locale), updated_at = $3 "
                       "WHERE id = $4 AND deleted_at IS NULL",
                       VAI_TEXT (TEXT (call, "name")), VAI_TEXT (TEXT (call, "locale")), VAI_INTEGER (call->now),
                       VAI_TEXT (call->user_id));
  return get_me_work (call, transaction, NULL);
}

static VaiReply *
patch_me (VaiCall *call)
{
  return vai_call_write (call, patch_me_work, NULL);
}

/* ── Another address ── */

static const VaiField email_fields[] = {
  VAI_IDENTITY_FIELDS,
  { "email", VAI_FIELD_EMAIL },
  { NULL },
};

typedef struct
{
  VaiUser *user;
  char *email; /* the new one */
} AskEmail;

/* Whether somebody has the new address, only its owner learns. */
static VaiReply *
ask_email_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const AskEmail *ask = data;
  const VaiUser *user = ask->user;
  const char *email = ask->email;
  gint64 wait_ms;
  VaiReply *refusal = vai_identity_confirm (call, transaction, user);
  if (refusal != NULL)
    return refusal;
  if (!vai_auth_may_mail (call, transaction, email, &wait_ms))
    return wait_ms > 0 ? vai_auth_refuse_wait (wait_ms) : vai_auth_answer_accepted ();
  g_autoptr (VaiUser) there = vai_user_find_by_email (transaction, email);
  if (there != NULL && there->email_verified)
    {
      vai_mail_queue (call->server, transaction, VAI_MAIL_ALREADY_THERE, email, there->locale, NULL, call->now);
      return vai_auth_answer_accepted ();
    }
  g_autofree char *token = vai_link_new (transaction, "email", user->id, email, call->now, VAI_LINK_RESET_MS);
  vai_auth_send_link (call, transaction, VAI_MAIL_CHANGE, "change", token, email, user->locale);
  return vai_auth_answer_accepted ();
}

static VaiReply *
ask_email (VaiCall *call)
{
  g_autoptr (VaiUser) user = NULL;
  VaiReply *reply = vai_identity_check (call, &user);
  if (reply != NULL)
    return reply;
  g_autofree char *email = vai_user_normalise_email (TEXT (call, "email"));
  AskEmail ask = { user, email };
  reply = vai_call_write (call, ask_email_work, &ask);
  vai_chores_wake (call->server, "mail");
  return reply;
}

static const VaiField token_fields[] = {
  { "token", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 1, 100 },
  { NULL },
};

/* Makes @email free. FALSE when somebody has shown that it is theirs. */
static gboolean
clear_the_way (VaiCall *call, VaiTransaction *transaction, const char *email)
{
  g_autoptr (VaiUser) there = vai_user_hold_by_email (transaction, email);
  if (there == NULL)
    return TRUE;
  if (there->email_verified)
    return FALSE;
  vai_erasure_run (call, transaction, there);
  return TRUE;
}

static VaiReply *
confirm_email_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  g_autofree char *id = NULL, *email = NULL;
  if (!vai_link_use (transaction, "email", TEXT (call, "token"), call->now, &id, &email))
    return vai_auth_refuse_link ();
  vai_transaction_lock (transaction, "user", id);
  g_autoptr (VaiUser) user = vai_user_find (transaction, id);
  if (user == NULL || user->suspended_at != 0)
    return vai_auth_refuse_link ();
  if (!clear_the_way (call, transaction, email))
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, "email", "There is an account with this address.");
  vai_free_credits_leave (call->server, transaction, user->id, user->email);
  vai_transaction_run (transaction, "UPDATE \"user\" SET email = $1, email_verified = 1, updated_at = $2 WHERE id = $3",
                       VAI_TEXT (email), VAI_INTEGER (call->now), VAI_TEXT (id));
  /* A link that went to the earlier address opens nothing any more. */
  vai_link_void (transaction, id, call->now);
  vai_audit_add (transaction, id, "account.email", id, call->now, "{}");
  vai_mail_queue (call->server, transaction, VAI_MAIL_CHANGED, user->email, user->locale, NULL, call->now);
  return vai_reply_new_nothing ();
}

VaiReply *
vai_auth_confirm_email (VaiCall *call)
{
  VaiReply *reply = vai_call_write (call, confirm_email_work, NULL);
  vai_chores_wake (call->server, "mail");
  return reply;
}

const VaiRoute vai_account_routes[] = {
  { "GET", "/api/v1/me", VAI_ACCESS_SESSION, VAI_RATE_READ, 0, NULL, get_me, VAI_ROUTE_SESSION_INSIDE },
  { "PATCH", "/api/v1/me", VAI_ACCESS_SESSION, VAI_RATE_WRITE, VAI_BODY_SMALL, patch_fields, patch_me },
  { "POST", "/api/v1/me/email", VAI_ACCESS_SESSION, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, email_fields, ask_email },
  { "POST", "/api/v1/auth/email/confirm", VAI_ACCESS_PUBLIC, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, token_fields,
    vai_auth_confirm_email },
  { NULL },
};
