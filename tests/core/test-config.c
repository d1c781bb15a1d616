#include "vai-config.h"
#include "vai-error.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

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

/* Only the path is changed. */
static void
test_set_workspace (void)
{
  g_autoptr (GError) error = NULL;
  write_keys ("# mine\n[other]\nkey=1\n[workspace]\npath=/tmp/other.vaiw\n");
  g_assert_true (vai_config_set_workspace_path ("/tmp/a folder/è.vaiw", &error));
  g_assert_no_error (error);
  g_autofree char *path = vai_config_dup_workspace_path (&error), *file = vai_config_dup_file (), *text = NULL;
  g_assert_cmpstr (path, ==, "/tmp/a folder/è.vaiw");
  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "# mine\n"));
  g_assert_nonnull (strstr (text, "\n[other]\nkey=1\n"));
  write_keys ("no key file");
  g_assert_false (vai_config_set_workspace_path ("/tmp/x.vaiw", &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_DAMAGED);
}

/* Where there is no folder yet, it is made. */
static void
test_first (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (vai_config_set_workspace_path ("/tmp/first.vaiw", &error));
  g_assert_no_error (error);
  g_autofree char *path = vai_config_dup_workspace_path (&error);
  g_assert_cmpstr (path, ==, "/tmp/first.vaiw");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/config/workspace", test_workspace);
  g_test_add_func ("/config/set-workspace", test_set_workspace);
  g_test_add_func ("/config/first", test_first);
  return g_test_run ();
}
