#include "vai-free-credits.h"

#include "vai-ledger.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* Under the master key, so that whoever reads the database cannot ask for an address. */
static char *
hash_of (VaiServer *server, const char *email)
{
  /* name+tag@host is the same person at many providers. */
  const char *at = strrchr (email, '@');
  gsize local = strcspn (email, "+");
  g_autofree char *person
      = at == NULL ? g_strdup (email) : g_strdup_printf ("%.*s%s", (int) MIN (local, (gsize) (at - email)), email, at);
  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, server->master_key, sizeof server->master_key, person, -1);
}

/* FALSE when it was one before. On PostgreSQL this waits for whoever is doing the same elsewhere. */
static gboolean
note_gifted (VaiServer *server, VaiTransaction *transaction, const char *user_id, const char *email)
{
  g_autofree char *hash = hash_of (server, email);
  return vai_transaction_run (transaction,
                              "INSERT INTO gifted_email (email_hash, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                              VAI_TEXT (hash), VAI_TEXT (user_id))
         == 1;
}

/* @known with @hash, once. */
static char *
append_hash (const char *known, const char *hash)
{
  g_autoptr (JsonNode) node = json_from_string (known, NULL);
  g_autoptr (JsonArray) hashes
      = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_dup_array (node) : json_array_new ();
  gboolean there = FALSE;
  for (guint i = 0; i < json_array_get_length (hashes); i++)
    there = there || g_strcmp0 (json_array_get_string_element (hashes, i), hash) == 0;
  if (!there)
    json_array_add_string_element (hashes, hash);
  g_autoptr (JsonNode) all = json_node_init_array (json_node_alloc (), hashes);
  return json_to_string (all, FALSE);
}

void
vai_free_credits_leave (VaiServer *server, VaiTransaction *transaction, const char *user_id, const char *email)
{
  g_autofree char *known = vai_transaction_dup_text (
      transaction, "SELECT previous_emails_for_free_credits FROM \"user\" WHERE id = $1", VAI_TEXT (user_id));
  g_autofree char *hash = hash_of (server, email);
  g_autofree char *all = append_hash (known != NULL ? known : "[]", hash);
  vai_transaction_run (transaction, "UPDATE \"user\" SET previous_emails_for_free_credits = $1 WHERE id = $2",
                       VAI_TEXT (all), VAI_TEXT (user_id));
  if (vai_transaction_get_integer (transaction, 0, "SELECT has_received_free_credits FROM \"user\" WHERE id = $1",
                                   VAI_TEXT (user_id)))
    note_gifted (server, transaction, user_id, email);
}

void
vai_free_credits_give (VaiServer *server,
                       VaiTransaction *transaction,
                       const char *user_id,
                       const char *email,
                       gint64 now)
{
  gint64 amount = vai_server_config_get_integer (server->config, "free-credits");
  gint64 had = vai_transaction_get_integer (
      transaction, 0, "SELECT has_received_free_credits FROM \"user\" WHERE id = $1", VAI_TEXT (user_id));
  if (had || amount == 0 || !note_gifted (server, transaction, user_id, email))
    return;
  g_autofree char *id = g_strconcat ("free:", user_id, NULL);
  VaiLedgerGrant grant
      = { .id = id, .user_id = user_id, .source = VAI_GRANT_FREE, .amount = amount, .description = "Welcome gift" };
  vai_ledger_grant (transaction, &grant, now);
  vai_transaction_run (transaction, "UPDATE \"user\" SET has_received_free_credits = 1 WHERE id = $1",
                       VAI_TEXT (user_id));
}
