#include "quotes-fixture.h"

#include "vai-job-import.h"
#include "vai-job-train.h"

#include <glib/gstdio.h>

static void
write_quotes (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new ("Quote number,Opened on,Sector,Price,Outcome\n");
  g_autoptr (GDateTime) day = g_date_time_new_utc (2026, 1, 1, 0, 0, 0);

  for (guint i = 0; i < N_DECIDED; i++)
    {
      g_autoptr (GDateTime) opened = g_date_time_add_days (day, (int) i);
      g_autofree char *date = g_date_time_format (opened, "%Y-%m-%d");
      g_string_append_printf (text, "Q-%04u,%s,%s,%u,%s\n", i, date, i % 3 == 0 ? "Food" : "Water", 1000 + i,
                              i % 2 == 0 ? "Won" : "Lost");
    }
  g_string_append (text, "Q-9001,2026-04-01,Food,10000,Open\nQ-9002,2026-04-02,Water,,Open\n"
                         "Q-9003,2026-04-03,Food,30000,Open\n");
  g_assert_true (g_file_set_contents (path, text->str, (gssize) text->len, &error));
}

void
quotes_fixture_set_up (QuotesFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("vai-quotes-XXXXXX", NULL);
  fixture->quotes = g_build_filename (fixture->folder, "quotes.csv", NULL);
  fixture->path = g_build_filename (fixture->folder, "w.vaiw", NULL);
  write_quotes (fixture->quotes);
  fixture->store = vai_store_open (fixture->path, VAI_STORE_CREATE, &error);
  g_assert_no_error (error);
}

void
quotes_fixture_tear_down (QuotesFixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  g_clear_object (&fixture->store);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
      g_remove (path);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->quotes);
  g_free (fixture->path);
}

char *
quotes_fixture_import (QuotesFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiJobImport) job = vai_job_import_new (fixture->store);

  vai_job_import_get_options (job)->path = g_strdup (fixture->quotes);
  vai_job_import_get_options (job)->outcome = g_strdup ("Outcome");
  vai_job_run (VAI_JOB (job), NULL, &error);
  g_assert_no_error (error);
  return g_strdup (vai_job_import_get_dataset_id (job));
}

char *
quotes_fixture_train (QuotesFixture *fixture, const char *dataset_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiJobTrain) job = vai_job_train_new (fixture->store);

  vai_job_train_get_quotes_options (job)->dataset_id = g_strdup (dataset_id);
  vai_job_train_get_options (job)->algorithm = VAI_ALGORITHM_LOGISTIC;
  vai_job_train_get_options (job)->effort = VAI_EFFORT_QUICK;
  vai_job_train_set_keep (job, TRUE);
  vai_job_run (VAI_JOB (job), NULL, &error);
  g_assert_no_error (error);
  return g_strdup (vai_job_train_get_model_id (job));
}
