#include "vai-access.h"

#include "vai-metrics.h"
#include "vai-route.h"
#include "vai-tokens.h"

#include <string.h>

void
vai_access_count_failures (guint n)
{
  vai_metrics_count ("valutai_sign_in_failures_total", "Sign-ins with a wrong password or code.", n);
}

gboolean
vai_access_start (VaiServer *server, GError **error)
{
  vai_access_count_failures (0); /* there before the first one, which is an increase then */
  server->tokens = vai_tokens_new (server, error);
  return server->tokens != NULL;
}

void
vai_access_stop (VaiServer *server)
{
  g_clear_pointer (&server->tokens, vai_tokens_free);
}

static VaiReply *
refuse (void)
{
  VaiReply *reply = vai_reply_new_refusal (VAI_REFUSAL_UNAUTHENTICATED, NULL, "Sign in first.");
  vai_reply_set_header (reply, "WWW-Authenticate", "Bearer");
  return reply;
}

static VaiUserRole
role_of (const char *text)
{
  static const char *const names[] = { "user", "support", "billing", "owner" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (text, names[i]) == 0)
      return (VaiUserRole) i;
  return VAI_USER_ROLE_USER;
}

static gboolean
may (VaiAccess access, VaiUserRole role)
{
  switch (access)
    {
    case VAI_ACCESS_SUPPORT:
      return role >= VAI_USER_ROLE_SUPPORT;
    case VAI_ACCESS_BILLING:
      return role >= VAI_USER_ROLE_BILLING;
    case VAI_ACCESS_OWNER:
      return role == VAI_USER_ROLE_OWNER;
    default:
      return TRUE;
    }
}

VaiRows *
vai_access_ask_session (VaiCall *call, VaiTransaction *transaction)
{
  return vai_transaction_query (
      transaction,
      "SELECT u.role, u.suspended_at, s.device_id FROM session s JOIN \"user\" u ON u.id = s.user_id "
      "WHERE s.id = $1 AND s.user_id = $2 AND s.revoked_at IS NULL AND s.expires_at > $3 AND u.deleted_at IS NULL",
      VAI_TEXT (call->session_id), VAI_TEXT (call->user_id), VAI_INTEGER (call->now));
}

/* The session row, and what the account has become since the token was made. */
VaiReply *
vai_access_take_session (VaiCall *call, VaiTransaction *transaction, VaiRows *rows)
{
  gboolean found = vai_rows_next (rows);
  if (vai_transaction_has_failed (transaction))
    return NULL;
  if (!found)
    return refuse ();
  if (!vai_rows_is_null (rows, 1))
    return vai_reply_new_refusal (VAI_REFUSAL_FORBIDDEN, NULL, "This account is suspended: write to the support.");
  call->role = role_of (vai_rows_get_text (rows, 0));
  g_free (call->device_id);
  call->device_id = g_strdup (vai_rows_get_text (rows, 2));
  if (!may (call->route->access, call->role))
    return vai_reply_new_refusal (VAI_REFUSAL_FORBIDDEN, NULL, "Your role does not allow this.");
  call->session_unchecked = FALSE;
  return NULL;
}

/* The transaction of vai_call_read() does it. */
static VaiReply *
do_nothing (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  return vai_reply_new_nothing ();
}

VaiReply *
vai_access_check_session (VaiCall *call)
{
  g_autoptr (VaiReply) reply = vai_call_read (call, do_nothing, NULL);
  return reply->status == 204 ? NULL : g_steal_pointer (&reply);
}

static const char *
token_of (const char *authorization)
{
  return authorization != NULL && g_ascii_strncasecmp (authorization, "Bearer ", 7) == 0 ? authorization + 7 : NULL;
}

char *
vai_access_dup_user (VaiServer *server, const char *authorization)
{
  const char *token = token_of (authorization);
  g_autofree char *session_id = NULL;
  char *user_id = NULL;
  if (token != NULL)
    vai_tokens_check (server->tokens, NULL, token, vai_server_now (), &user_id, &session_id);
  return user_id;
}

VaiReply *
vai_access_check (VaiCall *call)
{
  call->session_unchecked = FALSE;
  if (call->route->access == VAI_ACCESS_PUBLIC)
    return NULL;
  g_clear_pointer (&call->user_id, g_free);
  g_clear_pointer (&call->session_id, g_free);
  const char *token = token_of (call->authorization);
  if (token == NULL
      || !vai_tokens_check (call->server->tokens, call->connection, token, call->now, &call->user_id,
                            &call->session_id))
    return refuse ();
  call->session_unchecked = call->route->access != VAI_ACCESS_TOKEN;
  return NULL;
}
