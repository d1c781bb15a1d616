#include "vai-lease.h"

#include <string.h>

char *
vai_lease_to_text (const VaiLease *self)
{
#define N "%" G_GINT64_FORMAT "\n"
  return g_strdup_printf (
      "valutai-lease-1\nuser %s\ndevice %s\nepoch " N "cap " N "price_version " N "issued_at " N "not_after " N,
      self->user_id, self->device_id, self->epoch, self->cap, self->price_version, self->issued_at, self->not_after);
#undef N
}

static gboolean
parse_id (const char *line, const char *name, char id[37])
{
  gsize length = strlen (name);
  if (!g_str_has_prefix (line, name) || strlen (line) != length + 36)
    return FALSE;
  memcpy (id, line + length, 37);
  return TRUE;
}

static gboolean
parse_number (const char *line, const char *name, gint64 *number)
{
  return g_str_has_prefix (line, name)
         && g_ascii_string_to_signed (line + strlen (name), 10, 0, G_MAXINT64, number, NULL);
}

gboolean
vai_lease_parse (const char *text, VaiLease *self)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  if (g_strv_length (lines) != 9 || strcmp (lines[0], "valutai-lease-1") != 0
      || !parse_id (lines[1], "user ", self->user_id) || !parse_id (lines[2], "device ", self->device_id)
      || !parse_number (lines[3], "epoch ", &self->epoch) || !parse_number (lines[4], "cap ", &self->cap)
      || !parse_number (lines[5], "price_version ", &self->price_version)
      || !parse_number (lines[6], "issued_at ", &self->issued_at)
      || !parse_number (lines[7], "not_after ", &self->not_after))
    return FALSE;
  /* One text for one lease: no leading zeros, no other way to write it. */
  g_autofree char *again = vai_lease_to_text (self);
  return strcmp (text, again) == 0;
}

/* ── The server's half ── */

gint64
vai_lease_get_rise (gint64 available, gint64 headroom, gint64 need)
{
  gint64 total = available + headroom;
  gint64 share = MIN (MAX (total / 4 + (total % 4 > 0), VAI_LEASE_LEAST), VAI_LEASE_MOST);
  share = MIN (share, total);
  if (need >= 0 && need <= headroom)
    return 0;
  if (need > 0 && need <= total)
    return MAX (need, share) - headroom;
  /* A device that has half of its share is left alone: each rise is a signature and a row. */
  return headroom >= share - headroom ? 0 : share - headroom;
}

gint64
vai_lease_get_issue (gint64 now)
{
  return now / VAI_LEASE_STEP_MS * VAI_LEASE_STEP_MS;
}

gint64
vai_lease_get_end (gint64 now)
{
  return vai_lease_get_issue (now + VAI_LEASE_MS) + VAI_LEASE_STEP_MS;
}

/* ── The client's half ── */

void
vai_lease_accept (VaiLeaseState *self, const VaiLease *lease)
{
  self->last_seen = lease->issued_at;
  if (lease->epoch < self->lease.epoch)
    return;
  if (lease->epoch > self->lease.epoch)
    {
      self->lease = *lease;
      self->used = self->returned = 0;
      return;
    }
  gint64 cap = MAX (self->lease.cap, lease->cap), not_after = MAX (self->lease.not_after, lease->not_after);
  if (lease->issued_at >= self->lease.issued_at)
    self->lease = *lease;
  self->lease.cap = cap;
  self->lease.not_after = not_after;
}

gint64
vai_lease_get_time (const VaiLeaseState *self, gint64 wall_clock)
{
  return MAX (self->last_seen, wall_clock);
}

void
vai_lease_see_time (VaiLeaseState *self, gint64 wall_clock)
{
  self->last_seen = vai_lease_get_time (self, wall_clock);
}

gint64
vai_lease_get_headroom (const VaiLeaseState *self)
{
  return MAX (self->lease.cap - self->used - self->returned - self->reserved, 0);
}

gboolean
vai_lease_may_reserve (const VaiLeaseState *self, gint64 cost, gint64 wall_clock)
{
  return cost >= 0 && cost <= vai_lease_get_headroom (self)
         && vai_lease_get_time (self, wall_clock) < self->lease.not_after;
}

gboolean
vai_lease_reserve (VaiLeaseState *self, gint64 cost, gint64 wall_clock)
{
  vai_lease_see_time (self, wall_clock);
  if (!vai_lease_may_reserve (self, cost, wall_clock))
    return FALSE;
  self->reserved += cost;
  return TRUE;
}

void
vai_lease_spend (VaiLeaseState *self, gint64 cost)
{
  g_return_if_fail (cost <= self->reserved);
  self->reserved -= cost;
  self->used += cost;
}

void
vai_lease_release (VaiLeaseState *self, gint64 cost)
{
  g_return_if_fail (cost <= self->reserved);
  self->reserved -= cost;
}

gint64
vai_lease_return (VaiLeaseState *self)
{
  gint64 rest = vai_lease_get_headroom (self);
  self->returned += rest;
  return rest;
}
