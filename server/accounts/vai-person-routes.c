/* Everything of a person, for her to take along, and the end of her account. */
#include "vai-audit.h"
#include "vai-auth-answer.h"
#include "vai-billing.h"
#include "vai-chores.h"
#include "vai-erasure.h"
#include "vai-export.h"
#include "vai-identity.h"
#include "vai-mail.h"
#include "vai-password.h"
#include "vai-route.h"
#include "vai-tokens.h"
#include "vai-two-factor.h"

static const VaiField delete_fields[] = {
  VAI_IDENTITY_FIELDS,
  { NULL },
};

/* NULL with @user when her account may end, but for a page on which she may still pay. */
static VaiReply *
refuse_end (VaiCall *call, VaiTransaction *transaction, const VaiUser *identity, VaiUser **user)
{
  VaiReply *refusal = vai_identity_confirm (call, transaction, identity);
  if (refusal != NULL)
    return refusal;
  *user = vai_user_find (transaction, call->user_id);
  if (*user == NULL)
    return vai_user_refuse_gone ();
  if (g_strcmp0 ((*user)->role, "owner") == 0 && vai_user_is_last_owner (transaction, call->user_id))
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, NULL, "Name another owner first: this is the last one.");
  return vai_billing_refuse_end (call, transaction);
}

static VaiReply *
ask_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  g_autoptr (VaiUser) user = NULL;
  VaiReply *refusal = refuse_end (call, transaction, data, &user);
  return refusal != NULL ? refusal : vai_reply_new_nothing ();
}

static VaiReply *
delete_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  g_autoptr (VaiUser) user = NULL;
  VaiReply *refusal = refuse_end (call, transaction, data, &user);
  if (refusal == NULL)
    refusal = vai_billing_refuse_pages (call, transaction);
  if (refusal != NULL)
    return refusal;
  vai_audit_add (transaction, user->id, "account.delete", user->id, call->now, "{}");
  vai_erasure_run (call, transaction, user);
  vai_mail_queue (call->server, transaction, VAI_MAIL_DELETED, user->email, user->locale, NULL, call->now);
  return vai_reply_new_nothing ();
}

static VaiReply *
delete_person (VaiCall *call)
{
  g_autoptr (VaiUser) user = NULL;
  VaiReply *reply = vai_identity_check (call, &user);
  if (reply != NULL)
    return reply;
  /* Before her pages are closed: one on which she pays stays when her account does. */
  reply = vai_call_write_before (call, ask_work, user);
  if (reply->status != 204)
    return reply;
  vai_reply_free (reply);
  vai_billing_close_pages (call);
  reply = vai_call_write (call, delete_work, user);
  if (reply->status != 204)
    return reply;
  vai_tokens_renew_revoked (call->server, call->connection);
  vai_chores_wake (call->server, "mail");
  return reply;
}

const VaiRoute vai_person_routes[] = {
  { "GET", "/api/v1/me/export", VAI_ACCESS_SESSION, VAI_RATE_HEAVY, 0, NULL, vai_export_person },
  { "POST", "/api/v1/me/delete", VAI_ACCESS_SESSION, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, delete_fields, delete_person },
  { NULL },
};
