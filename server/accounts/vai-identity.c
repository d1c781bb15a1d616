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
  gboolean right; /* of the password */
} Check;

static VaiReply *
find_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  Check *check = data;
  g_clear_pointer (&check->user, vai_user_free);
  check->user = vai_user_find (transaction, call->user_id);
  if (check->user == NULL)
    return vai_user_refuse_gone ();
  check->wait_ms = vai_limit_wait_sign_in (call, transaction, check->user->email, check->user->id);
  return vai_reply_new_nothing ();
}

/* @field was wrong, which is noted. */
static VaiReply *
refuse (VaiCall *call, VaiTransaction *transaction, const VaiUser *user, const char *field, const char *message)
{
  vai_limit_note_sign_in (call, transaction, user->email, FALSE);
  vai_audit_add (transaction, user->id, "identity.failed", user->id, call->now, "{\"session\":\"%s\",\"wrong\":\"%s\"}",
                 call->session_id, field);
  return vai_reply_counting (vai_reply_new_refusal (VAI_REFUSAL_FORBIDDEN, field, "%s", message));
}

static VaiReply *
judge_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const Check *check = data;
  const VaiUser *user = check->user;
  const char *code = vai_message_get_text (call->message, "code", NULL);
  vai_transaction_lock (transaction, "user", user->id);
  gint64 wait_ms = vai_limit_hold_sign_in (call, transaction, user->email, user->id);
  if (wait_ms > 0)
    return vai_auth_refuse_wait (wait_ms);
  if (!check->right)
    return refuse (call, transaction, user, "password", "This is not your password.");
  if (user->totp_enabled && code == NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_TWO_FACTOR, "code", "Give the code that your phone shows, too.");
  if (user->totp_enabled && !vai_two_factor_use (call, transaction, user->id, code))
    return refuse (call, transaction, user, "code", "This code is not right, or was used before.");
  return vai_reply_new_nothing ();
}

/* NULL: she is who she says. */
static VaiReply *
judge (VaiCall *call, Check *check)
{
  VaiPasswordCheck found
      = vai_password_check (vai_message_get_text (call->message, "password", ""), check->user->password_hash);
  if (found == VAI_PASSWORD_BUSY)
    return vai_auth_refuse_busy ();
  check->right = found == VAI_PASSWORD_RIGHT;
  VaiReply *reply = vai_call_write_before (call, judge_work, check);
  if (reply->status >= 400)
    return reply;
  vai_reply_free (reply);
  return NULL;
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
      reply = check.wait_ms > 0 ? vai_auth_refuse_wait (check.wait_ms) : judge (call, &check);
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
