#include "vai-member.h"

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
