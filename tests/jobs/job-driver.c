/* Runs one job on a workspace, for the tests that let it die on the way.
 *
 *   job-driver WORKSPACE import FILE            a file becomes a dataset
 *   job-driver WORKSPACE train MODEL            the newest dataset becomes a model, in the workspace and in the file
 * MODEL job-driver WORKSPACE score FILE OUTPUT      FILE is scored by the newest model, into the workspace and the file
 * OUTPUT job-driver WORKSPACE outcome FILE           outcomes in FILE are recorded job-driver WORKSPACE check prints
 * what is wrong with the workspace
 *
 * Exit status 0: done; 1: failed, with the code of the error and its message on standard error. */
#include "vai-error.h"
#include "vai-job-import.h"
#include "vai-job-outcome.h"
#include "vai-job-score.h"
#include "vai-job-train.h"

static char *
newest_dataset (VaiStore *store)
{
  g_autoptr (GPtrArray) rows = vai_store_list_datasets (store, FALSE, NULL);
  return rows != NULL && rows->len > 0 ? g_strdup (((VaiDatasetRow *) g_ptr_array_index (rows, 0))->id) : NULL;
}

static char *
newest_model (VaiStore *store)
{
  g_autoptr (GPtrArray) rows = vai_store_list_models (store, NULL, FALSE, NULL);
  return rows != NULL && rows->len > 0 ? g_strdup (((VaiModelRow *) g_ptr_array_index (rows, 0))->id) : NULL;
}

static VaiJob *
make_import (VaiStore *store, char **arguments)
{
  VaiJobImport *job = vai_job_import_new (store);
  vai_job_import_get_options (job)->path = g_strdup (arguments[0]);
  return VAI_JOB (job);
}

static VaiJob *
make_train (VaiStore *store, char **arguments)
{
  VaiJobTrain *job = vai_job_train_new (store);
  vai_job_train_get_quotes_options (job)->dataset_id = newest_dataset (store);
  vai_job_train_get_options (job)->algorithm = VAI_ALGORITHM_LOGISTIC;
  vai_job_train_get_options (job)->effort = VAI_EFFORT_QUICK;
  vai_job_train_set_output (job, arguments[0]);
  vai_job_train_set_keep (job, TRUE);
  return VAI_JOB (job);
}

static VaiJob *
make_score (VaiStore *store, char **arguments)
{
  VaiJobScore *job = vai_job_score_new (store);
  VaiScoreOptions *options = vai_job_score_get_options (job);
  options->model_id = newest_model (store);
  options->path = g_strdup (arguments[0]);
  options->output = g_strdup (arguments[1]);
  options->contributions = TRUE;
  options->keep = TRUE;
  return VAI_JOB (job);
}

static VaiJob *
make_outcome (VaiStore *store, char **arguments)
{
  VaiJobOutcome *job = vai_job_outcome_new (store);
  vai_job_outcome_get_options (job)->quotes.path = g_strdup (arguments[0]);
  return VAI_JOB (job);
}

static const struct
{
  const char *name;
  int n_arguments;
  VaiJob *(*make) (VaiStore *store, char **arguments);
} kinds[] = { { "import", 1, make_import },
              { "train", 1, make_train },
              { "score", 2, make_score },
              { "outcome", 1, make_outcome } };

static int
fail (const GError *error)
{
  g_printerr ("%s: %s\n", error->domain == VAI_ERROR ? vai_error_name (error->code) : "foreign", error->message);
  return 1;
}

static int
check (VaiStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) problems = vai_store_check (store, NULL, NULL, &error);
  if (problems == NULL)
    return fail (error);
  for (guint i = 0; i < problems->len; i++)
    g_print ("%s\n", (char *) g_ptr_array_index (problems, i));
  return problems->len > 0;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  if (argc < 3)
    return 2;
  g_autoptr (VaiStore) store = vai_store_open (argv[1], VAI_STORE_CREATE, &error);
  if (store == NULL)
    return fail (error);
  if (g_str_equal (argv[2], "check"))
    return check (store);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (argv[2], kinds[i].name) && argc == 3 + kinds[i].n_arguments)
      {
        g_autoptr (VaiJob) job = kinds[i].make (store, argv + 3);
        return vai_job_run (job, NULL, &error) ? 0 : fail (error);
      }
  return 2;
}
