#include "vai-error.h"
#include "vai-records.h"
#include "vai-time.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static char *folder;

static char *
write_file (const char *content, gssize length)
{
  static guint n;
  char *path = g_strdup_printf ("%s/file-%u", folder, n++);
  g_autoptr (GError) error = NULL;
  g_file_set_contents (path, content, length, &error);
  g_assert_no_error (error);
  return path;
}

static VaiImport *
read_text (const char *content)
{
  g_autofree char *path = write_file (content, -1);
  g_autoptr (GError) error = NULL;
  VaiImport *import = vai_import_read (path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return import;
}

static VaiColumn *
column_of (const VaiImport *import, const char *name)
{
  int index = vai_table_find (import->table, name);
  g_assert_cmpint (index, >=, 0);
  return vai_table_column (import->table, index);
}

static void
test_types (void)
{
  g_autoptr (VaiImport) import = read_text ("Customer,Amount,Opened,Code\n"
                                            "Rossi,\"1,200.50\",2026-01-31,007\n"
                                            "Bianchi,-3,2026-02-01,012\n"
                                            "Rossi,n/a,,100\n");
  g_assert_cmpuint (import->table->n_rows, ==, 3);
  g_assert_cmpint (column_of (import, "Customer")->type, ==, VAI_TYPE_CATEGORY);
  VaiColumn *amount = column_of (import, "Amount");
  g_assert_cmpint (amount->type, ==, VAI_TYPE_NUMBER);
  g_assert_cmpfloat (amount->numbers[0], ==, 1200.5);
  g_assert_true (isnan (amount->numbers[2]));
  g_assert_cmpuint (amount->n_missing, ==, 1);
  VaiColumn *opened = column_of (import, "Opened");
  g_assert_cmpint (opened->type, ==, VAI_TYPE_DATE);
  g_assert_cmpint (opened->times[0], ==, vai_days_from_civil (2026, 1, 31) * VAI_SECONDS_PER_DAY);
  g_assert_cmpint (opened->times[2], ==, VAI_TIME_MISSING);
  g_assert_cmpint (column_of (import, "Code")->type, ==, VAI_TYPE_CATEGORY);
  g_assert_cmpuint (vai_table_line (import->table, 2), ==, 4);
}

/* The whole column decides, not its beginning. */
static void
test_fall_back (void)
{
  GString *text = g_string_new ("a,b,c,d\n");
  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (text, "%u,01/02/2026,1.234,\n", i);
  g_string_append (text, "x1,13/02/2026,\"1.234,5\",9\n");
  for (guint i = 0; i < 5000; i++)
    g_string_append (text, "x2,01/02/2026,\"0,5\",8\n");
  g_autoptr (VaiImport) import = read_text (text->str);
  g_string_free (text, TRUE);
  g_assert_cmpint (column_of (import, "a")->type, ==, VAI_TYPE_CATEGORY);
  g_assert_cmpuint (vai_dictionary_get_size (column_of (import, "a")->dictionary), ==, 100002);
  g_assert_cmpint (column_of (import, "b")->times[0], ==, vai_days_from_civil (2026, 2, 1) * VAI_SECONDS_PER_DAY);
  g_assert_cmpfloat (column_of (import, "c")->numbers[0], ==, 1234);
  g_assert_cmpfloat (column_of (import, "c")->numbers[100000], ==, 1234.5);
  g_assert_cmpint (column_of (import, "d")->type, ==, VAI_TYPE_NUMBER);
  g_assert_cmpuint (column_of (import, "d")->n_missing, ==, 100000);
  g_assert_cmpfloat (column_of (import, "d")->numbers[100000], ==, 9);
}

static void
test_rejected_and_totals (void)
{
  g_autoptr (VaiImport) import
      = read_text ("Quotes of 2026;;\n\nCustomer;Price;Price\nRossi;1;2\nVerdi;1;2;3\n;;\nBianchi;3\nTotale;4;2\n");
  g_assert_cmpuint (import->table->n_rows, ==, 2);
  g_assert_cmpuint (import->n_rejected, ==, 1);
  const VaiRejectedRow *rejected = import->rejected->pdata[0];
  g_assert_cmpuint (rejected->line, ==, 5);
  g_assert_cmpstr (rejected->raw, ==, "Verdi;1;2;3");
  g_assert_cmpuint (import->totals_line, ==, 8);
  g_assert_cmpuint (vai_table_line (import->table, 1), ==, 7);
  g_assert_nonnull (column_of (import, "Price (2)"));
  g_assert_cmpint (import->dialect.preamble, ==, 2);
  g_assert_cmpuint (vai_dictionary_get_size (column_of (import, "Customer")->dictionary), ==, 2);
}

static void
check_error (const char *content, gssize length, VaiError code)
{
  g_autofree char *path = write_file (content, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiImport) import = vai_import_read (path, NULL, NULL, NULL, &error);
  g_assert_null (import);
  g_assert_error (error, VAI_ERROR, (gint) code);
}

static void
test_bad_input (void)
{
  check_error ("", 0, VAI_ERROR_EMPTY);
  check_error ("\n\n\n", -1, VAI_ERROR_EMPTY);
  check_error ("Customer,Price\n", -1, VAI_ERROR_EMPTY);
  check_error ("\xff\xd8\xff\xe0 picture", -1, VAI_ERROR_NOT_A_TABLE);
  check_error ("%PDF-1.4\n", -1, VAI_ERROR_NOT_A_TABLE);
  check_error ("<html><body>x</body></html>", -1, VAI_ERROR_NOT_A_TABLE);
  check_error ("[{\"a\": 1}]", -1, VAI_ERROR_NOT_A_TABLE);
  check_error ("It was the best of times and it was the worst of times.\n"
               "It was the age of wisdom and it was the age of foolishness.\n",
               -1, VAI_ERROR_NOT_A_TABLE);
  GString *wide = g_string_new ("c0");
  for (guint i = 1; i < 10000; i++)
    g_string_append_printf (wide, ",c%u", i);
  g_string_append (wide, "\n1");
  for (guint i = 1; i < 10000; i++)
    g_string_append (wide, ",1");
  check_error (wide->str, wide->len, VAI_ERROR_TOO_LARGE);
  g_string_free (wide, TRUE);
  g_autofree char *field = g_malloc (64 * 1024 * 1024);
  memset (field, 'x', 64 * 1024 * 1024);
  memcpy (field, "a,b\n1,", 6);
  check_error (field, 64 * 1024 * 1024, VAI_ERROR_TOO_LARGE);
  g_autoptr (GError) error = NULL;
  g_assert_null (vai_import_read (folder, NULL, NULL, NULL, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_READABLE);
}

static void
test_records (void)
{
  g_autofree char *path = write_file ("a,b\n \"x\" ,1\n1,2,3\n\"q\"\"q\",\"l\n2\"\nTotal,3\n", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiImport) import = vai_import_read (path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (VaiRecords) records = vai_records_open (path, &import->dialect, NULL, &error);
  g_assert_no_error (error);
  VaiRecord record;
  g_assert_true (vai_records_next (records, &record, &error));
  g_assert_cmpstr (record.fields[0], ==, " \"x\" ");
  g_assert_true (vai_records_next (records, &record, &error));
  g_assert_cmpuint (record.line, ==, 3);
  g_assert_cmpuint (record.n_fields, ==, 3);
  g_assert_nonnull (record.rejected);
  g_assert_true (vai_records_next (records, &record, &error));
  g_assert_cmpstr (record.fields[0], ==, "q\"q");
  g_assert_cmpstr (record.fields[1], ==, "l\n2");
  g_assert_null (record.rejected);
  g_assert_false (vai_records_next (records, &record, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("vai-import-XXXXXX", NULL);
  g_test_add_func ("/import/types", test_types);
  g_test_add_func ("/import/fall-back", test_fall_back);
  g_test_add_func ("/import/rejected-and-totals", test_rejected_and_totals);
  g_test_add_func ("/import/bad-input", test_bad_input);
  g_test_add_func ("/import/records", test_records);
  int result = g_test_run ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_unlink (path);
    }
  g_rmdir (folder);
  g_free (folder);
  return result;
}
