/* Rows in the order of their probability: what every metric that ranks walks over. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gsize n;
  guint32 *row;        /* ascending by probability; ties in the order of the rows */
  double *probability; /* in that order */
  guint8 *won;         /* in that order; 0 or 1 */
} VaiRanking;

void vai_ranking_init (VaiRanking *self, const guint8 *won, const double *probability, gsize n);
void vai_ranking_clear (VaiRanking *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VaiRanking, vai_ranking_clear)

G_END_DECLS
