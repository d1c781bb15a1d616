#include "vai-ranking.h"

#include <stdlib.h>

typedef struct
{
  double probability;
  guint32 row;
} Item;

static int
compare_items (const void *a, const void *b)
{
  const Item *x = a, *y = b;
  if (x->probability != y->probability)
    return x->probability < y->probability ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

void
vai_ranking_init (VaiRanking *self, const guint8 *won, const double *probability, gsize n)
{
  g_autofree Item *items = g_new (Item, MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    items[i] = (Item){ probability[i], i };
  qsort (items, n, sizeof (Item), compare_items);
  self->n = n;
  self->row = g_new (guint32, MAX (n, 1));
  self->probability = g_new (double, MAX (n, 1));
  self->won = g_new (guint8, MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    {
      self->row[i] = items[i].row;
      self->probability[i] = items[i].probability;
      self->won[i] = won[items[i].row] != 0;
    }
}

void
vai_ranking_clear (VaiRanking *self)
{
  g_clear_pointer (&self->row, g_free);
  g_clear_pointer (&self->probability, g_free);
  g_clear_pointer (&self->won, g_free);
}
