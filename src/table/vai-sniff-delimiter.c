#include "vai-sniff.h"

#include "vai-cell.h"
#include "vai-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Records that are looked at for each candidate, and cells of them that are typed. */
#define RECORDS_MAX 400
#define CELLS_MAX 2000

/* Text that is looked at. */
#define TEXT_MAX (128 * 1024)

/* A delimiter that fewer records agree on is none. */
#define AGREEMENT_MIN 0.4

/* A column of free text alone is prose when its lines are this long in words. */
#define PROSE_WORDS 6

/* In order of preference among equals. */
static const char delimiters[] = { ',', ';', '\t', '|', '^', '~', ':', '\x1f', '\x01' };

/* The most frequent number of fields above one, and the share of records that have it. */
static guint
find_width (const VaiTokens *tokens, double *agreement)
{
  guint n = MIN (tokens->n_records, RECORDS_MAX), widest = 1;
  *agreement = 0;
  for (guint i = 0; i < n; i++)
    widest = MAX (widest, tokens->records[i].n_fields);
  g_autofree guint *counts = g_new0 (guint, widest + 1);
  for (guint i = 0; i < n; i++)
    counts[tokens->records[i].n_fields]++;
  guint best = 1;
  for (guint i = 2; i <= widest; i++)
    if (best == 1 || counts[i] >= counts[best])
      best = i;
  if (best > 1)
    *agreement = (double) counts[best] / n;
  return best;
}

/* A value of one kind: empty, a number, a date, or text without any other delimiter in it. */
static gboolean
is_clean (const char *text, gsize length)
{
  VaiNumber number;
  VaiDate date;
  vai_cell_trim (&text, &length);
  if (vai_cell_is_missing (text, length) || vai_cell_parse_number (text, length, '.', &number) != VAI_NUMBER_NONE
      || vai_cell_parse_number (text, length, ',', &number) != VAI_NUMBER_NONE
      || vai_cell_parse_date (text, length, &date) != VAI_DATE_NONE)
    return TRUE;
  for (gsize i = 0; i < length; i++)
    if (memchr (";\t|", text[i], 3) != NULL)
      return FALSE;
  return length < 100;
}

static double
share_of_clean_cells (const VaiTokens *tokens, guint width)
{
  guint clean = 0, seen = 0;
  for (guint i = 0; i < MIN (tokens->n_records, RECORDS_MAX) && seen < CELLS_MAX; i++)
    for (guint j = 0; j < tokens->records[i].n_fields && tokens->records[i].n_fields == width; j++)
      {
        const VaiField *field = &tokens->fields[tokens->records[i].first + j];
        clean += is_clean (tokens->text + field->start, field->length);
        seen++;
      }
  return seen == 0 ? 0 : (double) clean / seen;
}

/* How well @delimiter cuts the text: agreement of records, cleanness of cells, and a little for more columns. */
static double
score (const char *text, gsize length, char delimiter, char quote, guint *width)
{
  g_auto (VaiTokens) tokens = { 0 };
  VaiTokenRules rules = { .delimiter = delimiter, .quote = quote };
  g_autofree char *copy = g_memdup2 (text, length);
  vai_tokens_cut (&tokens, &rules, copy, length, TRUE);
  double agreement;
  *width = find_width (&tokens, &agreement);
  if (*width < 2 || agreement < AGREEMENT_MIN)
    return 0;
  double clean = share_of_clean_cells (&tokens, *width);
  return agreement * agreement * (0.2 + clean) * (1 + 0.1 * log2 (*width));
}

static double
find_best (const char *text, gsize length, char quote, char *delimiter, guint *width)
{
  double best = 0;
  *width = 1;
  for (guint i = 0; i < G_N_ELEMENTS (delimiters); i++)
    {
      guint here;
      if (memchr (text, delimiters[i], length) == NULL)
        continue;
      double found = score (text, length, delimiters[i], quote, &here);
      if (found <= best)
        continue;
      best = found;
      *delimiter = delimiters[i];
      *width = here;
    }
  return best;
}

gsize
vai_sniff_unwrap (char *text, gsize length, char quote)
{
  gsize to = 0, at = 0;
  while (at < length)
    {
      gsize end = at;
      while (end < length && text[end] != '\n' && text[end] != '\r')
        end++;
      gboolean wrapped = end - at >= 2 && text[at] == quote && text[end - 1] == quote;
      gsize from = at + wrapped, stop = end - wrapped;
      while (from < stop)
        {
          if (wrapped && text[from] == quote && from + 1 < stop && text[from + 1] == quote)
            from++;
          text[to++] = text[from++];
        }
      if (end < length)
        text[to++] = text[end];
      at = end + 1;
    }
  return to;
}

/* Nearly every line stands in quotes as a whole. */
static gboolean
are_lines_wrapped (const char *text, gsize length, char quote)
{
  guint lines = 0, wrapped = 0;
  for (gsize at = 0; at < length;)
    {
      gsize end = at;
      while (end < length && text[end] != '\n' && text[end] != '\r')
        end++;
      lines += end > at;
      wrapped += end - at >= 2 && text[at] == quote && text[end - 1] == quote;
      at = end + 1;
    }
  return lines >= 2 && wrapped >= 0.9 * lines;
}

/* Each line in quotes, one field as it stands, and a table once the quotes are off. */
static gboolean
find_wrapped (const char *text, gsize length, VaiDialect *dialect)
{
  char quote = '"', delimiter = ',';
  guint width;
  if (!are_lines_wrapped (text, length, quote))
    return FALSE;
  g_autofree char *copy = g_memdup2 (text, length);
  gsize left = vai_sniff_unwrap (copy, length, quote);
  double inside = find_best (copy, left, quote, &delimiter, &width);
  if (inside <= 0)
    return FALSE;
  dialect->wrapped_lines = TRUE;
  dialect->delimiter = delimiter;
  dialect->quote = quote;
  return TRUE;
}

/* Fields in single quotes, where no field begins with a double one. */
static gboolean
are_single_quotes (const char *text, gsize length, char delimiter)
{
  guint single = 0, fields = 0;
  gboolean begin = TRUE;
  for (gsize i = 0; i + 1 < length; i++)
    {
      gboolean end = text[i + 1] == delimiter || text[i + 1] == '\n' || text[i + 1] == '\r';
      if (begin && text[i] == '"')
        return FALSE;
      fields += begin;
      single += end && text[i] == '\'';
      begin = text[i] == delimiter || text[i] == '\n' || text[i] == '\r';
    }
  return single > 4 && single * 4 > fields;
}

/* Words in a line of one column: a sentence or a value? */
static gboolean
is_prose (const char *text, gsize length)
{
  guint words = 0, lines = 0;
  for (gsize i = 0; i < length; i++)
    {
      gboolean blank = text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t';
      gboolean after = i > 0 && !g_ascii_isspace (text[i - 1]);
      words += blank && after;
      lines += (text[i] == '\n' || text[i] == '\r') && after;
    }
  lines = MAX (lines, 1);
  return words > PROSE_WORDS * lines;
}

static gsize
cut_to_whole_lines (const char *text, gsize length)
{
  if (length <= TEXT_MAX)
    return length;
  gsize at = TEXT_MAX;
  while (at > 0 && text[at - 1] != '\n' && text[at - 1] != '\r')
    at--;
  return at > 0 ? at : TEXT_MAX;
}

gboolean
vai_sniff_delimiter (const char *path, const char *text, gsize length, VaiDialect *dialect, GError **error)
{
  guint width;
  char quote = dialect->quote != '\0' ? dialect->quote : '"', delimiter = '\0';
  length = cut_to_whole_lines (text, length);
  if (dialect->delimiter != '\0')
    {
      dialect->quote = quote;
      return TRUE;
    }
  double best = find_best (text, length, quote, &delimiter, &width);
  if (best <= 0 && find_wrapped (text, length, dialect))
    return TRUE;
  if (best <= 0 && is_prose (text, length))
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_A_TABLE,
                   _ ("“%s” is text, but no table: its lines are not cut into columns by commas, semicolons or tabs."),
                   path);
      return FALSE;
    }
  dialect->delimiter = delimiter;
  dialect->quote
      = dialect->quote == '\0' && delimiter != '\0' && are_single_quotes (text, length, delimiter) ? '\'' : quote;
  return TRUE;
}
