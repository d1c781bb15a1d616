/* The running server: what its parts share. */
#pragma once

#include "vai-database.h"
#include "vai-server-config.h"

#include <sodium.h>

G_BEGIN_DECLS

#define VAI_MASTER_KEY_BYTES crypto_secretbox_KEYBYTES

typedef struct _VaiServer VaiServer;
typedef struct _VaiWorkers VaiWorkers;
typedef struct _VaiChores VaiChores;
typedef struct _VaiListener VaiListener;
typedef struct _VaiTokens VaiTokens;
typedef struct _VaiLeaseKey VaiLeaseKey;
typedef struct _VaiBlobStore VaiBlobStore;

struct _VaiServer
{
  const VaiServerConfig *config;
  VaiDatabase *database;
  guint8 master_key[VAI_MASTER_KEY_BYTES];
  VaiTokens *tokens; /* keys of access tokens, revoked sessions: see accounts/vai-tokens.h */
  VaiLeaseKey *lease_key;
  VaiBlobStore *blobs; /* files of people's libraries */
  VaiWorkers *workers;
  VaiChores *chores;
  VaiListener *listener;
  char *public_url;
  gint draining; /* 1: no new requests, those that run are finished */
};

/* Opens the database, makes what is missing (folder, keys, the first administrator's link, printed on standard
 * output) and listens. */
VaiServer *vai_server_start (const VaiServerConfig *config, GError **error);

/* Finishes what runs, then stops. */
void vai_server_stop (VaiServer *self);

/* UTC milliseconds. Builds with failpoints add the number in the file VALUTAI_CLOCK_OFFSET, so that a test need not
 * wait for what takes days. */
gint64 vai_server_now (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiServer, vai_server_stop)

G_END_DECLS
