#include "vai-blend.h"

#include "vai-logit-fit.h"

void
vai_blend_fit (const double *margins,
               const guint8 *won,
               gsize n,
               guint n_members,
               double shrink,
               double *weights,
               double *intercept)
{
  g_return_if_fail (n_members > 0 && n_members <= VAI_LOGIT_FIT_COLUMNS_MAX);
  g_autofree double *targets = g_new (double, MAX (n, 1)), *centre = g_new (double, n_members);
  for (gsize i = 0; i < n; i++)
    targets[i] = won[i] != 0;
  for (guint j = 0; j < n_members; j++)
    weights[j] = centre[j] = 1.0 / n_members;
  *intercept = 0;
  VaiLogitFit fit
      = { .x = margins, .target = targets, .n = n, .k = n_members, .centre = centre, .ridge = MAX (shrink, 0) };
  vai_logit_fit (&fit, weights, intercept);
}
