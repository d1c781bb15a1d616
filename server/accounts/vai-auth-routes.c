/* Signing up, in and out, and what mail links lead to. */
#include "vai-chores.h"
#include "vai-free-credits.h"
#include "vai-json-build.h"
#include "vai-link.h"
#include "vai-mail.h"
#include "vai-password.h"
#include "vai-route.h"
#include "vai-secret.h"
#include "vai-server.h"
#include "vai-session.h"
#include "vai-sign-in-limit.h"
#include "vai-tokens.h"
#include "vai-user.h"

#define TEXT(call, name) vai_message_get_text ((call)->message, name, NULL)

static const char *const locales[] = { "en", "it", NULL };

/* ── Answers ── */

static VaiReply *
answer_accepted (void)
{
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_text (builder, "status", "accepted");
  json_builder_end_object (builder);
  return vai_reply_new_json (202, builder);
}

/* @refresh_token is NULL when the client made its own. */
static VaiReply *
answer_tokens (VaiCall *call, const char *user_id, const char *session_id, const char *refresh_token)
{
  g_autofree char *token = vai_tokens_sign (call->server->tokens, user_id, session_id, call->now);
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_text (builder, "access_token", token);
  vai_json_add_text (builder, "token_type", "Bearer");
  vai_json_add_integer (builder, "expires_in", VAI_TOKEN_SECONDS);
  vai_json_add_text (builder, "session_id", session_id);
  vai_json_add_text (builder, "user_id", user_id);
  if (refresh_token != NULL)
    {
      vai_json_add_text (builder, "refresh_token", refresh_token);
    }
  json_builder_end_object (builder);
  VaiReply *reply = vai_reply_new_json (200, builder);
  reply->secret = TRUE;
  return reply;
}

static VaiReply *
refuse_busy (void)
{
  VaiReply *reply = vai_reply_new_refusal (VAI_REFUSAL_UNAVAILABLE, NULL, "The server is busy: try again.");
  vai_reply_set_header (reply, "Retry-After", "1");
  return reply;
}

/* ── Sign-up ── */

static const VaiField sign_up_fields[] = {
  { "name", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 1, 100 },
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

static void
send_link (VaiCall *call,
           VaiTransaction *transaction,
           VaiMail mail,
           const char *page,
           const char *token,
           const char *email,
           const char *locale)
{
  g_autofree char *link = g_strdup_printf ("%s/%s?token=%s", call->server->public_url, page, token);
  vai_mail_queue (transaction, mail, email, locale, link, call->now);
}

/* The same answer whether the address is new or not: only its owner learns which. */
static VaiReply *
sign_up_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const SignUp *wanted = data;
  g_autoptr (VaiUser) there = vai_user_find_by_email (transaction, wanted->email);
  if (there != NULL && there->email_verified)
    {
      vai_mail_queue (transaction, VAI_MAIL_ALREADY_THERE, there->email, there->locale, NULL, call->now);
      return answer_accepted ();
    }
  g_autofree char *id = NULL;
  if (there == NULL)
    id = vai_user_create (transaction, wanted->name, wanted->email, wanted->hash, "user", wanted->locale, call->now);
  else
    {
      /* Nobody has shown that the address is theirs: the last who signs up and confirms has it. */
      id = g_strdup (there->id);
      vai_transaction_run (transaction, "UPDATE \"user\" SET name = $1, password_hash = $2, locale = $3 WHERE id = $4",
                           VAI_TEXT (wanted->name), VAI_TEXT (wanted->hash), VAI_TEXT (wanted->locale), VAI_TEXT (id));
    }
  g_autofree char *token = vai_link_new (transaction, "verify", id, NULL, call->now, VAI_LINK_VERIFY_MS);
  send_link (call, transaction, VAI_MAIL_VERIFY, "verify", token, wanted->email, wanted->locale);
  return answer_accepted ();
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
    return refuse_busy ();
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

static VaiReply *
verify_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  g_autofree char *user_id = NULL;
  if (!vai_link_use (transaction, "verify", TEXT (call, "token"), call->now, &user_id, NULL))
    return vai_reply_new_refusal (VAI_REFUSAL_GONE, "token", "This link was used or is too old: ask for a new one.");
  vai_transaction_run (transaction, "UPDATE \"user\" SET email_verified = 1, updated_at = $1 WHERE id = $2",
                       VAI_INTEGER (call->now), VAI_TEXT (user_id));
  g_autoptr (VaiUser) user = vai_user_find (transaction, user_id);
  if (user == NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_GONE, "token", "This account is gone.");
  vai_free_credits_give (call->server, transaction, user_id, user->email, call->now);
  return vai_reply_new_nothing ();
}

static VaiReply *
verify (VaiCall *call)
{
  return vai_call_write (call, verify_work, NULL);
}

/* ── The first administrator ── */

static const VaiField setup_fields[] = {
  { "token", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 1, 100 },
  { "name", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 1, 100 },
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
  g_autoptr (VaiUser) there = vai_user_find_by_email (transaction, wanted->email);
  if (there != NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, "email", "There is an account with this address.");
  g_autofree char *id
      = vai_user_create (transaction, wanted->name, wanted->email, wanted->hash, "owner", wanted->locale, call->now);
  vai_transaction_run (transaction, "UPDATE \"user\" SET email_verified = 1 WHERE id = $1", VAI_TEXT (id));
  return vai_reply_new_nothing ();
}

static VaiReply *
setup (VaiCall *call)
{
  g_autofree char *email = vai_user_normalise_email (TEXT (call, "email"));
  VaiReply *refusal
      = vai_password_refuse (call->server, "password", TEXT (call, "password"), email, TEXT (call, "name"));
  if (refusal != NULL)
    return refusal;
  g_autofree char *hash = vai_password_hash (TEXT (call, "password"));
  if (hash == NULL)
    return refuse_busy ();
  SignUp wanted = { TEXT (call, "name"), call->locale, email, hash };
  return vai_call_write (call, setup_work, &wanted);
}

/* ── Sign-in ── */

static const VaiField sign_in_fields[] = {
  { "email", VAI_FIELD_EMAIL },
  { "password", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 1, VAI_PASSWORD_CHARACTERS_MAX },
  { "code", VAI_FIELD_TEXT, VAI_FIELD_OPTIONAL, 6, 20 },
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
  const char *token_hash;
  char *refresh_token; /* NULL when the client made its own */
} SignIn;

static VaiReply *
find_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  SignIn *in = data;
  g_clear_pointer (&in->user, vai_user_free);
  in->wait_ms = vai_sign_in_limit_wait (transaction, in->email, call->address, call->now);
  in->user = vai_user_find_by_email (transaction, in->email);
  return vai_reply_new_nothing ();
}

static VaiReply *
fail_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  SignIn *in = data;
  vai_sign_in_limit_note (transaction, in->email, call->address, FALSE, call->now);
  return vai_reply_new_nothing ();
}

static VaiReply *
open_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  SignIn *in = data;
  vai_sign_in_limit_note (transaction, in->email, call->address, TRUE, call->now);
  if (in->new_hash != NULL)
    vai_transaction_run (transaction, "UPDATE \"user\" SET password_hash = $1 WHERE id = $2", VAI_TEXT (in->new_hash),
                         VAI_TEXT (in->user->id));
  g_autofree char *session = vai_session_open (call, transaction, in->user->id, in->token_hash);
  return answer_tokens (call, in->user->id, session, in->refresh_token);
}

static VaiReply *
refuse_sign_in (void)
{
  return vai_reply_new_refusal (VAI_REFUSAL_UNAUTHENTICATED, NULL, "Address or password is not right.");
}

static VaiReply *
refuse_wait (gint64 wait_ms)
{
  VaiReply *reply = vai_reply_new_refusal (VAI_REFUSAL_TOO_MANY, NULL, "Too many tries: wait a little.");
  g_autofree char *seconds = g_strdup_printf ("%" G_GINT64_FORMAT, wait_ms / 1000 + 1);
  vai_reply_set_header (reply, "Retry-After", seconds);
  return reply;
}

/* Everything that does not depend on the second factor. NULL: go on. */
static VaiReply *
check_password (VaiCall *call, SignIn *in)
{
  g_autoptr (VaiReply) found = vai_call_read (call, find_work, in);
  if (found->status != 204)
    return g_steal_pointer (&found);
  if (in->wait_ms > 0)
    return refuse_wait (in->wait_ms);
  in->check = vai_password_check (TEXT (call, "password"), in->user != NULL ? in->user->password_hash : NULL);
  if (in->check == VAI_PASSWORD_BUSY)
    return refuse_busy ();
  if (in->check == VAI_PASSWORD_WRONG)
    {
      g_autofree char *key = g_steal_pointer (&call->idempotency_key);
      g_autoptr (VaiReply) noted = vai_call_write (call, fail_work, in);
      call->idempotency_key = g_steal_pointer (&key);
      return noted->status == 204 ? refuse_sign_in () : g_steal_pointer (&noted);
    }
  if (!in->user->email_verified)
    return vai_reply_new_refusal (VAI_REFUSAL_FORBIDDEN, "email", "Confirm your address first: see your mail.");
  if (in->user->suspended_at != 0)
    return vai_reply_new_refusal (VAI_REFUSAL_FORBIDDEN, NULL, "This account is suspended: write to the support.");
  return NULL;
}

static VaiReply *
finish_sign_in (VaiCall *call, SignIn *in)
{
  in->token_hash = TEXT (call, "refresh_token_hash");
  if (in->token_hash != NULL && !vai_secret_is_hash (in->token_hash))
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "refresh_token_hash", "It is no SHA-256 in hexadecimal.");
  g_autofree char *made = NULL;
  if (in->token_hash == NULL)
    {
      in->refresh_token = vai_secret_new ();
      made = vai_secret_hash (in->refresh_token);
      in->token_hash = made;
    }
  if (vai_password_is_old (in->user->password_hash))
    in->new_hash = vai_password_hash (TEXT (call, "password"));
  return vai_call_write (call, open_work, in);
}

static VaiReply *
sign_in (VaiCall *call)
{
  SignIn in = { .email = vai_user_normalise_email (TEXT (call, "email")) };
  VaiReply *reply = check_password (call, &in);
  if (reply == NULL)
    reply = finish_sign_in (call, &in);
  g_free (in.email);
  g_free (in.new_hash);
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
  /* Also a theft is to be kept, so this is no refusal yet. */
  return vai_reply_new_nothing ();
}

static VaiReply *
refresh_session (VaiCall *call)
{
  if (!vai_secret_is_hash (TEXT (call, "next_token_hash")))
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "next_token_hash", "It is no SHA-256 in hexadecimal.");
  /* The pair itself says what is a repetition. */
  g_clear_pointer (&call->idempotency_key, g_free);
  Refresh refresh = { 0 };
  VaiReply *reply = vai_call_write (call, refresh_work, &refresh);
  if (reply->status == 204)
    {
      vai_reply_free (reply);
      if (refresh.outcome == VAI_REFRESH_STOLEN)
        vai_tokens_revoke (call->server->tokens, refresh.session_id);
      reply = refresh.outcome == VAI_REFRESH_DONE
                  ? answer_tokens (call, refresh.user_id, refresh.session_id, NULL)
                  : vai_reply_new_refusal (VAI_REFUSAL_UNAUTHENTICATED, NULL, "This session has ended: sign in.");
    }
  g_free (refresh.user_id);
  g_free (refresh.session_id);
  return reply;
}

static VaiReply *
sign_out_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  vai_session_revoke (transaction, call->session_id, call->now);
  return vai_reply_new_nothing ();
}

static VaiReply *
sign_out (VaiCall *call)
{
  VaiReply *reply = vai_call_write (call, sign_out_work, NULL);
  if (reply->status == 204)
    vai_tokens_revoke (call->server->tokens, call->session_id);
  return reply;
}

const VaiRoute vai_auth_routes[] = {
  { "POST", "/api/v1/auth/sign-up", VAI_ACCESS_PUBLIC, VAI_RATE_MAIL, VAI_BODY_SMALL, sign_up_fields, sign_up },
  { "POST", "/api/v1/auth/verify", VAI_ACCESS_PUBLIC, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, token_fields, verify },
  { "POST", "/api/v1/auth/setup", VAI_ACCESS_PUBLIC, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, setup_fields, setup },
  { "POST", "/api/v1/auth/sign-in", VAI_ACCESS_PUBLIC, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, sign_in_fields, sign_in },
  { "POST", "/api/v1/auth/refresh", VAI_ACCESS_PUBLIC, VAI_RATE_WRITE, VAI_BODY_SMALL, refresh_fields,
    refresh_session },
  { "POST", "/api/v1/auth/sign-out", VAI_ACCESS_SESSION, VAI_RATE_WRITE, VAI_BODY_SMALL, NULL, sign_out },
  { NULL },
};
