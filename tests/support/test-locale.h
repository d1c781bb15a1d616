/* The dates and numbers of a locale for one case: Debian installs none by itself, and a whole one takes seconds to
 * make. */
#pragma once

#include <glib.h>
#include <glib/gstdio.h>
#include <locale.h>

typedef struct
{
  char *folder;
} TestLocale;

/* Those of dates are in use at once, numbers when setlocale() is told LC_NUMERIC. @name: as in "it_IT". FALSE, and the
 * case is skipped, where localedef has no definition of it. */
static inline gboolean
test_locale_enter (TestLocale *self, const char *name)
{
  self->folder = g_dir_make_tmp ("vai-locale-XXXXXX", NULL);
  g_autofree char *source = g_build_filename (self->folder, "source", NULL);
  g_autofree char *made = g_build_filename (self->folder, name, NULL);
  g_autofree char *text
      = g_strdup_printf ("LC_TIME\ncopy \"%s\"\nEND LC_TIME\nLC_NUMERIC\ncopy \"%s\"\nEND LC_NUMERIC\n", name, name);
  const char *words[] = { "localedef", "-c", "-i", source, "-f", "UTF-8", made, NULL };

  g_file_set_contents (source, text, -1, NULL);
  g_spawn_sync (NULL, (char **) words, NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                NULL, NULL);
  g_setenv ("LOCPATH", self->folder, TRUE);
  if (setlocale (LC_TIME, name) != NULL)
    return TRUE;
  g_test_skip ("localedef has no such locale");
  return FALSE;
}

static inline void
test_locale_leave (TestLocale *self)
{
  const char *words[] = { "rm", "-r", self->folder, NULL };

  setlocale (LC_TIME, "C");
  setlocale (LC_NUMERIC, "C");
  g_unsetenv ("LOCPATH");
  g_spawn_sync (NULL, (char **) words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (self->folder);
}
