#include "vai-format.h"

#include "vai-time.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <string.h>

#define DECIMALS_MAX 6

/* From here on a double does not hold every unit, and nobody counts the digits. */
#define PLAIN_MAX 1e15
#define MINUS "\u2212"
#define NOTHING "\u2013"
#define REPLACEMENT "\uFFFD"

static const char *
thousands_mark (void)
{
  const struct lconv *marks = localeconv ();
  /* The C locale knows no mark; its words are English, and so is this. */
  if (*marks->thousands_sep == '\0')
    return *marks->decimal_point == ',' ? "." : ",";
  return g_utf8_validate (marks->thousands_sep, -1, NULL) ? marks->thousands_sep : " ";
}

static char *
group (const char *digits)
{
  gsize n = strlen (digits);
  GString *text = g_string_sized_new (n + n / 3 + 1);
  for (gsize i = 0; i < n; i++)
    {
      if (i > 0 && (n - i) % 3 == 0)
        g_string_append (text, thousands_mark ());
      g_string_append_c (text, digits[i]);
    }
  return g_string_free (text, FALSE);
}

char *
vai_format_count (guint64 count)
{
  g_autofree char *digits = g_strdup_printf ("%" PRIu64, count);
  return group (digits);
}

char *
vai_format_number (double number, guint decimals)
{
  if (!isfinite (number))
    return g_strdup (NOTHING);
  char format[8] = "%.2e", digits[32];
  if (fabs (number) < PLAIN_MAX)
    g_snprintf (format, sizeof format, "%%.%uf", MIN (decimals, DECIMALS_MAX));
  g_ascii_formatd (digits, sizeof digits, format, fabs (number));
  gboolean zero = strspn (digits, "0.") == strlen (digits);
  char *mark = strchr (digits, '.');
  if (mark != NULL)
    *mark = '\0';
  g_autofree char *whole = group (digits);
  const char *point = *localeconv ()->decimal_point == ',' ? "," : ".";
  return g_strconcat (number < 0 && !zero ? MINUS : "", whole, mark != NULL ? point : "", mark != NULL ? mark + 1 : "",
                      NULL);
}

char *
vai_format_value (double value, guint decimals)
{
  return vai_format_number (value, value == round (value) ? 0 : decimals);
}

char *
vai_format_percent (double share)
{
  g_autofree char *number = vai_format_number (100 * share, 0);
  return isfinite (share) ? g_strdup_printf (_ ("%s%%"), number) : g_strdup (number);
}

char *
vai_format_probability (double probability)
{
  if (probability > 0 && probability < 0.01)
    return g_strdup (_ ("under 1%"));
  if (probability > 0.99 && probability < 1)
    return g_strdup (_ ("over 99%"));
  return vai_format_percent (probability);
}

char *
vai_format_points (double difference)
{
  g_autofree char *number = vai_format_number (100 * difference, 0);
  return g_strconcat (isfinite (difference) && round (100 * difference) > 0 ? "+" : "", number, NULL);
}

char *
vai_format_short (double number)
{
  double size = fabs (number);
  if (!isfinite (number))
    return g_strdup (NOTHING);
  if (size >= PLAIN_MAX)
    return vai_format_number (number, 0);
  double scale = size >= 999.5e6 ? 1e9 : size >= 999.5e3 ? 1e6 : size >= 9999.5 ? 1e3 : 1;
  double scaled = size / scale;
  guint decimals = scaled == floor (scaled) || scaled >= 99.5 ? 0
                   : scaled >= 9.95                           ? (scale > 1 ? 0 : 1)
                   : scale > 1                                ? 1
                                                              : 2;
  g_autofree char *digits = vai_format_number (number / scale, decimals);
  if (scale == 1e9)
    return g_strdup_printf (_ ("%sbn"), digits);
  if (scale == 1e6)
    return g_strdup_printf (_ ("%sM"), digits);
  return scale == 1e3 ? g_strdup_printf (_ ("%sk"), digits) : g_steal_pointer (&digits);
}

/* The sign of a currency that has one people know; else its code. */
static const char *
currency_sign (const char *currency)
{
  static const char *const signs[][2] = { { "EUR", "€" }, { "USD", "$" }, { "GBP", "£" } };

  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (g_ascii_strcasecmp (signs[i][0], currency) == 0)
      return signs[i][1];
  return currency;
}

/* Takes @number. */
static char *
put_beside (char *taken, const char *currency)
{
  g_autofree char *number = taken;

  if (currency == NULL || *currency == '\0')
    return g_steal_pointer (&number);
  const char *sign = currency_sign (currency);
  if (g_ascii_isalpha (*sign))
    /* Translators: the code of a currency and an amount: CHF 1,200 */
    return g_strdup_printf (_ ("%1$s %2$s"), sign, number);
  /* Translators: the sign of a currency and an amount: €1,200 */
  return g_strdup_printf (_ ("%1$s%2$s"), sign, number);
}

char *
vai_format_money (double amount, const char *currency)
{
  return put_beside (vai_format_number (amount, 0), isfinite (amount) ? currency : NULL);
}

char *
vai_format_money_short (double amount, const char *currency)
{
  return put_beside (vai_format_short (amount), isfinite (amount) ? currency : NULL);
}

char *
vai_format_day (gint64 milliseconds)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_local (milliseconds / 1000);

  /* Translators: a day, as for strftime(). */
  return when != NULL ? g_date_time_format (when, _ ("%-d %B %Y")) : g_strdup ("");
}

/* How a locale writes a short date: "dmy" with '/' between. */
typedef struct
{
  char order[4];
  char mark;
} DateShape;

static const DateShape iso_shape = { "ymd", '-' };

/* 'd', 'm' or 'y' for a part of strftime()'s that is a plain number; '\0' for any other. */
static char
date_part (char letter)
{
  return letter == 'e' ? 'd' : letter == 'Y' ? 'y' : strchr ("dmy", letter) != NULL ? letter : '\0';
}

static DateShape
date_shape (void)
{
  const char *locale = setlocale (LC_TIME, NULL), *format = nl_langinfo (D_FMT);
  DateShape shape = { "", '\0' };
  guint n = 0;

  /* The C locale writes as Americans do, whoever asks; nobody chose that. */
  if (locale == NULL || g_str_equal (locale, "C") || g_str_equal (locale, "POSIX") || g_str_has_prefix (locale, "C."))
    return iso_shape;
  for (const char *p = format; *p != '\0'; p++)
    if (*p != '%')
      shape.mark = n == 1 && strchr ("/.-", *p) != NULL ? *p : shape.mark;
    else
      {
        p += p[1] == '-' ? 2 : 1;
        char part = date_part (*p);
        if (part == '\0' || n == 3 || strchr (shape.order, part) != NULL)
          return iso_shape;
        shape.order[n++] = part;
      }
  return n == 3 && shape.mark != '\0' ? shape : iso_shape;
}

char *
vai_format_date (gint64 seconds)
{
  DateShape shape = date_shape ();
  gint64 days = seconds / VAI_SECONDS_PER_DAY - (seconds % VAI_SECONDS_PER_DAY < 0), year;
  guint month, day;
  g_autoptr (GString) text = g_string_new (NULL);

  vai_civil_from_days (days, &year, &month, &day);
  for (guint i = 0; i < 3; i++)
    {
      if (i > 0)
        g_string_append_c (text, shape.mark);
      if (shape.order[i] == 'y')
        g_string_append_printf (text, "%04" PRIi64, year);
      else
        g_string_append_printf (text, "%02u", shape.order[i] == 'd' ? day : month);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
vai_format_date_time (gint64 seconds)
{
  g_autofree char *date = vai_format_date (seconds);
  int into = (int) ((seconds % VAI_SECONDS_PER_DAY + VAI_SECONDS_PER_DAY) % VAI_SECONDS_PER_DAY);

  if (into == 0)
    return g_steal_pointer (&date);
  if (into % 60 == 0)
    return g_strdup_printf ("%s %02d:%02d", date, into / 3600, into / 60 % 60);
  return g_strdup_printf ("%s %02d:%02d:%02d", date, into / 3600, into / 60 % 60, into % 60);
}

char *
vai_format_local_date (gint64 milliseconds)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_local (milliseconds / 1000);

  return when != NULL ? vai_format_date (milliseconds / 1000 + g_date_time_get_utc_offset (when) / G_USEC_PER_SEC)
                      : g_strdup ("");
}

char
vai_format_date_order (void)
{
  DateShape shape = date_shape ();

  return shape.order[0];
}

char *
vai_format_p_value (double p_value)
{
  g_autofree char *number = vai_format_number (p_value < 0.001 ? 0.001 : p_value, p_value < 0.0995 ? 3 : 2);
  return g_strconcat (p_value < 0.001 ? "< " : "= ", number, NULL);
}

/* XML 1.0 has no way to write these, not even as a reference. */
static gboolean
is_forbidden (gunichar c)
{
  return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0xFFFE || c == 0xFFFF || (c >= 0x7F && c < 0xA0);
}

char *
vai_format_markup (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *out = g_string_new (NULL);
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (c == '&')
        g_string_append (out, "&amp;");
      else if (c == '<')
        g_string_append (out, "&lt;");
      else if (c == '>')
        g_string_append (out, "&gt;");
      else if (c == '"')
        g_string_append (out, "&quot;");
      else if (c == '\'')
        g_string_append (out, "&#39;");
      else if (is_forbidden (c))
        g_string_append (out, REPLACEMENT);
      else
        g_string_append_unichar (out, c);
    }
  return g_string_free (out, FALSE);
}
