#include "vai-text.h"

#include <gio/gio.h>

static GBytes *
find (const char *name, const char *locale)
{
  g_autofree char *path = g_strdup_printf ("/com/valutai/server/texts/%s/%s", locale, name);
  return g_resources_lookup_data (path, 0, NULL);
}

char *
vai_text_fill_valist (const char *name, const char *locale, va_list pairs)
{
  g_autoptr (GBytes) bytes = find (name, locale);
  if (bytes == NULL)
    bytes = find (name, "en");
  g_assert (bytes != NULL);
  g_autoptr (GString) text = g_string_new_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  gboolean html = g_str_has_suffix (name, ".html");
  for (const char *key = va_arg (pairs, const char *); key != NULL; key = va_arg (pairs, const char *))
    {
      const char *value = va_arg (pairs, const char *);
      g_autofree char *mark = g_strdup_printf ("{{%s}}", key);
      g_autofree char *shown = html ? g_markup_escape_text (value, -1) : g_strdup (value);
      g_string_replace (text, mark, shown, 0);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
vai_text_fill (const char *name, const char *locale, ...)
{
  va_list pairs;
  va_start (pairs, locale);
  char *text = vai_text_fill_valist (name, locale, pairs);
  va_end (pairs);
  return text;
}
