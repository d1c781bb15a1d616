/* What is to be said of single columns, apart from leaks. */
#include "vai-audit.h"

#include "vai-leak-meaning.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MOSTLY_MISSING_SHARE 0.5
#define NEARLY_EMPTY_SHARE 0.95

/* Distinct values over filled rows from which a column would be learnt by heart, in columns of so many rows. */
#define BY_HEART_SHARE 0.75
#define BY_HEART_ROWS_MIN 20

/* Longer texts are sentences: their words may tell something. */
#define NAME_BYTES_MAX 60

/* A column with so many numbers among its texts was meant as a number. */
#define NUMBERS_SHARE_MIN 0.5

/* Days as Excel counts them: 1982 to 2064. Amounts seldom all lie here. */
#define EXCEL_DAY_MIN 30000
#define EXCEL_DAY_MAX 60000

/* A class under this share makes accuracy misleading; under so few rows there is little to learn from. */
#define RARE_CLASS_SHARE 0.1
#define FEW_OF_CLASS 50

/* Unmapped values that a sentence names. */
#define NAMED_VALUES_MAX 5

static gboolean
has_texts (const VaiColumn *column)
{
  return column->type == VAI_TYPE_CATEGORY || column->type == VAI_TYPE_TEXT;
}

/* A type that was found is that of most values; one that was chosen may be that of none. */
static gboolean
is_misread (const VaiColumn *column, const VaiColumnFacts *facts)
{
  return column->n_unread > facts->n_filled;
}

static void
say_misread (VaiAudit *audit, guint index)
{
  const VaiColumn *column = vai_table_column (audit->table, index);
  const VaiColumnFacts *facts = &audit->facts[index];
  gsize n = column->n_unread + facts->n_filled;
  if (!is_misread (column, facts))
    return;
  vai_finding_add (audit, VAI_FINDING_NOT_OF_TYPE, VAI_SEVERITY_WARNING, index, NULL, VAI_ACT_NONE, column->n_unread,
                   g_strdup_printf (column->type == VAI_TYPE_DATE
                                        ? _ ("“%s” is read as dates, but %'zu of %'zu values are no dates, such as "
                                             "“%s”: choose another type for it.")
                                        : _ ("“%s” is read as numbers, but %'zu of %'zu values are no numbers, such "
                                             "as “%s”: choose another type for it."),
                                    column->name, column->n_unread, n, column->unread));
}

static void
say_empty_or_constant (VaiAudit *audit, guint index)
{
  const VaiColumn *column = vai_table_column (audit->table, index);
  const VaiColumnFacts *facts = &audit->facts[index];
  if (facts->n_filled == 0 && is_misread (column, facts))
    return;
  if (facts->n_filled == 0)
    {
      vai_finding_add (audit, VAI_FINDING_EMPTY, VAI_SEVERITY_WARNING, index, NULL, VAI_ACT_LEAVE_OUT, column->n_rows,
                       g_strdup_printf (_ ("“%s” has no value in any row: leave it out?"), column->name));
      return;
    }
  if (facts->n_distinct != 1 || facts->n_filled < column->n_rows || column->n_rows < 2)
    return;
  g_autofree char *value = vai_value_dup_text (column, facts->top_value);
  g_autofree char *words = vai_value_dup_words (column, facts->top_value);
  vai_finding_add (
      audit, VAI_FINDING_CONSTANT, VAI_SEVERITY_WARNING, index, value, VAI_ACT_LEAVE_OUT, column->n_rows,
      g_strdup_printf (_ ("“%s” is “%s” in every row and so tells nothing: leave it out?"), column->name, words));
}

static void
say_missing (VaiAudit *audit, guint index)
{
  const VaiColumn *column = vai_table_column (audit->table, index);
  const VaiColumnFacts *facts = &audit->facts[index];
  gsize missing = column->n_rows - facts->n_filled;
  if (facts->n_filled == 0 || is_misread (column, facts) || missing < MOSTLY_MISSING_SHARE * column->n_rows)
    return;
  gboolean nearly_empty = missing >= NEARLY_EMPTY_SHARE * column->n_rows;
  g_autofree char *share = vai_share_dup_text (missing, column->n_rows);
  char *sentence = nearly_empty
                       ? g_strdup_printf (_ ("“%s” is empty in %s of the rows (filled in %'zu): leave it out?"),
                                          column->name, share, facts->n_filled)
                       : g_strdup_printf (_ ("“%s” is empty in %s of the rows."), column->name, share);
  vai_finding_add (audit, VAI_FINDING_MOSTLY_MISSING, nearly_empty ? VAI_SEVERITY_WARNING : VAI_SEVERITY_INFO, index,
                   NULL, nearly_empty ? VAI_ACT_LEAVE_OUT : VAI_ACT_NONE, missing, sentence);
}

/* What says so of itself has a value for each row, or one for the rows that belong together. */
static char *
dup_role_sentence (const VaiColumn *column, const VaiColumnFacts *facts)
{
  return facts->n_distinct == facts->n_filled
             ? g_strdup_printf (_ ("“%s” is different in every row: it tells rows apart and is not learnt from."),
                                column->name)
             : g_strdup_printf (_ ("“%s” says which rows belong together (%'zu different values in %'zu rows): it is "
                                   "not learnt from."),
                                column->name, facts->n_distinct, facts->n_filled);
}

/* Does the column only tell rows apart, by its role or its values? */
static gboolean
say_identifier (VaiAudit *audit, guint index)
{
  const VaiColumn *column = vai_table_column (audit->table, index);
  const VaiColumnFacts *facts = &audit->facts[index];
  gboolean is_role = audit->profile->columns[index].role == VAI_ROLE_IDENTIFIER;
  gboolean by_heart = has_texts (column) && facts->n_filled >= BY_HEART_ROWS_MIN
                      && vai_facts_mostly_filled (column, facts)
                      && facts->n_distinct >= BY_HEART_SHARE * facts->n_filled && facts->mean_length <= NAME_BYTES_MAX;
  if (!is_role && !by_heart)
    return FALSE;
  g_autofree char *share = vai_share_dup_text (facts->n_distinct, facts->n_filled);
  char *sentence
      = is_role ? dup_role_sentence (column, facts)
                : g_strdup_printf (
                    _ ("“%s” is different in %s of the rows and would be learnt by heart: use it as an identifier?"),
                    column->name, share);
  vai_finding_add (audit, VAI_FINDING_IDENTIFIER, is_role ? VAI_SEVERITY_INFO : VAI_SEVERITY_WARNING, index, NULL,
                   VAI_ACT_SET_IDENTIFIER, facts->n_filled, sentence);
  return TRUE;
}

static void
say_rare (VaiAudit *audit, guint index)
{
  const VaiColumn *column = vai_table_column (audit->table, index);
  const VaiColumnFacts *facts = &audit->facts[index];
  if (column->type != VAI_TYPE_CATEGORY || facts->n_rare_values == 0 || facts->n_distinct < 3)
    return;
  g_autofree char *share = vai_share_dup_text (facts->n_rare_rows, facts->n_filled);
  vai_finding_add (audit, VAI_FINDING_RARE_VALUES, VAI_SEVERITY_INFO, index, NULL, VAI_ACT_NONE, facts->n_rare_rows,
                   g_strdup_printf (ngettext ("%'zu of the %'zu values of “%s” is in fewer than 10 rows (%s of the "
                                              "rows): little can be learnt of it.",
                                              "%'zu of the %'zu values of “%s” are in fewer than 10 rows each (%s of "
                                              "the rows together): they are learnt as one.",
                                              facts->n_rare_values),
                                    facts->n_rare_values, facts->n_distinct, column->name, share));
}

static void
say_outliers (VaiAudit *audit, guint index)
{
  const VaiColumn *column = vai_table_column (audit->table, index);
  const VaiColumnFacts *facts = &audit->facts[index];
  if (has_texts (column) || facts->n_outliers == 0)
    return;
  g_autofree char *low = vai_value_dup_words (column, facts->quartiles[0]);
  g_autofree char *high = vai_value_dup_words (column, facts->quartiles[2]);
  double farthest = facts->max > facts->outlier_to ? facts->max : facts->min;
  g_autofree char *far = vai_value_dup_text (column, farthest), *words = vai_value_dup_words (column, farthest);
  vai_finding_add (
      audit, VAI_FINDING_OUTLIERS, VAI_SEVERITY_INFO, index, far, VAI_ACT_NONE, facts->n_outliers,
      g_strdup_printf (ngettext ("%'zu value of “%s” is far from the rest (half lie between %s and %s, it is %s): "
                                 "check it.",
                                 "%'zu values of “%s” are far from the rest (half lie between %s and %s, the farthest "
                                 "is %s): check them.",
                                 facts->n_outliers),
                       facts->n_outliers, column->name, low, high, words));
}

static void
say_placeholders (VaiAudit *audit, guint index)
{
  const VaiColumn *column = vai_table_column (audit->table, index);
  const VaiColumnFacts *facts = &audit->facts[index];
  for (guint i = 0; i < facts->n_placeholders; i++)
    {
      g_autofree char *value = vai_value_dup_text (column, facts->placeholders[i]);
      g_autofree char *words = vai_value_dup_words (column, facts->placeholders[i]);
      vai_finding_add (audit, VAI_FINDING_PLACEHOLDER, VAI_SEVERITY_WARNING, index, value, VAI_ACT_MAKE_EMPTY,
                       facts->placeholder_rows[i],
                       g_strdup_printf (ngettext ("“%s” in “%s” (%'zu row) seems to mean “not given”: make it empty?",
                                                  "“%s” in “%s” (%'zu rows) seems to mean “not given”: make it empty?",
                                                  facts->placeholder_rows[i]),
                                        words, column->name, facts->placeholder_rows[i]));
    }
}

static void
say_mixed (VaiAudit *audit, guint index)
{
  const VaiColumn *column = vai_table_column (audit->table, index);
  const VaiColumnFacts *facts = &audit->facts[index];
  gsize texts = facts->n_filled - MIN (facts->numeric_rows, facts->n_filled);
  if (has_texts (column) && texts > 0 && facts->numeric_rows > NUMBERS_SHARE_MIN * facts->n_filled
      && audit->profile->columns[index].role != VAI_ROLE_IDENTIFIER)
    vai_finding_add (
        audit, VAI_FINDING_MIXED_TYPES, VAI_SEVERITY_WARNING, index, NULL, VAI_ACT_NONE, texts,
        g_strdup_printf (ngettext ("“%s” has numbers in %'zu row and text in %'zu: if it is a number, read it as one.",
                                   "“%s” has numbers in %'zu rows and text in %'zu: if it is a number, read it as one.",
                                   facts->numeric_rows),
                         column->name, facts->numeric_rows, texts));
  if (column->type != VAI_TYPE_NUMBER || facts->n_filled == 0 || facts->min < EXCEL_DAY_MIN
      || facts->max > EXCEL_DAY_MAX || !vai_leak_name_is_date (column->name))
    return;
  vai_finding_add (audit, VAI_FINDING_MIXED_TYPES, VAI_SEVERITY_WARNING, index, NULL, VAI_ACT_NONE, facts->n_filled,
                   g_strdup_printf (_ ("“%s” looks like Excel's day numbers (%.0f to %.0f): read it as a date."),
                                    column->name, facts->min, facts->max));
}

static void
say_balance (VaiAudit *audit)
{
  VaiProfile *profile = audit->profile;
  gsize decided = profile->n_won + profile->n_lost, few = MIN (profile->n_won, profile->n_lost);
  if (decided == 0)
    return;
  gboolean scarce = few < FEW_OF_CLASS;
  if (!scarce && few >= RARE_CLASS_SHARE * decided)
    return;
  g_autofree char *won = vai_share_dup_text (profile->n_won, decided);
  vai_finding_add (
      audit, VAI_FINDING_CLASS_BALANCE, scarce ? VAI_SEVERITY_WARNING : VAI_SEVERITY_INFO, profile->outcome, NULL,
      VAI_ACT_NONE, few,
      g_strdup_printf (
          _ ("Won: %'zu, lost: %'zu (%s won): look at win probabilities, not at how many calls are right."),
          profile->n_won, profile->n_lost, won));
}

/* Values of the outcome that nobody mapped: a person must say what they mean. */
static void
say_unmapped (VaiAudit *audit)
{
  VaiProfile *profile = audit->profile;
  GString *named = g_string_new (NULL);
  gsize rows = 0;
  guint n = 0;
  for (guint i = 0; i < profile->outcome_values->len; i++)
    {
      const VaiOutcomeValue *value = g_ptr_array_index (profile->outcome_values, i);
      if (value->outcome != VAI_OUTCOME_UNKNOWN)
        continue;
      rows += value->count;
      if (n++ < NAMED_VALUES_MAX)
        g_string_append_printf (named, named->len > 0 ? ", “%s” (%'zu)" : "“%s” (%'zu)", value->value, value->count);
    }
  g_autofree char *list = g_string_free (named, FALSE);
  if (n == 0)
    return;
  vai_finding_add (audit, VAI_FINDING_CLASS_BALANCE, VAI_SEVERITY_WARNING, profile->outcome, "unmapped", VAI_ACT_NONE,
                   rows,
                   g_strdup_printf (ngettext ("%'zu row has an outcome that is neither won nor lost: %s. It counts as "
                                              "open until you say what it means.",
                                              "%'zu rows have an outcome that is neither won nor lost: %s. They count "
                                              "as open until you say what they mean.",
                                              rows),
                                    rows, list));
}

/* How a column is accused of knowing the outcome, VAI_SEVERITY_INFO when it is not. */
static VaiSeverity
get_accusation (const VaiAudit *audit, guint index)
{
  VaiSeverity worst = VAI_SEVERITY_INFO;
  for (guint i = 0; i < audit->profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (audit->profile->findings, i);
      if (finding->column == (int) index && finding->kind >= VAI_FINDING_LEAK_VALUE)
        worst = MAX (worst, finding->severity);
    }
  return worst;
}

/* Of a column that is not learnt from, or had better not be, the small things need not be said. */
static void
say_of_column (VaiAudit *audit, guint index)
{
  VaiSeverity accusation = get_accusation (audit, index);
  say_misread (audit, index);
  say_empty_or_constant (audit, index);
  gboolean is_identifier = say_identifier (audit, index);
  say_mixed (audit, index);
  if (accusation < VAI_SEVERITY_LEAK)
    say_placeholders (audit, index);
  if (accusation >= VAI_SEVERITY_WARNING || audit->profile->columns[index].role == VAI_ROLE_CLOSED_DATE)
    return;
  say_missing (audit, index);
  if (is_identifier)
    return;
  say_rare (audit, index);
  say_outliers (audit, index);
}

void
vai_quality_find_in_columns (VaiAudit *audit)
{
  for (guint i = 0; i < audit->table->columns->len; i++)
    if (!audit->facts[i].ignored && (int) i != audit->profile->outcome)
      say_of_column (audit, i);
  say_balance (audit);
  if (audit->profile->outcome >= 0)
    say_unmapped (audit);
}
