#include "vai-tokens.h"

#include "vai-server-key.h"

#include <jwt.h>
#include <string.h>

#define ISSUER "valutai-server"
#define AUDIENCE "valutai"
#define KEY_MONTH_MS (30 * 24 * 3600 * G_GINT64_CONSTANT (1000))

/* A token comes with each request of its ten minutes: its signature is looked at the first time only. Known by their
 * hash, so that the time of a look tells nothing of one; all are forgotten when there are more, or when keys change. */
#define PROVEN_MAX 16384
#define DIGEST_BYTES 32

typedef struct
{
  guint8 digest[DIGEST_BYTES];
  char *user_id;
  char *session_id;
  gint64 issued, expires; /* seconds */
} Proven;

/* What nobody here has signed may be of a new key of another instance: the keys are read again, at most this often. */
#define RELOAD_MICROSECONDS (100 * G_TIME_SPAN_MILLISECOND)

struct _VaiTokens
{
  VaiServer *server;
  GRWLock lock;
  GPtrArray *keys;     /* of VaiServerKey, newest first; the first signs */
  GHashTable *proven;  /* of Proven */
  GHashTable *revoked; /* session ids */
  guint n_revoked;     /* ever, here */
  gint64 reloaded_at;  /* monotonic microseconds */
};

static void
proven_free (gpointer data)
{
  Proven *proven = data;
  g_free (proven->user_id);
  g_free (proven->session_id);
  g_free (proven);
}

static guint
hash_digest (gconstpointer digest)
{
  guint hash;
  memcpy (&hash, digest, sizeof hash);
  return hash;
}

static gboolean
are_same_digests (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, DIGEST_BYTES) == 0;
}

/* ── Keys ── */

/* A new key when there is none that is young enough. */
static gboolean
ensure_key (VaiTransaction *transaction, gpointer data)
{
  vai_server_key_ensure (data, transaction, "token", KEY_MONTH_MS);
  return TRUE;
}

static gboolean
load (VaiTokens *self, VaiConnection *connection, GError **error)
{
  GPtrArray *keys
      = vai_server_key_read (self->server, connection, "token", vai_server_now () - VAI_TOKEN_RETIRED_MS, error);
  if (keys == NULL)
    return FALSE;
  g_rw_lock_writer_lock (&self->lock);
  GPtrArray *old = g_steal_pointer (&self->keys);
  self->keys = keys;
  g_hash_table_remove_all (self->proven);
  g_rw_lock_writer_unlock (&self->lock);
  g_clear_pointer (&old, g_ptr_array_unref);
  return TRUE;
}

static gboolean
ensure_and_load (VaiTokens *self, VaiConnection *connection, GError **error)
{
  return vai_connection_write (connection, ensure_key, self->server, error) && load (self, connection, error);
}

/* TRUE when the keys were read again just now. */
static gboolean
reload (VaiTokens *self, VaiConnection *connection)
{
  gint64 now = g_get_monotonic_time ();
  g_rw_lock_writer_lock (&self->lock);
  gboolean due = connection != NULL && now - self->reloaded_at > RELOAD_MICROSECONDS;
  if (due)
    self->reloaded_at = now;
  g_rw_lock_writer_unlock (&self->lock);
  return due && load (self, connection, NULL);
}

VaiTokens *
vai_tokens_new (VaiServer *server, GError **error)
{
  VaiTokens *self = g_new0 (VaiTokens, 1);
  self->server = server;
  g_rw_lock_init (&self->lock);
  self->proven = g_hash_table_new_full (hash_digest, are_same_digests, NULL, proven_free);
  self->revoked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (VaiConnection) connection = vai_connection_new (server->database);
  if (ensure_and_load (self, connection, error))
    return self;
  vai_tokens_free (self);
  return NULL;
}

void
vai_tokens_free (VaiTokens *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->keys, g_ptr_array_unref);
  g_hash_table_unref (self->proven);
  g_hash_table_unref (self->revoked);
  g_rw_lock_clear (&self->lock);
  g_free (self);
}

void
vai_tokens_rotate (VaiServer *server, VaiConnection *connection)
{
  g_autoptr (GError) error = NULL;
  if (!ensure_and_load (server->tokens, connection, &error))
    g_warning ("the keys of tokens were not renewed: %s", error->message);
}

/* ── Tokens ── */

char *
vai_tokens_sign (VaiTokens *self, const char *user_id, const char *session_id, gint64 now)
{
  jwt_t *jwt = NULL;
  g_rw_lock_reader_lock (&self->lock);
  const VaiServerKey *key = self->keys->pdata[0];
  jwt_new (&jwt);
  jwt_add_header (jwt, "kid", key->id);
  jwt_add_grant (jwt, "iss", ISSUER);
  jwt_add_grant (jwt, "aud", AUDIENCE);
  jwt_add_grant (jwt, "sub", user_id);
  jwt_add_grant (jwt, "sid", session_id);
  jwt_add_grant_int (jwt, "iat", (long) (now / 1000));
  jwt_add_grant_int (jwt, "exp", (long) (now / 1000 + VAI_TOKEN_SECONDS));
  jwt_set_alg (jwt, JWT_ALG_HS256, key->bytes, VAI_SERVER_KEY_BYTES);
  g_rw_lock_reader_unlock (&self->lock);
  char *text = jwt_encode_str (jwt);
  char *token = g_strdup (text);
  free (text);
  jwt_free (jwt);
  return token;
}

/* @token checked with the key that signed it, or NULL. */
static jwt_t *
decode (VaiTokens *self, const char *token)
{
  for (guint i = 0; i < self->keys->len; i++)
    {
      const VaiServerKey *key = self->keys->pdata[i];
      jwt_t *jwt = NULL;
      /* libjwt takes the algorithm from the token, so what it believed is looked at afterwards. */
      if (jwt_decode (&jwt, token, key->bytes, VAI_SERVER_KEY_BYTES) == 0 && jwt_get_alg (jwt) == JWT_ALG_HS256
          && g_strcmp0 (jwt_get_header (jwt, "kid"), key->id) == 0)
        return jwt;
      jwt_free (jwt);
    }
  return NULL;
}

/* @token when a key of ours has signed it and it says all that it must; of its time the caller asks. NULL: it is none;
 * @ours tells whether the signature was right. */
static Proven *
prove (VaiTokens *self, const char *token, gboolean *ours)
{
  jwt_t *jwt = decode (self, token);
  const char *sub = jwt != NULL ? jwt_get_grant (jwt, "sub") : NULL;
  const char *sid = jwt != NULL ? jwt_get_grant (jwt, "sid") : NULL;
  Proven *proven = NULL;
  *ours = jwt != NULL;
  if (sub != NULL && sid != NULL && g_strcmp0 (jwt_get_grant (jwt, "iss"), ISSUER) == 0
      && g_strcmp0 (jwt_get_grant (jwt, "aud"), AUDIENCE) == 0)
    {
      proven = g_new (Proven, 1);
      *proven = (Proven){ .user_id = g_strdup (sub),
                          .session_id = g_strdup (sid),
                          .issued = jwt_get_grant_int (jwt, "iat"),
                          .expires = jwt_get_grant_int (jwt, "exp") };
    }
  jwt_free (jwt);
  return proven;
}

static gboolean
is_valid (VaiTokens *self, const Proven *proven, gint64 now, char **user_id, char **session_id)
{
  if (proven->expires <= now / 1000 || proven->issued > now / 1000 + 60
      || g_hash_table_contains (self->revoked, proven->session_id))
    return FALSE;
  *user_id = g_strdup (proven->user_id);
  *session_id = g_strdup (proven->session_id);
  return TRUE;
}

static void
remember (VaiTokens *self, Proven *proven)
{
  g_rw_lock_writer_lock (&self->lock);
  if (g_hash_table_size (self->proven) >= PROVEN_MAX)
    g_hash_table_remove_all (self->proven);
  g_hash_table_replace (self->proven, proven->digest, proven);
  g_rw_lock_writer_unlock (&self->lock);
}

/* Whether its key is ours, and if so whether all of it is right. */
static gboolean
check (VaiTokens *self, const char *token, gint64 now, gboolean *ours, char **user_id, char **session_id)
{
  guint8 digest[DIGEST_BYTES];
  crypto_generichash (digest, sizeof digest, (const guint8 *) token, strlen (token), NULL, 0);
  g_rw_lock_reader_lock (&self->lock);
  Proven *fresh = NULL, *proven = g_hash_table_lookup (self->proven, digest);
  *ours = proven != NULL;
  if (proven == NULL)
    proven = fresh = prove (self, token, ours);
  gboolean valid = proven != NULL && is_valid (self, proven, now, user_id, session_id);
  g_rw_lock_reader_unlock (&self->lock);
  if (fresh == NULL)
    return valid;
  memcpy (fresh->digest, digest, sizeof digest);
  remember (self, fresh);
  return valid;
}

gboolean
vai_tokens_check (VaiTokens *self,
                  VaiConnection *connection,
                  const char *token,
                  gint64 now,
                  char **user_id,
                  char **session_id)
{
  gboolean ours;
  if (check (self, token, now, &ours, user_id, session_id))
    return TRUE;
  return !ours && reload (self, connection) && check (self, token, now, &ours, user_id, session_id);
}

/* ── Revoked sessions ── */

void
vai_tokens_revoke (VaiTokens *self, const char *session_id)
{
  g_rw_lock_writer_lock (&self->lock);
  g_hash_table_add (self->revoked, g_strdup (session_id));
  self->n_revoked++;
  g_rw_lock_writer_unlock (&self->lock);
}

static gboolean
read_revoked (VaiTransaction *transaction, gpointer data)
{
  GHashTable *revoked = data;
  g_hash_table_remove_all (revoked);
  g_autoptr (VaiRows) rows = vai_transaction_query (transaction, "SELECT id FROM session WHERE revoked_at > $1",
                                                    VAI_INTEGER (vai_server_now () - VAI_TOKEN_RETIRED_MS));
  while (vai_rows_next (rows))
    g_hash_table_add (revoked, g_strdup (vai_rows_get_text (rows, 0)));
  return FALSE;
}

void
vai_tokens_renew_revoked (VaiServer *server, VaiConnection *connection)
{
  VaiTokens *self = server->tokens;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) revoked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_rw_lock_reader_lock (&self->lock);
  guint before = self->n_revoked;
  g_rw_lock_reader_unlock (&self->lock);
  if (!vai_connection_read (connection, read_revoked, revoked, &error))
    {
      g_warning ("revoked sessions were not renewed: %s", error->message);
      return;
    }
  g_rw_lock_writer_lock (&self->lock);
  /* What was revoked meanwhile may not have been read: then those that are old stay until the next time. */
  GHashTableIter iter;
  gpointer id;
  g_hash_table_iter_init (&iter, self->revoked);
  while (self->n_revoked != before && g_hash_table_iter_next (&iter, &id, NULL))
    g_hash_table_add (revoked, g_strdup (id));
  self->n_revoked++;
  GHashTable *old = self->revoked;
  self->revoked = g_steal_pointer (&revoked);
  g_rw_lock_writer_unlock (&self->lock);
  g_hash_table_unref (old);
}
