#include "vai-encoder.h"

#include "vai-error.h"
#include "vai-json.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* An encoding wider than this does not come from a table that trains in memory. */
#define COLUMNS_MAX 1000000

static const char *const coding_names[VAI_N_CODINGS] = {
  [VAI_CODING_NUMBER] = "number", [VAI_CODING_ABSENT] = "absent",         [VAI_CODING_VALUE] = "value",
  [VAI_CODING_LEVELS] = "levels", [VAI_CODING_MONTH] = "month",           [VAI_CODING_WEEKDAY] = "weekday",
  [VAI_CODING_AGE] = "age",       [VAI_CODING_LENGTH] = "length",         [VAI_CODING_TOKEN] = "token",
  [VAI_CODING_RATIO] = "ratio",   [VAI_CODING_DIFFERENCE] = "difference", [VAI_CODING_SIGNED] = "signed",
};

static JsonObject *
column_to_json (const VaiCodedColumn *column)
{
  JsonObject *object = json_object_new ();
  JsonArray *origins = json_array_new ();
  for (guint i = 0; i < column->n_origins; i++)
    json_array_add_int_element (origins, column->origins[i]);
  json_object_set_string_member (object, "coding", coding_names[column->coding]);
  json_object_set_array_member (object, "origins", origins);
  if (column->monotone)
    json_object_set_int_member (object, "monotone", column->monotone);
  if (column->coding == VAI_CODING_NUMBER)
    vai_json_set_double (object, "from", column->from);
  if (column->coding == VAI_CODING_VALUE || column->coding == VAI_CODING_SIGNED)
    json_object_set_int_member (object, "value", column->value);
  if (column->coding == VAI_CODING_VALUE || column->coding == VAI_CODING_LEVELS)
    {
      vai_json_set_double (object, "missing", column->missing);
      vai_json_set_double (object, "unseen", column->unseen);
    }
  if (column->coding == VAI_CODING_LEVELS)
    json_object_set_array_member (object, "levels", vai_json_array_new_doubles (column->levels, column->n_levels));
  if (column->token)
    json_object_set_string_member (object, "token", column->token);
  if (!column->scaled)
    return object;
  json_object_set_boolean_member (object, "log", column->log);
  vai_json_set_double (object, "low", column->low);
  vai_json_set_double (object, "high", column->high);
  vai_json_set_double (object, "mean", column->mean);
  vai_json_set_double (object, "scale", column->scale);
  return object;
}

JsonNode *
vai_encoder_to_json (const VaiEncoder *self)
{
  JsonArray *columns = json_array_sized_new (vai_encoder_width (self));
  for (guint i = 0; i < vai_encoder_width (self); i++)
    json_array_add_object_element (columns, column_to_json (vai_encoder_column (self, i)));
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (node, columns);
  return node;
}

/* --- Reading --- */

static gboolean
is_numeric (const VaiSchema *schema, guint feature)
{
  VaiType type = vai_schema_feature (schema, feature)->type;
  return type == VAI_TYPE_NUMBER || type == VAI_TYPE_DATE;
}

/* Each coding wants features of certain types: it will read their arrays without asking again. */
static gboolean
origins_fit (const VaiCodedColumn *column, const VaiSchema *schema)
{
  guint first = column->origins[0];
  VaiType type = vai_schema_feature (schema, first)->type;
  switch (column->coding)
    {
    case VAI_CODING_ABSENT:
      return column->n_origins == 1;
    case VAI_CODING_NUMBER:
    case VAI_CODING_MONTH:
    case VAI_CODING_WEEKDAY:
      return column->n_origins == 1 && is_numeric (schema, first);
    case VAI_CODING_VALUE:
    case VAI_CODING_LEVELS:
      return column->n_origins == 1 && type == VAI_TYPE_CATEGORY;
    case VAI_CODING_LENGTH:
    case VAI_CODING_TOKEN:
      return column->n_origins == 1 && type == VAI_TYPE_TEXT;
    case VAI_CODING_SIGNED:
      return column->n_origins == 3 && is_numeric (schema, first) && is_numeric (schema, column->origins[1])
             && vai_schema_feature (schema, column->origins[2])->type == VAI_TYPE_CATEGORY;
    default:
      return column->n_origins == 2 && is_numeric (schema, first) && is_numeric (schema, column->origins[1]);
    }
}

static gboolean
read_origins (VaiCodedColumn *column, JsonObject *object, const VaiSchema *schema)
{
  JsonArray *array = vai_json_get_array (object, "origins", NULL);
  const char *coding = vai_json_get_string (object, "coding", NULL);
  column->coding = 0;
  while (coding && column->coding < VAI_N_CODINGS && strcmp (coding, coding_names[column->coding]) != 0)
    column->coding++;
  if (!array || !coding || column->coding == VAI_N_CODINGS)
    return FALSE;
  column->n_origins = json_array_get_length (array);
  if (column->n_origins < 1 || column->n_origins > VAI_CODED_ORIGINS_MAX)
    return FALSE;
  for (guint i = 0; i < column->n_origins; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      gint64 origin = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : -1;
      if (origin < 0 || origin >= schema->features->len)
        return FALSE;
      column->origins[i] = origin;
    }
  return origins_fit (column, schema);
}

static gboolean
read_levels (VaiCodedColumn *column, JsonObject *object, const VaiSchema *schema)
{
  column->n_levels = vai_dictionary_get_size (vai_schema_feature (schema, column->origins[0])->values);
  column->levels = g_new (double, column->n_levels + 1);
  return vai_json_get_doubles (object, "levels", column->levels, column->n_levels, NULL);
}

static gboolean
read_scale (VaiCodedColumn *column, JsonObject *object)
{
  column->scaled = TRUE;
  return vai_json_get_boolean (object, "log", &column->log, NULL)
         && vai_json_get_finite (object, "low", &column->low, NULL)
         && vai_json_get_finite (object, "high", &column->high, NULL)
         && vai_json_get_finite (object, "mean", &column->mean, NULL)
         && vai_json_get_finite (object, "scale", &column->scale, NULL) && column->low <= column->high
         && column->scale > 0;
}

static gboolean
read_column (VaiCodedColumn *column, JsonNode *node, const VaiSchema *schema)
{
  JsonObject *object = vai_json_node_get_object (node, NULL);
  gint64 monotone = 0, value = 0;
  if (!object || !read_origins (column, object, schema))
    return FALSE;
  if (json_object_has_member (object, "monotone") && !vai_json_get_int (object, "monotone", -1, 1, &monotone, NULL))
    return FALSE;
  column->monotone = monotone;
  if (column->coding == VAI_CODING_NUMBER && !vai_json_get_finite (object, "from", &column->from, NULL))
    return FALSE;
  if ((column->coding == VAI_CODING_VALUE || column->coding == VAI_CODING_SIGNED)
      && !vai_json_get_int (object, "value", 0, G_MAXINT32, &value, NULL))
    return FALSE;
  column->value = value;
  if ((column->coding == VAI_CODING_VALUE || column->coding == VAI_CODING_LEVELS)
      && (!vai_json_get_double (object, "missing", &column->missing, NULL)
          || !vai_json_get_double (object, "unseen", &column->unseen, NULL)))
    return FALSE;
  if (column->coding == VAI_CODING_LEVELS && !read_levels (column, object, schema))
    return FALSE;
  if (column->coding == VAI_CODING_TOKEN)
    {
      column->token = g_strdup (vai_json_get_string (object, "token", NULL));
      if (!column->token)
        return FALSE;
    }
  return !json_object_has_member (object, "scale") || read_scale (column, object);
}

VaiEncoder *
vai_encoder_from_json (JsonNode *node, VaiSchema *schema, GError **error)
{
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array ? json_array_get_length (array) : 0;
  g_autoptr (VaiEncoder) self = vai_encoder_alloc (schema);
  gboolean fine = n > 0 && n <= COLUMNS_MAX;
  for (guint i = 0; fine && i < n; i++)
    {
      g_array_set_size (self->columns, i + 1);
      fine = read_column (vai_encoder_column (self, i), json_array_get_element (array, i), schema);
    }
  if (fine)
    return g_steal_pointer (&self);
  g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED,
               _ ("The model file is damaged: its encoding does not fit its columns. Train the model again."));
  return NULL;
}
