#include "fixture.h"

#include "vai-error.h"

#include <math.h>
#include <string.h>

#define N_TRAIN 2000
#define N_TEST 1000

static const VaiAlgorithm learners[] = { VAI_ALGORITHM_BASELINE, VAI_ALGORITHM_LOGISTIC, VAI_ALGORITHM_BOOSTED_TREES,
                                         VAI_ALGORITHM_RANDOM_FOREST, VAI_ALGORITHM_ADDITIVE };

static void
hyperparameters_small (VaiHyperparameters *self, VaiAlgorithm algorithm)
{
  vai_hyperparameters_init (self, algorithm);
  if (algorithm == VAI_ALGORITHM_BOOSTED_TREES || algorithm == VAI_ALGORITHM_ADDITIVE)
    self->rounds = 150;
  if (algorithm == VAI_ALGORITHM_RANDOM_FOREST)
    self->rounds = 60;
}

static VaiMember *
train (const Fixture *fixture, VaiAlgorithm algorithm, gsize n, guint threads)
{
  VaiHyperparameters hyperparameters;
  g_autoptr (GError) error = NULL;
  VaiTraining training = fixture_training (fixture);
  hyperparameters_small (&hyperparameters, algorithm);
  training.n_rows = n;
  training.threads = threads;
  VaiMember *member = vai_member_train (&hyperparameters, &training, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return member;
}

static double *
margins_of (const VaiMember *member, const VaiFrame *frame, const guint32 *rows, gsize n, guint threads)
{
  double *margins = g_new (double, MAX (n, frame->n_rows));
  g_autoptr (GError) error = NULL;
  g_assert_true (vai_member_margins (member, frame, rows, n, threads, margins, &error));
  g_assert_no_error (error);
  return margins;
}

/* Each learner finds what is there: the best ranking that anybody could give is that of the true chance. */
static void
test_ranking (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, N_TRAIN + N_TEST, 7, FALSE);
  double best = fixture_auc (fixture.truth + N_TRAIN, fixture.won + N_TRAIN, N_TEST);
  for (guint i = 1; i < G_N_ELEMENTS (learners); i++)
    {
      g_autoptr (VaiMember) member = train (&fixture, learners[i], N_TRAIN, 1);
      g_autofree double *margins = margins_of (member, fixture.frame, fixture.rows + N_TRAIN, N_TEST, 2);
      double auc = fixture_auc (margins, fixture.won + N_TRAIN, N_TEST);
      g_test_message ("%s: AUC %.3f of %.3f", vai_algorithm_name (learners[i]), auc, best);
      g_assert_cmpfloat (
          auc, >,
          best - (learners[i] == VAI_ALGORITHM_LOGISTIC || learners[i] == VAI_ALGORITHM_BOOSTED_TREES ? 0.06 : 0.12));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/member/ranking", test_ranking);
  return g_test_run ();
}
