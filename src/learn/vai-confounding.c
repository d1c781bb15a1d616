#include "vai-confounding.h"

#include "vai-order.h"
#include "vai-resample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MIN 50
#define COLUMNS_MAX 64 /* bounds the work: rows × columns² */
#define VALUES_MAX 8   /* indicators of a category: its most frequent values */
#define FOLDS 4
#define RIDGE 1.0 /* beside sums over all rows: only keeps equal columns solvable */
#define TARGETS 2 /* outcome and feature */

/* One column of the design: rank of a number, its square, whether it is empty, or one value of a category. */
typedef struct
{
  enum
  {
    KIND_RANK,
    KIND_SQUARE,
    KIND_EMPTY,
    KIND_CODE,
  } kind;
  guint feature;
  gint32 code;
  const double *sorted; /* borrowed: seen values of the number, ascending */
  gsize n_sorted;
} Column;

typedef struct
{
  const VaiReference *reference;
  guint32 *rows; /* reference rows that have the feature */
  gsize n;
  guint n_columns; /* without the intercept, which stands last */
  Column columns[COLUMNS_MAX];
  GPtrArray *sorted;  /* owns what the columns borrow */
  double *x;          /* n × (n_columns + 1) */
  double *y[TARGETS]; /* by row; residuals at the end */
  VaiResample groups;
  double *outcome; /* cross-fitted win rate by the other features */
} Design;

static void
design_clear (Design *self)
{
  g_free (self->rows);
  g_free (self->x);
  for (guint t = 0; t < TARGETS; t++)
    g_free (self->y[t]);
  g_free (self->outcome);
  g_clear_pointer (&self->sorted, g_ptr_array_unref);
  vai_resample_clear (&self->groups);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Design, design_clear)

static void
add_column (Design *self, Column column)
{
  if (self->n_columns < COLUMNS_MAX)
    self->columns[self->n_columns++] = column;
}

static void
add_number (Design *self, guint f)
{
  const VaiFrame *frame = self->reference->frame;
  double *sorted = g_new (double, MAX (self->n, 1));
  gsize n = 0;
  for (gsize i = 0; i < self->n; i++)
    if (!vai_frame_is_missing (frame, self->rows[i], f))
      sorted[n++] = frame->columns[f].numbers[self->rows[i]];
  vai_sort_doubles (sorted, n);
  g_ptr_array_add (self->sorted, sorted);
  if (n == 0)
    return;
  add_column (self, (Column){ KIND_RANK, f, 0, sorted, n });
  add_column (self, (Column){ KIND_SQUARE, f, 0, sorted, n });
  if (n < self->n)
    add_column (self, (Column){ KIND_EMPTY, f, 0, sorted, n });
}

/* The most frequent values first; ties in the order of the codes. */
static void
add_category (Design *self, const VaiFeature *feature, guint f)
{
  guint n_codes = vai_dictionary_get_size (feature->values), taken = 0;
  g_autofree guint8 *used = g_new0 (guint8, MAX (n_codes, 1));
  for (; taken < MIN (n_codes, VALUES_MAX); taken++)
    {
      guint best = 0;
      while (used[best])
        best++;
      for (guint code = best + 1; code < n_codes; code++)
        if (!used[code] && feature->counts[code] > feature->counts[best])
          best = code;
      used[best] = 1;
      add_column (self, (Column){ .kind = KIND_CODE, .feature = f, .code = best });
    }
}

/* A margin follows from price and discount: beside it they would have no effect of their own. */
static void
choose_columns (Design *self, const VaiModel *model, guint feature)
{
  self->sorted = g_ptr_array_new_with_free_func (g_free);
  for (guint f = 0; f < model->schema->features->len; f++)
    {
      const VaiFeature *other = vai_schema_feature (model->schema, f);
      if (f == feature || other->role == VAI_ROLE_MARGIN || other->type == VAI_TYPE_TEXT)
        continue;
      if (model->importance != NULL && model->importance[f] <= 0)
        continue;
      if (other->type == VAI_TYPE_CATEGORY)
        add_category (self, other, f);
      else
        add_number (self, f);
    }
}

/* Share of values under @x: 0 to 1. */
static double
rank_of (const Column *column, double x)
{
  gsize low = 0;
  for (gsize high = column->n_sorted; low < high;)
    {
      gsize middle = low + (high - low) / 2;
      if (column->sorted[middle] < x)
        low = middle + 1;
      else
        high = middle;
    }
  return low / (double) column->n_sorted;
}

static double
cell_of (const Column *column, const VaiFrame *frame, guint row)
{
  const VaiFrameColumn *from = &frame->columns[column->feature];
  if (column->kind == KIND_CODE)
    return from->codes[row] == column->code;
  double x = from->numbers[row];
  if (column->kind == KIND_EMPTY)
    return isnan (x);
  double rank = isnan (x) ? 0 : rank_of (column, x) - 0.5;
  return column->kind == KIND_SQUARE ? rank * rank : rank;
}

static void
design_init (Design *self, const VaiModel *model, guint feature)
{
  const VaiFrame *frame = model->reference.frame;
  self->reference = &model->reference;
  self->rows = g_new (guint32, MAX (frame->n_rows, 1));
  for (guint i = 0; i < frame->n_rows; i++)
    if (!vai_frame_is_missing (frame, i, feature))
      self->rows[self->n++] = i;
  choose_columns (self, model, feature);
  guint width = self->n_columns + 1;
  self->x = g_new (double, MAX (self->n * width, 1));
  for (guint t = 0; t < TARGETS; t++)
    self->y[t] = g_new (double, MAX (self->n, 1));
  self->outcome = g_new (double, MAX (self->n, 1));
  for (gsize i = 0; i < self->n; i++)
    {
      for (guint c = 0; c < self->n_columns; c++)
        self->x[i * width + c] = cell_of (&self->columns[c], frame, self->rows[i]);
      self->x[i * width + self->n_columns] = 1;
      self->y[0][i] = model->reference.won[self->rows[i]] != 0;
      self->y[1][i] = frame->columns[feature].numbers[self->rows[i]];
    }
  vai_resample_init (&self->groups, model->reference.groups, self->rows, self->n);
}

/* Lower half of X'X and X'y of one fold. */
typedef struct
{
  double xx[(COLUMNS_MAX + 1) * (COLUMNS_MAX + 1)];
  double xy[TARGETS][COLUMNS_MAX + 1];
} Sums;

static inline guint
fold_of (const Design *self, gsize i)
{
  return self->groups.group[i] % FOLDS;
}

static void
sum_folds (const Design *self, Sums *folds)
{
  guint width = self->n_columns + 1;
  for (gsize i = 0; i < self->n; i++)
    {
      Sums *sums = &folds[fold_of (self, i)];
      const double *x = self->x + i * width;
      for (guint a = 0; a < width; a++)
        {
          if (x[a] == 0)
            continue;
          for (guint b = 0; b <= a; b++)
            sums->xx[a * width + b] += x[a] * x[b];
          for (guint t = 0; t < TARGETS; t++)
            sums->xy[t][a] += x[a] * self->y[t][i];
        }
    }
}

/* Cholesky in place; then both right sides. */
static void
solve (Sums *sums, guint width)
{
  double *l = sums->xx;
  for (guint i = 0; i < width; i++)
    for (guint j = 0; j <= i; j++)
      {
        double sum = l[i * width + j] + (i == j && i + 1 < width ? RIDGE : 0);
        for (guint a = 0; a < j; a++)
          sum -= l[i * width + a] * l[j * width + a];
        l[i * width + j] = i == j ? sqrt (MAX (sum, 1e-9)) : sum / l[j * width + j];
      }
  for (guint t = 0; t < TARGETS; t++)
    {
      double *b = sums->xy[t];
      for (guint i = 0; i < width; i++)
        {
          for (guint a = 0; a < i; a++)
            b[i] -= l[i * width + a] * b[a];
          b[i] /= l[i * width + i];
        }
      for (guint i = width; i-- > 0;)
        {
          for (guint a = i + 1; a < width; a++)
            b[i] -= l[a * width + i] * b[a];
          b[i] /= l[i * width + i];
        }
    }
}

/* Turns the targets into residuals of fits on the other folds. */
static void
residualise (Design *self)
{
  guint width = self->n_columns + 1;
  g_autofree Sums *folds = g_new0 (Sums, FOLDS), *fit = g_new (Sums, 1);
  sum_folds (self, folds);
  for (guint fold = 0; fold < FOLDS; fold++)
    {
      memset (fit, 0, sizeof (Sums));
      for (guint other = 0; other < FOLDS; other++)
        for (gsize k = 0; other != fold && k < sizeof (Sums) / sizeof (double); k++)
          ((double *) fit)[k] += ((const double *) &folds[other])[k];
      solve (fit, width);
      for (gsize i = 0; i < self->n; i++)
        {
          if (fold_of (self, i) != fold)
            continue;
          double predicted[TARGETS] = { 0 };
          for (guint a = 0; a < width; a++)
            for (guint t = 0; t < TARGETS; t++)
              predicted[t] += fit->xy[t][a] * self->x[i * width + a];
          self->outcome[i] = predicted[0];
          for (guint t = 0; t < TARGETS; t++)
            self->y[t][i] -= predicted[t];
        }
    }
}

/* Slope of @y on @x, both taken from their means; @influence receives what each row adds to its error. FALSE when @x
 * does not vary. */
static gboolean
slope (const double *y, const double *x, gsize n, double *estimate, double *influence)
{
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0;
  for (gsize i = 0; i < n; i++)
    {
      mean_x += x[i] / n;
      mean_y += y[i] / n;
    }
  for (gsize i = 0; i < n; i++)
    {
      xx += (x[i] - mean_x) * (x[i] - mean_x);
      xy += (x[i] - mean_x) * (y[i] - mean_y);
    }
  if (!(xx > 0))
    return FALSE;
  *estimate = xy / xx;
  for (gsize i = 0; i < n; i++)
    influence[i] = (x[i] - mean_x) * (y[i] - mean_y - *estimate * (x[i] - mean_x)) / xx;
  return TRUE;
}

static double
error_of (const VaiResample *groups, const double *influence)
{
  g_autofree double *sums = g_new0 (double, MAX (groups->n_groups, 1));
  double squares = 0;
  for (gsize i = 0; i < groups->n; i++)
    sums[groups->group[i]] += influence[i];
  for (guint32 g = 0; g < groups->n_groups; g++)
    squares += sums[g] * sums[g];
  return sqrt (squares);
}

typedef struct
{
  double value, outcome;
} Pair;

static int
compare_pairs (const void *a, const void *b)
{
  const Pair *x = a, *y = b;
  if (x->value != y->value)
    return x->value < y->value ? -1 : 1;
  return (x->outcome > y->outcome) - (x->outcome < y->outcome);
}

/* The lowest value such that the quotes from it up were harder than all by two standard errors, judged by the other
 * features alone. */
static double
find_from (const Design *self, const double *values)
{
  gsize n = self->n;
  g_autofree Pair *pairs = g_new (Pair, n);
  double mean = 0, squares = 0, from = NAN, sum = 0;
  for (gsize i = 0; i < n; i++)
    {
      pairs[i] = (Pair){ values[i], self->outcome[i] };
      mean += self->outcome[i] / n;
      squares += self->outcome[i] * self->outcome[i] / n;
    }
  double spread = sqrt (MAX (squares - mean * mean, 0));
  qsort (pairs, n, sizeof (Pair), compare_pairs);
  for (gsize i = n; i-- > 0;)
    {
      sum += pairs[i].outcome;
      double count = n - i;
      gboolean whole = i == 0 || pairs[i - 1].value < pairs[i].value;
      if (whole && sum / count < mean - 2 * spread / sqrt (count))
        from = pairs[i].value;
    }
  return from;
}

void
vai_confounding_check (VaiConfounding *self, const VaiModel *model, guint feature, int direction)
{
  *self = (VaiConfounding){ NAN, NAN, NAN, NAN, FALSE, NAN };
  g_auto (Design) design = { 0 };
  design_init (&design, model, feature);
  if (design.n < ROWS_MIN)
    return;
  g_autofree double *raw = g_new (double, design.n), *adjusted = g_new (double, design.n);
  g_autofree double *values = g_memdup2 (design.y[1], design.n * sizeof (double));
  if (!slope (design.y[0], design.y[1], design.n, &self->raw, raw))
    return;
  self->raw_error = error_of (&design.groups, raw);
  residualise (&design);
  if (!slope (design.y[0], design.y[1], design.n, &self->adjusted, adjusted))
    return;
  self->adjusted_error = error_of (&design.groups, adjusted);
  for (gsize i = 0; i < design.n; i++)
    raw[i] = adjusted[i] - raw[i];
  double stronger = direction * (self->adjusted - self->raw);
  gboolean apart = stronger > 2 * error_of (&design.groups, raw);
  gboolean turned = direction * self->raw < -self->raw_error && direction * self->adjusted > self->adjusted_error;
  self->hard_deals = stronger > 0 && (apart || turned);
  if (self->hard_deals)
    self->from = find_from (&design, values);
}
