#include "vai-aside.h"
#include "vai-error.h"

#include <glib/gstdio.h>
#include <unistd.h>

static char *
write_file (const char *folder, const char *name, const char *text)
{
  char *path = g_build_filename (folder, name, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static void
assert_text (const char *folder, const char *name, const char *wanted)
{
  g_autofree char *path = g_build_filename (folder, name, NULL), *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, wanted);
}

/* Twice, each with what belongs to it. */
static void
test_with_companion (void)
{
  g_autofree char *folder = g_dir_make_tmp ("vai-aside-XXXXXX", NULL);
  for (guint i = 1; i <= 2; i++)
    {
      g_autofree char *file = g_strdup_printf ("file %u", i), *log = g_strdup_printf ("log %u", i);
      g_autofree char *path = write_file (folder, "quotes.v.vaiw", file),
                      *wal = write_file (folder, "quotes.v.vaiw-wal", log);
      g_autofree char *name = g_strdup_printf ("quotes.v-aside-%u.vaiw", i), *part = g_strconcat (name, "-wal", NULL);
      g_autofree char *wanted = g_build_filename (folder, name, NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *aside = vai_set_aside (path, "-wal", &error);
      g_assert_no_error (error);
      g_assert_cmpstr (aside, ==, wanted);
      assert_text (folder, name, file);
      assert_text (folder, part, log);
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (wal, G_FILE_TEST_EXISTS));
    }
}

/* The power failed after the companion went: its file follows it, and does not take another number. */
static void
test_goes_on (void)
{
  g_autofree char *folder = g_dir_make_tmp ("vai-aside-XXXXXX", NULL);
  g_autofree char *path = write_file (folder, "a", "file"), *gone = write_file (folder, "a-aside-1-wal", "log");
  g_autoptr (GError) error = NULL;
  g_autofree char *aside = vai_set_aside (path, "-wal", &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (aside, "/a-aside-1"));
  assert_text (folder, "a-aside-1", "file");
  assert_text (folder, "a-aside-1-wal", "log");
}

static void
test_errors (void)
{
  g_autofree char *folder = g_dir_make_tmp ("vai-aside-XXXXXX", NULL),
                  *path = g_build_filename (folder, "none.vaiw", NULL);
  g_autoptr (GError) error = NULL;
  g_assert_null (vai_set_aside (path, "-wal", &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aside/with-companion", test_with_companion);
  g_test_add_func ("/aside/goes-on", test_goes_on);
  g_test_add_func ("/aside/errors", test_errors);
  return g_test_run ();
}
