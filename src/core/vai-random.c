#include "vai-random.h"

#include "vai-wide.h"

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
  /* Lemire's rejection: values whose low half is under 2^32 mod bound, itself under bound, would be drawn too often. */
  if ((guint32) product < bound)
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

typedef guint64 Lanes __attribute__ ((vector_size (VAI_RANDOM_LANES * sizeof (guint64))));

/* One lane whose number was to be thrown away draws again. */
static guint32
draw_again (Lanes *state, guint lane, guint32 bound)
{
  VaiRandom random;
  for (guint i = 0; i < 4; i++)
    random.state[i] = state[i][lane];
  guint32 value = vai_random_below (&random, bound);
  for (guint i = 0; i < 4; i++)
    state[i][lane] = random.state[i];
  return value;
}

VAI_WIDE void
vai_random_tally_lanes (VaiRandom streams[VAI_RANDOM_LANES], guint32 bound, gsize n, guint32 *counts)
{
  g_return_if_fail (bound > 0);
  Lanes s[4];
  for (guint i = 0; i < 4; i++)
    for (guint lane = 0; lane < VAI_RANDOM_LANES; lane++)
      s[i][lane] = streams[lane].state[i];
  guint32 threshold = -bound % bound;
  for (gsize i = 0; i < n; i++)
    {
      /* next(), with shifts where a processor has no product of lanes. */
      Lanes high = s[1] + (s[1] << 2), t = s[1] << 17;
      high = high << 7 | high >> 57;
      high = (high + (high << 3)) >> 32;
      s[2] ^= s[0];
      s[3] ^= s[1];
      s[1] ^= s[2];
      s[0] ^= s[3];
      s[2] ^= t;
      s[3] = s[3] << 45 | s[3] >> 19;
      for (guint lane = 0; lane < VAI_RANDOM_LANES; lane++)
        {
          guint64 product = high[lane] * bound;
          guint32 value = product >> 32;
          if (G_UNLIKELY ((guint32) product < threshold))
            value = draw_again (s, lane, bound);
          counts[(gsize) value * VAI_RANDOM_LANES + lane]++;
        }
    }
  for (guint i = 0; i < 4; i++)
    for (guint lane = 0; lane < VAI_RANDOM_LANES; lane++)
      streams[lane].state[i] = s[i][lane];
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
