/* Any bytes as a message to every route that takes one. What passes the check holds what handlers rely on. */
#include "vai-fuzz.h"

#include "vai-route.h"

#include <math.h>
#include <string.h>

static void
look_at_text (const VaiField *field, const char *text)
{
  g_assert_nonnull (text);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  if (field->kind == VAI_FIELD_ID)
    g_assert_true (g_uuid_string_is_valid (text));
  else if (field->kind == VAI_FIELD_EMAIL)
    g_assert_nonnull (strchr (text, '@'));
  else if (field->values != NULL)
    g_assert_true (g_strv_contains (field->values, text));
  else
    g_assert_true (g_utf8_strlen (text, -1) >= field->least && g_utf8_strlen (text, -1) <= field->most);
}

static void
look_at (JsonObject *object, const VaiField *field)
{
  if (!json_object_has_member (object, field->name))
    g_assert_true (field->flags & VAI_FIELD_OPTIONAL);
  else if (json_object_get_null_member (object, field->name))
    g_assert_true (field->flags & VAI_FIELD_NULLABLE);
  else if (field->kind == VAI_FIELD_OBJECT)
    g_assert_nonnull (json_object_get_object_member (object, field->name));
  else if (field->kind == VAI_FIELD_ARRAY)
    g_assert_cmpint (json_array_get_length (json_object_get_array_member (object, field->name)), <=, field->most);
  else if (field->kind == VAI_FIELD_REAL)
    g_assert_true (isfinite (json_object_get_double_member (object, field->name)));
  else if (field->kind == VAI_FIELD_INTEGER)
    {
      gint64 value = json_object_get_int_member (object, field->name);
      g_assert_true (value >= field->least && value <= field->most);
    }
  else if (field->kind == VAI_FIELD_BOOLEAN)
    json_object_get_boolean_member (object, field->name);
  else
    look_at_text (field, json_object_get_string_member (object, field->name));
}

/* Handlers read what is inside of lists and objects too. */
static void
look_at_node (JsonNode *node)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      look_at_node (json_array_get_element (json_node_get_array (node), i));
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      g_autoptr (GList) names = json_object_get_members (json_node_get_object (node));
      for (GList *l = names; l != NULL; l = l->next)
        {
          g_assert_true (g_utf8_validate (l->data, -1, NULL));
          look_at_node (json_object_get_member (json_node_get_object (node), l->data));
        }
    }
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    g_assert_true (g_utf8_validate (json_node_get_string (node), -1, NULL));
}

static void
ask (JsonObject *object, const VaiRoute *route)
{
  g_autofree char *name = NULL, *why = NULL;
  gboolean right = vai_message_check (object, route->fields, &name, &why);
  g_assert_true (right == (why == NULL) && right == (name == NULL));
  if (!right)
    {
      g_autofree char *text = g_strdup_printf ("“%s” %s.", name, why);
      g_assert_true (g_utf8_validate (text, -1, NULL));
      return;
    }
  guint known = 0;
  for (const VaiField *field = route->fields; field->name != NULL; field++)
    {
      look_at (object, field);
      known += json_object_has_member (object, field->name);
    }
  g_assert_cmpuint (json_object_get_size (object), ==, known);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = vai_message_parse ((const char *) data, size, &error);
  g_assert_true ((object == NULL) == (error != NULL));
  if (object == NULL)
    return 0;
  g_autoptr (JsonNode) root = json_node_init_object (json_node_alloc (), object);
  look_at_node (root);
  for (guint t = 0; vai_routes[t] != NULL; t++)
    for (const VaiRoute *route = vai_routes[t]; route->method != NULL; route++)
      if (route->fields != NULL)
        ask (object, route);
  return 0;
}
