#include "hand-model.h"
#include "vai-health.h"
#include "vai-model-compare.h"
#include "vai-random.h"

#include <math.h>

#define N_OLD 600
#define N_NEW 200

static VaiHealth *
health_of (VaiModel *model, VaiFrame *frame, double bias, guint64 seed)
{
  g_autoptr (GError) error = NULL;
  g_autofree double *probability = g_new (double, frame->n_rows);
  g_autofree gint8 *outcome = g_new (gint8, frame->n_rows);
  VaiRandom random;
  vai_random_init (&random, seed, 3);
  for (guint i = 0; i < frame->n_rows; i++)
    {
      double margin = hand_margin (frame, i);
      probability[i] = 1 / (1 + exp (-margin));
      outcome[i] = vai_random_uniform (&random) < 1 / (1 + exp (-margin - bias));
    }
  VaiHealth *health = vai_health_new (model, frame, probability, outcome, NULL, &error);
  g_assert_no_error (error);
  return health;
}

/* Old and new of one kind, and chances that are true: alarms are as rare as promised. 100 trials at 5 %: 13 or more
 * have a chance of 0.15 %. */
static void
test_quiet (void)
{
  guint alarms = 0, worse = 0;
  for (guint trial = 0; trial < 100; trial++)
    {
      g_autoptr (VaiModel) model = hand_model_new (N_OLD, 1000 + trial);
      g_autoptr (VaiFrame) frame = hand_frame_new (model->schema, N_NEW, 5000 + trial);
      g_autoptr (VaiHealth) health = health_of (model, frame, 0, trial);
      alarms += health->n_shifted > 0;
      worse += health->worse;
      if (!health->worse && health->n_shifted == 0)
        g_assert_cmpint (vai_health_judge (health), ==, VAI_CONDITION_GOOD);
      g_assert_cmpuint (health->n_outcomes, ==, N_NEW);
      g_assert_cmpuint (health->drifts->len, ==, HAND_N_FEATURES + 1);
    }
  g_test_message ("%u of 100 false alarms of drift, %u of worse scores", alarms, worse);
  g_assert_cmpuint (alarms, <=, 12);
  g_assert_cmpuint (worse, <=, 14);
}

/* One column moved: it, and no other column, is named; the chances still come true, and no more is said. */
static void
test_shift (void)
{
  g_autoptr (VaiModel) model = hand_model_new (N_OLD, 7);
  g_autoptr (VaiFrame) frame = hand_frame_new (model->schema, N_NEW, 8);
  for (guint i = 0; i < frame->n_rows; i++)
    frame->columns[HAND_COST].numbers[i] *= 3;
  g_autoptr (VaiHealth) health = health_of (model, frame, 0, 9);
  for (guint i = 0; i < health->drifts->len; i++)
    {
      const VaiDrift *drift = &g_array_index (health->drifts, VaiDrift, i);
      if (drift->feature < HAND_N_FEATURES)
        g_assert_cmpint (drift->shifted, ==, drift->feature == HAND_COST);
    }
  g_assert_false (health->worse);
  g_assert_cmpint (vai_health_judge (health), ==, VAI_CONDITION_WATCH);
}

/* A market that turned: fewer are won than is said. */
static void
test_worse (void)
{
  g_autoptr (VaiModel) model = hand_model_new (N_OLD, 7);
  g_autoptr (VaiFrame) frame = hand_frame_new (model->schema, N_NEW, 8);
  g_autoptr (VaiHealth) health = health_of (model, frame, -1.5, 9);
  g_assert_true (health->worse);
  g_assert_cmpfloat (health->said, >, health->won);
  g_assert_cmpint (vai_health_judge (health), ==, VAI_CONDITION_RETRAIN);
}

static void
test_few (void)
{
  g_autoptr (VaiModel) model = hand_model_new (N_OLD, 7);
  g_autoptr (VaiFrame) frame = hand_frame_new (model->schema, VAI_HEALTH_ROWS_MIN - 1, 8);
  g_autoptr (VaiHealth) health = health_of (model, frame, -3, 9);
  g_assert_cmpuint (health->drifts->len, ==, 0);
  g_assert_false (health->worse);
  g_assert_cmpuint (health->n_outcomes, ==, VAI_HEALTH_ROWS_MIN - 1);
  g_assert_cmpint (vai_health_judge (health), ==, VAI_CONDITION_EARLY);
}

/* Against itself nothing differs; against noise it is better, whichever way it is asked. */
static void
test_compare (void)
{
  g_autoptr (VaiModel) good = hand_model_new (N_OLD, 7), noise = hand_model_new (N_OLD, 7);
  VaiComparison result = { 0 };
  VaiRandom random;
  vai_random_init (&random, 1, 1);
  for (guint i = 0; i < N_OLD; i++)
    noise->reference.probability[i] = 0.05 + 0.9 * vai_random_uniform (&random);
  g_assert_cmpuint (vai_model_compare (good, good, &result), ==, N_OLD);
  g_assert_cmpfloat (result.difference, ==, 0);
  vai_model_compare (good, noise, &result);
  g_assert_cmpfloat (result.high, <, 0);
  g_assert_cmpfloat (result.p_value, <, 0.001);
  vai_model_compare (noise, good, &result);
  g_assert_cmpfloat (result.low, >, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/health/quiet", test_quiet);
  g_test_add_func ("/health/shift", test_shift);
  g_test_add_func ("/health/worse", test_worse);
  g_test_add_func ("/health/few", test_few);
  g_test_add_func ("/health/compare", test_compare);
  return g_test_run ();
}
