/* Every query the program makes is answered by an index. All functions of the workspace are called, the connection is
 * asked what it prepared, and SQLite is asked how it would answer each. */
#include "store-fixture.h"

#include "vai-import.h"
#include "vai-store-private.h"

#include <sqlite3.h>

/* Statements that the calls below come to. Fewer means that a call is missing here. */
#define STATEMENTS_MIN 40

static void
list_everything (VaiStore *store)
{
  for (gboolean deleted = FALSE; deleted <= TRUE; deleted++)
    {
      g_ptr_array_unref (vai_store_list_datasets (store, deleted, NULL));
      g_ptr_array_unref (vai_store_list_models (store, NULL, deleted, NULL));
      g_ptr_array_unref (vai_store_list_models (store, "x", deleted, NULL));
      g_ptr_array_unref (vai_store_list_reports (store, NULL, deleted, NULL));
      g_ptr_array_unref (vai_store_list_reports (store, "x", deleted, NULL));
    }
  const VaiPredictionQuery queries[] = { { .model_id = "x" },  { .batch_id = "x" }, { .quote_ref = "x" },
                                         { .outcome = "won" }, { .deleted = TRUE }, { .n_max = 3 } };
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    g_ptr_array_unref (vai_store_list_predictions (store, &queries[i], NULL));
  for (VaiHistoryOrder order = VAI_ORDER_NEWEST; order <= VAI_ORDER_PRICE; order++)
    {
      g_autoptr (GArray) keys = vai_store_find_predictions (store, &(VaiHistoryQuery){ .order = order }, NULL);
      const gint64 *key = (const gint64 *) (gpointer) keys->data;
      g_ptr_array_unref (vai_store_read_predictions (store, key, keys->len, NULL));
      g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (VaiOutcomeBefore));
      g_assert_true (vai_store_set_outcomes (store, key, keys->len, "lost", before, NULL));
      g_assert_true (vai_store_put_back_outcomes (store, before, NULL));
      g_assert_true (vai_store_set_predictions_deleted (store, key, keys->len, TRUE, NULL));
      g_assert_true (vai_store_set_predictions_deleted (store, key, keys->len, FALSE, NULL));
    }
  g_ptr_array_unref (vai_store_list_jobs (store, NULL, NULL));
  g_ptr_array_unref (vai_store_list_jobs (store, "running", NULL));
}

static void
do_everything (VaiStore *store)
{
  VaiRejectedRow rejected = { 1, (char *) "raw", (char *) "reason" };
  g_autoptr (GPtrArray) all_rejected = g_ptr_array_new ();
  g_ptr_array_add (all_rejected, &rejected);
  g_autoptr (VaiTable) table = make_table (10);
  g_autoptr (VaiDatasetRow) row = vai_row_new (&vai_dataset_row_kind);
  row->name = g_strdup ("x");
  g_assert_true (vai_store_add_dataset (store, row, table, table_roles, all_rejected, NULL, NULL, NULL));
  vai_table_unref (vai_store_load_table (store, row->id, NULL, NULL, NULL));
  g_ptr_array_unref (vai_store_list_rejected (store, row->id, NULL));
  g_autofree char *model = add_model (store, "x", row->id);
  g_bytes_unref (vai_store_load_model (store, model, NULL));
  g_autofree char *prediction = add_prediction (store, model, "x", NULL);
  g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (VaiOutcomeBefore));
  g_assert_cmpint (vai_store_set_outcome (store, "x", "won", 0, before, NULL), ==, 1);
  g_autoptr (VaiReportRow) report = vai_row_new (&vai_report_row_kind);
  report->model_id = g_strdup (model);
  report->title = g_strdup ("x");
  g_assert_true (vai_store_add_report (store, report, NULL));
  g_autoptr (VaiJobRow) job = vai_row_new (&vai_job_row_kind);
  job->kind = g_strdup ("train");
  g_assert_true (vai_store_start_job (store, job, NULL));
  g_assert_true (vai_store_update_job (store, job->id, 0.5, NULL, NULL));
  g_assert_true (vai_store_end_job (store, job->id, NULL, "done", NULL, NULL));
  g_assert_true (vai_store_forget_job (store, job->id, NULL));
  g_ptr_array_unref (vai_store_check (store, NULL, NULL, NULL));
  list_everything (store);
  const char *ids[] = { row->id, model, prediction, report->id };
  for (int object = VAI_N_OBJECTS - 1; object >= 0; object--)
    {
      g_free (vai_store_resolve (store, object, "x", NULL));
      g_free (vai_store_resolve (store, object, "nowhere", NULL));
      g_assert_true (vai_store_annotate (store, object, ids[object], NULL, "note", NULL, NULL, NULL));
      g_assert_true (vai_store_set_deleted (store, object, ids[object], TRUE, NULL));
      g_assert_true (vai_store_set_deleted (store, object, ids[object], FALSE, NULL));
      g_assert_cmpint (vai_store_purge (store, object, NULL, 1, NULL), ==, 0);
      g_assert_cmpint (vai_store_purge (store, object, "x", 1, NULL), ==, 0);
    }
}

static gboolean
dup_statements (VaiStore *store, gpointer data, GError **error)
{
  *(GStrv *) data = vai_db_dup_statements (vai_store_get_db (store));
  return TRUE;
}

static gboolean
is_scanned (sqlite3 *handle, const char *text)
{
  g_autofree char *sql = g_strconcat ("EXPLAIN QUERY PLAN ", text, NULL);
  sqlite3_stmt *statement = NULL;
  g_assert_cmpint (sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL), ==, SQLITE_OK);
  gboolean scanned = FALSE;
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      const char *detail = (const char *) sqlite3_column_text (statement, 3);
      /* All live rows are nearly all rows: right for a list, and no answer to a question about one name. */
      gboolean all_live = g_str_has_suffix (detail, "(deleted_at=?)") && strstr (text, "WHERE deleted_at") == NULL;
      if (g_str_has_prefix (detail, "SCAN") || strstr (detail, "TEMP B-TREE") != NULL || all_live)
        {
          g_test_message ("%s: %s", text, detail);
          scanned = TRUE;
        }
    }
  sqlite3_finalize (statement);
  return scanned;
}

static void
test_plans (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) statements = NULL;
  do_everything (fixture->store);
  g_assert_true (vai_store_call (fixture->store, dup_statements, &statements, NULL));
  g_clear_object (&fixture->store);
  sqlite3 *handle = NULL;
  g_assert_cmpint (sqlite3_open (fixture->path, &handle), ==, SQLITE_OK);
  guint n_scanned = 0;
  for (guint i = 0; statements[i] != NULL; i++)
    if (!g_str_has_prefix (statements[i], "PRAGMA"))
      n_scanned += is_scanned (handle, statements[i]);
  sqlite3_close (handle);
  g_assert_cmpuint (n_scanned, ==, 0);
  g_assert_cmpuint (g_strv_length (statements), >=, STATEMENTS_MIN);
}

/* A plan does not show how a cascade finds its rows: each reference needs an index that begins with it. */
static void
test_references (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->store);
  sqlite3 *handle = NULL;
  sqlite3_stmt *query = NULL;
  g_assert_cmpint (sqlite3_open (fixture->path, &handle), ==, SQLITE_OK);
  const char *sql
      = "SELECT t.name, f.\"from\", EXISTS (SELECT 1 FROM pragma_index_list (t.name) i, pragma_index_info (i.name) c "
        "WHERE c.seqno = 0 AND c.name = f.\"from\") FROM sqlite_schema t, pragma_foreign_key_list (t.name) f "
        "WHERE t.type = 'table'";
  g_assert_cmpint (sqlite3_prepare_v2 (handle, sql, -1, &query, NULL), ==, SQLITE_OK);
  guint n = 0;
  for (; sqlite3_step (query) == SQLITE_ROW; n++)
    {
      g_test_message ("%s.%s", sqlite3_column_text (query, 0), sqlite3_column_text (query, 1));
      g_assert_true (sqlite3_column_int (query, 2));
    }
  g_assert_cmpuint (n, >=, 7);
  sqlite3_finalize (query);
  sqlite3_close (handle);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/store/plans/queries", Fixture, NULL, set_up, test_plans, tear_down);
  g_test_add ("/store/plans/references", Fixture, NULL, set_up, test_references, tear_down);
  return g_test_run ();
}
