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

/* The first 8 bytes of @length, the others zero; 8 bytes are read whatever @length is. */
static inline guint64
vai_hash_load_masked (const char *bytes, gsize length)
{
  guint64 word;
  memcpy (&word, bytes, sizeof word);
  return length >= 8 ? word : word & (((guint64) 1 << (8 * length)) - 1);
}

#define VAI_HASH_FIRST 0xa0761d6478bd642fULL
#define VAI_HASH_SECOND 0xe7037ed1a0b428dbULL

static inline guint32
vai_hash_fold (guint64 state)
{
  return (guint32) (state ^ state >> 32);
}

static inline guint32
vai_hash_short (guint64 low, guint64 high, gsize length)
{
  return vai_hash_fold (vai_hash_mix (low ^ VAI_HASH_FIRST ^ length, high ^ VAI_HASH_SECOND));
}

static inline guint32
vai_hash_long (const char *bytes, gsize length)
{
  guint64 state = vai_hash_mix (VAI_HASH_FIRST ^ length, VAI_HASH_SECOND);
  const char *last = bytes + length - 16;
  for (; bytes < last; bytes += 16)
    state = vai_hash_mix (vai_hash_load (bytes, 8) ^ VAI_HASH_SECOND, vai_hash_load (bytes + 8, 8) ^ state);
  return vai_hash_fold (vai_hash_mix (vai_hash_load (last, 8) ^ VAI_HASH_SECOND, vai_hash_load (last + 8, 8) ^ state));
}

/* 16 bytes can be read at @bytes, whatever @length is. */
static inline guint32
vai_hash_slack (const char *bytes, gsize length)
{
  if (length > 16)
    return vai_hash_long (bytes, length);
  return vai_hash_short (vai_hash_load_masked (bytes, length),
                         length > 8 ? vai_hash_load_masked (bytes + 8, length - 8) : 0, length);
}

G_END_DECLS
