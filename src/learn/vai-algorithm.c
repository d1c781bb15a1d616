#include "vai-member.h"

#include <glib/gi18n-lib.h>

static const char *const names[VAI_N_ALGORITHMS] = {
  [VAI_ALGORITHM_BASELINE] = "baseline",           [VAI_ALGORITHM_LOGISTIC] = "logistic",
  [VAI_ALGORITHM_BOOSTED_TREES] = "boosted-trees", [VAI_ALGORITHM_RANDOM_FOREST] = "random-forest",
  [VAI_ALGORITHM_ADDITIVE] = "additive",           [VAI_ALGORITHM_AUTO] = "auto",
};

const char *
vai_algorithm_name (VaiAlgorithm algorithm)
{
  g_return_val_if_fail (algorithm < VAI_N_ALGORITHMS, NULL);
  return names[algorithm];
}

const char *
vai_algorithm_title (VaiAlgorithm algorithm)
{
  switch (algorithm)
    {
    case VAI_ALGORITHM_LOGISTIC:
      return _ ("logistic regression");
    case VAI_ALGORITHM_BOOSTED_TREES:
      return _ ("boosted trees");
    case VAI_ALGORITHM_RANDOM_FOREST:
      return _ ("random forest");
    case VAI_ALGORITHM_ADDITIVE:
      return _ ("additive scorecard");
    case VAI_ALGORITHM_AUTO:
      return _ ("a weighted combination of several learners");
    case VAI_ALGORITHM_BASELINE:
    case VAI_N_ALGORITHMS:
    default:
      return _ ("the base rate alone");
    }
}

gboolean
vai_algorithm_from_name (const char *name, VaiAlgorithm *algorithm)
{
  for (guint i = 0; i < VAI_N_ALGORITHMS; i++)
    if (g_str_equal (names[i], name))
      {
        *algorithm = i;
        return TRUE;
      }
  return FALSE;
}
