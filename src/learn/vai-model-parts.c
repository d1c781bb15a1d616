#include "vai-model-private.h"

#include "vai-error.h"
#include "vai-json.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static void
put_object (GHashTable *parts, const char *name, JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_hash_table_replace (parts, g_strdup (name), vai_json_to_bytes (node));
}

JsonObject *
vai_model_part_object (GHashTable *parts, const char *name, JsonNode **node, GError **error)
{
  GBytes *bytes = g_hash_table_lookup (parts, name);
  if (bytes == NULL)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("The model file lacks its part “%s”."), name);
      return NULL;
    }
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autoptr (JsonNode) root = vai_json_parse (data, size, error);
  JsonObject *object = root != NULL ? vai_json_node_get_object (root, error) : NULL;
  if (object == NULL)
    {
      g_prefix_error (error, _ ("Part “%s” of the model file: "), name);
      return NULL;
    }
  *node = g_steal_pointer (&root);
  return object;
}

void
vai_model_write_description (const VaiModel *self, GHashTable *parts)
{
  g_autoptr (JsonObject) object = json_object_new ();
  json_object_set_string_member (object, "algorithm", vai_algorithm_name (self->algorithm));
  json_object_set_string_member (object, "chosen", vai_algorithm_name (self->chosen));
  json_object_set_int_member (object, "members", self->members->len);
  json_object_set_array_member (object, "weights", vai_json_array_new_doubles (self->weights, self->members->len));
  json_object_set_double_member (object, "intercept", self->intercept);
  if (self->hyperparameters != NULL)
    json_object_set_member (object, "hyperparameters", json_node_copy (self->hyperparameters));
  json_object_set_double_member (object, "threshold", self->threshold);
  json_object_set_double_member (object, "base_rate", self->base_rate);
  json_object_set_boolean_member (object, "has_signal", self->has_signal);
  json_object_set_int_member (object, "rows", self->n_rows);
  json_object_set_int_member (object, "won", self->n_won);
  json_object_set_int_member (object, "open", self->n_open);
  guint n_features = self->schema->features->len;
  json_object_set_array_member (object, "importance", vai_json_array_new_doubles (self->importance, n_features));
  json_object_set_array_member (object, "permutation", vai_json_array_new_doubles (self->permutation, n_features));
  json_object_set_string_member (object, "validation", self->validation);
  json_object_set_int_member (object, "folds", self->folds);
  json_object_set_int_member (object, "repeats", self->repeats);
  json_object_set_array_member (object, "ignored", vai_remarks_to_json (self->ignored));
  json_object_set_array_member (object, "warnings", vai_remarks_to_json (self->warnings));
  put_object (parts, "model.json", object);
}

static JsonObject *
metrics_to_json (const VaiMetrics *metrics)
{
  JsonObject *object = json_object_new ();
  json_object_set_int_member (object, "rows", metrics->n);
  json_object_set_int_member (object, "won", metrics->n_won);
  vai_json_set_double (object, "threshold", metrics->threshold);
  for (guint i = 0; i < VAI_N_METRICS; i++)
    {
      double triple[] = { metrics->value[i], metrics->low[i], metrics->high[i] };
      json_object_set_array_member (object, vai_metric_name (i), vai_json_array_new_doubles (triple, 3));
    }
  return object;
}

void
vai_model_write_metrics (const VaiModel *self, GHashTable *parts)
{
  g_autoptr (JsonObject) object = json_object_new ();
  json_object_set_object_member (object, "at_half", metrics_to_json (&self->at_half));
  json_object_set_object_member (object, "at_threshold", metrics_to_json (&self->at_threshold));
  json_object_set_object_member (object, "baseline", metrics_to_json (&self->baseline));
  const VaiComparison *against = &self->against_baseline;
  double comparison[] = { against->difference, against->low, against->high, against->p_value };
  json_object_set_array_member (object, "against_baseline", vai_json_array_new_doubles (comparison, 4));
  put_object (parts, "metrics.json", object);

  g_autoptr (JsonObject) calibration = json_object_new ();
  json_object_set_member (calibration, "calibrator", vai_calibrator_to_json (self->calibrator));
  json_object_set_member (calibration, "range", vai_range_to_json (self->range));
  put_object (parts, "calibration.json", calibration);
}

static gboolean
read_algorithm (JsonObject *object, const char *member, VaiAlgorithm *algorithm, GError **error)
{
  const char *name = vai_json_get_string (object, member, error);
  if (name == NULL)
    return FALSE;
  if (vai_algorithm_from_name (name, algorithm))
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("The model file names an algorithm “%s” that there is not."),
               name);
  return FALSE;
}

static gboolean
read_remarks (JsonObject *object, const char *name, GPtrArray **remarks, GError **error)
{
  GPtrArray *read = vai_remarks_from_json (object, name, error);
  if (read == NULL)
    return FALSE;
  g_ptr_array_unref (*remarks);
  *remarks = read;
  return TRUE;
}

static gboolean
read_counts (VaiModel *self, JsonObject *object, guint *n_members, GError **error)
{
  guint64 members, rows, won, open, folds, repeats;
  if (!vai_json_get_uint (object, "members", VAI_MODEL_MEMBERS_MAX, &members, error)
      || !vai_json_get_uint (object, "rows", G_MAXINT64, &rows, error)
      || !vai_json_get_uint (object, "won", rows, &won, error)
      || !vai_json_get_uint (object, "open", G_MAXINT64, &open, error)
      || !vai_json_get_uint (object, "folds", G_MAXUINT16, &folds, error)
      || !vai_json_get_uint (object, "repeats", G_MAXUINT16, &repeats, error))
    return FALSE;
  *n_members = members;
  self->n_rows = rows;
  self->n_won = won;
  self->n_open = open;
  self->folds = folds;
  self->repeats = repeats;
  return TRUE;
}

static gboolean
read_weights (VaiModel *self, JsonObject *object, guint n_members, GError **error)
{
  self->weights = g_new0 (double, MAX (n_members, 1));
  if (!vai_json_get_doubles (object, "weights", self->weights, n_members, error)
      || !vai_json_get_finite (object, "intercept", &self->intercept, error))
    return FALSE;
  for (guint i = 0; i < n_members; i++)
    if (!(self->weights[i] >= 0) || !isfinite (self->weights[i]))
      {
        g_set_error_literal (error, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("A weight in the model file is no number."));
        return FALSE;
      }
  return TRUE;
}

gboolean
vai_model_read_description (VaiModel *self, GHashTable *parts, guint *n_members, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object = vai_model_part_object (parts, "model.json", &node, error);
  guint n_features = self->schema->features->len;
  self->importance = g_new0 (double, MAX (n_features, 1));
  self->permutation = g_new0 (double, MAX (n_features, 1));
  if (object == NULL || !read_algorithm (object, "algorithm", &self->algorithm, error)
      || !read_algorithm (object, "chosen", &self->chosen, error) || !read_counts (self, object, n_members, error)
      || !read_weights (self, object, *n_members, error)
      || !vai_json_get_finite (object, "threshold", &self->threshold, error)
      || !vai_json_get_finite (object, "base_rate", &self->base_rate, error)
      || !vai_json_get_boolean (object, "has_signal", &self->has_signal, error)
      || !vai_json_get_doubles (object, "importance", self->importance, n_features, error)
      || !vai_json_get_doubles (object, "permutation", self->permutation, n_features, error)
      || !read_remarks (object, "ignored", &self->ignored, error)
      || !read_remarks (object, "warnings", &self->warnings, error))
    return FALSE;
  const char *validation = vai_json_get_string (object, "validation", error);
  if (validation == NULL)
    return FALSE;
  self->validation = g_strdup (validation);
  JsonNode *hyperparameters = json_object_get_member (object, "hyperparameters");
  self->hyperparameters = hyperparameters != NULL ? json_node_copy (hyperparameters) : NULL;
  return TRUE;
}

static gboolean
read_metrics (VaiMetrics *metrics, JsonObject *parent, const char *name, GError **error)
{
  JsonObject *object = vai_json_get_object (parent, name, error);
  guint64 n, n_won;
  if (object == NULL || !vai_json_get_uint (object, "rows", G_MAXINT64, &n, error)
      || !vai_json_get_uint (object, "won", n, &n_won, error)
      || !vai_json_get_double (object, "threshold", &metrics->threshold, error))
    return FALSE;
  metrics->n = n;
  metrics->n_won = n_won;
  for (guint i = 0; i < VAI_N_METRICS; i++)
    {
      double triple[3];
      if (!vai_json_get_doubles (object, vai_metric_name (i), triple, 3, error))
        return FALSE;
      metrics->value[i] = triple[0];
      metrics->low[i] = triple[1];
      metrics->high[i] = triple[2];
    }
  return TRUE;
}

gboolean
vai_model_read_metrics (VaiModel *self, GHashTable *parts, GError **error)
{
  g_autoptr (JsonNode) node = NULL, calibration_node = NULL;
  JsonObject *object = vai_model_part_object (parts, "metrics.json", &node, error);
  double comparison[4];
  if (object == NULL || !read_metrics (&self->at_half, object, "at_half", error)
      || !read_metrics (&self->at_threshold, object, "at_threshold", error)
      || !read_metrics (&self->baseline, object, "baseline", error)
      || !vai_json_get_doubles (object, "against_baseline", comparison, 4, error))
    return FALSE;
  self->against_baseline = (VaiComparison){
    .difference = comparison[0], .low = comparison[1], .high = comparison[2], .p_value = comparison[3]
  };

  JsonObject *calibration = vai_model_part_object (parts, "calibration.json", &calibration_node, error);
  if (calibration == NULL)
    return FALSE;
  JsonNode *calibrator = json_object_get_member (calibration, "calibrator");
  JsonNode *range = json_object_get_member (calibration, "range");
  if (calibrator == NULL || range == NULL)
    {
      g_set_error_literal (error, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("The calibration in the model file is incomplete."));
      return FALSE;
    }
  self->calibrator = vai_calibrator_from_json (calibrator, error);
  self->range = self->calibrator != NULL ? vai_range_from_json (range, error) : NULL;
  return self->range != NULL;
}
