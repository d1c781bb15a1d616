#include "vai-row-count.h"

#define ROWS_ABOUT 256
#define ROWS_A_TURN 16

guint
vai_row_count_towards (guint n, guint wanted)
{
  if (n < wanted)
    return n < ROWS_ABOUT ? MIN (wanted, n + ROWS_A_TURN) : wanted;
  if (n > MAX (wanted, ROWS_ABOUT))
    return MAX (wanted, ROWS_ABOUT);
  return MAX (wanted, n - MIN (n, ROWS_A_TURN));
}
