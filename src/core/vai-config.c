#include "vai-config.h"

#include "vai-error.h"
#include "vai-output.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

char *
vai_config_dup_file (void)
{
  return g_build_filename (g_get_user_config_dir (), "valutai", "valutai.conf", NULL);
}

/* Without keys when there is no file. */
static GKeyFile *
load_keys (GError **error)
{
  g_autofree char *file = vai_config_dup_file ();
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_autoptr (GError) key_error = NULL;
  if (!g_key_file_load_from_file (keys, file, G_KEY_FILE_KEEP_COMMENTS, &key_error)
      && !g_error_matches (key_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("“%s” cannot be understood (%s): mend it or take it away."),
                   file, key_error->message);
      return NULL;
    }
  return g_steal_pointer (&keys);
}

char *
vai_config_dup_workspace_path (GError **error)
{
  g_autoptr (GKeyFile) keys = load_keys (error);
  if (keys == NULL)
    return NULL;
  char *path = g_key_file_get_string (keys, "workspace", "path", NULL);
  return path != NULL ? path : g_build_filename (g_get_user_data_dir (), "valutai", "workspace.vaiw", NULL);
}

gboolean
vai_config_set_workspace_path (const char *path, GError **error)
{
  g_autoptr (GKeyFile) keys = load_keys (error);
  if (keys == NULL)
    return FALSE;
  g_autofree char *file = vai_config_dup_file (), *folder = g_path_get_dirname (file);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      vai_error_set_errno (error, errno, TRUE, _ ("The folder “%s” cannot be made"), folder);
      return FALSE;
    }
  g_key_file_set_string (keys, "workspace", "path", path);
  g_autofree char *text = g_key_file_to_data (keys, NULL, NULL);
  g_autoptr (VaiOutput) output = vai_output_new (file, error);
  if (output == NULL)
    return FALSE;
  fputs (text, vai_output_get_file (output));
  return vai_output_commit (output, error);
}
