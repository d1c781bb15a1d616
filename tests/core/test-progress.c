#include "vai-progress.h"

static void
test_parts (void)
{
  g_autoptr (VaiProgress) whole = vai_progress_new ();
  g_autoptr (VaiProgress) part = vai_progress_new_part (whole, 0.2, 0.6);
  g_autoptr (VaiProgress) inner = vai_progress_new_part (part, 0.5, 1);
  vai_progress_set (inner, 0.5, "Reading");
  g_assert_cmpfloat_with_epsilon (vai_progress_get_fraction (whole), 0.5, 1e-12);
  g_autofree char *message = vai_progress_dup_message (whole);
  g_assert_cmpstr (message, ==, "Reading");
  vai_progress_set (part, 0, NULL);
  g_assert_cmpfloat_with_epsilon (vai_progress_get_fraction (whole), 0.5, 1e-12);
}

static void
test_null (void)
{
  g_assert_null (vai_progress_new_part (NULL, 0, 1));
  vai_progress_set (NULL, 1, "x");
  g_assert_cmpfloat (vai_progress_get_fraction (NULL), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/progress/parts", test_parts);
  g_test_add_func ("/progress/null", test_null);
  return g_test_run ();
}
