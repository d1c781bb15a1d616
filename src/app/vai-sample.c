#include "vai-sample.h"

#include "vai-job-import.h"
#include "vai-job-train.h"

#include <glib/gi18n-lib.h>

/* Beside the program when it runs from where it was built. */
static char *
sample_path (void)
{
  const char *folder = g_getenv ("VALUTAI_SAMPLES");
  const char *const *languages = g_get_language_names ();
  gboolean italian = g_str_has_prefix (languages[0], "it");

  return g_build_filename (folder != NULL ? folder : VAI_SAMPLES_DIR,
                           italian ? "sample-quotes-it.csv" : "sample-quotes-en.csv", NULL);
}

/* The import, then the training, of one workspace. */
#define TASK_KEY "vai-sample-task"

static void
start (VaiWorkspace *workspace, VaiTask *task)
{
  g_object_set_data_full (G_OBJECT (workspace), TASK_KEY, g_object_ref (task), g_object_unref);
  vai_workspace_start (workspace, task);
}

static void
imported_cb (VaiWorkspace *workspace, VaiTask *ended, VaiTask *imported)
{
  if (ended != imported)
    return;
  g_signal_handlers_disconnect_by_func (workspace, imported_cb, imported);
  if (vai_task_get_state (imported) != VAI_TASK_DONE)
    return;
  VaiJobImport *import = VAI_JOB_IMPORT (vai_task_get_job (imported));
  g_autoptr (VaiJobTrain) job = vai_job_train_new (vai_workspace_get_store (workspace));
  vai_job_train_get_quotes_options (job)->dataset_id = g_strdup (vai_job_import_get_dataset_id (import));
  g_autoptr (GSettings) settings = g_settings_new ("com.valutai.ValutAI");
  vai_job_train_get_options (job)->effort = VAI_EFFORT_QUICK;
  vai_job_train_get_options (job)->threads = g_settings_get_uint (settings, "threads");
  vai_job_train_set_keep (job, TRUE);
  vai_job_train_set_name (job, _ ("Sample model"));
  g_autoptr (VaiTask) task
      = vai_task_new (VAI_JOB (job), _ ("Learning from the sample"), _ ("Learnt: score a quote, or look at the model"));
  vai_task_set_place (task, "models", NULL);
  start (workspace, task);
}

void
vai_sample_begin (VaiWorkspace *workspace)
{
  g_return_if_fail (VAI_IS_WORKSPACE (workspace));

  VaiTask *before = g_object_get_data (G_OBJECT (workspace), TASK_KEY);
  if (before != NULL && vai_task_is_active (before))
    return;
  g_autoptr (VaiJobImport) job = vai_job_import_new (vai_workspace_get_store (workspace));
  VaiQuotesOptions *options = vai_job_import_get_options (job);
  const char *const acts[] = { "safe", NULL };
  options->path = sample_path ();
  options->acts = g_strdupv ((char **) acts);
  vai_job_import_set_name (job, _ ("Sample quotes"));
  g_autoptr (VaiTask) task = vai_task_new (VAI_JOB (job), _ ("Importing sample quotes"), NULL);
  vai_task_set_place (task, "data", NULL);
  g_signal_connect_data (workspace, "task-ended", G_CALLBACK (imported_cb), g_object_ref (task),
                         (GClosureNotify) (void (*) (void)) g_object_unref, 0);
  start (workspace, task);
}
