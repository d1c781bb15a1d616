/* The key with which leases are signed: made once, kept encrypted in the database, shared by all instances. */
#pragma once

#include "vai-lease.h"
#include "vai-server.h"

G_BEGIN_DECLS

typedef struct _VaiLeaseKey VaiLeaseKey;

/* Reads the key, makes it the first time. */
gboolean vai_lease_key_start (VaiServer *server, GError **error);
void vai_lease_key_stop (VaiServer *server);

/* Static as long as the server runs. */
const char *vai_lease_key_get_id (VaiServer *server);
const char *vai_lease_key_get_public (VaiServer *server);

void vai_lease_key_sign (VaiServer *server, const char *text, char signature[VAI_SIGNATURE_SIZE]);

G_END_DECLS
