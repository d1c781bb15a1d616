#include "vai-fit.h"

#include "vai-random.h"

guint64
vai_fit_seed (guint64 seed, guint a, guint b, guint c)
{
  VaiRandom random;
  vai_random_init (&random, seed, ((guint64) a << 40) ^ ((guint64) b << 20) ^ c);
  return vai_random_next (&random);
}
