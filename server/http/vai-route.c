#include "vai-route.h"

#include <string.h>

/* The values of the {names} of @pattern in @path; NULL when it does not fit. */
static GStrv
match (const char *pattern, const char *path)
{
  g_autoptr (GStrvBuilder) values = g_strv_builder_new ();
  while (*pattern != '\0')
    if (*pattern == '{')
      {
        gsize length = strcspn (path, "/");
        if (length == 0)
          return NULL;
        g_autofree char *value = g_strndup (path, length);
        g_strv_builder_add (values, value);
        path += length;
        pattern = strchr (pattern, '}') + 1;
      }
    else if (*pattern++ != *path++)
      return NULL;
  return *path == '\0' ? g_strv_builder_end (values) : NULL;
}

/* A cheap look first: most rows differ early. */
static gboolean
may_match (const char *pattern, const char *path)
{
  for (; *pattern == *path && *pattern != '\0' && *pattern != '{'; pattern++)
    path++;
  return *pattern == '{' || *pattern == *path;
}

static const VaiRoute *
find (const char *method, const char *path, GStrv *values, gboolean *path_known)
{
  *path_known = FALSE;
  for (guint t = 0; vai_routes[t] != NULL; t++)
    for (const VaiRoute *route = vai_routes[t]; route->method != NULL; route++)
      {
        GStrv found = may_match (route->path, path) ? match (route->path, path) : NULL;
        if (found == NULL)
          continue;
        if (strcmp (route->method, method) == 0)
          {
            *values = found;
            return route;
          }
        *path_known = TRUE;
        g_strfreev (found);
      }
  return NULL;
}

const VaiRoute *
vai_route_find (const char *method, const char *path, GStrv *values, gboolean *path_known)
{
  const VaiRoute *route = find (method, path, values, path_known);
  return route == NULL && strcmp (method, "HEAD") == 0 ? find ("GET", path, values, path_known) : route;
}

char *
vai_route_dup_methods (const char *path)
{
  static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" };
  g_autoptr (GString) text = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_auto (GStrv) values = NULL;
      gboolean known;
      if (vai_route_find (methods[i], path, &values, &known) != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", methods[i]);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
