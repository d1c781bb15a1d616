#include "vai-cell.h"

#include "vai-time.h"

#include <string.h>

/* Two-digit years up to here are of this century, as in POSIX. */
#define CENTURY_PIVOT 68

#define YEAR_MIN 1000
#define YEAR_MAX 9999

/* Longest text that is looked at: "Wednesday, 22 September 2021 11:22:33.123456 +02:00". */
#define DATE_LENGTH_MAX 64

typedef struct
{
  const char *at, *end;
} Cursor;

/* First letters of months in English and Italian; a word must go on as one of them does. */
static const char *const months[]
    = { "january",   "february", "march",    "april",    "may",       "june",     "july",     "august",
        "september", "october",  "november", "december", "gennaio",   "febbraio", "marzo",    "aprile",
        "maggio",    "giugno",   "luglio",   "agosto",   "settembre", "ottobre",  "novembre", "dicembre" };

static const char *const weekdays[]
    = { "monday",         "tuesday",        "wednesday",     "thursday",       "friday",
        "saturday",       "sunday",         "luned\xc3\xac", "marted\xc3\xac", "mercoled\xc3\xac",
        "gioved\xc3\xac", "venerd\xc3\xac", "sabato",        "domenica" };

static gboolean
is_at (const Cursor *cursor, char c)
{
  return cursor->at < cursor->end && *cursor->at == c;
}

static gboolean
take (Cursor *cursor, char c)
{
  gboolean found = is_at (cursor, c);
  cursor->at += found;
  return found;
}

static void
take_blanks (Cursor *cursor)
{
  while (take (cursor, ' '))
    ;
}

/* Digits taken, at most @most; more than that is no number of a date. */
static guint
take_number (Cursor *cursor, guint most, guint *value)
{
  guint n = 0;
  *value = 0;
  while (cursor->at < cursor->end && g_ascii_isdigit (*cursor->at) && n <= most)
    {
      *value = *value * 10 + (*cursor->at++ - '0');
      n++;
    }
  return n <= most ? n : 0;
}

static gsize
word_length (const Cursor *cursor)
{
  gsize n = 0;
  while (cursor->at + n < cursor->end && (g_ascii_isalpha (cursor->at[n]) || (guint8) cursor->at[n] >= 0x80))
    n++;
  return n;
}

/* Index in @words of the word here, whole or cut to 3 letters ("sept" too); -1: none. */
static int
find_word (const Cursor *cursor, const char *const *words, guint n_words)
{
  gsize n = word_length (cursor);
  for (guint i = 0; n >= 3 && i < n_words; i++)
    {
      if (words[i][0] != g_ascii_tolower (*cursor->at))
        continue;
      gboolean whole = strlen (words[i]) == n, cut = n == 3 || (n == 4 && words[i][0] == 's');
      if ((whole || cut) && g_ascii_strncasecmp (cursor->at, words[i], n) == 0)
        return i;
    }
  return -1;
}

static guint
take_month (Cursor *cursor)
{
  int found = find_word (cursor, months, G_N_ELEMENTS (months));
  if (found < 0)
    return 0;
  cursor->at += word_length (cursor);
  take (cursor, '.');
  return found % 12 + 1;
}

static void
take_weekday (Cursor *cursor)
{
  if (find_word (cursor, months, G_N_ELEMENTS (months)) >= 0
      || find_word (cursor, weekdays, G_N_ELEMENTS (weekdays)) < 0)
    return;
  cursor->at += word_length (cursor);
  take (cursor, '.');
  take (cursor, ',');
  take_blanks (cursor);
}

static gint64
full_year (guint year, guint digits)
{
  if (digits > 2)
    return year;
  return year + (year <= CENTURY_PIVOT ? 2000 : 1900);
}

static VaiDateKind
set_day (VaiDate *date, gint64 year, guint month, guint day)
{
  if (year < YEAR_MIN || year > YEAR_MAX || !vai_date_is_valid (year, month, day))
    return VAI_DATE_NONE;
  date->days[0] = date->days[1] = vai_days_from_civil (year, month, day);
  return VAI_DATE_YMD;
}

/* Behind a year of four digits: month and day. */
static VaiDateKind
read_year_first (Cursor *cursor, guint year, VaiDate *date)
{
  guint month, day;
  char separator = *cursor->at++;
  date->separator = separator;
  month = take_month (cursor);
  if (month == 0 && take_number (cursor, 2, &month) == 0)
    return VAI_DATE_NONE;
  if (!take (cursor, separator) || take_number (cursor, 2, &day) == 0)
    return VAI_DATE_NONE;
  return set_day (date, year, month, day);
}

/* Both readings of "a/b/year". */
static VaiDateKind
set_either (VaiDate *date, guint a, guint b, gint64 year)
{
  VaiDate day_first = { 0 }, month_first = { 0 };
  gboolean dmy = set_day (&day_first, year, b, a) != VAI_DATE_NONE;
  gboolean mdy = set_day (&month_first, year, a, b) != VAI_DATE_NONE;
  if (!dmy && !mdy)
    return VAI_DATE_NONE;
  date->days[0] = dmy ? day_first.days[0] : month_first.days[0];
  date->days[1] = mdy ? month_first.days[0] : day_first.days[0];
  return dmy && mdy ? VAI_DATE_EITHER : dmy ? VAI_DATE_DMY : VAI_DATE_MDY;
}

/* Behind the first number of "12/03/2020", "12 March 2020" or "12-Mar-20". */
static VaiDateKind
read_year_last (Cursor *cursor, guint first, VaiDate *date)
{
  char separator = cursor->at < cursor->end ? *cursor->at : '\0';
  if (separator == '\0' || strchr ("/-. ", separator) == NULL)
    return VAI_DATE_NONE;
  cursor->at++;
  date->separator = separator;
  guint second = 0, year;
  guint month = take_month (cursor);
  if (month == 0 && (separator == ' ' || take_number (cursor, 2, &second) == 0))
    return VAI_DATE_NONE;
  if (month > 0 && separator == ' ')
    take (cursor, ',');
  if (!take (cursor, separator))
    return VAI_DATE_NONE;
  guint digits = take_number (cursor, 4, &year);
  if (digits != 2 && digits != 4)
    return VAI_DATE_NONE;
  if (month > 0)
    return set_day (date, full_year (year, digits), month, first);
  return set_either (date, first, second, full_year (year, digits));
}

/* "March 12, 2020" or "March 2020", which is its first day. */
static VaiDateKind
read_month_first (Cursor *cursor, VaiDate *date)
{
  guint month = take_month (cursor), day, year;
  date->separator = ' ';
  if (month == 0 || (!take (cursor, ' ') && !take (cursor, '-')))
    return VAI_DATE_NONE;
  guint digits = take_number (cursor, 4, &day);
  if (digits == 4)
    return set_day (date, day, month, 1);
  if (digits == 0 || digits == 3)
    return VAI_DATE_NONE;
  gboolean comma = take (cursor, ',');
  if (!take (cursor, ' ') && !comma && !take (cursor, '-'))
    return VAI_DATE_NONE;
  digits = take_number (cursor, 4, &year);
  return digits == 4 ? set_day (date, year, month, day) : VAI_DATE_NONE;
}

/* "Z", "+02:00", "-0500" or nothing; seconds east of UTC. */
static gboolean
read_zone (Cursor *cursor, gint64 *offset)
{
  *offset = 0;
  take_blanks (cursor);
  if (take (cursor, 'Z') || cursor->at == cursor->end)
    return TRUE;
  if (cursor->end - cursor->at == 3 && (memcmp (cursor->at, "UTC", 3) == 0 || memcmp (cursor->at, "GMT", 3) == 0))
    {
      cursor->at = cursor->end;
      return TRUE;
    }
  gboolean west = is_at (cursor, '-');
  if (!west && !is_at (cursor, '+'))
    return FALSE;
  cursor->at++;
  guint hours, minutes = 0;
  Cursor two = { cursor->at, MIN (cursor->at + 2, cursor->end) };
  if (take_number (&two, 2, &hours) != 2 || hours > 14)
    return FALSE;
  cursor->at = two.at;
  gboolean more = take (cursor, ':') || cursor->at < cursor->end;
  if (more && (take_number (cursor, 2, &minutes) != 2 || minutes > 59))
    return FALSE;
  *offset = (west ? -1 : 1) * (gint64) (hours * 3600 + minutes * 60);
  return TRUE;
}

/* " AM" or "p.m.": hours are changed by it. */
static gboolean
read_am_pm (Cursor *cursor, guint *hours, VaiDate *date)
{
  Cursor ahead = *cursor;
  take_blanks (&ahead);
  char letter = ahead.at < ahead.end ? g_ascii_tolower (*ahead.at) : '\0';
  if (letter != 'a' && letter != 'p')
    return TRUE;
  ahead.at++;
  take (&ahead, '.');
  if (!take (&ahead, 'm') && !take (&ahead, 'M'))
    return FALSE;
  take (&ahead, '.');
  if (*hours < 1 || *hours > 12)
    return FALSE;
  *hours = *hours % 12 + (letter == 'p' ? 12 : 0);
  date->am_pm = TRUE;
  *cursor = ahead;
  return TRUE;
}

/* What stands behind the day, if anything: a time of day. */
static gboolean
read_time (Cursor *cursor, VaiDate *date)
{
  if (cursor->at == cursor->end)
    return TRUE;
  if (!take (cursor, 'T') && !take (cursor, ' ') && !(take (cursor, ',') && take (cursor, ' ')))
    return FALSE;
  take_blanks (cursor);
  guint hours, minutes, seconds = 0;
  gint64 offset;
  if (take_number (cursor, 2, &hours) == 0 || (!take (cursor, ':') && !take (cursor, '.'))
      || take_number (cursor, 2, &minutes) != 2)
    return FALSE;
  if ((take (cursor, ':') || take (cursor, '.')) && take_number (cursor, 2, &seconds) != 2)
    return FALSE;
  if (take (cursor, '.') || take (cursor, ','))
    while (cursor->at < cursor->end && g_ascii_isdigit (*cursor->at))
      cursor->at++;
  if (!read_am_pm (cursor, &hours, date) || !read_zone (cursor, &offset))
    return FALSE;
  if (cursor->at != cursor->end || hours > 23 || minutes > 59 || seconds > 60)
    return FALSE;
  date->seconds = (gint64) hours * 3600 + minutes * 60 + seconds - offset;
  date->has_time = TRUE;
  return TRUE;
}

static gboolean
has_digit (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (g_ascii_isdigit (text[i]))
      return TRUE;
  return FALSE;
}

VaiDateKind
vai_cell_parse_date (const char *text, gsize length, VaiDate *date)
{
  *date = (VaiDate){ 0 };
  vai_cell_trim (&text, &length);
  if (length < 6 || length > DATE_LENGTH_MAX || !has_digit (text, length))
    return VAI_DATE_NONE;
  Cursor cursor = { text, text + length };
  take_weekday (&cursor);
  VaiDateKind kind;
  guint first, digits = 0;
  if (cursor.at < cursor.end && !g_ascii_isdigit (*cursor.at))
    kind = read_month_first (&cursor, date);
  else if ((digits = take_number (&cursor, 4, &first)) == 4 && cursor.at < cursor.end
           && strchr ("-/.", *cursor.at) != NULL)
    kind = read_year_first (&cursor, first, date);
  else
    kind = digits == 1 || digits == 2 ? read_year_last (&cursor, first, date) : VAI_DATE_NONE;
  return kind != VAI_DATE_NONE && read_time (&cursor, date) ? kind : VAI_DATE_NONE;
}
