/* A table goes into the workspace and comes back equal; what was damaged is never given out. */
#include "store-fixture.h"

#include "vai-import.h"

#include <sqlite3.h>

static void
assert_equal_columns (const VaiColumn *a, const VaiColumn *b)
{
  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpint (a->type, ==, b->type);
  g_assert_cmpuint (a->n_rows, ==, b->n_rows);
  g_assert_cmpuint (a->n_missing, ==, b->n_missing);
  g_assert_cmpstr (a->unit, ==, b->unit);
  g_assert_cmpint (a->has_time, ==, b->has_time);
  g_assert_cmpuint (a->decimals, ==, b->decimals);
  /* By bits: NaN and -0.0 too. */
  if (a->type == VAI_TYPE_NUMBER)
    g_assert_cmpmem (a->numbers, a->n_rows * 8, b->numbers, b->n_rows * 8);
  if (a->type == VAI_TYPE_DATE)
    g_assert_cmpmem (a->times, a->n_rows * 8, b->times, b->n_rows * 8);
  if (a->dictionary == NULL)
    return;
  g_assert_cmpmem (a->codes, a->n_rows * 4, b->codes, b->n_rows * 4);
  g_assert_cmpuint (vai_dictionary_get_size (a->dictionary), ==, vai_dictionary_get_size (b->dictionary));
  for (guint i = 0; i < vai_dictionary_get_size (a->dictionary); i++)
    {
      gsize length_a, length_b;
      const char *text_a = vai_dictionary_get (a->dictionary, i, &length_a);
      const char *text_b = vai_dictionary_get (b->dictionary, i, &length_b);
      g_assert_cmpmem (text_a, length_a, text_b, length_b);
    }
}

static void
assert_equal (const VaiTable *a, const VaiTable *b)
{
  g_assert_cmpuint (a->n_rows, ==, b->n_rows);
  g_assert_cmpuint (a->columns->len, ==, b->columns->len);
  for (guint i = 0; i < a->columns->len; i++)
    assert_equal_columns (vai_table_column (a, i), vai_table_column (b, i));
  g_assert_cmpint (a->lines == NULL, ==, b->lines == NULL);
  if (a->lines != NULL)
    g_assert_cmpmem (a->lines, a->n_rows * 8, b->lines, b->n_rows * 8);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  static const gsize sizes[] = { 0, 1, 1000, 65536, 65537, 200001 };
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *id = add_dataset (fixture->store, "quotes", sizes[i]);
      reopen (fixture);
      g_autoptr (VaiTable) expected = make_table (sizes[i]);
      g_autoptr (VaiTable) table = vai_store_load_table (fixture->store, id, NULL, NULL, &error);
      g_assert_no_error (error);
      if (sizes[i] == 0)
        g_clear_pointer (&expected->lines, g_free);
      assert_equal (expected, table);
    }
}

static void
test_fields (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiTable) table = make_table (10);
  g_autoptr (VaiDatasetRow) row = vai_row_new (&vai_dataset_row_kind);
  row->name = g_strdup ("Quotes 2025");
  row->file_name = g_strdup ("quotes.csv");
  row->file_size = G_GINT64_CONSTANT (1) << 40;
  row->open_count = 3;
  row->column_mapping = g_strdup ("{\"outcome\":\"Won?\"}");
  row->tags = g_strdup ("[\"north\"]");
  VaiRejectedRow rejected = { 7, (char *) "1,2,\"x", (char *) "too few cells" };
  g_autoptr (GPtrArray) all_rejected = g_ptr_array_new ();
  g_ptr_array_add (all_rejected, &rejected);
  row->rejected_count = 1;
  g_assert_true (vai_store_add_dataset (fixture->store, row, table, table_roles, all_rejected, NULL, NULL, &error));
  reopen (fixture);
  g_autoptr (VaiDatasetRow) found = vai_store_get_dataset (fixture->store, row->id, &error);
  g_assert_no_error (error);
  g_autoptr (JsonNode) a = vai_row_to_json (&vai_dataset_row_kind, row);
  g_autoptr (JsonNode) b = vai_row_to_json (&vai_dataset_row_kind, found);
  g_assert_true (json_node_equal (a, b));
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (b), "file_size"), ==, G_GINT64_CONSTANT (1) << 40);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (b), "row_count"), ==, 10);
  g_assert_true (json_object_get_null_member (json_node_get_object (b), "currency"));
  g_autoptr (GPtrArray) rows = vai_store_list_rejected (fixture->store, row->id, &error);
  g_assert_cmpuint (rows->len, ==, 1);
  const VaiRejectedRow *first = g_ptr_array_index (rows, 0);
  g_assert_cmpuint (first->line, ==, 7);
  g_assert_cmpstr (first->raw, ==, "1,2,\"x");
  g_assert_cmpstr (first->reason, ==, "too few cells");
}

/* A bad JSON text is refused by the file itself, and nothing of the dataset stays. */
static void
test_bad_json (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiTable) table = make_table (10);
  g_autoptr (VaiDatasetRow) row = vai_row_new (&vai_dataset_row_kind);
  row->name = g_strdup ("x");
  row->quality = g_strdup ("{not json");
  g_assert_false (vai_store_add_dataset (fixture->store, row, table, table_roles, NULL, NULL, NULL, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_FAILED);
  g_autoptr (GPtrArray) rows = vai_store_list_datasets (fixture->store, FALSE, NULL);
  g_assert_cmpuint (rows->len, ==, 0);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiTable) table = make_table (10);
  g_autoptr (VaiDatasetRow) row = vai_row_new (&vai_dataset_row_kind);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  row->name = g_strdup ("x");
  g_assert_false (vai_store_add_dataset (fixture->store, row, table, table_roles, NULL, NULL, cancellable, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_CANCELLED);
  g_autoptr (GPtrArray) rows = vai_store_list_datasets (fixture->store, FALSE, NULL);
  g_assert_cmpuint (rows->len, ==, 0);
}

static void
run_sql (const char *path, const char *sql)
{
  sqlite3 *handle = NULL;
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_changes (handle), ==, 1);
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
}

/* Each change is one that SQLite itself does not notice. */
static void
test_damage (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *sql, *column;
  } changes[] = {
    { "UPDATE column_chunk SET data = randomblob (length (data)) WHERE \"column\" = 0 AND "
      "chunk = 1",
      "Price" },
    { "UPDATE column_chunk SET data = zeroblob (length (data)) WHERE \"column\" = 2 AND chunk = 0", "Opened on" },
    { "UPDATE column_chunk SET checksum = checksum + 1 WHERE \"column\" = 1 AND chunk = 0", "Sector" },
    { "DELETE FROM column_chunk WHERE \"column\" = 3 AND chunk = 1", "Remark “x”" },
    { "UPDATE column_chunk SET rows = 4 WHERE \"column\" = 4 AND chunk = 1", "Empty" },
    { "UPDATE column_chunk SET data = substr (data, 1, 8) WHERE \"column\" = 4 AND chunk = 1", "Empty" },
    { "UPDATE dataset_column SET dictionary = substr (dictionary, 1, length (dictionary) - 1) WHERE position = 3",
      "Remark “x”" },
    { "UPDATE dataset_column SET dictionary = NULL WHERE position = 1", "Sector" },
    { "UPDATE dataset_column SET dictionary = x'ffffffff' WHERE position = 1", "Sector" },
    { "UPDATE dataset_column SET type = 'date' WHERE position = 1", "Sector" },
    { "UPDATE dataset SET row_count = 9000000000", "?" },
    { "UPDATE dataset SET row_count = row_count - 1", "Price" },
    { "UPDATE column_chunk SET \"column\" = 9 WHERE \"column\" = 0 AND chunk = 0", "Price" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *id = add_dataset (fixture->store, "hurt", 70000);
      g_clear_object (&fixture->store);
      run_sql (fixture->path, changes[i].sql);
      fixture->store = open_store (fixture->path);
      g_test_message ("%s", changes[i].sql);
      g_assert_null (vai_store_load_table (fixture->store, id, NULL, NULL, &error));
      g_assert_error (error, VAI_ERROR, VAI_ERROR_DAMAGED);
      g_autofree char *quoted = g_strdup_printf ("Column “%s” of dataset “hurt”", changes[i].column);
      g_assert_nonnull (strstr (error->message, quoted));
      g_autoptr (GPtrArray) problems = vai_store_check (fixture->store, NULL, NULL, NULL);
      g_assert_cmpuint (problems->len, >=, 1);
      g_assert_true (vai_store_set_deleted (fixture->store, VAI_OBJECT_DATASET, id, TRUE, NULL));
      g_assert_cmpint (vai_store_purge (fixture->store, VAI_OBJECT_DATASET, NULL, G_MAXINT64, NULL), ==, 1);
    }
}

/* The first chunks of two columns change places: each is whole, and neither is right. */
static void
test_exchanged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = add_dataset (fixture->store, "x", 100);
  g_clear_object (&fixture->store);
  run_sql (fixture->path, "UPDATE column_chunk SET \"column\" = 99 WHERE \"column\" = 3");
  run_sql (fixture->path, "UPDATE column_chunk SET \"column\" = 3 WHERE \"column\" = 1");
  run_sql (fixture->path, "UPDATE column_chunk SET \"column\" = 1 WHERE \"column\" = 99");
  fixture->store = open_store (fixture->path);
  g_assert_null (vai_store_load_table (fixture->store, id, NULL, NULL, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_DAMAGED);
}

/* A byte of the file is changed, anywhere behind its header: what comes out is an error or what went in, never
 * something else. */
static void
test_flipped_bytes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = add_dataset (fixture->store, "x", 2000);
  g_clear_object (&fixture->store);
  g_autofree char *bytes = NULL;
  gsize size;
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &size, NULL));
  g_autoptr (VaiTable) expected = make_table (2000);
  guint n_refused = 0;
  for (gsize offset = 100; offset < size; offset += 997)
    {
      bytes[offset] ^= 0x10;
      g_assert_true (g_file_set_contents (fixture->path, bytes, size, NULL));
      bytes[offset] ^= 0x10;
      g_autoptr (GError) error = NULL;
      g_autoptr (VaiStore) store = vai_store_open (fixture->path, VAI_STORE_EXISTING, &error);
      g_autoptr (VaiTable) table = store != NULL ? vai_store_load_table (store, id, NULL, NULL, &error) : NULL;
      if (table == NULL)
        {
          g_assert_nonnull (error);
          n_refused++;
        }
      else
        for (guint i = 0; i < table->columns->len; i++)
          if (vai_table_column (table, i)->type == VAI_TYPE_NUMBER
              || vai_table_column (table, i)->type == VAI_TYPE_DATE)
            assert_equal_columns (vai_table_column (expected, i), vai_table_column (table, i));
    }
  g_assert_cmpuint (n_refused, >, 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/store/dataset/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("round-trip", test_round_trip);
  ADD ("fields", test_fields);
  ADD ("bad-json", test_bad_json);
  ADD ("cancelled", test_cancelled);
  ADD ("damage", test_damage);
  ADD ("exchanged", test_exchanged);
  ADD ("flipped-bytes", test_flipped_bytes);
  return g_test_run ();
}
