#include "vai-aside.h"

#include "vai-error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

/* More files than that set aside are no accident any more. */
#define ASIDE_MAX 1000

static gboolean
exists (const char *path)
{
  GStatBuf info;

  return g_lstat (path, &info) == 0;
}

static char *
dup_numbered (const char *path, guint number)
{
  g_autofree char *folder = g_path_get_dirname (path), *name = g_path_get_basename (path);
  const char *dot = strrchr (name, '.');
  gsize stem = dot != NULL && dot != name ? (gsize) (dot - name) : strlen (name);
  g_autofree char *numbered = g_strdup_printf ("%.*s-aside-%u%s", (int) stem, name, number, name + stem);

  return g_build_filename (folder, numbered, NULL);
}

/* @path itself when there is no companion. */
static char *
dup_companion (const char *path, const char *companion)
{
  return g_strconcat (path, companion, NULL);
}

static char *
find_free (const char *path, const char *companion)
{
  g_autofree char *old = dup_companion (path, companion);

  for (guint number = 1; number <= ASIDE_MAX; number++)
    {
      g_autofree char *free_path = dup_numbered (path, number);
      g_autofree char *part = dup_companion (free_path, companion);
      /* A companion that went before its file waits for it there. */
      if (!exists (free_path) && !(exists (part) && exists (old)))
        return g_steal_pointer (&free_path);
    }
  return NULL;
}

gboolean
vai_rename (const char *from, const char *to, GError **error)
{
  if (g_rename (from, to) == 0)
    return TRUE;
  vai_error_set_errno (error, errno, TRUE, _ ("“%s” cannot be renamed"), from);
  return FALSE;
}

char *
vai_set_aside (const char *path, const char *companion, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  g_autofree char *target = find_free (path, companion);
  g_autofree char *old = dup_companion (path, companion),
                  *new = dup_companion (target != NULL ? target : path, companion);
  if (target == NULL)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_FAILED, _ ("Too many files were set aside beside “%s”: remove some."),
                   path);
      return NULL;
    }
  /* A log without its file is of no use to anybody, a file without its log would be older than it was. */
  if (companion != NULL && exists (old) && !vai_rename (old, new, error))
    return NULL;
  return vai_rename (path, target, error) ? g_steal_pointer (&target) : NULL;
}
