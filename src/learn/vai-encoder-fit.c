/* How an encoding is chosen from the training rows. */
#include "vai-encoder.h"

#include "vai-random.h"
#include "vai-schema.h"
#include "vai-token.h"
#include "vai-encoder-fit.h"

#include <math.h>
#include <string.h>

/* Days from which on a month of the year comes again. */
#define SEASON_DAYS 730

/* Trees: a category with at most so many frequent values becomes one column for each; one with more, a target
 * statistic. */
#define ONE_HOT_MAX 8

/* Rows in rare values, as a share, above which one column for each frequent value would throw too much away. */
#define ONE_HOT_RARE_SHARE 0.1

/* A value is frequent from so many rows, and from such a share of them. */
#define FREQUENT_MIN 3
#define FREQUENT_SHARE 0.005

/* Linear: columns for the most frequent values of a category; the rest is pooled and gets a target statistic. */
#define LINEAR_ONE_HOT_MAX 40
#define LINEAR_POOL_MIN 5

/* Words of a text that may become columns: so many at most, in so many rows at least, and so many standard errors from
 * the base rate. */
#define TOKENS_MAX 16
#define TOKEN_ROWS_MIN 10
#define TOKEN_ROWS_SHARE 0.01
#define TOKEN_STRENGTH_MIN 2.5
#define TOKEN_SIZE 48
#define TOKEN_DISTINCT_MAX 200000

/* Tails beyond these quantiles are pulled in for a linear learner. */
#define WINSOR_LOW 0.01
#define WINSOR_HIGH 0.99

/* A positive number is taken by its logarithm when its upper half is so many times wider than its lower half. */
#define LOG_SKEW 4.0

/* Rows of the matrix that are filled column by column while they stay in the nearest memory. */
#define FILL_BLOCK 256

static VaiCodedColumn *
add_column (VaiFit *fit, VaiCoding coding, guint feature)
{
  VaiCodedColumn column = { .coding = coding, .n_origins = 1, .origins = { feature } };
  g_array_append_val (fit->encoder->columns, column);
  g_ptr_array_add (fit->out_of_fold, NULL);
  return vai_encoder_column (fit->encoder, fit->encoder->columns->len - 1);
}

VaiCodedColumn *
vai_fit_add_column (VaiFit *fit, VaiCoding coding, guint feature)
{
  return add_column (fit, coding, feature);
}

static gsize
count_missing (const VaiFit *fit, guint feature)
{
  gsize n = 0;
  for (gsize i = 0; i < fit->training->n_rows; i++)
    n += vai_frame_is_missing (fit->training->frame, fit->training->rows[i], feature);
  return n;
}

/* Linear learners cannot see that a value is missing but by a column that says so. */
static void
add_absent (VaiFit *fit, guint feature)
{
  if (fit->kind != VAI_ENCODER_LINEAR)
    return;
  gsize n_missing = count_missing (fit, feature);
  if (n_missing >= FREQUENT_MIN && n_missing < fit->training->n_rows)
    add_column (fit, VAI_CODING_ABSENT, feature);
}

static void
fit_number (VaiFit *fit, guint feature)
{
  VaiCodedColumn *column = add_column (fit, VAI_CODING_NUMBER, feature);
  column->monotone = vai_schema_feature (fit->encoder->schema, feature)->monotone;
  column->scaled = fit->kind == VAI_ENCODER_LINEAR;
  add_absent (fit, feature);
}

static void
fit_date (VaiFit *fit, guint feature)
{
  const VaiTraining *training = fit->training;
  const VaiSchema *schema = fit->encoder->schema;
  const double *days = training->frame->columns[feature].numbers;
  gboolean linear = fit->kind == VAI_ENCODER_LINEAR;
  gboolean parts_only = vai_schema_feature (schema, feature)->parts_only;
  double earliest = INFINITY, latest = -INFINITY;
  for (gsize i = 0; i < training->n_rows; i++)
    {
      earliest = fmin (earliest, days[training->rows[i]]);
      latest = fmax (latest, days[training->rows[i]]);
    }
  VaiCodedColumn *column = parts_only ? NULL : add_column (fit, VAI_CODING_NUMBER, feature);
  if (column)
    {
      column->from = isfinite (earliest) ? earliest : 0;
      column->scaled = linear;
    }
  int opened = schema->opened_date ? vai_schema_find (schema, schema->opened_date) : -1;
  if (opened >= 0 && opened != (int) feature && vai_schema_feature (schema, opened)->type == VAI_TYPE_DATE
      && fit->kind != VAI_ENCODER_ADDITIVE)
    {
      column = add_column (fit, VAI_CODING_AGE, feature);
      column->n_origins = 2;
      column->origins[1] = opened;
      column->scaled = linear;
    }
  /* Under two years a month is a name for a stretch of days, not a season. */
  if (!linear && (!parts_only || latest - earliest >= SEASON_DAYS))
    add_column (fit, VAI_CODING_MONTH, feature);
  if (!linear || (parts_only && schema->features->len == 1))
    add_column (fit, VAI_CODING_WEEKDAY, feature)->scaled = linear;
  add_absent (fit, feature);
}

/* --- Categories --- */

typedef struct
{
  gint32 code;
  gsize count;
} ValueCount;

static int
most_frequent_first (gconstpointer a, gconstpointer b)
{
  const ValueCount *x = a, *y = b;
  return x->count != y->count ? (x->count < y->count ? 1 : -1) : (x->code > y->code) - (x->code < y->code);
}

typedef struct
{
  guint n_codes;
  gsize *counts;      /* by code, of the training rows; owned */
  ValueCount *values; /* those with rows, most frequent first; owned */
  guint n_values;
  guint n_frequent;
  gsize n_present, n_rare_rows;
} Values;

static void
values_count (Values *values, const VaiFit *fit, guint feature)
{
  const VaiTraining *training = fit->training;
  const gint32 *codes = training->frame->columns[feature].codes;
  *values = (Values){ .n_codes = vai_dictionary_get_size (vai_schema_feature (fit->encoder->schema, feature)->values) };
  values->counts = g_new0 (gsize, values->n_codes + 1);
  for (gsize i = 0; i < training->n_rows; i++)
    if (codes[training->rows[i]] >= 0)
      values->counts[codes[training->rows[i]]]++;
  values->values = g_new (ValueCount, values->n_codes + 1);
  double frequent = MAX (FREQUENT_MIN, FREQUENT_SHARE * training->n_rows);
  for (guint i = 0; i < values->n_codes; i++)
    {
      gsize count = values->counts[i];
      if (count > 0)
        values->values[values->n_values++] = (ValueCount){ i, count };
      values->n_present += count;
      if (count >= frequent)
        values->n_frequent++;
      else
        values->n_rare_rows += count;
    }
  qsort (values->values, values->n_values, sizeof *values->values, most_frequent_first);
}

static void
add_values (VaiFit *fit, guint feature, const Values *values, guint n)
{
  gboolean linear = fit->kind == VAI_ENCODER_LINEAR;
  /* Two values and nothing else are one question. */
  gboolean binary = !linear && n == 2 && values->n_values == 2;
  for (guint i = 0; i < (binary ? 1 : n); i++)
    {
      VaiCodedColumn *column = add_column (fit, VAI_CODING_VALUE, feature);
      column->value = values->values[i].code;
      column->missing = linear ? 0 : NAN;
      column->unseen = binary ? NAN : 0;
    }
  if (values->n_values == n)
    return;
  VaiCodedColumn *column = add_column (fit, VAI_CODING_LEVELS, feature);
  column->n_levels = values->n_codes;
  column->levels = g_new (double, values->n_codes + 1);
  column->missing = linear ? 0 : NAN;
  column->unseen = 1;
  for (guint i = 0; i < values->n_codes; i++)
    column->levels[i] = 1;
  for (guint i = 0; i < n; i++)
    column->levels[values->values[i].code] = 0;
}

/* How often a value was seen, in half steps of powers of two: a finer count would name the value, and with it the fold
 * of the row. */
static void
add_count (VaiFit *fit, guint feature, const Values *values)
{
  VaiCodedColumn *column = add_column (fit, VAI_CODING_LEVELS, feature);
  column->n_levels = values->n_codes;
  column->levels = g_new (double, values->n_codes + 1);
  column->missing = NAN;
  column->unseen = 0;
  for (guint i = 0; i < values->n_codes; i++)
    column->levels[i] = round (2 * log2 (1 + values->counts[i])) / 2;
}

static void
fit_category (VaiFit *fit, guint feature)
{
  Values values;
  values_count (&values, fit, feature);
  if (fit->kind == VAI_ENCODER_LINEAR)
    {
      guint n = MIN (values.n_frequent, LINEAR_ONE_HOT_MAX);
      add_values (fit, feature, &values, n);
      if (values.n_values - n >= LINEAR_POOL_MIN)
        vai_fit_target_statistic (fit, feature, values.counts, values.n_codes);
      add_absent (fit, feature);
    }
  else if (values.n_frequent <= ONE_HOT_MAX && values.n_frequent > 0
           && values.n_rare_rows <= ONE_HOT_RARE_SHARE * values.n_present)
    add_values (fit, feature, &values, values.n_frequent);
  else
    {
      vai_fit_target_statistic (fit, feature, values.counts, values.n_codes);
      add_count (fit, feature, &values);
    }
  g_free (values.counts);
  g_free (values.values);
}

/* --- Texts --- */

typedef struct
{
  gint32 token;
  gsize n, n_won, last_row; /* last_row: 1 + the row that counted it last, so that a row counts once */
  double strength;
} TokenCount;

static void
count_tokens (const VaiFit *fit, guint feature, VaiDictionary *tokens, GArray *counts)
{
  const VaiTraining *training = fit->training;
  const VaiFrameColumn *cells = &training->frame->columns[feature];
  char token[TOKEN_SIZE];
  for (gsize i = 0; i < training->n_rows; i++)
    {
      gint32 code = cells->codes[training->rows[i]];
      gsize length = 0, at = 0;
      const char *text = code >= 0 ? vai_dictionary_get (cells->texts, code, &length) : "";
      while (vai_token_next (text, length, &at, token, sizeof token))
        {
          gint32 id = vai_dictionary_lookup (tokens, token, strlen (token));
          if (id < 0 && vai_dictionary_get_size (tokens) < TOKEN_DISTINCT_MAX)
            {
              id = vai_dictionary_add (tokens, token, strlen (token));
              g_array_append_val (counts, ((TokenCount){ .token = id }));
            }
          TokenCount *count = id >= 0 ? &g_array_index (counts, TokenCount, id) : NULL;
          if (!count || count->last_row == i + 1)
            continue;
          count->last_row = i + 1;
          count->n++;
          count->n_won += training->won[training->rows[i]];
        }
    }
}

static int
strongest_first (gconstpointer a, gconstpointer b)
{
  const TokenCount *x = a, *y = b;
  return x->strength != y->strength ? (x->strength < y->strength ? 1 : -1)
                                    : (x->token > y->token) - (x->token < y->token);
}

static void
fit_text (VaiFit *fit, guint feature)
{
  add_column (fit, VAI_CODING_LENGTH, feature)->scaled = fit->kind == VAI_ENCODER_LINEAR;
  add_absent (fit, feature);
  g_autoptr (VaiDictionary) tokens = vai_dictionary_new ();
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (TokenCount));
  count_tokens (fit, feature, tokens, counts);
  gsize n_rows = fit->training->n_rows;
  double least = MAX (TOKEN_ROWS_MIN, TOKEN_ROWS_SHARE * n_rows), p = fit->base_rate;
  for (guint i = 0; i < counts->len; i++)
    {
      TokenCount *count = &g_array_index (counts, TokenCount, i);
      if (count->n >= least && count->n <= n_rows - least)
        count->strength = fabs (count->n_won - count->n * p) / sqrt (count->n * p * (1 - p) + 1);
    }
  g_array_sort (counts, strongest_first);
  for (guint i = 0; i < MIN (counts->len, TOKENS_MAX); i++)
    {
      const TokenCount *count = &g_array_index (counts, TokenCount, i);
      if (count->strength < TOKEN_STRENGTH_MIN)
        break;
      add_column (fit, VAI_CODING_TOKEN, feature)->token = g_strdup (vai_dictionary_get (tokens, count->token, NULL));
    }
}

/* --- Scale --- */

static int
compare_floats (gconstpointer a, gconstpointer b)
{
  float x = *(const float *) a, y = *(const float *) b;
  return (x > y) - (x < y);
}

static void
choose_bounds (VaiCodedColumn *column, const float *sorted, gsize n)
{
  column->low = sorted[(gsize) (WINSOR_LOW * (n - 1))];
  column->high = sorted[(gsize) ceil (WINSOR_HIGH * (n - 1))];
  if (column->low == column->high)
    {
      column->low = sorted[0];
      column->high = sorted[n - 1];
    }
  double middle = sorted[n / 2];
  column->log = column->low >= 0 && column->high - middle > LOG_SKEW * (middle - column->low) && column->high > 1
                && column->coding != VAI_CODING_LEVELS;
}

static void
fit_scale (VaiCodedColumn *column, const float *raw, gsize n_rows)
{
  g_autofree float *sorted = g_new (float, n_rows + 1);
  gsize n = 0;
  for (gsize i = 0; i < n_rows; i++)
    if (!isnan (raw[i]))
      sorted[n++] = raw[i];
  column->scale = 1;
  if (n == 0)
    return;
  qsort (sorted, n, sizeof *sorted, compare_floats);
  choose_bounds (column, sorted, n);
  double sum = 0, squares = 0;
  for (int pass = 0; pass < 2; pass++)
    for (gsize i = 0; i < n; i++)
      {
        double x = CLAMP (sorted[i], column->low, column->high);
        x = column->log ? log1p (x - column->low) : x;
        if (pass == 0)
          sum += x;
        else
          squares += (x - sum / n) * (x - sum / n);
      }
  column->mean = sum / n;
  if (squares / n > 1e-18)
    column->scale = sqrt (squares / n);
}

/* Column @j of @n training rows from @from on, before it is scaled. */
static void
fill_column (const VaiFit *fit, guint j, gsize from, gsize n, guint stride, float *out)
{
  const VaiTraining *training = fit->training;
  const float *own = g_ptr_array_index (fit->out_of_fold, j);
  if (own == NULL)
    vai_encoder_apply_column (fit->encoder, vai_encoder_column (fit->encoder, j), training->frame, training->rows, from,
                              n, stride, out);
  else
    for (gsize i = 0; i < n; i++)
      out[i * stride] = own[from + i];
}

/* What a scaled column is scaled by is known when all of it is. */
static void
fill_scaled (VaiFit *fit, guint j, float *raw, float *matrix)
{
  VaiCodedColumn *column = vai_encoder_column (fit->encoder, j);
  guint width = vai_encoder_width (fit->encoder);
  gsize n = fit->training->n_rows;
  column->scaled = FALSE;
  fill_column (fit, j, 0, n, 1, raw);
  column->scaled = TRUE;
  fit_scale (column, raw, n);
  for (gsize i = 0; i < n; i++)
    matrix[i * width + j] = vai_encoder_scale (column, raw[i]);
}

static float *
fill_matrix (VaiFit *fit)
{
  guint width = vai_encoder_width (fit->encoder);
  gsize n = fit->training->n_rows;
  float *matrix = g_new (float, n *width + 1);
  g_autofree float *raw = g_new (float, n + 1);
  for (guint j = 0; j < width; j++)
    if (vai_encoder_column (fit->encoder, j)->scaled)
      fill_scaled (fit, j, raw, matrix);
  for (gsize from = 0; from < n; from += FILL_BLOCK)
    for (guint j = 0; j < width; j++)
      if (!vai_encoder_column (fit->encoder, j)->scaled)
        fill_column (fit, j, from, MIN (FILL_BLOCK, n - from), width, matrix + from * width + j);
  return matrix;
}

VaiEncoder *
vai_encoder_fit (VaiEncoderKind kind, const VaiTraining *training, float **matrix)
{
  VaiFit fit = { .kind = kind, .training = training };
  fit.encoder = vai_encoder_alloc (training->frame->schema);
  fit.out_of_fold = g_ptr_array_new_with_free_func (g_free);
  gsize n_won = 0;
  for (gsize i = 0; i < training->n_rows; i++)
    n_won += training->won[training->rows[i]];
  fit.base_rate = (n_won + 0.5) / (training->n_rows + 1.0);
  for (guint i = 0; i < training->frame->n_features; i++)
    switch (training->frame->columns[i].type)
      {
      case VAI_TYPE_NUMBER:
        fit_number (&fit, i);
        break;
      case VAI_TYPE_DATE:
        fit_date (&fit, i);
        break;
      case VAI_TYPE_CATEGORY:
        fit_category (&fit, i);
        break;
      default:
        fit_text (&fit, i);
        break;
      }
  if (kind != VAI_ENCODER_ADDITIVE)
    vai_fit_pairs (&fit);
  *matrix = fill_matrix (&fit);
  g_ptr_array_unref (fit.out_of_fold);
  return fit.encoder;
}
