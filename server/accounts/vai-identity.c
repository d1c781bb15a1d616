#include "vai-identity.h"

#include "vai-audit.h"
#include "vai-auth-answer.h"
#include "vai-limit.h"
#include "vai-message.h"
#include "vai-password.h"
#include "vai-two-factor.h"

typedef struct
{
  VaiUser *user;
  gint64 wait_ms;
  gboolean right; /* of the code */
} Check;

static VaiReply *
find_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  Check *check = data;
  g_clear_pointer (&check->user, vai_user_free);
  check->user = vai_user_find (transaction, call->user_id);
  if (check->user == NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, NULL, "This account is gone.");
  check->wait_ms = vai_limit_wait_sign_in (call, transaction, check->user->email, check->user->id);
  return vai_reply_new_nothing ();
}

static void
note_failure (VaiCall *call, VaiTransaction *transaction, const VaiUser *user, const char *wrong)
{
  vai_limit_note_sign_in (call, transaction, user->email, FALSE);
  vai_audit_add (transaction, user->id, "identity.failed", user->id, call->now, "{\"session\":\"%s\",\"wrong\":\"%s\"}",
                 call->session_id, wrong);
}

static VaiReply *
fail_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const Check *check = data;
  note_failure (call, transaction, check->user, "password");
  return vai_reply_new_nothing ();
}

static VaiReply *
code_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  Check *check = data;
  check->right
      = vai_two_factor_use (call, transaction, check->user->id, vai_message_get_text (call->message, "code", NULL));
  if (!check->right)
    note_failure (call, transaction, check->user, "code");
  return vai_reply_new_nothing ();
}

/* The key belongs to the request's own effect. */
static VaiReply *
write_without_key (VaiCall *call, VaiCallWork work, Check *check)
{
  char *key = g_steal_pointer (&call->idempotency_key);
  VaiReply *reply = vai_call_write (call, work, check);
  call->idempotency_key = key;
  if (reply->status >= 400)
    return reply;
  vai_reply_free (reply);
  return NULL;
}

static VaiReply *
check_password (VaiCall *call, Check *check)
{
  switch (vai_password_check (vai_message_get_text (call->message, "password", ""), check->user->password_hash))
    {
    case VAI_PASSWORD_RIGHT:
      return NULL;
    case VAI_PASSWORD_BUSY:
      return vai_auth_refuse_busy ();
    case VAI_PASSWORD_WRONG:
      break;
    }
  VaiReply *failed = write_without_key (call, fail_work, check);
  return failed != NULL ? failed
                        : vai_reply_new_refusal (VAI_REFUSAL_FORBIDDEN, "password", "This is not your password.");
}

static VaiReply *
check_code (VaiCall *call, Check *check)
{
  if (!check->user->totp_enabled)
    return NULL;
  if (vai_message_get_text (call->message, "code", NULL) == NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_TWO_FACTOR, "code", "Give the code that your phone shows, too.");
  VaiReply *failed = write_without_key (call, code_work, check);
  if (failed != NULL || check->right)
    return failed;
  return vai_reply_new_refusal (VAI_REFUSAL_FORBIDDEN, "code", "This code is not right, or was used before.");
}

VaiReply *
vai_identity_check (VaiCall *call, VaiUser **user)
{
  VaiReply *reply = vai_call_repeat (call);
  if (reply != NULL)
    return reply;
  Check check = { NULL };
  reply = vai_call_read (call, find_work, &check);
  if (reply->status == 204)
    {
      vai_reply_free (reply);
      reply = check.wait_ms > 0 ? vai_auth_refuse_wait (check.wait_ms) : check_password (call, &check);
      if (reply == NULL)
        reply = check_code (call, &check);
    }
  if (reply == NULL)
    *user = check.user;
  else
    vai_user_free (check.user);
  return reply;
}

VaiReply *
vai_identity_confirm (VaiCall *call, VaiTransaction *transaction, const VaiUser *user)
{
  vai_transaction_lock (transaction, "user", user->id);
  if (vai_transaction_get_integer (transaction, 0,
                                   "SELECT count(*) FROM \"user\" u JOIN session s ON s.user_id = u.id WHERE u.id = $1 "
                                   "AND u.password_hash = $2 AND u.totp_enabled = $3 AND u.suspended_at IS NULL "
                                   "AND u.deleted_at IS NULL AND s.id = $4 AND s.revoked_at IS NULL",
                                   VAI_TEXT (user->id), VAI_TEXT (user->password_hash),
                                   VAI_INTEGER (user->totp_enabled), VAI_TEXT (call->session_id))
      == 1)
    return NULL;
  return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, NULL, "Your account has just been changed: try again.");
}
