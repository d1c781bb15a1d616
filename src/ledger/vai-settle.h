/* Settling: a device tells the server the end of its log, the server takes what it does not have yet. No input or
 * output. Both halves take the maximum, so that messages may be lost, doubled and come in any order. */
#pragma once

#include "vai-lease.h"

G_BEGIN_DECLS

/* ── The server's half ── */

/* What the server knows of a device: hold = cap - used - returned, and none of them falls within an epoch. */
typedef struct
{
  gint64 epoch;
  gint64 cap;
  gint64 used;
  gint64 returned;
  gint64 head_seq;
  char head_hash[VAI_HASH_SIZE];
  gint64 not_after; /* of the lease; 0: none */
} VaiSettleDevice;

/* What a device says: its log from @prev_seq on, which it believes the server to have. */
typedef struct
{
  gint64 epoch;
  gint64 prev_seq;
  const char *prev_hash;
  const char *const *hashes; /* of the entries prev_seq + 1 … prev_seq + n */
  gsize n;
  gboolean restored; /* the device has signed that its log is an older copy */
} VaiSettleMessage;

typedef enum
{
  VAI_SETTLE_APPENDS, /* the entries from @first on are new and follow the head; there may be none */
  VAI_SETTLE_GAP,     /* something before it is missing: nothing is taken, the device sends from the head */
  VAI_SETTLE_FORKS,   /* another log of the same epoch: every operation of it is charged once, the epoch ends */
  VAI_SETTLE_LATE,    /* of an epoch that has ended: its operations are charged once */
  VAI_SETTLE_UNKNOWN, /* of an epoch that this server has forgotten: it was restored from a backup */
  VAI_SETTLE_BEYOND,  /* of one that the device cannot have come to: nothing is taken */
} VaiSettleOutcome;

/* So many epochs may have gone by since a backup: each took a fork, a restored library or two weeks of silence. Without
 * an end a device could sign itself to where no number comes after. */
#define VAI_SETTLE_FORGOTTEN_MAX 1000

/* No epoch ends by a message in which the device has signed nothing: that is a gap. @known are the server's hashes at
 * prev_seq, prev_seq + 1 … prev_seq + n, NULL where it has none. */
VaiSettleOutcome vai_settle_compare (const VaiSettleDevice *self,
                                     const VaiSettleMessage *message,
                                     const char *const *known,
                                     gsize *first);

/* Where the credits of one operation come from; nothing is refused, because the work was done. */
typedef struct
{
  gint64 from_hold;
  gint64 from_available;
  gint64 from_debt;
} VaiSettleCharge;

/* Charges @cost to the hold, then to @available, then to debt. Unless @current, the operation is of an epoch that has
 * ended, whose hold has gone back: the hold that is there now belongs to the one that runs. */
VaiSettleCharge vai_settle_charge (VaiSettleDevice *self, gint64 cost, gint64 available, gboolean current);

/* Gives back @amount of the hold, at most what is there; gives how much that is. */
gint64 vai_settle_return (VaiSettleDevice *self, gint64 amount);

gint64 vai_settle_get_hold (const VaiSettleDevice *self);

/* Ends the epoch and begins the next; gives what was left of the hold. */
gint64 vai_settle_close (VaiSettleDevice *self);

/* TRUE when what is left of the lease goes back to its owner. */
gboolean vai_settle_is_over (const VaiSettleDevice *self, gint64 now);

/* ── The client's half ── */

typedef enum
{
  VAI_SETTLE_DONE,      /* the server has all */
  VAI_SETTLE_SEND,      /* send what follows @from */
  VAI_SETTLE_RESTORED,  /* the server has more: this log was restored from an older copy */
  VAI_SETTLE_NEW_EPOCH, /* the epoch has ended: what is not acknowledged goes into the next, by the same op ids */
} VaiSettleNext;

/* What the device with @epoch and @n entries does after the server told its own @server_epoch and @server_seq. */
VaiSettleNext vai_settle_get_next (gint64 epoch, gint64 n, gint64 server_epoch, gint64 server_seq, gint64 *from);

G_END_DECLS
