#include "hand-model.h"

#include "vai-neighbours.h"
#include "vai-scorer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void
score_all (VaiScorer *scorer, const VaiFrame *frame, guint threads, VaiScore *scores, double *contributions)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (vai_scorer_score (scorer, frame, NULL, frame->n_rows, threads, scores, contributions, NULL, &error));
  g_assert_no_error (error);
}

/* Every part of a score follows from the model's own pieces, and contributions add up. */
static void
test_score (void)
{
  g_autoptr (VaiModel) model = hand_model_new (800, 1);
  g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
  g_autoptr (VaiFrame) frame = hand_frame_new (model->schema, 300, 2);
  g_autofree VaiScore *scores = g_new (VaiScore, 300);
  g_autofree double *contributions = g_new (double, 300 * (HAND_N_FEATURES + 1));
  score_all (scorer, frame, 1, scores, contributions);
  for (guint i = 0; i < 300; i++)
    {
      const VaiScore *s = &scores[i];
      double low, high, sum = s->calibration;
      g_assert_cmpfloat_with_epsilon (s->margin, hand_margin (frame, i), 1e-12);
      g_assert_cmpfloat (s->win_probability, ==, vai_calibrator_apply (model->calibrator, s->margin));
      vai_range_apply (model->range, s->margin, s->win_probability, &low, &high);
      g_assert_true (s->low == low && s->high == high);
      g_assert_true (s->low <= s->win_probability && s->win_probability <= s->high);
      g_assert_cmpfloat (s->confidence, ==, 1 - (high - low));
      g_assert_cmpint (s->verdict, ==, vai_verdict (low, high, s->n_similar));
      g_assert_cmpuint (s->n_similar_won, <=, s->n_similar);
      for (guint f = 0; f <= HAND_N_FEATURES; f++)
        sum += contributions[i * (HAND_N_FEATURES + 1) + f];
      g_assert_cmpfloat_with_epsilon (sum, vai_logit (s->win_probability), 1e-9);
    }
}

/* One row, some rows, another order, two threads: the same scores. */
static void
test_rows_and_threads (void)
{
  const guint n = 5000;
  g_autoptr (VaiModel) model = hand_model_new (600, 3);
  g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
  g_autoptr (VaiFrame) frame = hand_frame_new (model->schema, n, 4);
  g_autofree VaiScore *one = g_new0 (VaiScore, n), *two = g_new0 (VaiScore, n);
  g_autofree guint32 *rows = g_new (guint32, n);
  for (guint i = 0; i < n; i++)
    rows[i] = n - 1 - i;
  score_all (scorer, frame, 1, one, NULL);
  score_all (scorer, frame, 2, two, NULL);
  g_assert_cmpmem (one, n * sizeof (VaiScore), two, n * sizeof (VaiScore));
  g_assert_true (vai_scorer_score (scorer, frame, rows, n, 2, two, NULL, NULL, NULL));
  for (guint i = 0; i < n; i++)
    g_assert_cmpmem (&one[rows[i]], sizeof (VaiScore), &two[i], sizeof (VaiScore));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_cancellable_cancel (cancellable);
  g_assert_false (vai_scorer_score (scorer, frame, NULL, n, 1, two, NULL, cancellable, &error));
  g_assert_nonnull (error);
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

/* The definition in plain loops, for quotes under the cap. */
static void
test_similar_brute_force (void)
{
  const guint n_reference = 3000, n = 200;
  g_autoptr (VaiModel) model = hand_model_new (n_reference, 5);
  g_autoptr (VaiNeighbours) neighbours = vai_neighbours_new (model);
  g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
  g_autoptr (VaiFrame) frame = hand_frame_new (model->schema, n, 6);
  g_autofree VaiScore *scores = g_new (VaiScore, n);
  score_all (scorer, frame, 1, scores, NULL);
  guint capped = 0;
  for (guint i = 0; i < n; i++)
    {
      guint found = 0, won = 0;
      for (guint r = 0; r < n_reference; r++)
        {
          double p = model->reference.probability[r], own = scores[i].win_probability;
          if (p < MIN (scores[i].low, own - 0.05) || p > MAX (scores[i].high, own + 0.05))
            continue;
          if (vai_neighbours_distance (neighbours, frame, i, r) <= vai_neighbours_get_radius (neighbours))
            {
              found++;
              won += model->reference.won[r];
            }
        }
      g_assert_cmpuint (scores[i].n_similar, ==, MIN (found, VAI_SIMILAR_MAX));
      if (found <= VAI_SIMILAR_MAX)
        g_assert_cmpuint (scores[i].n_similar_won, ==, won);
      else
        capped++;
    }
  g_test_message ("%u of %u capped", capped, n);
  g_assert_true (capped > 0 && capped < 3 * n / 4);
}

/* Over the cap, those in the middle of the scores count: with won and lost split by score, only they can give the
 * number. */
static void
test_cap (void)
{
  g_autoptr (VaiModel) model = hand_model_new (1000, 5);
  memset (model->importance, 0, sizeof (double) * HAND_N_FEATURES);
  g_autofree double *sorted = g_memdup2 (model->reference.probability, 1000 * sizeof (double));
  qsort (sorted, 1000, sizeof (double), compare_doubles);
  for (guint r = 0; r < 1000; r++)
    model->reference.won[r] = model->reference.probability[r] >= sorted[530];
  g_autoptr (VaiNeighbours) neighbours = vai_neighbours_new (model);
  guint n, won;
  vai_neighbours_count (neighbours, model->reference.frame, 0, sorted[500], 0, 1, &n, &won);
  g_assert_cmpuint (n, ==, VAI_SIMILAR_MAX);
  g_assert_cmpuint (won, ==, 20); /* places 450 to 549, of which 530 and up are won */
}

/* Distance: 0 to itself, at most 1, bigger for every change, all of a feature's weight for a value like none seen. */
static void
test_distance (void)
{
  g_autoptr (VaiModel) model = hand_model_new (1000, 7);
  g_autoptr (VaiNeighbours) neighbours = vai_neighbours_new (model);
  g_autoptr (VaiFrame) frame = vai_frame_new_empty (model->schema, 2);
  vai_frame_copy_row (frame, 0, model->reference.frame, 12);
  g_assert_cmpfloat (vai_neighbours_distance (neighbours, frame, 0, 12), ==, 0);
  frame->columns[HAND_CHANNEL].codes[0] = VAI_CODE_UNSEEN;
  g_assert_cmpfloat_with_epsilon (vai_neighbours_distance (neighbours, frame, 0, 12), 0.15, 1e-6);
  frame->columns[HAND_PRICE].numbers[0] = 1e9;
  double far = vai_neighbours_distance (neighbours, frame, 0, 12);
  g_assert_cmpfloat (far, >, 0.15 + 0.35 * 0.9);
  frame->columns[HAND_COST].numbers[0] = 5; /* of no importance */
  g_assert_cmpfloat (vai_neighbours_distance (neighbours, frame, 0, 12), ==, far);
  for (guint r = 0; r < 1000; r++)
    g_assert_cmpfloat (vai_neighbours_distance (neighbours, frame, 1, r), ==, 1); /* nothing is filled in */
}

/* Half a form finds similar quotes by what is filled in; less than a quarter of what matters finds none. */
static void
test_empty_cells (void)
{
  g_autoptr (VaiModel) model = hand_model_new (1000, 7);
  g_autoptr (VaiNeighbours) neighbours = vai_neighbours_new (model);
  g_autoptr (VaiFrame) frame = vai_frame_new_empty (model->schema, 1);
  const VaiFrame *past = model->reference.frame;
  guint n, won;
  frame->columns[HAND_SECTOR].codes[0] = past->columns[HAND_SECTOR].codes[5];
  vai_neighbours_count (neighbours, frame, 0, 0.5, 0, 1, &n, &won);
  g_assert_cmpuint (n, ==, 0);
  frame->columns[HAND_CHANNEL].codes[0] = past->columns[HAND_CHANNEL].codes[5];
  vai_neighbours_count (neighbours, frame, 0, 0.5, 0, 1, &n, &won);
  g_assert_cmpuint (n, >=, VAI_SIMILAR_MIN);
  g_assert_cmpfloat (vai_neighbours_distance (neighbours, frame, 0, 5), ==, 0);
  frame->columns[HAND_CHANNEL].codes[0] = VAI_CODE_UNSEEN;
  g_assert_cmpfloat_with_epsilon (vai_neighbours_distance (neighbours, frame, 0, 5), 0.15 / 0.35, 1e-6);
}

static guint
count_enough (VaiScorer *scorer, const VaiFrame *frame)
{
  g_autofree VaiScore *scores = g_new (VaiScore, frame->n_rows);
  guint enough = 0;
  score_all (scorer, frame, 1, scores, NULL);
  for (guint i = 0; i < frame->n_rows; i++)
    enough += scores[i].n_similar >= VAI_SIMILAR_MIN;
  return enough;
}

/* Quotes like the past ones have enough similar, at every size; quotes with values like none seen do not. */
static void
test_similar_means_something (void)
{
  static const guint sizes[] = { 100, 300, 1000, 4000 };
  static const double least[] = { 0.6, 0.7, 0.8, 0.95 };
  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      g_autoptr (VaiModel) model = hand_model_new (sizes[s], 20 + s);
      g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
      g_autoptr (VaiFrame) frame = hand_frame_new (model->schema, 500, 30 + s);
      guint usual = count_enough (scorer, frame);
      for (guint i = 0; i < 500; i++)
        {
          frame->columns[HAND_SECTOR].codes[i] = VAI_CODE_UNSEEN;
          frame->columns[HAND_PRICE].numbers[i] *= 200;
        }
      guint strange = count_enough (scorer, frame);
      g_test_message ("%u past quotes: %u of 500 usual and %u strange ones have enough similar", sizes[s], usual,
                      strange);
      g_assert_cmpuint (usual, >=, least[s] * 500);
      g_assert_cmpuint (strange, <=, 5);
    }
}

/* The win rate of similar quotes is near the truth on average, and no worse than the base rate would be. */
static void
test_similar_win_rate (void)
{
  g_autoptr (VaiModel) model = hand_model_new (3000, 40);
  g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
  g_autoptr (VaiFrame) frame = hand_frame_new (model->schema, 1000, 41);
  g_autofree VaiScore *scores = g_new (VaiScore, 1000);
  score_all (scorer, frame, 1, scores, NULL);
  double bias = 0, off = 0, base_off = 0, n = 0;
  for (guint i = 0; i < 1000; i++)
    {
      if (scores[i].n_similar < VAI_SIMILAR_MIN)
        continue;
      double truth = vai_sigmoid (hand_margin (frame, i));
      double rate = scores[i].n_similar_won / (double) scores[i].n_similar;
      bias += rate - truth;
      off += fabs (rate - truth);
      base_off += fabs (model->base_rate - truth);
      n++;
    }
  g_test_message ("bias %.4f, mean error %.4f, of the base rate %.4f", bias / n, off / n, base_off / n);
  g_assert_cmpfloat_with_epsilon (bias / n, 0, 0.03);
  g_assert_cmpfloat (off, <, 0.4 * base_off);
}

/* All features of no importance: every past quote with that score is similar. */
static void
test_no_importance (void)
{
  g_autoptr (VaiModel) model = hand_model_new (100, 8);
  memset (model->importance, 0, sizeof (double) * HAND_N_FEATURES);
  for (guint i = 0; i < 100; i++)
    model->reference.probability[i] = 0.4;
  g_autoptr (VaiNeighbours) neighbours = vai_neighbours_new (model);
  guint n, won;
  vai_neighbours_count (neighbours, model->reference.frame, 0, 0.42, 0.41, 0.43, &n, &won);
  g_assert_cmpuint (n, ==, 100);
  g_assert_cmpuint (won, ==, model->n_won);
  vai_neighbours_count (neighbours, model->reference.frame, 0, 0.6, 0.5, 0.7, &n, &won);
  g_assert_cmpuint (n, ==, 0);
}

static void
test_look_alikes (void)
{
  g_autoptr (VaiModel) model = hand_model_new (500, 9);
  for (guint i = 0; i < 500; i++)
    model->reference.groups[i] = i / 2;
  g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
  g_autoptr (VaiNeighbours) neighbours = vai_neighbours_new (model);
  g_autoptr (VaiFrame) frame = hand_frame_new (model->schema, 50, 10);
  const VaiScore none = { 0 };
  for (guint i = 0; i < 50; i++)
    for (guint won = 0; won < 2; won++)
      {
        guint32 rows[3];
        g_assert_cmpuint (vai_scorer_look_alikes (scorer, frame, i, &none, won, 3, rows), ==, 3);
        double last = 0, farthest = vai_neighbours_distance (neighbours, frame, i, rows[2]);
        for (guint k = 0; k < 3; k++)
          {
            double apart = vai_neighbours_distance (neighbours, frame, i, rows[k]);
            g_assert_cmpuint (model->reference.won[rows[k]], ==, won);
            g_assert_cmpfloat (apart, >=, last);
            g_assert_true (k == 0 || rows[k] / 2 != rows[k - 1] / 2);
            last = apart;
          }
        guint nearer = 0;
        for (guint r = 0; r < 500; r++)
          nearer += model->reference.won[r] == won && vai_neighbours_distance (neighbours, frame, i, r) < farthest;
        g_assert_cmpuint (nearer, <=, 4); /* two, and the other rows of their groups */
      }
  guint32 rows[500];
  guint n = vai_scorer_look_alikes (scorer, frame, 0, &none, TRUE, 500, rows);
  g_assert_true (n > 100 && n <= 250);
}

/* Those of the quotes that the count speaks of: as many of each outcome, alike, and scored alike. */
static void
test_counted (void)
{
  g_autoptr (VaiModel) model = hand_model_new (500, 9);
  g_clear_pointer (&model->reference.groups, g_free);
  g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
  g_autoptr (VaiNeighbours) neighbours = vai_neighbours_new (model);
  g_autoptr (VaiFrame) frame = hand_frame_new (model->schema, 50, 10);
  g_autofree VaiScore *scores = g_new0 (VaiScore, 50);
  guint n_counted = 0;
  g_assert_true (vai_scorer_score (scorer, frame, NULL, 50, 1, scores, NULL, NULL, NULL));
  for (guint i = 0; i < 50; i++)
    {
      const VaiScore *score = &scores[i];
      guint32 rows[2][500];
      if (score->n_similar == 0)
        continue;
      n_counted++;
      guint n_won = vai_scorer_look_alikes (scorer, frame, i, score, TRUE, 500, rows[1]);
      guint n_lost = vai_scorer_look_alikes (scorer, frame, i, score, FALSE, 500, rows[0]);
      g_assert_cmpuint (n_won, ==, score->n_similar_won);
      g_assert_cmpuint (n_won + n_lost, ==, score->n_similar);
      for (guint won = 0; won < 2; won++)
        for (guint k = 0; k < (won ? n_won : n_lost); k++)
          {
            double chance = model->reference.probability[rows[won][k]];
            g_assert_cmpuint (model->reference.won[rows[won][k]], ==, won);
            g_assert_cmpfloat (vai_neighbours_distance (neighbours, frame, i, rows[won][k]), <=,
                               vai_neighbours_get_radius (neighbours) + 1e-6);
            g_assert_cmpfloat (chance, >=, MIN (score->low, score->win_probability - VAI_SIMILAR_WINDOW) - 1e-12);
            g_assert_cmpfloat (chance, <=, MAX (score->high, score->win_probability + VAI_SIMILAR_WINDOW) + 1e-12);
          }
    }
  g_assert_cmpuint (n_counted, >, 10);
}

static void
test_warnings (void)
{
  g_autoptr (VaiModel) model = hand_model_new (500, 11);
  g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
  g_autoptr (VaiFrame) frame = vai_frame_new_empty (model->schema, 1);
  vai_frame_copy_row (frame, 0, model->reference.frame, 3);
  g_autoptr (GPtrArray) none = vai_scorer_warnings (scorer, frame, 0);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_true (vai_frame_set_text (frame, 0, "Price", "5000000", NULL));
  g_assert_true (vai_frame_set_text (frame, 0, "Discount", "", NULL));
  g_assert_true (vai_frame_set_text (frame, 0, "Delivery", "", NULL)); /* past quotes lacked it too */
  g_assert_true (vai_frame_set_text (frame, 0, "Channel", "pigeon", NULL));
  g_autoptr (GPtrArray) warnings = vai_scorer_warnings (scorer, frame, 0);
  g_assert_cmpuint (warnings->len, ==, 3);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (warnings, 0), "“Price” is 5,000,000, outside"));
  g_assert_true (g_str_has_prefix (g_ptr_array_index (warnings, 1), "“Discount” is empty"));
  g_assert_true (g_str_has_prefix (g_ptr_array_index (warnings, 2), "“Channel” has the value “pigeon”"));
  g_assert_true (vai_frame_set_text (frame, 0, "Price", "1e300", NULL));
  g_autoptr (GPtrArray) huge = vai_scorer_warnings (scorer, frame, 0);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (huge, 0), "“Price” is 1.00e+300, outside"));
  g_autoptr (VaiFrame) copy = vai_frame_new_empty (model->schema, 2);
  vai_frame_copy_row (copy, 1, frame, 0);
  g_autofree char *value = vai_frame_dup_text (copy, 1, HAND_CHANNEL),
                  *none_there = vai_frame_dup_text (copy, 0, HAND_CHANNEL);
  g_assert_cmpstr (value, ==, "pigeon");
  g_assert_cmpstr (none_there, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scorer/score", test_score);
  g_test_add_func ("/scorer/rows-and-threads", test_rows_and_threads);
  g_test_add_func ("/scorer/similar-brute-force", test_similar_brute_force);
  g_test_add_func ("/scorer/cap", test_cap);
  g_test_add_func ("/scorer/distance", test_distance);
  g_test_add_func ("/scorer/empty-cells", test_empty_cells);
  g_test_add_func ("/scorer/similar-means-something", test_similar_means_something);
  g_test_add_func ("/scorer/similar-win-rate", test_similar_win_rate);
  g_test_add_func ("/scorer/no-importance", test_no_importance);
  g_test_add_func ("/scorer/look-alikes", test_look_alikes);
  g_test_add_func ("/scorer/counted", test_counted);
  g_test_add_func ("/scorer/warnings", test_warnings);
  return g_test_run ();
}
