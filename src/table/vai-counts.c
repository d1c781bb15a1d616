#include "vai-audit.h"

#include <math.h>
#include <string.h>

/* Digits of 11 bits: six passes over a 64-bit key, and the counters stay in the nearest cache. */
#define DIGIT_BITS 11
#define N_DIGITS 6
#define RADIX (1 << DIGIT_BITS)

/* The class takes the lowest bits of a key. A number loses as many of its 52: values nearer than one part in 10^14 are
 * one. */
#define CLASS_BITS 3
#define CLASS_MASK ((1 << CLASS_BITS) - 1)
#define SIGN_BIT (G_GUINT64_CONSTANT (1) << 63)

/* Keys in the order of the numbers. */
static inline guint64
number_key (double number)
{
  guint64 bits;
  number += 0.0; /* -0 is 0 */
  memcpy (&bits, &number, sizeof bits);
  bits = bits & SIGN_BIT ? ~bits : bits | SIGN_BIT;
  return bits & ~(guint64) CLASS_MASK;
}

static inline double
key_number (guint64 key)
{
  key &= ~(guint64) CLASS_MASK;
  guint64 bits = key & SIGN_BIT ? key ^ SIGN_BIT : ~key & ~(guint64) CLASS_MASK;
  double number;
  memcpy (&number, &bits, sizeof number);
  return number;
}

/* Sorts @keys with the help of @other; gives the one that holds the result. */
static guint64 *
sort_keys (guint64 *keys, guint64 *other, gsize n)
{
  g_autofree gsize *starts = g_new0 (gsize, N_DIGITS * RADIX);
  for (gsize i = 0; i < n; i++)
    for (guint d = 0; d < N_DIGITS; d++)
      starts[d * RADIX + (keys[i] >> (d * DIGIT_BITS) & (RADIX - 1))]++;
  for (guint d = 0; d < N_DIGITS; d++)
    {
      gsize *digit = starts + d * RADIX;
      guint shift = d * DIGIT_BITS;
      if (n == 0 || digit[keys[0] >> shift & (RADIX - 1)] == n)
        continue;
      gsize sum = 0;
      for (guint i = 0; i < RADIX; i++)
        {
          gsize count = digit[i];
          digit[i] = sum;
          sum += count;
        }
      for (gsize i = 0; i < n; i++)
        other[digit[keys[i] >> shift & (RADIX - 1)]++] = keys[i];
      guint64 *swap = keys;
      keys = other;
      other = swap;
    }
  return keys;
}

static gsize
make_number_keys (VaiCounts *self, const VaiColumn *column, const guint8 *classes, guint64 *keys)
{
  gsize n = 0;
  for (gsize row = 0; row < column->n_rows; row++)
    if (isnan (column->numbers[row]))
      self->missing[classes[row]]++;
    else
      keys[n++] = number_key (column->numbers[row]) | classes[row];
  return n;
}

static gsize
make_time_keys (VaiCounts *self, const VaiColumn *column, const guint8 *classes, guint64 *keys)
{
  gsize n = 0;
  for (gsize row = 0; row < column->n_rows; row++)
    if (column->times[row] == VAI_TIME_MISSING)
      self->missing[classes[row]]++;
    else
      keys[n++] = (((guint64) column->times[row] << CLASS_BITS) ^ SIGN_BIT) | classes[row];
  return n;
}

static inline double
key_value (const VaiColumn *column, guint64 key)
{
  return column->type == VAI_TYPE_NUMBER ? key_number (key) : (double) ((gint64) (key ^ SIGN_BIT) >> CLASS_BITS);
}

static void
count_sorted (VaiCounts *self, const VaiColumn *column, const guint64 *keys, gsize n)
{
  gsize distinct = 0;
  for (gsize i = 0; i < n; i++)
    distinct += i == 0 || keys[i] >> CLASS_BITS != keys[i - 1] >> CLASS_BITS;
  self->values = g_new (double, MAX (distinct, 1));
  self->counts = g_malloc0_n (MAX (distinct, 1), sizeof *self->counts);
  for (gsize i = 0; i < n; i++)
    {
      if (i == 0 || keys[i] >> CLASS_BITS != keys[i - 1] >> CLASS_BITS)
        self->values[self->n++] = key_value (column, keys[i]);
      self->counts[self->n - 1][keys[i] & CLASS_MASK]++;
    }
}

static void
count_codes (VaiCounts *self, const VaiColumn *column, const guint8 *classes)
{
  self->n = column->dictionary != NULL ? vai_dictionary_get_size (column->dictionary) : 0;
  self->counts = g_malloc0_n (MAX (self->n, 1), sizeof *self->counts);
  for (gsize row = 0; row < column->n_rows; row++)
    if (column->codes[row] < 0)
      self->missing[classes[row]]++;
    else
      self->counts[column->codes[row]][classes[row]]++;
}

void
vai_counts_init (VaiCounts *self, const VaiColumn *column, const guint8 *classes)
{
  memset (self, 0, sizeof *self);
  if (column->type == VAI_TYPE_CATEGORY || column->type == VAI_TYPE_TEXT)
    {
      count_codes (self, column, classes);
      return;
    }
  g_autofree guint64 *keys = g_new (guint64, MAX (column->n_rows, 1));
  g_autofree guint64 *other = g_new (guint64, MAX (column->n_rows, 1));
  gsize n = column->type == VAI_TYPE_NUMBER ? make_number_keys (self, column, classes, keys)
                                            : make_time_keys (self, column, classes, keys);
  count_sorted (self, column, sort_keys (keys, other, n), n);
}

void
vai_counts_clear (VaiCounts *self)
{
  g_free (self->values);
  g_free (self->counts);
  memset (self, 0, sizeof *self);
}
