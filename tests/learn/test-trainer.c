#include "vai-card.h"
#include "vai-error.h"
#include "vai-model-measure.h"
#include "vai-simulation.h"
#include "vai-trainer.h"

#include <math.h>
#include <string.h>

static VaiModel *
train (const VaiSimulation *simulation, VaiAlgorithm algorithm, guint threads, GError **error)
{
  g_auto (VaiTrainOptions) options = { 0 };
  vai_train_options_init (&options);
  options.algorithm = algorithm;
  options.effort = VAI_EFFORT_QUICK;
  options.threads = threads;
  options.seed = 5;
  return vai_train (simulation->table, simulation->profile, &options, NULL, NULL, NULL, NULL, NULL, error);
}

/* Every algorithm finds what is there; its figures are whole, and its reference rows carry honest predictions. */
static void
test_learns (void)
{
  g_autoptr (VaiSimulation) simulation = vai_simulation_new (VAI_SIMULATION_STRAIGHT, 600, 0.4, 1);
  for (VaiAlgorithm algorithm = VAI_ALGORITHM_LOGISTIC; algorithm < VAI_N_ALGORITHMS; algorithm++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (VaiModel) model = train (simulation, algorithm, 2, &error);
      g_assert_no_error (error);
      g_assert_true (model->has_signal);
      g_assert_cmpfloat (model->at_half.value[VAI_METRIC_AUC_ROC], >, 0.65);
      g_assert_cmpfloat (model->against_baseline.high, <, 0);
      g_assert_cmpuint (model->at_half.n, ==, 600);
      double share = 0;
      for (guint f = 0; f < model->schema->features->len; f++)
        share += model->importance[f];
      g_assert_cmpfloat_with_epsilon (share, 1, 1e-9);
      /* Price moves the chance, the weather does not. */
      int price = vai_schema_find (model->schema, "Price"), weather = vai_schema_find (model->schema, "Weather");
      g_assert_cmpfloat (model->importance[price], >, model->importance[weather]);
      g_assert_cmpfloat (model->permutation[price], >, model->permutation[weather]);
      VaiMetrics reference;
      vai_metrics_compute (&reference, model->reference.won, model->reference.probability, 600, 0.5);
      g_assert_cmpfloat (reference.value[VAI_METRIC_LOG_LOSS], ==, model->at_half.value[VAI_METRIC_LOG_LOSS]);
      g_autofree char *card = vai_card_write (model);
      g_assert_nonnull (strstr (card, "Price"));
      if (algorithm != VAI_ALGORITHM_AUTO)
        g_assert_cmpint (model->chosen, ==, algorithm);
    }
}

static void
test_no_signal (void)
{
  for (guint64 seed = 0; seed < 3; seed++)
    {
      g_autoptr (VaiSimulation) simulation = vai_simulation_new (VAI_SIMULATION_STRAIGHT, 300, 0.4, seed);
      vai_simulation_shuffle (simulation, seed);
      g_autoptr (VaiModel) model = train (simulation, VAI_ALGORITHM_LOGISTIC, 2, NULL);
      g_assert_nonnull (model);
      g_assert_false (model->has_signal);
      g_assert_cmpfloat (model->at_half.value[VAI_METRIC_AUC_ROC], <, 0.6);
      g_assert_cmpfloat (model->at_half.value[VAI_METRIC_BRIER], >, model->baseline.value[VAI_METRIC_BRIER] - 0.005);
    }
}

/* What is measured anew from the quotes that stayed with the model is what the training measured: no quote has a chance
 * between half and a hair more. */
static void
test_measure (void)
{
  g_autoptr (VaiSimulation) simulation = vai_simulation_new (VAI_SIMULATION_STRAIGHT, 600, 0.4, 1);
  g_autoptr (VaiModel) model = train (simulation, VAI_ALGORITHM_LOGISTIC, 2, NULL);
  VaiMetrics half, hair;
  vai_model_measure (model, 0.5, &half);
  vai_model_measure (model, 0.5 + 1e-12, &hair);
  for (VaiMetric metric = 0; metric < VAI_N_METRICS; metric++)
    {
      g_assert_cmpfloat (half.value[metric], ==, model->at_half.value[metric]);
      g_assert_cmpfloat (hair.value[metric], ==, model->at_half.value[metric]);
      g_assert_cmpfloat (hair.low[metric], ==, model->at_half.low[metric]);
      g_assert_cmpfloat (hair.high[metric], ==, model->at_half.high[metric]);
    }
  g_assert_cmpfloat_with_epsilon (vai_model_guess (model, VAI_METRIC_PRECISION), (double) half.n_won / half.n, 1e-12);
  g_assert_true (isnan (vai_model_guess (model, VAI_METRIC_RECALL)));
}

/* The baseline ranks nothing: every training part has the same base rate. */
static void
test_baseline (void)
{
  g_autoptr (VaiSimulation) simulation = vai_simulation_new (VAI_SIMULATION_STRAIGHT, 101, 0.4, 3);
  g_autoptr (VaiModel) model = train (simulation, VAI_ALGORITHM_BASELINE, 1, NULL);
  g_assert_nonnull (model);
  g_assert_cmpfloat_with_epsilon (model->at_half.value[VAI_METRIC_AUC_ROC], 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (model->against_baseline.difference, 0, 1e-12);
  g_assert_false (model->has_signal);
}

static void
check_same (const VaiModel *a, const VaiModel *b)
{
  double x[600], y[600];
  g_assert_cmpuint (a->reference.frame->n_rows, <=, 600);
  guint n = a->reference.frame->n_rows;
  g_assert_true (vai_model_margins (a, a->reference.frame, NULL, n, 1, x, NULL));
  g_assert_true (vai_model_margins (b, b->reference.frame, NULL, n, 1, y, NULL));
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpfloat (x[i], ==, y[i]);
      g_assert_cmpfloat (vai_calibrator_apply (a->calibrator, x[i]), ==, vai_calibrator_apply (b->calibrator, y[i]));
    }
}

/* One and two threads, and after a way through the file: the same bytes. */
static void
test_same_bytes (void)
{
  g_autoptr (VaiSimulation) simulation = vai_simulation_new (VAI_SIMULATION_BENT, 400, 0.5, 9);
  for (VaiAlgorithm algorithm = VAI_ALGORITHM_BASELINE; algorithm < VAI_N_ALGORITHMS; algorithm++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (VaiModel) one = train (simulation, algorithm, 1, &error);
      g_assert_no_error (error);
      g_autoptr (VaiModel) two = train (simulation, algorithm, 2, NULL);
      g_autofree char *fingerprint = NULL;
      g_autoptr (GBytes) a = vai_model_to_bytes (one, &fingerprint, &error);
      g_assert_no_error (error);
      g_autofree char *read = vai_model_fingerprint (a, &error);
      g_assert_cmpstr (fingerprint, ==, read);
      g_autoptr (GBytes) b = vai_model_to_bytes (two, NULL, NULL);
      g_assert_true (g_bytes_equal (a, b));
      g_autoptr (VaiModel) back = vai_model_from_bytes (a, &error);
      g_assert_no_error (error);
      check_same (one, back);
      g_autoptr (GBytes) c = vai_model_to_bytes (back, NULL, NULL);
      g_assert_true (g_bytes_equal (a, c));
    }
}

static void
assert_refused (VaiSimulation *simulation, int code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiModel) model = train (simulation, VAI_ALGORITHM_AUTO, 1, &error);
  g_assert_null (model);
  g_assert_error (error, VAI_ERROR, code);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_refusals (void)
{
  g_autoptr (VaiSimulation) few = vai_simulation_new (VAI_SIMULATION_STRAIGHT, 59, 0.5, 1);
  assert_refused (few, VAI_ERROR_TOO_FEW, "add 1 more");
  g_autoptr (VaiSimulation) one_class = vai_simulation_new (VAI_SIMULATION_STRAIGHT, 100, 0.5, 1);
  VaiColumn *outcome = vai_table_column (one_class->table, one_class->table->columns->len - 1);
  for (guint i = 0; i < 100; i++)
    outcome->codes[i] = i < 19;
  assert_refused (one_class, VAI_ERROR_TOO_FEW, "Won quotes: 19");
  memset (outcome->codes, 0, 100 * sizeof (gint32));
  assert_refused (one_class, VAI_ERROR_ONE_CLASS, "All 100");
  for (guint i = 0; i < 100; i++)
    outcome->codes[i] = VAI_CODE_MISSING;
  assert_refused (one_class, VAI_ERROR_NO_OUTCOME, "open");
}

static void
test_cancel (void)
{
  g_autoptr (VaiSimulation) simulation = vai_simulation_new (VAI_SIMULATION_STRAIGHT, 300, 0.4, 3);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  g_auto (VaiTrainOptions) options = { 0 };
  vai_train_options_init (&options);
  g_autoptr (GError) error = NULL;
  g_assert_null (
      vai_train (simulation->table, simulation->profile, &options, NULL, NULL, NULL, cancellable, NULL, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_CANCELLED);
}

static void
count_event (const VaiTrainEvent *event, gpointer user_data)
{
  guint *n = user_data;
  if (event->kind == VAI_TRAIN_TESTING)
    {
      g_assert_cmpuint (event->candidate, ==, event->n_candidates);
      return;
    }
  g_assert_cmpuint (event->candidate, <, event->n_candidates);
  g_assert_true (event->kind != VAI_TRAIN_ROUND || (event->round > 0 && event->round <= event->n_rounds));
  g_assert_nonnull (event->description);
  (*n)++;
}

static void
test_told (void)
{
  g_autoptr (VaiSimulation) simulation = vai_simulation_new (VAI_SIMULATION_STRAIGHT, 300, 0.4, 3);
  g_auto (VaiTrainOptions) options = { 0 };
  vai_train_options_init (&options);
  options.algorithm = VAI_ALGORITHM_BOOSTED_TREES;
  options.effort = VAI_EFFORT_QUICK;
  g_autoptr (VaiProgress) progress = vai_progress_new ();
  g_autoptr (GHashTable) seconds = NULL;
  guint n_events = 0;
  g_autoptr (VaiModel) model = vai_train (simulation->table, simulation->profile, &options, count_event, &n_events,
                                          progress, NULL, &seconds, NULL);
  g_assert_nonnull (model);
  g_assert_cmpuint (n_events, >, 20);
  g_assert_cmpfloat (vai_progress_get_fraction (progress), ==, 1);
  g_assert_nonnull (g_hash_table_lookup (seconds, "learners"));
}

/* Stopping a training of several candidates. */
typedef struct
{
  GCancellable *stop, *cancellable; /* nullable */
  guint stop_at;                    /* cancels @stop once so many candidates are complete */
  guint n_complete, n_after;        /* events of candidates after it */
  VaiTrainEvent last;               /* that completed */
} Stopping;

static void
stop_cb (const VaiTrainEvent *event, gpointer user_data)
{
  Stopping *self = user_data;
  if (event->kind == VAI_TRAIN_COMPLETE)
    {
      self->n_complete = event->n_complete;
      self->last = *event;
    }
  if (event->kind == VAI_TRAIN_BEGIN && event->candidate > 0 && g_cancellable_is_cancelled (self->stop))
    self->n_after++;
  /* Rounds are told while workers go on: on a busy machine the first of them is heard when all is done. */
  if (event->kind == VAI_TRAIN_BEGIN && event->candidate == self->stop_at && self->stop != NULL)
    g_cancellable_cancel (self->stop);
  if (event->kind == VAI_TRAIN_ROUND && self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static VaiModel *
train_stopping (const VaiSimulation *simulation,
                VaiAlgorithm algorithm,
                guint threads,
                Stopping *stopping,
                GError **error)
{
  g_auto (VaiTrainOptions) options = { 0 };
  vai_train_options_init (&options);
  options.algorithm = algorithm;
  options.effort = VAI_EFFORT_QUICK;
  options.threads = threads;
  options.seed = 7;
  g_set_object (&options.stop, stopping->stop);
  return vai_train (simulation->table, simulation->profile, &options, stop_cb, stopping, NULL, stopping->cancellable,
                    NULL, error);
}

static double
log_loss_of (const VaiModel *model)
{
  return model->at_half.value[VAI_METRIC_LOG_LOSS];
}

/* The first candidate is the logistic regression: kept alone, it is what asking for that alone gives, in every figure.
 */
static void
test_stop_after_first (void)
{
  g_autoptr (VaiSimulation) simulation = vai_simulation_new (VAI_SIMULATION_STRAIGHT, 300, 0.4, 3);
  g_autoptr (GCancellable) stop = g_cancellable_new ();
  Stopping stopping = { .stop = stop, .stop_at = 1 }, plain = { .stop_at = 99 };
  g_autoptr (VaiModel) alone = train_stopping (simulation, VAI_ALGORITHM_LOGISTIC, 2, &plain, NULL);
  g_autoptr (VaiModel) model = train_stopping (simulation, VAI_ALGORITHM_AUTO, 2, &stopping, NULL);
  g_assert_nonnull (model);
  g_assert_cmpuint (stopping.n_complete, ==, 1);
  g_assert_cmpuint (stopping.n_after, ==, 0);
  g_assert_cmpuint (model->members->len, ==, 1);
  g_assert_cmpint (model->chosen, ==, VAI_ALGORITHM_LOGISTIC);
  for (guint i = 0; i < VAI_N_METRICS; i++)
    {
      g_assert_cmpfloat (model->at_half.value[i], ==, alone->at_half.value[i]);
      g_assert_cmpfloat (model->at_half.low[i], ==, alone->at_half.low[i]);
      g_assert_cmpfloat (model->at_threshold.value[i], ==, alone->at_threshold.value[i]);
    }
  g_autofree char *card = vai_card_write (model), *card_alone = vai_card_write (alone);
  g_assert_nonnull (strstr (card, "1 of 3"));
  g_assert_null (strstr (card_alone, "Stopped early"));
  /* What was told while it ran is near what the test then found. */
  g_assert_cmpfloat (fabs (stopping.last.loss - log_loss_of (model)), <, 0.05);
  g_assert_cmpfloat (stopping.last.loss, <, stopping.last.guessing_loss);
  g_assert_true (stopping.last.beats_guessing && model->has_signal);
  double share = (double) stopping.last.n_likely_won / stopping.last.n_likely;
  g_assert_cmpfloat (fabs (share - model->at_half.value[VAI_METRIC_PRECISION]), <, 0.06);
}

/* With the same candidates complete, the same bytes; any number of threads. */
static void
test_stop_repeats (void)
{
  g_autoptr (VaiSimulation) simulation = vai_simulation_new (VAI_SIMULATION_STRAIGHT, 300, 0.4, 3);
  g_autoptr (GBytes) first = NULL;
  for (guint threads = 1; threads <= 3; threads += 2)
    {
      g_autoptr (GCancellable) stop = g_cancellable_new ();
      Stopping stopping = { .stop = stop, .stop_at = 2 };
      g_autoptr (VaiModel) model = train_stopping (simulation, VAI_ALGORITHM_AUTO, threads, &stopping, NULL);
      g_assert_cmpuint (stopping.n_complete, ==, 2);
      g_autoptr (GBytes) bytes = vai_model_to_bytes (model, NULL, NULL);
      if (first == NULL)
        first = g_bytes_ref (bytes);
      g_assert_true (g_bytes_equal (first, bytes));
    }
}

/* Before anything is complete it waits for the first; nothing is kept of nothing. */
static void
test_stop_too_soon (void)
{
  g_autoptr (VaiSimulation) simulation = vai_simulation_new (VAI_SIMULATION_STRAIGHT, 300, 0.4, 3);
  g_autoptr (GCancellable) stop = g_cancellable_new (), cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Stopping stopping = { .stop = stop, .stop_at = 99 }, both = { .stop = stop, .cancellable = cancellable };
  g_cancellable_cancel (stop);
  g_autoptr (VaiModel) model = train_stopping (simulation, VAI_ALGORITHM_AUTO, 2, &stopping, NULL);
  g_assert_nonnull (model);
  g_assert_cmpuint (stopping.n_complete, ==, 1);
  g_assert_null (train_stopping (simulation, VAI_ALGORITHM_BOOSTED_TREES, 2, &both, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_CANCELLED);
}

/* Every byte of a file turned over, and every cut: refused, never a crash. */
static void
test_damaged (void)
{
  g_autoptr (VaiSimulation) simulation = vai_simulation_new (VAI_SIMULATION_STRAIGHT, 100, 0.4, 3);
  g_autoptr (VaiModel) model = train (simulation, VAI_ALGORITHM_LOGISTIC, 1, NULL);
  g_autoptr (GBytes) bytes = vai_model_to_bytes (model, NULL, NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  guint refused = 0, n = 0;
  for (gsize at = 0; at < size; at += 7, n += 2)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size);
      copy[at] ^= 0x5a;
      g_autoptr (GBytes) turned = g_bytes_new_static (copy, size), cut = g_bytes_new_static (data, at);
      g_autoptr (GError) error = NULL, cut_error = NULL;
      g_autoptr (VaiModel) read = vai_model_from_bytes (turned, &error);
      g_assert_true ((read == NULL) == (error != NULL));
      refused += read == NULL;
      g_autoptr (VaiModel) shorter = vai_model_from_bytes (cut, &cut_error);
      g_assert_null (shorter);
      g_assert_true (cut_error->domain == VAI_ERROR);
      refused++;
    }
  /* What is not refused are bytes of the zip's own headers that say nothing of the parts: times, attributes. */
  g_assert_cmpuint (refused, >, n * 9 / 10);
}

static void
test_foreign (void)
{
  const char *others[] = { "", "PK", "Name,Outcome\n", "PK\3\4 and no more", "{\"format\":\"valutai-model\"}" };
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (others[i], strlen (others[i]));
      g_autoptr (GError) error = NULL;
      g_assert_null (vai_model_from_bytes (bytes, &error));
      g_assert_true (g_error_matches (error, VAI_ERROR, VAI_ERROR_FOREIGN)
                     || g_error_matches (error, VAI_ERROR, VAI_ERROR_DAMAGED));
    }
  g_autoptr (GError) error = NULL;
  g_assert_null (vai_model_load ("/nonexistent/model.valutai", &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trainer/learns", test_learns);
  g_test_add_func ("/trainer/no-signal", test_no_signal);
  g_test_add_func ("/trainer/measure", test_measure);
  g_test_add_func ("/trainer/baseline", test_baseline);
  g_test_add_func ("/trainer/same-bytes", test_same_bytes);
  g_test_add_func ("/trainer/refusals", test_refusals);
  g_test_add_func ("/trainer/cancel", test_cancel);
  g_test_add_func ("/trainer/told", test_told);
  g_test_add_func ("/trainer/stop/after-first", test_stop_after_first);
  g_test_add_func ("/trainer/stop/repeats", test_stop_repeats);
  g_test_add_func ("/trainer/stop/too-soon", test_stop_too_soon);
  g_test_add_func ("/model/damaged", test_damaged);
  g_test_add_func ("/model/foreign", test_foreign);
  return g_test_run ();
}
