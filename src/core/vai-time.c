#include "vai-time.h"

#include <inttypes.h>
#include <string.h>
#include <sys/random.h>

gint64
vai_time_now_ms (void)
{
  return g_get_real_time () / 1000;
}

/* RFC 9562, 6.2, method 3: milliseconds in 48 bits, the part of a millisecond in 12; one step further than the last
 * when time has not moved, so that ids of one process are in the order of their making. */
static guint64
next_stamp (void)
{
  static GMutex mutex;
  static guint64 last;
  gint64 now = g_get_real_time ();
  guint64 stamp = (guint64) (now / 1000) << 12 | (guint64) (now % 1000) * 4096 / 1000;
  g_mutex_lock (&mutex);
  last = MAX (last + 1, stamp);
  stamp = last;
  g_mutex_unlock (&mutex);
  return stamp;
}

char *
vai_uuid_new (void)
{
  guint8 b[16];
  guint64 stamp = next_stamp ();
  if (getrandom (b, sizeof b, 0) != sizeof b)
    for (guint i = 0; i < sizeof b; i++)
      b[i] = g_random_int_range (0, 256);
  for (guint i = 0; i < 6; i++)
    b[i] = stamp >> (52 - 8 * i);
  b[6] = 0x70 | (stamp >> 8 & 0x0f);
  b[7] = stamp;
  b[8] = (b[8] & 0x3f) | 0x80;
  char *text = g_malloc (37), *c = text;
  for (guint i = 0; i < sizeof b; i++)
    {
      if (i == 4 || i == 6 || i == 8 || i == 10)
        *c++ = '-';
      *c++ = "0123456789abcdef"[b[i] >> 4];
      *c++ = "0123456789abcdef"[b[i] & 15];
    }
  *c = '\0';
  return text;
}

/* Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so the leap day comes last. */
gint64
vai_days_from_civil (gint64 year, guint month, guint day)
{
  year -= month <= 2;
  gint64 era = (year >= 0 ? year : year - 399) / 400;
  guint year_of_era = year - era * 400;
  guint day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  guint day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + (gint64) day_of_era - 719468;
}

void
vai_civil_from_days (gint64 days, gint64 *year, guint *month, guint *day)
{
  days += 719468;
  gint64 era = (days >= 0 ? days : days - 146096) / 146097;
  guint day_of_era = days - era * 146097;
  guint year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  guint day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  guint shifted_month = (5 * day_of_year + 2) / 153;
  *day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  *month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  *year = year_of_era + era * 400 + (*month <= 2);
}

gboolean
vai_date_is_valid (gint64 year, guint month, guint day)
{
  static const guint8 lengths[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  if (month < 1 || month > 12 || day < 1 || day > lengths[month - 1])
    return FALSE;
  gboolean leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month != 2 || day < 29 || leap;
}

char *
vai_time_format (gint64 seconds, gboolean with_time)
{
  gint64 days = seconds / VAI_SECONDS_PER_DAY - (seconds % VAI_SECONDS_PER_DAY < 0);
  gint64 rest = seconds - days * VAI_SECONDS_PER_DAY;
  gint64 year;
  guint month, day;
  vai_civil_from_days (days, &year, &month, &day);
  if (!with_time)
    return g_strdup_printf ("%04" PRId64 "-%02u-%02u", year, month, day);
  return g_strdup_printf ("%04" PRId64 "-%02u-%02uT%02d:%02d:%02d", year, month, day, (int) (rest / 3600),
                          (int) (rest / 60 % 60), (int) (rest % 60));
}

/* @n digits at *@text as a number, and past them; FALSE when there are fewer. */
static gboolean
take_digits (const char **text, guint n, guint *number)
{
  *number = 0;
  for (guint i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit ((*text)[i]))
        return FALSE;
      *number = *number * 10 + ((*text)[i] - '0');
    }
  *text += n;
  return TRUE;
}

static gboolean
take_time (const char **text, guint *seconds)
{
  guint hour, minute, second = 0, tenths = 0;
  if (!take_digits (text, 2, &hour) || *(*text)++ != ':' || !take_digits (text, 2, &minute))
    return FALSE;
  if (**text == ':')
    {
      (*text)++;
      if (!take_digits (text, 2, &second))
        return FALSE;
    }
  if (**text == '.' || **text == ',')
    {
      (*text)++;
      if (!take_digits (text, 1, &tenths))
        return FALSE;
      *text += strspn (*text, "0123456789");
    }
  if (hour > 24 || minute > 59 || second > 60)
    return FALSE;
  *seconds = hour * 3600 + minute * 60 + second + (tenths >= 5 ? 1 : 0);
  return TRUE;
}

gboolean
vai_time_parse (const char *text, gint64 *seconds)
{
  guint year, month, day, rest = 0;
  if (!take_digits (&text, 4, &year) || *text++ != '-' || !take_digits (&text, 2, &month) || *text++ != '-'
      || !take_digits (&text, 2, &day) || !vai_date_is_valid (year, month, day))
    return FALSE;
  if (*text == 'T' || *text == ' ')
    {
      text++;
      if (!take_time (&text, &rest))
        return FALSE;
      if (*text == 'Z')
        text++;
    }
  *seconds = vai_days_from_civil (year, month, day) * VAI_SECONDS_PER_DAY + rest;
  return *text == '\0';
}
