/* Turning the second factor on and off. */
#include "vai-audit.h"
#include "vai-auth-answer.h"
#include "vai-chores.h"
#include "vai-identity.h"
#include "vai-json-build.h"
#include "vai-mail.h"
#include "vai-password.h"
#include "vai-route.h"
#include "vai-two-factor.h"

#define TEXT(call, name) vai_message_get_text ((call)->message, name, NULL)

static VaiReply *
get_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_flag (builder, "enabled",
                     vai_transaction_get_integer (transaction, 0, "SELECT totp_enabled FROM \"user\" WHERE id = $1",
                                                  VAI_TEXT (call->user_id))
                         != 0);
  vai_json_add_integer (builder, "backup_codes_left",
                        vai_transaction_get_integer (
                            transaction, 0, "SELECT count(*) FROM backup_code WHERE user_id = $1 AND used_at IS NULL",
                            VAI_TEXT (call->user_id)));
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
get_two_factor (VaiCall *call)
{
  return vai_call_read (call, get_work, NULL);
}

static const VaiField identity_fields[] = {
  VAI_IDENTITY_FIELDS,
  { NULL },
};

/* ── On ── */

static VaiReply *
begin_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const VaiUser *user = data;
  VaiReply *refusal = vai_identity_confirm (call, transaction, user);
  if (refusal != NULL)
    return refusal;
  if (user->totp_enabled)
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, NULL, "Two-factor sign-in is on: turn it off first.");
  g_autofree char *secret = vai_two_factor_begin (call, transaction, user->id);
  g_autofree char *label = g_uri_escape_string (user->email, NULL, FALSE);
  g_autofree char *uri = g_strdup_printf (
      "otpauth://totp/ValutAI:%s?secret=%s&issuer=ValutAI&algorithm=SHA1&digits=6&period=30", label, secret);
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_text (builder, "secret", secret);
  vai_json_add_text (builder, "uri", uri);
  json_builder_end_object (builder);
  VaiReply *reply = vai_reply_new_json (200, builder);
  reply->secret = TRUE;
  return reply;
}

static VaiReply *
begin_two_factor (VaiCall *call)
{
  g_autoptr (VaiUser) user = NULL;
  VaiReply *reply = vai_identity_check (call, &user);
  return reply != NULL ? reply : vai_call_write (call, begin_work, user);
}

static VaiReply *
answer_codes (VaiCall *call, VaiTransaction *transaction)
{
  g_auto (GStrv) codes = vai_two_factor_make_backup_codes (call, transaction, call->user_id);
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_begin_list (builder, "backup_codes");
  for (guint i = 0; codes[i] != NULL; i++)
    json_builder_add_string_value (builder, codes[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  VaiReply *reply = vai_reply_new_json (200, builder);
  reply->secret = TRUE;
  return reply;
}

static const VaiField confirm_fields[] = {
  { "code", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 6, 6 },
  { NULL },
};

/* The first code of the phone shows that it has the secret. */
static VaiReply *
confirm_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  vai_transaction_lock (transaction, "user", call->user_id);
  g_autoptr (VaiUser) user = vai_user_find (transaction, call->user_id);
  if (user == NULL || user->totp_enabled)
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, NULL, "Two-factor sign-in is on.");
  if (!vai_two_factor_use (call, transaction, user->id, TEXT (call, "code")))
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "code", "This code is not right: is the phone's clock?");
  vai_transaction_run (transaction, "UPDATE \"user\" SET totp_enabled = 1 WHERE id = $1", VAI_TEXT (user->id));
  vai_audit_add (transaction, user->id, "account.two_factor_on", user->id, call->now, "{}");
  vai_mail_queue (call->server, transaction, VAI_MAIL_TWO_FACTOR_ON, user->email, user->locale, NULL, call->now);
  return answer_codes (call, transaction);
}

static VaiReply *
confirm_two_factor (VaiCall *call)
{
  VaiReply *reply = vai_call_write (call, confirm_work, NULL);
  vai_chores_wake (call->server, "mail");
  return reply;
}

/* ── New codes, off ── */

static VaiReply *
renew_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const VaiUser *user = data;
  VaiReply *refusal = vai_identity_confirm (call, transaction, user);
  if (refusal != NULL)
    return refusal;
  if (!user->totp_enabled)
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, NULL, "Two-factor sign-in is off.");
  vai_audit_add (transaction, user->id, "account.backup_codes", user->id, call->now, "{}");
  return answer_codes (call, transaction);
}

static VaiReply *
renew_codes (VaiCall *call)
{
  g_autoptr (VaiUser) user = NULL;
  VaiReply *reply = vai_identity_check (call, &user);
  return reply != NULL ? reply : vai_call_write (call, renew_work, user);
}

static VaiReply *
end_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const VaiUser *user = data;
  VaiReply *refusal = vai_identity_confirm (call, transaction, user);
  if (refusal != NULL)
    return refusal;
  vai_transaction_run (transaction,
                       "UPDATE \"user\" SET totp = NULL, totp_enabled = 0, totp_counter = 0, updated_at = $1 "
                       "WHERE id = $2",
                       VAI_INTEGER (call->now), VAI_TEXT (user->id));
  vai_transaction_run (transaction, "DELETE FROM backup_code WHERE user_id = $1", VAI_TEXT (user->id));
  if (!user->totp_enabled)
    return vai_reply_new_nothing ();
  vai_audit_add (transaction, user->id, "account.two_factor_off", user->id, call->now, "{}");
  vai_mail_queue (call->server, transaction, VAI_MAIL_TWO_FACTOR_OFF, user->email, user->locale, NULL, call->now);
  return vai_reply_new_nothing ();
}

static VaiReply *
end_two_factor (VaiCall *call)
{
  g_autoptr (VaiUser) user = NULL;
  VaiReply *reply = vai_identity_check (call, &user);
  if (reply != NULL)
    return reply;
  reply = vai_call_write (call, end_work, user);
  vai_chores_wake (call->server, "mail");
  return reply;
}

const VaiRoute vai_two_factor_routes[] = {
  { "GET", "/api/v1/me/two-factor", VAI_ACCESS_SESSION, VAI_RATE_READ, 0, NULL, get_two_factor },
  { "POST", "/api/v1/me/two-factor", VAI_ACCESS_SESSION, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, identity_fields,
    begin_two_factor },
  { "POST", "/api/v1/me/two-factor/confirm", VAI_ACCESS_SESSION, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, confirm_fields,
    confirm_two_factor },
  { "POST", "/api/v1/me/two-factor/backup-codes", VAI_ACCESS_SESSION, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, identity_fields,
    renew_codes },
  { "POST", "/api/v1/me/two-factor/end", VAI_ACCESS_SESSION, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, identity_fields,
    end_two_factor },
  { NULL },
};
