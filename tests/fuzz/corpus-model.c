/* Seeds for the fuzz target of model files: a small model of each algorithm, whole and as parts without hashes. */
#include "vai-model-private.h"
#include "vai-simulation.h"
#include "vai-trainer.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

static void
append_part (GByteArray *out, const char *name, const void *data, gsize size)
{
  guint8 head[4] = { size & 0xff, size >> 8 & 0xff, size >> 16 & 0xff, size >> 24 & 0xff };
  g_byte_array_append (out, (const guint8 *) name, strlen (name) + 1);
  g_byte_array_append (out, head, 4);
  g_byte_array_append (out, data, size);
}

static GByteArray *
as_parts (GBytes *zip)
{
  GByteArray *out = g_byte_array_new ();
  gsize size;
  const void *data = g_bytes_get_data (zip, &size);
  struct archive *archive = archive_read_new ();
  archive_read_support_format_zip (archive);
  g_assert_cmpint (archive_read_open_memory (archive, data, size), ==, ARCHIVE_OK);
  struct archive_entry *entry;
  while (archive_read_next_header (archive, &entry) == ARCHIVE_OK)
    {
      gsize n = archive_entry_size (entry);
      g_autofree guint8 *part = g_malloc (n + 1);
      g_assert_cmpint (archive_read_data (archive, part, n), ==, n);
      append_part (out, archive_entry_pathname (entry), part, n);
    }
  archive_read_free (archive);
  return out;
}

static void
write_seed (const char *folder, const char *name, const char *ending, const void *data, gsize size)
{
  g_autofree char *file = g_strconcat (name, ending, NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autoptr (GError) error = NULL;
  g_file_set_contents (path, data, size, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_assert_cmpint (argc, ==, 2);
  g_mkdir_with_parents (argv[1], 0755);
  g_autoptr (VaiSimulation) simulation = vai_simulation_new (VAI_SIMULATION_STRAIGHT, 120, 0.5, 4);
  for (VaiAlgorithm algorithm = 0; algorithm < VAI_ALGORITHM_AUTO; algorithm++)
    {
      g_auto (VaiTrainOptions) options = { 0 };
      vai_train_options_init (&options);
      options.algorithm = algorithm;
      options.effort = VAI_EFFORT_QUICK;
      if (algorithm > VAI_ALGORITHM_LOGISTIC)
        g_ptr_array_add (options.parameters, g_strdup ("rounds=6"));
      g_autoptr (GError) error = NULL;
      g_autoptr (VaiModel) model
          = vai_train (simulation->table, simulation->profile, &options, NULL, NULL, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      g_autoptr (GBytes) zip = vai_model_to_bytes (model, NULL, &error);
      g_assert_no_error (error);
      gsize size;
      const void *data = g_bytes_get_data (zip, &size);
      write_seed (argv[1], vai_algorithm_name (algorithm), ".valutai", data, size);
      g_autoptr (GByteArray) parts = as_parts (zip);
      write_seed (argv[1], vai_algorithm_name (algorithm), ".parts", parts->data, parts->len);
    }
  return 0;
}
