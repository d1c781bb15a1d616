#include "vai-ranking.h"

#include "vai-order.h"

void
vai_ranking_init (VaiRanking *self, const guint8 *won, const double *probability, gsize n)
{
  self->n = n;
  self->row = g_new (guint32, MAX (n, 1));
  self->probability = g_new (double, MAX (n, 1));
  self->won = g_new (guint8, MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    self->row[i] = i;
  vai_order_by (probability, self->row, n);
  for (gsize i = 0; i < n; i++)
    {
      self->probability[i] = probability[self->row[i]];
      self->won[i] = won[self->row[i]] != 0;
    }
}

void
vai_ranking_clear (VaiRanking *self)
{
  g_clear_pointer (&self->row, g_free);
  g_clear_pointer (&self->probability, g_free);
  g_clear_pointer (&self->won, g_free);
}
