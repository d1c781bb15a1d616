/* What a device tells when it settles, checked as far as that can be done without a transaction. */
#pragma once

#include "vai-call.h"
#include "vai-message.h"
#include "vai-settle.h"

G_BEGIN_DECLS

/* Entries of one message; a longer log comes in several. */
#define VAI_SETTLE_ENTRIES_MAX 500

typedef struct
{
  VaiLogEntry entry; /* its texts are the message's */
  char prev[VAI_HASH_SIZE];
  char hash[VAI_HASH_SIZE];
  char *text;
  const char *signature;
  char *description; /* of the operation, for the history */
} VaiSettleEntry;

typedef struct
{
  const char *device_id;
  gboolean has_log; /* FALSE: a lease is asked for, and nothing told */
  gint64 epoch;
  gint64 prev_seq;
  const char *prev_hash;
  VaiSettleEntry *entries;
  const char **hashes; /* of the entries */
  guint n;
  gint64 need;
  gboolean restored; /* the device has signed that its log is an older copy */
} VaiSettleRequest;

extern const VaiField vai_settle_fields[];
extern const VaiField vai_lease_fields[];

/* Fills @self from the message of @call: every entry linked, signed by the device, and at the price that was agreed.
 * NULL when all is well, else the refusal. */
VaiReply *vai_settle_request_take (VaiSettleRequest *self, VaiCall *call);
void vai_settle_request_clear (VaiSettleRequest *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VaiSettleRequest, vai_settle_request_clear)

G_END_DECLS
