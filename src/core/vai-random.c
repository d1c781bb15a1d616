#include "vai-random.h"

#include <math.h>

static guint64
splitmix (guint64 *state)
{
  guint64 z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

void
vai_random_init (VaiRandom *self, guint64 seed, guint64 stream)
{
  guint64 state = seed;
  state = splitmix (&state) ^ (stream * 0xd1342543de82ef95u);
  for (guint i = 0; i < 4; i++)
    self->state[i] = splitmix (&state);
}

static inline guint64
rotate_left (guint64 x, guint k)
{
  return (x << k) | (x >> (64 - k));
}

static inline guint64
next (VaiRandom *self)
{
  guint64 *s = self->state;
  guint64 result = rotate_left (s[1] * 5, 7) * 9;
  guint64 t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate_left (s[3], 45);
  return result;
}

guint64
vai_random_next (VaiRandom *self)
{
  return next (self);
}

double
vai_random_uniform (VaiRandom *self)
{
  return (double) (vai_random_next (self) >> 11) * 0x1p-53;
}

guint32
vai_random_below (VaiRandom *self, guint32 bound)
{
  g_return_val_if_fail (bound > 0, 0);
  guint64 product = (vai_random_next (self) >> 32) * bound;
  /* Lemire's rejection: values whose low half is under 2^32 mod bound would be drawn too often. */
  for (guint32 threshold = -bound % bound; (guint32) product < threshold;)
    product = (vai_random_next (self) >> 32) * bound;
  return product >> 32;
}

void
vai_random_tally (VaiRandom *self, guint32 bound, gsize n, guint32 *counts)
{
  g_return_if_fail (bound > 0);
  /* As vai_random_below(), with its bound worked out once and the state held in registers. */
  VaiRandom random = *self;
  guint32 threshold = -bound % bound;
  for (gsize i = 0; i < n; i++)
    {
      guint64 product;
      do
        product = (next (&random) >> 32) * bound;
      while ((guint32) product < threshold);
      counts[product >> 32]++;
    }
  *self = random;
}

double
vai_random_normal (VaiRandom *self)
{
  double u = 1 - vai_random_uniform (self);
  return sqrt (-2 * log (u)) * cos (2 * G_PI * vai_random_uniform (self));
}

void
vai_random_shuffle (VaiRandom *self, guint32 *values, gsize n)
{
  for (gsize i = n; i > 1; i--)
    {
      guint32 j = vai_random_below (self, i);
      guint32 value = values[i - 1];
      values[i - 1] = values[j];
      values[j] = value;
    }
}
