#include "vai-rank-evidence.h"

#include "vai-calibrator.h"
#include "vai-metrics.h"

#include <math.h>

static guint
count_groups (const guint32 *groups, gsize n, guint n_groups)
{
  g_autofree guint8 *seen = g_new0 (guint8, MAX (n_groups, 1));
  guint count = 0;
  for (gsize i = 0; i < n; i++)
    {
      count += !seen[groups[i]];
      seen[groups[i]] = 1;
    }
  return count;
}

void
vai_rank_evidence_add (VaiRankEvidence *self,
                       const guint8 *won,
                       const double *margins,
                       const guint32 *groups,
                       gsize n,
                       guint n_groups)
{
  g_autofree double *probability = g_new (double, MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    probability[i] = vai_sigmoid (margins[i]);
  double auc = vai_metrics_auc (won, probability, n), n_won = 0;
  if (isnan (auc))
    return;
  for (gsize i = 0; i < n; i++)
    n_won += won[i] != 0;
  double independent = count_groups (groups, n, n_groups) / (double) n;
  double weight = independent * 12 * n_won * ((double) n - n_won) / (double) (n + 1);
  self->above += weight * (auc - 0.5);
  self->variance += weight;
}

double
vai_rank_evidence_z (const VaiRankEvidence *self)
{
  return self->variance > 0 ? self->above / sqrt (self->variance) : NAN;
}
