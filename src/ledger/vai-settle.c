#include "vai-settle.h"

#include <string.h>

/* ── The server's half ── */

static VaiSettleOutcome
compare_logs (const VaiSettleDevice *self, const VaiSettleMessage *message, const char *const *known, gsize *first)
{
  *first = 0;
  if (message->epoch < self->epoch)
    return VAI_SETTLE_LATE;
  if (message->epoch > self->epoch)
    return message->epoch - self->epoch <= VAI_SETTLE_FORGOTTEN_MAX ? VAI_SETTLE_UNKNOWN : VAI_SETTLE_BEYOND;
  if (message->prev_seq > self->head_seq)
    return VAI_SETTLE_GAP;
  const char *before = message->prev_seq == 0 ? VAI_LOG_GENESIS : known[0];
  if (g_strcmp0 (before, message->prev_hash) != 0)
    return VAI_SETTLE_FORKS;
  for (; *first < message->n && message->prev_seq + (gint64) *first < self->head_seq; (*first)++)
    if (g_strcmp0 (known[*first + 1], message->hashes[*first]) != 0)
      return VAI_SETTLE_FORKS;
  return VAI_SETTLE_APPENDS;
}

VaiSettleOutcome
vai_settle_compare (const VaiSettleDevice *self,
                    const VaiSettleMessage *message,
                    const char *const *known,
                    gsize *first)
{
  VaiSettleOutcome outcome = compare_logs (self, message, known, first);
  gboolean ends = outcome == VAI_SETTLE_FORKS || outcome == VAI_SETTLE_UNKNOWN || outcome == VAI_SETTLE_BEYOND;
  return ends && message->n == 0 && !message->restored ? VAI_SETTLE_GAP : outcome;
}

gint64
vai_settle_get_hold (const VaiSettleDevice *self)
{
  return self->cap - self->used - self->returned;
}

VaiSettleCharge
vai_settle_charge (VaiSettleDevice *self, gint64 cost, gint64 available, gboolean current)
{
  VaiSettleCharge charge = { .from_hold = current ? MIN (cost, vai_settle_get_hold (self)) : 0 };
  charge.from_available = MIN (cost - charge.from_hold, available);
  charge.from_debt = cost - charge.from_hold - charge.from_available;
  self->used += current ? cost : 0;
  /* What was spent over the cap: the cap follows, so that the hold is never below 0. */
  self->cap = MAX (self->cap, self->used + self->returned);
  return charge;
}

gint64
vai_settle_return (VaiSettleDevice *self, gint64 amount)
{
  gint64 rest = MIN (amount, vai_settle_get_hold (self));
  self->returned += rest;
  return rest;
}

gint64
vai_settle_close (VaiSettleDevice *self)
{
  gint64 rest = vai_settle_get_hold (self);
  *self = (VaiSettleDevice){ .epoch = self->epoch + 1 };
  memcpy (self->head_hash, VAI_LOG_GENESIS, VAI_HASH_SIZE);
  return rest;
}

gboolean
vai_settle_is_over (const VaiSettleDevice *self, gint64 now)
{
  return self->not_after != 0 && now >= self->not_after + VAI_LEASE_RETURN_MS;
}

/* ── The client's half ── */

VaiSettleNext
vai_settle_get_next (gint64 epoch, gint64 n, gint64 server_epoch, gint64 server_seq, gint64 *from)
{
  *from = server_seq;
  if (server_epoch < epoch)
    return VAI_SETTLE_DONE; /* an old answer */
  if (server_epoch > epoch)
    return VAI_SETTLE_NEW_EPOCH;
  if (server_seq > n)
    return VAI_SETTLE_RESTORED;
  return server_seq < n ? VAI_SETTLE_SEND : VAI_SETTLE_DONE;
}
