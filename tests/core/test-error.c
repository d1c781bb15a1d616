#include "vai-error.h"

#include <errno.h>
#include <gio/gio.h>

static void
test_every_code_has_its_own_name (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < VAI_ERROR_N_CODES; i++)
    {
      g_assert_nonnull (vai_error_name (i));
      g_assert_true (g_hash_table_add (seen, (gpointer) vai_error_name (i)));
    }
  g_assert_cmpstr (vai_error_name (VAI_ERROR_TOO_FEW), ==, "too-few");
}

static void
test_errno (void)
{
  g_autoptr (GError) error = NULL;
  vai_error_set_errno (&error, ENOSPC, TRUE, "Cannot write “%s”", "x");
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NO_SPACE);
  g_assert_true (g_str_has_prefix (error->message, "Cannot write “x”: "));
  g_clear_error (&error);
  vai_error_set_errno (&error, EACCES, FALSE, "x");
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_READABLE);
  g_clear_error (&error);
  vai_error_set_errno (&error, EROFS, TRUE, "x");
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE);
  g_assert_true (g_str_has_suffix (error->message, ". Check the permissions of the file and its folder."));
  g_clear_error (&error);
  vai_error_set_errno (&error, ENOENT, FALSE, "x");
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND);
  g_clear_error (&error);
  vai_error_set_errno (&error, EIO, TRUE, "x");
  g_assert_error (error, VAI_ERROR, VAI_ERROR_FAILED);
}

static void
test_cancelled (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_assert_false (vai_cancelled (NULL, &error));
  g_assert_false (vai_cancelled (cancellable, &error));
  g_assert_no_error (error);
  g_cancellable_cancel (cancellable);
  g_assert_true (vai_cancelled (cancellable, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/names", test_every_code_has_its_own_name);
  g_test_add_func ("/error/errno", test_errno);
  g_test_add_func ("/error/cancelled", test_cancelled);
  return g_test_run ();
}
