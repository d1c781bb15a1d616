/* Runs a fuzz target over each file of a folder, in order: what was found once is not lost again. As a TAP test. */
#include "vai-fuzz.h"

#include <stdio.h>

static int
compare (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = g_dir_open (argc > 1 ? argv[1] : ".", 0, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (const char *name = g_dir_read_name (folder); name != NULL; name = g_dir_read_name (folder))
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare);
  g_assert_cmpuint (names->len, >, 0);
  printf ("1..%u\n", names->len);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (argv[1], names->pdata[i], NULL);
      g_autofree char *data = NULL;
      gsize size;
      g_file_get_contents (path, &data, &size, &error);
      g_assert_no_error (error);
      LLVMFuzzerTestOneInput ((const guint8 *) data, size);
      printf ("ok %u %s\n", i + 1, (char *) names->pdata[i]);
    }
  return 0;
}
