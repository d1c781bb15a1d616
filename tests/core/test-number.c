/* Against the C library: what is written reads back equal and is no longer than "%.17g" with the fewest digits that do.
 */
#include "vai-number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void
check (double number)
{
  char text[VAI_NUMBER_TEXT_SIZE];
  g_assert_cmpuint (vai_number_format (number, text), ==, strlen (text));
  g_assert_true (strtod (text, NULL) == number);
  double parsed;
  g_assert_true (vai_number_parse (text, &parsed));
  g_assert_true (parsed == number);
  char shortest[64] = "";
  for (int precision = 1; precision <= 17 && (*shortest == '\0' || strtod (shortest, NULL) != number); precision++)
    g_snprintf (shortest, sizeof shortest, "%.*g", precision, number);
  if (strchr (text, 'e') == NULL && strchr (shortest, 'e') == NULL)
    g_assert_cmpstr (text, ==, shortest);
}

static void
test_examples (void)
{
  static const double numbers[] = { 0.1,
                                    -0.1,
                                    1.0 / 3,
                                    0.3,
                                    1e15,
                                    1e15 - 1,
                                    1e-4,
                                    9.9e-5,
                                    123.456,
                                    1e22,
                                    1e300,
                                    5e-324,
                                    99.99,
                                    -1234567.89,
                                    0.5,
                                    1e-9,
                                    4503599627370497.5,
                                    999999.9999999999 };
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    check (numbers[i]);
  char text[VAI_NUMBER_TEXT_SIZE];
  vai_number_format (-1234567.89, text);
  g_assert_cmpstr (text, ==, "-1234567.89");
  vai_number_format (-0.05, text);
  g_assert_cmpstr (text, ==, "-0.05");
}

static void
test_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  for (guint i = 0; i < 100000; i++)
    {
      double decimals = pow (10, g_rand_int_range (random, 0, 12));
      check (floor (g_rand_double (random) * 1e9) / decimals);
      check ((g_rand_double (random) - 0.5) * pow (10, g_rand_int_range (random, -20, 20)));
    }
}

static void
test_parse (void)
{
  static const char *const wrong[] = { "", "-", ".", "1x", "1,5", "nan", "inf", "1e999", "1 " };
  static const char *const right[]
      = { "1.5", "-0", "007", "1e3", "0.28999999999999998", "123456789012345678901234567890" };
  double number;
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (vai_number_parse (wrong[i], &number));
  for (guint i = 0; i < G_N_ELEMENTS (right); i++)
    {
      g_assert_true (vai_number_parse (right[i], &number));
      g_assert_true (number == strtod (right[i], NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number/examples", test_examples);
  g_test_add_func ("/number/random", test_random);
  g_test_add_func ("/number/parse", test_parse);
  return g_test_run ();
}
