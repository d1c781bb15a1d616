#include "vai-trainer.h"

#include "vai-error.h"
#include "vai-importance.h"
#include "vai-parallel.h"
#include "vai-random.h"
#include "vai-validation.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Tested rows whose features are shuffled one by one, over all folds. */
#define PROBE_ROWS 2000

/* The bootstrap of the range draws rows, not learners, and sees the winner of the tuning only. On simulated quotes
 * (campaign-ranges) the plain range of whole trainings held 75 to 95 % of decile means at 100 to 300 rows; made so much
 * wider, 90 to 99 %, at 0.5 to 0.9 times a Wilson interval. */
#define RANGE_FACTOR 1.4

/* Fewer decided quotes: the figures are rough, and that is said. */
#define ROUGH_ROWS 200

/* Purposes of seeds. */
#define SEED_PART 201
#define SEED_PROBE 202
#define SEED_REFERENCE 203
#define SEED_RANGE 204

/* Share of the progress that trainings take. */
#define PROGRESS_FITS 0.9

void
vai_train_options_init (VaiTrainOptions *self)
{
  *self = (VaiTrainOptions){ .algorithm = VAI_ALGORITHM_AUTO, .effort = VAI_EFFORT_NORMAL, .by_date = TRUE };
  self->parameters = g_ptr_array_new_with_free_func (g_free);
  self->monotone = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

void
vai_train_options_clear (VaiTrainOptions *self)
{
  g_clear_pointer (&self->parameters, g_ptr_array_unref);
  g_clear_pointer (&self->monotone, g_hash_table_unref);
  g_clear_object (&self->stop);
}

/* One training from beginning to end. */
typedef struct
{
  const VaiTrainOptions *options;
  VaiProblem *problem;
  GArray *candidates;
  VaiValidation *validation;
  GPtrArray *probes; /* of VaiProbe or NULL, by outer split of the first repeat */
  GArray *parts;     /* of VaiPart: outer splits, then the final one */
  guint32 *rows;     /* all */
  VaiFitContext context;
  GHashTable *seconds; /* phase → double */
  gint64 phase_begin;
} Training;

static void
probe_free_nullable (gpointer probe)
{
  vai_probe_free (probe);
}

static void
training_clear (Training *self)
{
  g_clear_pointer (&self->parts, g_array_unref);
  g_clear_pointer (&self->probes, g_ptr_array_unref);
  g_clear_pointer (&self->validation, vai_validation_free);
  g_clear_pointer (&self->candidates, g_array_unref);
  if (self->problem != NULL)
    vai_fit_context_clear (&self->context);
  g_clear_pointer (&self->problem, vai_problem_free);
  g_clear_pointer (&self->seconds, g_hash_table_unref);
  g_free (self->rows);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Training, training_clear)

static void
add_seconds (Training *self, const char *phase, double seconds)
{
  double *sum = g_hash_table_lookup (self->seconds, phase);
  if (sum == NULL)
    {
      sum = g_new0 (double, 1);
      g_hash_table_insert (self->seconds, g_strdup (phase), sum);
    }
  *sum += seconds;
}

/* Ends a phase: what passed since the last call was @phase. */
static void
end_phase (Training *self, const char *phase)
{
  gint64 now = g_get_monotonic_time ();
  add_seconds (self, phase, (double) (now - self->phase_begin) / G_USEC_PER_SEC);
  self->phase_begin = now;
}

static void
add_part (Training *self, const guint32 *rows, gsize n_rows, const VaiSplit *tested, const VaiProbe *probe)
{
  VaiPart part = {
    .rows = rows,
    .n_rows = n_rows,
    .test = tested != NULL ? tested->test : NULL,
    .n_test = tested != NULL ? tested->n_test : 0,
    .probe = probe != NULL ? probe->frame : NULL,
    .seed = vai_fit_seed (self->options->seed, SEED_PART, self->parts->len, 0),
    .keep = tested == NULL,
  };
  g_array_append_val (self->parts, part);
}

static void
make_parts (Training *self)
{
  const VaiProblem *problem = self->problem;
  GPtrArray *splits = self->validation->splits;
  self->parts = g_array_new (FALSE, TRUE, sizeof (VaiPart));
  g_array_set_clear_func (self->parts, (GDestroyNotify) vai_part_clear);
  self->probes = g_ptr_array_new_with_free_func (probe_free_nullable);
  for (guint i = 0; i < splits->len; i++)
    {
      const VaiSplit *split = g_ptr_array_index (splits, i);
      VaiProbe *probe = i < self->validation->folds
                            ? vai_probe_new (problem, split->test, split->n_test, PROBE_ROWS / self->validation->folds,
                                             vai_fit_seed (self->options->seed, SEED_PROBE, i, 0))
                            : NULL;
      g_ptr_array_add (self->probes, probe);
      add_part (self, split->train, split->n_train, split, probe);
    }
  self->rows = g_new (guint32, problem->n);
  for (gsize i = 0; i < problem->n; i++)
    self->rows[i] = i;
  add_part (self, self->rows, problem->n, NULL, NULL);
}

static VaiPart *
final_part (const Training *self)
{
  return &g_array_index (self->parts, VaiPart, self->parts->len - 1);
}

static void
describe_members (const Training *self, VaiModel *model)
{
  const VaiPart *part = final_part (self);
  g_autoptr (JsonArray) array = json_array_new ();
  model->weights = g_new0 (double, part->members->len);
  for (guint m = 0, c = 0; m < part->members->len; m++, c++)
    {
      while (!part->is_flat && part->weights[c] == 0)
        c++;
      const VaiMember *member = g_ptr_array_index (part->members, m);
      model->weights[m] = part->is_flat ? 1 : part->weights[c];
      JsonObject *object = json_object_new ();
      json_object_set_double_member (object, "weight", model->weights[m]);
      json_object_set_int_member (object, "rounds", vai_member_get_rounds (member));
      json_object_set_member (object, "hyperparameters",
                              vai_hyperparameters_to_json (vai_member_get_hyperparameters (member)));
      json_array_add_object_element (array, object);
    }
  model->hyperparameters = json_node_init_array (json_node_alloc (), array);
}

static void
take_final (Training *self, VaiModel *model)
{
  VaiPart *part = final_part (self);
  describe_members (self, model);
  for (guint m = 0; m < part->members->len; m++)
    g_ptr_array_add (model->members, g_ptr_array_index (part->members, m));
  g_ptr_array_set_free_func (part->members, NULL);
  g_ptr_array_set_size (part->members, 0);
  if (model->members->len == 1)
    model->chosen = vai_member_get_hyperparameters (g_ptr_array_index (model->members, 0))->algorithm;
  else
    model->chosen = VAI_ALGORITHM_AUTO;
  model->intercept = part->intercept;
  model->threshold = part->threshold;
  model->calibrator = g_steal_pointer (&part->calibrator);
}

static void
fit_range (const Training *self, VaiModel *model)
{
  const VaiProblem *problem = self->problem;
  model->range = vai_range_fit (final_part (self)->blended, problem->won, problem->groups, problem->n,
                                vai_fit_seed (self->options->seed, SEED_RANGE, 0, 0), self->context.threads);
  vai_range_widen (model->range, RANGE_FACTOR);
}

/* The rows that stay with the model: all, or a sample in the order of the table. */
static GArray *
choose_reference (const Training *self)
{
  gsize n = self->problem->n;
  GArray *rows = g_array_sized_new (FALSE, FALSE, sizeof (guint32), MIN (n, VAI_REFERENCE_ROWS_MAX));
  VaiRandom random;
  vai_random_init (&random, self->options->seed, SEED_REFERENCE);
  /* Knuth's selection sampling: ascending, each row equally likely. */
  for (guint32 row = 0; row < n; row++)
    {
      gsize wanted = MIN (n, VAI_REFERENCE_ROWS_MAX) - rows->len;
      if (vai_random_uniform (&random) * (double) (n - row) < (double) wanted)
        g_array_append_val (rows, row);
    }
  return rows;
}

/* Margins are those of inner folds of all rows, on which calibrator and range of the final model were fitted.
 * Probabilities are the tested ones, so that every chart shows what the metrics measure; rows that a walk-forward
 * validation does not test have theirs from inner folds. */
static void
make_reference (const Training *self, const VaiTested *tested, VaiModel *model)
{
  const VaiProblem *problem = self->problem;
  const VaiPart *part = final_part (self);
  g_autofree double *probability = g_memdup2 (part->probability, problem->n * sizeof (double));
  g_autofree guint8 *is_tested = g_new0 (guint8, problem->n);
  for (gsize i = 0; i < tested->n; i++)
    {
      probability[tested->rows[i]] = tested->probability[i];
      is_tested[tested->rows[i]] = 1;
    }
  g_autoptr (GArray) rows = choose_reference (self);
  guint n = rows->len;
  VaiReference *reference = &model->reference;
  g_autofree guint32 *table_rows = g_new (guint32, n);
  reference->won = g_new (guint8, n);
  reference->margin = g_new (double, n);
  reference->probability = g_new (double, n);
  reference->tested = g_new (guint8, n);
  reference->groups = g_new (guint32, n);
  reference->opened = problem->opened != NULL ? g_new (gint64, n) : NULL;
  reference->names = problem->identifier >= 0 ? g_new0 (char *, n + 1) : NULL;
  for (guint i = 0; i < n; i++)
    {
      guint32 row = g_array_index (rows, guint32, i);
      table_rows[i] = problem->table_rows[row];
      reference->won[i] = problem->won[row];
      reference->margin[i] = part->blended[row];
      reference->probability[i] = probability[row];
      reference->tested[i] = is_tested[row];
      reference->groups[i] = problem->groups[row];
      if (reference->opened != NULL)
        reference->opened[i] = problem->opened[row];
      if (reference->names != NULL)
        reference->names[i]
            = vai_column_dup_text (vai_table_column (problem->table, problem->identifier), table_rows[i]);
    }
  reference->frame = vai_frame_new_from_table (problem->schema, problem->table, table_rows, n);
}

static void
measure_permutation (const Training *self, VaiModel *model)
{
  guint n_features = self->problem->frame->n_features;
  gsize n = 0;
  model->permutation = g_new0 (double, n_features);
  for (guint i = 0; i < self->probes->len; i++)
    {
      const VaiProbe *probe = g_ptr_array_index (self->probes, i);
      if (probe != NULL)
        vai_probe_add (probe, &g_array_index (self->parts, VaiPart, i), self->problem, model->permutation, &n);
    }
  for (guint f = 0; f < n_features; f++)
    model->permutation[f] = n > 0 ? model->permutation[f] / (double) n : NAN;
}

static void
take_words (const Training *self, VaiModel *model)
{
  VaiProblem *problem = self->problem;
  if (problem->n < ROUGH_ROWS)
    vai_remarks_add (model->warnings, VAI_REMARK_ROUGH, NULL, problem->n, 0);
  if (self->candidates->len < self->context.n_candidates)
    vai_remarks_add (model->warnings, VAI_REMARK_STOPPED_EARLY, NULL, self->candidates->len,
                     self->context.n_candidates);
  if (final_part (self)->fails_forward)
    vai_remarks_add (model->warnings, VAI_REMARK_FAILS_FORWARD, NULL, 0, 0);
  else if (!model->has_signal)
    vai_remarks_add (model->warnings, VAI_REMARK_NO_SIGNAL, NULL, 0, 0);
  g_ptr_array_extend_and_steal (model->warnings, g_steal_pointer (&problem->warnings));
  g_ptr_array_extend_and_steal (model->ignored, g_steal_pointer (&problem->ignored));
}

static VaiModel *
make_model (Training *self, GError **error)
{
  const VaiProblem *problem = self->problem;
  g_autoptr (VaiModel) model = vai_model_new ();
  model->schema = vai_schema_ref (problem->schema);
  model->algorithm = self->options->algorithm;
  model->seed = self->options->seed;
  model->n_rows = problem->n;
  model->n_won = problem->n_won;
  model->n_open = problem->n_open;
  model->base_rate = (double) problem->n_won / (double) problem->n;
  model->validation = g_strdup (self->validation->walk_forward ? "walk-forward" : "cross-validation");
  model->folds = self->validation->folds;
  model->repeats = self->validation->repeats;
  model->data_fingerprint = vai_problem_fingerprint (problem);
  g_autoptr (VaiTested) tested = vai_tested_new (self->validation, problem, self->parts);
  gboolean is_flat = final_part (self)->is_flat;
  take_final (self, model);
  end_phase (self, "calibrate");
  vai_tested_measure (tested, model, self->context.threads);
  fit_range (self, model);
  /* Both must say so: the tested rows, and the rows the final model was made of. */
  model->has_signal = model->against_baseline.high < 0 && !is_flat;
  end_phase (self, "metrics");
  make_reference (self, tested, model);
  measure_permutation (self, model);
  if (!vai_importance_measure (model, self->context.threads, error))
    return NULL;
  take_words (self, model);
  end_phase (self, "explain");
  return g_steal_pointer (&model);
}

static gboolean
prepare (Training *self,
         const VaiTable *table,
         const VaiProfile *profile,
         const VaiTrainOptions *options,
         VaiProgress *progress,
         GError **error)
{
  self->options = options;
  self->seconds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->phase_begin = g_get_monotonic_time ();
  vai_progress_set (progress, 0, _ ("Reading the past quotes"));
  self->problem = vai_problem_new (table, profile, options->by_date, options->monotone, error);
  if (self->problem == NULL)
    return FALSE;
  vai_fit_context_init (&self->context, self->problem);
  self->candidates = vai_candidates_new (options, self->problem->n, error);
  if (self->candidates == NULL)
    return FALSE;
  self->validation = vai_validation_new (self->problem, options, error);
  if (self->validation == NULL)
    return FALSE;
  make_parts (self);
  end_phase (self, "prepare");
  return TRUE;
}

static gboolean
fit (Training *self, VaiProgress *progress, GError **error)
{
  VaiProgress *part = vai_progress_new_part (progress, 0.02, PROGRESS_FITS);
  self->context.progress = part;
  gboolean good = vai_parts_fit (&self->context, self->parts, self->candidates, self->options->effort, error);
  self->context.progress = NULL;
  vai_progress_unref (part);
  double learners = self->context.wall_seconds;
  add_seconds (self, "learners", self->context.library_seconds);
  add_seconds (self, "encode", learners - self->context.library_seconds);
  self->phase_begin += (gint64) (learners * G_USEC_PER_SEC);
  end_phase (self, "calibrate");
  return good;
}

VaiModel *
vai_train (const VaiTable *table,
           const VaiProfile *profile,
           const VaiTrainOptions *options,
           VaiTrainEventFunc on_event,
           gpointer user_data,
           VaiProgress *progress,
           GCancellable *cancellable,
           GHashTable **seconds,
           GError **error)
{
  g_auto (Training) training = { 0 };
  if (!prepare (&training, table, profile, options, progress, error))
    return NULL;
  VaiFitContext *context = &training.context;
  context->threads = options->threads > 0 ? options->threads : g_get_num_processors ();
  context->on_event = on_event;
  context->user_data = user_data;
  context->cancellable = cancellable;
  context->stop = options->stop;
  context->n_candidates = training.candidates->len;
  context->n_expected
      = vai_parts_count_fits (training.candidates, training.parts->len, training.problem->n, options->effort);
  if (!fit (&training, progress, error))
    return NULL;
  vai_progress_set (progress, PROGRESS_FITS, _ ("Measuring"));
  g_autoptr (VaiModel) model = make_model (&training, error);
  if (model == NULL || vai_cancelled (cancellable, error))
    return NULL;
  vai_progress_set (progress, 1, _ ("Done"));
  if (seconds != NULL)
    *seconds = g_steal_pointer (&training.seconds);
  return g_steal_pointer (&model);
}
