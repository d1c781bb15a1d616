#include "vai-format.h"

#include "../support/test-locale.h"

#include <math.h>

typedef struct
{
  char *(*func) (double);
  double number;
  const char *text;
} Case;

static void
check (const Case *cases, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = cases[i].func (cases[i].number);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static char *
none (double number)
{
  return vai_format_number (number, 0);
}

static char *
two (double number)
{
  return vai_format_number (number, 2);
}

static char *
value (double number)
{
  return vai_format_value (number, 2);
}

static void
test_numbers (void)
{
  const Case cases[] = {
    { none, 0, "0" },
    { none, -0.4, "0" },
    { none, 999, "999" },
    { none, 1000, "1,000" },
    { none, -1234567, "\u22121,234,567" },
    { none, NAN, "\u2013" },
    { none, INFINITY, "\u2013" },
    { none, 999999999999999.0, "999,999,999,999,999" },
    { none, 1e15, "1.00e+15" },
    { two, -3.671e299, "\u22123.67e+299" },
    { vai_format_short, 3.671e299, "3.67e+299" },
    { two, 1234.5, "1,234.50" },
    { two, -0.004, "0.00" },
    { two, -0.006, "\u22120.01" },
    { value, 15134, "15,134" },
    { value, 4.5, "4.50" },
    { value, NAN, "\u2013" },
  };
  check (cases, G_N_ELEMENTS (cases));
  g_autofree char *count = vai_format_count (G_MAXUINT64);
  g_assert_cmpstr (count, ==, "18,446,744,073,709,551,615");
}

static void
test_shares (void)
{
  const Case cases[] = {
    { vai_format_percent, 0.125, "12%" },
    { vai_format_percent, NAN, "\u2013" },
    { vai_format_probability, 0.0099, "under 1%" },
    { vai_format_probability, 0.01, "1%" },
    { vai_format_probability, 0, "0%" },
    { vai_format_probability, 0.99, "99%" },
    { vai_format_probability, 0.991, "over 99%" },
    { vai_format_probability, 1, "100%" },
    { vai_format_points, 0.05, "+5" },
    { vai_format_points, -0.05, "\u22125" },
    { vai_format_points, 0.004, "0" },
    { vai_format_p_value, 0.0002, "< 0.001" },
    { vai_format_p_value, 0.012, "= 0.012" },
    { vai_format_p_value, 0.25, "= 0.25" },
  };
  check (cases, G_N_ELEMENTS (cases));
}

static void
test_short (void)
{
  const Case cases[] = {
    { vai_format_short, 0.25, "0.25" },  { vai_format_short, 12.34, "12.3" }, { vai_format_short, 123.4, "123" },
    { vai_format_short, 9999, "9,999" }, { vai_format_short, 12345, "12k" },  { vai_format_short, 999600, "1.0M" },
    { vai_format_short, 1.5e6, "1.5M" }, { vai_format_short, 2e9, "2bn" },    { vai_format_short, -12345, "\u221212k" },
  };
  check (cases, G_N_ELEMENTS (cases));
}

/* Whatever a cell holds, a page that says it stays well formed. */
static void
test_markup (void)
{
  g_autofree char *marked = vai_format_markup ("<a & \"b\" 'c'>\x01\xff\xc2\x85\t\uFFFE");
  g_assert_cmpstr (marked, ==, "&lt;a &amp; &quot;b&quot; &#39;c&#39;&gt;\uFFFD\uFFFD\uFFFD\t\uFFFD");
}

static void
check_date (gint64 seconds, const char *wanted)
{
  g_autofree char *text = vai_format_date (seconds);
  g_assert_cmpstr (text, ==, wanted);
}

/* As `date -u -d @SECONDS +%x` writes it, with all digits of the year. */
static void
test_dates (void)
{
  const struct
  {
    const char *locale, *before, *after;
    char order;
  } cases[] = { { "it_IT", "31/12/1969", "17/07/2026", 'd' },
                { "en_US", "12/31/1969", "07/17/2026", 'm' },
                { "en_GB", "31/12/1969", "17/07/2026", 'd' },
                { "de_DE", "31.12.1969", "17.07.2026", 'd' },
                { "th_TH", "1969-12-31", "2026-07-17", 'y' } };

  check_date (-1, "1969-12-31");
  check_date (1784289599, "2026-07-17");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TestLocale locale;
      if (test_locale_enter (&locale, cases[i].locale))
        {
          check_date (-1, cases[i].before);
          check_date (1784289599, cases[i].after);
          g_assert_cmpint (vai_format_date_order (), ==, cases[i].order);
        }
      test_locale_leave (&locale);
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format/numbers", test_numbers);
  g_test_add_func ("/format/shares", test_shares);
  g_test_add_func ("/format/short", test_short);
  g_test_add_func ("/format/markup", test_markup);
  g_test_add_func ("/format/dates", test_dates);
  return g_test_run ();
}
