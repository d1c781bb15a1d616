#include "vai-idempotency.h"

#include "vai-route.h"
#include "vai-vault.h"

#include <string.h>

/* A claimed key whose answer is not there yet. */
#define CLAIMED 0

#define CONTENT_TYPE "Content-Type"

/* Whose keys these are: two persons may choose the same. */
static const char *
owner_of (VaiCall *call)
{
  return call->user_id != NULL ? call->user_id : call->address;
}

static char *
route_of (VaiCall *call)
{
  return g_strconcat (call->route->method, " ", call->route->path, NULL);
}

/* Of all that the request asks for. Under the master key: a body may hold a password, which a plain hash of it would
 * give to whoever guesses. */
static char *
hash_of (VaiCall *call)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, call->server->master_key, sizeof call->server->master_key);
  const char *const texts[] = { call->path, call->query_text, call->range };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_hmac_update (hmac, (const guchar *) (texts[i] != NULL ? texts[i] : ""), -1);
      g_hmac_update (hmac, (const guchar *) "\n", 1);
    }
  if (call->body != NULL)
    g_hmac_update (hmac, g_bytes_get_data (call->body, NULL), (gssize) g_bytes_get_size (call->body));
  return g_strdup (g_hmac_get_string (hmac));
}

/* The headers, each a line, an empty line, and the body. */
static GBytes *
pack (const VaiReply *reply)
{
  GByteArray *kept = g_byte_array_new ();
  g_autoptr (GString) head = g_string_new (NULL);
  if (reply->content_type != NULL)
    g_string_append_printf (head, CONTENT_TYPE ": %s\n", reply->content_type);
  for (guint i = 0; reply->headers != NULL && i < reply->headers->len; i += 2)
    g_string_append_printf (head, "%s: %s\n", (char *) reply->headers->pdata[i], (char *) reply->headers->pdata[i + 1]);
  g_string_append_c (head, '\n');
  g_byte_array_append (kept, (const guint8 *) head->str, (guint) head->len);
  if (reply->body != NULL)
    g_byte_array_append (kept, g_bytes_get_data (reply->body, NULL), (guint) g_bytes_get_size (reply->body));
  return g_byte_array_free_to_bytes (kept);
}

/* NULL: it was not packed here. */
static VaiReply *
unpack (guint status, GBytes *kept)
{
  gsize size;
  const char *at = g_bytes_get_data (kept, &size), *start = at, *end;
  g_autoptr (VaiReply) reply = vai_reply_new_bytes (status, NULL, NULL);
  while ((end = size > 0 ? memchr (at, '\n', size - (gsize) (at - start)) : NULL) != at)
    {
      g_autofree char *line = end != NULL ? g_strndup (at, (gsize) (end - at)) : NULL;
      g_auto (GStrv) parts = line != NULL ? g_strsplit (line, ": ", 2) : NULL;
      if (parts == NULL || g_strv_length (parts) != 2)
        return NULL;
      if (strcmp (parts[0], CONTENT_TYPE) == 0)
        reply->content_type = g_strdup (parts[1]);
      else
        vai_reply_set_header (reply, parts[0], parts[1]);
      at = end + 1;
    }
  gsize head = (gsize) (at + 1 - start);
  if (reply->content_type != NULL)
    reply->body = g_bytes_new_from_bytes (kept, head, size - head);
  return g_steal_pointer (&reply);
}

static VaiReply *
repeat (VaiCall *call, VaiRows *rows, const char *hash)
{
  if (g_strcmp0 (vai_rows_get_text (rows, 0), hash) != 0)
    return vai_reply_new_refusal (VAI_REFUSAL_KEY_REUSED, NULL,
                                  "This idempotency key was used for another request: take a new one.");
  g_autoptr (GBytes) sealed = vai_rows_dup_bytes (rows, 2);
  g_autoptr (GBytes) kept = vai_vault_open (call->server, sealed);
  VaiReply *reply = kept != NULL ? unpack ((guint) vai_rows_get_integer (rows, 1), kept) : NULL;
  if (reply == NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_INTERNAL, NULL, "The kept answer cannot be read.");
  vai_reply_set_header (reply, "Idempotent-Replayed", "true");
  return reply;
}

VaiReply *
vai_idempotency_find (VaiCall *call, VaiTransaction *transaction)
{
  g_autofree char *route = route_of (call);
  g_autofree char *hash = hash_of (call);
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction, "SELECT body_hash, status, answer FROM idempotency WHERE user_id = $1 AND route = $2 AND key = $3",
      VAI_TEXT (owner_of (call)), VAI_TEXT (route), VAI_TEXT (call->idempotency_key));
  return vai_rows_next (rows) ? repeat (call, rows, hash) : NULL;
}

VaiReply *
vai_idempotency_claim (VaiCall *call, VaiTransaction *transaction)
{
  g_autofree char *route = route_of (call);
  g_autofree char *hash = hash_of (call);
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  /* On PostgreSQL this waits for the same request that is still running elsewhere. */
  if (vai_transaction_run (transaction,
                           "INSERT INTO idempotency (user_id, route, key, body_hash, status, answer, created_at) "
                           "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                           VAI_TEXT (owner_of (call)), VAI_TEXT (route), VAI_TEXT (call->idempotency_key),
                           VAI_TEXT (hash), VAI_INTEGER (CLAIMED), VAI_BYTES (nothing), VAI_INTEGER (call->now))
      == 1)
    return NULL;
  VaiReply *first = vai_idempotency_find (call, transaction);
  if (first != NULL)
    return first;
  return vai_reply_new_refusal (VAI_REFUSAL_UNAVAILABLE, NULL, "Try again.");
}

gboolean
vai_idempotency_keep (VaiCall *call, VaiTransaction *transaction, VaiReply *reply)
{
  if (reply->status >= 500 || reply->status == 429 || reply->status == 0)
    return FALSE;
  g_autofree char *route = route_of (call);
  g_autoptr (GBytes) kept = pack (reply);
  g_autoptr (GBytes) sealed = vai_vault_seal (call->server, kept, reply->secret);
  vai_transaction_run (transaction,
                       "UPDATE idempotency SET status = $1, answer = $2 WHERE user_id = $3 AND route = $4 AND key = $5",
                       VAI_INTEGER (reply->status), VAI_BYTES (sealed), VAI_TEXT (owner_of (call)), VAI_TEXT (route),
                       VAI_TEXT (call->idempotency_key));
  return TRUE;
}

void
vai_idempotency_release (VaiCall *call, VaiTransaction *transaction)
{
  g_autofree char *route = route_of (call);
  vai_transaction_run (transaction, "DELETE FROM idempotency WHERE user_id = $1 AND route = $2 AND key = $3",
                       VAI_TEXT (owner_of (call)), VAI_TEXT (route), VAI_TEXT (call->idempotency_key));
}
