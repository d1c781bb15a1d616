#include "vai-message.h"

#include "vai-error.h"
#include "vai-json-text.h"

#include <math.h>
#include <string.h>

/* An address longer than this cannot be delivered to (RFC 5321). */
#define EMAIL_BYTES_MAX 254

JsonObject *
vai_message_parse (const char *text, gsize size, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  /* json-glib alone takes comments, single quotes and the escapes of C, which make other bytes than UTF-8. */
  if (size > 0 && vai_json_text_is_object (text, size, VAI_MESSAGE_DEPTH_MAX)
      && json_parser_load_from_data (parser, text, (gssize) size, NULL))
    return json_node_dup_object (json_parser_get_root (parser));
  g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_A_TABLE, "The message is no JSON object, or is nested deeper than %d.",
               VAI_MESSAGE_DEPTH_MAX);
  return NULL;
}

static gboolean
is_email (const char *text)
{
  const char *at = strrchr (text, '@');
  if (at == NULL || at == text || strlen (text) > EMAIL_BYTES_MAX || strchr (at + 1, '.') == NULL)
    return FALSE;
  for (const char *c = text; *c != '\0'; c++)
    if ((guchar) *c <= ' ' || *c == 127 || strchr ("<>()[],;:\\\"", *c) != NULL)
      return FALSE;
  return at[1] != '.' && !g_str_has_suffix (at, ".") && strstr (text, "..") == NULL;
}

static gboolean
is_id (const char *text)
{
  if (strlen (text) != 36)
    return FALSE;
  for (guint i = 0; i < 36; i++)
    {
      gboolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? text[i] != '-' : !(g_ascii_isdigit (text[i]) || (text[i] >= 'a' && text[i] <= 'f')))
        return FALSE;
    }
  return TRUE;
}

gboolean
vai_message_is_visible (const char *text)
{
  while (*text != '\0' && !g_unichar_isgraph (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  return *text != '\0';
}

static char *
check_text (const VaiField *field, const char *text)
{
  if (field->kind == VAI_FIELD_EMAIL)
    return is_email (text) ? NULL : g_strdup ("is no e-mail address");
  if (field->kind == VAI_FIELD_ID)
    return is_id (text) ? NULL : g_strdup ("is no id");
  if (field->values != NULL && !g_strv_contains (field->values, text))
    return g_strdup ("is none of the values that are known");
  glong length = g_utf8_strlen (text, -1);
  if (field->values == NULL && (length < field->least || length > field->most))
    return g_strdup_printf ("has %ld characters, %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " are right", length,
                            field->least, field->most);
  return field->flags & VAI_FIELD_VISIBLE && !vai_message_is_visible (text) ? g_strdup ("has nothing that can be seen")
                                                                            : NULL;
}

static char *
check_number (const VaiField *field, JsonNode *node)
{
  GType type = json_node_get_value_type (node);
  if (field->kind == VAI_FIELD_REAL)
    return (type == G_TYPE_INT64 || type == G_TYPE_DOUBLE) && isfinite (json_node_get_double (node))
               ? NULL
               : g_strdup ("is no number");
  if (type != G_TYPE_INT64)
    return g_strdup ("is no whole number");
  gint64 value = json_node_get_int (node);
  if (value >= field->least && value <= field->most)
    return NULL;
  return g_strdup_printf ("is %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " are right", value,
                          field->least, field->most);
}

/* NULL, or what is wrong with @node. */
static char *
check_member (const VaiField *field, JsonNode *node)
{
  if (JSON_NODE_HOLDS_NULL (node))
    return field->flags & VAI_FIELD_NULLABLE ? NULL : g_strdup ("is null");
  if (field->kind == VAI_FIELD_OBJECT)
    return JSON_NODE_HOLDS_OBJECT (node) ? NULL : g_strdup ("is no object");
  if (field->kind == VAI_FIELD_ARRAY)
    {
      if (!JSON_NODE_HOLDS_ARRAY (node))
        return g_strdup ("is no list");
      gint64 n = json_array_get_length (json_node_get_array (node));
      return n >= field->least && n <= field->most ? NULL : g_strdup_printf ("has %" G_GINT64_FORMAT " items", n);
    }
  if (!JSON_NODE_HOLDS_VALUE (node))
    return g_strdup ("is of another kind");
  if (field->kind == VAI_FIELD_INTEGER || field->kind == VAI_FIELD_REAL)
    return check_number (field, node);
  GType type = json_node_get_value_type (node);
  if (field->kind == VAI_FIELD_BOOLEAN)
    return type == G_TYPE_BOOLEAN ? NULL : g_strdup ("is neither true nor false");
  return type == G_TYPE_STRING ? check_text (field, json_node_get_string (node)) : g_strdup ("is no text");
}

static const VaiField *
find_field (const VaiField *fields, const char *name)
{
  for (; fields->name != NULL; fields++)
    if (strcmp (fields->name, name) == 0)
      return fields;
  return NULL;
}

gboolean
vai_message_check (JsonObject *object, const VaiField *fields, char **field, char **why)
{
  g_autoptr (GList) names = json_object_get_members (object);
  for (GList *l = names; l != NULL; l = l->next)
    if (find_field (fields, l->data) == NULL)
      {
        *field = g_strdup (l->data);
        *why = g_strdup ("is not known here");
        return FALSE;
      }
  for (; fields->name != NULL; fields++)
    {
      JsonNode *node = json_object_get_member (object, fields->name);
      char *wrong = node != NULL                         ? check_member (fields, node)
                    : fields->flags & VAI_FIELD_OPTIONAL ? NULL
                                                         : g_strdup ("is missing");
      if (wrong == NULL)
        continue;
      *field = g_strdup (fields->name);
      *why = wrong;
      return FALSE;
    }
  return TRUE;
}

const char *
vai_message_get_text (JsonObject *object, const char *name, const char *otherwise)
{
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : otherwise;
}

gint64
vai_message_get_integer (JsonObject *object, const char *name, gint64 otherwise)
{
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : otherwise;
}

gboolean
vai_message_get_boolean (JsonObject *object, const char *name, gboolean otherwise)
{
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_boolean (node) : otherwise;
}
