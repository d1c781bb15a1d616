#include "vai-build.h"

#include "vai-time.h"

#include <math.h>
#include <string.h>

/* Of a dictionary: texts that are looked at before the whole of it is; when few of them are numbers or dates, it is
 * what it is. */
#define DICTIONARY_SAMPLE 1000
#define DICTIONARY_SHARE 0.5

/* Free text: at least so many values, of which this share differs, and so long or of so many words. */
#define TEXT_N_MIN 20
#define TEXT_DISTINCT_SHARE 0.9
#define TEXT_LONG_DISTINCT_SHARE 0.5
#define TEXT_LONG 40
#define TEXT_VERY_LONG 100
#define TEXT_WORDS 4

/* Of a text that does not fit: as much as a sentence has room for. */
#define EXAMPLE_BYTES_MAX 40

static gsize
value_size (VaiType type)
{
  return type == VAI_TYPE_NUMBER || type == VAI_TYPE_DATE ? sizeof (double) : sizeof (gint32);
}

/* Where the values of the column are held. */
static gpointer *
values_of (VaiColumn *column)
{
  switch (column->type)
    {
    case VAI_TYPE_NUMBER:
      return (gpointer *) &column->numbers;
    case VAI_TYPE_DATE:
      return (gpointer *) &column->times;
    default:
      return (gpointer *) &column->codes;
    }
}

void
vai_build_init (VaiBuild *self, const char *name, const VaiPlan *plan)
{
  *self = (VaiBuild){ .plan = *plan, .column = vai_column_new (name, plan->type) };
}

void
vai_build_clear (VaiBuild *self)
{
  g_clear_pointer (&self->column, vai_column_free);
  for (guint i = 0; i < VAI_BUILD_EXAMPLES; i++)
    g_clear_pointer (&self->examples[i], g_free);
}

void
vai_build_reserve (VaiBuild *self, gsize n_rows)
{
  if (n_rows <= self->capacity || self->skip)
    return;
  self->capacity = MAX (n_rows, self->capacity + self->capacity / 2);
  gpointer *values = values_of (self->column);
  *values = g_realloc_n (*values, self->capacity, value_size (self->column->type));
}

/* The start of a text, with no letter cut. */
static char *
dup_start (const char *text, gsize length)
{
  gsize kept = MIN (length, EXAMPLE_BYTES_MAX);
  while (kept > 0 && kept < length && ((guchar) text[kept] & 0xC0) == 0x80)
    kept--;
  g_autofree char *start = g_strndup (text, kept);
  return g_strconcat (start, kept < length ? "…" : "", NULL);
}

static void
keep_example (VaiBuild *self, gsize row, const char *text, gsize length)
{
  if (self->n_misfits < VAI_BUILD_EXAMPLES)
    {
      self->examples[self->n_misfits] = dup_start (text, length);
      self->example_rows[self->n_misfits] = row;
    }
  self->n_misfits++;
}

/* Kinds of usual numbers, counted apart from the evidence while a block is read. */
typedef struct
{
  gint64 plain, certain, either;
  guint decimals;
} UsualNumbers;

static const double powers[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };

static inline void
see_decimals (UsualNumbers *seen, gsize whole, gsize decimals, char first)
{
  gboolean like_group = decimals == 3 && whole <= 3 && first != '0';
  seen->either += like_group;
  seen->certain += !like_group;
  seen->decimals = MAX (seen->decimals, decimals);
}

/* Up to 8 characters, digits with at most a mark, all at once in one word (after Daniel Lemire, "Quickly parsing eight
 * digits", 2018). Reads 8 bytes whatever @length is. */
static inline gboolean
read_short_number (const char *text, gsize length, char decimal, double *number, UsualNumbers *seen)
{
  const guint64 ones = 0x0101010101010101ULL;
  guint64 word;
  gsize decimals = 0, whole = length;
  if (length == 0 || length > 8)
    return FALSE;
  memcpy (&word, text, sizeof word);
  /* The last character comes to the top; zeros fill up below. */
  guint shift = 8 * (8 - length);
  word = GUINT64_FROM_LE (word) << shift | (ones * '0' & (((guint64) 1 << shift) - 1));
  guint64 other = word ^ (ones * (guint8) decimal);
  guint64 marks = (other - ones) & ~other & (ones * 0x80);
  if (marks != 0)
    {
      guint at = __builtin_ctzll (marks) & ~7u;
      guint64 below = word & (((guint64) 1 << at) - 1);
      decimals = 7 - at / 8;
      whole = length - decimals - 1;
      word = (word & ~((((guint64) 1 << at) << 8) - 1)) | below << 8 | '0';
    }
  gboolean digits = ((word & (ones * 0xf0)) | (((word + ones * 6) & (ones * 0xf0)) >> 4)) == ones * 0x33;
  if (!digits || whole == 0 || (whole > 1 && *text == '0') || (marks != 0 && decimals == 0))
    return FALSE;
  word -= ones * '0';
  word = word * 10 + (word >> 8);
  word = ((word & 0x000000ff000000ffULL) * 0x000f424000000064ULL
          + ((word >> 16) & 0x000000ff000000ffULL) * 0x0000271000000001ULL)
         >> 32;
  seen->plain += marks == 0;
  if (marks != 0)
    see_decimals (seen, whole, decimals, *text);
  *number = marks == 0 ? (double) word : (double) word / powers[decimals];
  return TRUE;
}

/* Digits with at most a mark and a minus, the usual case, in one go. Anything else: FALSE. */
static inline gboolean
read_usual_number (const char *text, gsize length, char decimal, double *number, UsualNumbers *seen)
{
  const char *at = text, *end = text + length;
  gboolean negative = length > 0 && *at == '-';
  at += negative;
  const char *first = at;
  guint64 mantissa = 0;
  while (at < end && (guint8) (*at - '0') < 10)
    mantissa = mantissa * 10 + (guint8) (*at++ - '0');
  gsize whole = at - first;
  if (whole == 0 || whole > VAI_NUMBER_DIGITS_MAX || (whole > 1 && *first == '0'))
    return FALSE;
  double value = mantissa;
  if (at == end)
    seen->plain++;
  else
    {
      const char *mark = at++;
      while (at < end && (guint8) (*at - '0') < 10)
        mantissa = mantissa * 10 + (guint8) (*at++ - '0');
      gsize decimals = at - mark - 1;
      if (*mark != decimal || at != end || decimals == 0 || whole + decimals > VAI_NUMBER_DIGITS_MAX)
        return FALSE;
      see_decimals (seen, whole, decimals, *first);
      value = (double) mantissa / powers[decimals];
    }
  *number = negative ? -value : value;
  return TRUE;
}

static void
count_usual (VaiBuild *self, const UsualNumbers *seen)
{
  *(self->plan.decimal == '.' ? &self->evidence.point : &self->evidence.comma) += seen->certain;
  self->evidence.plain += seen->plain;
  self->evidence.either += seen->either;
  self->evidence.n += seen->plain + seen->either + seen->certain;
  self->evidence.units[0] += seen->plain + seen->either + seen->certain;
  self->column->decimals = MAX (self->column->decimals, seen->decimals);
}

static double
read_unusual_number (VaiBuild *self, gsize row, const char *text, gsize length)
{
  VaiNumber number;
  vai_cell_trim (&text, &length);
  if (vai_cell_is_missing (text, length))
    {
      self->column->n_missing++;
      return NAN;
    }
  vai_evidence_add (&self->evidence, text, length, 1);
  if (!vai_plan_read_number (&self->plan, text, length, &number))
    {
      keep_example (self, row, text, length);
      self->column->n_missing++;
      return NAN;
    }
  self->column->decimals = MAX (self->column->decimals, number.decimals);
  return number.value;
}

static void
append_numbers (VaiBuild *self, const VaiTokens *tokens, guint index, guint n_columns)
{
  VaiColumn *column = self->column;
  char decimal = self->plan.decimal;
  const VaiField *field = tokens->fields + index;
  double *to = column->numbers + column->n_rows;
  UsualNumbers seen = { 0 };
  for (gsize i = 0; i < tokens->n_records; i++, field += n_columns)
    {
      const char *text = tokens->text + field->start;
      if (!read_short_number (text, field->length, decimal, &to[i], &seen)
          && !read_usual_number (text, field->length, decimal, &to[i], &seen))
        to[i] = read_unusual_number (self, column->n_rows + i, text, field->length);
    }
  count_usual (self, &seen);
}

static gint64
read_time (VaiBuild *self, gsize row, const char *text, gsize length)
{
  gint64 seconds;
  vai_cell_trim (&text, &length);
  if (vai_cell_is_missing (text, length))
    {
      self->column->n_missing++;
      return VAI_TIME_MISSING;
    }
  vai_evidence_add (&self->evidence, text, length, 1);
  if (vai_plan_read_time (&self->plan, text, length, &seconds, &self->column->has_time))
    return seconds;
  keep_example (self, row, text, length);
  self->column->n_missing++;
  return VAI_TIME_MISSING;
}

static inline guint
two_digits (const char *text)
{
  guint tens = (guint8) (text[0] - '0'), ones = (guint8) (text[1] - '0');
  return tens < 10 && ones < 10 ? tens * 10 + ones : G_MAXUINT16;
}

/* "2026-11-22" and "22/11/2026", the usual cases, in one go. */
static inline gboolean
read_usual_day (const char *text, gsize length, gint64 *seconds, VaiBuild *build)
{
  if (length != 10)
    return FALSE;
  gboolean iso = text[4] == '-' && text[7] == '-';
  if (!iso && !(text[2] == text[5] && (text[2] == '/' || text[2] == '.' || text[2] == '-')))
    return FALSE;
  guint century = two_digits (text + (iso ? 0 : 6)), years = two_digits (text + (iso ? 2 : 8));
  guint a = two_digits (text + (iso ? 5 : 0)), b = two_digits (text + (iso ? 8 : 3));
  gboolean month_first = iso || build->plan.month_first;
  guint month = month_first ? a : b, day = month_first ? b : a;
  if (century > 99 || century < 10 || years > 99 || !vai_date_is_valid (century * 100 + years, month, day))
    return FALSE;
  gint64 *order = month_first ? &build->evidence.mdy : &build->evidence.dmy;
  *(iso ? &build->evidence.ymd : day > 12 ? order : &build->evidence.day_either) += 1;
  *seconds = vai_days_from_civil (century * 100 + years, month, day) * VAI_SECONDS_PER_DAY;
  return TRUE;
}

static void
append_times (VaiBuild *self, const VaiTokens *tokens, guint index, guint n_columns)
{
  VaiColumn *column = self->column;
  const VaiField *field = tokens->fields + index;
  gint64 *to = column->times + column->n_rows;
  gint64 usual = 0;
  for (gsize i = 0; i < tokens->n_records; i++, field += n_columns)
    {
      const char *text = tokens->text + field->start;
      if (G_LIKELY (read_usual_day (text, field->length, &to[i], self)))
        usual++;
      else
        to[i] = read_time (self, column->n_rows + i, text, field->length);
    }
  self->evidence.n += usual;
}

static void
append_codes (VaiBuild *self, const VaiTokens *tokens, guint index, guint n_columns)
{
  VaiColumn *column = self->column;
  const VaiField *field = tokens->fields + index;
  gint32 *to = column->codes + column->n_rows;
  const char *texts[VAI_DICTIONARY_BATCH];
  guint32 lengths[VAI_DICTIONARY_BATCH];
  for (gsize begin = 0; begin < tokens->n_records; begin += VAI_DICTIONARY_BATCH)
    {
      guint n = MIN (tokens->n_records - begin, VAI_DICTIONARY_BATCH);
      for (guint i = 0; i < n; i++, field += n_columns)
        {
          const char *text = tokens->text + field->start;
          gsize length = field->length;
          gboolean bare = length > 0 && (guint8) (text[0] - '!') < 0x5e && (guint8) (text[length - 1] - '!') < 0x5e;
          if (!bare)
            vai_cell_trim (&text, &length);
          texts[i] = text;
          lengths[i] = length;
        }
      vai_dictionary_add_batch (column->dictionary, texts, lengths, n, vai_cell_is_missing, to + begin);
      for (guint i = 0; i < n; i++)
        column->n_missing += to[begin + i] == VAI_CODE_MISSING;
    }
}

void
vai_build_append (VaiBuild *self, const VaiTokens *tokens, guint index, guint n_columns)
{
  if (self->skip)
    return;
  vai_build_reserve (self, self->column->n_rows + tokens->n_records);
  switch (self->column->type)
    {
    case VAI_TYPE_NUMBER:
      append_numbers (self, tokens, index, n_columns);
      break;
    case VAI_TYPE_DATE:
      append_times (self, tokens, index, n_columns);
      break;
    default:
      append_codes (self, tokens, index, n_columns);
    }
  self->column->n_rows += tokens->n_records;
}

static gboolean
is_code_used_before (const VaiColumn *column, gint32 code)
{
  for (gsize i = 0; i < column->n_rows; i++)
    if (column->codes[i] == code)
      return TRUE;
  return FALSE;
}

void
vai_build_drop_last (VaiBuild *self, const char *text, gsize length)
{
  VaiColumn *column = self->column;
  gsize last = column->n_rows - 1;
  column->n_missing -= vai_column_is_missing (column, last);
  column->n_rows--;
  if (column->dictionary != NULL)
    {
      gint32 code = column->codes[last];
      gboolean newest = code >= 0 && (guint) code + 1 == vai_dictionary_get_size (column->dictionary);
      if (newest && !is_code_used_before (column, code))
        vai_dictionary_remove_last (column->dictionary);
      return;
    }
  vai_evidence_add (&self->evidence, text, length, -1);
  if (self->n_misfits > 0 && self->n_misfits <= VAI_BUILD_EXAMPLES && self->example_rows[self->n_misfits - 1] == last)
    g_clear_pointer (&self->examples[--self->n_misfits], g_free);
}

/* Of the first texts: are enough of them anything but text to look at all? */
static gboolean
may_be_typed (const VaiDictionary *dictionary)
{
  guint n = MIN (vai_dictionary_get_size (dictionary), DICTIONARY_SAMPLE);
  VaiEvidence sample = { 0 };
  for (guint i = 0; i < n; i++)
    {
      gsize length;
      const char *text = vai_dictionary_get (dictionary, i, &length);
      vai_evidence_add (&sample, text, length, 1);
    }
  return sample.n - sample.words - sample.mixed >= DICTIONARY_SHARE * n;
}

void
vai_build_weigh_dictionary (VaiBuild *self)
{
  const VaiColumn *column = self->column;
  guint n = vai_dictionary_get_size (column->dictionary);
  self->evidence = (VaiEvidence){ .n = column->n_rows - column->n_missing };
  self->evidence.words = self->evidence.n;
  if (n == 0 || !may_be_typed (column->dictionary))
    return;
  g_autofree guint32 *counts = g_new0 (guint32, n);
  for (gsize i = 0; i < column->n_rows; i++)
    if (column->codes[i] >= 0)
      counts[column->codes[i]]++;
  self->evidence = (VaiEvidence){ 0 };
  for (guint i = 0; i < n; i++)
    {
      gsize length;
      const char *text = vai_dictionary_get (column->dictionary, i, &length);
      vai_evidence_add (&self->evidence, text, length, counts[i]);
    }
}

/* The value of each text of the dictionary, once. */
static double *
read_dictionary_numbers (VaiBuild *self, const VaiDictionary *dictionary, guint n)
{
  double *values = g_new (double, n);
  for (guint i = 0; i < n; i++)
    {
      gsize length;
      VaiNumber number = { 0 };
      const char *text = vai_dictionary_get (dictionary, i, &length);
      gboolean fits = vai_plan_read_number (&self->plan, text, length, &number);
      values[i] = fits ? number.value : NAN;
      self->column->decimals = MAX (self->column->decimals, number.decimals);
      if (!fits)
        keep_example (self, 0, text, length);
    }
  return values;
}

static gint64 *
read_dictionary_times (VaiBuild *self, const VaiDictionary *dictionary, guint n)
{
  gint64 *values = g_new (gint64, n);
  for (guint i = 0; i < n; i++)
    {
      gsize length;
      const char *text = vai_dictionary_get (dictionary, i, &length);
      if (vai_plan_read_time (&self->plan, text, length, &values[i], &self->column->has_time))
        continue;
      values[i] = VAI_TIME_MISSING;
      keep_example (self, 0, text, length);
    }
  return values;
}

void
vai_build_convert (VaiBuild *self, const VaiPlan *plan)
{
  VaiColumn *from = self->column;
  guint n = vai_dictionary_get_size (from->dictionary);
  VaiColumn *to = vai_column_new (from->name, plan->type);
  self->plan = *plan;
  self->column = to;
  self->capacity = 0;
  vai_build_reserve (self, from->n_rows);
  to->n_rows = from->n_rows;
  g_autofree double *numbers
      = plan->type == VAI_TYPE_NUMBER ? read_dictionary_numbers (self, from->dictionary, n) : NULL;
  g_autofree gint64 *times = plan->type == VAI_TYPE_DATE ? read_dictionary_times (self, from->dictionary, n) : NULL;
  for (gsize i = 0; i < to->n_rows; i++)
    {
      gint32 code = from->codes[i];
      if (numbers != NULL)
        to->numbers[i] = code < 0 ? NAN : numbers[code];
      else
        to->times[i] = code < 0 ? VAI_TIME_MISSING : times[code];
      to->n_missing += vai_column_is_missing (to, i);
    }
  vai_column_free (from);
}

gsize
vai_build_get_bytes (const VaiBuild *self)
{
  gsize bytes = self->column->n_rows * value_size (self->column->type);
  return bytes + (self->column->dictionary == NULL ? 0 : vai_dictionary_get_bytes (self->column->dictionary));
}

static guint
count_words (const char *text, gsize length)
{
  guint words = 0;
  for (gsize i = 0; i < length; i++)
    words += text[i] != ' ' && (i == 0 || text[i - 1] == ' ');
  return words;
}

/* Long, or of several words and nearly all different. */
static gboolean
is_free_text (const VaiColumn *column)
{
  guint n = vai_dictionary_get_size (column->dictionary);
  gsize filled = column->n_rows - column->n_missing;
  if (filled < TEXT_N_MIN || n < TEXT_LONG_DISTINCT_SHARE * filled)
    return FALSE;
  guint seen = MIN (n, DICTIONARY_SAMPLE), wordy = 0;
  gsize bytes = 0;
  for (guint i = 0; i < seen; i++)
    {
      gsize length;
      const char *text = vai_dictionary_get (column->dictionary, i, &length);
      bytes += length;
      wordy += count_words (text, length) >= TEXT_WORDS;
    }
  if (wordy * 2 < seen && bytes < (gsize) TEXT_VERY_LONG * seen)
    return FALSE;
  return bytes >= (gsize) TEXT_LONG * seen || n >= TEXT_DISTINCT_SHARE * filled;
}

VaiColumn *
vai_build_finish (VaiBuild *self)
{
  VaiColumn *column = g_steal_pointer (&self->column);
  gpointer *values = values_of (column);
  *values = g_realloc_n (*values, column->n_rows, value_size (column->type));
  if (!self->plan.forced && column->type == VAI_TYPE_CATEGORY && is_free_text (column))
    column->type = VAI_TYPE_TEXT;
  if (column->type == VAI_TYPE_NUMBER)
    column->unit = g_strdup (vai_cell_unit_name (self->plan.unit));
  gint64 misfits = vai_evidence_count_misfits (&self->evidence, &self->plan);
  if (misfits > 0 && self->examples[0] != NULL)
    {
      column->n_unread = misfits;
      column->unread = g_utf8_make_valid (self->examples[0], -1);
    }
  return column;
}
