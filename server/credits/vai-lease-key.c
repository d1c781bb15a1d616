/* Also the route by which clients learn the public keys. */
#include "vai-lease-key.h"

#include "vai-json-build.h"
#include "vai-route.h"
#include "vai-server-key.h"

#include <string.h>

#define KEY_YEAR_MS (365 * 24 * 3600 * G_GINT64_CONSTANT (1000))

/* Of some 500 bytes each; all are forgotten when there are more. */
#define SIGNED_MAX 4096

struct _VaiLeaseKey
{
  GMutex lock; /* of what follows */
  VaiLeaseSigner signer;
  GHashTable *signatures; /* text → its signature by the signer */
};

static void
make_signer (VaiLeaseSigner *self, const VaiServerKey *key)
{
  G_STATIC_ASSERT (VAI_SEED_BYTES == VAI_SERVER_KEY_BYTES);
  g_strlcpy (self->id, key->id, sizeof self->id);
  vai_signature_make_keys (key->bytes, self->public_key, self->secret_key);
}

void
vai_lease_key_ensure (VaiServer *server, VaiTransaction *transaction)
{
  vai_server_key_ensure (server, transaction, "lease", KEY_YEAR_MS);
}

static gboolean
ensure_key (VaiTransaction *transaction, gpointer data)
{
  vai_lease_key_ensure (data, transaction);
  return TRUE;
}

static gboolean
ensure_and_load (VaiServer *server, VaiConnection *connection, GError **error)
{
  VaiLeaseKey *self = server->lease_key;
  if (!vai_connection_write (connection, ensure_key, server, error))
    return FALSE;
  g_autoptr (GPtrArray) keys = vai_server_key_read (server, connection, "lease", G_MAXINT64, error);
  if (keys == NULL)
    return FALSE;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  make_signer (&self->signer, keys->pdata[0]);
  g_hash_table_remove_all (self->signatures);
  return TRUE;
}

gboolean
vai_lease_key_start (VaiServer *server, GError **error)
{
  server->lease_key = g_new0 (VaiLeaseKey, 1);
  g_mutex_init (&server->lease_key->lock);
  server->lease_key->signatures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (VaiConnection) connection = vai_connection_new (server->database);
  return ensure_and_load (server, connection, error);
}

void
vai_lease_key_stop (VaiServer *server)
{
  VaiLeaseKey *self = g_steal_pointer (&server->lease_key);
  if (self == NULL)
    return;
  g_mutex_clear (&self->lock);
  g_hash_table_unref (self->signatures);
  sodium_memzero (&self->signer, sizeof self->signer);
  g_free (self);
}

void
vai_lease_key_rotate (VaiServer *server, VaiConnection *connection)
{
  g_autoptr (GError) error = NULL;
  if (!ensure_and_load (server, connection, &error))
    g_warning ("the key of leases was not renewed: %s", error->message);
}

VaiLeaseSigner *
vai_lease_key_dup (VaiServer *server)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&server->lease_key->lock);
  return g_memdup2 (&server->lease_key->signer, sizeof (VaiLeaseSigner));
}

void
vai_lease_signer_free (VaiLeaseSigner *self)
{
  sodium_memzero (self, sizeof *self);
  g_free (self);
}

/* NULL: it was not signed lately. */
static char *
find_signed (VaiLeaseKey *self, const char *text, char key_id[37])
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  memcpy (key_id, self->signer.id, sizeof self->signer.id);
  return g_strdup (g_hash_table_lookup (self->signatures, text));
}

static void
remember_signed (VaiLeaseKey *self, const char *text, const char *signature, const char *key_id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  if (strcmp (key_id, self->signer.id) != 0)
    return;
  if (g_hash_table_size (self->signatures) >= SIGNED_MAX)
    g_hash_table_remove_all (self->signatures);
  g_hash_table_replace (self->signatures, g_strdup (text), g_strdup (signature));
}

void
vai_lease_key_sign (VaiServer *server, const char *text, char signature[VAI_SIGNATURE_SIZE], char key_id[37])
{
  g_autofree char *known = find_signed (server->lease_key, text, key_id);
  if (known != NULL)
    {
      g_strlcpy (signature, known, VAI_SIGNATURE_SIZE);
      return;
    }
  g_autoptr (VaiLeaseSigner) signer = vai_lease_key_dup (server);
  vai_signature_make (text, signer->secret_key, signature);
  memcpy (key_id, signer->id, sizeof signer->id);
  remember_signed (server->lease_key, text, signature, key_id);
}

/* ── What clients learn ── */

/* From the database, not from memory: the lease that is asked about may be of another instance's new key. */
static VaiReply *
list_keys (VaiCall *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) keys = vai_server_key_read (call->server, call->connection, "lease", 0, &error);
  if (keys == NULL)
    return vai_call_refuse_error (call, error);
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_begin_list (builder, "items");
  for (guint i = 0; i < keys->len; i++)
    {
      const VaiServerKey *key = keys->pdata[i];
      VaiLeaseSigner signer;
      make_signer (&signer, key);
      json_builder_begin_object (builder);
      vai_json_add_text (builder, "id", signer.id);
      vai_json_add_text (builder, "public_key", signer.public_key);
      vai_json_add_time (builder, "retired_at", key->retired_at);
      json_builder_end_object (builder);
      sodium_memzero (&signer, sizeof signer);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

const VaiRoute vai_lease_key_routes[] = {
  { "GET", "/api/v1/credits/lease-keys", VAI_ACCESS_TOKEN, VAI_RATE_READ, 0, NULL, list_keys },
  { NULL },
};
