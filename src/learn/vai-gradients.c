#include "vai-gradients.h"

#include "vai-wide.h"

#include <math.h>
#include <string.h>

/* Gradients are rounded to steps of 2^-22: so their sums are exact in doubles up to 2^30 rows, and hence the same in
 * any order, by any number of threads. Far below what a split is decided by. */

/* Least second derivative of a row: XGBoost's own is 1e-16, which would be rounded to nothing. */
#define HESSIAN_MIN 0x1p-20f

/* Beyond, a probability is rounded to 0 or 1 anyway, and its exponential is still a number. */
#define MARGIN_MAX 80.0f

#define LANES 8

typedef float Floats __attribute__ ((vector_size (LANES * sizeof (float))));
typedef double Doubles __attribute__ ((vector_size (LANES * sizeof (double))));
typedef gint32 Masks __attribute__ ((vector_size (LANES * sizeof (gint32))));
typedef guint64 Bits __attribute__ ((vector_size (LANES * sizeof (guint64))));

#define INLINE static inline __attribute__ ((always_inline))

/* Bits of 2^(i/32), less i times 2^47: the exponent of the whole and the table's own add up. */
static const guint64 powers[32] = {
  0x3ff0000000000000, 0x3fefd9b0d3158574, 0x3fefb5586cf9890f, 0x3fef9301d0125b51, 0x3fef72b83c7d517b,
  0x3fef54873168b9aa, 0x3fef387a6e756238, 0x3fef1e9df51fdee1, 0x3fef06fe0a31b715, 0x3feef1a7373aa9cb,
  0x3feedea64c123422, 0x3feece086061892d, 0x3feebfdad5362a27, 0x3feeb42b569d4f82, 0x3feeab07dd485429,
  0x3feea47eb03a5585, 0x3feea09e667f3bcd, 0x3fee9f75e8ec5f74, 0x3feea11473eb0187, 0x3feea589994cce13,
  0x3feeace5422aa0db, 0x3feeb737b0cdc5e5, 0x3feec49182a3f090, 0x3feed503b23e255d, 0x3feee89f995ad3ad,
  0x3feeff76f2fb5e47, 0x3fef199bdd85529c, 0x3fef3720dcef9069, 0x3fef5818dcfba487, 0x3fef7c97337b9b5f,
  0x3fefa4afa2a490da, 0x3fefd0765b6e4540,
};

/* What stands in the table at the last five bits of each lane: by permutations of the whole table where a processor has
 * them for eight lanes, else one by one. */
INLINE void
look_up (const Bits *bits, gboolean permute, Bits *power)
{
  Bits b = *bits % G_N_ELEMENTS (powers);
#ifdef VAI_WIDER
  if (permute)
    {
      Bits table[4];
      memcpy (table, powers, sizeof table);
      Bits low = __builtin_shuffle (table[0], table[1], b), high = __builtin_shuffle (table[2], table[3], b);
      Bits upper = (Bits) (b >= 2 * LANES);
      *power = (upper & high) | (~upper & low);
      return;
    }
#endif
  *power = (Bits){ powers[b[0]], powers[b[1]], powers[b[2]], powers[b[3]],
                   powers[b[4]], powers[b[5]], powers[b[6]], powers[b[7]] };
}

/* e^x for |x| ≤ MARGIN_MAX as a call of expf() would give it (the method of the C library: a power of 2^(1/32) from a
 * table times a polynomial), without a call for each row. */
INLINE void
exponential (const Floats *x, gboolean permute, Floats *result)
{
  const double shift = 0x1.8p52;
  Doubles z = __builtin_convertvector(*x, Doubles) * (0x1.71547652b82fep0 * 32);
  Doubles whole = z + shift;
  Bits bits = (Bits) whole, power;
  Doubles r = z - (whole - shift);
  look_up (&bits, permute, &power);
  power += bits << 47;
  Doubles high = 0x1.c6af84b912394p-5 / 32768 * r + 0x1.ebfce50fac4f3p-3 / 1024;
  Doubles y = high * (r * r) + (0x1.62e42ff0c52d6p-1 / 32 * r + 1);
  *result = __builtin_convertvector(y * (Doubles) power, Floats);
}

INLINE void
raise_to (Floats *x, float least)
{
  const Floats bound = { least, least, least, least, least, least, least, least };
  Masks over = *x > bound;
  *x = (Floats) ((over & (Masks) *x) | (~over & (Masks) bound));
}

/* To the nearest step, for -1..1: from 2 to 4 floats are a step apart. */
#define ROUND(x) ((x) + 3.0f - 3.0f)

INLINE void
fill_block (const Floats *margin, const Floats *won, gboolean permute, float *gradients, float *hessians)
{
  Floats m = *margin, e;
  raise_to (&m, -MARGIN_MAX);
  m = -m;
  raise_to (&m, -MARGIN_MAX);
  exponential (&m, permute, &e);
  Floats p = 1.0f / (1.0f + e), gradient = ROUND (p - *won), hessian = ROUND (p * (1.0f - p));
  raise_to (&hessian, HESSIAN_MIN);
  memcpy (gradients, &gradient, sizeof gradient);
  memcpy (hessians, &hessian, sizeof hessian);
}

/* @margins NULL: all are @margin. */
INLINE void
fill (const float *margins,
      float margin,
      const float *won,
      gsize n,
      gboolean permute,
      float *gradients,
      float *hessians)
{
  const Floats level = { margin, margin, margin, margin, margin, margin, margin, margin };
  Floats m, y;
  gsize whole = n - n % LANES;
  for (gsize i = 0; i < whole; i += LANES)
    {
      m = level;
      if (margins)
        memcpy (&m, margins + i, sizeof m);
      memcpy (&y, won + i, sizeof y);
      fill_block (&m, &y, permute, gradients + i, hessians + i);
    }
  /* The last rows, fewer than there are lanes. */
  float g[LANES], h[LANES];
  gsize left = (n - whole) * sizeof (float);
  m = level;
  y = (Floats){ 0 };
  if (margins)
    memcpy (&m, margins + whole, left);
  memcpy (&y, won + whole, left);
  fill_block (&m, &y, permute, g, h);
  memcpy (gradients + whole, g, left);
  memcpy (hessians + whole, h, left);
}

static VAI_WIDE void
fill_one_by_one (const float *margins, float margin, const float *won, gsize n, float *gradients, float *hessians)
{
  fill (margins, margin, won, n, FALSE, gradients, hessians);
}

#ifdef VAI_WIDER
static VAI_WIDER void
fill_permuted (const float *margins, float margin, const float *won, gsize n, float *gradients, float *hessians)
{
  fill (margins, margin, won, n, TRUE, gradients, hessians);
}
#endif

void
vai_gradients_fill (const float *margins, float margin, const float *won, gsize n, float *gradients, float *hessians)
{
#ifdef VAI_WIDER
  if (__builtin_cpu_supports ("avx512f"))
    {
      fill_permuted (margins, margin, won, n, gradients, hessians);
      return;
    }
#endif
  fill_one_by_one (margins, margin, won, n, gradients, hessians);
}
