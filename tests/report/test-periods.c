/* Periods of time, and whether the last one is over. */
#include "vai-periods.h"
#include "vai-time.h"

#include <math.h>

#define DAYS_MAX 4000

/* A quote on each of @n days from the 1st of January 2020 on; every third was won. */
static VaiPeriods *
make (guint n)
{
  static gint64 opened[DAYS_MAX];
  static guint8 won[DAYS_MAX];
  static double said[DAYS_MAX];

  for (guint i = 0; i < n; i++)
    {
      opened[i] = (vai_days_from_civil (2020, 1, 1) + i) * VAI_SECONDS_PER_DAY;
      won[i] = i % 3 == 0;
      said[i] = 0.5;
    }
  return vai_periods_new (opened, won, said, n);
}

static const char *
last_name (const VaiPeriods *periods)
{
  return g_ptr_array_index (periods->names, periods->names->len - 1);
}

static void
assert_last (guint n_days, const char *name, gboolean partial)
{
  g_autoptr (VaiPeriods) periods = make (n_days);
  guint total = 0;

  g_assert_cmpstr (last_name (periods), ==, name);
  g_assert_cmpint (periods->partial, ==, partial);
  for (guint i = 0; i < periods->names->len; i++)
    total += g_array_index (periods->n_decided, guint, i);
  g_assert_cmpuint (total, ==, n_days);
}

/* 2020 has 366 days, its March ends with day 91. */
static void
test_partial (void)
{
  assert_last (91, "Mar 2020", FALSE);
  /* Over a weekend nobody writes a quote. */
  assert_last (89, "Mar 2020", FALSE);
  assert_last (80, "Mar 2020 (in part)", TRUE);
  assert_last (92, "Apr 2020 (in part)", TRUE);
  /* Four years are quarters: 366 + 3 * 365 days. */
  assert_last (1461, "Q4 2023", FALSE);
  assert_last (1420, "Q4 2023 (in part)", TRUE);
  /* More than nine are years. */
  assert_last (3653, "2029", FALSE);
  assert_last (3500, "2029 (in part)", TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/periods/partial", test_partial);
  return g_test_run ();
}
