#include "vai-config.h"

#include "vai-error.h"

#include <glib/gi18n-lib.h>

char *
vai_config_dup_workspace_path (GError **error)
{
  g_autofree char *file = g_build_filename (g_get_user_config_dir (), "valutai", "valutai.conf", NULL);
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_autoptr (GError) key_error = NULL;
  if (!g_key_file_load_from_file (keys, file, G_KEY_FILE_NONE, &key_error)
      && !g_error_matches (key_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("“%s” cannot be understood (%s): mend it or take it away."),
                   file, key_error->message);
      return NULL;
    }
  char *path = g_key_file_get_string (keys, "workspace", "path", NULL);
  return path != NULL ? path : g_build_filename (g_get_user_data_dir (), "valutai", "workspace.vaiw", NULL);
}
