#include "../support/test-table.h"
#include "vai-dialect.h"
#include "vai-error.h"

static VaiColumn *
empty_column (const char *name)
{
  return test_column_new (name, VAI_TYPE_NUMBER, 1);
}

static void
test_find (void)
{
  g_autoptr (VaiTable) table = vai_table_new ();
  const char *names[] = { "Price", "price", " Customer ", "Città", "Order number" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    vai_table_add (table, empty_column (names[i]));
  g_assert_cmpint (vai_table_find (table, "Price"), ==, 0);
  g_assert_cmpint (vai_table_find (table, "price"), ==, 1);
  g_assert_cmpint (vai_table_find (table, "PRICE"), ==, -1);
  g_assert_cmpint (vai_table_find (table, "customer"), ==, 2);
  g_assert_cmpint (vai_table_find (table, "CITTÀ"), ==, 3);
  g_autoptr (GError) error = NULL;
  g_assert_cmpint (vai_table_require (table, "Oder number", &error), ==, -1);
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NO_COLUMN);
  g_assert_nonnull (strstr (error->message, "are: “Order number”"));
}

static void
test_number_text (void)
{
  const struct
  {
    double number;
    const char *text;
  } cases[] = { { 0, "0" },
                { -0.0, "0" },
                { 0.1, "0.1" },
                { -12, "-12" },
                { 1234567.25, "1234567.25" },
                { 0.1 + 0.2, "0.30000000000000004" },
                { 123456789012345.0, "123456789012345" },
                { 1e300, "1e+300" },
                { NAN, "" } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (VaiColumn) column = empty_column ("n");
      column->numbers[0] = cases[i].number;
      g_autofree char *text = vai_column_dup_text (column, 0);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_date_text (void)
{
  g_autoptr (VaiColumn) column = test_column_new ("d", VAI_TYPE_DATE, 2);
  column->times[0] = 86399;
  column->times[1] = VAI_TIME_MISSING;
  g_autofree char *day = vai_column_dup_text (column, 0);
  g_assert_cmpstr (day, ==, "1970-01-01");
  column->has_time = TRUE;
  g_autofree char *second = vai_column_dup_text (column, 0);
  g_assert_cmpstr (second, ==, "1970-01-01T23:59:59");
  g_autofree char *missing = vai_column_dup_text (column, 1);
  g_assert_cmpstr (missing, ==, "");
}

static void
test_names (void)
{
  for (guint i = 0; i < VAI_N_TYPES; i++)
    {
      VaiType type;
      g_assert_true (vai_type_from_name (vai_type_name (i), &type));
      g_assert_cmpint (type, ==, i);
    }
  g_assert_false (vai_type_from_name ("money", &(VaiType){ 0 }));
  g_assert_cmpstr (vai_encoding_name (VAI_ENCODING_WINDOWS_1252), ==, "windows-1252");
}

static void
test_dialect_copy (void)
{
  VaiDialect dialect, copy;
  vai_dialect_init (&dialect);
  g_assert_cmpint (dialect.preamble, ==, -1);
  dialect.sheet = g_strdup ("Quotes");
  vai_dialect_copy (&copy, &dialect);
  vai_dialect_clear (&dialect);
  g_assert_cmpstr (copy.sheet, ==, "Quotes");
  vai_dialect_clear (&copy);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/find", test_find);
  g_test_add_func ("/table/number-text", test_number_text);
  g_test_add_func ("/table/date-text", test_date_text);
  g_test_add_func ("/table/names", test_names);
  g_test_add_func ("/table/dialect-copy", test_dialect_copy);
  return g_test_run ();
}
