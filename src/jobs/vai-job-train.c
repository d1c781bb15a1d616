#include "vai-job-train.h"

#include "vai-error.h"
#include "vai-job-private.h"
#include "vai-json.h"
#include "vai-model-row.h"
#include "vai-output.h"
#include "vai-quotes-json.h"

#include <glib/gi18n-lib.h>
#include <malloc.h>
#include <string.h>

/* Of the bar: reading and profiling, training, then writing. */
#define LOAD_SHARE 0.1
#define TRAIN_SHARE 0.98

/* Blocks from this size on go back to the system when they are freed. Left to itself the allocator keeps ever longer
 * ones in its heaps, where matrices that come and go leave holes: a fifth of all memory at 50,000 rows. */
#define GIVEN_BACK_MIN (128 * 1024)

struct _VaiJobTrain
{
  VaiJob parent_instance;
  VaiQuotesOptions quotes_options;
  VaiTrainOptions options;
  char *output; /* owned, nullable */
  char *name;   /* owned, nullable */
  gboolean keep;
  VaiTrainEventFunc on_event;
  gpointer event_data;
  VaiQuotes *quotes; /* owned */
  VaiModel *model;   /* owned */
  GBytes *bytes;     /* owned */
  char *fingerprint; /* owned */
  char *model_id;    /* owned */
  double training_seconds;
};

G_DEFINE_FINAL_TYPE (VaiJobTrain, vai_job_train, VAI_TYPE_JOB)

VaiJobTrain *
vai_job_train_new (VaiStore *store)
{
  VaiJobTrain *self = g_object_new (VAI_TYPE_JOB_TRAIN, NULL);
  vai_job_set_store (VAI_JOB (self), store);
  return self;
}

VaiQuotesOptions *
vai_job_train_get_quotes_options (VaiJobTrain *self)
{
  g_return_val_if_fail (VAI_IS_JOB_TRAIN (self), NULL);
  return &self->quotes_options;
}

VaiTrainOptions *
vai_job_train_get_options (VaiJobTrain *self)
{
  g_return_val_if_fail (VAI_IS_JOB_TRAIN (self), NULL);
  return &self->options;
}

void
vai_job_train_set_output (VaiJobTrain *self, const char *path)
{
  g_return_if_fail (VAI_IS_JOB_TRAIN (self));
  g_free (self->output);
  self->output = g_strdup (path);
}

void
vai_job_train_set_keep (VaiJobTrain *self, gboolean keep)
{
  g_return_if_fail (VAI_IS_JOB_TRAIN (self));
  self->keep = keep;
}

void
vai_job_train_set_name (VaiJobTrain *self, const char *name)
{
  g_return_if_fail (VAI_IS_JOB_TRAIN (self));
  g_free (self->name);
  self->name = g_strdup (name);
}

void
vai_job_train_set_event_func (VaiJobTrain *self, VaiTrainEventFunc func, gpointer user_data)
{
  g_return_if_fail (VAI_IS_JOB_TRAIN (self));
  self->on_event = func;
  self->event_data = user_data;
}

VaiQuotes *
vai_job_train_get_quotes (VaiJobTrain *self)
{
  g_return_val_if_fail (VAI_IS_JOB_TRAIN (self), NULL);
  return self->quotes;
}

VaiModel *
vai_job_train_get_model (VaiJobTrain *self)
{
  g_return_val_if_fail (VAI_IS_JOB_TRAIN (self), NULL);
  return self->model;
}

GBytes *
vai_job_train_get_bytes (VaiJobTrain *self)
{
  g_return_val_if_fail (VAI_IS_JOB_TRAIN (self), NULL);
  return self->bytes;
}

const char *
vai_job_train_get_fingerprint (VaiJobTrain *self)
{
  g_return_val_if_fail (VAI_IS_JOB_TRAIN (self), NULL);
  return self->fingerprint;
}

const char *
vai_job_train_get_model_id (VaiJobTrain *self)
{
  g_return_val_if_fail (VAI_IS_JOB_TRAIN (self), NULL);
  return self->model_id;
}

static void
take_seconds (VaiJob *job, GHashTable *seconds)
{
  g_autoptr (GList) phases = g_list_sort (g_hash_table_get_keys (seconds), (GCompareFunc) strcmp);
  for (GList *l = phases; l != NULL; l = l->next)
    vai_job_add_seconds (job, l->data, *(double *) g_hash_table_lookup (seconds, l->data));
}

/* A target that cannot be written is found before the minutes of training, not after. */
static gboolean
check_output (VaiJobTrain *self, GError **error)
{
  if (!vai_job_check_output (VAI_JOB (self), self->output, self->quotes_options.path, error))
    return FALSE;
  g_autoptr (VaiOutput) output = self->output != NULL ? vai_output_new (self->output, error) : NULL;
  return self->output == NULL || output != NULL;
}

static gboolean
train (VaiJobTrain *self, GCancellable *cancellable, GError **error)
{
  VaiJob *job = VAI_JOB (self);
  VaiProgress *progress = vai_job_get_progress (job);
  mallopt (M_MMAP_THRESHOLD, GIVEN_BACK_MIN);
  g_autoptr (VaiProgress) loading = vai_progress_new_part (progress, 0, LOAD_SHARE);
  g_autoptr (VaiProgress) training = vai_progress_new_part (progress, LOAD_SHARE, TRAIN_SHARE);
  self->quotes = vai_quotes_load (&self->quotes_options, vai_job_get_store (job), loading, cancellable, error);
  if (self->quotes == NULL)
    return FALSE;
  malloc_trim (0); /* what reading left */
  vai_job_add_seconds (job, "read", self->quotes->read_seconds);
  vai_job_add_seconds (job, "profile", self->quotes->profile_seconds);
  g_autoptr (GHashTable) phases = NULL;
  gint64 began = g_get_monotonic_time ();
  self->model = vai_train (self->quotes->table, self->quotes->profile, &self->options, self->on_event, self->event_data,
                           training, cancellable, &phases, error);
  if (phases != NULL)
    take_seconds (job, phases);
  if (self->model != NULL)
    self->model->schema->date_order = vai_quotes_get_date_order (self->quotes);
  self->training_seconds = (g_get_monotonic_time () - began) / (double) G_USEC_PER_SEC;
  return self->model != NULL;
}

static gboolean
add_model (VaiStore *store, gpointer data, GError **error)
{
  VaiJobTrain *self = data;
  g_autofree char *of_file
      = self->quotes_options.path != NULL ? vai_job_name_of_path (self->quotes_options.path) : NULL;
  const char *of_data = self->quotes->dataset != NULL ? self->quotes->dataset->name : of_file;
  g_autoptr (VaiModelRow) row = vai_model_row_new (self->model);
  row->name = g_strdup (self->name != NULL ? self->name : of_data);
  row->dataset_id = g_strdup (self->quotes->dataset != NULL ? self->quotes->dataset->id : NULL);
  row->training_time_ms = self->training_seconds * 1000;
  if (!vai_store_add_model (store, row, self->bytes, error))
    return FALSE;
  self->model_id = g_strdup (row->id);
  return TRUE;
}

static gboolean
vai_job_train_run (VaiJob *job, GCancellable *cancellable, GError **error)
{
  VaiJobTrain *self = VAI_JOB_TRAIN (job);
  if (self->keep && !vai_job_require_store (job, error))
    return FALSE;
  if (!check_output (self, error) || !train (self, cancellable, error))
    return FALSE;
  vai_progress_set (vai_job_get_progress (job), TRAIN_SHARE, _ ("Writing the model"));
  vai_job_begin_phase (job, "write");
  self->bytes = vai_model_to_bytes (self->model, &self->fingerprint, error);
  if (self->bytes == NULL || vai_cancelled (cancellable, error))
    return FALSE;
  gsize size;
  const void *data = g_bytes_get_data (self->bytes, &size);
  g_autoptr (VaiOutput) output
      = self->output != NULL ? vai_output_new_with_bytes (self->output, data, size, error) : NULL;
  if (self->output != NULL && output == NULL)
    return FALSE;
  return vai_job_store_result (job, output, self->keep ? add_model : NULL, self, &self->model_id, error);
}

static JsonNode *
vai_job_train_dup_parameters (VaiJob *job)
{
  VaiJobTrain *self = VAI_JOB_TRAIN (job);
  JsonNode *node = vai_quotes_options_to_json (&self->quotes_options);
  JsonObject *object = json_node_get_object (node);
  vai_job_set_path (object, "output", self->output);
  vai_json_set_text (object, "name", self->name);
  json_object_set_boolean_member (object, "keep", self->keep);
  json_object_set_object_member (object, "training", vai_train_options_to_object (&self->options));
  return node;
}

static gboolean
vai_job_train_set_parameters (VaiJob *job, JsonObject *parameters, GError **error)
{
  VaiJobTrain *self = VAI_JOB_TRAIN (job);
  self->output = vai_job_dup_parameter (parameters, "output");
  self->name = vai_job_dup_parameter (parameters, "name");
  self->keep = json_object_get_boolean_member_with_default (parameters, "keep", FALSE);
  JsonObject *training = vai_json_get_object (parameters, "training", error);
  return training != NULL && vai_train_options_from_object (&self->options, training, error)
         && vai_quotes_options_from_json (&self->quotes_options, parameters, error);
}

static void
vai_job_train_finalize (GObject *object)
{
  VaiJobTrain *self = VAI_JOB_TRAIN (object);
  vai_quotes_options_clear (&self->quotes_options);
  vai_train_options_clear (&self->options);
  g_free (self->output);
  g_free (self->name);
  vai_quotes_unref (self->quotes);
  g_clear_pointer (&self->model, vai_model_unref);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->fingerprint);
  g_free (self->model_id);
  G_OBJECT_CLASS (vai_job_train_parent_class)->finalize (object);
}

static void
vai_job_train_class_init (VaiJobTrainClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_job_train_finalize;
  VaiJobClass *job_class = VAI_JOB_CLASS (klass);
  job_class->kind = "train";
  job_class->run = vai_job_train_run;
  job_class->dup_parameters = vai_job_train_dup_parameters;
  job_class->set_parameters = vai_job_train_set_parameters;
}

static void
vai_job_train_init (VaiJobTrain *self)
{
  vai_quotes_options_init (&self->quotes_options);
  vai_train_options_init (&self->options);
}
