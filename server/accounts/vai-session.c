#include "vai-session.h"

#include "vai-audit.h"
#include "vai-time.h"

char *
vai_session_open (VaiCall *call, VaiTransaction *transaction, const char *user_id, const char *token_hash)
{
  char *id = vai_uuid_new ();
  vai_transaction_run (transaction,
                       "INSERT INTO session (id, user_id, token_hash, ip_address, user_agent, expires_at, created_at, "
                       "updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                       VAI_TEXT (id), VAI_TEXT (user_id), VAI_TEXT (token_hash), VAI_TEXT (call->address),
                       VAI_TEXT (call->user_agent), VAI_INTEGER (call->now + VAI_SESSION_IDLE_MS),
                       VAI_INTEGER (call->now), VAI_INTEGER (call->now));
  return id;
}

typedef struct
{
  char *id, *user_id, *token_hash, *next_hash;
  gint64 created_at;
} Row;

static void
row_clear (Row *row)
{
  g_free (row->id);
  g_free (row->user_id);
  g_free (row->token_hash);
  g_free (row->next_hash);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Row, row_clear)

static gboolean
find (VaiTransaction *transaction, const char *hash, gint64 now, Row *row)
{
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT s.id, s.user_id, s.token_hash, s.next_token_hash, s.created_at FROM session s JOIN \"user\" u "
      "ON u.id = s.user_id WHERE (s.token_hash = $1 OR s.next_token_hash = $2) AND s.revoked_at IS NULL "
      "AND s.expires_at > $3 AND u.suspended_at IS NULL AND u.deleted_at IS NULL",
      VAI_TEXT (hash), VAI_TEXT (hash), VAI_INTEGER (now));
  if (!vai_rows_next (rows))
    return FALSE;
  *row = (Row){ g_strdup (vai_rows_get_text (rows, 0)), g_strdup (vai_rows_get_text (rows, 1)),
                g_strdup (vai_rows_get_text (rows, 2)), g_strdup (vai_rows_get_text (rows, 3)),
                vai_rows_get_integer (rows, 4) };
  return TRUE;
}

/* Two have a token: neither keeps the session. */
static VaiRefresh
end_stolen (VaiTransaction *transaction, const char *session_id, const char *user_id, gint64 now)
{
  vai_session_revoke (transaction, session_id, now);
  vai_audit_add (transaction, NULL, "session.stolen", user_id, now, "{\"session\":\"%s\"}", session_id);
  return VAI_REFRESH_STOLEN;
}

/* A token that has been replaced before tells that two have it. */
static VaiRefresh
look_for_theft (VaiTransaction *transaction, const char *hash, gint64 now, char **session_id)
{
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction,
                               "SELECT s.id, s.user_id FROM session_token_used t JOIN session s ON s.id = t.session_id "
                               "WHERE t.token_hash = $1",
                               VAI_TEXT (hash));
  if (!vai_rows_next (rows))
    return VAI_REFRESH_UNKNOWN;
  *session_id = g_strdup (vai_rows_get_text (rows, 0));
  return end_stolen (transaction, *session_id, vai_rows_get_text (rows, 1), now);
}

static void
store (VaiCall *call, VaiTransaction *transaction, const Row *row, const char *hash, const char *next_hash)
{
  gint64 expires = MIN (call->now + VAI_SESSION_IDLE_MS, row->created_at + VAI_SESSION_AGE_MS);
  if (g_strcmp0 (row->next_hash, hash) == 0)
    vai_transaction_run (transaction,
                         "INSERT INTO session_token_used (token_hash, session_id, created_at) VALUES ($1, $2, $3)",
                         VAI_TEXT (row->token_hash), VAI_TEXT (row->id), VAI_INTEGER (call->now));
  vai_transaction_run (transaction,
                       "UPDATE session SET token_hash = $1, next_token_hash = $2, expires_at = $3, updated_at = $4, "
                       "ip_address = $5, user_agent = $6 WHERE id = $7",
                       VAI_TEXT (hash), VAI_TEXT (next_hash), VAI_INTEGER (expires), VAI_INTEGER (call->now),
                       VAI_TEXT (call->address), VAI_TEXT (call->user_agent), VAI_TEXT (row->id));
}

VaiRefresh
vai_session_refresh (VaiCall *call,
                     VaiTransaction *transaction,
                     const char *hash,
                     const char *next_hash,
                     char **user_id,
                     char **session_id)
{
  g_auto (Row) row = { NULL };
  if (!find (transaction, hash, call->now, &row))
    return look_for_theft (transaction, hash, call->now, session_id);
  vai_transaction_lock (transaction, "session", row.id);
  g_auto (Row) now = { NULL };
  /* Another request may have been first. */
  if (!find (transaction, hash, call->now, &now))
    return look_for_theft (transaction, hash, call->now, session_id);
  *session_id = g_strdup (now.id);
  gboolean current = g_strcmp0 (now.token_hash, hash) == 0;
  if (current && now.next_hash != NULL && g_strcmp0 (now.next_hash, next_hash) != 0)
    return end_stolen (transaction, now.id, now.user_id, call->now);
  *user_id = g_strdup (now.user_id);
  store (call, transaction, &now, hash, next_hash);
  return VAI_REFRESH_DONE;
}

void
vai_session_revoke (VaiTransaction *transaction, const char *session_id, gint64 now)
{
  vai_transaction_run (transaction, "UPDATE session SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL",
                       VAI_INTEGER (now), VAI_TEXT (session_id));
}

void
vai_session_revoke_all (VaiTransaction *transaction, const char *user_id, const char *but, gint64 now)
{
  vai_transaction_lock (transaction, "user", user_id);
  vai_transaction_run (transaction,
                       "UPDATE session SET revoked_at = $1 WHERE user_id = $2 AND revoked_at IS NULL AND id <> $3",
                       VAI_INTEGER (now), VAI_TEXT (user_id), VAI_TEXT (but != NULL ? but : ""));
  /* A machine that was let in and has not come yet would open one more. */
  vai_transaction_run (transaction,
                       "UPDATE device_code SET status = 'denied' WHERE user_id = $1 AND status = 'approved'",
                       VAI_TEXT (user_id));
}
