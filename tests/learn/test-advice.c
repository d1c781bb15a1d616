#include "hand-model.h"

#include "vai-advice.h"
#include "vai-error.h"
#include "vai-neighbours.h"
#include "vai-random.h"

#include <math.h>
#include <string.h>

#define QUOTES 1000
#define VALUES_MAX 24
#define FIELDS 4

static const guint fields[FIELDS] = { HAND_PRICE, HAND_DISCOUNT, HAND_DELIVERY, HAND_CHANNEL };

/* --- The search once more, in plain loops --- */

/* Values that a field may take: a category of at least 5 quotes; a number of the grid that at least 5 quotes lie at or
 * below, and at or above; 24 of them, evenly. */
static guint
list_values (const VaiModel *model, guint f, double *values)
{
  const VaiFeature *feature = vai_schema_feature (model->schema, f);
  const VaiFrame *frame = model->reference.frame;
  double all[64];
  guint n = 0;
  if (f == HAND_CHANNEL)
    {
      for (guint code = 0; code < vai_dictionary_get_size (feature->values); code++)
        if (feature->counts[code] >= 5)
          values[n++] = code;
      return n;
    }
  for (guint g = 0; g < feature->grid->len; g++)
    {
      double x = g_array_index (feature->grid, double, g);
      guint below = 0, above = 0;
      for (guint i = 0; i < frame->n_rows; i++)
        {
          below += frame->columns[f].numbers[i] <= x;
          above += frame->columns[f].numbers[i] >= x;
        }
      if (below >= 5 && above >= 5)
        all[n++] = x;
    }
  guint kept = MIN (n, VALUES_MAX);
  for (guint i = 0; i < kept; i++)
    values[i] = n > kept ? all[i * (n - 1) / (kept - 1)] : all[i];
  return kept;
}

typedef struct
{
  guint n;
  guint field[2];
  double value[2];
  double p, gain, money, steps, earnings;
  gboolean reached, is_money, supported;
} Plain;

typedef struct
{
  VaiScorer *scorer;
  const VaiModel *model;
  const VaiFrame *frame;
  guint row;
  const VaiAdviceOptions *options;
  VaiFrame *work;
  VaiScore now;
  double values[FIELDS][VALUES_MAX];
  guint n_values[FIELDS];
  gboolean usual[FIELDS][VALUES_MAX];
  GArray *found; /* of Plain */
} Brute;

static double
net_of (const VaiFrame *frame, guint row)
{
  double price = frame->columns[HAND_PRICE].numbers[row], discount = frame->columns[HAND_DISCOUNT].numbers[row];
  return price - price * discount / 100;
}

static double
earned_of (const VaiFrame *frame, guint row)
{
  double cost = frame->columns[HAND_COST].numbers[row];
  return net_of (frame, row) - (isnan (cost) ? 0 : cost);
}

static void
put (VaiFrame *frame, guint f, double value)
{
  if (f == HAND_CHANNEL)
    frame->columns[f].codes[0] = value;
  else
    frame->columns[f].numbers[0] = value;
}

/* Are there five quotes that look alike but for @f, with about this value there? As the curve counts. */
static gboolean
was_usual (const Brute *b, guint f, double value)
{
  const VaiFeature *feature = vai_schema_feature (b->model->schema, f);
  g_autoptr (GArray) values = vai_neighbours_values (vai_scorer_get_neighbours (b->scorer), b->frame, b->row, f);
  guint n = 0;
  for (guint i = 0; i < values->len; i++)
    n += fabs (g_array_index (values, double, i) - value) <= 0.25 * (feature->seen[5] - feature->seen[3]);
  return n >= 5;
}

static gboolean
allowed (const Brute *b, guint i, guint v)
{
  guint f = fields[i];
  double value = b->values[i][v];
  if (f == HAND_CHANNEL)
    return value != b->frame->columns[f].codes[b->row];
  if (!b->usual[i][v])
    return FALSE;
  double now = b->frame->columns[f].numbers[b->row];
  if (f == HAND_PRICE)
    return value < now;
  if (f == HAND_DISCOUNT)
    return value > now;
  return value != now;
}

static double
steps_of (const Brute *b, guint f, double value)
{
  const VaiFeature *feature = vai_schema_feature (b->model->schema, f);
  if (f == HAND_CHANNEL)
    return 1;
  double now = b->frame->columns[f].numbers[b->row];
  return fabs (value - (isnan (now) ? feature->seen[4] : now)) / (feature->seen[5] - feature->seen[3]);
}

static double
chance_with (Brute *b, guint field, double value)
{
  vai_frame_copy_row (b->work, 0, b->frame, b->row);
  put (b->work, field, value);
  return vai_calibrator_apply (b->model->calibrator, hand_margin (b->work, 0));
}

static void
try (Brute *b, Plain plain)
{
  double alone = 0;
  for (guint c = 0; c < plain.n && plain.n > 1; c++)
    alone = MAX (alone, chance_with (b, plain.field[c], plain.value[c]));
  vai_frame_copy_row (b->work, 0, b->frame, b->row);
  for (guint c = 0; c < plain.n; c++)
    put (b->work, plain.field[c], plain.value[c]);
  plain.p = vai_calibrator_apply (b->model->calibrator, hand_margin (b->work, 0));
  plain.gain = plain.p - b->now.win_probability;
  if (plain.gain <= alone - b->now.win_probability)
    return;
  plain.reached = plain.p >= b->options->target;
  plain.earnings = plain.p * earned_of (b->work, 0) - b->now.win_probability * earned_of (b->frame, b->row);
  for (guint c = 0; c < plain.n; c++)
    {
      guint f = plain.field[c];
      const double *weights = b->options->weights;
      if (weights == NULL && (f == HAND_PRICE || f == HAND_DISCOUNT))
        {
          plain.is_money = TRUE;
          plain.money += net_of (b->frame, b->row) - net_of (b->work, 0);
        }
      else
        plain.steps += steps_of (b, f, plain.value[c]) * (weights != NULL ? weights[f] : 1);
    }
  if (plain.gain <= 0.005)
    return;
  VaiScore score;
  g_assert_true (vai_scorer_score (b->scorer, b->work, NULL, 1, 1, &score, NULL, NULL, NULL));
  plain.supported = score.n_similar >= CLAMP (b->now.n_similar, 1, 15);
  if (plain.supported)
    g_array_append_val (b->found, plain);
}

static gboolean
is_locked (const Brute *b, guint f)
{
  return b->options->n_locked > 0 && b->options->locked[0] == f;
}

static void
try_all (Brute *b)
{
  for (guint i = 0; i < FIELDS; i++)
    for (guint v = 0; v < b->n_values[i]; v++)
      b->usual[i][v] = fields[i] == HAND_CHANNEL || was_usual (b, fields[i], b->values[i][v]);
  for (guint i = 0; i < FIELDS; i++)
    for (guint v = 0; v < b->n_values[i]; v++)
      if (!is_locked (b, fields[i]) && allowed (b, i, v))
        try (b, (Plain){ .n = 1, .field = { fields[i] }, .value = { b->values[i][v] } });
  for (guint i = 0; i < FIELDS; i++)
    for (guint j = i + 1; j < FIELDS; j++)
      for (guint v = 0; v < b->n_values[i]; v++)
        for (guint w = 0; w < b->n_values[j]; w++)
          {
            gboolean both_money = fields[i] == HAND_PRICE && fields[j] == HAND_DISCOUNT;
            if (both_money || is_locked (b, fields[i]) || is_locked (b, fields[j]) || !allowed (b, i, v)
                || !allowed (b, j, w))
              continue;
            try (b,
                 (Plain){ .n = 2, .field = { fields[i], fields[j] }, .value = { b->values[i][v], b->values[j][w] } });
          }
}

static gboolean
cheaper (const Plain *a, const Plain *b)
{
  if (a->money != b->money)
    return a->money < b->money;
  if (a->steps != b->steps)
    return a->steps < b->steps;
  return a->gain > b->gain;
}

/* The cheapest with more gain than @more_than, or NULL. */
static const Plain *
next_of (const Brute *b, gboolean reached, double more_than)
{
  const Plain *best = NULL;
  for (guint i = 0; i < b->found->len; i++)
    {
      const Plain *plain = &g_array_index (b->found, Plain, i);
      if (plain->reached == reached && plain->gain > more_than && (best == NULL || cheaper (plain, best)))
        best = plain;
    }
  return best;
}

static guint
front_of (const Brute *b, gboolean reached, const Plain **front)
{
  guint n = 0;
  for (const Plain *plain = next_of (b, reached, 0.005); plain != NULL; plain = next_of (b, reached, plain->gain))
    front[n++] = plain;
  return n;
}

static void
assert_same (const VaiRecommendation *got, const Plain *expected, const Brute *b)
{
  g_assert_cmpuint (got->n_changes, ==, expected->n);
  g_assert_cmpfloat (got->score.win_probability, ==, expected->p);
  g_assert_cmpfloat (got->gain, ==, expected->gain);
  g_assert_cmpint (got->cost_is_money, ==, expected->is_money);
  g_assert_cmpfloat_with_epsilon (got->cost, expected->is_money ? expected->money : expected->steps, 1e-9);
  g_assert_cmpint (isnan (got->earnings), ==, isnan (expected->earnings));
  if (!isnan (expected->earnings))
    g_assert_cmpfloat_with_epsilon (got->earnings, expected->earnings, 1e-6);
  vai_frame_copy_row (b->work, 0, b->frame, b->row);
  for (guint c = 0; c < expected->n; c++)
    {
      g_autofree char *from = vai_frame_dup_text (b->work, 0, expected->field[c]);
      put (b->work, expected->field[c], expected->value[c]);
      g_autofree char *to = vai_frame_dup_text (b->work, 0, expected->field[c]);
      g_assert_cmpuint (got->changes[c].feature, ==, expected->field[c]);
      g_assert_cmpstr (got->changes[c].from, ==, from);
      g_assert_cmpstr (got->changes[c].to, ==, to);
    }
}

/* Locks, targets, weights and room for answers vary from quote to quote. */
static guint
check_quote (Brute *b)
{
  guint lock = fields[b->row % FIELDS];
  double weights[HAND_N_FEATURES] = { 3, 0.5, 1, 1, 2.5, 1 };
  VaiAdviceOptions options = { .locked = &lock,
                               .n_locked = b->row % 3 == 0,
                               .weights = b->row % 5 == 1 ? weights : NULL,
                               .target = b->row % 2 ? NAN : b->now.win_probability + (b->row % 7 ? 0.15 : -0.05),
                               .n_max = 1 + b->row % 6 };
  b->options = &options;
  g_array_set_size (b->found, 0);
  try_all (b);
  const Plain *reached[4000], *others[4000];
  guint n_reached = front_of (b, TRUE, reached), n_others = front_of (b, FALSE, others);
  /* A quote that no past quote is like gets no advice, and one at its target needs none. */
  if (b->now.n_similar == 0 || b->now.win_probability >= options.target)
    n_reached = n_others = 0;
  guint first = MIN (n_reached, options.n_max), room = MIN (options.n_max - first, n_others);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) got = vai_advice_recommend (b->scorer, b->frame, b->row, &options, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (got->len, ==, first + room);
  for (guint i = 0; i < got->len; i++)
    {
      guint other = i < first ? 0 : room > 1 ? (i - first) * (n_others - 1) / (room - 1) : n_others - 1;
      assert_same (g_ptr_array_index (got, i), i < first ? reached[i] : others[other], b);
    }
  return got->len;
}

static void
test_brute_force (void)
{
  g_autoptr (VaiModel) model = hand_model_new (250, 51);
  g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
  g_autoptr (VaiFrame) frame = hand_frame_new (model->schema, QUOTES, 52);
  g_autoptr (VaiFrame) work = vai_frame_new_empty (model->schema, 1);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Plain));
  Brute b = { .scorer = scorer, .model = model, .frame = frame, .work = work, .found = found };
  guint answers = 0, without = 0;
  for (guint i = 0; i < FIELDS; i++)
    b.n_values[i] = list_values (model, fields[i], b.values[i]);
  for (b.row = 0; b.row < QUOTES; b.row++)
    {
      g_assert_true (vai_scorer_score (scorer, frame, &b.row, 1, 1, &b.now, NULL, NULL, NULL));
      guint n = check_quote (&b);
      answers += n;
      without += n == 0;
    }
  g_test_message ("%u recommendations for %u quotes, none for %u", answers, QUOTES, without);
  g_assert_cmpuint (answers, >, QUOTES);
}

/* What a person must never be told. */
static void
test_never (void)
{
  g_autoptr (VaiModel) model = hand_model_new (400, 53);
  g_autoptr (VaiFrame) frame = hand_frame_new (model->schema, 100, 54);
  model->weights[0] = -1; /* a model that learnt that discounts harm */
  g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
  for (guint row = 0; row < 100; row++)
    {
      VaiAdviceOptions options = { .target = NAN, .n_max = 50 };
      g_autoptr (GPtrArray) got = vai_advice_recommend (scorer, frame, row, &options, NULL, NULL);
      for (guint i = 0; i < got->len; i++)
        {
          const VaiRecommendation *r = g_ptr_array_index (got, i);
          for (guint c = 0; c < r->n_changes; c++)
            g_assert_true (r->changes[c].feature == HAND_DELIVERY || r->changes[c].feature == HAND_CHANNEL);
        }
    }
}

static void
test_options (void)
{
  g_autoptr (VaiModel) model = hand_model_new (400, 55);
  g_autoptr (VaiFrame) frame = hand_frame_new (model->schema, 1, 56);
  g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
  guint only[] = { HAND_SECTOR }, beyond[] = { 99 };
  VaiAdviceOptions options = { .features = only, .n_features = 1, .target = NAN, .n_max = 9 };
  g_autoptr (GPtrArray) sector = vai_advice_recommend (scorer, frame, 0, &options, NULL, NULL);
  for (guint i = 0; i < sector->len; i++)
    g_assert_cmpuint (((VaiRecommendation *) g_ptr_array_index (sector, i))->changes[0].feature, ==, HAND_SECTOR);
  options.features = beyond;
  g_autoptr (GError) error = NULL;
  g_assert_null (vai_advice_recommend (scorer, frame, 0, &options, NULL, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_USAGE);
  options.n_features = 0;
  g_autoptr (GPtrArray) none = vai_advice_recommend (scorer, frame, 0, &options, NULL, NULL);
  g_assert_cmpuint (none->len, ==, 0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  g_autoptr (GError) cancelled = NULL;
  g_assert_null (vai_advice_recommend (scorer, frame, 0, &options, cancellable, &cancelled));
  g_assert_error (cancelled, VAI_ERROR, VAI_ERROR_CANCELLED);
}

static VaiCurve *
curve_of (VaiScorer *scorer, const VaiFrame *frame, guint row, guint feature)
{
  g_autoptr (GError) error = NULL;
  VaiCurve *curve = vai_advice_curve (scorer, frame, row, feature, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (curve->feature, ==, feature);
  return curve;
}

/* Rising for a discount, falling for a price, through the score that is shown; revenue and margin by their formulas;
 * support where quotes were. */
static void
test_curve (void)
{
  g_autoptr (VaiModel) model = hand_model_new (1500, 57);
  g_autoptr (VaiFrame) frame = hand_frame_new (model->schema, 30, 58);
  g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
  guint supported = 0, unsupported = 0;
  for (guint row = 0; row < 30; row++)
    {
      g_autoptr (VaiCurve) curve = curve_of (scorer, frame, row, HAND_DISCOUNT);
      double price = frame->columns[HAND_PRICE].numbers[row], cost = frame->columns[HAND_COST].numbers[row];
      VaiScore now;
      vai_scorer_score (scorer, frame, &row, 1, 1, &now, NULL, NULL, NULL);
      gboolean met = FALSE;
      for (guint i = 0; i < curve->points->len; i++)
        {
          const VaiCurvePoint *point = &g_array_index (curve->points, VaiCurvePoint, i);
          gboolean present = point->x == frame->columns[HAND_DISCOUNT].numbers[row];
          g_assert_true (present || fabs (point->x / 2 - round (point->x / 2)) < 1e-12); /* 0 to 30 in steps of 2 */
          double p = point->score.win_probability, net = price * (1 - point->x / 100);
          g_assert_true (i == 0 || (point[-1].x < point->x && point[-1].score.win_probability <= p));
          g_assert_cmpfloat_with_epsilon (point->expected_revenue, p * net, 1e-6);
          g_assert_cmpfloat_with_epsilon (point->expected_margin, p * (net - cost), 1e-6);
          if (present)
            {
              met = TRUE;
              g_assert_cmpfloat_with_epsilon (p, now.win_probability, 1e-6);
            }
          supported += point->supported;
          unsupported += !point->supported;
        }
      g_assert_true (met);
    }
  g_assert_cmpuint (supported, >, 100);
  g_assert_cmpuint (unsupported, >, 20);
  g_autoptr (VaiCurve) price = curve_of (scorer, frame, 0, HAND_PRICE);
  for (guint i = 1; i < price->points->len; i++)
    g_assert_cmpfloat (g_array_index (price->points, VaiCurvePoint, i).score.win_probability, <=,
                       g_array_index (price->points, VaiCurvePoint, i - 1).score.win_probability);
  g_autoptr (GError) error = NULL;
  g_assert_null (vai_advice_curve (scorer, frame, 0, HAND_CHANNEL, NULL, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_USAGE);
}

/* Where the model says that discounts harm, the curve is flat: it never falls. */
static void
test_curve_of_wrong_model (void)
{
  g_autoptr (VaiModel) model = hand_model_new (500, 59);
  g_autoptr (VaiFrame) frame = hand_frame_new (model->schema, 1, 60);
  model->weights[0] = -1;
  g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
  g_autoptr (VaiCurve) curve = curve_of (scorer, frame, 0, HAND_DISCOUNT);
  const VaiCurvePoint *points = (const VaiCurvePoint *) (void *) curve->points->data;
  g_assert_cmpfloat_with_epsilon (points[0].score.win_probability, points[curve->points->len - 1].score.win_probability,
                                  1e-6);
}

/* Sets where discounts went to hard deals, and sets where they were given by lot. */
static void
test_confounding (void)
{
  guint found = 0, alarms = 0;
  const guint sets = 60, n = 1000;
  for (guint s = 0; s < sets; s++)
    {
      g_autoptr (VaiModel) model = hand_model_new (n, 1000 + s);
      g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
      g_autoptr (VaiCurve) hard = curve_of (scorer, model->reference.frame, 0, HAND_DISCOUNT);
      found += hard->confounded;
      if (hard->confounded)
        g_assert_true (isnan (hard->confounded_from) || (hard->confounded_from > 0 && hard->confounded_from <= 30));
      VaiRandom random;
      vai_random_init (&random, 5, s);
      VaiReference *reference = &model->reference;
      for (guint i = 0; i < n; i++)
        {
          reference->frame->columns[HAND_DISCOUNT].numbers[i] = vai_random_below (&random, 31);
          reference->won[i] = vai_random_uniform (&random) < vai_sigmoid (hand_margin (reference->frame, i));
        }
      g_autoptr (VaiCurve) by_lot = curve_of (scorer, reference->frame, 0, HAND_DISCOUNT);
      alarms += by_lot->confounded;
    }
  g_test_message ("hard deals found in %u, false alarms in %u of %u", found, alarms, sets);
  g_assert_cmpuint (found, >=, 0.95 * sets);
  g_assert_cmpuint (alarms, <=, 0.1 * sets);
}

static void
test_partial_dependence (void)
{
  const guint n = 300;
  g_autoptr (VaiModel) model = hand_model_new (n, 61);
  g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
  for (guint f = 0; f < HAND_N_FEATURES; f++)
    {
      g_autoptr (VaiPartialDependence) curve = vai_advice_partial_dependence (scorer, f, NULL, NULL);
      guint support = 0, present = 0;
      g_assert_cmpuint (curve->x->len, >, 1);
      g_assert_cmpuint (curve->labels->len, ==, curve->x->len);
      g_autoptr (VaiFrame) work = vai_frame_new_empty (model->schema, 1);
      for (guint i = 0; i < curve->x->len; i++)
        {
          double mean = 0;
          for (guint r = 0; r < n; r++)
            {
              vai_frame_copy_row (work, 0, model->reference.frame, r);
              g_assert_true (vai_frame_set_text (work, 0, vai_schema_feature (model->schema, f)->name,
                                                 g_ptr_array_index (curve->labels, i), NULL));
              mean += vai_calibrator_apply (model->calibrator, hand_margin (work, 0)) / n;
            }
          g_assert_cmpfloat_with_epsilon (g_array_index (curve->probability, double, i), mean, 1e-9);
          support += g_array_index (curve->support, guint, i);
        }
      for (guint r = 0; r < n; r++)
        present += !vai_frame_is_missing (model->reference.frame, r, f);
      g_assert_cmpuint (support, <=, present);
      g_assert_cmpuint (support, >=, present - 10); /* but for categories too rare to stand there */
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/advice/brute-force", test_brute_force);
  g_test_add_func ("/advice/never", test_never);
  g_test_add_func ("/advice/options", test_options);
  g_test_add_func ("/advice/curve", test_curve);
  g_test_add_func ("/advice/curve-of-wrong-model", test_curve_of_wrong_model);
  g_test_add_func ("/advice/confounding", test_confounding);
  g_test_add_func ("/advice/partial-dependence", test_partial_dependence);
  return g_test_run ();
}
