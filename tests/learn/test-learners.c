#include "fixture.h"
#include "truth.h"

#include "vai-encoder.h"
#include "vai-error.h"
#include "vai-random.h"

#include <math.h>
#include <string.h>

/* A fixture without its many-valued category, whose training rows are encoded as any others. */
static void
plain_fixture (Fixture *self, gsize n, guint64 seed)
{
  fixture_init (self, n, seed, FALSE);
  vai_frame_free (self->frame);
  vai_schema_unref (self->schema);
  self->schema = fixture_schema (self->table, "Customer");
  self->frame = vai_frame_new_from_table (self->schema, self->table, NULL, 0);
}

static GArray *
question (const Fixture *fixture, const float *matrix, guint width, const double *parameters, guint n_parameters)
{
  GArray *values = g_array_new (FALSE, FALSE, sizeof (double));
  truth_add (values, fixture->n);
  truth_add (values, width);
  g_array_append_vals (values, parameters, n_parameters);
  for (gsize i = 0; i < fixture->n; i++)
    truth_add (values, fixture->won[i]);
  for (gsize i = 0; i < fixture->n * width; i++)
    truth_add (values, matrix[i]);
  return values;
}

static double
gap_from_truth (const Fixture *fixture, const VaiHyperparameters *hyperparameters, const GArray *truth)
{
  VaiTraining training = fixture_training (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiMember) member = vai_member_train (hyperparameters, &training, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autofree double *margins = g_new (double, fixture->n);
  vai_member_margins (member, fixture->frame, NULL, fixture->frame->n_rows, 1, margins, NULL);
  double gap = 0;
  for (gsize i = 0; i < fixture->n; i++)
    gap = fmax (gap, fabs (margins[i] - truth_get (truth, i)));
  return gap;
}

/* The same optimum as scikit-learn's, whose intercept is free too. */
static void
test_logistic (void)
{
  static const double strengths[] = { 0.003, 0.1, 3 };
  g_auto (Fixture) fixture = { 0 };
  plain_fixture (&fixture, 900, 31);
  VaiTraining training = fixture_training (&fixture);
  g_autofree float *matrix = NULL;
  g_autoptr (VaiEncoder) encoder = vai_encoder_fit (VAI_ENCODER_LINEAR, &training, &matrix);
  for (guint i = 0; i < G_N_ELEMENTS (strengths); i++)
    {
      VaiHyperparameters hyperparameters;
      vai_hyperparameters_init (&hyperparameters, VAI_ALGORITHM_LOGISTIC);
      hyperparameters.strength = strengths[i];
      g_autoptr (GArray) values = question (&fixture, matrix, vai_encoder_width (encoder), &strengths[i], 1);
      g_autoptr (GArray) truth = truth_ask ("logistic", values);
      double gap = gap_from_truth (&fixture, &hyperparameters, truth);
      g_test_message ("strength %g: largest gap %.1e", strengths[i], gap);
      g_assert_cmpfloat (gap, <, 0.01);
    }
}

/* The same trees as Python's XGBoost grows; gradients rounded to 2^-22 move a leaf by less than this. */
static void
test_boosted (void)
{
  g_auto (Fixture) fixture = { 0 };
  plain_fixture (&fixture, 900, 32);
  VaiTraining training = fixture_training (&fixture);
  g_autofree float *matrix = NULL;
  g_autoptr (VaiEncoder) encoder = vai_encoder_fit (VAI_ENCODER_TREES, &training, &matrix);
  VaiHyperparameters hyper;
  vai_hyperparameters_init (&hyper, VAI_ALGORITHM_BOOSTED_TREES);
  hyper.rounds = 40;
  hyper.row_sample = hyper.column_sample = 1;
  double parameters[] = { hyper.rounds, hyper.depth, hyper.learning_rate, hyper.min_child_weight, hyper.lambda };
  g_autoptr (GArray) values = question (&fixture, matrix, vai_encoder_width (encoder), parameters, 5);
  g_autoptr (GArray) truth = truth_ask ("boosted", values);
  double gap = gap_from_truth (&fixture, &hyper, truth);
  g_test_message ("largest gap %.1e", gap);
  g_assert_cmpfloat (gap, <, 1e-3);
}

static const VaiCodedColumn *
find_column (const VaiEncoder *encoder, const char *feature, VaiCoding coding, guint *index)
{
  for (guint i = 0; i < vai_encoder_width (encoder); i++)
    {
      const VaiCodedColumn *column = vai_encoder_column (encoder, i);
      if (column->coding == coding && (int) column->origins[0] == vai_schema_find (encoder->schema, feature))
        {
          *index = i;
          return column;
        }
    }
  g_error ("“%s” has no such column", feature);
}

/* No training row's own outcome is in its target statistic: turning one outcome over changes that of others only. */
static void
test_own_outcome (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, 400, 33, FALSE);
  VaiTraining training = fixture_training (&fixture);
  guint at = 0, changed = 0;
  g_autofree float *before = NULL;
  g_autoptr (VaiEncoder) encoder = vai_encoder_fit (VAI_ENCODER_TREES, &training, &before);
  find_column (encoder, "Customer", VAI_CODING_LEVELS, &at);
  guint width = vai_encoder_width (encoder);
  for (gsize row = 0; row < 60; row++)
    {
      g_autofree float *after = NULL;
      fixture.won[row] ^= 1;
      g_autoptr (VaiEncoder) other = vai_encoder_fit (VAI_ENCODER_TREES, &training, &after);
      fixture.won[row] ^= 1;
      /* Words of the text are chosen by outcome, so later columns may differ; the category's stands before them. */
      g_assert_cmpfloat (before[row * width + at], ==, after[row * vai_encoder_width (other) + at]);
      for (gsize i = 0; i < fixture.n; i++)
        changed += before[i * width + at] != after[i * vai_encoder_width (other) + at];
    }
  g_assert_cmpuint (changed, >, 60);
}

/* Rows of one group are never told each other's outcomes. */
static void
test_groups (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, 400, 34, FALSE);
  g_autofree guint32 *groups = g_new (guint32, fixture.n);
  for (gsize i = 0; i < fixture.n; i++)
    groups[i] = i / 4;
  VaiTraining training = fixture_training (&fixture);
  training.groups = groups;
  guint at = 0;
  g_autofree float *before = NULL, *after = NULL;
  g_autoptr (VaiEncoder) encoder = vai_encoder_fit (VAI_ENCODER_TREES, &training, &before);
  find_column (encoder, "Customer", VAI_CODING_LEVELS, &at);
  fixture.won[41] ^= 1;
  g_autoptr (VaiEncoder) other = vai_encoder_fit (VAI_ENCODER_TREES, &training, &after);
  for (guint row = 40; row < 44; row++)
    g_assert_cmpfloat (before[row * vai_encoder_width (encoder) + at], ==, after[row * vai_encoder_width (other) + at]);
}

/* A value never seen gets the statistic of rare ones, a missing one none; seen values are ordered as their true effect.
 */
static void
test_levels (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, 3000, 35, FALSE);
  VaiTraining training = fixture_training (&fixture);
  guint at = 0;
  g_autofree float *matrix = NULL;
  g_autoptr (VaiEncoder) encoder = vai_encoder_fit (VAI_ENCODER_TREES, &training, &matrix);
  const VaiCodedColumn *column = find_column (encoder, "Customer", VAI_CODING_LEVELS, &at);
  g_assert_true (isnan (column->missing));
  g_assert_cmpfloat (fabs (column->unseen), <, 0.5);
  const VaiDictionary *values = vai_schema_feature (fixture.schema, column->origins[0])->values;
  g_assert_cmpuint (column->n_levels, ==, vai_dictionary_get_size (values));
  for (guint i = 0; i < column->n_levels; i++)
    {
      double won = 0, n = 0;
      for (gsize row = 0; row < fixture.n; row++)
        if (fixture.frame->columns[column->origins[0]].codes[row] == (gint32) i)
          {
            n++;
            won += fixture.won[row];
          }
      double base = 0;
      for (gsize row = 0; row < fixture.n; row++)
        base += fixture.won[row];
      base = (base + 0.5) / (fixture.n + 1);
      double rate = (won + 10 * base) / (n + 10);
      if (n >= 3)
        g_assert_cmpfloat_with_epsilon (column->levels[i], log (rate / (1 - rate)) - log (base / (1 - base)), 1e-9);
    }
}

/* The side turns the difference of the two prices, and it is found. */
static void
test_pairs (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, 500, 36, FALSE);
  VaiTraining training = fixture_training (&fixture);
  guint at = 0, n_derived = 0;
  g_autofree float *matrix = NULL;
  g_autoptr (VaiEncoder) encoder = vai_encoder_fit (VAI_ENCODER_TREES, &training, &matrix);
  const VaiCodedColumn *column = find_column (encoder, "Market price", VAI_CODING_SIGNED, &at);
  g_assert_cmpuint (column->n_origins, ==, 3);
  for (guint i = 0; i < vai_encoder_width (encoder); i++)
    n_derived
        += vai_encoder_column (encoder, i)->n_origins > 1 && vai_encoder_column (encoder, i)->coding != VAI_CODING_AGE;
  g_assert_cmpuint (n_derived, ==, 3);
  const VaiFrameColumn *cells = fixture.frame->columns;
  for (gsize i = 0; i < fixture.n; i++)
    {
      double margin = cells[column->origins[0]].numbers[i] - cells[column->origins[1]].numbers[i];
      gboolean same = cells[column->origins[2]].codes[i] == column->value;
      g_assert_cmpfloat_with_epsilon (matrix[i * vai_encoder_width (encoder) + at], same ? margin : -margin, 1e-5);
    }
}

/* Applied to the training rows, columns without a target statistic are what the learner was given. */
static void
test_apply (void)
{
  g_auto (Fixture) fixture = { 0 };
  plain_fixture (&fixture, 300, 37);
  VaiTraining training = fixture_training (&fixture);
  for (VaiEncoderKind kind = VAI_ENCODER_TREES; kind <= VAI_ENCODER_LINEAR; kind++)
    {
      g_autofree float *matrix = NULL;
      g_autoptr (VaiEncoder) encoder = vai_encoder_fit (kind, &training, &matrix);
      guint width = vai_encoder_width (encoder);
      g_autofree float *applied = g_new (float, fixture.n *width);
      vai_encoder_apply (encoder, fixture.frame, NULL, 0, fixture.n, applied);
      for (gsize i = 0; i < fixture.n * width; i++)
        g_assert_true (matrix[i] == applied[i] || (isnan (matrix[i]) && isnan (applied[i])));
      for (gsize i = 0; kind == VAI_ENCODER_LINEAR && i < fixture.n * width; i++)
        g_assert_true (isfinite (matrix[i]));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/learners/logistic", test_logistic);
  g_test_add_func ("/learners/boosted", test_boosted);
  g_test_add_func ("/learners/own-outcome", test_own_outcome);
  g_test_add_func ("/learners/groups", test_groups);
  g_test_add_func ("/learners/levels", test_levels);
  g_test_add_func ("/learners/pairs", test_pairs);
  g_test_add_func ("/learners/apply", test_apply);
  return g_test_run ();
}
