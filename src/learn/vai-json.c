#include "vai-json.h"

#include "vai-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static gboolean
check_depth (const char *data, gsize size, GError **error)
{
  guint depth = 0;
  gboolean in_string = FALSE;
  for (gsize i = 0; i < size; i++)
    {
      char c = data[i];
      if (in_string)
        {
          if (c == '\\')
            i++;
          else if (c == '"')
            in_string = FALSE;
        }
      else if (c == '"')
        in_string = TRUE;
      else if (c == '[' || c == '{')
        depth++;
      else if ((c == ']' || c == '}') && depth > 0)
        depth--;
      if (depth > VAI_JSON_DEPTH_MAX)
        {
          g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE, _ ("The JSON is nested more than %d levels deep."),
                       VAI_JSON_DEPTH_MAX);
          return FALSE;
        }
    }
  return TRUE;
}

JsonNode *
vai_json_parse (const char *data, gsize size, GError **error)
{
  if (size > VAI_JSON_SIZE_MAX)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE, _ ("The JSON has %zu bytes; at most %d are read."), size,
                   VAI_JSON_SIZE_MAX);
      return NULL;
    }
  if (!check_depth (data, size, error))
    return NULL;
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) local = NULL;
  /* json-glib takes an embedded NUL for the end and invalid UTF-8 for text. */
  gboolean good
      = size > 0 && g_utf8_validate_len (data, size, NULL) && json_parser_load_from_data (parser, data, size, &local);
  JsonNode *root = good ? json_parser_steal_root (parser) : NULL;
  if (root == NULL)
    g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("The JSON cannot be read: %s"),
                 local != NULL ? local->message : _ ("it is empty or not UTF-8."));
  return root;
}

GBytes *
vai_json_to_bytes (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, FALSE);
  char *line = g_strconcat (text, "\n", NULL);
  return g_bytes_new_take (line, strlen (line));
}

void
vai_json_set_double (JsonObject *object, const char *name, double value)
{
  if (isfinite (value))
    json_object_set_double_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

JsonArray *
vai_json_array_new_doubles (const double *values, gsize n)
{
  JsonArray *array = json_array_sized_new (n);
  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      json_array_add_double_element (array, values[i]);
    else
      json_array_add_null_element (array);
  return array;
}

void
vai_json_set_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
  else
    json_object_set_null_member (object, name);
}

void
vai_json_set_strings (JsonObject *object, const char *name, const char *const *texts)
{
  JsonArray *array = json_array_new ();
  for (gsize i = 0; texts != NULL && texts[i] != NULL; i++)
    json_array_add_string_element (array, texts[i]);
  json_object_set_array_member (object, name, array);
}

static gboolean
set_damaged (const char *name, GError **error)
{
  g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("“%s” is missing or is not what it should be."), name);
  return FALSE;
}

JsonObject *
vai_json_node_get_object (JsonNode *node, GError **error)
{
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  set_damaged ("{}", error);
  return NULL;
}

static gboolean
read_double (JsonNode *node, double *value)
{
  if (node == NULL)
    return FALSE;
  if (JSON_NODE_HOLDS_NULL (node))
    *value = NAN;
  else if (JSON_NODE_HOLDS_VALUE (node)
           && (json_node_get_value_type (node) == G_TYPE_DOUBLE || json_node_get_value_type (node) == G_TYPE_INT64))
    *value = json_node_get_double (node);
  else
    return FALSE;
  return TRUE;
}

gboolean
vai_json_get_double (JsonObject *object, const char *name, double *value, GError **error)
{
  return read_double (json_object_get_member (object, name), value) || set_damaged (name, error);
}

gboolean
vai_json_get_finite (JsonObject *object, const char *name, double *value, GError **error)
{
  return (read_double (json_object_get_member (object, name), value) && isfinite (*value)) || set_damaged (name, error);
}

gboolean
vai_json_get_uint (JsonObject *object, const char *name, guint64 max, guint64 *value, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return set_damaged (name, error);
  gint64 number = json_node_get_int (node);
  if (number < 0 || (guint64) number > max)
    return set_damaged (name, error);
  *value = number;
  return TRUE;
}

gboolean
vai_json_get_boolean (JsonObject *object, const char *name, gboolean *value, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return set_damaged (name, error);
  *value = json_node_get_boolean (node);
  return TRUE;
}

const char *
vai_json_get_string (JsonObject *object, const char *name, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_get_string (node);
  set_damaged (name, error);
  return NULL;
}

JsonObject *
vai_json_get_object (JsonObject *object, const char *name, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  set_damaged (name, error);
  return NULL;
}

JsonArray *
vai_json_get_array (JsonObject *object, const char *name, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    return json_node_get_array (node);
  set_damaged (name, error);
  return NULL;
}

gboolean
vai_json_get_doubles (JsonObject *object, const char *name, double *values, gsize n, GError **error)
{
  JsonArray *array = vai_json_get_array (object, name, error);
  if (array == NULL)
    return FALSE;
  if (json_array_get_length (array) != n)
    return set_damaged (name, error);
  for (gsize i = 0; i < n; i++)
    if (!read_double (json_array_get_element (array, i), &values[i]))
      return set_damaged (name, error);
  return TRUE;
}

gboolean
vai_json_get_int (JsonObject *object, const char *name, gint64 min, gint64 max, gint64 *value, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return set_damaged (name, error);
  gint64 number = json_node_get_int (node);
  if (number < min || number > max)
    return set_damaged (name, error);
  *value = number;
  return TRUE;
}

gboolean
vai_json_get_text (JsonObject *object, const char *name, const char **value, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  *value = NULL;
  if (node != NULL && JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  *value = vai_json_get_string (object, name, error);
  return *value != NULL;
}

GStrv
vai_json_get_strings (JsonObject *object, const char *name, GError **error)
{
  JsonArray *array = vai_json_get_array (object, name, error);
  if (array == NULL)
    return NULL;
  guint n = json_array_get_length (array);
  g_auto (GStrv) texts = g_new0 (char *, (gsize) n + 1);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        {
          set_damaged (name, error);
          return NULL;
        }
      texts[i] = json_node_dup_string (node);
    }
  return g_steal_pointer (&texts);
}

double *
vai_json_dup_finite (JsonObject *object, const char *name, gsize n_max, gsize *n, GError **error)
{
  *n = 0;
  JsonArray *array = vai_json_get_array (object, name, error);
  if (array == NULL)
    return NULL;
  gsize length = json_array_get_length (array);
  g_autofree double *values = g_new (double, MAX (MIN (length, n_max), 1));
  gboolean good = length > 0 && length <= n_max;
  for (gsize i = 0; good && i < length; i++)
    good = read_double (json_array_get_element (array, i), &values[i]) && isfinite (values[i]);
  if (!good)
    {
      set_damaged (name, error);
      return NULL;
    }
  *n = length;
  return g_steal_pointer (&values);
}
