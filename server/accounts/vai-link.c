#include "vai-link.h"

#include "vai-secret.h"

#include <string.h>

char *
vai_link_new (VaiTransaction *transaction,
              const char *purpose,
              const char *user_id,
              const char *detail,
              gint64 now,
              gint64 lifetime_ms)
{
  char *token = vai_secret_new ();
  g_autofree char *hash = vai_secret_hash (token);
  if (strcmp (purpose, "verify") != 0)
    vai_transaction_run (transaction,
                         "UPDATE one_time_token SET used_at = $1 WHERE purpose = $2 AND used_at IS NULL "
                         "AND (user_id = $3 OR user_id IS NULL)",
                         VAI_INTEGER (now), VAI_TEXT (purpose), VAI_TEXT (user_id));
  vai_transaction_run (
      transaction,
      "INSERT INTO one_time_token (token_hash, purpose, user_id, detail, expires_at) VALUES ($1, $2, $3, $4, $5)",
      VAI_TEXT (hash), VAI_TEXT (purpose), VAI_TEXT (user_id), VAI_TEXT (detail), VAI_INTEGER (now + lifetime_ms));
  return token;
}

gboolean
vai_link_use (VaiTransaction *transaction,
              const char *purpose,
              const char *token,
              gint64 now,
              char **user_id,
              char **detail)
{
  g_autofree char *hash = vai_secret_hash (token);
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction,
                               "UPDATE one_time_token SET used_at = $1 WHERE token_hash = $2 AND purpose = $3 "
                               "AND used_at IS NULL AND expires_at > $4 RETURNING user_id, detail",
                               VAI_INTEGER (now), VAI_TEXT (hash), VAI_TEXT (purpose), VAI_INTEGER (now));
  if (!vai_rows_next (rows))
    return FALSE;
  if (user_id != NULL)
    *user_id = g_strdup (vai_rows_get_text (rows, 0));
  if (detail != NULL)
    *detail = g_strdup (vai_rows_get_text (rows, 1));
  return TRUE;
}

char *
vai_link_find (VaiTransaction *transaction, const char *purpose, const char *token, gint64 now)
{
  g_autofree char *hash = vai_secret_hash (token);
  return vai_transaction_dup_text (transaction,
                                   "SELECT user_id FROM one_time_token WHERE token_hash = $1 AND purpose = $2 "
                                   "AND used_at IS NULL AND expires_at > $3",
                                   VAI_TEXT (hash), VAI_TEXT (purpose), VAI_INTEGER (now));
}

void
vai_link_void (VaiTransaction *transaction, const char *user_id, gint64 now)
{
  vai_transaction_run (transaction, "UPDATE one_time_token SET used_at = $1 WHERE user_id = $2 AND used_at IS NULL",
                       VAI_INTEGER (now), VAI_TEXT (user_id));
}
