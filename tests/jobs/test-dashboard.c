/* The dashboard on a handful of quotes that can be added up by hand. */
#include "vai-dashboard.h"
#include "vai-job-import.h"
#include "vai-job-score.h"
#include "vai-job-train.h"
#include "vai-scorer.h"

#include <glib/gstdio.h>
#include <math.h>

/* 80 decided quotes, every second one won, opened a day apart; then three open ones. */
#define N_DECIDED 80

typedef struct
{
  char *folder, *quotes, *path;
  VaiStore *store;
} Fixture;

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

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("vai-dashboard-XXXXXX", NULL);
  fixture->quotes = g_build_filename (fixture->folder, "quotes.csv", NULL);
  fixture->path = g_build_filename (fixture->folder, "w.vaiw", NULL);
  write_quotes (fixture->quotes);
  fixture->store = vai_store_open (fixture->path, VAI_STORE_CREATE, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
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

static char *
import (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiJobImport) job = vai_job_import_new (fixture->store);

  vai_job_import_get_options (job)->path = g_strdup (fixture->quotes);
  vai_job_import_get_options (job)->outcome = g_strdup ("Outcome");
  vai_job_run (VAI_JOB (job), NULL, &error);
  g_assert_no_error (error);
  return g_strdup (vai_job_import_get_dataset_id (job));
}

static VaiDashboard *
load (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  VaiDashboard *dashboard = vai_dashboard_load (fixture->store, NULL, &error);

  g_assert_no_error (error);
  return dashboard;
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VaiDashboard) dashboard = load (fixture);

  g_assert_null (dashboard->dataset_id);
  g_assert_null (dashboard->model);
  g_assert_cmpuint (dashboard->open->len, ==, 0);
}

/* Without a model a quote is worth its amount times the average; a quote without an amount comes last. */
static void
test_unscored (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = import (fixture);
  g_autoptr (VaiDashboard) dashboard = load (fixture);
  const VaiOpenQuote *first = g_ptr_array_index (dashboard->open, 0), *last = g_ptr_array_index (dashboard->open, 2);

  g_assert_cmpstr (dashboard->dataset_id, ==, id);
  g_assert_cmpuint (dashboard->n_open_total, ==, 3);
  g_assert_cmpuint (dashboard->open->len, ==, 3);
  g_assert_cmpstr (first->ref, ==, "Q-9003");
  g_assert_cmpstr (last->ref, ==, "Q-9002");
  g_assert_false (first->scored);
  g_assert_cmpfloat (dashboard->worth, ==, 40000);
  g_assert_cmpfloat (dashboard->expected, ==, 20000);
  /* sqrt (10000² + 30000²) / 2 × 1.6449 = 26008: beyond nothing and beyond all. */
  g_assert_cmpfloat (dashboard->expected_low, ==, 0);
  g_assert_cmpfloat (dashboard->expected_high, ==, 40000);
  g_assert_true (dashboard->twelve_months);
  g_assert_cmpuint (dashboard->n_decided, ==, N_DECIDED);
  g_assert_cmpuint (dashboard->n_won, ==, N_DECIDED / 2);
  /* scipy.stats.binomtest (40, 80).proportion_ci (method = "wilson") */
  g_assert_cmpfloat_with_epsilon (dashboard->win_rate_low, 0.3929741509, 1e-9);
  g_assert_cmpfloat_with_epsilon (dashboard->win_rate_high, 0.6070258491, 1e-9);
}

static char *
train (Fixture *fixture, const char *dataset_id)
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

/* Open rows are scored by the newest model of their dataset; the sum is that of the parts. */
static void
test_scored (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = import (fixture), *model_id = train (fixture, id);
  g_autoptr (VaiDashboard) dashboard = load (fixture);
  double sum = 0;

  g_assert_cmpstr (dashboard->model_id, ==, model_id);
  for (guint i = 0; i < dashboard->open->len; i++)
    {
      const VaiOpenQuote *quote = g_ptr_array_index (dashboard->open, i);
      g_assert_true (quote->scored);
      g_assert_cmpfloat (quote->low, <=, quote->win_probability);
      g_assert_cmpfloat (quote->win_probability, <=, quote->high);
      if (isfinite (quote->amount))
        sum += quote->amount * quote->win_probability;
    }
  g_assert_cmpfloat_with_epsilon (dashboard->expected, sum, 1e-6);
  g_assert_false (dashboard->newer_data);
}

/* A newer model of another dataset says nothing of these quotes. */
static void
test_two_datasets (Fixture *fixture, gconstpointer data)
{
  g_autofree char *older = import (fixture), *newer = import (fixture);
  g_autofree char *mine = train (fixture, newer), *other = train (fixture, older);
  g_autoptr (VaiDashboard) dashboard = load (fixture);

  g_assert_cmpstr (dashboard->dataset_id, ==, newer);
  g_assert_cmpstr (dashboard->model_id, ==, mine);
  g_assert_cmpstr (dashboard->model_id, !=, other);
}

/* Saved scores of quotes that the dataset has decided wait to be recorded, and are not open. */
static void
test_record (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = import (fixture), *model_id = train (fixture, id);
  g_autoptr (VaiJobScore) job = vai_job_score_new (fixture->store);

  vai_job_score_get_options (job)->model_id = g_strdup (model_id);
  vai_job_score_get_options (job)->dataset_id = g_strdup (id);
  vai_job_score_get_options (job)->keep = TRUE;
  vai_job_run (VAI_JOB (job), NULL, &error);
  g_assert_no_error (error);
  g_autoptr (VaiDashboard) before = load (fixture);
  g_assert_cmpuint (before->n_decided_since, ==, N_DECIDED);
  g_assert_cmpuint (before->open->len, ==, 3);
  g_assert_cmpuint (before->n_open_total, ==, 3);
  g_assert_cmpint (vai_dashboard_record_decided (fixture->store, id, NULL, &error), ==, N_DECIDED);
  g_assert_no_error (error);
  g_autoptr (VaiDashboard) after = load (fixture);
  g_assert_cmpuint (after->n_decided_since, ==, 0);
  g_assert_cmpuint (after->n_recorded, ==, N_DECIDED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/dashboard/empty", Fixture, NULL, set_up, test_empty, tear_down);
  g_test_add ("/dashboard/unscored", Fixture, NULL, set_up, test_unscored, tear_down);
  g_test_add ("/dashboard/scored", Fixture, NULL, set_up, test_scored, tear_down);
  g_test_add ("/dashboard/two-datasets", Fixture, NULL, set_up, test_two_datasets, tear_down);
  g_test_add ("/dashboard/record", Fixture, NULL, set_up, test_record, tear_down);
  return g_test_run ();
}
