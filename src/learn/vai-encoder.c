#include "vai-encoder.h"

#include "vai-encoder-fit.h"
#include "vai-time.h"
#include "vai-token.h"

#include <float.h>
#include <math.h>

void
vai_coded_column_clear (gpointer data)
{
  VaiCodedColumn *column = data;
  g_clear_pointer (&column->levels, g_free);
  g_clear_pointer (&column->token, g_free);
}

VaiEncoder *
vai_encoder_alloc (VaiSchema *schema)
{
  VaiEncoder *self = g_new0 (VaiEncoder, 1);
  self->schema = vai_schema_ref (schema);
  self->columns = g_array_new (FALSE, TRUE, sizeof (VaiCodedColumn));
  g_array_set_clear_func (self->columns, vai_coded_column_clear);
  return self;
}

void
vai_encoder_free (VaiEncoder *self)
{
  if (!self)
    return;
  g_array_unref (self->columns);
  vai_schema_unref (self->schema);
  g_free (self);
}

/* Trees take floats; an infinite one would be refused by the learner. */
static inline float
to_float (double x)
{
  return isnan (x) ? NAN : (float) CLAMP (x, -FLT_MAX, FLT_MAX);
}

double
vai_encoder_scale (const VaiCodedColumn *column, double x)
{
  if (isnan (x))
    return 0;
  x = CLAMP (x, column->low, column->high);
  if (column->log)
    x = log1p (x - column->low);
  return (x - column->mean) / column->scale;
}

static double
code_value (const VaiCodedColumn *column, gint32 code)
{
  if (code == VAI_CODE_MISSING)
    return column->missing;
  if (code < 0)
    return column->unseen;
  if (column->coding == VAI_CODING_VALUE)
    return code == column->value;
  return (guint) code < column->n_levels ? column->levels[code] : column->unseen;
}

static double
date_part (VaiCoding coding, double days)
{
  if (isnan (days))
    return NAN;
  gint64 day = floor (days), year;
  guint month, day_of_month;
  if (coding == VAI_CODING_WEEKDAY)
    return ((day + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
  vai_civil_from_days (day, &year, &month, &day_of_month);
  return month;
}

static double
text_value (const VaiCodedColumn *column, const VaiFrameColumn *cells, guint32 row)
{
  gint32 code = cells->codes[row];
  gsize length;
  if (code == VAI_CODE_MISSING)
    return column->coding == VAI_CODING_LENGTH ? NAN : 0;
  const char *text = vai_dictionary_get (cells->texts, code, &length);
  if (column->coding == VAI_CODING_LENGTH)
    return g_utf8_strlen (text, length);
  return vai_token_find (text, length, column->token);
}

/* A signed difference where the side is missing or new has no sign. */
static double
derived_value (const VaiCodedColumn *column, const VaiFrameColumn *cells, guint32 row)
{
  double a = cells[column->origins[0]].numbers[row], b = cells[column->origins[1]].numbers[row];
  if (column->coding == VAI_CODING_RATIO)
    return b != 0 ? a / b : NAN;
  if (column->coding != VAI_CODING_SIGNED)
    return a - b;
  gint32 side = cells[column->origins[2]].codes[row];
  return side < 0 ? NAN : side == column->value ? a - b : b - a;
}

static double
cell_value (const VaiCodedColumn *column, const VaiFrame *frame, guint32 row)
{
  const VaiFrameColumn *cells = &frame->columns[column->origins[0]];
  switch (column->coding)
    {
    case VAI_CODING_NUMBER:
      return cells->numbers[row] - column->from;
    case VAI_CODING_ABSENT:
      return cells->numbers ? isnan (cells->numbers[row]) : cells->codes[row] == VAI_CODE_MISSING;
    case VAI_CODING_VALUE:
    case VAI_CODING_LEVELS:
      return code_value (column, cells->codes[row]);
    case VAI_CODING_MONTH:
    case VAI_CODING_WEEKDAY:
      return date_part (column->coding, cells->numbers[row]);
    case VAI_CODING_LENGTH:
    case VAI_CODING_TOKEN:
      return text_value (column, cells, row);
    default:
      return derived_value (column, frame->columns, row);
    }
}

void
vai_encoder_apply_column (const VaiEncoder *self,
                          const VaiCodedColumn *column,
                          const VaiFrame *frame,
                          const guint32 *rows,
                          gsize from,
                          gsize n,
                          guint stride,
                          float *out)
{
  if (column->coding == VAI_CODING_NUMBER && !column->scaled)
    {
      /* The common cases, without a call for each cell. */
      const double *numbers = frame->columns[column->origins[0]].numbers;
      for (gsize i = 0; i < n; i++)
        out[i * stride] = to_float (numbers[rows ? rows[from + i] : from + i] - column->from);
      return;
    }
  if (column->coding == VAI_CODING_VALUE && !column->scaled)
    {
      const gint32 *codes = frame->columns[column->origins[0]].codes;
      const float answers[2] = { 0, 1 };
      for (gsize i = 0; i < n; i++)
        {
          gint32 code = codes[rows ? rows[from + i] : from + i];
          out[i * stride] = code < 0 ? to_float (code_value (column, code)) : answers[code == column->value];
        }
      return;
    }
  for (gsize i = 0; i < n; i++)
    out[i * stride] = to_float (cell_value (column, frame, rows ? rows[from + i] : from + i));
  for (gsize i = 0; column->scaled && i < n; i++)
    out[i * stride] = vai_encoder_scale (column, out[i * stride]);
}

void
vai_encoder_apply (const VaiEncoder *self, const VaiFrame *frame, const guint32 *rows, gsize from, gsize n, float *out)
{
  guint width = vai_encoder_width (self);
  for (guint i = 0; i < width; i++)
    vai_encoder_apply_column (self, vai_encoder_column (self, i), frame, rows, from, n, width, out + i);
}

void
vai_encoder_share (const VaiEncoder *self, const double *contributions, double *features)
{
  for (guint i = 0; i < vai_encoder_width (self); i++)
    {
      const VaiCodedColumn *column = vai_encoder_column (self, i);
      for (guint j = 0; j < column->n_origins; j++)
        features[column->origins[j]] += contributions[i] / column->n_origins;
    }
}
