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

#define LANES 4

typedef float Floats __attribute__ ((vector_size (LANES * sizeof (float))));
typedef double Doubles __attribute__ ((vector_size (LANES * sizeof (double))));
typedef gint32 Masks __attribute__ ((vector_size (LANES * sizeof (gint32))));
typedef guint64 Bits __attribute__ ((vector_size (LANES * sizeof (guint64))));

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

/* e^x for |x| ≤ MARGIN_MAX as a call of expf() would give it (the method of the C library: a power of 2^(1/32) from a
 * table times a polynomial), without a call for each row. */
static inline Floats
exponential (Floats x)
{
  const double shift = 0x1.8p52;
  Doubles z = __builtin_convertvector(x, Doubles) * (0x1.71547652b82fep0 * 32);
  Doubles whole = z + shift;
  Bits bits = (Bits) whole;
  Doubles r = z - (whole - shift);
  Bits power;
  for (int i = 0; i < LANES; i++)
    power[i] = powers[bits[i] % 32];
  power += bits << 47;
  Doubles high = 0x1.c6af84b912394p-5 / 32768 * r + 0x1.ebfce50fac4f3p-3 / 1024;
  Doubles y = high * (r * r) + (0x1.62e42ff0c52d6p-1 / 32 * r + 1);
  return __builtin_convertvector(y * (Doubles) power, Floats);
}

/* To the nearest step, for -1..1: from 2 to 4 floats are a step apart. */
static inline Floats
rounded (Floats x)
{
  return x + 3.0f - 3.0f;
}

static inline Floats
larger (Floats x, float least)
{
  Floats bound = { least, least, least, least };
  Masks over = x > bound;
  return (Floats) ((over & (Masks) x) | (~over & (Masks) bound));
}

static inline void
fill_block (Floats margin, Floats won, float *gradients, float *hessians)
{
  margin = -larger (-larger (margin, -MARGIN_MAX), -MARGIN_MAX);
  Floats p = 1.0f / (1.0f + exponential (-margin));
  Floats gradient = rounded (p - won), hessian = larger (rounded (p * (1.0f - p)), HESSIAN_MIN);
  memcpy (gradients, &gradient, sizeof gradient);
  memcpy (hessians, &hessian, sizeof hessian);
}

/* The last rows, fewer than there are lanes. */
static inline void
fill_rest (const float *margins, Floats level, const float *won, gsize n, float *gradients, float *hessians)
{
  float g[LANES], h[LANES];
  Floats y = { 0 };
  for (gsize i = 0; i < n; i++)
    {
      level[i] = margins ? margins[i] : level[i];
      y[i] = won[i];
    }
  fill_block (level, y, g, h);
  memcpy (gradients, g, n * sizeof *g);
  memcpy (hessians, h, n * sizeof *h);
}

VAI_WIDE void
vai_gradients_fill (const float *margins, float margin, const float *won, gsize n, float *gradients, float *hessians)
{
  const Floats level = { margin, margin, margin, margin };
  gsize whole = n - n % LANES;
  for (gsize i = 0; i < whole; i += LANES)
    {
      Floats m = level, y;
      if (margins)
        memcpy (&m, margins + i, sizeof m);
      memcpy (&y, won + i, sizeof y);
      fill_block (m, y, gradients + i, hessians + i);
    }
  fill_rest (margins ? margins + whole : NULL, level, won + whole, n - whole, gradients + whole, hessians + whole);
}
