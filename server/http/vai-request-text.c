#include "vai-request-text.h"

#include <string.h>

char *
vai_request_text_dup (const char *value, gsize bytes_max)
{
  if (value == NULL)
    return NULL;
  char *text = g_utf8_make_valid (value, (gssize) strnlen (value, bytes_max));
  /* A replaced byte becomes three. */
  if (strlen (text) > bytes_max)
    *g_utf8_find_prev_char (text, text + bytes_max + 1) = '\0';
  return text;
}

gboolean
vai_request_text_is_valid (const char *path, GHashTable *query)
{
  GHashTableIter iter;
  gpointer name, value;
  if (!g_utf8_validate (path, -1, NULL))
    return FALSE;
  if (query == NULL)
    return TRUE;
  g_hash_table_iter_init (&iter, query);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (!g_utf8_validate (name, -1, NULL) || !g_utf8_validate (value, -1, NULL))
      return FALSE;
  return TRUE;
}
