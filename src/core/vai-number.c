#include "vai-number.h"

#include <math.h>
#include <string.h>

/* Whole numbers below this are exact in a double, and are written without an exponent. */
#define PLAIN_INTEGER_MAX 1e15

gsize
vai_number_format (double number, char *text)
{
  if (number == 0)
    return g_strlcpy (text, "0", VAI_NUMBER_TEXT_SIZE);
  if (fabs (number) < PLAIN_INTEGER_MAX && number == trunc (number))
    return g_snprintf (text, VAI_NUMBER_TEXT_SIZE, "%" G_GINT64_FORMAT, (gint64) number);
  g_ascii_formatd (text, VAI_NUMBER_TEXT_SIZE, "%.15g", number);
  if (g_ascii_strtod (text, NULL) != number)
    g_ascii_formatd (text, VAI_NUMBER_TEXT_SIZE, "%.16g", number);
  if (g_ascii_strtod (text, NULL) != number)
    g_ascii_formatd (text, VAI_NUMBER_TEXT_SIZE, "%.17g", number);
  return strlen (text);
}
