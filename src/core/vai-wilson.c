#include "vai-wilson.h"

#include <math.h>

void
vai_wilson (double n_won, double n, double *low, double *high)
{
  const double z = VAI_Z95;
  *low = 0;
  *high = 1;
  if (!(n > 0))
    return;
  double share = n_won / n, bottom = 1 + z * z / n, middle = (share + z * z / (2 * n)) / bottom;
  double half = z / bottom * sqrt (share * (1 - share) / n + z * z / (4 * n * n));
  *low = CLAMP (middle - half, 0, share);
  *high = CLAMP (middle + half, share, 1);
}
