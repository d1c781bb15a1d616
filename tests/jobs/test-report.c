/* A kept report whose model is there, deleted, or damaged. */
#include "quotes-fixture.h"
#include "vai-error.h"
#include "vai-job-report.h"

#include <sqlite3.h>

static char *
write_report (QuotesFixture *fixture, const char *model_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiJobReport) job = vai_job_report_new (fixture->store);

  vai_job_report_get_options (job)->model_id = g_strdup (model_id);
  vai_job_report_get_options (job)->title = g_strdup ("Quotes");
  vai_job_run (VAI_JOB (job), NULL, &error);
  g_assert_no_error (error);
  return g_strdup (vai_job_report_get_report_id (job));
}

/* What is said of its model; NULL when it is there. */
static GError *
load (QuotesFixture *fixture, const char *report_id)
{
  g_autoptr (GError) error = NULL;
  GError *model_error = NULL;
  g_autoptr (VaiReport) report = vai_job_report_load (fixture->store, report_id, &model_error, &error);
  g_autoptr (VaiReport) again = vai_job_report_load (fixture->store, report_id, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (vai_report_get_title (report), ==, "Quotes");
  g_assert_nonnull (again);
  return model_error;
}

static void
test_deleted (QuotesFixture *fixture, gconstpointer data)
{
  g_autofree char *id = quotes_fixture_import (fixture), *model_id = quotes_fixture_train (fixture, id);
  g_autofree char *report_id = write_report (fixture, model_id);
  g_autoptr (GError) error = NULL;

  g_assert_no_error (load (fixture, report_id));
  g_assert_true (vai_store_set_deleted (fixture->store, VAI_OBJECT_MODEL, model_id, TRUE, &error));
  g_autoptr (GError) deleted = load (fixture, report_id);
  g_assert_error (deleted, VAI_ERROR, VAI_ERROR_NOT_FOUND);
  g_assert_true (vai_store_set_deleted (fixture->store, VAI_OBJECT_MODEL, model_id, FALSE, &error));
  g_assert_no_error (load (fixture, report_id));
}

static void
test_damaged (QuotesFixture *fixture, gconstpointer data)
{
  g_autofree char *id = quotes_fixture_import (fixture), *model_id = quotes_fixture_train (fixture, id);
  g_autofree char *report_id = write_report (fixture, model_id);
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "UPDATE model_file SET bytes = x'00'", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
  g_autoptr (GError) damaged = load (fixture, report_id);
  g_assert_error (damaged, VAI_ERROR, VAI_ERROR_DAMAGED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test)                                                                                                \
  g_test_add ("/report/" name, QuotesFixture, NULL, quotes_fixture_set_up, test, quotes_fixture_tear_down)
  ADD ("deleted", test_deleted);
  ADD ("damaged", test_damaged);
  return g_test_run ();
}
