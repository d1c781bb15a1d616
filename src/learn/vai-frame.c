#include "vai-frame.h"

#include "vai-cell.h"
#include "vai-error.h"
#include "vai-time.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static VaiFrame *
frame_alloc (VaiSchema *schema, gsize n_rows)
{
  VaiFrame *self = g_new0 (VaiFrame, 1);
  self->schema = vai_schema_ref (schema);
  self->n_rows = n_rows;
  self->n_features = schema->features->len;
  self->columns = g_new0 (VaiFrameColumn, self->n_features);
  for (guint i = 0; i < self->n_features; i++)
    {
      VaiFrameColumn *column = &self->columns[i];
      column->type = vai_schema_feature (schema, i)->type;
      if (column->type == VAI_TYPE_NUMBER || column->type == VAI_TYPE_DATE)
        column->numbers = g_new (double, MAX (n_rows, 1));
      else
        column->codes = g_new (gint32, MAX (n_rows, 1));
      if (column->type == VAI_TYPE_TEXT)
        column->texts = vai_dictionary_new ();
    }
  return self;
}

static void
clear_column (VaiFrameColumn *column, gsize n_rows)
{
  for (gsize i = 0; column->numbers && i < n_rows; i++)
    column->numbers[i] = NAN;
  for (gsize i = 0; column->codes && i < n_rows; i++)
    column->codes[i] = VAI_CODE_MISSING;
}

VaiFrame *
vai_frame_new_empty (VaiSchema *schema, gsize n_rows)
{
  VaiFrame *self = frame_alloc (schema, n_rows);
  for (guint i = 0; i < self->n_features; i++)
    clear_column (&self->columns[i], n_rows);
  return self;
}

void
vai_frame_free (VaiFrame *self)
{
  if (!self)
    return;
  for (guint i = 0; i < self->n_features; i++)
    {
      g_free (self->columns[i].numbers);
      g_free (self->columns[i].codes);
      g_free (self->columns[i].unseen);
      g_clear_pointer (&self->columns[i].texts, vai_dictionary_free);
    }
  g_free (self->columns);
  vai_schema_unref (self->schema);
  g_free (self);
}

/* --- Cells from text --- */

/* A decimal point where nothing speaks against it, for scripts write one: “1,234.5” and “1234,5” are read too. */
static gboolean
parse_number (const char *text, double *number)
{
  VaiNumber read;
  gsize length = strlen (text);
  char *end;
  *number = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && isfinite (*number) && !strpbrk (text, "xX")) /* as programs write them: 1e-05 */
    return TRUE;
  VaiNumberKind kind = vai_cell_parse_number (text, length, '.', &read);
  if (kind == VAI_NUMBER_NONE)
    kind = vai_cell_parse_number (text, length, ',', &read);
  *number = read.value;
  return kind != VAI_NUMBER_NONE && isfinite (read.value);
}

/* In the order of the schema where the text leaves it open. Gives days since the epoch. */
static gboolean
parse_date (const char *text, VaiDateOrder order, double *days)
{
  VaiDate read;
  VaiDateKind kind = vai_cell_parse_date (text, strlen (text), &read);
  gboolean month_first = kind == VAI_DATE_MDY || (kind == VAI_DATE_EITHER && order == VAI_DATE_ORDER_MDY);
  *days = read.days[month_first] + read.seconds / (double) VAI_SECONDS_PER_DAY;
  return kind != VAI_DATE_NONE;
}

/* Reads @text (without blanks around it, not empty) as the type of a number or date column; NaN and FALSE when it is
 * neither. What means “not given” is missing. */
static gboolean
parse_cell (const VaiSchema *schema, VaiType type, const char *text, double *number)
{
  *number = NAN;
  double read;
  if (vai_cell_is_missing (text, strlen (text)))
    return TRUE;
  if (!(type == VAI_TYPE_DATE ? parse_date (text, schema->date_order, &read) : parse_number (text, &read)))
    return FALSE;
  *number = read;
  return TRUE;
}

/* --- Values that were made empty before training --- */

static gboolean
is_empty_text (const VaiFeature *feature, const char *text, gsize length)
{
  for (guint i = 0; feature->empty_values != NULL && feature->empty_values[i] != NULL; i++)
    if (strlen (feature->empty_values[i]) == length && memcmp (feature->empty_values[i], text, length) == 0)
      return TRUE;
  return FALSE;
}

/* Of a date the whole day was made empty. */
static void
empty_numbers (const VaiFeature *feature, double *numbers, gsize n)
{
  for (guint i = 0; feature->empty_values != NULL && feature->empty_values[i] != NULL; i++)
    {
      gboolean dated = feature->type == VAI_TYPE_DATE;
      gint64 seconds = 0;
      if (dated && !vai_time_parse (feature->empty_values[i], &seconds))
        continue;
      double value = dated ? (double) (seconds / VAI_SECONDS_PER_DAY) : g_ascii_strtod (feature->empty_values[i], NULL);
      for (gsize row = 0; row < n; row++)
        if ((dated ? floor (numbers[row]) : numbers[row]) == value)
          numbers[row] = NAN;
    }
}

static gint32
code_of (const VaiFeature *feature, const char *text, gsize length)
{
  gint32 code;
  if (memchr (text, 0, length))
    {
      g_autofree char *clean = vai_schema_clean_value (text, length);
      code = vai_dictionary_lookup (feature->values, clean, strlen (clean));
    }
  else
    code = vai_dictionary_lookup (feature->values, text, length);
  if (code != VAI_CODE_MISSING)
    return code;
  gboolean missing = vai_cell_is_missing (text, length) || is_empty_text (feature, text, length);
  return missing ? VAI_CODE_MISSING : VAI_CODE_UNSEEN;
}

/* Keeps the words of a value that no training row had, to name it in a warning. */
static void
keep_unseen (VaiFrame *self, guint feature, gsize row, const char *text, gsize length)
{
  VaiFrameColumn *column = &self->columns[feature];
  if (column->texts == NULL)
    column->texts = vai_dictionary_new ();
  if (column->unseen == NULL)
    {
      column->unseen = g_new (gint32, MAX (self->n_rows, 1));
      for (gsize i = 0; i < self->n_rows; i++)
        column->unseen[i] = -1;
    }
  column->unseen[row] = vai_dictionary_add (column->texts, text, length);
}

static void
put_text (VaiFrame *self, guint feature, gsize row, const char *text, gsize length)
{
  VaiFrameColumn *column = &self->columns[feature];
  const VaiFeature *known = vai_schema_feature (self->schema, feature);
  if (column->type == VAI_TYPE_TEXT)
    column->codes[row] = length && !is_empty_text (known, text, length)
                             ? vai_dictionary_add (column->texts, text, length)
                             : VAI_CODE_MISSING;
  else if (column->type == VAI_TYPE_CATEGORY)
    {
      column->codes[row] = length ? code_of (known, text, length) : VAI_CODE_MISSING;
      if (column->codes[row] == VAI_CODE_UNSEEN)
        keep_unseen (self, feature, row, text, length);
    }
  else
    {
      parse_cell (self->schema, column->type, text, &column->numbers[row]);
      empty_numbers (known, &column->numbers[row], 1);
    }
}

/* --- Columns of a table --- */

/* Codes of the table's dictionary onto codes of ours, each looked up once, on the first row that has it. */
static void
map_codes (VaiFrame *self, guint feature, const VaiColumn *from, const guint32 *rows)
{
  VaiFrameColumn *column = &self->columns[feature];
  const VaiFeature *known = vai_schema_feature (self->schema, feature);
  guint n_codes = vai_dictionary_get_size (from->dictionary);
  g_autofree gint32 *map = g_new (gint32, n_codes + 1);
  for (guint i = 0; i < n_codes; i++)
    map[i] = G_MININT32;
  for (gsize i = 0; i < self->n_rows; i++)
    {
      gint32 code = from->codes[rows ? rows[i] : i];
      if (code != VAI_CODE_MISSING && map[code] == G_MININT32)
        {
          gsize length;
          const char *text = vai_dictionary_get (from->dictionary, code, &length);
          map[code] = column->type == VAI_TYPE_CATEGORY     ? code_of (known, text, length)
                      : is_empty_text (known, text, length) ? VAI_CODE_MISSING
                                                            : vai_dictionary_add (column->texts, text, length);
        }
      column->codes[i] = code == VAI_CODE_MISSING ? VAI_CODE_MISSING : map[code];
      if (column->codes[i] == VAI_CODE_UNSEEN)
        {
          gsize length;
          const char *text = vai_dictionary_get (from->dictionary, code, &length);
          keep_unseen (self, feature, i, text, length);
        }
    }
}

static void
fill_by_text (VaiFrame *self, guint feature, const VaiColumn *from, const guint32 *rows)
{
  for (gsize i = 0; i < self->n_rows; i++)
    {
      g_autofree char *text = vai_column_dup_text (from, rows ? rows[i] : i);
      put_text (self, feature, i, g_strstrip (text), strlen (text));
    }
}

static void
fill_column (VaiFrame *self, guint feature, const VaiColumn *from, const guint32 *rows)
{
  VaiFrameColumn *column = &self->columns[feature];
  if (from->codes && column->codes)
    map_codes (self, feature, from, rows);
  else if (column->type == VAI_TYPE_NUMBER && from->type == VAI_TYPE_NUMBER)
    for (gsize i = 0; i < self->n_rows; i++)
      {
        double number = from->numbers[rows ? rows[i] : i];
        column->numbers[i] = isfinite (number) ? number : NAN;
      }
  else if (column->type == VAI_TYPE_DATE && from->type == VAI_TYPE_DATE)
    for (gsize i = 0; i < self->n_rows; i++)
      {
        gint64 time = from->times[rows ? rows[i] : i];
        column->numbers[i] = time == VAI_TIME_MISSING ? NAN : time / (double) VAI_SECONDS_PER_DAY;
      }
  else
    fill_by_text (self, feature, from, rows);
  if (column->numbers)
    empty_numbers (vai_schema_feature (self->schema, feature), column->numbers, self->n_rows);
}

VaiFrame *
vai_frame_new_from_table (VaiSchema *schema, const VaiTable *table, const guint32 *rows, gsize n_rows)
{
  VaiFrame *self = frame_alloc (schema, rows ? n_rows : table->n_rows);
  for (guint i = 0; i < self->n_features; i++)
    {
      int at = vai_table_find (table, vai_schema_feature (schema, i)->name);
      if (at < 0)
        clear_column (&self->columns[i], self->n_rows);
      else
        fill_column (self, i, vai_table_column (table, at), rows);
    }
  return self;
}

/* --- Single cells --- */

static const char *
unseen_text (const VaiFrameColumn *column, guint row, gsize *length)
{
  if (column->unseen == NULL || column->codes[row] != VAI_CODE_UNSEEN || column->unseen[row] < 0)
    return NULL;
  return vai_dictionary_get (column->texts, column->unseen[row], length);
}

static void
copy_unseen (VaiFrame *self, guint feature, guint row, const VaiFrameColumn *source, guint from_row)
{
  gsize length;
  const char *text = unseen_text (source, from_row, &length);
  if (text == NULL)
    return;
  g_autofree char *copy = g_memdup2 (text, length + 1);
  keep_unseen (self, feature, row, copy, length);
}

void
vai_frame_copy_row (VaiFrame *self, guint row, const VaiFrame *from, guint from_row)
{
  g_return_if_fail (self->schema == from->schema && row < self->n_rows && from_row < from->n_rows);
  for (guint i = 0; i < self->n_features; i++)
    {
      VaiFrameColumn *to = &self->columns[i];
      const VaiFrameColumn *source = &from->columns[i];
      if (to->numbers)
        to->numbers[row] = source->numbers[from_row];
      else if (to->type == VAI_TYPE_CATEGORY || source->codes[from_row] == VAI_CODE_MISSING || self == from)
        {
          to->codes[row] = source->codes[from_row];
          copy_unseen (self, i, row, source, from_row);
        }
      else
        {
          gsize length;
          const char *text = vai_dictionary_get (source->texts, source->codes[from_row], &length);
          to->codes[row] = vai_dictionary_add (to->texts, text, length);
        }
    }
}

gboolean
vai_frame_set_text (VaiFrame *self, guint row, const char *feature, const char *text, GError **error)
{
  g_return_val_if_fail (row < self->n_rows, FALSE);
  int at = vai_schema_find (self->schema, feature);
  if (at < 0)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_NO_COLUMN, _ ("The model has no field “%s”."), feature);
      return FALSE;
    }
  VaiFrameColumn *column = &self->columns[at];
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  double number;
  if (column->numbers && *stripped && !parse_cell (self->schema, column->type, stripped, &number))
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_NO_VALUE,
                   column->type == VAI_TYPE_DATE ? _ ("“%s” is not a date, as “%s” must be: write it like 2026-11-22.")
                                                 : _ ("“%s” is not a number, as “%s” must be: write it like 1234.56."),
                   text, feature);
      return FALSE;
    }
  put_text (self, at, row, stripped, strlen (stripped));
  return TRUE;
}

gboolean
vai_frame_is_missing (const VaiFrame *self, guint row, guint feature)
{
  const VaiFrameColumn *column = &self->columns[feature];
  return column->numbers ? isnan (column->numbers[row]) : column->codes[row] == VAI_CODE_MISSING;
}

char *
vai_frame_dup_text (const VaiFrame *self, guint row, guint feature)
{
  const VaiFrameColumn *column = &self->columns[feature];
  if (vai_frame_is_missing (self, row, feature))
    return g_strdup ("");
  if (column->type == VAI_TYPE_TEXT)
    return g_strdup (vai_dictionary_get (column->texts, column->codes[row], NULL));
  if (column->type == VAI_TYPE_CATEGORY && column->codes[row] < 0)
    {
      const char *text = unseen_text (column, row, NULL);
      return g_strdup (text != NULL ? text : "");
    }
  if (column->type == VAI_TYPE_CATEGORY)
    return g_strdup (vai_dictionary_get (vai_schema_feature (self->schema, feature)->values, column->codes[row], NULL));
  /* One cell as a column of one row, so that numbers and dates read alike everywhere. */
  double number = column->numbers[row];
  gint64 time = llround (number * VAI_SECONDS_PER_DAY);
  VaiColumn cell = {
    .type = column->type, .n_rows = 1, .numbers = &number, .times = &time, .has_time = time % VAI_SECONDS_PER_DAY != 0
  };
  return vai_column_dup_text (&cell, 0);
}
