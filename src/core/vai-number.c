#include "vai-number.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Whole numbers below this are exact in a double, and are written without an exponent. */
#define PLAIN_INTEGER_MAX 1e15
/* Numbers from here up to that are written without an exponent too. */
#define PLAIN_MIN 1e-4
#define PLAIN_DECIMALS_MAX 9
#define PLAIN_DIGITS_MAX 15

static const double powers[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };

/* @digits with a point before the last @n of them. */
static gsize
write_decimals (gint64 digits, guint n, char *text)
{
  char reversed[32];
  guint length = 0;
  guint64 rest = ABS (digits);
  for (guint i = 0; i <= n || rest > 0; i++, rest /= 10)
    {
      if (i == n)
        reversed[length++] = '.';
      reversed[length++] = '0' + rest % 10;
    }
  if (digits < 0)
    reversed[length++] = '-';
  for (guint i = 0; i < length; i++)
    text[i] = reversed[length - 1 - i];
  text[length] = '\0';
  return length;
}

/* 0 when the number needs more digits than are tried here. A quotient of two exact doubles is rounded right, so the
 * digits that give the number back here do so everywhere. */
static gsize
format_decimals (double number, char *text)
{
  for (guint n = 1; n <= PLAIN_DECIMALS_MAX; n++)
    {
      double digits = rint (number * powers[n]);
      if (fabs (digits) >= PLAIN_INTEGER_MAX)
        return 0;
      if (digits / powers[n] == number)
        return write_decimals ((gint64) digits, n, text);
    }
  return 0;
}

gsize
vai_number_format (double number, char *text)
{
  if (number == 0)
    return g_strlcpy (text, "0", VAI_NUMBER_TEXT_SIZE);
  if (fabs (number) < PLAIN_INTEGER_MAX && number == trunc (number))
    return g_snprintf (text, VAI_NUMBER_TEXT_SIZE, "%" PRId64, (gint64) number);
  gsize length = fabs (number) >= PLAIN_MIN ? format_decimals (number, text) : 0;
  if (length > 0)
    return length;
  g_ascii_formatd (text, VAI_NUMBER_TEXT_SIZE, "%.15g", number);
  if (g_ascii_strtod (text, NULL) != number)
    g_ascii_formatd (text, VAI_NUMBER_TEXT_SIZE, "%.16g", number);
  if (g_ascii_strtod (text, NULL) != number)
    g_ascii_formatd (text, VAI_NUMBER_TEXT_SIZE, "%.17g", number);
  return strlen (text);
}

gboolean
vai_number_parse (const char *text, double *number)
{
  const char *p = text + (*text == '-');
  gint64 mantissa = 0;
  guint n_digits = 0, n_decimals = 0;
  for (; g_ascii_isdigit (*p) && n_digits < PLAIN_DIGITS_MAX; p++, n_digits++)
    mantissa = mantissa * 10 + (*p - '0');
  if (*p == '.' && n_digits > 0)
    for (p++; g_ascii_isdigit (*p) && n_digits < PLAIN_DIGITS_MAX; p++, n_digits++, n_decimals++)
      mantissa = mantissa * 10 + (*p - '0');
  if (*p == '\0' && n_digits > 0)
    {
      double value = (double) mantissa / powers[n_decimals];
      *number = *text == '-' ? -value : value;
      return TRUE;
    }
  char *end;
  *number = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && isfinite (*number);
}
