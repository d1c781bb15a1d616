#include "vai-evidence.h"

#include "vai-time.h"

#include <math.h>
#include <string.h>

/* A column of numbers or dates may hold so large a share of words ("on request") or of other text with digits, which
 * become missing; more and it is a category. Below so many values not one. */
#define WORDS_SHARE_MAX 0.05
#define MIXED_SHARE_MAX 0.01
#define MISFITS_N_MIN 20

/* Eight digits are a date, year first, between these years; in a column of other numbers not all would be. */
#define COMPACT_YEAR_MIN 1950
#define COMPACT_YEAR_MAX 2059
#define COMPACT_N_MIN 3

static gboolean
read_compact (const char *text, gsize length, gint64 *days)
{
  if (length != 8)
    return FALSE;
  guint value = 0;
  for (guint i = 0; i < 8; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return FALSE;
      value = value * 10 + (text[i] - '0');
    }
  guint year = value / 10000, month = value / 100 % 100, day = value % 100;
  if (year < COMPACT_YEAR_MIN || year > COMPACT_YEAR_MAX || !vai_date_is_valid (year, month, day))
    return FALSE;
  *days = vai_days_from_civil (year, month, day);
  return TRUE;
}

static gboolean
add_date (VaiEvidence *self, const char *text, gsize length, gint64 weight)
{
  VaiDate date;
  VaiDateKind kind = vai_cell_parse_date (text, length, &date);
  if (kind == VAI_DATE_NONE)
    return FALSE;
  gint64 *counts[] = { NULL, &self->ymd, &self->dmy, &self->mdy, &self->day_either };
  *counts[kind] += weight;
  self->with_time += date.has_time ? weight : 0;
  self->am_pm += date.am_pm ? weight : 0;
  return TRUE;
}

static gboolean
add_number (VaiEvidence *self, const char *text, gsize length, gint64 weight)
{
  VaiNumber number;
  gint64 *certain = &self->point;
  VaiNumberKind kind = vai_cell_parse_number (text, length, '.', &number);
  if (kind == VAI_NUMBER_NONE)
    {
      kind = vai_cell_parse_number (text, length, ',', &number);
      certain = &self->comma;
    }
  if (kind == VAI_NUMBER_NONE)
    return FALSE;
  gint64 *counts[] = { NULL, &self->plain, certain, &self->either, &self->leading_zero, &self->long_digits };
  *counts[kind] += weight;
  self->units[number.unit] += weight;
  gint64 days;
  self->compact += kind == VAI_NUMBER_PLAIN && read_compact (text, length, &days) ? weight : 0;
  return TRUE;
}

void
vai_evidence_add (VaiEvidence *self, const char *text, gsize length, gint64 weight)
{
  vai_cell_trim (&text, &length);
  if (vai_cell_is_missing (text, length))
    return;
  self->n += weight;
  if (add_date (self, text, length, weight) || add_number (self, text, length, weight))
    return;
  gboolean digits = FALSE;
  for (gsize i = 0; i < length && !digits; i++)
    digits = g_ascii_isdigit (text[i]);
  *(digits ? &self->mixed : &self->words) += weight;
}

void
vai_evidence_hint (const VaiEvidence *self, VaiEvidenceHints *hints)
{
  hints->point += self->point;
  hints->comma += self->comma;
  hints->dmy += self->dmy;
  hints->mdy += self->mdy;
  hints->am_pm += self->am_pm;
}

static char
decide_decimal (const VaiEvidence *self, const VaiEvidenceHints *hints)
{
  if (self->point != self->comma)
    return self->point > self->comma ? '.' : ',';
  if (hints->point != hints->comma)
    return hints->point > hints->comma ? '.' : ',';
  return hints->semicolons ? ',' : '.';
}

static gboolean
decide_month_first (const VaiEvidence *self, const VaiEvidenceHints *hints)
{
  if (self->dmy != self->mdy)
    return self->mdy > self->dmy;
  if (hints->dmy != hints->mdy)
    return hints->mdy > hints->dmy;
  return self->am_pm > 0 || hints->am_pm > 0;
}

/* The most frequent unit, and how many there are. */
static guint
find_unit (const VaiEvidence *self, guint *n_units)
{
  guint best = 0;
  *n_units = 0;
  for (guint i = 1; i < VAI_CELL_N_UNITS; i++)
    {
      *n_units += self->units[i] > 0;
      if (self->units[i] > 0 && (best == 0 || self->units[i] > self->units[best]))
        best = i;
    }
  return best;
}

static gboolean
are_few (const VaiEvidence *self, gint64 words, gint64 mixed)
{
  if (words == 0 && mixed == 0)
    return TRUE;
  return self->n >= MISFITS_N_MIN && words <= WORDS_SHARE_MAX * self->n && mixed <= MIXED_SHARE_MAX * self->n;
}

static gint64
count_numbers (const VaiEvidence *self, char decimal)
{
  return self->plain + self->either + (decimal == '.' ? self->point : self->comma);
}

static gint64
count_days (const VaiEvidence *self, gboolean month_first)
{
  return self->ymd + self->day_either + (month_first ? self->mdy : self->dmy);
}

static VaiType
decide_type (const VaiEvidence *self, const VaiPlan *plan, guint n_units)
{
  gint64 days = count_days (self, plan->month_first), numbers = count_numbers (self, plan->decimal);
  gint64 codes = self->leading_zero + self->long_digits;
  if (days > 0 && are_few (self, self->words, self->n - self->words - days))
    return VAI_TYPE_DATE;
  if (plan->compact)
    return VAI_TYPE_DATE;
  if (numbers > 0 && codes == 0 && n_units <= 1 && are_few (self, self->words, self->n - self->words - numbers))
    return VAI_TYPE_NUMBER;
  return VAI_TYPE_CATEGORY;
}

void
vai_evidence_decide (const VaiEvidence *self, const VaiEvidenceHints *hints, VaiPlan *plan)
{
  guint n_units;
  plan->decimal = decide_decimal (self, hints);
  plan->month_first = decide_month_first (self, hints);
  plan->unit = find_unit (self, &n_units);
  plan->compact = self->compact >= COMPACT_N_MIN && self->compact == self->n;
  plan->doubtful = self->dmy == 0 && self->mdy == 0 && self->day_either > 0;
  plan->serial = FALSE;
  if (plan->forced)
    {
      plan->compact = plan->type == VAI_TYPE_DATE && self->compact > 0;
      plan->serial = plan->type == VAI_TYPE_DATE && self->n > 0 && count_numbers (self, plan->decimal) == self->n
                     && !plan->compact;
    }
  else
    plan->type = decide_type (self, plan, n_units);
}

gint64
vai_evidence_count_misfits (const VaiEvidence *self, const VaiPlan *plan)
{
  switch (plan->type)
    {
    case VAI_TYPE_NUMBER:
      return self->n - count_numbers (self, plan->decimal) - self->leading_zero - self->long_digits;
    case VAI_TYPE_DATE:
      if (plan->serial)
        return 0;
      return self->n - count_days (self, plan->month_first) - (plan->compact ? self->compact : 0);
    default:
      return 0;
    }
}

gboolean
vai_plan_read_number (const VaiPlan *self, const char *text, gsize length, VaiNumber *number)
{
  return vai_cell_parse_number (text, length, self->decimal, number) != VAI_NUMBER_NONE;
}

/* 1 is the first of January 1900 in the count of spreadsheets, which knows a 29 February of that year: 25569 is 1970.
 */
static gboolean
read_serial (const VaiPlan *self, const char *text, gsize length, gint64 *seconds, gboolean *has_time)
{
  VaiNumber number;
  if (!vai_plan_read_number (self, text, length, &number) || number.value < VAI_SERIAL_DAY_MIN
      || number.value > VAI_SERIAL_DAY_MAX)
    return FALSE;
  *seconds = llround ((number.value - 25569) * VAI_SECONDS_PER_DAY);
  *has_time |= *seconds % VAI_SECONDS_PER_DAY != 0;
  return TRUE;
}

gboolean
vai_plan_read_time (const VaiPlan *self, const char *text, gsize length, gint64 *seconds, gboolean *has_time)
{
  VaiDate date;
  gint64 days;
  if (self->serial)
    return read_serial (self, text, length, seconds, has_time);
  if (self->compact && read_compact (text, length, &days))
    {
      *seconds = days * VAI_SECONDS_PER_DAY;
      return TRUE;
    }
  VaiDateKind kind = vai_cell_parse_date (text, length, &date);
  if (kind == VAI_DATE_NONE || kind == (self->month_first ? VAI_DATE_DMY : VAI_DATE_MDY))
    return FALSE;
  *seconds = date.days[self->month_first] * VAI_SECONDS_PER_DAY + date.seconds;
  *has_time |= date.has_time;
  return TRUE;
}
