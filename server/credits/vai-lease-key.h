/* The key with which leases are signed: kept encrypted in the database, shared by all instances, a new one each year.
 * A lease says which one signed it; clients ask for those that they do not know. */
#pragma once

#include "vai-lease.h"
#include "vai-server.h"

G_BEGIN_DECLS

typedef struct _VaiLeaseKey VaiLeaseKey;

typedef struct
{
  char id[37];
  char public_key[VAI_PUBLIC_KEY_SIZE];
  guint8 secret_key[VAI_SECRET_KEY_BYTES];
} VaiLeaseSigner;

/* Makes the key when there is none that is young enough. Needs the master key. */
void vai_lease_key_ensure (VaiServer *server, VaiTransaction *transaction);

/* Reads the key, makes it the first time. */
gboolean vai_lease_key_start (VaiServer *server, GError **error);
void vai_lease_key_stop (VaiServer *server);

/* A chore: a new key when there is none that is young enough, and one that another instance has made. */
void vai_lease_key_rotate (VaiServer *server, VaiConnection *connection);

/* Signs @text, which is often the same as a moment ago: then it is remembered. Gives the id of the key too. */
void vai_lease_key_sign (VaiServer *server, const char *text, char signature[VAI_SIGNATURE_SIZE], char key_id[37]);

/* The key that signs now. Free with vai_lease_signer_free(). */
VaiLeaseSigner *vai_lease_key_dup (VaiServer *server);
void vai_lease_signer_free (VaiLeaseSigner *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiLeaseSigner, vai_lease_signer_free)

G_END_DECLS
