/* What the fuzz targets of the server share: a server without a socket, on a database of its own, with an account, a
 * device and a key of tokens that the corpus knows. */
#pragma once

#include "vai-fuzz.h"

#include "vai-call.h"
#include "vai-lease.h"
#include "vai-route.h"
#include "vai-server.h"

G_BEGIN_DECLS

#define VAI_FUZZ_USER "00000000-0000-7000-8000-00000000000a"
#define VAI_FUZZ_DEVICE "00000000-0000-7000-8000-00000000000b"
#define VAI_FUZZ_KEY "00000000-0000-7000-8000-00000000000c"

/* Bytes of the key, and the seed of the device's. */
#define VAI_FUZZ_BYTE 'k'

typedef struct
{
  VaiServer *server;
  VaiConnection *connection;
  guint8 device_key[VAI_SECRET_KEY_BYTES];
} VaiFuzzServer;

/* The one of this process; its folder goes when the process ends. */
const VaiFuzzServer *vai_fuzz_server_get (void);

/* A request by the account of it. */
VaiCall *vai_fuzz_server_call (const char *method, const char *path);

/* The bytes up to the next line end, which is passed; the rest at the last line. Free with g_free(). */
char *vai_fuzz_line (const guint8 **data, size_t *size);

G_END_DECLS
