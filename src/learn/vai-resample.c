#include "vai-resample.h"

#include <math.h>
#include <string.h>

/* Keys of up to so many times the rows are looked up in a table, others in a hash. */
#define TABLE_MAX 4

static void
number_in_table (VaiResample *self, const guint32 *groups, const guint32 *order, guint32 largest)
{
  g_autofree guint32 *numbers = g_new0 (guint32, (gsize) largest + 1); /* 1 and more; 0: not seen */
  for (gsize i = 0; i < self->n; i++)
    {
      guint32 *number = &numbers[groups[order != NULL ? order[i] : i]];
      if (*number == 0)
        *number = ++self->n_groups;
      self->group[i] = *number - 1;
    }
}

static void
number_by_hash (VaiResample *self, const guint32 *groups, const guint32 *order)
{
  g_autoptr (GHashTable) numbers = g_hash_table_new (NULL, NULL);
  for (gsize i = 0; i < self->n; i++)
    {
      gpointer key = GUINT_TO_POINTER (groups[order != NULL ? order[i] : i]);
      gpointer number;
      if (!g_hash_table_lookup_extended (numbers, key, NULL, &number))
        {
          number = GUINT_TO_POINTER (self->n_groups++);
          g_hash_table_insert (numbers, key, number);
        }
      self->group[i] = GPOINTER_TO_UINT (number);
    }
}

/* Group keys are numbered in the order of their appearance, so that the numbers, and with them what is drawn, do not
 * depend on the keys. */
void
vai_resample_init (VaiResample *self, const guint32 *groups, const guint32 *order, gsize n)
{
  guint32 largest = 0;
  self->n = n;
  self->group = g_new (guint32, MAX (n, 1));
  self->n_groups = groups == NULL ? n : 0;
  for (gsize i = 0; i < n; i++)
    if (groups == NULL)
      self->group[i] = i;
    else
      largest = MAX (largest, groups[i]);
  if (groups != NULL && largest / TABLE_MAX < n)
    number_in_table (self, groups, order, largest);
  else if (groups != NULL)
    number_by_hash (self, groups, order);
  self->count = g_new0 (guint32, MAX (self->n_groups, 1));
}

void
vai_resample_clear (VaiResample *self)
{
  g_clear_pointer (&self->group, g_free);
  g_clear_pointer (&self->count, g_free);
}

void
vai_resample_draw (VaiResample *self, VaiRandom *random)
{
  memset (self->count, 0, self->n_groups * sizeof (guint32));
  if (self->n_groups > 0)
    vai_random_tally (random, self->n_groups, self->n_groups, self->count);
}

double
vai_quantile_sorted (const double *values, gsize n, double share)
{
  if (n == 0)
    return NAN;
  double place = share * (n - 1);
  gsize below = floor (place);
  gsize above = MIN (below + 1, n - 1);
  return values[below] + (values[above] - values[below]) * (place - below);
}
