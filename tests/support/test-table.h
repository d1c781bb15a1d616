/* Tables built by hand, for the tests of any layer that knows tables. */
#pragma once

#include "vai-table.h"

#include <math.h>
#include <string.h>

/* A column of @n rows whose values are all 0 (codes: the first of the dictionary), to be filled in by who asked. */
static inline VaiColumn *
test_column_new (const char *name, VaiType type, gsize n)
{
  VaiColumn *column = vai_column_new (name, type);
  column->n_rows = n;
  if (type == VAI_TYPE_NUMBER)
    column->numbers = g_new0 (double, MAX (n, 1));
  else if (type == VAI_TYPE_DATE)
    column->times = g_new0 (gint64, MAX (n, 1));
  else
    column->codes = g_new0 (gint32, MAX (n, 1));
  return column;
}

/* The same, in @table, which owns it. */
static inline VaiColumn *
test_column_add (VaiTable *table, const char *name, VaiType type, gsize n)
{
  VaiColumn *column = test_column_new (name, type, n);
  vai_table_add (table, column);
  return column;
}

/* "" is missing. */
static inline void
test_column_set_text (VaiColumn *self, gsize row, const char *text)
{
  gboolean missing = text[0] == '\0';
  self->codes[row] = missing ? VAI_CODE_MISSING : vai_dictionary_add (self->dictionary, text, strlen (text));
  self->n_missing += missing;
}

static inline void
test_column_set_number (VaiColumn *self, gsize row, double number)
{
  self->numbers[row] = number;
  self->n_missing += isnan (number);
}

/* @day since the epoch, NaN is missing. */
static inline void
test_column_set_day (VaiColumn *self, gsize row, double day)
{
  self->times[row] = isnan (day) ? VAI_TIME_MISSING : (gint64) day * 86400;
  self->n_missing += isnan (day);
}
