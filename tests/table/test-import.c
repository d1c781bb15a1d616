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

  g_autoptr (VaiImport) german = read_text ("Kunde;Preis\nRossi;1\nVerdi;2\nSumme:;3\n");
  g_assert_cmpuint (german->totals_line, ==, 4);
  g_assert_cmpuint (german->table->n_rows, ==, 2);
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
  g_assert_cmpuint (import->totals_line, ==, 6);
  g_assert_true (vai_records_next (records, &record, &error));
  g_assert_cmpuint (record.line, ==, import->totals_line);
  g_assert_false (vai_records_next (records, &record, &error));
  g_assert_no_error (error);
}

/* All-text tables: what is a header and what is not. */
static void
test_header (void)
{
  static const struct
  {
    const char *content;
    gboolean header;
    const char *first_name;
  } cases[] = {
    { "Name,City\nRossi,Rome\nVerdi,Milan\nBianchi,Turin\n", TRUE, "Name" },
    { "Customer;Status;Region\nA;Won;North\nB;Lost;South\nC;Won;North\n", TRUE, "Customer" },
    { "Rossi,Won\nVerdi,Lost\nBianchi,Won\nRossi,Lost\n", FALSE, "Column 1" },
    { "1,2\n3,4\n", FALSE, "Column 1" },
    { "2026-01-01,5\n2026-01-02,6\n", FALSE, "Column 1" },
    { "Product,2024,2025\nx,10,20\ny,30,40\n", TRUE, "Product" },
    { "Email\na@example.com\nb@example.com\n", TRUE, "Email" },
    { "Quotes\nof the year\n\nCustomer;Owner;City\nA;x;Rome\nB;y;Milan\n", TRUE, "Customer" },
    { "Customer,,Customer\nA,1,x\nB,2,y\n", TRUE, "Customer" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (VaiImport) import = read_text (cases[i].content);
      g_test_message ("%s", cases[i].content);
      g_assert_cmpint (import->dialect.has_header, ==, cases[i].header);
      g_assert_cmpstr (vai_table_column (import->table, 0)->name, ==, cases[i].first_name);
    }
}

/* Every line in quotes as a whole, quotes inside doubled. */
static void
test_wrapped (void)
{
  g_autoptr (VaiImport) import = read_text ("\"Customer,Note,Price\"\n\"Rossi,\"\"a, b\"\",5\"\n\"Verdi,c,6\"\n");
  g_assert_true (import->dialect.wrapped_lines);
  g_assert_cmpuint (import->table->columns->len, ==, 3);
  g_autofree char *note = vai_column_dup_text (column_of (import, "Note"), 0);
  g_assert_cmpstr (note, ==, "a, b");
  g_assert_cmpfloat (column_of (import, "Price")->numbers[1], ==, 6);
}

static void
test_date_order (void)
{
  static const struct
  {
    const char *content;
    gint64 month, day;
  } cases[] = {
    { "a,d\nx,01/02/2026\ny,03/04/2026\n", 2, 1 },                       /* no evidence: day first */
    { "a,d\nx,01/02/2026\ny,03/14/2026\n", 1, 2 },                       /* month first for certain below */
    { "a,d,e\nx,01/02/2026,12/31/2025\ny,03/04/2026,1/1/2026\n", 1, 2 }, /* another column knows */
    { "a,d\nx,1/2/2026 3:00 PM\ny,3/4/2026 4:00 AM\n", 1, 2 },           /* hours of the US */
    { "a,d\nx,01.02.26\ny,03.04.26\n", 2, 1 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (VaiImport) import = read_text (cases[i].content);
      g_test_message ("%s", cases[i].content);
      gint64 day = column_of (import, "d")->times[0] / VAI_SECONDS_PER_DAY;
      g_assert_cmpint (day, ==, vai_days_from_civil (2026, cases[i].month, cases[i].day));
    }
}

static void
test_options (void)
{
  g_autofree char *path = write_file ("a,b,c\n007,1,x\n8,2,y\nnine,3,z\n", -1);
  g_auto (VaiImportOptions) options;
  vai_import_options_init (&options);
  options.types = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (options.types, (gpointer) "a", GINT_TO_POINTER (VAI_TYPE_NUMBER));
  g_hash_table_insert (options.types, (gpointer) "b", GINT_TO_POINTER (VAI_TYPE_CATEGORY));
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiImport) import = vai_import_read (path, &options, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (column_of (import, "a")->numbers[0], ==, 7);
  g_assert_true (isnan (column_of (import, "a")->numbers[2]));
  g_assert_cmpint (column_of (import, "b")->type, ==, VAI_TYPE_CATEGORY);
  g_assert_nonnull (strstr (import->notes->pdata[0], "nine"));
  g_autofree char *wanted = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "a,b,c\n007,1,x\n8,2,y\nnine,3,z\n", -1);
  g_assert_cmpstr (import->file_sha256, ==, wanted);
}

static char *
write_rows (guint n)
{
  GString *text = g_string_new ("id,amount,opened,word\n");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "Q-%u,%u.%02u,2026-01-%02u,\"w%u\n\"\n%s", i, i, i % 100, i % 28 + 1, i % 977,
                            i % 5000 == 0 ? "broken\n\n" : "");
  char *path = write_file (text->str, text->len);
  g_string_free (text, TRUE);
  return path;
}

static void
test_limits (void)
{
  g_autofree char *path = write_rows (200000);
  g_auto (VaiImportOptions) options;
  vai_import_options_init (&options);
  options.memory_max_bytes = 1000000;
  g_autoptr (GError) error = NULL;
  g_assert_null (vai_import_read (path, &options, NULL, NULL, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE);
  g_clear_error (&error);
  options.memory_max_bytes = 0;
  options.rows_max = 100;
  g_autoptr (VaiImport) preview = vai_import_read (path, &options, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (preview->table->n_rows, ==, 100);
  g_assert_null (preview->file_sha256);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  g_assert_null (vai_import_read (path, NULL, NULL, cancellable, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_CANCELLED);
}

/* Any number of threads gives the same table, lines and rejected rows. */
static void
test_threads (void)
{
  g_autofree char *path = write_rows (100000);
  g_autoptr (GPtrArray) imports = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_import_free);
  for (guint threads = 1; threads <= 5; threads += 2)
    {
      g_auto (VaiImportOptions) options;
      vai_import_options_init (&options);
      options.threads = threads;
      g_autoptr (GError) error = NULL;
      VaiImport *import = vai_import_read (path, &options, NULL, NULL, &error);
      g_assert_no_error (error);
      g_ptr_array_add (imports, import);
      VaiImport *first = imports->pdata[0];
      gsize n = first->table->n_rows;
      g_assert_cmpuint (n, ==, 100000);
      g_assert_cmpuint (import->n_rejected, ==, 20);
      g_assert_cmpmem (import->table->lines, n * sizeof (guint64), first->table->lines, n * sizeof (guint64));
      g_assert_cmpmem (column_of (import, "amount")->numbers, n * sizeof (double), column_of (first, "amount")->numbers,
                       n * sizeof (double));
      g_assert_cmpmem (column_of (import, "word")->codes, n * sizeof (gint32), column_of (first, "word")->codes,
                       n * sizeof (gint32));
    }
  /* Two lines a row, and after each broken one two more. */
  const VaiImport *first = imports->pdata[0];
  for (gsize i = 0; i < first->table->n_rows; i++)
    g_assert_cmpuint (vai_table_line (first->table, i), ==, 2 + 2 * i + 2 * ((i + 4999) / 5000));
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
  g_test_add_func ("/import/header", test_header);
  g_test_add_func ("/import/wrapped", test_wrapped);
  g_test_add_func ("/import/date-order", test_date_order);
  g_test_add_func ("/import/options", test_options);
  g_test_add_func ("/import/limits", test_limits);
  g_test_add_func ("/import/threads", test_threads);
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
