#include "vai-cell.h"

#include <math.h>
#include <string.h>

typedef struct
{
  const char *text;
  gsize length;
} Span;

typedef struct
{
  const char *written; /* as it stands in files, in ASCII case-insensitive */
  gsize length;
  const char *name; /* as it is shown; spellings of one unit share it */
} Unit;

#define UNIT(written, name)                                                                                            \
  {                                                                                                                    \
    written, sizeof (written) - 1, name                                                                                \
  }

/* Index 0: none. Longer spellings stand before those they begin or end with. */
static const Unit units[] = {
  UNIT ("", NULL),       UNIT ("%", "%"),     UNIT ("€", "€"),   UNIT ("euro", "€"),        UNIT ("eur", "€"),
  UNIT ("us$", "$"),     UNIT ("$", "$"),     UNIT ("usd", "$"), UNIT ("£", "£"),           UNIT ("gbp", "£"),
  UNIT ("¥", "¥"),       UNIT ("chf", "CHF"), UNIT ("kg", "kg"), UNIT ("mm", "mm"),         UNIT ("cm", "cm"),
  UNIT ("km", "km"),     UNIT ("m²", "m²"),   UNIT ("m2", "m²"), UNIT ("m³", "m³"),         UNIT ("m", "m"),
  UNIT ("pcs", "pcs"),   UNIT ("pz", "pz"),   UNIT ("t", "t"),   UNIT ("giorni", "giorni"), UNIT ("gg", "gg"),
  UNIT ("days", "days"), UNIT ("hours", "h"), UNIT ("h", "h"),   UNIT ("l", "l"),           UNIT ("kw", "kW"),
};

G_STATIC_ASSERT (G_N_ELEMENTS (units) <= VAI_CELL_N_UNITS);

const char *
vai_cell_unit_name (guint unit)
{
  return unit < G_N_ELEMENTS (units) ? units[unit].name : NULL;
}

/* All spellings of one unit count as the first. */
static guint
canonical (guint unit)
{
  guint first = 1;
  while (strcmp (units[first].name, units[unit].name) != 0)
    first++;
  return first;
}

guint
vai_cell_find_unit (const char *text)
{
  for (guint i = 1; i < G_N_ELEMENTS (units); i++)
    if (g_ascii_strcasecmp (units[i].written, text) == 0)
      return canonical (i);
  return 0;
}

static void
drop_front (Span *span, gsize n)
{
  span->text += n;
  span->length -= n;
}

/* The first and the last byte are compared before all: nearly always they tell. */
static gboolean
has_front (const Span *span, const char *what)
{
  if (span->length == 0 || g_ascii_tolower (span->text[0]) != what[0])
    return FALSE;
  gsize n = strlen (what);
  return span->length >= n && g_ascii_strncasecmp (span->text, what, n) == 0;
}

static gboolean
has_back (const Span *span, const char *what, gsize n)
{
  if (span->length < n || g_ascii_tolower (span->text[span->length - 1]) != what[n - 1])
    return FALSE;
  return g_ascii_strncasecmp (span->text + span->length - n, what, n) == 0;
}

/* Money stands on either side of a number, everything else behind it. */
static gboolean
take_unit (Span *span, guint *unit)
{
  for (guint i = 1; *unit == 0 && i < G_N_ELEMENTS (units); i++)
    {
      gsize n = units[i].length;
      gboolean money = i >= 2 && i <= 11;
      if (money && has_front (span, units[i].written))
        drop_front (span, n);
      else if (has_back (span, units[i].written, n))
        span->length -= n;
      else
        continue;
      *unit = canonical (i);
      return TRUE;
    }
  return FALSE;
}

static gboolean
take_sign (Span *span, gboolean *negative)
{
  static const char *const minus[] = { "-", "\xe2\x88\x92" };
  for (guint i = 0; i < G_N_ELEMENTS (minus); i++)
    {
      gsize n = strlen (minus[i]);
      if (!has_front (span, minus[i]) && !has_back (span, minus[i], n))
        continue;
      if (has_front (span, minus[i]))
        drop_front (span, n);
      else
        span->length -= n;
      *negative = TRUE;
      return TRUE;
    }
  if (span->length > 2 && span->text[0] == '(' && span->text[span->length - 1] == ')')
    {
      drop_front (span, 1);
      span->length--;
      *negative = TRUE;
      return TRUE;
    }
  if (!has_front (span, "+"))
    return FALSE;
  drop_front (span, 1);
  return TRUE;
}

/* Is there anything but digits at either end? */
static gboolean
is_affixed (const Span *span)
{
  return span->length > 0 && !(g_ascii_isdigit (span->text[0]) && g_ascii_isdigit (span->text[span->length - 1]));
}

/* Sign and unit in any order, each once. */
static void
take_affixes (Span *span, VaiNumber *number, gboolean *negative)
{
  gboolean sign = FALSE, more = TRUE;
  while (more)
    {
      vai_cell_trim (&span->text, &span->length);
      gboolean signed_now = !sign && take_sign (span, negative);
      sign |= signed_now;
      more = signed_now || (is_affixed (span) && take_unit (span, &number->unit));
    }
}

/* Bytes of a mark between groups of three digits at @text; *mark is what it counts as. */
static gsize
group_mark (const char *text, gsize length, char decimal, char *mark)
{
  static const char *const wide[] = { "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x89", "\xe2\x80\x99" };
  char other = decimal == '.' ? ',' : '.';
  if (*text == other || *text == '\'' || *text == ' ')
    {
      *mark = *text;
      return 1;
    }
  for (guint i = 0; i < G_N_ELEMENTS (wide); i++)
    {
      gsize n = strlen (wide[i]);
      if (length >= n && memcmp (text, wide[i], n) == 0)
        {
          *mark = i == 3 ? '\'' : ' ';
          return n;
        }
    }
  return 0;
}

/* Digits of a number as they are gathered. */
typedef struct
{
  char digits[400]; /* more than any double in plain writing; what is longer is no number */
  guint n_digits;
  guint n_whole;  /* digits before the mark */
  guint n_groups; /* marks between groups */
  guint decimals;
  int exponent;
  gboolean has_mark;
} Digits;

static gsize
take_digits (const Span *span, gsize at, Digits *digits)
{
  gsize from = at;
  while (at < span->length && g_ascii_isdigit (span->text[at]) && digits->n_digits < sizeof digits->digits)
    digits->digits[digits->n_digits++] = span->text[at++];
  return at - from;
}

/* Whole part with its groups. Gives the position behind it, or G_MAXSIZE when the groups are none. */
static gsize
take_whole (const Span *span, char decimal, Digits *digits, char *thousands)
{
  gsize n = take_digits (span, 0, digits);
  gsize at = n;
  if (n == 0 || n > 3)
    return at;
  while (at < span->length)
    {
      char mark = '\0';
      gsize size = group_mark (span->text + at, span->length - at, decimal, &mark);
      if (size == 0)
        break;
      if ((*thousands != '\0' && *thousands != mark) || span->text[0] == '0')
        return G_MAXSIZE;
      *thousands = mark;
      n = take_digits (span, at + size, digits);
      if (n != 3)
        return G_MAXSIZE;
      at += size + n;
      digits->n_groups++;
    }
  return at;
}

static gsize
take_exponent (const Span *span, gsize at, Digits *digits)
{
  if (at + 1 >= span->length || (span->text[at] != 'e' && span->text[at] != 'E'))
    return at;
  gsize i = at + 1;
  gboolean negative = span->text[i] == '-';
  i += span->text[i] == '-' || span->text[i] == '+';
  /* "12E45" is a code more often than a number. */
  if (i == at + 1 && !digits->has_mark)
    return at;
  gsize first = i;
  int value = 0;
  while (i < span->length && g_ascii_isdigit (span->text[i]) && i - first < 4)
    value = value * 10 + (span->text[i++] - '0');
  if (i == first)
    return at;
  digits->exponent = negative ? -value : value;
  return i;
}

static gboolean
gather (const Span *span, char decimal, Digits *digits, char *thousands)
{
  gsize at = take_whole (span, decimal, digits, thousands);
  if (at == G_MAXSIZE)
    return FALSE;
  digits->n_whole = digits->n_digits;
  if (at < span->length && span->text[at] == decimal)
    {
      digits->has_mark = TRUE;
      digits->decimals = take_digits (span, at + 1, digits);
      at += 1 + digits->decimals;
    }
  if (digits->n_digits == 0)
    return FALSE;
  return take_exponent (span, at, digits) == span->length;
}

/* Exact: a mantissa that a double holds times a power of ten that it holds (Clinger, 1990), else the C library. */
static double
value_of (const Digits *digits)
{
  static const double powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
  int exponent = digits->exponent - (int) digits->decimals;
  if (digits->n_digits <= VAI_NUMBER_DIGITS_MAX && ABS (exponent) < (int) G_N_ELEMENTS (powers))
    {
      gint64 mantissa = 0;
      for (guint i = 0; i < digits->n_digits; i++)
        mantissa = mantissa * 10 + (digits->digits[i] - '0');
      return exponent < 0 ? (double) mantissa / powers[-exponent] : (double) mantissa * powers[exponent];
    }
  char text[sizeof digits->digits + 16];
  g_snprintf (text, sizeof text, "%.*se%d", (int) digits->n_digits, digits->digits, exponent);
  return g_ascii_strtod (text, NULL);
}

static VaiNumberKind
kind_of (const Span *span, const Digits *digits, char thousands)
{
  if (digits->n_groups == 0 && digits->n_whole > 1 && span->text[0] == '0')
    return VAI_NUMBER_LEADING_ZERO;
  if (!digits->has_mark && digits->exponent == 0 && digits->n_digits > VAI_NUMBER_DIGITS_MAX)
    return VAI_NUMBER_LONG;
  gboolean marked_groups = thousands == '.' || thousands == ',';
  if (!digits->has_mark && !marked_groups)
    return VAI_NUMBER_PLAIN;
  if (!digits->has_mark && digits->n_groups == 1)
    return VAI_NUMBER_EITHER;
  gboolean like_group = digits->decimals == 3 && digits->n_whole >= 1 && digits->n_whole <= 3 && span->text[0] != '0';
  return digits->n_groups == 0 && like_group ? VAI_NUMBER_EITHER : VAI_NUMBER_CERTAIN;
}

VaiNumberKind
vai_cell_parse_number (const char *text, gsize length, char decimal, VaiNumber *number)
{
  *number = (VaiNumber){ 0 };
  gsize digit = 0;
  while (digit < length && !g_ascii_isdigit (text[digit]))
    digit++;
  if (digit == length)
    return VAI_NUMBER_NONE;
  Span span = { text, length };
  gboolean negative = FALSE;
  take_affixes (&span, number, &negative);
  Digits digits;
  digits.n_digits = digits.n_groups = digits.decimals = 0;
  digits.exponent = 0;
  digits.has_mark = FALSE;
  if (span.length == 0 || !gather (&span, decimal, &digits, &number->thousands))
    return VAI_NUMBER_NONE;
  double value = value_of (&digits);
  if (!isfinite (value))
    return VAI_NUMBER_NONE;
  number->value = negative ? -value : value;
  number->decimals = digits.decimals;
  return kind_of (&span, &digits, number->thousands);
}
