/* Independent truth from Debian's Python: truth.py reads numbers, answers with numbers. */
#pragma once

#include <glib.h>
#include <glib/gstdio.h>

/* Runs truth.py's @mode on the doubles in @input; gives an array of doubles. */
static inline GArray *
truth_ask (const char *mode, const GArray *input)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("vai-truth-XXXXXX", &error);
  g_assert_no_error (error);
  g_autofree char *from = g_build_filename (folder, "in", NULL);
  g_autofree char *to = g_build_filename (folder, "out", NULL);
  g_file_set_contents (from, input->data, input->len * sizeof (double), &error);
  g_assert_no_error (error);
  const char *argv[] = { g_getenv ("VAI_PYTHON"), g_getenv ("VAI_TRUTH"), mode, from, to, NULL };
  int status;
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  char *data = NULL;
  gsize length;
  g_file_get_contents (to, &data, &length, &error);
  g_assert_no_error (error);
  GArray *answer = g_array_new (FALSE, FALSE, sizeof (double));
  g_array_append_vals (answer, data, length / sizeof (double));
  g_free (data);
  g_remove (from);
  g_remove (to);
  g_rmdir (folder);
  return answer;
}

static inline void
truth_add (GArray *array, double value)
{
  g_array_append_val (array, value);
}

static inline double
truth_get (const GArray *array, guint index)
{
  g_assert_cmpuint (index, <, array->len);
  return g_array_index (array, double, index);
}
