#include "vai-checksum.h"

#include <string.h>

#define PRIME_1 G_GUINT64_CONSTANT (0x9E3779B185EBCA87)
#define PRIME_2 G_GUINT64_CONSTANT (0xC2B2AE3D27D4EB4F)
#define PRIME_3 G_GUINT64_CONSTANT (0x165667B19E3779F9)
#define PRIME_4 G_GUINT64_CONSTANT (0x85EBCA77C2B2AE63)
#define PRIME_5 G_GUINT64_CONSTANT (0x27D4EB2F165667C5)

#define STRIPE_BYTES 32

static inline guint64
rotate (guint64 value, guint bits)
{
  return (value << bits) | (value >> (64 - bits));
}

static inline guint64
read_64 (const guint8 *data)
{
  guint64 value;
  memcpy (&value, data, sizeof value);
  return GUINT64_FROM_LE (value);
}

static inline guint32
read_32 (const guint8 *data)
{
  guint32 value;
  memcpy (&value, data, sizeof value);
  return GUINT32_FROM_LE (value);
}

static inline guint64
round_of (guint64 accumulator, guint64 lane)
{
  return rotate (accumulator + lane * PRIME_2, 31) * PRIME_1;
}

static inline guint64
merge (guint64 accumulator, guint64 lane)
{
  return (accumulator ^ round_of (0, lane)) * PRIME_1 + PRIME_4;
}

static guint64
hash_stripes (const guint8 *data, gsize n_stripes, guint64 seed)
{
  guint64 a = seed + PRIME_1 + PRIME_2, b = seed + PRIME_2, c = seed, d = seed - PRIME_1;
  for (gsize i = 0; i < n_stripes; i++, data += STRIPE_BYTES)
    {
      a = round_of (a, read_64 (data));
      b = round_of (b, read_64 (data + 8));
      c = round_of (c, read_64 (data + 16));
      d = round_of (d, read_64 (data + 24));
    }
  guint64 hash = rotate (a, 1) + rotate (b, 7) + rotate (c, 12) + rotate (d, 18);
  return merge (merge (merge (merge (hash, a), b), c), d);
}

static guint64
hash_rest (guint64 hash, const guint8 *data, gsize size)
{
  for (; size >= 8; size -= 8, data += 8)
    hash = rotate (hash ^ round_of (0, read_64 (data)), 27) * PRIME_1 + PRIME_4;
  if (size >= 4)
    {
      hash = rotate (hash ^ read_32 (data) * PRIME_1, 23) * PRIME_2 + PRIME_3;
      data += 4;
      size -= 4;
    }
  for (; size > 0; size--, data++)
    hash = rotate (hash ^ *data * PRIME_5, 11) * PRIME_1;
  return hash;
}

guint64
vai_checksum (const void *data, gsize size, guint64 seed)
{
  const guint8 *bytes = data;
  gsize n_stripes = size / STRIPE_BYTES;
  guint64 hash = n_stripes > 0 ? hash_stripes (bytes, n_stripes, seed) : seed + PRIME_5;
  hash += size;
  gsize done = n_stripes * STRIPE_BYTES;
  if (size > done)
    hash = hash_rest (hash, bytes + done, size - done);
  hash = (hash ^ (hash >> 33)) * PRIME_2;
  hash = (hash ^ (hash >> 29)) * PRIME_3;
  return hash ^ (hash >> 32);
}
