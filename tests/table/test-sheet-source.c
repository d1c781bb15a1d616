/* Sheets as other programs write them: a script (argument 2, run by argument 1) makes files and says what is in them.
 */
#include "vai-error.h"
#include "vai-sheet-source.h"

#include <glib/gstdio.h>
#include <string.h>
#include <xlsxwriter.h>

static char *folder;

static VaiFormat
format_from_name (const char *name)
{
  for (VaiFormat format = VAI_FORMAT_XLSX; format <= VAI_FORMAT_XLS; format++)
    if (g_str_equal (name, vai_format_name (format)))
      return format;
  return VAI_FORMAT_UNKNOWN;
}

static void
append_row (GString *lines, const VaiSheetRow *row)
{
  static const char kinds[] = "-tndbe";
  g_string_append_printf (lines, "%" G_GUINT64_FORMAT, row->number);
  for (guint i = 0; i < row->n_cells; i++)
    {
      const VaiSheetCell *cell = &row->cells[i];
      g_assert_cmpuint (strlen (cell->text), ==, cell->length);
      g_autofree char *text = g_strescape (cell->text, NULL);
      const char *currency = cell->currency != NULL ? cell->currency : "";
      g_string_append_printf (lines, "\t%c%s%s%s", kinds[cell->kind], text, cell->percent ? "%" : "", currency);
    }
  g_string_append_c (lines, '\n');
}

static void
append_error (GString *lines, const GError *error)
{
  g_assert_true (error->domain == VAI_ERROR);
  g_test_message ("%s", error->message);
  g_string_append_printf (lines, "error %s\n", vai_error_name (error->code));
}

/* What a sheet source gives, in the words of the script. */
static char *
dump (const char *path, VaiFormat format, const char *sheet)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiSheetSource) source = vai_sheet_source_open (path, format, sheet, NULL, &error);
  GString *lines = g_string_new (NULL);
  VaiSheetRow row;
  if (source != NULL)
    {
      const GPtrArray *sheets = vai_sheet_source_get_sheets (source);
      for (guint i = 0; i < sheets->len; i++)
        {
          const VaiSheetName *name = g_ptr_array_index (sheets, i);
          g_string_append_printf (lines, "sheet %s%s\n", name->name, name->hidden ? " (hidden)" : "");
        }
      g_string_append_printf (lines, "reading %s\n", vai_sheet_source_get_sheet_name (source));
      while (vai_sheet_source_next_row (source, &row, &error))
        append_row (lines, &row);
    }
  if (error != NULL)
    append_error (lines, error);
  return g_string_free (lines, FALSE);
}

static void
test_case (gconstpointer data)
{
  g_auto (GStrv) fields = g_strsplit (data, "\t", -1);
  g_autofree char *path = g_build_filename (folder, fields[3], NULL);
  g_autofree char *expected_name = g_strconcat (fields[0], ".expected", NULL);
  g_autofree char *expected_path = g_build_filename (folder, expected_name, NULL);
  g_autofree char *expected = NULL;
  g_assert_true (g_file_get_contents (expected_path, &expected, NULL, NULL));
  g_autofree char *found = dump (path, format_from_name (fields[1]), g_str_equal (fields[2], "-") ? NULL : fields[2]);
  g_assert_cmpstr (found, ==, expected);
}

/* The second independent writer. */
static void
test_libxlsxwriter (void)
{
  g_autofree char *path = g_build_filename (folder, "libxlsxwriter.xlsx", NULL);
  lxw_workbook *book = workbook_new (path);
  lxw_worksheet *cover = workbook_add_worksheet (book, "Cover");
  lxw_worksheet *sheet = workbook_add_worksheet (book, "Data");
  lxw_format *day = workbook_add_format (book);
  format_set_num_format (day, "d mmm yyyy");
  lxw_datetime when = { .year = 2024, .month = 2, .day = 29, .hour = 0, .min = 0, .sec = 0 };
  worksheet_hide (cover);
  worksheet_activate (sheet);
  worksheet_merge_range (sheet, 0, 0, 0, 3, "Title", NULL);
  worksheet_write_string (sheet, 2, 0, "Name", NULL);
  worksheet_write_string (sheet, 2, 1, "When", NULL);
  worksheet_write_string (sheet, 3, 0, "=not a formula", NULL);
  worksheet_write_datetime (sheet, 3, 1, &when, day);
  worksheet_write_formula_num (sheet, 3, 2, "=1+1", NULL, 2.5);
  worksheet_write_formula_str (sheet, 3, 3, "=\"a\"", NULL, "said");
  worksheet_write_boolean (sheet, 3, 4, 1, NULL);
  worksheet_write_number (sheet, 3, 5, 1e-7, NULL);
  g_assert_cmpint (workbook_close (book), ==, LXW_NO_ERROR);
  g_autofree char *found = dump (path, VAI_FORMAT_XLSX, NULL);
  g_assert_cmpstr (found, ==,
                   "sheet Cover (hidden)\nsheet Data\nreading Data\n1\ttTitle\n3\ttName\ttWhen\n"
                   "4\tt=not a formula\td2024-02-29\tn2.5\ttsaid\tbTRUE\tn1e-07\n");
}

static void
test_cancelled (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *path = g_build_filename (folder, "libxlsxwriter.xlsx", NULL);
  g_autoptr (VaiSheetSource) source = vai_sheet_source_open (path, VAI_FORMAT_XLSX, NULL, cancellable, &error);
  g_assert_no_error (error);
  g_cancellable_cancel (cancellable);
  VaiSheetRow row;
  while (vai_sheet_source_next_row (source, &row, &error))
    continue;
  g_assert_error (error, VAI_ERROR, VAI_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (vai_sheet_source_open (path, VAI_FORMAT_XLSX, NULL, cancellable, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_CANCELLED);
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (100 * 1000);
  g_cancellable_cancel (data);
  return NULL;
}

/* In the place of the reader of old spreadsheets stands a program that does @script. */
static void
check_reader (const char *script, int code, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *reader = g_build_filename (folder, "valutai-xls-reader", NULL);
  g_autofree char *before = g_strdup (g_getenv ("VALUTAI_LIBEXEC"));
  g_assert_true (g_file_set_contents (reader, script, -1, NULL));
  g_assert_cmpint (g_chmod (reader, 0755), ==, 0);
  g_setenv ("VALUTAI_LIBEXEC", folder, TRUE);
  g_assert_null (vai_sheet_source_open (reader, VAI_FORMAT_XLS, NULL, cancellable, &error));
  g_assert_error (error, VAI_ERROR, code);
  g_test_message ("%s", error->message);
  g_setenv ("VALUTAI_LIBEXEC", before, TRUE);
  g_unlink (reader);
}

static void
test_xls_reader_gone_wrong (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  check_reader ("#!/bin/sh\nkill -SEGV $$\n", VAI_ERROR_DAMAGED, NULL);
  check_reader ("#!/bin/sh\ncat $0 $0 $0\n", VAI_ERROR_DAMAGED, NULL);
  check_reader ("#!/bin/sh\nprintf S\n", VAI_ERROR_DAMAGED, NULL);
  check_reader ("#!/no/such/shell\n", VAI_ERROR_FAILED, NULL);
  g_autoptr (GThread) thread = g_thread_new ("cancel", cancel_soon, cancellable);
  check_reader ("#!/bin/sh\nexec sleep 600\n", VAI_ERROR_CANCELLED, cancellable);
  g_thread_join (g_steal_pointer (&thread));
}

static void
test_missing (void)
{
  for (VaiFormat format = VAI_FORMAT_XLSX; format <= VAI_FORMAT_XLS; format++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (vai_sheet_source_open ("/no/such/file", format, NULL, NULL, &error));
      g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND);
    }
}

static void
make_files (const char *python, const char *script)
{
  g_autoptr (GError) error = NULL;
  const char *const argv[] = { python, script, folder, NULL };
  int status = 0;
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, 0, NULL, NULL, NULL, NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static GStrv
add_cases (void)
{
  g_autofree char *path = g_build_filename (folder, "cases.txt", NULL);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  GStrv cases = g_strsplit (g_strchomp (text), "\n", -1);
  for (guint i = 0; cases[i] != NULL; i++)
    {
      g_autofree char *name = g_strndup (cases[i], strcspn (cases[i], "\t"));
      g_autofree char *test = g_strconcat ("/sheet-source/", name, NULL);
      g_test_add_data_func (test, cases[i], test_case);
    }
  return cases;
}

static void
remove_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_unlink (path);
    }
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  folder = g_dir_make_tmp ("vai-sheets-XXXXXX", NULL);
  make_files (argv[1], argv[2]);
  g_auto (GStrv) cases = add_cases ();
  g_test_add_func ("/sheet-source/libxlsxwriter", test_libxlsxwriter);
  g_test_add_func ("/sheet-source/cancelled", test_cancelled);
  g_test_add_func ("/sheet-source/missing", test_missing);
  g_test_add_func ("/sheet-source/xls-reader-gone-wrong", test_xls_reader_gone_wrong);
  int result = g_test_run ();
  remove_folder ();
  g_free (folder);
  return result;
}
