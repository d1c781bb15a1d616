/* Which rows a finding is about. */
#include "vai-audit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Values in fewer rows are rare: as the quality report says. */
#define RARE_ROWS 10

static GArray *
rows_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (guint32));
}

static void
add_row (GArray *rows, gsize row)
{
  guint32 number = row;
  g_array_append_val (rows, number);
}

static GArray *
find_filled (const VaiColumn *column, gboolean filled)
{
  GArray *rows = rows_new ();
  for (gsize row = 0; row < column->n_rows; row++)
    if (vai_column_is_missing (column, row) != filled)
      add_row (rows, row);
  return rows;
}

static gboolean
reads_as (const VaiColumn *column, gsize row, const char *value, gint32 code, double number)
{
  if (column->codes != NULL)
    return column->codes[row] == code;
  if (column->numbers != NULL)
    return column->numbers[row] == number;
  g_autofree char *text = vai_value_dup_text (column, column->times[row]);
  return g_str_equal (text, value);
}

static GArray *
find_value (const VaiColumn *column, const char *value)
{
  GArray *rows = rows_new ();
  double number = g_ascii_strtod (value, NULL);
  gint32 code = column->dictionary != NULL ? vai_dictionary_lookup (column->dictionary, value, strlen (value)) : -1;
  if (column->codes != NULL && code < 0)
    return rows;
  for (gsize row = 0; row < column->n_rows; row++)
    if (!vai_column_is_missing (column, row) && reads_as (column, row, value, code, number))
      add_row (rows, row);
  return rows;
}

static GArray *
find_rare (const VaiColumn *column)
{
  GArray *rows = rows_new ();
  if (column->dictionary == NULL)
    return rows;
  g_autofree gsize *counts = g_new0 (gsize, vai_dictionary_get_size (column->dictionary) + 1);
  for (gsize row = 0; row < column->n_rows; row++)
    if (column->codes[row] >= 0)
      counts[column->codes[row]]++;
  for (gsize row = 0; row < column->n_rows; row++)
    if (column->codes[row] >= 0 && counts[column->codes[row]] < RARE_ROWS)
      add_row (rows, row);
  return rows;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return x < y ? -1 : x > y;
}

/* How far outside the middle half. */
static double
excess (double value, double low, double high)
{
  return MAX (low - value, value - high);
}

/* The @n_rows values farthest outside the middle half: those are outliers by any fence. */
static GArray *
find_far (const VaiColumn *column, gsize n_rows)
{
  GArray *rows = rows_new ();
  if (column->numbers == NULL)
    return rows;
  g_autofree double *sorted = g_new (double, column->n_rows + 1);
  gsize n = 0;
  for (gsize row = 0; row < column->n_rows; row++)
    if (!isnan (column->numbers[row]))
      sorted[n++] = column->numbers[row];
  if (n == 0 || n_rows == 0)
    return rows;
  qsort (sorted, n, sizeof *sorted, compare_doubles);
  double low = sorted[n / 4], high = sorted[(n - 1) - n / 4];
  for (gsize i = 0; i < n; i++)
    sorted[i] = excess (sorted[i], low, high);
  qsort (sorted, n, sizeof *sorted, compare_doubles);
  double least = sorted[n - MIN (n_rows, n)];
  for (gsize row = 0; row < column->n_rows; row++)
    if (!isnan (column->numbers[row]) && excess (column->numbers[row], low, high) >= least)
      add_row (rows, row);
  return rows;
}

static GArray *
find_unmapped (const VaiProfile *profile, const VaiTable *table)
{
  GArray *rows = rows_new ();
  g_autofree guint8 *outcomes = g_malloc (MAX (table->n_rows, 1));
  vai_profile_map_outcomes (profile, table, outcomes);
  for (gsize row = 0; row < table->n_rows; row++)
    if (outcomes[row] == VAI_OUTCOME_UNKNOWN)
      add_row (rows, row);
  return rows;
}

GArray *
vai_profile_find_rows (const VaiProfile *self, const VaiTable *table, const VaiFinding *finding)
{
  g_return_val_if_fail (self != NULL && table != NULL && finding != NULL, NULL);
  const VaiColumn *column = finding->column >= 0 ? vai_table_column (table, finding->column) : NULL;
  if (finding->kind == VAI_FINDING_DUPLICATE_ROWS)
    return vai_rows_find_repeats (table);
  if (finding->kind == VAI_FINDING_NEAR_DUPLICATES)
    return vai_rows_find_near_repeats (self, table);
  if (finding->kind == VAI_FINDING_CLASS_BALANCE)
    return find_unmapped (self, table);
  if (column == NULL)
    return rows_new ();
  switch (finding->kind)
    {
    case VAI_FINDING_EMPTY:
    case VAI_FINDING_MOSTLY_MISSING:
      return find_filled (column, FALSE);
    case VAI_FINDING_RARE_VALUES:
      return find_rare (column);
    case VAI_FINDING_OUTLIERS:
      return find_far (column, finding->n_rows);
    default:
      break;
    }
  g_autoptr (GArray) rows = finding->value != NULL ? find_value (column, finding->value) : NULL;
  return rows != NULL && rows->len > 0 ? g_steal_pointer (&rows) : find_filled (column, TRUE);
}
