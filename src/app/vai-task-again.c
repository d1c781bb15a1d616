#include "vai-task-again.h"

#include "vai-item.h"
#include "vai-job-again.h"
#include "vai-job-import.h"
#include "vai-job-report.h"
#include "vai-job-score.h"
#include "vai-job-train.h"

#include <glib/gi18n-lib.h>

/* NULL when there is none. Free with g_free(). */
static char *
dup_file_name (const char *path)
{
  g_autofree char *name = path != NULL ? g_path_get_basename (path) : NULL;

  return name != NULL ? g_filename_display_name (name) : NULL;
}

static VaiTask *
import_again (VaiJobImport *job)
{
  g_autofree char *name = dup_file_name (vai_job_import_get_options (job)->path);
  g_autofree char *title = g_strdup_printf (_ ("Importing “%s”"), name != NULL ? name : "");
  g_autofree char *done = g_strdup_printf (_ ("Imported “%s”"), name != NULL ? name : "");
  VaiTask *task
      = vai_task_new (VAI_JOB (job), name != NULL ? title : _ ("Importing again"), name != NULL ? done : NULL);

  vai_task_set_place (task, "data", NULL);
  return task;
}

/* Its quotes may be a file, or deleted meanwhile. */
static VaiTask *
train_again (VaiJobTrain *job, GListModel *datasets)
{
  const char *id = vai_job_train_get_quotes_options (job)->dataset_id;
  VaiItem *item = id != NULL ? vai_item_find (datasets, id) : NULL;

  if (item == NULL)
    return vai_task_new (VAI_JOB (job), _ ("Training again"), _ ("The model is ready"));
  g_autofree char *title = g_strdup_printf (_ ("Training on “%s”"), vai_item_get_name (item));
  g_autofree char *done = g_strdup_printf (_ ("The model of “%s” is ready"), vai_item_get_name (item));
  return vai_task_new (VAI_JOB (job), title, done);
}

static VaiTask *
score_again (VaiJobScore *job)
{
  g_autofree char *name = dup_file_name (vai_job_score_get_options (job)->path);
  g_autofree char *title = g_strdup_printf (_ ("Scoring “%s”"), name != NULL ? name : "");
  g_autofree char *done = g_strdup_printf (_ ("The quotes of “%s” are scored"), name != NULL ? name : "");
  VaiTask *task = vai_task_new (VAI_JOB (job), name != NULL ? title : _ ("Scoring again"),
                                name != NULL ? done : _ ("The quotes are scored"));

  vai_task_set_place (task, "scoring", "many");
  return task;
}

static VaiTask *
report_again (VaiJobReport *job)
{
  const char *name = vai_job_report_get_options (job)->title;
  g_autofree char *title = g_strdup_printf (_ ("Writing a report on “%s”"), name != NULL ? name : "");
  VaiTask *task
      = vai_task_new (VAI_JOB (job), name != NULL ? title : _ ("Writing a report again"), _ ("The report is written"));

  vai_task_set_place (task, "reports", NULL);
  return task;
}

VaiTask *
vai_task_new_again (VaiStore *store, const VaiJobRow *row, GListModel *datasets, GError **error)
{
  g_return_val_if_fail (row != NULL, NULL);

  g_autoptr (VaiJob) job = vai_job_new_again (store, row, error);
  if (job == NULL)
    return NULL;
  if (VAI_IS_JOB_IMPORT (job))
    return import_again (VAI_JOB_IMPORT (job));
  if (VAI_IS_JOB_TRAIN (job))
    return train_again (VAI_JOB_TRAIN (job), datasets);
  if (VAI_IS_JOB_SCORE (job))
    return score_again (VAI_JOB_SCORE (job));
  return report_again (VAI_JOB_REPORT (job));
}
