/* What is written is read back by others: exact bytes for CSV, openpyxl for XLSX (argument 1: Python, 2: the script).
 */
#include "vai-error.h"
#include "vai-table-writer.h"

#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

static const char *python;
static const char *script;

typedef struct
{
  char *folder;
  char *csv;
  char *xlsx;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("vai-writer-XXXXXX", NULL);
  fixture->csv = g_build_filename (fixture->folder, "out.csv", NULL);
  fixture->xlsx = g_build_filename (fixture->folder, "out.XLSX", NULL);
}

/* Nothing else may be left in the folder. */
static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->csv);
  g_unlink (fixture->xlsx);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->csv);
  g_free (fixture->xlsx);
}

static void
write_sample (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiTableWriter) writer = vai_table_writer_new (path, &error);
  g_assert_no_error (error);
  static const char *const texts[] = { "plain", "a,b", "say \"hi\"", "two\nlines", "=1+2", "", " padded ", "€ & <b>" };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_true (vai_table_writer_text (writer, texts[i], -1, &error));
  g_assert_true (vai_table_writer_end_row (writer, &error));
  static const double numbers[] = { 0.1, 1e300, -5, 123456789012.0, NAN, 2.0 / 3.0, 0.0 };
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_assert_true (vai_table_writer_number (writer, numbers[i], &error));
  g_assert_true (vai_table_writer_end_row (writer, &error));
  g_assert_true (vai_table_writer_text (writer, "cut here", 3, &error));
  g_assert_true (vai_table_writer_end_row (writer, &error));
  g_assert_true (vai_table_writer_text (writer, "", 0, &error));
  g_assert_true (vai_table_writer_end_row (writer, &error));
  g_assert_true (vai_table_writer_text (writer, "_x0041_ 0012", -1, &error));
  g_assert_true (vai_table_writer_end_row (writer, &error));
  g_assert_true (vai_table_writer_commit (writer, &error));
  g_assert_no_error (error);
}

static void
test_csv (Fixture *fixture, gconstpointer data)
{
  write_sample (fixture->csv);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (fixture->csv, &text, NULL, NULL));
  g_assert_cmpstr (text, ==,
                   "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",=1+2,, padded ,€ & <b>\n"
                   "0.1,1e+300,-5,123456789012,,0.6666666666666666,0\n"
                   "cut\n"
                   "\"\"\n"
                   "_x0041_ 0012\n");
}

static char *
read_by_openpyxl (const char *path)
{
  const char *const argv[] = { python, script, path, NULL };
  char *output = NULL;
  g_autoptr (GError) error = NULL;
  int status = 0;
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, 0, NULL, NULL, &output, NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  return output;
}

static void
test_xlsx (Fixture *fixture, gconstpointer data)
{
  write_sample (fixture->xlsx);
  g_autofree char *output = read_by_openpyxl (fixture->xlsx);
  g_assert_cmpstr (output, ==,
                   "s'plain' s'a,b' s'say \"hi\"' s'two\\nlines' s'=1+2' - s' padded ' s'€ & <b>'\n"
                   "n0.1 n1e+300 n-5 n123456789012 - n0.6666666666666666 n0 -\n"
                   "s'cut' - - - - - - -\n"
                   "- - - - - - - -\n"
                   "s'_x0041_ 0012' - - - - - - -\n");
}

static void
test_same_bytes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = NULL, *second = NULL;
  gsize n_first = 0, n_second = 0;
  write_sample (fixture->xlsx);
  g_assert_true (g_file_get_contents (fixture->xlsx, &first, &n_first, NULL));
  g_usleep (1100 * 1000);
  write_sample (fixture->xlsx);
  g_assert_true (g_file_get_contents (fixture->xlsx, &second, &n_second, NULL));
  g_assert_cmpmem (first, n_first, second, n_second);
}

static void
test_discard (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  const char *const paths[] = { fixture->csv, fixture->xlsx };
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (g_file_set_contents (paths[i], "before", -1, NULL));
      VaiTableWriter *writer = vai_table_writer_new (paths[i], &error);
      g_assert_no_error (error);
      g_assert_true (vai_table_writer_text (writer, "x", -1, &error));
      g_assert_true (vai_table_writer_end_row (writer, &error));
      vai_table_writer_free (writer);
      g_autofree char *text = NULL;
      g_assert_true (g_file_get_contents (paths[i], &text, NULL, NULL));
      g_assert_cmpstr (text, ==, "before");
    }
}

static void
test_refused (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (vai_table_writer_new ("/dev/null", &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE);
  g_clear_error (&error);
  g_assert_null (vai_table_writer_new ("/no/such/folder/x.xlsx", &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND);
}

static void
test_limits (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiTableWriter) writer = vai_table_writer_new (fixture->xlsx, &error);
  g_autofree char *text = g_strnfill (32768, 'x');
  g_assert_true (vai_table_writer_text (writer, text, 32767, &error));
  g_assert_false (vai_table_writer_text (writer, text, -1, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE);
  g_clear_error (&error);
  for (guint i = 0; i < 1048576; i++)
    g_assert_true (vai_table_writer_end_row (writer, &error));
  g_assert_false (vai_table_writer_number (writer, 1, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE);
}

/* A limit on the size of files stands for a full disk: writing fails in the same calls. */
static void
test_full (Fixture *fixture, gconstpointer data)
{
  const char *const paths[] = { fixture->csv, fixture->xlsx };
  struct rlimit before;
  getrlimit (RLIMIT_FSIZE, &before);
  signal (SIGXFSZ, SIG_IGN);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (VaiTableWriter) writer = vai_table_writer_new (paths[i], &error);
      struct rlimit limit = { .rlim_cur = 200 * 1000, .rlim_max = before.rlim_max };
      setrlimit (RLIMIT_FSIZE, &limit);
      gboolean fine = TRUE;
      for (guint row = 0; row < 100000 && fine; row++)
        fine = vai_table_writer_text (writer, "some text", -1, &error) && vai_table_writer_end_row (writer, &error);
      fine = fine && vai_table_writer_commit (writer, &error);
      setrlimit (RLIMIT_FSIZE, &before);
      g_assert_false (fine);
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
      g_assert_false (g_file_test (paths[i], G_FILE_TEST_EXISTS));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  python = argv[1];
  script = argv[2];
  g_test_add ("/table-writer/csv", Fixture, NULL, set_up, test_csv, tear_down);
  g_test_add ("/table-writer/xlsx", Fixture, NULL, set_up, test_xlsx, tear_down);
  g_test_add ("/table-writer/same-bytes", Fixture, NULL, set_up, test_same_bytes, tear_down);
  g_test_add ("/table-writer/discard", Fixture, NULL, set_up, test_discard, tear_down);
  g_test_add ("/table-writer/limits", Fixture, NULL, set_up, test_limits, tear_down);
  g_test_add ("/table-writer/full", Fixture, NULL, set_up, test_full, tear_down);
  g_test_add_func ("/table-writer/refused", test_refused);
  return g_test_run ();
}
