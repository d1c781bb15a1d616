#include "vai-auth-answer.h"

#include "vai-json-build.h"
#include "vai-limit.h"
#include "vai-message.h"
#include "vai-secret.h"
#include "vai-server.h"
#include "vai-tokens.h"

VaiReply *
vai_auth_answer_accepted (void)
{
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_text (builder, "status", "accepted");
  json_builder_end_object (builder);
  return vai_reply_new_json (202, builder);
}

VaiReply *
vai_auth_answer_tokens (VaiCall *call, const char *user_id, const char *session_id, const char *refresh_token)
{
  g_autofree char *token = vai_tokens_sign (call->server->tokens, user_id, session_id, call->now);
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_text (builder, "access_token", token);
  vai_json_add_text (builder, "token_type", "Bearer");
  vai_json_add_integer (builder, "expires_in", VAI_TOKEN_SECONDS);
  vai_json_add_text (builder, "session_id", session_id);
  vai_json_add_text (builder, "user_id", user_id);
  if (refresh_token != NULL)
    vai_json_add_text (builder, "refresh_token", refresh_token);
  json_builder_end_object (builder);
  VaiReply *reply = vai_reply_new_json (200, builder);
  reply->secret = TRUE;
  return reply;
}

VaiReply *
vai_auth_refuse_busy (void)
{
  VaiReply *reply = vai_reply_new_refusal (VAI_REFUSAL_UNAVAILABLE, NULL, "The server is busy: try again.");
  vai_reply_set_header (reply, "Retry-After", "1");
  return reply;
}

VaiReply *
vai_auth_refuse_wait (gint64 wait_ms)
{
  VaiReply *reply = vai_reply_new_refusal (VAI_REFUSAL_TOO_MANY, NULL, "Too many tries: wait a little.");
  g_autofree char *seconds = g_strdup_printf ("%" G_GINT64_FORMAT, wait_ms / 1000 + 1);
  vai_reply_set_header (reply, "Retry-After", seconds);
  return reply;
}

VaiReply *
vai_auth_refuse_link (void)
{
  return vai_reply_new_refusal (VAI_REFUSAL_GONE, "token", "This link was used or is too old: ask for a new one.");
}

gboolean
vai_auth_may_mail (VaiCall *call, VaiTransaction *transaction, const char *email, gint64 *wait_ms)
{
  *wait_ms = vai_limit_hold (call, transaction, VAI_LIMIT_MAIL_FROM, call->address);
  if (*wait_ms > 0)
    return FALSE;
  vai_limit_note (call, transaction, VAI_LIMIT_MAIL_FROM, call->address);
  if (vai_limit_hold (call, transaction, VAI_LIMIT_MAIL_TO, email) > 0)
    return FALSE;
  vai_limit_note (call, transaction, VAI_LIMIT_MAIL_TO, email);
  return TRUE;
}

void
vai_auth_send_link (VaiCall *call,
                    VaiTransaction *transaction,
                    VaiMail mail,
                    const char *page,
                    const char *token,
                    const char *email,
                    const char *locale)
{
  g_autofree char *link = g_strdup_printf ("%s/%s?token=%s", call->server->public_url, page, token);
  vai_mail_queue (call->server, transaction, mail, email, locale, link, call->now);
}

VaiReply *
vai_auth_refuse_hash (const char *field)
{
  return vai_reply_new_refusal (VAI_REFUSAL_INVALID, field, "It is no SHA-256 in hexadecimal.");
}

gboolean
vai_auth_take_refresh (VaiCall *call, char **token, char **hash)
{
  const char *given = vai_message_get_text (call->message, "refresh_token_hash", NULL);
  *token = given == NULL ? vai_secret_new () : NULL;
  *hash = given == NULL ? vai_secret_hash (*token) : g_strdup (given);
  return vai_secret_is_hash (*hash);
}
