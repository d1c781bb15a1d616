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
  double *margins = g_new (double, MAX (n, 1));
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

/* Contributions of every feature and the base are the margin, for every learner. */
static void
test_sums (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, 700, 8, FALSE);
  guint d = fixture.frame->n_features;
  for (guint i = 0; i < G_N_ELEMENTS (learners); i++)
    {
      g_autoptr (VaiMember) member = train (&fixture, learners[i], 500, 1);
      g_autofree double *margins = margins_of (member, fixture.frame, NULL, fixture.frame->n_rows, 1);
      g_autofree double *parts = g_new (double, fixture.n *(d + 1));
      g_autoptr (GError) error = NULL;
      vai_member_contributions (member, fixture.frame, NULL, fixture.frame->n_rows, 2, parts, &error);
      g_assert_no_error (error);
      for (gsize row = 0; row < fixture.n; row++)
        {
          double sum = 0;
          for (guint j = 0; j <= d; j++)
            sum += parts[row * (d + 1) + j];
          g_assert_cmpfloat_with_epsilon (sum, margins[row], 1e-5);
          g_assert_cmpfloat (parts[row * (d + 1) + d], ==, parts[d]);
        }
    }
}

/* Without row numbers the first rows are meant, and nothing behind them is written. */
static void
test_first_rows (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, 300, 8, FALSE);
  guint d = fixture.frame->n_features;
  for (guint i = 0; i < G_N_ELEMENTS (learners); i++)
    {
      g_autoptr (VaiMember) member = train (&fixture, learners[i], 300, 1);
      g_autofree double *all = margins_of (member, fixture.frame, NULL, 300, 1);
      double first[3] = { 0, 0, -77 };
      g_autofree double *parts = g_new0 (double, 3 * (d + 1));
      parts[2 * (d + 1)] = -77;
      g_assert_true (vai_member_margins (member, fixture.frame, NULL, 2, 1, first, NULL));
      g_assert_true (vai_member_contributions (member, fixture.frame, NULL, 2, 1, parts, NULL));
      g_assert_cmpfloat (first[0], ==, all[0]);
      g_assert_cmpfloat (first[1], ==, all[1]);
      g_assert_cmpfloat (first[2], ==, -77);
      g_assert_cmpfloat (parts[2 * (d + 1)], ==, -77);
    }
}

/* The base of the linear learner is its margin at the training means: contributions of the training rows have mean 0.
 */
static void
test_linear_base (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, 500, 9, FALSE);
  /* Without the target statistic, which has other values in training than in use. */
  vai_frame_free (fixture.frame);
  vai_schema_unref (fixture.schema);
  fixture.schema = fixture_schema (fixture.table, "Customer");
  fixture.frame = vai_frame_new_from_table (fixture.schema, fixture.table, NULL, 0);
  guint d = fixture.frame->n_features;
  g_autoptr (VaiMember) member = train (&fixture, VAI_ALGORITHM_LOGISTIC, 500, 1);
  g_autofree double *parts = g_new (double, fixture.n *(d + 1));
  vai_member_contributions (member, fixture.frame, NULL, fixture.frame->n_rows, 1, parts, NULL);
  g_autofree double *margins = margins_of (member, fixture.frame, NULL, fixture.frame->n_rows, 1);
  double mean = 0, rate = 0, won = 0;
  for (gsize row = 0; row < fixture.n; row++)
    {
      mean += margins[row] / fixture.n;
      rate += 1 / (1 + exp (-margins[row])) / fixture.n;
      won += (double) fixture.won[row] / fixture.n;
    }
  g_assert_cmpfloat_with_epsilon (rate, won, 1e-9);
  g_assert_cmpfloat_with_epsilon (parts[d], mean, 1e-5);
}

static GHashTable *
save (const VaiMember *member)
{
  GHashTable *parts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  g_autoptr (GError) error = NULL;
  g_assert_true (vai_member_save (member, "member-0", parts, &error));
  g_assert_no_error (error);
  return parts;
}

static gboolean
parts_equal (GHashTable *a, GHashTable *b)
{
  GHashTableIter iter;
  gpointer name, bytes;
  if (g_hash_table_size (a) != g_hash_table_size (b))
    return FALSE;
  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &name, &bytes))
    if (!g_hash_table_lookup (b, name) || !g_bytes_equal (bytes, g_hash_table_lookup (b, name)))
      return FALSE;
  return TRUE;
}

/* Equal bytes with one thread and with several, and the same margins and contributions from the file. */
static void
test_save (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, 1500, 10, FALSE);
  guint d = fixture.frame->n_features;
  for (guint i = 0; i < G_N_ELEMENTS (learners); i++)
    {
      g_autoptr (VaiMember) one = train (&fixture, learners[i], fixture.n, 1),
                            two = train (&fixture, learners[i], fixture.n, 2);
      g_autoptr (GHashTable) first = save (one), second = save (two);
      g_assert_true (parts_equal (first, second));
      g_autoptr (GError) error = NULL;
      g_autoptr (VaiMember) loaded = vai_member_load ("member-0", first, fixture.schema, &error);
      g_assert_no_error (error);
      g_autoptr (GHashTable) again = save (loaded);
      g_assert_true (parts_equal (first, again));
      g_autofree double *before = margins_of (one, fixture.frame, NULL, fixture.frame->n_rows, 1);
      g_autofree double *after = margins_of (loaded, fixture.frame, NULL, fixture.frame->n_rows, 3);
      g_assert_cmpmem (before, fixture.n * sizeof *before, after, fixture.n * sizeof *after);
      g_autofree double *parts = g_new (double, fixture.n *(d + 1)), *parts_after = g_new (double, fixture.n *(d + 1));
      vai_member_contributions (one, fixture.frame, NULL, fixture.frame->n_rows, 1, parts, NULL);
      vai_member_contributions (loaded, fixture.frame, NULL, fixture.frame->n_rows, 3, parts_after, NULL);
      g_assert_cmpmem (parts, fixture.n * (d + 1) * sizeof *parts, parts_after, fixture.n * (d + 1) * sizeof *parts);
    }
}

static char *
fingerprint (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  fixture_init (&fixture, 600, 11, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (learners); i++)
    {
      g_autoptr (VaiMember) member = train (&fixture, learners[i], fixture.n, 1 + i % 2);
      g_autoptr (GHashTable) parts = save (member);
      static const char *const names[] = { "member-0.json", "member-0.ubj" };
      for (guint j = 0; j < G_N_ELEMENTS (names); j++)
        {
          GBytes *bytes = g_hash_table_lookup (parts, names[j]);
          if (bytes)
            g_checksum_update (sum, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
        }
    }
  return g_strdup (g_checksum_get_string (sum));
}

/* Another process comes to the same bytes. */
static void
test_second_process (gconstpointer data)
{
  const char *command[] = { data, "--fingerprint", NULL };
  g_autofree char *output = NULL, *ours = fingerprint ();
  g_autoptr (GError) error = NULL;
  g_spawn_sync (NULL, (char **) command, NULL, 0, NULL, NULL, &output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_strstrip (output), ==, ours);
}

/* What a damaged part gives: an error or a member that can score; never a crash. */
static void
test_damaged (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, 300, 12, FALSE);
  guint n_refused = 0;
  for (guint i = 1; i < 3; i++)
    {
      g_autoptr (VaiMember) member = train (&fixture, learners[i], fixture.n, 1);
      g_autoptr (GHashTable) parts = save (member);
      GBytes *json = g_hash_table_lookup (parts, "member-0.json");
      gsize size;
      const char *text = g_bytes_get_data (json, &size);
      for (guint j = 0; j < 400; j++)
        {
          char *copy = g_memdup2 (text, size);
          copy[(j * 7919 + j * j * 31) % size] = "0-{}[],:\"9eT\\"[j % 13];
          g_autoptr (GHashTable) damaged
              = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
          g_hash_table_insert (damaged, g_strdup ("member-0.json"), g_bytes_new_take (copy, size));
          if (g_hash_table_lookup (parts, "member-0.ubj"))
            g_hash_table_insert (damaged, g_strdup ("member-0.ubj"),
                                 g_bytes_ref (g_hash_table_lookup (parts, "member-0.ubj")));
          g_autoptr (GError) error = NULL;
          g_autoptr (VaiMember) loaded = vai_member_load ("member-0", damaged, fixture.schema, &error);
          g_assert_true ((loaded != NULL) == (error == NULL));
          n_refused += loaded == NULL;
          if (loaded)
            g_free (margins_of (loaded, fixture.frame, NULL, fixture.frame->n_rows, 1));
        }
    }
  g_assert_cmpuint (n_refused, >, 200);
  g_autoptr (GHashTable) nothing = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  g_assert_null (vai_member_load ("member-0", nothing, fixture.schema, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_DAMAGED);
}

/* Sweeps of one field over seen and unseen values, all else as it is. */
static void
check_monotone (const VaiMember *member, const Fixture *fixture, guint feature, int sign)
{
  enum
  {
    STEPS = 60
  };
  g_autoptr (VaiFrame) sweep = vai_frame_new_empty (fixture->schema, STEPS);
  for (guint row = 0; row < 40; row++)
    {
      for (guint i = 0; i < STEPS; i++)
        {
          vai_frame_copy_row (sweep, i, fixture->frame, row);
          sweep->columns[feature].numbers[i] = -60.0 + 4 * i;
        }
      g_autofree double *margins = margins_of (member, sweep, NULL, sweep->n_rows, 1);
      for (guint i = 1; i < STEPS; i++)
        g_assert_cmpfloat (sign * (margins[i] - margins[i - 1]), >=, 0);
    }
}

/* The promise holds where the data agree with it, and where they do not. */
static void
test_monotone (void)
{
  for (int sign = -1; sign <= 1; sign += 2)
    for (guint i = 1; i < G_N_ELEMENTS (learners); i++)
      {
        g_auto (Fixture) fixture = { 0 };
        fixture_init (&fixture, 800, 13, FALSE);
        int discount = vai_schema_find (fixture.schema, "Discount"), price = vai_schema_find (fixture.schema, "Price");
        vai_schema_feature (fixture.schema, discount)->monotone = sign;
        vai_schema_feature (fixture.schema, price)->monotone = -sign;
        g_autoptr (VaiMember) member = train (&fixture, learners[i], fixture.n, 1);
        check_monotone (member, &fixture, discount, sign);
        check_monotone (member, &fixture, price, -sign);
      }
}

/* Additive means: what a feature adds does not depend on the others. */
static void
test_additive (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, 600, 14, FALSE);
  guint d = fixture.frame->n_features, size = vai_schema_find (fixture.schema, "Size");
  g_autoptr (VaiMember) member = train (&fixture, VAI_ALGORITHM_ADDITIVE, fixture.n, 1);
  g_autoptr (VaiFrame) rows = vai_frame_new_empty (fixture.schema, 50);
  for (guint i = 0; i < 50; i++)
    {
      vai_frame_copy_row (rows, i, fixture.frame, i);
      rows->columns[size].numbers[i] = 1.5;
    }
  g_autofree double *parts = g_new (double, 50 * (d + 1));
  vai_member_contributions (member, rows, NULL, rows->n_rows, 1, parts, NULL);
  for (guint i = 1; i < 50; i++)
    g_assert_cmpfloat_with_epsilon (parts[i * (d + 1) + size], parts[size], 1e-5);
}

/* A coin's outcomes beside a category with many values: nothing may be seen in rows that were not trained on, nor may
 * the learner be sure of those that were. */
static void
test_no_signal (void)
{
  double sum = 0;
  for (guint seed = 0; seed < 6; seed++)
    {
      g_auto (Fixture) fixture = { 0 };
      fixture_init (&fixture, 1200, 20 + seed, TRUE);
      VaiHyperparameters hyperparameters;
      hyperparameters_small (&hyperparameters, VAI_ALGORITHM_BOOSTED_TREES);
      VaiTraining training = fixture_training (&fixture);
      training.n_rows = 500;
      training.stop_rows = fixture.rows + 500;
      training.n_stop_rows = 200;
      g_autoptr (VaiMember) member = vai_member_train (&hyperparameters, &training, NULL, NULL, NULL, NULL);
      g_autofree double *margins = margins_of (member, fixture.frame, fixture.rows + 700, 500, 1);
      sum += fixture_auc (margins, fixture.won + 700, 500);
      g_assert_cmpuint (vai_member_get_rounds (member), <, 100);
    }
  g_test_message ("mean AUC of coins: %.3f", sum / 6);
  g_assert_cmpfloat (fabs (sum / 6 - 0.5), <, 0.035);
}

static void
count_rounds (guint round, double loss, gpointer data)
{
  double *last = data;
  g_assert_cmpuint (round, ==, (guint) last[0] + 1);
  last[0] = round;
  last[1] = loss;
  if (last[2] > 0 && round == last[2])
    g_cancellable_cancel (*(GCancellable **) &last[3]);
}

/* The loss that is told is that of the stop rows, as anybody would reckon it from the margins. */
static void
test_rounds (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, 800, 15, FALSE);
  VaiTraining training = fixture_training (&fixture);
  VaiHyperparameters hyperparameters;
  g_autoptr (GError) error = NULL;
  hyperparameters_small (&hyperparameters, VAI_ALGORITHM_BOOSTED_TREES);
  hyperparameters.rounds = 20;
  hyperparameters.patience = 0;
  training.n_rows = 600;
  training.stop_rows = fixture.rows + 600;
  training.n_stop_rows = 200;
  double told[4] = { 0 };
  g_autoptr (VaiMember) member = vai_member_train (&hyperparameters, &training, count_rounds, told, NULL, &error);
  g_assert_no_error (error);
  g_autofree double *margins = margins_of (member, fixture.frame, training.stop_rows, 200, 1);
  double loss = 0;
  for (guint i = 0; i < 200; i++)
    loss += log1p (exp (fixture.won[600 + i] ? -margins[i] : margins[i])) / 200;
  g_assert_cmpfloat (told[0], ==, 20);
  g_assert_cmpfloat_with_epsilon (told[1], loss, 1e-7);
  g_assert_cmpuint (vai_member_get_rounds (member), ==, 20);
  g_assert_cmpuint (vai_member_get_n_trees (member), ==, 20);
}

static void
test_cancel (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, 400, 16, FALSE);
  VaiTraining training = fixture_training (&fixture);
  for (guint i = 2; i < G_N_ELEMENTS (learners); i++)
    {
      VaiHyperparameters hyperparameters;
      g_autoptr (GError) error = NULL;
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      double told[4] = { 0, 0, 3, 0 };
      memcpy (&told[3], &cancellable, sizeof cancellable);
      hyperparameters_small (&hyperparameters, learners[i]);
      g_assert_null (vai_member_train (&hyperparameters, &training, count_rounds, told, cancellable, &error));
      g_assert_error (error, VAI_ERROR, VAI_ERROR_CANCELLED);
      g_assert_cmpfloat (told[0], ==, 3);
    }
}

static void
test_hyperparameters (void)
{
  static const char *const wrong[][2]
      = { { "depth", "0" }, { "depth", "2.5" },  { "depth", "17" },   { "depth", "" },
          { "depth", "x" }, { "lambda", "nan" }, { "strength", "1" }, { "colour", "1" } };
  VaiHyperparameters self;
  g_autoptr (GError) none = NULL;
  vai_hyperparameters_init (&self, VAI_ALGORITHM_BOOSTED_TREES);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (vai_hyperparameters_set (&self, wrong[i][0], wrong[i][1], &error));
      g_assert_error (error, VAI_ERROR, VAI_ERROR_USAGE);
      g_assert_nonnull (strstr (error->message, "depth"));
    }
  g_assert_true (vai_hyperparameters_set (&self, "depth", "7", &none));
  g_assert_true (vai_hyperparameters_set (&self, "learning_rate", "0.25", &none));
  g_assert_no_error (none);
  g_assert_cmpuint (self.depth, ==, 7);
  g_assert_cmpfloat (self.learning_rate, ==, 0.25);
}

int
main (int argc, char **argv)
{
  if (argc == 2 && g_str_equal (argv[1], "--fingerprint"))
    {
      g_autofree char *text = fingerprint ();
      g_print ("%s\n", text);
      return 0;
    }
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/member/ranking", test_ranking);
  g_test_add_func ("/member/sums", test_sums);
  g_test_add_func ("/member/first-rows", test_first_rows);
  g_test_add_func ("/member/linear-base", test_linear_base);
  g_test_add_func ("/member/save", test_save);
  g_test_add_data_func ("/member/second-process", argv[0], test_second_process);
  g_test_add_func ("/member/damaged", test_damaged);
  g_test_add_func ("/member/monotone", test_monotone);
  g_test_add_func ("/member/additive", test_additive);
  g_test_add_func ("/member/no-signal", test_no_signal);
  g_test_add_func ("/member/rounds", test_rounds);
  g_test_add_func ("/member/cancel", test_cancel);
  g_test_add_func ("/member/hyperparameters", test_hyperparameters);
  return g_test_run ();
}
