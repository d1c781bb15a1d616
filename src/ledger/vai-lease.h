/* A lease: so many credits the server has set aside for a device, in numbers that only grow within an epoch. No input
 * or output; time is passed in.
 *
 * Its text, which the server signs (Ed25519), is these lines, each ended by \n:
 *   valutai-lease-1
 *   user ID
 *   device ID
 *   epoch N
 *   cap N
 *   price_version N
 *   issued_at N            UTC milliseconds: the server's time, down to the hour
 *   not_after N */
#pragma once

#include "vai-log.h"

G_BEGIN_DECLS

#define VAI_LEASE_MS (14 * 24 * 3600 * G_GINT64_CONSTANT (1000))

/* A lease is of a whole hour and ends with one: settling again and again neither moves its end nor makes another text
 * to be signed each time. */
#define VAI_LEASE_STEP_MS (3600 * G_GINT64_CONSTANT (1000))

/* So long after the end of a lease what is left of it goes back: a device may have worked until the last moment. */
#define VAI_LEASE_RETURN_MS (48 * 3600 * G_GINT64_CONSTANT (1000))

/* What a device gets when it does not say what it needs: a quarter of what there is, within these. */
#define VAI_LEASE_LEAST 20
#define VAI_LEASE_MOST 200

/* A device that does not say what it needs. */
#define VAI_LEASE_NEED_UNKNOWN (-1)

typedef struct
{
  char user_id[37];
  char device_id[37];
  gint64 epoch;
  gint64 cap;
  gint64 price_version;
  gint64 issued_at;
  gint64 not_after;
} VaiLease;

/* Free with g_free(). */
char *vai_lease_to_text (const VaiLease *self);

/* FALSE for a text that vai_lease_to_text() would not write. */
gboolean vai_lease_parse (const char *text, VaiLease *self);

/* ── The server's half ── */

/* By how much the cap rises: @available can be spent and is nobody's yet, @headroom is what the device has left, @need
 * what it is about to spend (0: nothing, VAI_LEASE_NEED_UNKNOWN). Asked again at once it is 0. */
gint64 vai_lease_get_rise (gint64 available, gint64 headroom, gint64 need);

/* What a lease that is given @now says of its time: the whole hour before. */
gint64 vai_lease_get_issue (gint64 now);

/* When a lease that is given @now ends: the first whole hour after VAI_LEASE_MS. */
gint64 vai_lease_get_end (gint64 now);

/* ── The client's half ── */

typedef struct
{
  VaiLease lease; /* the highest that was seen; an epoch of 0 before the first */
  gint64 used;
  gint64 returned;
  gint64 reserved;  /* by operations that run */
  gint64 last_seen; /* UTC milliseconds */
} VaiLeaseState;

/* Takes a lease whose signature was checked. One that is older than what is known changes nothing; one of a new epoch
 * starts its numbers at 0, but for what runs. Its time replaces what was last seen in either case. */
void vai_lease_accept (VaiLeaseState *self, const VaiLease *lease);

/* The time that counts: no clock that is set back brings a lease back. */
gint64 vai_lease_get_time (const VaiLeaseState *self, gint64 wall_clock);

/* Notes that it is @wall_clock now. */
void vai_lease_see_time (VaiLeaseState *self, gint64 wall_clock);

/* Credits that can still be reserved, whatever the time. */
gint64 vai_lease_get_headroom (const VaiLeaseState *self);

gboolean vai_lease_may_reserve (const VaiLeaseState *self, gint64 cost, gint64 wall_clock);

/* The three steps of a spend: set aside; then either of the others. FALSE when it may not. */
gboolean vai_lease_reserve (VaiLeaseState *self, gint64 cost, gint64 wall_clock);
void vai_lease_spend (VaiLeaseState *self, gint64 cost);
void vai_lease_release (VaiLeaseState *self, gint64 cost);

/* Gives back all that is not used or reserved; gives how much that was. */
gint64 vai_lease_return (VaiLeaseState *self);

G_END_DECLS
