#include "hand-model.h"
#include "vai-insight.h"
#include "vai-random.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SETS 50

/* scipy.stats.fisher_exact, two-sided. */
static void
test_fisher (void)
{
  g_assert_cmpfloat_with_epsilon (vai_fisher (8, 2, 1, 5), 0.0349650349650, 1e-9);
  g_assert_cmpfloat_with_epsilon (vai_fisher (3, 1, 1, 3), 0.4857142857143, 1e-9);
  g_assert_cmpfloat (vai_fisher (0, 0, 3, 4), ==, 1);
  g_assert_cmpfloat (vai_fisher (5, 0, 3, 0), ==, 1);
  g_assert_cmpfloat (vai_fisher (4000, 6000, 6000, 4000), <, 1e-100);
}

/* Outcomes dealt anew: at a family-wise level of 1 % more than 4 of 50 sets with any insight has a chance of under 1 in
 * 10,000. */
static void
test_shuffled (void)
{
  g_autoptr (VaiModel) model = hand_model_new (600, 1);
  g_autofree guint32 *order = g_new (guint32, 600);
  g_autofree guint8 *won = g_new (guint8, 600);
  guint false_sets = 0;
  for (guint set = 0; set < SETS; set++)
    {
      VaiRandom random;
      vai_random_init (&random, 99, set);
      for (guint i = 0; i < 600; i++)
        order[i] = i;
      vai_random_shuffle (&random, order, 600);
      for (guint i = 0; i < 600; i++)
        won[i] = model->reference.won[order[i]];
      g_autoptr (GPtrArray) insights = vai_insights_find (model->reference.frame, won, NULL, NULL, NULL);
      false_sets += insights->len > 0;
    }
  g_test_message ("%u of %u shuffled sets gave an insight", false_sets, SETS);
  g_assert_cmpuint (false_sets, <=, 4);
}

/* A planted effect is found first, with the figures that counting gives. */
static void
test_planted (void)
{
  g_autoptr (VaiModel) model = hand_model_new (1200, 2);
  const VaiFrame *frame = model->reference.frame;
  const double *delivery = frame->columns[HAND_DELIVERY].numbers;
  g_autofree guint8 *won = g_new (guint8, 1200);
  VaiRandom random;
  vai_random_init (&random, 5, 5);
  for (guint i = 0; i < 1200; i++)
    won[i] = vai_random_uniform (&random) < (!isnan (delivery[i]) && delivery[i] <= 40 ? 0.75 : 0.25);
  g_autoptr (GPtrArray) insights = vai_insights_find (frame, won, NULL, NULL, NULL);
  g_assert_cmpuint (insights->len, >=, 1);
  const VaiInsight *first = g_ptr_array_index (insights, 0);
  g_assert_cmpuint (first->feature, ==, HAND_DELIVERY);
  g_assert_cmpfloat (first->rate - first->other_rate, >, 0.25);
  g_assert_cmpfloat (first->p_value, <, 0.001);
  g_assert_nonnull (strstr (first->sentence, "Delivery"));
  g_assert_nonnull (strstr (first->sentence, "p < 0.001"));
  gsize n_known = 0, n_won = 0, n_meant = 0;
  double cut = 0;
  g_assert_cmpint (sscanf (strstr (first->sentence, "up to ") + 6, "%lf", &cut), ==, 1);
  for (guint i = 0; i < 1200; i++)
    {
      n_known += !isnan (delivery[i]);
      n_meant += delivery[i] <= cut;
      n_won += delivery[i] <= cut && won[i];
    }
  g_assert_cmpuint (first->n, ==, n_meant);
  g_assert_cmpuint (first->n + first->n_other, ==, n_known);
  g_assert_cmpfloat_with_epsilon (first->rate, (double) n_won / n_meant, 1e-12);
  for (guint i = 1; i < insights->len; i++)
    {
      const VaiInsight *a = g_ptr_array_index (insights, i - 1), *b = g_ptr_array_index (insights, i);
      g_assert_cmpfloat (fabs (a->rate - a->other_rate), >=, fabs (b->rate - b->other_rate));
    }
}

/* Each quote ten times over, marked as one group: no more certain than once. */
static void
test_groups (void)
{
  g_autoptr (VaiModel) model = hand_model_new (600, 3);
  g_autofree guint32 *groups = g_new (guint32, 600);
  for (guint i = 0; i < 600; i++)
    groups[i] = i % 30;
  g_autoptr (GPtrArray) insights = vai_insights_find (model->reference.frame, model->reference.won, groups, NULL, NULL);
  g_assert_cmpuint (insights->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/insight/fisher", test_fisher);
  g_test_add_func ("/insight/shuffled", test_shuffled);
  g_test_add_func ("/insight/planted", test_planted);
  g_test_add_func ("/insight/groups", test_groups);
  return g_test_run ();
}
