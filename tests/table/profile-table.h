/* Tables built by hand for the tests of the profile. */
#pragma once

#include "vai-profile.h"
#include "vai-random.h"

#include <math.h>
#include <string.h>

/* Gives the text of a row, "" for missing; static or valid until the next call. */
typedef const char *(*TextFunc) (gsize row, gpointer data);
typedef double (*NumberFunc) (gsize row, gpointer data);

static inline VaiColumn *
add_texts (VaiTable *table, const char *name, gsize n, TextFunc text, gpointer data)
{
  VaiColumn *column = vai_column_new (name, VAI_TYPE_CATEGORY);
  column->n_rows = n;
  column->codes = g_new (gint32, MAX (n, 1));
  for (gsize row = 0; row < n; row++)
    {
      const char *value = text (row, data);
      gboolean missing = value[0] == '\0';
      column->codes[row] = missing ? VAI_CODE_MISSING : vai_dictionary_add (column->dictionary, value, strlen (value));
      column->n_missing += missing;
    }
  vai_table_add (table, column);
  return column;
}

static inline VaiColumn *
add_numbers (VaiTable *table, const char *name, gsize n, NumberFunc number, gpointer data)
{
  VaiColumn *column = vai_column_new (name, VAI_TYPE_NUMBER);
  column->n_rows = n;
  column->numbers = g_new (double, MAX (n, 1));
  for (gsize row = 0; row < n; row++)
    {
      column->numbers[row] = number (row, data);
      column->n_missing += isnan (column->numbers[row]);
    }
  vai_table_add (table, column);
  return column;
}

/* Days since the epoch, NaN for missing. */
static inline VaiColumn *
add_days (VaiTable *table, const char *name, gsize n, NumberFunc day, gpointer data)
{
  VaiColumn *column = vai_column_new (name, VAI_TYPE_DATE);
  column->n_rows = n;
  column->times = g_new (gint64, MAX (n, 1));
  for (gsize row = 0; row < n; row++)
    {
      double value = day (row, data);
      column->times[row] = isnan (value) ? VAI_TIME_MISSING : (gint64) value * 86400;
      column->n_missing += isnan (value);
    }
  vai_table_add (table, column);
  return column;
}

static inline const char *
text_of_array (gsize row, gpointer data)
{
  return ((const char *const *) data)[row];
}

static inline double
number_of_array (gsize row, gpointer data)
{
  return ((const double *) data)[row];
}

static inline const VaiFinding *
find_finding (const VaiProfile *profile, const char *id)
{
  for (guint i = 0; i < profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (profile->findings, i);
      if (g_str_equal (finding->id, id))
        return finding;
    }
  return NULL;
}

/* The finding, which must be there. */
static inline const VaiFinding *
get_finding (const VaiProfile *profile, const char *id)
{
  const VaiFinding *finding = find_finding (profile, id);
  if (finding == NULL)
    g_error ("There is no finding “%s”", id);
  return finding;
}

/* The first leak of the column, by severity leak or warning; NULL when it is not accused. */
static inline const VaiFinding *
find_leak (const VaiProfile *profile, int column)
{
  for (guint i = 0; i < profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (profile->findings, i);
      if (finding->column == column && finding->kind >= VAI_FINDING_LEAK_VALUE
          && finding->severity != VAI_SEVERITY_INFO)
        return finding;
    }
  return NULL;
}

static inline const VaiFinding *
get_leak (const VaiProfile *profile, int column)
{
  const VaiFinding *finding = find_leak (profile, column);
  if (finding == NULL)
    g_error ("Column %d is not accused", column);
  return finding;
}
