/* What the support sees and does of persons: found, viewed, suspended, given a role, granted or corrected credits,
 * signed out. Every act is an audit entry with its reason. */
#include "vai-admin-reason.h"
#include "vai-audit.h"
#include "vai-cursor.h"
#include "vai-json-build.h"
#include "vai-ledger.h"
#include "vai-route.h"
#include "vai-server.h"
#include "vai-session.h"
#include "vai-time.h"
#include "vai-tokens.h"
#include "vai-user.h"

#include <string.h>

/* A hand that slips should not make a fortune. */
#define CREDITS_MAX 1000000

static const VaiField reason_fields[] = { VAI_ADMIN_REASON_FIELD, { NULL } };

static VaiReply *
refuse_unknown (void)
{
  return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, NULL, "There is no such account.");
}

/* ── Finding ── */

/* Part of a name or address; “%” and “_” are themselves. */
static char *
make_pattern (const char *search)
{
  g_autofree char *lower = g_utf8_strdown (search != NULL ? search : "", -1);
  g_autoptr (GString) pattern = g_string_new ("%");
  for (const char *c = lower; *c != '\0'; c++)
    {
      if (strchr ("%_\\", *c) != NULL)
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, *c);
    }
  g_string_append_c (pattern, '%');
  return g_string_free (g_steal_pointer (&pattern), FALSE);
}

static void
write_row (VaiCall *call, VaiRows *rows, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "id", vai_rows_get_text (rows, 0));
  vai_json_add_text (builder, "name", vai_rows_get_text (rows, 1));
  vai_json_add_text (builder, "email", vai_rows_get_text (rows, 2));
  vai_json_add_flag (builder, "email_verified", vai_rows_get_integer (rows, 3) != 0);
  vai_json_add_text (builder, "role", vai_rows_get_text (rows, 4));
  vai_json_add_integer (builder, "credits", vai_rows_get_integer (rows, 5));
  vai_json_add_time (builder, "suspended_at", vai_rows_get_integer (rows, 6));
  vai_json_add_integer (builder, "created_at", vai_rows_get_integer (rows, 7));
  json_builder_end_object (builder);
}

static VaiReply *
list_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  VaiCursor from;
  VaiReply *refusal = vai_cursor_read (call, FALSE, &from);
  if (refusal != NULL)
    return refusal;
  g_autofree char *pattern = make_pattern (vai_call_get_query (call, "search"));
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT id, name, email, email_verified, role, credits, suspended_at, created_at FROM \"user\" "
      "WHERE (created_at, id) < ($1, $2) AND deleted_at IS NULL AND (email LIKE $3 ESCAPE '\\' OR lower(name) LIKE $4 "
      "ESCAPE '\\') ORDER BY created_at DESC, id DESC LIMIT $5",
      VAI_INTEGER (from.at), VAI_TEXT (from.id), VAI_TEXT (pattern), VAI_TEXT (pattern), VAI_INTEGER (from.limit));
  return vai_cursor_answer (call, &from, rows, write_row, 7, 0);
}

static VaiReply *
list (VaiCall *call)
{
  return vai_call_read (call, list_work, NULL);
}

static VaiReply *
view_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  g_autoptr (VaiUser) user = vai_user_find (transaction, vai_call_get_value (call, 0));
  if (user == NULL)
    return refuse_unknown ();
  JsonBuilder *builder = vai_json_new_object ();
  json_builder_set_member_name (builder, "user");
  vai_user_write (user, builder);
  vai_json_add_time (builder, "suspended_at", user->suspended_at);
  vai_json_begin_list (builder, "accounts");
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction, "SELECT kind, device_id, balance FROM ledger_account WHERE user_id = $1 ORDER BY id",
      VAI_TEXT (user->id));
  while (vai_rows_next (rows))
    {
      json_builder_begin_object (builder);
      vai_json_add_text (builder, "kind", vai_rows_get_text (rows, 0));
      vai_json_add_text (builder, "device_id", vai_rows_get_text (rows, 1));
      vai_json_add_integer (builder, "balance", vai_rows_get_integer (rows, 2));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  g_autofree char *wrong = vai_ledger_check (transaction, user->id);
  vai_json_add_text (builder, "ledger_problem", wrong);
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
view (VaiCall *call)
{
  return vai_call_read (call, view_work, NULL);
}

/* ── Acts ── */

/* The one the act is for, locked. NULL: refusal is set. Nobody acts on an equal or higher role but an owner. */
static VaiUser *
find_subject (VaiCall *call, VaiTransaction *transaction, VaiReply **refusal)
{
  const char *id = vai_call_get_value (call, 0);
  vai_transaction_lock (transaction, "user", id);
  g_autoptr (VaiUser) user = vai_user_find (transaction, id);
  if (user == NULL)
    *refusal = refuse_unknown ();
  else if (call->role != VAI_USER_ROLE_OWNER && strcmp (user->role, "user") != 0)
    *refusal = vai_reply_new_refusal (VAI_REFUSAL_FORBIDDEN, NULL, "Only an owner acts on the accounts of the staff.");
  else
    return g_steal_pointer (&user);
  return NULL;
}

static void
note (VaiCall *call, VaiTransaction *transaction, const char *action)
{
  g_autofree char *reason = vai_admin_dup_reason (call);
  vai_audit_add (transaction, call->user_id, action, vai_call_get_value (call, 0), call->now, "{\"reason\":%s}",
                 reason);
}

static gboolean
is_last_owner (VaiTransaction *transaction, const VaiUser *user)
{
  return strcmp (user->role, "owner") == 0 && vai_user_is_last_owner (transaction, user->id);
}

static VaiReply *
refuse_last_owner (const char *field)
{
  return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, field, "There must be an owner left.");
}

static VaiReply *
suspend_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  VaiReply *refusal = NULL;
  g_autoptr (VaiUser) user = find_subject (call, transaction, &refusal);
  if (user == NULL)
    return refusal;
  if (strcmp (user->id, call->user_id) == 0)
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, NULL, "You cannot suspend yourself.");
  if (is_last_owner (transaction, user))
    return refuse_last_owner (NULL);
  vai_transaction_run (transaction, "UPDATE \"user\" SET suspended_at = $1, updated_at = $2 WHERE id = $3",
                       VAI_INTEGER (call->now), VAI_INTEGER (call->now), VAI_TEXT (user->id));
  vai_session_revoke_all (transaction, user->id, NULL, call->now);
  note (call, transaction, "user.suspend");
  return vai_reply_new_nothing ();
}

/* Tokens of those who were signed out are refused here at once, elsewhere within seconds. */
static VaiReply *
write_and_revoke (VaiCall *call, VaiCallWork work)
{
  VaiReply *reply = vai_call_write (call, work, NULL);
  if (reply->status == 204)
    vai_tokens_renew_revoked (call->server, call->connection);
  return reply;
}

static VaiReply *
suspend (VaiCall *call)
{
  return write_and_revoke (call, suspend_work);
}

static VaiReply *
resume_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  VaiReply *refusal = NULL;
  g_autoptr (VaiUser) user = find_subject (call, transaction, &refusal);
  if (user == NULL)
    return refusal;
  vai_transaction_run (transaction, "UPDATE \"user\" SET suspended_at = NULL, updated_at = $1 WHERE id = $2",
                       VAI_INTEGER (call->now), VAI_TEXT (user->id));
  note (call, transaction, "user.resume");
  return vai_reply_new_nothing ();
}

static VaiReply *
resume (VaiCall *call)
{
  return vai_call_write (call, resume_work, NULL);
}

static VaiReply *
sign_out_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  VaiReply *refusal = NULL;
  g_autoptr (VaiUser) user = find_subject (call, transaction, &refusal);
  if (user == NULL)
    return refusal;
  vai_session_revoke_all (transaction, user->id, NULL, call->now);
  note (call, transaction, "user.sign_out");
  return vai_reply_new_nothing ();
}

static VaiReply *
sign_out (VaiCall *call)
{
  return write_and_revoke (call, sign_out_work);
}

static const char *const roles[] = { "user", "support", "billing", "owner", NULL };
static const VaiField role_fields[]
    = { { "role", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 0, 0, roles }, VAI_ADMIN_REASON_FIELD, { NULL } };

static VaiReply *
role_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  VaiReply *refusal = NULL;
  const char *role = vai_message_get_text (call->message, "role", NULL);
  g_autoptr (VaiUser) user = find_subject (call, transaction, &refusal);
  if (user == NULL)
    return refusal;
  if (strcmp (role, "owner") != 0 && is_last_owner (transaction, user))
    return refuse_last_owner ("role");
  vai_transaction_run (transaction, "UPDATE \"user\" SET role = $1, updated_at = $2 WHERE id = $3", VAI_TEXT (role),
                       VAI_INTEGER (call->now), VAI_TEXT (user->id));
  g_autofree char *reason = vai_admin_dup_reason (call);
  vai_audit_add (transaction, call->user_id, "user.role", user->id, call->now,
                 "{\"from\":\"%s\",\"to\":\"%s\",\"reason\":%s}", user->role, role, reason);
  return vai_reply_new_nothing ();
}

static VaiReply *
change_role (VaiCall *call)
{
  return vai_call_write (call, role_work, NULL);
}

/* ── Credits ── */

static const VaiField credits_fields[] = {
  { "amount", VAI_FIELD_INTEGER, VAI_FIELD_REQUIRED, -CREDITS_MAX, CREDITS_MAX },
  { "expires_at", VAI_FIELD_INTEGER, VAI_FIELD_OPTIONAL, 1, G_MAXINT64 },
  VAI_ADMIN_REASON_FIELD,
  { NULL },
};

/* Credits that should not have been there go to where clawed ones are. */
static VaiReply *
take_away (VaiCall *call, VaiTransaction *transaction, const char *id, gint64 amount)
{
  const char *user_id = vai_call_get_value (call, 0);
  g_autofree char *available = vai_ledger_ensure_account (transaction, user_id, "available", NULL);
  g_autofree char *clawed = vai_ledger_ensure_account (transaction, user_id, "clawed", NULL);
  VaiLedgerOutcome outcome
      = vai_ledger_transfer (transaction, id, available, clawed, amount, "correction", call->user_id, call->now);
  if (outcome == VAI_LEDGER_INSUFFICIENT || vai_ledger_allocate (transaction, id, user_id, amount, call->now) > 0)
    return vai_reply_new_refusal (VAI_REFUSAL_CONFLICT, "amount", "The account does not have that many credits.");
  vai_ledger_note (transaction, id, user_id, "correction", -amount, "Correction", NULL, NULL, call->now);
  return NULL;
}

static VaiReply *
credits_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const char *id = data;
  VaiReply *refusal = NULL;
  g_autoptr (VaiUser) user = find_subject (call, transaction, &refusal);
  if (user == NULL)
    return refusal;
  gint64 amount = vai_message_get_integer (call->message, "amount", 0);
  if (vai_message_get_integer (call->message, "expires_at", G_MAXINT64) <= call->now)
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "expires_at", "This time is over.");
  if (amount < 0)
    refusal = take_away (call, transaction, id, -amount);
  else
    {
      VaiLedgerGrant grant = { .id = id,
                               .user_id = user->id,
                               .source = VAI_GRANT_ADMIN,
                               .amount = amount,
                               .expires_at = vai_message_get_integer (call->message, "expires_at", 0),
                               .description = "Credits granted" };
      vai_ledger_grant (transaction, &grant, call->now);
    }
  if (refusal != NULL)
    return refusal;
  g_autofree char *reason = vai_admin_dup_reason (call);
  vai_audit_add (transaction, call->user_id, amount > 0 ? "credits.grant" : "credits.correct", user->id, call->now,
                 "{\"amount\":%" G_GINT64_FORMAT ",\"reason\":%s}", amount, reason);
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_integer (builder, "balance", vai_ledger_get_balance (transaction, user->id));
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
change_credits (VaiCall *call)
{
  if (vai_message_get_integer (call->message, "amount", 0) == 0)
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "amount", "Nothing would change.");
  g_autofree char *unique = vai_uuid_new ();
  g_autofree char *id = g_strconcat ("admin:", unique, NULL);
  return vai_call_write (call, credits_work, id);
}

#define USERS "/api/v1/admin/users"

const VaiRoute vai_admin_users_routes[] = {
  { "GET", USERS, VAI_ACCESS_SUPPORT, VAI_RATE_READ, 0, NULL, list },
  { "GET", USERS "/{id}", VAI_ACCESS_SUPPORT, VAI_RATE_READ, 0, NULL, view },
  { "POST", USERS "/{id}/suspend", VAI_ACCESS_SUPPORT, VAI_RATE_WRITE, VAI_BODY_SMALL, reason_fields, suspend },
  { "POST", USERS "/{id}/resume", VAI_ACCESS_SUPPORT, VAI_RATE_WRITE, VAI_BODY_SMALL, reason_fields, resume },
  { "POST", USERS "/{id}/sign-out", VAI_ACCESS_SUPPORT, VAI_RATE_WRITE, VAI_BODY_SMALL, reason_fields, sign_out },
  { "POST", USERS "/{id}/role", VAI_ACCESS_OWNER, VAI_RATE_WRITE, VAI_BODY_SMALL, role_fields, change_role },
  { "POST", USERS "/{id}/credits", VAI_ACCESS_BILLING, VAI_RATE_WRITE, VAI_BODY_SMALL, credits_fields, change_credits },
  { NULL },
};
