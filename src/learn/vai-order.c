#include "vai-order.h"

#include <string.h>

/* Bits that are dealt with at a time, from the lowest: the counts of them all fit into the nearest memory. */
#define DIGIT_BITS 8
#define N_DIGITS (64 / DIGIT_BITS)
#define BASE (1 << DIGIT_BITS)

typedef struct
{
  guint64 key;
  guint32 place;
} Item;

/* Unsigned numbers in the order of the doubles. */
static inline guint64
key_of (double value)
{
  guint64 bits;
  value += 0.0; /* -0 to 0 */
  memcpy (&bits, &value, sizeof bits);
  return bits ^ (-(bits >> 63) | G_GUINT64_CONSTANT (1) << 63);
}

static inline guint
digit_of (guint64 key, guint digit)
{
  return (key >> (digit * DIGIT_BITS)) % BASE;
}

/* From how often each digit stands there to where it begins. FALSE: all have the same one. */
static gboolean
begin_of (guint32 *count, gsize n)
{
  guint32 sum = 0;
  for (guint i = 0; i < BASE; i++)
    {
      guint32 here = count[i];
      if (here == n)
        return FALSE;
      count[i] = sum;
      sum += here;
    }
  return TRUE;
}

void
vai_order_by (const double *values, guint32 *order, gsize n)
{
  g_autofree Item *items = g_new (Item, 2 * MAX (n, 1));
  guint32 counts[N_DIGITS][BASE] = { 0 };
  Item *from = items, *to = items + n;
  for (gsize i = 0; i < n; i++)
    {
      from[i] = (Item){ key_of (values[order[i]]), order[i] };
      for (guint d = 0; d < N_DIGITS; d++)
        counts[d][digit_of (from[i].key, d)]++;
    }
  for (guint d = 0; d < N_DIGITS; d++)
    {
      guint32 *next = counts[d];
      if (!begin_of (next, n))
        continue;
      for (gsize i = 0; i < n; i++)
        to[next[digit_of (from[i].key, d)]++] = from[i];
      Item *swap = from;
      from = to;
      to = swap;
    }
  for (gsize i = 0; i < n; i++)
    order[i] = from[i].place;
}
