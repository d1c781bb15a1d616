#include "vai-config.h"
#include "vai-error.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

static void
write_keys (const char *text)
{
  g_autofree char *folder = g_build_filename (g_get_user_config_dir (), "valutai", NULL);
  g_autofree char *file = g_build_filename (folder, "valutai.conf", NULL);
  g_mkdir_with_parents (folder, 0700);
  g_assert_true (g_file_set_contents (file, text, -1, NULL));
}

static void
test_workspace (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *standard = vai_config_dup_workspace_path (&error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (standard, g_get_user_data_dir ()));
  write_keys ("[workspace]\npath=/tmp/other.vaiw\n");
  g_autofree char *given = vai_config_dup_workspace_path (&error);
  g_assert_cmpstr (given, ==, "/tmp/other.vaiw");
  write_keys ("no key file");
  g_assert_null (vai_config_dup_workspace_path (&error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_DAMAGED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/config/workspace", test_workspace);
  return g_test_run ();
}
