/* The outcome column and what its values mean.
 *
 * Values given by the caller win. With --won alone, of the other values those that read as open ("pending", "in corso")
 * are open, those that read as lost are lost, and when only one other value is left it is lost whatever it says; a
 * value that reads as won, or as nothing, stays unknown. With --lost too, every other value is open. Missing is always
 * open. Without either, values are read by their words: "yes" and "no", 1 and 0 count only where no value says it more
 * clearly, and are turned in a column of lost quotes. */
#include "vai-audit.h"

#include "vai-error.h"
#include "vai-outcome-words.h"
#include "vai-role-score.h"
#include "vai-words.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A column of more distinct values is no outcome, unless the caller says so. */
#define FOUND_VALUES_MAX 40

/* Values of a column that is called the outcome; the rest is unknown. */
#define GIVEN_VALUES_MAX 1000

/* Values that an error lists. */
#define LISTED_MAX 20

/* A name must say at least so much before yes and no are taken for won and lost. */
#define WEAK_NAME_MIN 0.55

static void
value_free (gpointer value)
{
  VaiOutcomeValue *self = value;
  g_free (self->value);
  g_free (self);
}

static int
compare_values (gconstpointer a, gconstpointer b)
{
  const VaiOutcomeValue *x = *(VaiOutcomeValue *const *) a, *y = *(VaiOutcomeValue *const *) b;
  if (x->count != y->count)
    return x->count < y->count ? 1 : -1;
  return strcmp (x->value, y->value);
}

static void
take_value (GPtrArray *values, char *text, gsize count)
{
  VaiOutcomeValue *value = g_new0 (VaiOutcomeValue, 1);
  value->value = text;
  value->count = count;
  value->outcome = text[0] == '\0' ? VAI_OUTCOME_OPEN : VAI_OUTCOME_UNKNOWN;
  g_ptr_array_add (values, value);
}

static void
count_code_values (const VaiColumn *column, GPtrArray *values)
{
  guint n = vai_dictionary_get_size (column->dictionary);
  g_autofree gsize *counts = g_new0 (gsize, n + 1);
  for (gsize row = 0; row < column->n_rows; row++)
    counts[column->codes[row] < 0 ? n : (guint) column->codes[row]]++;
  for (guint code = 0; code < n; code++)
    if (counts[code] > 0)
      take_value (values, g_strdup (vai_dictionary_get (column->dictionary, code, NULL)), counts[code]);
  if (counts[n] > 0)
    take_value (values, g_strdup (""), counts[n]);
}

/* Numbers and dates: few distinct ones, so a list will do. FALSE when there are more than @max. */
static gboolean
count_other_values (const VaiColumn *column, guint max, GPtrArray *values)
{
  g_autofree gsize *first = g_new (gsize, max);
  g_autofree gsize *counts = g_new0 (gsize, max + 1);
  guint n = 0, last = 0;
  for (gsize row = 0; row < column->n_rows; row++)
    {
      if (vai_column_is_missing (column, row))
        {
          counts[max]++;
          continue;
        }
      guint at = last;
      gboolean number = column->type == VAI_TYPE_NUMBER;
      for (guint tried = 0; tried < n; tried++, at = at + 1 < n ? at + 1 : 0)
        if (number ? column->numbers[row] == column->numbers[first[at]]
                   : column->times[row] == column->times[first[at]])
          break;
        else if (tried + 1 == n)
          {
            at = n;
            break;
          }
      if (at >= n)
        {
          if (n == max)
            return FALSE;
          at = n++;
          first[at] = row;
        }
      counts[at]++;
      last = at;
    }
  for (guint i = 0; i < n; i++)
    take_value (values, vai_column_dup_text (column, first[i]), counts[i]);
  if (counts[max] > 0)
    take_value (values, g_strdup (""), counts[max]);
  return TRUE;
}

/* Distinct values, most frequent first; NULL when there are more than @max. */
static GPtrArray *
count_values (const VaiColumn *column, guint max)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (value_free);
  if (column->dictionary != NULL && column->codes != NULL)
    {
      if (vai_dictionary_get_size (column->dictionary) > max)
        return NULL;
      count_code_values (column, values);
    }
  else if (!count_other_values (column, max, values))
    return NULL;
  g_ptr_array_sort (values, compare_values);
  return g_steal_pointer (&values);
}

/* In a column of lost quotes "yes" is lost. */
static gboolean
name_means_lost (const char *name)
{
  static gsize once = 0;
  static VaiPhrases *lost, *won;
  if (g_once_init_enter (&once))
    {
      lost = vai_phrases_new ("lost|loss|rejected|persa|perso|rifiutata|rifiutato");
      won = vai_phrases_new ("won|win|vinta|vinto");
      g_once_init_leave (&once, 1);
    }
  VaiWords stems;
  vai_words_split_stems (&stems, name);
  return vai_phrases_match (lost, &stems, 0) && !vai_phrases_match (won, &stems, 0);
}

static VaiOutcome
turn (VaiOutcome outcome)
{
  if (outcome == VAI_OUTCOME_WON)
    return VAI_OUTCOME_LOST;
  return outcome == VAI_OUTCOME_LOST ? VAI_OUTCOME_WON : outcome;
}

/* Reads all values by their words. @strong: some value says won or lost clearly. */
static void
read_values (GPtrArray *values, const char *name, gboolean *strong)
{
  gboolean turned = name_means_lost (name);
  *strong = FALSE;
  for (guint i = 0; i < values->len; i++)
    {
      const VaiOutcomeValue *value = g_ptr_array_index (values, i);
      VaiOutcomeReading reading = vai_outcome_read (value->value);
      *strong |= !reading.weak && (reading.outcome == VAI_OUTCOME_WON || reading.outcome == VAI_OUTCOME_LOST);
    }
  for (guint i = 0; i < values->len; i++)
    {
      VaiOutcomeValue *value = g_ptr_array_index (values, i);
      VaiOutcomeReading reading = vai_outcome_read (value->value);
      if (value->value[0] == '\0')
        value->outcome = VAI_OUTCOME_OPEN;
      else if (!reading.weak)
        value->outcome = reading.outcome;
      else
        value->outcome = *strong ? VAI_OUTCOME_UNKNOWN : turned ? turn (reading.outcome) : reading.outcome;
    }
}

static void
count_read (const GPtrArray *values, gsize rows[VAI_OUTCOME_UNKNOWN + 1])
{
  memset (rows, 0, (VAI_OUTCOME_UNKNOWN + 1) * sizeof *rows);
  for (guint i = 0; i < values->len; i++)
    {
      const VaiOutcomeValue *value = g_ptr_array_index (values, i);
      rows[value->outcome] += value->count;
    }
}

/* How much @column looks like the outcome; its values, read, go to @values. */
static double
score_column (const VaiColumn *column, GPtrArray **values)
{
  *values = NULL;
  if (column->type == VAI_TYPE_DATE || column->n_missing == column->n_rows)
    return 0;
  g_autoptr (GPtrArray) found = count_values (column, FOUND_VALUES_MAX);
  if (found == NULL || found->len < 2)
    return 0;
  double scores[VAI_N_ROLES];
  vai_role_score_name (column->name, scores);
  double name = scores[VAI_ROLE_OUTCOME];
  gboolean strong;
  read_values (found, column->name, &strong);
  gsize rows[VAI_OUTCOME_UNKNOWN + 1];
  count_read (found, rows);
  gboolean both = rows[VAI_OUTCOME_WON] > 0 && rows[VAI_OUTCOME_LOST] > 0;
  double decided
      = (double) (rows[VAI_OUTCOME_WON] + rows[VAI_OUTCOME_LOST]) / (column->n_rows - rows[VAI_OUTCOME_OPEN] + 1);
  *values = g_steal_pointer (&found);
  if (both && strong)
    return 0.5 + 0.4 * name + 0.1 * decided;
  if (both)
    return name >= WEAK_NAME_MIN ? 0.65 * name * decided : 0;
  if (rows[VAI_OUTCOME_WON] > 0 && strong)
    return name >= WEAK_NAME_MIN ? 0.4 * name : 0;
  return 0;
}

static gboolean
is_ignored (const VaiProfileOptions *options, const char *name)
{
  return options->ignore != NULL && g_strv_contains (options->ignore, name);
}

static void
find_column (VaiAudit *audit, const VaiProfileOptions *options)
{
  double best = 0;
  for (guint i = 0; i < audit->table->columns->len; i++)
    {
      const VaiColumn *column = vai_table_column (audit->table, i);
      g_autoptr (GPtrArray) values = NULL;
      gboolean other_role = options->roles != NULL && g_hash_table_contains (options->roles, column->name);
      double score = is_ignored (options, column->name) || other_role ? 0 : score_column (column, &values);
      if (score <= best)
        continue;
      best = score;
      audit->profile->outcome = i;
      audit->profile->columns[i].role_certainty = MIN (score, 1);
      g_ptr_array_unref (audit->profile->outcome_values);
      audit->profile->outcome_values = g_steal_pointer (&values);
    }
}

/* The caller may have named it by its role. */
static const char *
get_given_name (const VaiProfileOptions *options)
{
  if (options->outcome != NULL || options->roles == NULL)
    return options->outcome;
  GHashTableIter iter;
  gpointer name, role;
  g_hash_table_iter_init (&iter, options->roles);
  while (g_hash_table_iter_next (&iter, &name, &role))
    if (GPOINTER_TO_INT (role) == VAI_ROLE_OUTCOME)
      return name;
  return NULL;
}

static char *
dup_listed (const GPtrArray *values)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < values->len && i < LISTED_MAX; i++)
    {
      const VaiOutcomeValue *value = g_ptr_array_index (values, i);
      if (value->value[0] != '\0')
        g_string_append_printf (text, text->len > 0 ? ", “%s”" : "“%s”", value->value);
    }
  if (values->len > LISTED_MAX)
    g_string_append (text, ", …");
  return g_string_free (text, FALSE);
}

static gboolean
same_value (const char *a, const char *b, gboolean exact)
{
  if (exact)
    return g_str_equal (a, b);
  g_autofree char *x = g_utf8_casefold (a, -1), *y = g_utf8_casefold (b, -1);
  char *end_x, *end_y;
  double number_x = g_ascii_strtod (a, &end_x), number_y = g_ascii_strtod (b, &end_y);
  if (end_x != a && end_y != b && *end_x == '\0' && *end_y == '\0')
    return number_x == number_y;
  return g_str_equal (g_strstrip (x), g_strstrip (y));
}

/* Exactly, else without case and surrounding blanks; numbers by value. */
static gboolean
set_outcome (VaiAudit *audit, const char *text, VaiOutcome outcome, GError **error)
{
  GPtrArray *values = audit->profile->outcome_values;
  for (int exact = 1; exact >= 0; exact--)
    {
      guint n = 0;
      for (guint i = 0; i < values->len; i++)
        {
          VaiOutcomeValue *value = g_ptr_array_index (values, i);
          if (!same_value (value->value, text, exact))
            continue;
          value->outcome = outcome;
          n++;
        }
      if (n > 0)
        return TRUE;
    }
  g_autofree char *listed = dup_listed (values);
  g_set_error (error, VAI_ERROR, VAI_ERROR_NO_VALUE, _ ("The column “%s” has no value “%s”. Its values are: %s."),
               vai_table_column (audit->table, audit->profile->outcome)->name, text, listed);
  return FALSE;
}

static void
set_others (GPtrArray *values, const GArray *given)
{
  VaiOutcomeValue *single = NULL;
  guint n_others = 0;
  for (guint i = 0; i < values->len; i++)
    {
      VaiOutcomeValue *value = g_ptr_array_index (values, i);
      if (g_array_index (given, gboolean, i) || value->value[0] == '\0')
        continue;
      VaiOutcomeReading reading = vai_outcome_read (value->value);
      value->outcome = reading.outcome == VAI_OUTCOME_WON ? VAI_OUTCOME_UNKNOWN : reading.outcome;
      single = value;
      n_others++;
    }
  if (n_others == 1)
    single->outcome = VAI_OUTCOME_LOST;
}

static gboolean
set_given (VaiAudit *audit, const VaiProfileOptions *options, GError **error)
{
  GPtrArray *values = audit->profile->outcome_values;
  for (guint i = 0; i < values->len; i++)
    ((VaiOutcomeValue *) g_ptr_array_index (values, i))->outcome = VAI_OUTCOME_OPEN;
  for (guint i = 0; options->lost != NULL && options->lost[i] != NULL; i++)
    if (!set_outcome (audit, options->lost[i], VAI_OUTCOME_LOST, error))
      return FALSE;
  for (guint i = 0; options->won[i] != NULL; i++)
    {
      if (options->lost != NULL && g_strv_contains (options->lost, options->won[i]))
        {
          g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("“%s” cannot mean both won and lost: name it once."),
                       options->won[i]);
          return FALSE;
        }
      if (!set_outcome (audit, options->won[i], VAI_OUTCOME_WON, error))
        return FALSE;
    }
  if (options->lost != NULL && options->lost[0] != NULL)
    return TRUE;
  g_autoptr (GArray) given = g_array_new (FALSE, TRUE, sizeof (gboolean));
  g_array_set_size (given, values->len);
  for (guint i = 0; i < values->len; i++)
    g_array_index (given, gboolean, i)
        = ((VaiOutcomeValue *) g_ptr_array_index (values, i))->outcome == VAI_OUTCOME_WON;
  set_others (values, given);
  return TRUE;
}

static gboolean
take_given_column (VaiAudit *audit, const char *name, GError **error)
{
  VaiProfile *profile = audit->profile;
  profile->outcome = vai_table_require (audit->table, name, error);
  if (profile->outcome < 0)
    return FALSE;
  const VaiColumn *column = vai_table_column (audit->table, profile->outcome);
  profile->columns[profile->outcome].role_certainty = 1;
  g_autoptr (GPtrArray) values = count_values (column, GIVEN_VALUES_MAX);
  if (values == NULL)
    {
      g_set_error (
          error, VAI_ERROR, VAI_ERROR_NO_VALUE,
          _ ("The column “%s” has more than %d different values: an outcome has a few. Choose another column."),
          column->name, GIVEN_VALUES_MAX);
      return FALSE;
    }
  gboolean strong;
  read_values (values, column->name, &strong);
  g_ptr_array_unref (profile->outcome_values);
  profile->outcome_values = g_steal_pointer (&values);
  return TRUE;
}

gboolean
vai_outcome_find (VaiAudit *audit, const VaiProfileOptions *options, GError **error)
{
  VaiProfile *profile = audit->profile;
  profile->outcome_values = g_ptr_array_new_with_free_func (value_free);
  const char *name = get_given_name (options);
  if (name != NULL && !take_given_column (audit, name, error))
    return FALSE;
  if (name == NULL)
    find_column (audit, options);
  if (profile->outcome < 0)
    return TRUE;
  profile->columns[profile->outcome].role = VAI_ROLE_OUTCOME;
  if (options->won != NULL && options->won[0] != NULL && !set_given (audit, options, error))
    return FALSE;
  return TRUE;
}

static void
map_codes (const VaiProfile *self, const VaiColumn *column, guint8 *outcomes)
{
  guint n = vai_dictionary_get_size (column->dictionary);
  g_autofree guint8 *by_code = g_malloc (MAX (n, 1));
  memset (by_code, VAI_OUTCOME_UNKNOWN, MAX (n, 1));
  for (guint i = 0; i < self->outcome_values->len; i++)
    {
      const VaiOutcomeValue *value = g_ptr_array_index (self->outcome_values, i);
      gint32 code = vai_dictionary_lookup (column->dictionary, value->value, strlen (value->value));
      if (code >= 0)
        by_code[code] = value->outcome;
    }
  for (gsize row = 0; row < column->n_rows; row++)
    outcomes[row] = column->codes[row] < 0 ? VAI_OUTCOME_OPEN : by_code[column->codes[row]];
}

#define CACHE_SIZE 16

/* Outcomes have few values: the text of a number or date is made once for each of the first ones. */
static void
map_others (const VaiProfile *self, const VaiColumn *column, guint8 *outcomes)
{
  g_autoptr (GHashTable) by_text = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < self->outcome_values->len; i++)
    {
      VaiOutcomeValue *value = g_ptr_array_index (self->outcome_values, i);
      g_hash_table_insert (by_text, value->value, value);
    }
  gint64 seen[CACHE_SIZE];
  guint8 seen_outcome[CACHE_SIZE];
  guint n_seen = 0;
  for (gsize row = 0; row < column->n_rows; row++)
    {
      if (vai_column_is_missing (column, row))
        continue;
      gint64 bits;
      memcpy (&bits, column->type == VAI_TYPE_NUMBER ? (gpointer) &column->numbers[row] : &column->times[row],
              sizeof bits);
      guint at = 0;
      while (at < n_seen && seen[at] != bits)
        at++;
      if (at == n_seen)
        {
          g_autofree char *text = vai_column_dup_text (column, row);
          const VaiOutcomeValue *value = g_hash_table_lookup (by_text, text);
          at = MIN (n_seen, CACHE_SIZE - 1);
          seen[at] = bits;
          seen_outcome[at] = value != NULL ? value->outcome : VAI_OUTCOME_UNKNOWN;
          n_seen = at + 1;
        }
      outcomes[row] = seen_outcome[at];
    }
}

void
vai_profile_map_outcomes (const VaiProfile *self, const VaiTable *table, guint8 *outcomes)
{
  memset (outcomes, VAI_OUTCOME_OPEN, table->n_rows);
  if (self->outcome < 0 || (guint) self->outcome >= table->columns->len)
    return;
  const VaiColumn *column = vai_table_column (table, self->outcome);
  if (column->codes != NULL && column->dictionary != NULL)
    map_codes (self, column, outcomes);
  else if (column->numbers != NULL || column->times != NULL)
    map_others (self, column, outcomes);
}
