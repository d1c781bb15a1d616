/* Price against reference: two numbers that move together on one scale (a price and a market price, a price and a cost)
 * say most by their difference and their ratio, which trees and linear learners cannot build by themselves; and where
 * one of two sides is quoted, by the difference turned by its side. */
#include "vai-encoder-fit.h"

#include <math.h>

/* Derived columns in all: a few good ones, for each is one more chance to learn noise. */
#define DERIVED_MAX 12

/* Numbers looked at, and rows, so that a table with thousands of columns stays quick. */
#define NUMBERS_MAX 64
#define ROWS_MAX 2000
#define ROWS_MIN 30

/* How alike two numbers must be: correlation, and the ratio of their mean sizes. */
#define CORRELATION_MIN 0.9
#define SIZE_RATIO_MAX 2.0

/* Two-valued categories beside them that are tried as a side. */
#define SIDES_MAX 2

typedef struct
{
  guint a, b;
  double correlation;
} Pair;

static gboolean
measure_pair (const VaiTraining *training, guint a, guint b, double *correlation)
{
  const double *xs = training->frame->columns[a].numbers, *ys = training->frame->columns[b].numbers;
  gsize step = MAX (1, training->n_rows / ROWS_MAX), n = 0;
  double x_sum = 0, y_sum = 0, x_size = 0, y_size = 0;
  for (gsize i = 0; i < training->n_rows; i += step)
    {
      double x = xs[training->rows[i]], y = ys[training->rows[i]];
      if (isnan (x) || isnan (y))
        continue;
      n++;
      x_sum += x;
      y_sum += y;
      x_size += fabs (x);
      y_size += fabs (y);
    }
  if (n < ROWS_MIN || x_size > SIZE_RATIO_MAX * y_size || y_size > SIZE_RATIO_MAX * x_size)
    return FALSE;
  double xx = 0, yy = 0, xy = 0, differing = 0;
  for (gsize i = 0; i < training->n_rows; i += step)
    {
      double x = xs[training->rows[i]] - x_sum / n, y = ys[training->rows[i]] - y_sum / n;
      if (isnan (x) || isnan (y))
        continue;
      xx += x * x;
      yy += y * y;
      xy += x * y;
      differing += (x - y) * (x - y);
    }
  *correlation = xy / sqrt (xx * yy);
  return *correlation > CORRELATION_MIN && differing > 1e-12 * (xx + yy);
}

static int
closest_first (gconstpointer p, gconstpointer q)
{
  const Pair *x = p, *y = q;
  if (x->correlation != y->correlation)
    return x->correlation < y->correlation ? 1 : -1;
  return x->a != y->a ? (x->a > y->a) - (x->a < y->a) : (x->b > y->b) - (x->b < y->b);
}

static GArray *
find_pairs (const VaiFit *fit)
{
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  guint numbers[NUMBERS_MAX], n = 0;
  for (guint i = 0; i < fit->training->frame->n_features && n < NUMBERS_MAX; i++)
    if (fit->training->frame->columns[i].type == VAI_TYPE_NUMBER
        && vai_schema_feature (fit->encoder->schema, i)->monotone == 0) /* a derived column could break the promise */
      numbers[n++] = i;
  for (guint i = 0; i < n; i++)
    for (guint j = i + 1; j < n; j++)
      {
        Pair pair = { numbers[i], numbers[j], 0 };
        if (measure_pair (fit->training, pair.a, pair.b, &pair.correlation))
          g_array_append_val (pairs, pair);
      }
  g_array_sort (pairs, closest_first);
  return pairs;
}

static guint
find_sides (const VaiFit *fit, guint *sides)
{
  guint n = 0;
  for (guint i = 0; i < fit->training->frame->n_features && n < SIDES_MAX; i++)
    {
      const VaiFeature *feature = vai_schema_feature (fit->encoder->schema, i);
      if (feature->type == VAI_TYPE_CATEGORY && vai_dictionary_get_size (feature->values) == 2)
        sides[n++] = i;
    }
  return n;
}

static void
add_derived (VaiFit *fit, VaiCoding coding, const Pair *pair, int side)
{
  VaiCodedColumn *column = vai_fit_add_column (fit, coding, pair->a);
  column->origins[1] = pair->b;
  column->n_origins = 2;
  column->scaled = fit->kind == VAI_ENCODER_LINEAR;
  if (side >= 0)
    column->origins[column->n_origins++] = side;
}

void
vai_fit_pairs (VaiFit *fit)
{
  g_autoptr (GArray) pairs = find_pairs (fit);
  guint sides[SIDES_MAX], n_sides = find_sides (fit, sides), n_derived = 0;
  for (guint i = 0; i < pairs->len && n_derived + 2 + n_sides <= DERIVED_MAX; i++)
    {
      const Pair *pair = &g_array_index (pairs, Pair, i);
      add_derived (fit, VAI_CODING_DIFFERENCE, pair, -1);
      add_derived (fit, VAI_CODING_RATIO, pair, -1);
      for (guint j = 0; j < n_sides; j++)
        add_derived (fit, VAI_CODING_SIGNED, pair, sides[j]);
      n_derived += 2 + n_sides;
    }
}
