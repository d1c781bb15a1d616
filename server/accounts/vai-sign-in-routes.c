/* Signing in, going on, and signing out. */
#include "vai-access.h"
#include "vai-audit.h"
#include "vai-auth-answer.h"
#include "vai-limit.h"
#include "vai-password.h"
#include "vai-route.h"
#include "vai-secret.h"
#include "vai-server.h"
#include "vai-session.h"
#include "vai-tokens.h"
#include "vai-two-factor.h"
#include "vai-user.h"

#define TEXT(call, name) vai_message_get_text ((call)->message, name, NULL)

/* ── Sign-in ── */

static const VaiField sign_in_fields[] = {
  { "email", VAI_FIELD_EMAIL },
  { "password", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 1, VAI_PASSWORD_CHARACTERS_MAX },
  { "code", VAI_FIELD_TEXT, VAI_FIELD_OPTIONAL, 6, VAI_TWO_FACTOR_CODE_MAX },
  { "refresh_token_hash", VAI_FIELD_TEXT, VAI_FIELD_OPTIONAL, 64, 64 },
  { NULL },
};

typedef struct
{
  char *email;
  VaiUser *user; /* NULL: no such account */
  gint64 wait_ms;
  VaiPasswordCheck check;
  char *new_hash; /* of the password, when the kept one is old */
  char *token_hash;
  char *refresh_token; /* NULL when the client made its own */
} SignIn;

static VaiReply *
find_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  SignIn *in = data;
  g_clear_pointer (&in->user, vai_user_free);
  in->user = vai_user_find_by_email (transaction, in->email);
  in->wait_ms = vai_limit_wait_sign_in (call, transaction, in->email, in->user != NULL ? in->user->id : NULL);
  return vai_reply_new_nothing ();
}

static VaiReply *
refuse_sign_in (void)
{
  return vai_reply_new_refusal (VAI_REFUSAL_UNAUTHENTICATED, NULL, "Address or password is not right.");
}

static VaiReply *
refuse_code (void)
{
  return vai_reply_new_refusal (VAI_REFUSAL_UNAUTHENTICATED, "code", "This code is not right, or was used before.");
}

static VaiReply *
refuse_suspended (void)
{
  return vai_reply_new_refusal (VAI_REFUSAL_FORBIDDEN, NULL, "This account is suspended: write to the support.");
}

/* Whether what was found before the password was checked, which takes a while, is still so. NULL: it is. */
static VaiReply *
find_change (VaiTransaction *transaction, const VaiUser *before)
{
  /* For nobody the same is asked, so that the time tells nothing. */
  const char *id = before != NULL ? before->id : "";
  vai_transaction_lock (transaction, "user", id);
  g_autoptr (VaiUser) now = vai_user_find (transaction, id);
  if (before == NULL || vai_transaction_has_failed (transaction))
    return NULL;
  if (now == NULL || g_strcmp0 (now->password_hash, before->password_hash) != 0)
    return refuse_sign_in ();
  if (now->suspended_at != 0 && before->suspended_at == 0)
    return refuse_suspended ();
  return now->totp_enabled == before->totp_enabled
             ? NULL
             : vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, NULL, "This account has just been changed: try again.");
}

/* @refusal of a wrong password or code, which is noted. */
static VaiReply *
note_failure (VaiCall *call, VaiTransaction *transaction, const SignIn *in, const char *wrong, VaiReply *refusal)
{
  vai_limit_note_sign_in (call, transaction, in->email, FALSE);
  /* For an address without an account the same is done, so that the time tells nothing. */
  vai_audit_add (transaction, NULL, "sign_in.failed", in->user != NULL ? in->user->id : NULL, call->now,
                 "{\"wrong\":\"%s\"}", wrong);
  return vai_reply_counting (refusal);
}

/* What the password is worth. NULL: the session may be opened. */
static VaiReply *
judge (VaiCall *call, VaiTransaction *transaction, const SignIn *in)
{
  VaiReply *refusal = find_change (transaction, in->user);
  if (refusal != NULL)
    return refusal;
  gint64 wait_ms = vai_limit_hold_sign_in (call, transaction, in->email, in->user != NULL ? in->user->id : NULL);
  if (wait_ms > 0)
    return vai_auth_refuse_wait (wait_ms);
  if (in->check == VAI_PASSWORD_WRONG)
    return note_failure (call, transaction, in, "password", refuse_sign_in ());
  if (!in->user->email_verified)
    return vai_reply_new_refusal (VAI_REFUSAL_FORBIDDEN, "email", "Confirm your address first: see your mail.");
  if (in->user->suspended_at != 0)
    return refuse_suspended ();
  if (!in->user->totp_enabled)
    return NULL;
  if (TEXT (call, "code") == NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_TWO_FACTOR, "code", "Give the code that your phone shows, too.");
  return vai_two_factor_use (call, transaction, in->user->id, TEXT (call, "code"))
             ? NULL
             : note_failure (call, transaction, in, "code", refuse_code ());
}

static VaiReply *
open_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  SignIn *in = data;
  VaiReply *refusal = judge (call, transaction, in);
  if (refusal != NULL)
    return refusal;
  vai_limit_note_sign_in (call, transaction, in->email, TRUE);
  if (in->new_hash != NULL)
    vai_transaction_run (transaction, "UPDATE \"user\" SET password_hash = $1 WHERE id = $2", VAI_TEXT (in->new_hash),
                         VAI_TEXT (in->user->id));
  g_autofree char *session = vai_session_open (call, transaction, in->user->id, in->token_hash);
  vai_audit_add (transaction, in->user->id, "sign_in", in->user->id, call->now, "{\"session\":\"%s\",\"by\":\"%s\"}",
                 session, in->user->totp_enabled ? "password and code" : "password");
  return vai_auth_answer_tokens (call, in->user->id, session, in->refresh_token);
}

static VaiReply *
check_and_open (VaiCall *call, SignIn *in)
{
  if (!vai_auth_take_refresh (call, &in->refresh_token, &in->token_hash))
    return vai_auth_refuse_hash ("refresh_token_hash");
  g_autoptr (VaiReply) found = vai_call_read (call, find_work, in);
  if (found->status != 204)
    return g_steal_pointer (&found);
  if (in->wait_ms > 0)
    return vai_auth_refuse_wait (in->wait_ms);
  in->check = vai_password_check (TEXT (call, "password"), in->user != NULL ? in->user->password_hash : NULL);
  if (in->check == VAI_PASSWORD_BUSY)
    return vai_auth_refuse_busy ();
  if (in->check == VAI_PASSWORD_RIGHT && vai_password_is_old (in->user->password_hash))
    in->new_hash = vai_password_hash (TEXT (call, "password"));
  VaiReply *reply = vai_call_write (call, open_work, in);
  if (reply->counts)
    vai_access_count_failures (1);
  return reply;
}

static VaiReply *
sign_in (VaiCall *call)
{
  VaiReply *first = vai_call_repeat (call);
  if (first != NULL)
    return first;
  SignIn in = { .email = vai_user_normalise_email (TEXT (call, "email")) };
  VaiReply *reply = check_and_open (call, &in);
  g_free (in.email);
  g_free (in.new_hash);
  g_free (in.token_hash);
  g_free (in.refresh_token);
  vai_user_free (in.user);
  return reply;
}

/* ── Refresh and sign-out ── */

static const VaiField refresh_fields[] = {
  { "refresh_token", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 20, 100 },
  { "next_token_hash", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 64, 64 },
  { NULL },
};

typedef struct
{
  VaiRefresh outcome;
  char *user_id, *session_id;
} Refresh;

static VaiReply *
refresh_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  Refresh *refresh = data;
  g_clear_pointer (&refresh->user_id, g_free);
  g_clear_pointer (&refresh->session_id, g_free);
  g_autofree char *hash = vai_secret_hash (TEXT (call, "refresh_token"));
  refresh->outcome = vai_session_refresh (call, transaction, hash, TEXT (call, "next_token_hash"), &refresh->user_id,
                                          &refresh->session_id);
  if (refresh->outcome == VAI_REFRESH_DONE)
    return vai_auth_answer_tokens (call, refresh->user_id, refresh->session_id, NULL);
  /* Of a theft the end of the session is kept. */
  return vai_reply_counting (
      vai_reply_new_refusal (VAI_REFUSAL_UNAUTHENTICATED, NULL, "This session has ended: sign in."));
}

static VaiReply *
refresh_session (VaiCall *call)
{
  if (!vai_secret_is_hash (TEXT (call, "next_token_hash")))
    return vai_auth_refuse_hash ("next_token_hash");
  Refresh refresh = { 0 };
  VaiReply *reply = vai_call_write (call, refresh_work, &refresh);
  if (reply->status == 401 && refresh.outcome == VAI_REFRESH_STOLEN)
    vai_tokens_revoke (call->server->tokens, refresh.session_id);
  g_free (refresh.user_id);
  g_free (refresh.session_id);
  return reply;
}

static VaiReply *
sign_out_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  vai_session_revoke (transaction, call->session_id, call->now);
  vai_audit_add (transaction, call->user_id, "sign_out", call->user_id, call->now, "{\"session\":\"%s\"}",
                 call->session_id);
  return vai_reply_new_nothing ();
}

static VaiReply *
sign_out (VaiCall *call)
{
  VaiReply *reply = vai_call_write (call, sign_out_work, NULL);
  /* Not this session as such: a repeated request may come from a later one. */
  if (reply->status == 204)
    vai_tokens_renew_revoked (call->server, call->connection);
  return reply;
}

const VaiRoute vai_sign_in_routes[] = {
  { "POST", "/api/v1/auth/sign-in", VAI_ACCESS_PUBLIC, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, sign_in_fields, sign_in },
  { "POST", "/api/v1/auth/refresh", VAI_ACCESS_PUBLIC, VAI_RATE_WRITE, VAI_BODY_SMALL, refresh_fields,
    refresh_session },
  { "POST", "/api/v1/auth/sign-out", VAI_ACCESS_SESSION, VAI_RATE_WRITE, VAI_BODY_SMALL, NULL, sign_out },
  { NULL },
};
