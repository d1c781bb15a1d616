/* The beginning of a file beside what the import makes of it, and the rows of a finding. */
#include "vai-preview.h"
#include "vai-profile.h"

#include <glib/gstdio.h>

static char *path;

static void
write_file (const char *content)
{
  g_autoptr (GError) error = NULL;
  g_file_set_contents (path, content, -1, &error);
  g_assert_no_error (error);
}

static VaiPreview *
preview (const char *content, gsize rows_max)
{
  g_autoptr (GError) error = NULL;
  g_auto (VaiImportOptions) options;
  vai_import_options_init (&options);
  write_file (content);
  VaiPreview *self = vai_preview_read (path, &options, rows_max, NULL, &error);
  g_assert_no_error (error);
  return self;
}

static const VaiPreviewLine *
line_of (const VaiPreview *self, guint index)
{
  g_assert_cmpuint (index, <, self->lines->len);
  return g_ptr_array_index (self->lines, index);
}

static void
assert_line (const VaiPreview *self, guint index, VaiPreviewKind kind, guint64 number, const char *first)
{
  const VaiPreviewLine *line = line_of (self, index);
  g_assert_cmpint (line->kind, ==, kind);
  g_assert_cmpuint (line->line, ==, number);
  g_assert_cmpstr (line->cells[0], ==, first);
}

static void
test_lines (void)
{
  g_autoptr (VaiPreview) self = preview ("Offers\nprinted today\nNumber;Date;Amount;State\n"
                                         "Q1;02/01/23;48.300,00;won\n"
                                         "Q2;03/01/23;12.750,50;lost\n"
                                         "Q3;04/01/23;1,00;won;too;many;cells\n"
                                         "Q4;05/01/23;\"7\n8\";lost\n"
                                         "Q5;06/01/23;5,00;won\n",
                                         100);
  assert_line (self, 0, VAI_PREVIEW_ABOVE, 1, "Offers");
  assert_line (self, 1, VAI_PREVIEW_ABOVE, 2, "printed today");
  assert_line (self, 2, VAI_PREVIEW_HEADER, 3, "Number");
  assert_line (self, 3, VAI_PREVIEW_ROW, 4, "Q1");
  g_assert_cmpstr (line_of (self, 3)->cells[2], ==, "48.300,00");
  assert_line (self, 5, VAI_PREVIEW_REJECTED, 6, "Q3;04/01/23;1,00;won;too;many;cells");
  g_assert_nonnull (line_of (self, 5)->reason);
  g_assert_cmpstr (line_of (self, 6)->cells[2], ==, "7 8");
  assert_line (self, 7, VAI_PREVIEW_ROW, 9, "Q5");
  g_assert_cmpuint (self->lines->len, ==, 8);
  g_assert_cmpuint (self->import->table->n_rows, ==, 4);
}

static void
test_limit (void)
{
  g_autoptr (GString) text = g_string_new ("a,b\n");
  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (text, "%u,x\n", i);
  g_autoptr (VaiPreview) self = preview (text->str, 10);
  g_assert_cmpuint (self->lines->len, ==, 11);
  g_assert_cmpuint (self->import->table->n_rows, ==, 10);
}

static void
test_given (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (VaiImportOptions) options;
  vai_import_options_init (&options);
  options.dialect.preamble = 1;
  options.dialect.has_header = TRUE;
  options.dialect.delimiter = ';';
  write_file ("x;y\na;b\n1;2\n3;4\n");
  g_autoptr (VaiPreview) self = vai_preview_read (path, &options, 5, NULL, &error);
  g_assert_no_error (error);
  assert_line (self, 0, VAI_PREVIEW_ABOVE, 1, "x");
  assert_line (self, 1, VAI_PREVIEW_HEADER, 2, "a");
}

static GArray *
rows_of (const VaiProfile *profile, const VaiTable *table, const char *id)
{
  for (guint i = 0; i < profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (profile->findings, i);
      if (g_str_equal (finding->id, id))
        return vai_profile_find_rows (profile, table, finding);
    }
  g_error ("no finding %s", id);
}

/* Quotes of which every third was won; of those alone the order is filled. Row 30 and row 31 are the same. */
static void
test_rows (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (VaiImportOptions) options;
  vai_import_options_init (&options);
  g_autoptr (GString) text = g_string_new ("Price,Order,Note,State\n");
  for (guint i = 0; i < 600; i++)
    {
      guint j = i == 31 ? 30 : i;
      g_autofree char *order = j % 3 == 0 ? g_strdup_printf ("%u", 1000 + j * 7 % 100) : g_strdup ("");
      g_string_append_printf (text, "%u,%s,%s,%s\n", j == 50 ? 999999 : 100 + j * 37 % 997, order,
                              j % 10 == 0  ? "unknown"
                              : j % 2 == 0 ? "red"
                                           : "blue",
                              j % 3 == 0 ? "won" : "lost");
    }
  write_file (text->str);
  g_autoptr (VaiImport) import = vai_import_read (path, &options, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (VaiProfile) profile = vai_profile_new (import->table, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (GArray) repeats = rows_of (profile, import->table, "duplicate-rows");
  g_assert_cmpuint (repeats->len, ==, 1);
  g_assert_cmpuint (g_array_index (repeats, guint32, 0), ==, 31);
  g_autoptr (GArray) filled = rows_of (profile, import->table, "leak-filled:Order");
  g_assert_cmpuint (filled->len, ==, 201);
  g_autoptr (GArray) far = rows_of (profile, import->table, "outliers:Price");
  g_assert_cmpuint (far->len, ==, 1);
  g_assert_cmpuint (g_array_index (far, guint32, 0), ==, 50);
  g_autoptr (GArray) unknown = rows_of (profile, import->table, "placeholder:Note=unknown");
  g_assert_cmpuint (unknown->len, ==, 61);
}

/* What a person says of what can be changed wins, but for what is no lever at all. */
static void
test_actionable (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) actionable = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (actionable, (gpointer) "Price", GINT_TO_POINTER (FALSE));
  g_hash_table_insert (actionable, (gpointer) "Colour", GINT_TO_POINTER (TRUE));
  g_hash_table_insert (actionable, (gpointer) "State", GINT_TO_POINTER (TRUE));
  g_hash_table_insert (actionable, (gpointer) "Nobody", GINT_TO_POINTER (TRUE));
  VaiProfileOptions options = { .actionable = actionable };
  g_autoptr (GString) text = g_string_new ("Price,Colour,State\n");
  for (guint i = 0; i < 60; i++)
    g_string_append_printf (text, "%u,%s,%s\n", 100 + i, i % 2 ? "red" : "blue", i % 3 ? "lost" : "won");
  g_autoptr (VaiPreview) self = preview (text->str, 60);
  g_autoptr (VaiProfile) profile = vai_profile_new (self->import->table, &options, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (profile->columns[0].actionable);
  g_assert_true (profile->columns[1].actionable);
  g_assert_false (profile->columns[2].actionable);
}

/* Unsaid: what the customer asks for and the price that all have are no levers; what is agreed on is. */
static void
test_levers (void)
{
  static const gboolean levers[][5] = { { FALSE, FALSE, TRUE, TRUE, FALSE }, { FALSE, TRUE, TRUE, TRUE, FALSE } };
  for (guint asked = 0; asked < 2; asked++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_string_append_printf (text, "Quantity,%s,Discount %%,Payment days,State\n", asked ? "Price" : "List price");
      for (guint i = 0; i < 60; i++)
        g_string_append_printf (text, "%u,%u.50,%u,%u,%s\n", 1 + i % 7, 100 + i, i % 9, i % 4 * 30,
                                i % 3 ? "lost" : "won");
      g_autoptr (VaiPreview) self = preview (text->str, 60);
      g_autoptr (VaiProfile) profile = vai_profile_new (self->import->table, NULL, NULL, NULL, NULL);
      g_assert_cmpint (profile->columns[1].role, ==, VAI_ROLE_PRICE);
      for (guint i = 0; i < 5; i++)
        g_assert_cmpint (profile->columns[i].actionable, ==, levers[asked][i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *folder = g_dir_make_tmp ("vai-preview-XXXXXX", NULL);
  path = g_build_filename (folder, "quotes.csv", NULL);
  g_test_add_func ("/preview/lines", test_lines);
  g_test_add_func ("/preview/limit", test_limit);
  g_test_add_func ("/preview/given", test_given);
  g_test_add_func ("/preview/rows", test_rows);
  g_test_add_func ("/preview/actionable", test_actionable);
  g_test_add_func ("/preview/levers", test_levers);
  int failed = g_test_run ();
  g_unlink (path);
  g_rmdir (folder);
  g_free (path);
  return failed;
}
