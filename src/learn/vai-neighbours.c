/* Similar quotes. One definition for every algorithm and every place that shows a count:
 *
 *   Past quotes that look alike, and that scored alike when they were tested.
 *
 * Looks: the distance of two quotes is a weighted mean over the features that matter, by their importance in the model
 * (those with at least 1 % of it, at most 12). A category counts 0 when equal and 1 when not; a number counts the share
 * of past quotes between the two values, and goes on growing outside the seen range, up to 1; a value
 * counts 1 beside an empty cell. Cells that are empty in the quote itself are left aside, as long as a quarter of the
 * importance is filled in (else nothing is similar): a rep sees what is known so far while she fills in the form. Two
 * quotes look alike within the radius: the distance within which half of the past
 * quotes have at least 15 % of all others (and at least 80). So a quote from a crowd has many, and one with values
 * like none seen has few or none, whatever its score.
 *
 * Score: the out-of-fold win probability of the past quote lies in the range of this quote's score, or within five
 * points of it: the range is an interval for the win rate of quotes scored like this one, so these are they.
 *
 * Of more than 100, the 100 next in the order of scores count, taken by turns above and below the quote's own place.
 * That bounds the work: reference rows stand in that order, and the walk goes outwards. */
#include "vai-neighbours.h"

#include "vai-order.h"
#include "vai-resample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FEATURES_MAX 12
#define IMPORTANCE_MIN 0.01
#define KNOTS 257 /* of the distribution of a number: a quarter of a percent */
/* Of the past quotes, about half of them: with less, usual quotes of a small set stand alone. */
#define CROWD_SHARE 0.15
#define CROWD_MIN 80
#define GIVEN_MIN 0.25f
#define RADIUS_ROWS 200    /* reference rows that the radius is measured on */
#define MISSING_PLACE 9.0f /* farther than 1 from every place */
#define CROWD_ROWS 2000    /* among which their crowds are looked for */
#define NEAR 0.25          /* of the spread between the quartiles: so near a value counts as the same */
#define CODE_APART 16.0f   /* between two codes: more than any weight */

/* Four features at a time: a batch of quotes spends its time in the distance. */
#define LANES 4
#define VECTORS_MAX (FEATURES_MAX / LANES)
typedef float Lanes __attribute__ ((vector_size (16)));
typedef gint32 Bits __attribute__ ((vector_size (16)));

typedef struct
{
  guint feature;
  float weight;
  gboolean is_number;
  double knots[KNOTS]; /* quantiles; numbers only */
  guint n_knots;       /* 0: all missing */
} Axis;

/* A quote that others are compared with. */
typedef struct
{
  Lanes places[VECTORS_MAX];
  Lanes weight[VECTORS_MAX]; /* 0 where its cell is empty */
  float given;               /* the sum of them */
} Subject;

struct _VaiNeighbours
{
  const VaiReference *reference;
  guint n_axes;
  Axis *axes;
  guint n_rows;
  guint32 *row;        /* reference rows by ascending probability */
  double *probability; /* in that order */
  guint8 *won;         /* in that order: 0 or 1 */
  guint n_vectors;
  Lanes *places; /* in that order: n_rows × n_vectors, unused lanes 0 */
  float radius;
};

/* A number's value: dates in days, texts by their length. */
static double
number_of (const VaiFrameColumn *column, guint row)
{
  if (column->type != VAI_TYPE_TEXT)
    return column->numbers[row];
  if (column->codes[row] < 0)
    return NAN;
  gsize length;
  vai_dictionary_get (column->texts, column->codes[row], &length);
  return length;
}

/* Share of past quotes below @x, the middle of its ties; goes on outside, where one half of the seen range is a
 * whole 1. */
static float
place_of_number (const Axis *axis, double x)
{
  if (isnan (x) || axis->n_knots == 0)
    return MISSING_PLACE;
  guint last = axis->n_knots - 1;
  double least = axis->knots[0], most = axis->knots[last], middle = axis->knots[last / 2];
  if (x < least)
    return -fmin (middle > least ? (least - x) / (middle - least) : 1, 1);
  if (x > most)
    return 1 + fmin (most > middle ? (x - most) / (most - middle) : 1, 1);
  guint below = 0, above = axis->n_knots; /* first knot ≥ x, first knot > x */
  for (guint high = axis->n_knots; below < high;)
    {
      guint centre = (below + high) / 2;
      if (axis->knots[centre] < x)
        below = centre + 1;
      else
        high = centre;
    }
  for (guint low = below; low < above;)
    {
      guint centre = (low + above) / 2;
      if (axis->knots[centre] <= x)
        low = centre + 1;
      else
        above = centre;
    }
  if (last == 0)
    return 0.5f;
  if (above > below)
    return (below + above - 1) / 2.0 / last;
  double left = axis->knots[below - 1], right = axis->knots[below];
  return (below - 1 + (x - left) / (right - left)) / last;
}

/* Places are scaled so that a lane of the distance is |x - y|, but at most the weight of its feature. */
static void
place_row (const VaiNeighbours *self, const VaiFrame *frame, guint row, Lanes *places)
{
  memset (places, 0, sizeof (Lanes) * self->n_vectors);
  for (guint a = 0; a < self->n_axes; a++)
    {
      const Axis *axis = &self->axes[a];
      const VaiFrameColumn *column = &frame->columns[axis->feature];
      places[a / LANES][a % LANES] = axis->is_number ? place_of_number (axis, number_of (column, row)) * axis->weight
                                                     : column->codes[row] * CODE_APART;
    }
}

/* Without an axis everything is alike. */
static void
place_subject (const VaiNeighbours *self, const VaiFrame *frame, guint row, Subject *subject)
{
  place_row (self, frame, row, subject->places);
  memset (subject->weight, 0, sizeof (Lanes) * self->n_vectors);
  subject->given = self->n_axes == 0;
  for (guint a = 0; a < self->n_axes; a++)
    if (!vai_frame_is_missing (frame, row, self->axes[a].feature))
      {
        subject->weight[a / LANES][a % LANES] = self->axes[a].weight;
        subject->given += self->axes[a].weight;
      }
}

/* Between 0 and the weight that is given. */
static inline float
distance (const VaiNeighbours *self, const Subject *x, const Lanes *y)
{
  Lanes sum = { 0 };
  for (guint v = 0; v < self->n_vectors; v++)
    {
      Lanes apart = (Lanes) ((Bits) (x->places[v] - y[v]) & 0x7fffffff); /* absolute value */
      Bits less = apart < x->weight[v];
      sum += (Lanes) (((Bits) apart & less) | ((Bits) x->weight[v] & ~less));
    }
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static inline const Lanes *
places_at (const VaiNeighbours *self, guint rank)
{
  return self->places + (gsize) rank * self->n_vectors;
}

/* As a share of what could be compared. */
static double
relative_distance (const VaiNeighbours *self, const Subject *subject, guint rank)
{
  return subject->given > 0 ? distance (self, subject, places_at (self, rank)) / subject->given : 1;
}

typedef struct
{
  double key;
  guint32 row;
} Keyed;

static int
compare_keyed (const void *a, const void *b)
{
  const Keyed *x = a, *y = b;
  if (x->key != y->key)
    return x->key < y->key ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

static void
measure_numbers (Axis *axis, const VaiFrame *frame)
{
  const VaiFrameColumn *column = &frame->columns[axis->feature];
  g_autofree double *values = g_new (double, MAX (frame->n_rows, 1));
  gsize n = 0;
  for (guint i = 0; i < frame->n_rows; i++)
    {
      double x = number_of (column, i);
      if (!isnan (x))
        values[n++] = x;
    }
  vai_sort_doubles (values, n);
  axis->n_knots = MIN (KNOTS, n);
  for (guint k = 0; k < axis->n_knots; k++)
    axis->knots[k] = values[axis->n_knots > 1 ? (gsize) k * (n - 1) / (axis->n_knots - 1) : 0];
}

/* The features that matter, weightiest first. */
static void
choose_axes (VaiNeighbours *self, const VaiModel *model)
{
  const VaiFrame *frame = self->reference->frame;
  g_autofree Keyed *order = g_new (Keyed, MAX (frame->n_features, 1));
  for (guint f = 0; f < frame->n_features; f++)
    order[f] = (Keyed){ model->importance != NULL ? -model->importance[f] : -1.0 / frame->n_features, f };
  qsort (order, frame->n_features, sizeof (Keyed), compare_keyed);
  double total = 0;
  for (guint f = 0; f < frame->n_features && self->n_axes < FEATURES_MAX && -order[f].key >= IMPORTANCE_MIN; f++)
    {
      self->n_axes++;
      total -= order[f].key;
    }
  self->axes = g_new0 (Axis, MAX (self->n_axes, 1));
  for (guint a = 0; a < self->n_axes; a++)
    {
      Axis *axis = &self->axes[a];
      axis->feature = order[a].row;
      axis->weight = -order[a].key / total;
      axis->is_number = frame->columns[axis->feature].type != VAI_TYPE_CATEGORY;
      if (axis->is_number)
        measure_numbers (axis, frame);
    }
  self->n_vectors = (self->n_axes + LANES - 1) / LANES;
}

static void
order_rows (VaiNeighbours *self)
{
  const VaiReference *reference = self->reference;
  self->n_rows = reference->frame->n_rows;
  g_autofree Keyed *order = g_new (Keyed, MAX (self->n_rows, 1));
  for (guint i = 0; i < self->n_rows; i++)
    order[i] = (Keyed){ reference->probability[i], i };
  qsort (order, self->n_rows, sizeof (Keyed), compare_keyed);
  self->row = g_new (guint32, MAX (self->n_rows, 1));
  self->probability = g_new (double, MAX (self->n_rows, 1));
  self->won = g_new (guint8, MAX (self->n_rows, 1));
  self->places = g_aligned_alloc (MAX ((gsize) self->n_rows * self->n_vectors, 1), sizeof (Lanes), sizeof (Lanes));
  for (guint i = 0; i < self->n_rows; i++)
    {
      self->row[i] = order[i].row;
      self->probability[i] = order[i].key;
      self->won[i] = reference->won[order[i].row] != 0;
      place_row (self, reference->frame, order[i].row, self->places + (gsize) i * self->n_vectors);
    }
}

/* The median, over evenly taken rows, of the distance to the last of their crowd. */
static void
measure_radius (VaiNeighbours *self)
{
  if (self->n_rows < 2)
    {
      self->radius = 1;
      return;
    }
  guint n = MIN (RADIUS_ROWS, self->n_rows), n_crowd = MIN (CROWD_ROWS, self->n_rows);
  guint crowd = MIN (MAX ((guint) (CROWD_SHARE * n_crowd), CROWD_MIN), n_crowd - 1);
  g_autofree double *distances = g_new (double, n_crowd), *reach = g_new (double, n);
  for (guint i = 0; i < n; i++)
    {
      Subject own;
      place_subject (self, self->reference->frame, self->row[(guint64) i * self->n_rows / n], &own);
      for (guint j = 0; j < n_crowd; j++)
        distances[j] = relative_distance (self, &own, (guint64) j * self->n_rows / n_crowd);
      vai_sort_doubles (distances, n_crowd);
      reach[i] = distances[crowd]; /* the row itself is at 0 */
    }
  vai_sort_doubles (reach, n);
  self->radius = reach[n / 2];
}

VaiNeighbours *
vai_neighbours_new (const VaiModel *model)
{
  VaiNeighbours *self = g_aligned_alloc0 (1, sizeof (VaiNeighbours), sizeof (Lanes));
  self->reference = &model->reference;
  choose_axes (self, model);
  order_rows (self);
  measure_radius (self);
  return self;
}

void
vai_neighbours_free (VaiNeighbours *self)
{
  if (self == NULL)
    return;
  g_free (self->axes);
  g_free (self->row);
  g_free (self->probability);
  g_free (self->won);
  g_aligned_free (self->places);
  g_aligned_free (self);
}

/* First place in the order of scores that is not below @probability. */
static guint
find_score (const VaiNeighbours *self, double probability)
{
  guint low = 0;
  for (guint high = self->n_rows; low < high;)
    {
      guint centre = low + (high - low) / 2;
      if (self->probability[centre] < probability)
        low = centre + 1;
      else
        high = centre;
    }
  return low;
}

/* The similar quotes of @subject, as places in the order of scores; gives how many. Every place is written and only
 * those that are alike are kept: a walk without a branch, which a batch of quotes takes a million times. */
static guint
find_similar (const VaiNeighbours *self,
              const Subject *subject,
              double probability,
              double low,
              double high,
              guint ranks[VAI_SIMILAR_MAX + 1])
{
  float most = self->radius * subject->given;
  guint first = find_score (self, MIN (low, probability - VAI_SIMILAR_WINDOW));
  guint end = find_score (self, nextafter (MAX (high, probability + VAI_SIMILAR_WINDOW), 2));
  guint middle = find_score (self, probability), found = 0;
  if (subject->given < GIVEN_MIN)
    first = middle = end = 0;
  for (guint step = 0; found < VAI_SIMILAR_MAX && (middle + step < end || middle - first > step); step++)
    {
      if (middle + step < end)
        {
          ranks[found] = middle + step;
          found += distance (self, subject, places_at (self, middle + step)) <= most;
        }
      if (middle - first > step && found < VAI_SIMILAR_MAX)
        {
          ranks[found] = middle - 1 - step;
          found += distance (self, subject, places_at (self, middle - 1 - step)) <= most;
        }
    }
  return found;
}

void
vai_neighbours_count (const VaiNeighbours *self,
                      const VaiFrame *frame,
                      guint row,
                      double probability,
                      double low,
                      double high,
                      guint *n_similar,
                      guint *n_won)
{
  Subject subject;
  guint ranks[VAI_SIMILAR_MAX + 1], won = 0;
  place_subject (self, frame, row, &subject);
  *n_similar = find_similar (self, &subject, probability, low, high, ranks);
  for (guint i = 0; i < *n_similar; i++)
    won += self->won[ranks[i]];
  *n_won = won;
}

double
vai_neighbours_distance (const VaiNeighbours *self, const VaiFrame *frame, guint row, guint reference)
{
  Subject subject;
  Lanes other[VECTORS_MAX];
  place_subject (self, frame, row, &subject);
  place_row (self, self->reference->frame, reference, other);
  return subject.given < GIVEN_MIN ? 1 : distance (self, &subject, other) / subject.given;
}

GArray *
vai_neighbours_values (const VaiNeighbours *self, const VaiFrame *frame, guint row, guint feature)
{
  Subject subject;
  GArray *values = g_array_new (FALSE, FALSE, sizeof (double));
  place_subject (self, frame, row, &subject);
  for (guint a = 0; a < self->n_axes; a++)
    if (self->axes[a].feature == feature)
      {
        subject.given -= subject.weight[a / LANES][a % LANES];
        subject.weight[a / LANES][a % LANES] = 0;
      }
  for (guint i = 0; i < self->n_rows; i++)
    {
      double value = self->reference->frame->columns[feature].numbers[self->row[i]];
      if (!isnan (value) && distance (self, &subject, places_at (self, i)) <= self->radius * subject.given + 1e-6f)
        g_array_append_val (values, value);
    }
  return values;
}

guint
vai_neighbours_support (const VaiFeature *feature, const GArray *values, double x)
{
  double spread = feature->seen[5] - feature->seen[3];
  if (!(spread > 0))
    spread = feature->seen[VAI_N_SEEN_QUANTILES - 1] - feature->seen[0];
  guint n = 0;
  for (guint i = 0; i < values->len; i++)
    n += fabs (g_array_index (values, double, i) - x) <= NEAR * spread;
  return n;
}

double
vai_neighbours_get_radius (const VaiNeighbours *self)
{
  return self->radius;
}

static gboolean
has_group (const VaiNeighbours *self, const guint32 *rows, guint n, guint32 row)
{
  const guint32 *groups = self->reference->groups;
  for (guint i = 0; groups != NULL && i < n; i++)
    if (groups[rows[i]] == groups[row])
      return TRUE;
  return FALSE;
}

/* The @n nearest of @order, nearest first, one of each group. */
static guint
take_nearest (const VaiNeighbours *self, Keyed *order, guint n_order, guint n, guint32 *rows)
{
  guint found = 0;
  qsort (order, n_order, sizeof (Keyed), compare_keyed);
  for (guint i = 0; i < n_order && found < n; i++)
    if (!has_group (self, rows, found, order[i].row))
      rows[found++] = order[i].row;
  return found;
}

guint
vai_neighbours_similar (const VaiNeighbours *self,
                        const VaiFrame *frame,
                        guint row,
                        double probability,
                        double low,
                        double high,
                        gboolean won,
                        guint n,
                        guint32 *rows)
{
  Subject subject;
  guint ranks[VAI_SIMILAR_MAX + 1], n_order = 0;
  Keyed order[VAI_SIMILAR_MAX];
  place_subject (self, frame, row, &subject);
  guint found = find_similar (self, &subject, probability, low, high, ranks);
  for (guint i = 0; i < found; i++)
    if (self->won[ranks[i]] == (won != FALSE))
      order[n_order++] = (Keyed){ relative_distance (self, &subject, ranks[i]), self->row[ranks[i]] };
  return take_nearest (self, order, n_order, n, rows);
}

guint
vai_neighbours_nearest (const VaiNeighbours *self,
                        const VaiFrame *frame,
                        guint row,
                        gboolean won,
                        guint n,
                        guint32 *rows)
{
  Subject subject;
  place_subject (self, frame, row, &subject);
  g_autofree Keyed *order = g_new (Keyed, MAX (self->n_rows, 1));
  guint n_order = 0;
  for (guint i = 0; i < self->n_rows; i++)
    if (self->won[i] == (won != FALSE))
      order[n_order++] = (Keyed){ relative_distance (self, &subject, i), self->row[i] };
  return take_nearest (self, order, n_order, n, rows);
}
