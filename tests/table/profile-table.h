/* Tables built by hand for the tests of the profile. */
#pragma once

#include "../support/test-table.h"
#include "vai-profile.h"
#include "vai-random.h"

/* Gives the text of a row, "" for missing; static or valid until the next call. */
typedef const char *(*TextFunc) (gsize row, gpointer data);
typedef double (*NumberFunc) (gsize row, gpointer data);

static inline VaiColumn *
add_texts (VaiTable *table, const char *name, gsize n, TextFunc text, gpointer data)
{
  VaiColumn *column = test_column_add (table, name, VAI_TYPE_CATEGORY, n);
  for (gsize row = 0; row < n; row++)
    test_column_set_text (column, row, text (row, data));
  return column;
}

static inline VaiColumn *
add_numbers (VaiTable *table, const char *name, gsize n, NumberFunc number, gpointer data)
{
  VaiColumn *column = test_column_add (table, name, VAI_TYPE_NUMBER, n);
  for (gsize row = 0; row < n; row++)
    test_column_set_number (column, row, number (row, data));
  return column;
}

/* Days since the epoch, NaN for missing. */
static inline VaiColumn *
add_days (VaiTable *table, const char *name, gsize n, NumberFunc day, gpointer data)
{
  VaiColumn *column = test_column_add (table, name, VAI_TYPE_DATE, n);
  for (gsize row = 0; row < n; row++)
    test_column_set_day (column, row, day (row, data));
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
