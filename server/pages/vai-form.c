#include "vai-form.h"

#include "vai-error.h"

JsonObject *
vai_form_parse (GBytes *body, GError **error)
{
  gsize size = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &size) : "";
  g_autoptr (GHashTable) fields
      = g_uri_parse_params (size > 0 ? text : "", (gssize) size, "&", G_URI_PARAMS_WWW_FORM, NULL);
  if (fields == NULL)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_A_TABLE, "This is not what a form sends.");
      return NULL;
    }
  JsonObject *object = json_object_new ();
  GHashTableIter iter;
  gpointer name, value;
  g_hash_table_iter_init (&iter, fields);
  while (g_hash_table_iter_next (&iter, &name, &value))
    json_object_set_string_member (object, name, value);
  return object;
}
