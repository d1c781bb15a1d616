/* The server's own keys: of access tokens and of leases. Each lies in the database encrypted under the master key; the
 * newest of a purpose is used by all servers, those before it are retired. */
#pragma once

#include "vai-server.h"

G_BEGIN_DECLS

/* Both purposes have keys of this size. */
#define VAI_SERVER_KEY_BYTES 32

typedef struct
{
  char *id;
  guint8 bytes[VAI_SERVER_KEY_BYTES];
  gint64 retired_at; /* UTC milliseconds; 0: in use */
} VaiServerKey;

void vai_server_key_free (VaiServerKey *self);

/* A new key for @purpose, “token” or “lease”; those in use are retired as of @retired_at. */
void vai_server_key_renew (VaiServer *server, VaiTransaction *transaction, const char *purpose, gint64 retired_at);

/* A new one unless there is one that is younger than @age_ms. */
void vai_server_key_ensure (VaiServer *server, VaiTransaction *transaction, const char *purpose, gint64 age_ms);

/* Those of @purpose that are in use or were retired after @since, newest first, of VaiServerKey. NULL with @error when
 * the database failed, there is none, or one of them is of another master key. Free with g_ptr_array_unref(). */
GPtrArray *
vai_server_key_read (VaiServer *server, VaiConnection *connection, const char *purpose, gint64 since, GError **error);

G_END_DECLS
