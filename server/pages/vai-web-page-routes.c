/* Confirming an address, a new password, another address, the first administrator: the pages for it. */
#include "vai-auth-acts.h"
#include "vai-web-page.h"
#include "vai-password.h"
#include "vai-route.h"
#include "vai-text.h"

#include <string.h>

#define TEXT(call, name) vai_message_get_text ((call)->message, name, "")

static VaiReply *
open_page (VaiCall *call)
{
  const char *token = vai_call_get_query (call, "token");
  return vai_web_page_new_form (call, 200, token != NULL ? token : "", "");
}

/* A form came back. */
static VaiReply *
act (VaiCall *call, VaiReply *(*handler) (VaiCall *call))
{
  VaiReply *reply = handler (call);
  if (reply->status >= 400)
    return reply;
  g_autofree char *key = g_strconcat ("done.", vai_web_page_get_name (call), NULL);
  g_autofree char *words = vai_web_page_dup_words (call, key, "internal");
  vai_reply_free (reply);
  return vai_web_page_new (call, 200, "done", "message", words, NULL);
}

/* Nobody sees what is typed: it is typed twice. */
static VaiReply *
act_with_password (VaiCall *call, VaiReply *(*handler) (VaiCall *call))
{
  if (strcmp (TEXT (call, "password"), TEXT (call, "again")) == 0)
    return act (call, handler);
  return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "again", "The two passwords are not the same.");
}

static const VaiField token_fields[] = {
  { "token", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 1, 100 },
  { NULL },
};

static VaiReply *
post_verify (VaiCall *call)
{
  return act (call, vai_auth_verify);
}

static VaiReply *
post_change (VaiCall *call)
{
  return act (call, vai_auth_confirm_email);
}

#define PASSWORD_FIELDS                                                                                                \
  { "password", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, VAI_PASSWORD_CHARACTERS_MIN, VAI_PASSWORD_CHARACTERS_MAX },        \
  {                                                                                                                    \
    "again", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 1, VAI_PASSWORD_CHARACTERS_MAX                                        \
  }

static const VaiField reset_fields[] = {
  { "token", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 1, 100 },
  PASSWORD_FIELDS,
  { NULL },
};

static VaiReply *
post_reset (VaiCall *call)
{
  return act_with_password (call, vai_auth_reset);
}

static const VaiField setup_fields[] = {
  { "token", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 1, 100 },
  { "name", VAI_FIELD_TEXT, VAI_FIELD_VISIBLE, 1, 100 },
  { "email", VAI_FIELD_EMAIL },
  PASSWORD_FIELDS,
  { NULL },
};

static VaiReply *
post_setup (VaiCall *call)
{
  return act_with_password (call, vai_auth_setup);
}

/* Where a machine without a window sends people: they let it in from a window where they are signed in. */
static VaiReply *
open_device (VaiCall *call)
{
  const char *code = vai_call_get_query (call, "user_code");
  return vai_web_page_new (call, 200, "device", "code", code != NULL ? code : "", NULL);
}

static VaiReply *
open_style (VaiCall *call)
{
  char *text = vai_text_fill ("page.css", "en", NULL);
  VaiReply *reply = vai_reply_new_bytes (200, "text/css; charset=utf-8", g_bytes_new_take (text, strlen (text)));
  vai_reply_set_header (reply, "Cache-Control", "max-age=3600");
  return reply;
}

const VaiRoute vai_web_page_routes[] = {
  { "GET", "/verify", VAI_ACCESS_PUBLIC, VAI_RATE_READ, 0, NULL, open_page },
  { "POST", "/verify", VAI_ACCESS_PUBLIC, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, token_fields, post_verify, VAI_ROUTE_FORM },
  { "GET", "/reset", VAI_ACCESS_PUBLIC, VAI_RATE_READ, 0, NULL, open_page },
  { "POST", "/reset", VAI_ACCESS_PUBLIC, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, reset_fields, post_reset, VAI_ROUTE_FORM },
  { "GET", "/change", VAI_ACCESS_PUBLIC, VAI_RATE_READ, 0, NULL, open_page },
  { "POST", "/change", VAI_ACCESS_PUBLIC, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, token_fields, post_change, VAI_ROUTE_FORM },
  { "GET", "/setup", VAI_ACCESS_PUBLIC, VAI_RATE_READ, 0, NULL, open_page },
  { "POST", "/setup", VAI_ACCESS_PUBLIC, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, setup_fields, post_setup, VAI_ROUTE_FORM },
  { "GET", "/device", VAI_ACCESS_PUBLIC, VAI_RATE_READ, 0, NULL, open_device },
  { "GET", "/page.css", VAI_ACCESS_PUBLIC, VAI_RATE_READ, 0, NULL, open_style },
  { NULL },
};
