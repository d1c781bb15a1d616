/* A fast hash of short byte strings for tables in memory: folded multiplication, after wyhash (Wang Yi, public domain).
 * The same on every little-endian machine; nothing that is stored depends on it. */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

static inline guint64
vai_hash_mix (guint64 a, guint64 b)
{
  unsigned __int128 product = (unsigned __int128) a * b;
  return (guint64) product ^ (guint64) (product >> 64);
}

static inline guint64
vai_hash_load (const char *bytes, gsize length)
{
  guint64 word = 0;
  memcpy (&word, bytes, length);
  return word;
}

/* Up to 8 bytes without a call of memcpy: overlapping loads. */
static inline guint64
vai_hash_load_short (const char *bytes, gsize length)
{
  if (length >= 4)
    return vai_hash_load (bytes, 4) | vai_hash_load (bytes + length - 4, 4) << 32;
  if (length == 0)
    return 0;
  return (guint64) (guint8) bytes[0] | (guint64) (guint8) bytes[length / 2] << 8
         | (guint64) (guint8) bytes[length - 1] << 16;
}

static inline guint32
vai_hash_bytes (const char *bytes, gsize length)
{
  const guint64 first = 0xa0761d6478bd642fULL;
  const guint64 second = 0xe7037ed1a0b428dbULL;
  guint64 state = vai_hash_mix (first ^ length, second);
  while (length > 16)
    {
      state = vai_hash_mix (vai_hash_load (bytes, 8) ^ second, vai_hash_load (bytes + 8, 8) ^ state);
      bytes += 16;
      length -= 16;
    }
  guint64 a = length > 8 ? vai_hash_load (bytes, 8) : vai_hash_load_short (bytes, length);
  guint64 b = length > 8 ? vai_hash_load (bytes + length - 8, 8) : 0;
  state = vai_hash_mix (a ^ second, b ^ state);
  return (guint32) (state ^ state >> 32);
}

G_END_DECLS
