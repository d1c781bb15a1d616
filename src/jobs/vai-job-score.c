#include "vai-job-score.h"

#include "vai-error.h"
#include "vai-job-private.h"
#include "vai-json.h"
#include "vai-quote-value.h"
#include "vai-quotes-json.h"
#include "vai-score-keep.h"
#include "vai-score-output.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Of the bar: reading, then scoring, then storing. */
#define READ_SHARE 0.3
#define SCORE_SHARE 0.95

/* Rows scored at once: enough to keep every thread busy, and their contributions fit into so many bytes. */
#define BLOCK_ROWS_MAX 16384
#define BLOCK_ROWS_MIN 64
#define BLOCK_BYTES_MAX (32 * 1024 * 1024)

struct _VaiJobScore
{
  VaiJob parent_instance;
  VaiScoreOptions options;
  VaiScoreResult result;
  double sum; /* of win probabilities */
  VaiModel *model;
};

G_DEFINE_FINAL_TYPE (VaiJobScore, vai_job_score, VAI_TYPE_JOB)

VaiJobScore *
vai_job_score_new (VaiStore *store)
{
  VaiJobScore *self = g_object_new (VAI_TYPE_JOB_SCORE, NULL);
  vai_job_set_store (VAI_JOB (self), store);
  return self;
}

VaiScoreOptions *
vai_job_score_get_options (VaiJobScore *self)
{
  g_return_val_if_fail (VAI_IS_JOB_SCORE (self), NULL);
  return &self->options;
}

const VaiScoreResult *
vai_job_score_get_result (VaiJobScore *self)
{
  g_return_val_if_fail (VAI_IS_JOB_SCORE (self), NULL);
  return &self->result;
}

VaiModel *
vai_job_score_get_model (VaiJobScore *self)
{
  g_return_val_if_fail (VAI_IS_JOB_SCORE (self), NULL);
  return self->model;
}

/* What one run holds. */
typedef struct
{
  VaiJobScore *job;
  VaiScoreSource *source;
  VaiTable *table; /* not owned */
  VaiScorer *scorer;
  VaiScoreOutput *output; /* NULL: none wanted */
  gboolean contributions; /* for the output or to keep */
  gsize block_rows;
  gsize first, n; /* the block: rows of the table */
  VaiScore *scores;
  double *values; /* contributions of the block */
  VaiScoreKeep keep;
  GCancellable *cancellable;
} Run;

static void
run_clear (Run *run)
{
  g_clear_pointer (&run->source, vai_score_source_free);
  g_clear_pointer (&run->scorer, vai_scorer_free);
  g_clear_pointer (&run->output, vai_score_output_free);
  g_free (run->scores);
  g_free (run->values);
  g_clear_pointer (&run->keep.scores, g_array_unref);
  g_clear_pointer (&run->keep.contributions, g_array_unref);
  g_free (run->keep.batch_id);
  g_free (run->keep.currency);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static gboolean
check_options (VaiJobScore *self, GError **error)
{
  const VaiScoreOptions *options = &self->options;
  if (!vai_job_check_output (VAI_JOB (self), options->output, options->path, error)
      || !vai_job_check_output (VAI_JOB (self), options->output, options->model_path, error))
    return FALSE;
  if (options->output == NULL && !options->keep)
    {
      g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE,
                           _ ("Say where the scores go: into a file, into the workspace, or both."));
      return FALSE;
    }
  if (!options->keep)
    return TRUE;
  if (options->model_id != NULL)
    return vai_job_require_store (VAI_JOB (self), error);
  g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE,
                       _ ("Scores are kept with a model of the workspace: add the model to it first."));
  return FALSE;
}

/* A table that has nothing of what the model looks at is another table. */
static gboolean
check_features (VaiJobScore *self, const VaiTable *table, GError **error)
{
  const VaiSchema *schema = self->model->schema;
  for (guint i = 0; i < schema->features->len; i++)
    if (vai_table_find (table, vai_schema_feature (schema, i)->name) < 0)
      g_ptr_array_add (self->result.missing, g_strdup (vai_schema_feature (schema, i)->name));
  if (self->result.missing->len < schema->features->len)
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_NO_COLUMN,
               _ ("None of the model’s columns is in this table: it looks at “%s” and others."),
               vai_schema_feature (schema, 0)->name);
  return FALSE;
}

static gboolean
check_kept_rows (VaiJobScore *self, const VaiTable *table, GError **error)
{
  if (!self->options.keep || table->n_rows <= VAI_SCORE_KEEP_ROWS_MAX)
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE,
               _ ("The table has %zu rows; at most %d scores are kept at once: write them into a file instead."),
               table->n_rows, VAI_SCORE_KEEP_ROWS_MAX);
  return FALSE;
}

static gboolean
open_run (Run *run, VaiJobScore *self, VaiProgress *progress, GError **error)
{
  const VaiScoreOptions *options = &self->options;
  VaiStore *store = vai_job_get_store (VAI_JOB (self));
  run->job = self;
  run->source = vai_score_source_new (options->path, &options->import, store, options->dataset_id, self->model->schema,
                                      progress, run->cancellable, error);
  if (run->source == NULL)
    return FALSE;
  run->table = vai_score_source_get_table (run->source);
  if (!check_features (self, run->table, error) || !check_kept_rows (self, run->table, error))
    return FALSE;
  run->scorer = vai_scorer_new (self->model);
  gsize width = self->model->schema->features->len + 1;
  run->contributions = options->contributions || options->keep;
  run->block_rows = CLAMP (BLOCK_BYTES_MAX / (width * sizeof (double)), BLOCK_ROWS_MIN, BLOCK_ROWS_MAX);
  run->scores = g_new (VaiScore, run->block_rows);
  run->values = run->contributions ? g_new (double, run->block_rows *width) : NULL;
  run->keep = (VaiScoreKeep){
    .model_id = options->model_id,
    .model = self->model,
    .table = run->table,
    .scores = g_array_new (FALSE, FALSE, sizeof (VaiScore)),
    .contributions = g_array_new (FALSE, FALSE, sizeof (double)),
    .cancellable = run->cancellable,
  };
  return TRUE;
}

static void
count_scores (Run *run)
{
  VaiScoreResult *result = &run->job->result;
  for (gsize i = 0; i < run->n; i++)
    {
      result->n_verdicts[run->scores[i].verdict]++;
      run->job->sum += run->scores[i].win_probability;
    }
  result->n_scored += run->n;
}

/* Scores the block that begins at the table's row @first. */
static gboolean
score_block (Run *run, gsize first, GError **error)
{
  run->first = first;
  run->n = MIN (run->block_rows, run->table->n_rows - first);
  g_autofree guint32 *rows = g_new (guint32, run->n);
  for (gsize i = 0; i < run->n; i++)
    rows[i] = first + i;
  g_autoptr (VaiFrame) frame = vai_frame_new_from_table (run->job->model->schema, run->table, rows, run->n);
  guint threads = run->job->options.threads > 0 ? run->job->options.threads : g_get_num_processors ();
  if (!vai_scorer_score (run->scorer, frame, NULL, run->n, threads, run->scores, run->values, run->cancellable, error))
    return FALSE;
  count_scores (run);
  if (run->job->options.keep)
    {
      g_array_append_vals (run->keep.scores, run->scores, run->n);
      g_array_append_vals (run->keep.contributions, run->values, run->n * (run->job->model->schema->features->len + 1));
    }
  return TRUE;
}

/* Every row of the input goes through here once, in order. */
static gboolean
take_row (Run *run, const VaiScoreRow *row, GError **error)
{
  run->job->result.n_rows++;
  gsize at = row->table_row;
  if (row->table_row < 0)
    run->job->result.n_not_scored++;
  else if (at >= run->first + run->n && !score_block (run, at, error))
    return FALSE;
  if (run->output == NULL)
    return TRUE;
  const VaiScore *score = row->table_row < 0 ? NULL : &run->scores[at - run->first];
  gsize width = run->job->model->schema->features->len + 1;
  const double *values = score != NULL && run->contributions ? run->values + (at - run->first) * width : NULL;
  return vai_score_output_row (run->output, row, score, values, error);
}

static gboolean
score_all (Run *run, VaiProgress *progress, GError **error)
{
  const VaiScoreOptions *options = &run->job->options;
  g_autoptr (GError) local = NULL;
  if (options->output != NULL)
    {
      run->output = vai_score_output_new (options->output, run->table, run->job->model->schema, options->contributions,
                                          run->job->result.renamed, error);
      if (run->output == NULL)
        return FALSE;
    }
  if (!vai_score_source_rewind (run->source, run->cancellable, error))
    return FALSE;
  VaiScoreRow row;
  gsize n = 0;
  for (; vai_score_source_next (run->source, &row, &local); n++)
    {
      if (!take_row (run, &row, error))
        return FALSE;
      if (n % BLOCK_ROWS_MIN != 0)
        continue;
      vai_progress_set (progress, (double) n / MAX (1, run->table->n_rows), NULL);
      if (vai_cancelled (run->cancellable, error))
        return FALSE;
    }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Of the file that is scored, else of what the model learnt from: as of a quote that is scored alone. Nullable. */
static char *
find_currency (VaiJobScore *self)
{
  VaiStore *store = vai_job_get_store (VAI_JOB (self));
  const char *id = self->options.dataset_id;
  g_autoptr (VaiModelRow) model
      = id == NULL && self->options.model_id != NULL ? vai_store_get_model (store, self->options.model_id, NULL) : NULL;
  if (id == NULL && model != NULL)
    id = model->dataset_id;
  g_autoptr (VaiDatasetRow) dataset = id != NULL ? vai_store_get_dataset (store, id, NULL) : NULL;
  if (dataset != NULL && dataset->currency != NULL)
    return g_strdup (dataset->currency);
  return g_strdup (vai_quote_value_find_currency (self->model->schema));
}

static gboolean
store_all (Run *run, VaiProgress *progress, GError **error)
{
  VaiJob *job = VAI_JOB (run->job);
  g_autoptr (VaiOutput) file = run->output != NULL ? vai_score_output_finish (run->output, error) : NULL;
  if (run->output != NULL && file == NULL)
    return FALSE;
  if (!run->job->options.keep)
    return vai_job_store_result (job, file, NULL, NULL, NULL, error);
  run->keep.currency = find_currency (run->job);
  run->keep.progress = progress;
  if (!vai_job_store_result (job, file, vai_score_keep_store, &run->keep, &run->keep.batch_id, error))
    return FALSE;
  run->job->result.batch_id = g_steal_pointer (&run->keep.batch_id);
  return TRUE;
}

static gboolean
vai_job_score_run (VaiJob *job, GCancellable *cancellable, GError **error)
{
  VaiJobScore *self = VAI_JOB_SCORE (job);
  VaiProgress *progress = vai_job_get_progress (job);
  g_autoptr (VaiProgress) reading = vai_progress_new_part (progress, 0, READ_SHARE);
  g_autoptr (VaiProgress) scoring = vai_progress_new_part (progress, READ_SHARE, SCORE_SHARE);
  g_autoptr (VaiProgress) storing = vai_progress_new_part (progress, SCORE_SHARE, 1);
  g_auto (Run) run = { .cancellable = cancellable };
  if (!check_options (self, error))
    return FALSE;
  vai_job_begin_phase (job, "read");
  self->model = vai_job_load_model (job, self->options.model_path, self->options.model_id, error);
  if (self->model == NULL || !open_run (&run, self, reading, error))
    return FALSE;
  vai_progress_set (scoring, 0, _ ("Scoring the quotes"));
  vai_job_begin_phase (job, "score");
  if (!score_all (&run, scoring, error))
    return FALSE;
  vai_job_begin_phase (job, "write");
  if (self->result.n_scored > 0)
    self->result.mean_probability = self->sum / self->result.n_scored;
  return store_all (&run, storing, error);
}

static JsonNode *
vai_job_score_dup_parameters (VaiJob *job)
{
  const VaiScoreOptions *options = &VAI_JOB_SCORE (job)->options;
  g_auto (VaiQuotesOptions) quotes;
  vai_quotes_options_init (&quotes);
  quotes.path = g_strdup (options->path);
  quotes.dataset_id = g_strdup (options->dataset_id);
  vai_dialect_copy (&quotes.import.dialect, &options->import.dialect);
  quotes.import.types = options->import.types != NULL ? g_hash_table_ref (options->import.types) : NULL;
  quotes.import.rows_max = options->import.rows_max;
  JsonNode *node = vai_quotes_options_to_json (&quotes);
  JsonObject *object = json_node_get_object (node);
  vai_job_set_path (object, "model_path", options->model_path);
  vai_json_set_text (object, "model_id", options->model_id);
  vai_job_set_path (object, "output", options->output);
  json_object_set_boolean_member (object, "contributions", options->contributions);
  json_object_set_boolean_member (object, "keep", options->keep);
  return node;
}

static gboolean
vai_job_score_set_parameters (VaiJob *job, JsonObject *parameters, GError **error)
{
  VaiScoreOptions *options = &VAI_JOB_SCORE (job)->options;
  g_auto (VaiQuotesOptions) quotes;
  vai_quotes_options_init (&quotes);
  if (!vai_quotes_options_from_json (&quotes, parameters, error))
    return FALSE;
  options->path = g_steal_pointer (&quotes.path);
  options->dataset_id = g_steal_pointer (&quotes.dataset_id);
  vai_dialect_copy (&options->import.dialect, &quotes.import.dialect);
  options->import.types = g_steal_pointer (&quotes.import.types);
  options->import.rows_max = quotes.import.rows_max;
  options->model_path = vai_job_dup_parameter (parameters, "model_path");
  options->model_id = vai_job_dup_parameter (parameters, "model_id");
  options->output = vai_job_dup_parameter (parameters, "output");
  options->contributions = json_object_get_boolean_member_with_default (parameters, "contributions", FALSE);
  options->keep = json_object_get_boolean_member_with_default (parameters, "keep", FALSE);
  return TRUE;
}

static void
vai_job_score_finalize (GObject *object)
{
  VaiJobScore *self = VAI_JOB_SCORE (object);
  g_free (self->options.model_path);
  g_free (self->options.model_id);
  g_free (self->options.path);
  g_free (self->options.dataset_id);
  vai_import_options_clear (&self->options.import);
  g_free (self->options.output);
  g_ptr_array_unref (self->result.renamed);
  g_ptr_array_unref (self->result.missing);
  g_free (self->result.batch_id);
  g_clear_pointer (&self->model, vai_model_unref);
  G_OBJECT_CLASS (vai_job_score_parent_class)->finalize (object);
}

static void
vai_job_score_class_init (VaiJobScoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_job_score_finalize;
  VaiJobClass *job_class = VAI_JOB_CLASS (klass);
  job_class->kind = "score";
  job_class->run = vai_job_score_run;
  job_class->dup_parameters = vai_job_score_dup_parameters;
  job_class->set_parameters = vai_job_score_set_parameters;
}

static void
vai_job_score_init (VaiJobScore *self)
{
  vai_import_options_init (&self->options.import);
  self->result.mean_probability = NAN;
  self->result.renamed = g_ptr_array_new_with_free_func (g_free);
  self->result.missing = g_ptr_array_new_with_free_func (g_free);
}
