#include "vai-cell-format.h"

#include "vai-number.h"
#include "vai-time.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Day numbers of 1970-01-01. */
#define EPOCH_DAY_1900 25569
#define EPOCH_DAY_1904 24107
/* The day after the last that a sheet shows, 9999-12-31. */
#define SERIAL_END_1900 2958466
/* The first true day after the false 29 February 1900. */
#define SERIAL_MARCH_1900 61
/* A format of time alone on a number above this is a point in time with its date hidden, not a span of more than a
 * year. */
#define TIME_ALONE_DAYS_MAX 366

void
vai_cell_format_builtin (VaiCellFormat *self, guint id)
{
  *self = (VaiCellFormat){ 0 };
  if (id == 9 || id == 10)
    self->percent = TRUE;
  else if (id == 46)
    self->kind = VAI_CELL_FORMAT_ELAPSED;
  else if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id == 45 || id == 47 || id == 55 || id == 56)
    self->kind = VAI_CELL_FORMAT_TIME;
  else if ((id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58))
    self->kind = VAI_CELL_FORMAT_DATE;
}

/* The signs that stand in static memory, so that cells can point to them. */
static const char *
find_currency (gunichar sign)
{
  static const struct
  {
    gunichar sign;
    const char *text;
  } signs[] = {
    { 0x24, "$" },   { 0xa3, "£" },     { 0xa5, "¥" },   { 0x20a9, "₩" }, { 0x20ac, "€" },
    { 0x20b9, "₹" }, { 0x20bd, "₽" }, { 0x20ba, "₺" }, { 0x20aa, "₪" }, { 0x20b4, "₴" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (signs[i].sign == sign)
      return signs[i].text;
  return NULL;
}

/* What the letters of a format have said so far. */
typedef struct
{
  gboolean day_or_year, month_or_minute, hour_or_second, elapsed, percent;
  const char *currency;
} Letters;

static void
see_literal (Letters *self, const char *text)
{
  const char *currency = find_currency (g_utf8_get_char (text));
  if (currency != NULL && self->currency == NULL)
    self->currency = currency;
}

/* "[h]", "[$€-407]", "[Red]", "[<100]"; returns the character after the bracket. */
static const char *
see_bracket (Letters *self, const char *text)
{
  const char *end = strchr (text, ']');
  if (end == NULL)
    return text + strlen (text);
  if (text[1] == '$')
    for (const char *p = text + 2; p < end && *p != '-'; p = g_utf8_next_char (p))
      see_literal (self, p);
  gsize length = end - text - 1;
  if (length >= 1 && strspn (text + 1, "hH") == length)
    self->elapsed = TRUE;
  if (length >= 1 && (strspn (text + 1, "mM") == length || strspn (text + 1, "sS") == length))
    self->elapsed = TRUE;
  return end + 1;
}

static const char *
see_quoted (Letters *self, const char *text)
{
  for (text++; *text != '\0' && *text != '"'; text = g_utf8_next_char (text))
    see_literal (self, text);
  return *text == '"' ? text + 1 : text;
}

static void
see_letter (Letters *self, const char *text)
{
  switch (g_ascii_tolower (*text))
    {
    case 'd':
    case 'y':
      self->day_or_year = TRUE;
      break;
    case 'm':
      self->month_or_minute = TRUE;
      break;
    case 'h':
    case 's':
      self->hour_or_second = TRUE;
      break;
    case '%':
      self->percent = TRUE;
      break;
    default:
      see_literal (self, text);
      break;
    }
}

static void
see_section (Letters *self, const char *code)
{
  while (*code != '\0' && *code != ';')
    if (*code == '[')
      code = see_bracket (self, code);
    else if (*code == '"')
      code = see_quoted (self, code);
    else if ((*code == '\\' || *code == '_' || *code == '*') && code[1] != '\0')
      {
        if (*code == '\\')
          see_literal (self, code + 1);
        code = g_utf8_next_char (code + 1);
      }
    else
      {
        see_letter (self, code);
        code = g_utf8_next_char (code);
      }
}

void
vai_cell_format_parse (VaiCellFormat *self, const char *code)
{
  Letters letters = { 0 };
  *self = (VaiCellFormat){ 0 };
  /* "General" and its like in other languages hold letters that mean something elsewhere ("Standard" has a d). */
  if (g_ascii_strncasecmp (code, "General", 7) == 0 || g_ascii_strncasecmp (code, "Standard", 8) == 0)
    return;
  see_section (&letters, code);
  self->percent = letters.percent;
  self->currency = letters.currency;
  if (letters.day_or_year || (letters.month_or_minute && !letters.hour_or_second && !letters.elapsed))
    self->kind = VAI_CELL_FORMAT_DATE;
  else if (letters.elapsed)
    self->kind = VAI_CELL_FORMAT_ELAPSED;
  else if (letters.hour_or_second)
    self->kind = VAI_CELL_FORMAT_TIME;
}

gboolean
vai_serial_to_seconds (double serial, gboolean date_1904, gint64 *seconds)
{
  if (!(serial >= 0 && serial < SERIAL_END_1900))
    return FALSE;
  gint64 epoch_day = date_1904 ? EPOCH_DAY_1904 : EPOCH_DAY_1900;
  if (!date_1904 && serial < SERIAL_MARCH_1900 - 1)
    epoch_day--;
  *seconds = (gint64) floor (serial * VAI_SECONDS_PER_DAY + 0.5) - epoch_day * VAI_SECONDS_PER_DAY;
  return TRUE;
}

void
vai_sheet_rows_set_text (VaiSheetRows *rows, guint column, VaiCellKind kind, const char *text, gsize length)
{
  VaiSheetCell cell = { .kind = length > 0 ? kind : VAI_CELL_EMPTY, .text = text, .length = length };
  if (kind == VAI_CELL_BOOLEAN && length > 0)
    cell.number = text[0] == 'T';
  vai_sheet_rows_set (rows, column, &cell);
}

void
vai_sheet_rows_set_date (VaiSheetRows *rows, guint column, gint64 seconds)
{
  g_autofree char *text = vai_time_format (seconds, seconds % VAI_SECONDS_PER_DAY != 0);
  VaiSheetCell cell = { .kind = VAI_CELL_DATE, .text = text, .length = strlen (text), .number = seconds };
  vai_sheet_rows_set (rows, column, &cell);
}

static void
add_time (VaiSheetRows *rows, guint column, double days)
{
  gint64 seconds = (gint64) floor (days * VAI_SECONDS_PER_DAY + 0.5);
  char text[48];
  gsize length = g_snprintf (text, sizeof text, "%02" PRId64 ":%02d:%02d", seconds / 3600, (int) (seconds / 60 % 60),
                             (int) (seconds % 60));
  vai_sheet_rows_set_text (rows, column, VAI_CELL_TEXT, text, length);
}

void
vai_cell_format_add (const VaiCellFormat *self, VaiSheetRows *rows, guint column, double number, gboolean date_1904)
{
  gint64 seconds;
  gboolean shown = self->kind != VAI_CELL_FORMAT_GENERAL && vai_serial_to_seconds (number, date_1904, &seconds);
  gboolean span = self->kind == VAI_CELL_FORMAT_ELAPSED || self->kind == VAI_CELL_FORMAT_TIME;
  if (shown && span && (self->kind == VAI_CELL_FORMAT_ELAPSED || number < TIME_ALONE_DAYS_MAX))
    add_time (rows, column, number);
  else if (shown)
    vai_sheet_rows_set_date (rows, column, seconds);
  else if (isfinite (number))
    {
      char text[VAI_NUMBER_TEXT_SIZE];
      VaiSheetCell cell = { .kind = VAI_CELL_NUMBER, .number = number };
      cell.length = vai_number_format (number, text);
      cell.text = text;
      cell.percent = self->percent;
      cell.currency = self->currency;
      vai_sheet_rows_set (rows, column, &cell);
    }
}
