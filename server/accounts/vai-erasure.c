#include "vai-erasure.h"

#include "vai-free-credits.h"
#include "vai-server.h"
#include "vai-sync.h"

/* With $1 for her id. */
static const char *const by_id[] = {
  "DELETE FROM session_token_used WHERE session_id IN (SELECT id FROM session WHERE user_id = $1)",
  "UPDATE session SET ip_address = NULL, user_agent = NULL WHERE user_id = $1",
  "DELETE FROM backup_code WHERE user_id = $1",
  "DELETE FROM one_time_token WHERE user_id = $1",
  "DELETE FROM device_code WHERE user_id = $1",
  "DELETE FROM idempotency WHERE user_id = $1",
  "DELETE FROM published_model WHERE user_id = $1",
  "UPDATE device SET name = '', status = 'revoked' WHERE user_id = $1",
};

void
vai_erasure_run (VaiCall *call, VaiTransaction *transaction, const VaiUser *user)
{
  vai_transaction_run (transaction, "UPDATE session SET revoked_at = $1 WHERE user_id = $2 AND revoked_at IS NULL",
                       VAI_INTEGER (call->now), VAI_TEXT (user->id));
  for (gsize i = 0; i < G_N_ELEMENTS (by_id); i++)
    vai_transaction_run (transaction, by_id[i], VAI_TEXT (user->id));
  vai_sync_forget (transaction, user->id);
  vai_transaction_run (transaction, "DELETE FROM mail_outbox WHERE recipient = $1", VAI_TEXT (user->email));
  vai_free_credits_leave (call->server, transaction, user->id, user->email);
  /* Nobody can sign up or in with what stands in for the address: it is none. */
  g_autofree char *nothing = g_strconcat ("deleted:", user->id, NULL);
  vai_transaction_run (transaction,
                       "UPDATE \"user\" SET name = '', email = $1, email_verified = 0, image = NULL, role = 'user', "
                       "password_hash = NULL, totp = NULL, totp_enabled = 0, deleted_at = $2, updated_at = $3 "
                       "WHERE id = $4",
                       VAI_TEXT (nothing), VAI_INTEGER (call->now), VAI_INTEGER (call->now), VAI_TEXT (user->id));
}
