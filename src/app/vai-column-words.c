#include "vai-column-words.h"

#include "vai-format.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Values of a text that are shown. */
#define EXAMPLES 3

/* Rows that are looked through for them. */
#define EXAMPLE_ROWS 1000

const char *
vai_role_title (VaiRole role)
{
  const char *const titles[VAI_N_ROLES] = {
    [VAI_ROLE_FEATURE] = _ ("Feature"),
    [VAI_ROLE_IGNORED] = _ ("Ignored"),
    [VAI_ROLE_OUTCOME] = _ ("Outcome"),
    [VAI_ROLE_OPENED_DATE] = _ ("Opened on"),
    [VAI_ROLE_CLOSED_DATE] = _ ("Closed on"),
    [VAI_ROLE_IDENTIFIER] = _ ("Identifier"),
    [VAI_ROLE_PRICE] = _ ("Price"),
    [VAI_ROLE_DISCOUNT] = _ ("Discount"),
    [VAI_ROLE_COST] = _ ("Cost"),
    [VAI_ROLE_MARGIN] = _ ("Margin"),
    [VAI_ROLE_DELIVERY_TIME] = _ ("Delivery time"),
    [VAI_ROLE_CUSTOMER_SECTOR] = _ ("Customer sector"),
    [VAI_ROLE_CUSTOMER_SIZE] = _ ("Customer size"),
    [VAI_ROLE_CHANNEL] = _ ("Channel"),
    [VAI_ROLE_SALES_REP] = _ ("Sales rep"),
    [VAI_ROLE_LEAD_SOURCE] = _ ("Lead source"),
  };

  g_return_val_if_fail (role < VAI_N_ROLES, "");
  return titles[role];
}

const char *
vai_type_title (VaiType type)
{
  const char *const titles[VAI_N_TYPES] = {
    [VAI_TYPE_NUMBER] = _ ("Number"),
    [VAI_TYPE_CATEGORY] = _ ("Category"),
    [VAI_TYPE_DATE] = _ ("Date"),
    [VAI_TYPE_TEXT] = _ ("Text"),
  };

  g_return_val_if_fail (type < VAI_N_TYPES, "");
  return titles[type];
}

const char *
vai_outcome_title (VaiOutcome outcome)
{
  const char *const titles[] = { _ ("Open"), _ ("Won"), _ ("Lost"), _ ("Not clear") };

  g_return_val_if_fail (outcome < G_N_ELEMENTS (titles), "");
  return titles[outcome];
}

char *
vai_column_dup_type_text (const VaiColumn *column, VaiType type)
{
  if (type != column->type)
    return g_strdup (vai_type_title (type));
  if (type == VAI_TYPE_NUMBER && g_strcmp0 (column->unit, "%") == 0)
    return g_strdup (_ ("Percent"));
  if (type == VAI_TYPE_NUMBER && column->unit != NULL)
    return g_strdup_printf (_ ("Number, %s"), column->unit);
  if (type != VAI_TYPE_CATEGORY || column->dictionary == NULL)
    return g_strdup (vai_type_title (type));
  g_autofree char *count = vai_format_count (vai_dictionary_get_size (column->dictionary));
  /* Translators: a type of column and how many different values it has: “Category, 12”. */
  return g_strdup_printf (_ ("%s, %s"), vai_type_title (type), count);
}

static char *
dup_number (const VaiColumn *column, double number)
{
  g_autofree char *text = vai_format_number (number, MIN (column->decimals, 6));

  return column->unit != NULL && column->unit[0] == '%' ? g_strdup_printf ("%s%%", text) : g_steal_pointer (&text);
}

char *
vai_column_dup_shown (const VaiColumn *column, gsize row)
{
  g_return_val_if_fail (column != NULL && row < column->n_rows, NULL);

  if (vai_column_is_missing (column, row))
    return g_strdup ("");
  if (column->numbers != NULL)
    return dup_number (column, column->numbers[row]);
  if (column->times != NULL)
    return vai_format_date_time (column->times[row]);
  g_autofree char *text = vai_column_dup_text (column, row);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  return g_strdup (g_strdelimit (valid, "\r\n\t", ' '));
}

static char *
dup_range (char *low, char *high)
{
  g_autofree char *from = low, *to = high;

  return g_str_equal (from, to) ? g_strdup (from) : g_strdup_printf ("%s … %s", from, to);
}

static char *
dup_numbers_text (const VaiColumn *column)
{
  double low = INFINITY, high = -INFINITY;

  for (gsize row = 0; row < column->n_rows; row++)
    if (!isnan (column->numbers[row]))
      low = MIN (low, column->numbers[row]), high = MAX (high, column->numbers[row]);
  return low > high ? g_strdup ("–") : dup_range (dup_number (column, low), dup_number (column, high));
}

static char *
dup_dates_text (const VaiColumn *column)
{
  gint64 low = G_MAXINT64, high = G_MININT64;

  for (gsize row = 0; row < column->n_rows; row++)
    if (column->times[row] != VAI_TIME_MISSING)
      low = MIN (low, column->times[row]), high = MAX (high, column->times[row]);
  return low > high ? g_strdup ("–") : dup_range (vai_format_date (low), vai_format_date (high));
}

char *
vai_column_dup_values_text (const VaiColumn *column)
{
  GString *text = g_string_new (NULL);
  gint32 seen[EXAMPLES];
  guint n = 0;

  g_return_val_if_fail (column != NULL, g_string_free (text, FALSE));
  if (column->codes == NULL)
    {
      g_string_free (text, TRUE);
      return column->numbers != NULL ? dup_numbers_text (column) : dup_dates_text (column);
    }
  for (gsize row = 0; n < EXAMPLES && row < MIN (column->n_rows, EXAMPLE_ROWS); row++)
    {
      gboolean known = column->codes[row] < 0;
      for (guint i = 0; i < n; i++)
        known |= seen[i] == column->codes[row];
      if (known)
        continue;
      seen[n++] = column->codes[row];
      g_autofree char *value = vai_column_dup_shown (column, row);
      g_string_append_printf (text, "%s%.60s", text->len > 0 ? ", " : "", value);
    }
  char *valid = g_utf8_make_valid (text->len > 0 ? text->str : "–", -1);
  g_string_free (text, TRUE);
  return valid;
}
