#include "vai-advice.h"

#include "vai-confounding.h"
#include "vai-edit.h"
#include "vai-error.h"
#include "vai-isotonic.h"
#include "vai-neighbours.h"
#include "vai-quote-value.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define POINTS_MAX 24  /* besides the present value */
#define PRICE_FROM 0.5 /* of the present price, and */
#define PRICE_TO 1.5   /* up to: nobody asks what ten times the price would do */
#define ANCHOR 1e9     /* weight of the present value: the curve goes through the score that is shown */

typedef struct
{
  VaiScorer *scorer;
  const VaiModel *model;
  const VaiFrame *frame;
  guint row, feature;
  VaiQuoteValue value;
  GArray *x;       /* of double */
  VaiFrame *trial; /* a copy of the row for each x, the row as it is last */
  double *margins; /* by x */
} Tracing;

static void
tracing_clear (Tracing *self)
{
  g_clear_pointer (&self->x, g_array_unref);
  g_clear_pointer (&self->trial, vai_frame_free);
  g_free (self->margins);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tracing, tracing_clear)

void
vai_curve_free (VaiCurve *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->points);
  g_free (self);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

/* Steps of 1, 2 or 5 times a power of ten, no finer than the column is written: what a person would ask for. */
static void
add_round_values (GArray *x, double low, double high, guint decimals)
{
  static const double digits[] = { 1, 2, 5, 10 };
  double least = (high - low) / (POINTS_MAX - 1);
  int power = MAX (floor (log10 (least)), -(int) MIN (decimals, 9));
  guint d = 0;
  while (d + 1 < G_N_ELEMENTS (digits) && digits[d] * pow (10, power) < least)
    d++;
  double step = digits[d] * pow (10, power);
  for (double i = ceil (low / step); i <= floor (high / step) && x->len < POINTS_MAX; i++)
    {
      /* A quotient of whole numbers is the double nearest to the decimal. */
      double value = power < 0 ? i * digits[d] / pow (10, -power) : i * step;
      g_array_append_val (x, value);
    }
}

/* Round values over what is usual (1 to 99 % of the past quotes), around the present price for a price; the very values
 * where there are few. And the present value. */
static GArray *
places_of (const Tracing *self)
{
  const VaiFeature *feature = vai_schema_feature (self->model->schema, self->feature);
  GArray *x = g_array_new (FALSE, FALSE, sizeof (double));
  double present = self->frame->columns[self->feature].numbers[self->row];
  double low = feature->seen[1], high = feature->seen[VAI_N_SEEN_QUANTILES - 2];
  if ((int) self->feature == self->value.price && present > 0)
    {
      low = MAX (feature->seen[0], PRICE_FROM * present);
      high = MIN (feature->seen[VAI_N_SEEN_QUANTILES - 1], PRICE_TO * present);
    }
  if (feature->grid->len <= POINTS_MAX)
    g_array_append_vals (x, feature->grid->data, feature->grid->len);
  else if (high > low)
    add_round_values (x, low, high, feature->decimals);
  gboolean have = isnan (present);
  for (guint i = 0; i < x->len; i++)
    have |= g_array_index (x, double, i) == present;
  if (!have)
    g_array_append_val (x, present);
  g_array_sort (x, compare_doubles);
  return x;
}

static gboolean
score_places (Tracing *self, GError **error)
{
  guint n = self->x->len;
  self->trial = vai_frame_new_empty (self->model->schema, n + 1);
  self->margins = g_new (double, MAX (n, 1));
  for (guint i = 0; i <= n; i++)
    vai_frame_copy_row (self->trial, i, self->frame, self->row);
  for (guint i = 0; i < n; i++)
    self->trial->columns[self->feature].numbers[i] = g_array_index (self->x, double, i);
  return vai_model_margins (self->model, self->trial, NULL, n, 1, self->margins, error);
}

/* Least squares under the order, with the present value held: a discount may not harm and a price may not help,
 * whatever the model learnt from few quotes. */
static void
make_monotone (Tracing *self, int direction)
{
  guint n = self->x->len;
  double present = self->frame->columns[self->feature].numbers[self->row];
  g_autofree double *y = g_new (double, MAX (n, 1)), *weight = g_new (double, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    {
      y[i] = direction * self->margins[i];
      weight[i] = g_array_index (self->x, double, i) == present ? ANCHOR : 1;
    }
  vai_isotonic_project (y, weight, n);
  for (guint i = 0; i < n; i++)
    self->margins[i] = direction * y[i];
}

/* The cost stays as it is, but where the curve is of the cost or the margin itself. */
static void
add_points (const Tracing *self, VaiCurve *curve)
{
  const VaiQuoteValue *value = &self->value;
  gboolean own_cost = (int) self->feature == value->cost || (int) self->feature == value->margin;
  const VaiFeature *feature = vai_schema_feature (self->model->schema, self->feature);
  guint n = self->x->len;
  g_autoptr (GArray) similar
      = vai_neighbours_values (vai_scorer_get_neighbours (self->scorer), self->frame, self->row, self->feature);
  for (guint i = 0; i < n; i++)
    {
      VaiCurvePoint point = { .x = g_array_index (self->x, double, i) };
      vai_scorer_score_margin (self->scorer, self->trial, i, self->margins[i], &point.score);
      double net = vai_quote_value_net (value, self->trial, i);
      if (net < 0)
        net = NAN; /* a slip of the pen: no quote earns less than nothing */
      double cost = vai_quote_value_cost (value, self->trial, own_cost ? i : n);
      point.expected_revenue = point.score.win_probability * net;
      point.expected_margin = point.score.win_probability * (net - cost);
      point.supported = vai_neighbours_support (feature, similar, point.x) >= VAI_SUPPORT_MIN;
      g_array_append_val (curve->points, point);
    }
}

VaiCurve *
vai_advice_curve (VaiScorer *scorer,
                  const VaiFrame *frame,
                  guint row,
                  guint feature,
                  GCancellable *cancellable,
                  GError **error)
{
  g_auto (Tracing) self
      = { .scorer = scorer, .model = vai_scorer_get_model (scorer), .frame = frame, .row = row, .feature = feature };
  if (feature >= frame->n_features || frame->columns[feature].type != VAI_TYPE_NUMBER)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("“%s” is not a number: a curve needs one."),
                   feature < frame->n_features ? vai_schema_feature (self.model->schema, feature)->name : "?");
      return NULL;
    }
  vai_quote_value_init (&self.value, self.model->schema);
  self.x = places_of (&self);
  if (vai_cancelled (cancellable, error) || !score_places (&self, error))
    return NULL;
  int giving = vai_quote_value_giving (&self.value, feature);
  VaiConfounding confounding = { .hard_deals = FALSE, .from = NAN };
  if (giving != 0)
    {
      make_monotone (&self, giving);
      vai_confounding_check (&confounding, self.model, feature, giving);
    }
  VaiCurve *curve = g_new0 (VaiCurve, 1);
  curve->feature = feature;
  curve->points = g_array_new (FALSE, FALSE, sizeof (VaiCurvePoint));
  curve->confounded = confounding.hard_deals;
  curve->confounded_from = confounding.from;
  add_points (&self, curve);
  return curve;
}
