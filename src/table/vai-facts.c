#include "vai-audit.h"

#include "vai-outcome-words.h"
#include "vai-time.h"
#include "vai-words.h"

#include <math.h>
#include <string.h>

/* A category value of fewer rows is rare: too few to learn from. */
#define RARE_ROWS 10

/* Fences of the robust range, in distances between the quartiles: far outside what any honest skew gives. Skewed
 * amounts are looked at on the scale of their logarithms too, and must be outside there as well. */
#define FENCE 10.0
#define FENCE_LOG 4.0
#define OUTLIER_DISTINCT_MIN 20

/* A number stands for "not given" when it is far from all others and often there. */
#define PLACEHOLDER_SHARE_MIN 0.005
#define PLACEHOLDER_ROWS_MIN 5
#define PLACEHOLDER_YEARS_APART 10

/* Longer texts are no "not given". */
#define PLACEHOLDER_BYTES_MAX 24

static const char *const placeholder_texts[] = {
  "select",
  "please select",
  "select one",
  "choose",
  "please choose",
  "unknown",
  "not known",
  "unspecified",
  "not specified",
  "not given",
  "not available",
  "not set",
  "not provided",
  "not entered",
  "not applicable",
  "undefined",
  "undetermined",
  "missing",
  "null",
  "nan",
  "n a",
  "tbd",
  "tba",
  "tbc",
  "to be defined",
  "to be determined",
  "no data",
  "no value",
  "no answer",
  "seleziona",
  "selezionare",
  "selezionare una voce",
  "scegli",
  "scegliere",
  "sconosciuto",
  "sconosciuta",
  "ignoto",
  "ignota",
  "non noto",
  "non nota",
  "non specificato",
  "non specificata",
  "non indicato",
  "non indicata",
  "non disponibile",
  "non definito",
  "non definita",
  "non pervenuto",
  "non compilato",
  "non compilata",
  "non inserito",
  "non rilevato",
  "non applicabile",
  "da definire",
  "da compilare",
  "da inserire",
  "nd",
  "n d",
  "mancante",
  "dato mancante",
  NULL,
};

/* Is a text (or number) one of those that mean "not given"? */
static gboolean
is_placeholder (const char *text)
{
  char folded[PLACEHOLDER_BYTES_MAX + 1];
  gsize n = 0;
  gboolean gap = FALSE;
  for (const char *p = text; *p != '\0'; p++)
    {
      if (p - text > 2 * PLACEHOLDER_BYTES_MAX || (*p & 0x80))
        return FALSE;
      if (!g_ascii_isalnum (*p))
        {
          gap = n > 0;
          continue;
        }
      if (n + gap + 1 >= sizeof folded)
        return FALSE;
      if (gap)
        folded[n++] = ' ';
      gap = FALSE;
      folded[n++] = g_ascii_tolower (*p);
    }
  folded[n] = '\0';
  return n == 0 ? text[0] != '\0' && text[strspn (text, "-?./_ ")] == '\0'
                : g_strv_contains (placeholder_texts, folded);
}

static gsize
count_rows (const guint32 counts[VAI_N_CLASSES])
{
  gsize rows = 0;
  for (guint c = 0; c < VAI_N_CLASSES; c++)
    rows += counts[c];
  return rows;
}

static void
add_by_outcome (gsize sums[3], const guint32 counts[VAI_N_CLASSES])
{
  sums[0] += vai_counts_won (counts);
  sums[1] += vai_counts_lost (counts);
  sums[2] += counts[VAI_CLASS_OPEN];
}

/* Order does not matter, so that columns with other names for the same groups agree. */
static guint64
hash_counts (const guint32 counts[VAI_N_CLASSES])
{
  guint64 hash = G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  for (guint c = 0; c < VAI_N_CLASSES; c++)
    {
      hash = (hash ^ counts[c]) * G_GUINT64_CONSTANT (0xd1342543de82ef95);
      hash ^= hash >> 29;
    }
  return hash;
}

static void
count_all (VaiColumnFacts *facts, const VaiCounts *counts)
{
  double missing = 0;
  for (gsize i = 0; i < counts->n; i++)
    {
      gsize rows = count_rows (counts->counts[i]);
      if (rows == 0)
        continue;
      double value = counts->values != NULL ? counts->values[i] : (double) i;
      facts->n_distinct++;
      facts->n_filled += rows;
      facts->counts_hash += hash_counts (counts->counts[i]);
      facts->chance_equal += (double) rows * (rows - 1);
      add_by_outcome (facts->filled, counts->counts[i]);
      if (value != 0 || counts->values == NULL)
        add_by_outcome (facts->nonzero, counts->counts[i]);
      if (rows > facts->top_rows)
        {
          facts->top_rows = rows;
          facts->top_value = value;
        }
      if (counts->values == NULL && rows < RARE_ROWS)
        {
          facts->n_rare_values++;
          facts->n_rare_rows += rows;
        }
    }
  for (guint c = 0; c < VAI_N_CLASSES; c++)
    missing += counts->missing[c];
  double n = facts->n_filled + missing;
  facts->chance_equal = n > 1 ? (facts->chance_equal + missing * (missing - 1)) / (n * (n - 1)) : 1;
}

static void
find_quartiles (VaiColumnFacts *facts, const VaiCounts *counts)
{
  gsize seen = 0;
  guint next = 0;
  facts->integral = TRUE;
  for (gsize i = 0; i < counts->n; i++)
    {
      seen += count_rows (counts->counts[i]);
      while (next < 3 && (double) seen >= facts->n_filled * (next + 1) / 4.0)
        facts->quartiles[next++] = counts->values[i];
      facts->integral &= counts->values[i] == floor (counts->values[i]);
    }
  facts->min = counts->n > 0 ? counts->values[0] : NAN;
  facts->max = counts->n > 0 ? counts->values[counts->n - 1] : NAN;
}

static void
find_outliers (VaiColumnFacts *facts, const VaiCounts *counts)
{
  double low = facts->quartiles[0], high = facts->quartiles[2], spread = high - low;
  if (facts->n_distinct < OUTLIER_DISTINCT_MIN || !(spread > 0))
    return;
  facts->outlier_from = low - FENCE * spread;
  facts->outlier_to = high + FENCE * spread;
  if (low > 0)
    {
      double spread_log = log (high / low);
      facts->outlier_from = MIN (facts->outlier_from, low * exp (-FENCE_LOG * spread_log));
      facts->outlier_to = MAX (facts->outlier_to, high * exp (FENCE_LOG * spread_log));
    }
  for (gsize i = 0; i < counts->n; i++)
    if (counts->values[i] < facts->outlier_from || counts->values[i] > facts->outlier_to)
      facts->n_outliers += count_rows (counts->counts[i]);
}

static gboolean
is_placeholder_number (double value)
{
  static const double values[] = { -1, -9, -99, -999, -9999, -99999, 99, 999, 9999, 99999, 999999, 9999999, 99999999 };
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (values[i] == value)
      return TRUE;
  return FALSE;
}

static gboolean
is_placeholder_day (double seconds)
{
  gint64 days = (gint64) seconds / VAI_SECONDS_PER_DAY;
  return days == vai_days_from_civil (1899, 12, 30) || days == vai_days_from_civil (1900, 1, 1) || days == 0
         || days == vai_days_from_civil (2099, 12, 31) || days == vai_days_from_civil (9999, 12, 31)
         || days == vai_days_from_civil (1, 1, 1);
}

/* @value is the first or last of the distinct ones, @next its neighbour. */
static void
try_placeholder (VaiColumnFacts *facts, const VaiColumn *column, double value, double next, gsize rows)
{
  gboolean apart;
  if (column->type == VAI_TYPE_DATE)
    apart = is_placeholder_day (value) && fabs (next - value) > PLACEHOLDER_YEARS_APART * 365.0 * VAI_SECONDS_PER_DAY;
  else if (value < 0)
    apart = is_placeholder_number (value) && next >= 0;
  else
    apart = is_placeholder_number (value) && next < value / 2;
  gboolean often = rows >= MAX (PLACEHOLDER_ROWS_MIN, PLACEHOLDER_SHARE_MIN * facts->n_filled);
  if (!apart || !often || facts->n_placeholders == VAI_PLACEHOLDERS_MAX)
    return;
  facts->placeholders[facts->n_placeholders] = value;
  facts->placeholder_rows[facts->n_placeholders++] = rows;
}

static void
describe_numbers (VaiColumnFacts *facts, const VaiColumn *column, const VaiCounts *counts)
{
  find_quartiles (facts, counts);
  find_outliers (facts, counts);
  gsize n = counts->n;
  if (n < 3)
    return;
  try_placeholder (facts, column, counts->values[0], counts->values[1], count_rows (counts->counts[0]));
  try_placeholder (facts, column, counts->values[n - 1], counts->values[n - 2], count_rows (counts->counts[n - 1]));
}

/* An amount with its signs and marks; a band like "10-49" or "250+" is none. */
static gboolean
looks_like_number (const char *text, gsize length)
{
  gsize i = 0, digits = 0;
  while (i < length && (strchr ("+-($ ", text[i]) != NULL || (text[i] & 0x80)))
    i++;
  for (; i < length && (g_ascii_isdigit (text[i]) || strchr (".,' ", text[i]) != NULL); i++)
    digits += g_ascii_isdigit (text[i]) ? 1 : 0;
  while (i < length && (strchr ("%)$ ", text[i]) != NULL || (text[i] & 0x80)))
    i++;
  return i == length && digits > 0;
}

static void
scan_words (VaiColumnFacts *facts, const char *text, gsize length, const guint32 counts[VAI_N_CLASSES])
{
  gsize won = vai_counts_won (counts), lost = vai_counts_lost (counts);
  VaiOutcome outcome = won + lost > 0 ? vai_outcome_scan (text, length) : VAI_OUTCOME_UNKNOWN;
  if (outcome == VAI_OUTCOME_UNKNOWN)
    return;
  gboolean is_lost = outcome == VAI_OUTCOME_LOST;
  facts->words_rows[is_lost] += won + lost;
  facts->words_hits[is_lost] += is_lost ? lost : won;
  if (won + lost <= facts->words_value_rows[is_lost])
    return;
  g_free (facts->words_value[is_lost]);
  facts->words_value[is_lost] = g_strdup (text);
  facts->words_value_rows[is_lost] = won + lost;
}

static void
describe_texts (VaiColumnFacts *facts, const VaiColumn *column, const VaiCounts *counts)
{
  double bytes = 0;
  gsize coded = 0;
  for (gsize code = 0; code < counts->n; code++)
    {
      gsize rows = count_rows (counts->counts[code]), length;
      if (rows == 0)
        continue;
      const char *text = vai_dictionary_get (column->dictionary, code, &length);
      bytes += length;
      coded += memchr (text, ' ', length) == NULL && strpbrk (text, "0123456789") != NULL;
      facts->numeric_rows += looks_like_number (text, length) ? rows : 0;
      scan_words (facts, text, length, counts->counts[code]);
      if (rows >= 2 && facts->n_placeholders < VAI_PLACEHOLDERS_MAX && is_placeholder (text))
        {
          facts->placeholders[facts->n_placeholders] = code;
          facts->placeholder_rows[facts->n_placeholders++] = rows;
        }
    }
  facts->mean_length = facts->n_distinct > 0 ? bytes / facts->n_distinct : 0;
  facts->coded_share = facts->n_distinct > 0 ? (double) coded / facts->n_distinct : 0;
}

void
vai_facts_count (VaiAudit *audit, guint index)
{
  const VaiColumn *column = vai_table_column (audit->table, index);
  VaiColumnFacts *facts = &audit->facts[index];
  VaiCounts counts;
  vai_counts_init (&counts, column, audit->classes);
  count_all (facts, &counts);
  if (counts.values != NULL)
    describe_numbers (facts, column, &counts);
  else
    describe_texts (facts, column, &counts);
  vai_facts_weigh_outcomes (facts, &counts, audit->n_class);
  vai_counts_clear (&counts);
}
