/* New keys before their time, when somebody may have seen them: tokens of the old one are refused, leases of the old
 * one are told from new ones. */
#include "vai-admin-reason.h"
#include "vai-audit.h"
#include "vai-lease-key.h"
#include "vai-route.h"
#include "vai-server-key.h"
#include "vai-tokens.h"

static const VaiField reason_fields[] = { VAI_ADMIN_REASON_FIELD, { NULL } };

static VaiReply *
rotate_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  vai_server_key_renew (call->server, transaction, "token", call->now - VAI_TOKEN_RETIRED_MS);
  vai_server_key_renew (call->server, transaction, "lease", call->now);
  g_autofree char *reason = vai_admin_dup_reason (call);
  vai_audit_add (transaction, call->user_id, "keys.rotate", NULL, call->now, "{\"reason\":%s}", reason);
  return vai_reply_new_nothing ();
}

/* Other instances have the new keys within a minute, or with the first token that one of them signed. */
static VaiReply *
rotate (VaiCall *call)
{
  VaiReply *reply = vai_call_write (call, rotate_work, NULL);
  if (reply->status == 204)
    {
      vai_tokens_rotate (call->server, call->connection);
      vai_lease_key_rotate (call->server, call->connection);
    }
  return reply;
}

const VaiRoute vai_admin_keys_routes[] = {
  { "POST", "/api/v1/admin/keys/rotate", VAI_ACCESS_OWNER, VAI_RATE_WRITE, VAI_BODY_SMALL, reason_fields, rotate },
  { NULL },
};
