#include "vai-model-row.h"

#include "vai-error.h"
#include "vai-job-private.h"
#include "vai-json.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *const effort_names[] = { "quick", "normal", "thorough" };

static char *
dup_text_of (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  json_object_unref (object);
  return json_to_string (node, FALSE);
}

/* The label metrics are those at the model's own threshold. */
static char *
dup_intervals (const VaiMetrics *metrics)
{
  JsonObject *object = json_object_new ();
  for (guint i = 0; i < VAI_N_METRICS; i++)
    {
      double bounds[] = { metrics->low[i], metrics->high[i] };
      if (isfinite (bounds[0]) && isfinite (bounds[1]))
        json_object_set_array_member (object, vai_metric_name (i), vai_json_array_new_doubles (bounds, 2));
    }
  return dup_text_of (object);
}

static char *
dup_importance (const VaiModel *model)
{
  JsonObject *object = json_object_new ();
  for (guint i = 0; model->importance != NULL && i < model->schema->features->len; i++)
    vai_json_set_double (object, vai_schema_feature (model->schema, i)->name, model->importance[i]);
  return dup_text_of (object);
}

static char *
dup_validation (const VaiModel *model)
{
  JsonObject *object = json_object_new ();
  vai_json_set_text (object, "scheme", model->validation);
  json_object_set_int_member (object, "folds", model->folds);
  json_object_set_int_member (object, "repeats", model->repeats);
  json_object_set_int_member (object, "rows", model->n_rows);
  json_object_set_int_member (object, "won", model->n_won);
  json_object_set_int_member (object, "open", model->n_open);
  json_object_set_boolean_member (object, "has_signal", model->has_signal);
  vai_json_set_double (object, "baseline_log_loss", model->baseline.value[VAI_METRIC_LOG_LOSS]);
  vai_json_set_double (object, "baseline_brier", model->baseline.value[VAI_METRIC_BRIER]);
  return dup_text_of (object);
}

VaiModelRow *
vai_model_row_new (const VaiModel *model)
{
  VaiModelRow *row = vai_row_new (&vai_model_row_kind);
  const double *value = model->at_threshold.value;
  row->algorithm = g_strdup (vai_algorithm_name (model->chosen));
  row->hyperparameters = model->hyperparameters != NULL ? json_to_string (model->hyperparameters, FALSE) : NULL;
  row->validation = dup_validation (model);
  row->accuracy = value[VAI_METRIC_ACCURACY];
  row->precision = value[VAI_METRIC_PRECISION];
  row->recall = value[VAI_METRIC_RECALL];
  row->f1_score = value[VAI_METRIC_F1];
  row->auc_roc = value[VAI_METRIC_AUC_ROC];
  row->brier_score = value[VAI_METRIC_BRIER];
  row->log_loss = value[VAI_METRIC_LOG_LOSS];
  row->calibration_error = value[VAI_METRIC_CALIBRATION_ERROR];
  row->intervals = dup_intervals (&model->at_threshold);
  row->base_rate = model->base_rate;
  row->feature_importance = dup_importance (model);
  row->threshold = model->threshold;
  row->seed = model->seed;
  row->data_fingerprint = g_strdup (model->data_fingerprint);
  return row;
}

double
vai_model_row_get_threshold (const VaiModelRow *self, const VaiModel *model)
{
  double threshold = self->threshold;
  gboolean chosen = isfinite (threshold) && threshold >= 0 && threshold <= 1 && threshold != model->threshold;
  return chosen ? threshold : 0.5;
}

char *
vai_model_keep_file (VaiStore *store, const char *path, const char *name, GError **error)
{
  g_autoptr (GBytes) bytes = vai_model_read_file (path, error);
  g_autoptr (VaiModel) model = bytes != NULL ? vai_model_from_bytes (bytes, error) : NULL;
  if (model == NULL)
    return NULL;
  g_autoptr (VaiModelRow) row = vai_model_row_new (model);
  row->name = name != NULL ? g_strdup (name) : vai_job_name_of_path (path);
  return vai_store_add_model (store, row, bytes, error) ? g_strdup (row->id) : NULL;
}

JsonObject *
vai_train_options_to_object (const VaiTrainOptions *options)
{
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "algorithm", vai_algorithm_name (options->algorithm));
  json_object_set_string_member (object, "effort", effort_names[options->effort]);
  JsonArray *parameters = json_array_new ();
  for (guint i = 0; options->parameters != NULL && i < options->parameters->len; i++)
    json_array_add_string_element (parameters, g_ptr_array_index (options->parameters, i));
  json_object_set_array_member (object, "parameters", parameters);
  JsonObject *monotone = json_object_new ();
  g_autoptr (GList) names = options->monotone != NULL ? g_hash_table_get_keys (options->monotone) : NULL;
  names = g_list_sort (names, (GCompareFunc) strcmp);
  for (GList *l = names; l != NULL; l = l->next)
    json_object_set_int_member (monotone, l->data, GPOINTER_TO_INT (g_hash_table_lookup (options->monotone, l->data)));
  json_object_set_object_member (object, "monotone", monotone);
  json_object_set_int_member (object, "folds", options->folds);
  json_object_set_boolean_member (object, "by_date", options->by_date);
  /* As text: JSON readers keep 53 bits of a number. */
  g_autofree char *seed = g_strdup_printf ("%" PRIu64, options->seed);
  json_object_set_string_member (object, "seed", seed);
  json_object_set_int_member (object, "threads", options->threads);
  return object;
}

static gboolean
get_parameters (VaiTrainOptions *options, JsonObject *object, GError **error)
{
  g_auto (GStrv) parameters = vai_json_get_strings (object, "parameters", error);
  JsonObject *monotone = parameters != NULL ? vai_json_get_object (object, "monotone", error) : NULL;
  if (monotone == NULL)
    return FALSE;
  g_clear_pointer (&options->parameters, g_ptr_array_unref);
  options->parameters = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; parameters[i] != NULL; i++)
    g_ptr_array_add (options->parameters, g_strdup (parameters[i]));
  g_clear_pointer (&options->monotone, g_hash_table_unref);
  options->monotone = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GList) names = json_object_get_members (monotone);
  for (GList *l = names; l != NULL; l = l->next)
    {
      gint64 sign;
      if (!vai_json_get_int (monotone, l->data, -1, 1, &sign, error))
        return FALSE;
      g_hash_table_insert (options->monotone, g_strdup (l->data), GINT_TO_POINTER ((int) sign));
    }
  return TRUE;
}

gboolean
vai_train_options_from_object (VaiTrainOptions *options, JsonObject *object, GError **error)
{
  guint64 folds, threads;
  const char *algorithm = vai_json_get_string (object, "algorithm", error);
  const char *effort = algorithm != NULL ? vai_json_get_string (object, "effort", error) : NULL;
  const char *seed = effort != NULL ? vai_json_get_string (object, "seed", error) : NULL;
  if (seed == NULL || !get_parameters (options, object, error)
      || !vai_json_get_uint (object, "folds", G_MAXINT, &folds, error)
      || !vai_json_get_uint (object, "threads", G_MAXINT, &threads, error)
      || !vai_json_get_boolean (object, "by_date", &options->by_date, error))
    return FALSE;
  vai_algorithm_from_name (algorithm, &options->algorithm);
  for (guint i = 0; i < G_N_ELEMENTS (effort_names); i++)
    if (strcmp (effort, effort_names[i]) == 0)
      options->effort = i;
  options->folds = folds;
  options->threads = threads;
  options->seed = g_ascii_strtoull (seed, NULL, 10);
  return TRUE;
}
