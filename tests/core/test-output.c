#include "vai-error.h"
#include "vai-output.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("vai-output-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "out.txt", NULL);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
test_commit (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (vai_output_write_bytes (fixture->path, "old", 3, &error));
  g_autoptr (VaiOutput) output = vai_output_new (fixture->path, &error);
  g_assert_no_error (error);
  fputs ("new text", vai_output_get_file (output));
  g_autofree char *before = NULL;
  g_assert_true (g_file_get_contents (fixture->path, &before, NULL, NULL));
  g_assert_cmpstr (before, ==, "old");
  g_assert_true (vai_output_commit (output, &error));
  g_autofree char *after = NULL;
  g_assert_true (g_file_get_contents (fixture->path, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, "new text");
}

/* What is revoked is as it was: the old file, or none. Nothing stays beside it either way. */
static void
test_revert (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  VaiOutput *first = vai_output_new_with_bytes (fixture->path, "first", 5, &error);
  g_assert_true (vai_output_commit_revocably (first, &error));
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  vai_output_revert (first);
  vai_output_free (first);
  g_assert_cmpuint (count_files (fixture->folder), ==, 0);

  g_assert_true (vai_output_write_bytes (fixture->path, "old", 3, &error));
  for (int revert = 1; revert >= 0; revert--)
    {
      g_autofree char *text = NULL;
      VaiOutput *second = vai_output_new_with_bytes (fixture->path, "second", 6, &error);
      g_assert_true (vai_output_commit_revocably (second, &error));
      if (revert)
        vai_output_revert (second);
      vai_output_free (second);
      g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
      g_assert_cmpstr (text, ==, revert ? "old" : "second");
      g_assert_cmpuint (count_files (fixture->folder), ==, 1);
    }
  g_assert_no_error (error);
}

static void
test_discard (Fixture *fixture, gconstpointer data)
{
  VaiOutput *output = vai_output_new (fixture->path, NULL);
  fputs ("half", vai_output_get_file (output));
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
  vai_output_free (output);
  g_assert_cmpuint (count_files (fixture->folder), ==, 0);
}

static void
test_remove_all (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VaiOutput) output = vai_output_new (fixture->path, NULL);
  vai_output_remove_all_temporaries ();
  g_assert_cmpuint (count_files (fixture->folder), ==, 0);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (vai_output_new ("/dev/null", &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE);
  g_clear_error (&error);
  g_assert_null (vai_output_new (fixture->folder, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE);
  g_clear_error (&error);
  g_assert_null (vai_output_new ("/no/such/folder/x", &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND);
}

static mode_t
mode_of (const char *path)
{
  GStatBuf info;
  g_assert_cmpint (g_lstat (path, &info), ==, 0);
  return info.st_mode;
}

/* What was private stays private, and a link goes on to lead to what is written. */
static void
test_keeps (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *link = g_build_filename (fixture->folder, "link", NULL);
  g_autofree char *text = NULL;
  g_assert_true (g_file_set_contents (fixture->path, "old", 3, NULL));
  g_assert_cmpint (g_chmod (fixture->path, 0606), ==, 0);
  g_assert_cmpint (symlink ("out.txt", link), ==, 0);
  g_assert_true (vai_output_write_bytes (link, "new", 3, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (mode_of (fixture->path) & 0777, ==, 0606);
  g_assert_true (S_ISLNK (mode_of (link)));
  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "new");
  g_assert_cmpint (g_unlink (link), ==, 0);
}

static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (g_file_set_contents (fixture->path, "old", 3, NULL));
  g_assert_cmpint (g_chmod (fixture->path, 0444), ==, 0);
  if (access (fixture->path, W_OK) == 0)
    {
      g_test_skip ("this user may write everything");
      return;
    }
  g_assert_null (vai_output_new (fixture->path, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE);
}

static void
test_apart (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *link = g_build_filename (fixture->folder, "link", NULL);
  g_assert_true (vai_output_check_apart (fixture->path, fixture->path, &error));
  g_assert_true (g_file_set_contents (fixture->path, "data", 4, NULL));
  g_assert_cmpint (symlink (fixture->path, link), ==, 0);
  g_assert_true (vai_output_check_apart (fixture->path, NULL, &error));
  g_assert_true (vai_output_check_apart (fixture->path, fixture->folder, &error));
  g_assert_no_error (error);
  g_assert_false (vai_output_check_apart (link, fixture->path, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_USAGE);
  g_assert_cmpint (g_unlink (link), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/output/commit", Fixture, NULL, set_up, test_commit, tear_down);
  g_test_add ("/output/discard", Fixture, NULL, set_up, test_discard, tear_down);
  g_test_add ("/output/revert", Fixture, NULL, set_up, test_revert, tear_down);
  g_test_add ("/output/remove-all", Fixture, NULL, set_up, test_remove_all, tear_down);
  g_test_add ("/output/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/output/keeps", Fixture, NULL, set_up, test_keeps, tear_down);
  g_test_add ("/output/read-only", Fixture, NULL, set_up, test_read_only, tear_down);
  g_test_add ("/output/apart", Fixture, NULL, set_up, test_apart, tear_down);
  return g_test_run ();
}
