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

#define SIGN (G_GUINT64_CONSTANT (1) << 63)

/* Unsigned numbers in the order of the doubles, and back. */
static inline guint64
key_of (double value)
{
  guint64 bits;
  memcpy (&bits, &value, sizeof bits);
  return bits ^ (-(bits >> 63) | SIGN);
}

static inline double
value_of (guint64 key)
{
  guint64 bits = key ^ ((key >> 63) - 1) ^ ((key & SIGN) != 0 ? SIGN : 0);
  double value;
  memcpy (&value, &bits, sizeof value);
  return value;
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

/* @items has room for twice @n; gives the half where they stand in order. */
static const Item *
sort_items (Item *items, gsize n)
{
  guint32 counts[N_DIGITS][BASE] = { 0 };
  Item *from = items, *to = items + n;
  for (gsize i = 0; i < n; i++)
    for (guint d = 0; d < N_DIGITS; d++)
      counts[d][digit_of (from[i].key, d)]++;
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
  return from;
}

void
vai_order_by (const double *values, guint32 *order, gsize n)
{
  g_autofree Item *items = g_new (Item, 2 * MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    items[i] = (Item){ key_of (values[order[i]] + 0.0), order[i] }; /* -0 becomes 0 */
  const Item *sorted = sort_items (items, n);
  for (gsize i = 0; i < n; i++)
    order[i] = sorted[i].place;
}

void
vai_sort_doubles (double *values, gsize n)
{
  g_autofree Item *items = g_new (Item, 2 * MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    items[i] = (Item){ key_of (values[i]), i };
  const Item *sorted = sort_items (items, n);
  for (gsize i = 0; i < n; i++)
    values[i] = value_of (sorted[i].key);
}
