#include "vai-time.h"

#include <string.h>

/* Every day of 800 years against GLib's own calendar. */
static void
test_civil (void)
{
  g_autoptr (GDateTime) epoch = g_date_time_new_utc (1970, 1, 1, 0, 0, 0);
  for (gint64 days = -146097; days <= 146097; days += 13)
    {
      g_autoptr (GDateTime) date = g_date_time_add_days (epoch, days);
      gint64 year;
      guint month, day;
      vai_civil_from_days (days, &year, &month, &day);
      g_assert_cmpint (year, ==, g_date_time_get_year (date));
      g_assert_cmpint (month, ==, g_date_time_get_month (date));
      g_assert_cmpint (day, ==, g_date_time_get_day_of_month (date));
      g_assert_cmpint (vai_days_from_civil (year, month, day), ==, days);
    }
}

static void
test_valid (void)
{
  g_assert_true (vai_date_is_valid (2024, 2, 29));
  g_assert_false (vai_date_is_valid (2023, 2, 29));
  g_assert_false (vai_date_is_valid (1900, 2, 29));
  g_assert_true (vai_date_is_valid (2000, 2, 29));
  g_assert_false (vai_date_is_valid (2024, 13, 1));
  g_assert_false (vai_date_is_valid (2024, 4, 31));
}

static void
test_format (void)
{
  g_autofree char *day = vai_time_format (-1, FALSE);
  g_assert_cmpstr (day, ==, "1969-12-31");
  g_autofree char *second = vai_time_format (-1, TRUE);
  g_assert_cmpstr (second, ==, "1969-12-31T23:59:59");
}

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    gint64 seconds; /* by date -u +%s */
  } right[] = {
    { "1970-01-01", 0 },
    { "2024-02-29", 1709164800 },
    { "2026-11-22T14:05:00", 1795356300 },
    { "2026-11-22T14:05", 1795356300 },
    { "2026-11-22 14:05:00Z", 1795356300 },
    { "2026-11-22T14:04:59.5", 1795356300 },
    { "1900-01-01T00:00:01", -2208988799 },
  };
  static const char *const wrong[] = { "",
                                       "2026",
                                       "2026-13-01",
                                       "2023-02-29",
                                       "2026-11-22T",
                                       "2026-11-22T25:00",
                                       "2026-11-22x",
                                       "26-11-22",
                                       "2026-11-22T14:05:00+01:00",
                                       "2026-11-22T14:05:" };
  gint64 seconds;
  for (guint i = 0; i < G_N_ELEMENTS (right); i++)
    {
      g_assert_true (vai_time_parse (right[i].text, &seconds));
      g_assert_cmpint (seconds, ==, right[i].seconds);
    }
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (vai_time_parse (wrong[i], &seconds));
}

static void
test_uuid (void)
{
  g_autofree char *first = vai_uuid_new ();
  g_usleep (2000);
  g_autofree char *second = vai_uuid_new ();
  g_assert_true (g_uuid_string_is_valid (first));
  g_assert_cmpint (first[14], ==, '7');
  g_assert_nonnull (strchr ("89ab", first[19]));
  g_assert_cmpstr (first, <, second);
  /* Those made within one tick of the clock too. */
  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *next = vai_uuid_new ();
      g_assert_cmpstr (second, <, next);
      g_free (g_steal_pointer (&second));
      second = g_steal_pointer (&next);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/time/civil", test_civil);
  g_test_add_func ("/time/valid", test_valid);
  g_test_add_func ("/time/format", test_format);
  g_test_add_func ("/time/parse", test_parse);
  g_test_add_func ("/time/uuid", test_uuid);
  return g_test_run ();
}
