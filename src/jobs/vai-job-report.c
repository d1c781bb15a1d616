#include "vai-job-report.h"

#include "vai-error.h"
#include "vai-job-private.h"
#include "vai-json.h"
#include "vai-model-row.h"

#include <glib/gi18n-lib.h>

struct _VaiJobReport
{
  VaiJob parent_instance;
  VaiReportOptions options;
  char *report_id; /* owned */
};

G_DEFINE_FINAL_TYPE (VaiJobReport, vai_job_report, VAI_TYPE_JOB)

VaiJobReport *
vai_job_report_new (VaiStore *store)
{
  VaiJobReport *self = g_object_new (VAI_TYPE_JOB_REPORT, NULL);
  vai_job_set_store (VAI_JOB (self), store);
  return self;
}

VaiReportOptions *
vai_job_report_get_options (VaiJobReport *self)
{
  g_return_val_if_fail (VAI_IS_JOB_REPORT (self), NULL);
  return &self->options;
}

const char *
vai_job_report_get_report_id (VaiJobReport *self)
{
  g_return_val_if_fail (VAI_IS_JOB_REPORT (self), NULL);
  return self->report_id;
}

typedef struct
{
  VaiJobReport *job;
  const VaiReport *report;
} Addition;

static gboolean
add_report (VaiStore *store, gpointer data, GError **error)
{
  const Addition *addition = data;
  g_autoptr (VaiReportRow) row = vai_row_new (&vai_report_row_kind);
  g_autoptr (JsonNode) content = vai_report_content_to_json (addition->report);
  g_autoptr (JsonNode) insights = vai_report_insights_to_json (addition->report);
  row->model_id = g_strdup (addition->job->options.model_id);
  row->title = g_strdup (vai_report_get_title (addition->report));
  row->content = json_to_string (content, FALSE);
  row->insights = json_to_string (insights, FALSE);
  if (!vai_store_add_report (store, row, error))
    return FALSE;
  addition->job->report_id = g_strdup (row->id);
  return TRUE;
}

static double
find_threshold (VaiJob *job, const VaiModel *model, const char *model_id)
{
  VaiStore *store = vai_job_get_store (job);
  g_autoptr (VaiModelRow) row = model_id != NULL ? vai_store_get_model (store, model_id, NULL) : NULL;
  return row != NULL ? vai_model_row_get_threshold (row, model) : 0.5;
}

static gboolean
vai_job_report_run (VaiJob *job, GCancellable *cancellable, GError **error)
{
  VaiJobReport *self = VAI_JOB_REPORT (job);
  const VaiReportOptions *options = &self->options;
  VaiProgress *progress = vai_job_get_progress (job);
  if (options->output == NULL && (options->model_id == NULL || vai_job_get_store (job) == NULL))
    {
      g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("Say where the report goes: a *.pdf or *.html file."));
      return FALSE;
    }
  if (!vai_job_check_output (job, options->output, options->model_path, error))
    return FALSE;
  vai_progress_set (progress, 0, _ ("Reading the model"));
  vai_job_begin_phase (job, "read");
  g_autoptr (VaiModel) model = vai_job_load_model (job, options->model_path, options->model_id, error);
  if (model == NULL)
    return FALSE;
  vai_progress_set (progress, 0.1, _ ("Writing the report"));
  vai_job_begin_phase (job, "report");
  double threshold = find_threshold (job, model, options->model_id);
  g_autoptr (VaiReport) report = vai_report_new (model, threshold, options->title, options->note, cancellable, error);
  if (report == NULL)
    return FALSE;
  vai_progress_set (progress, 0.8, NULL);
  vai_job_begin_phase (job, "write");
  if (vai_cancelled (cancellable, error))
    return FALSE;
  g_autoptr (VaiOutput) output = options->output != NULL ? vai_report_prepare (report, options->output, error) : NULL;
  if (options->output != NULL && output == NULL)
    return FALSE;
  Addition addition = { self, report };
  /* A report belongs to a model of the workspace: that of a file alone has no place there. */
  return vai_job_store_result (job, output, options->model_id != NULL ? add_report : NULL, &addition, &self->report_id,
                               error);
}

static VaiModel *
load_model (VaiStore *store, const char *id, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (VaiModelRow) row = id != NULL ? vai_store_get_model (store, id, &local) : NULL;
  gboolean deleted
      = row != NULL ? row->deleted_at != 0 : id == NULL || g_error_matches (local, VAI_ERROR, VAI_ERROR_NOT_FOUND);
  /* One in the trash still draws its charts. */
  g_autoptr (GBytes) bytes = row != NULL ? vai_store_load_model (store, id, &local) : NULL;
  VaiModel *model = bytes != NULL ? vai_model_from_bytes (bytes, &local) : NULL;
  if (deleted)
    g_set_error_literal (error, VAI_ERROR, VAI_ERROR_NOT_FOUND,
                         _ ("The model of this report was deleted: for a new report choose another model."));
  else if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return model;
}

VaiReport *
vai_job_report_load (VaiStore *store, const char *report_id, GError **model_error, GError **error)
{
  g_autoptr (VaiReportRow) row = vai_store_get_report (store, report_id, error);
  g_autoptr (JsonNode) content = row != NULL ? vai_json_parse (row->content, strlen (row->content), error) : NULL;
  if (content == NULL)
    return NULL;
  g_autoptr (VaiModel) model = load_model (store, row->model_id, model_error);
  return vai_report_new_from_json (content, model, error);
}

static JsonNode *
vai_job_report_dup_parameters (VaiJob *job)
{
  const VaiReportOptions *options = &VAI_JOB_REPORT (job)->options;
  g_autoptr (JsonObject) object = json_object_new ();
  vai_job_set_path (object, "model_path", options->model_path);
  vai_job_set_path (object, "output", options->output);
  if (options->model_id != NULL)
    json_object_set_string_member (object, "model_id", options->model_id);
  if (options->title != NULL)
    json_object_set_string_member (object, "title", options->title);
  if (options->note != NULL)
    json_object_set_string_member (object, "note", options->note);
  return json_node_init_object (json_node_alloc (), object);
}

static gboolean
vai_job_report_set_parameters (VaiJob *job, JsonObject *parameters, GError **error)
{
  VaiReportOptions *options = &VAI_JOB_REPORT (job)->options;
  options->model_path = vai_job_dup_parameter (parameters, "model_path");
  options->model_id = vai_job_dup_parameter (parameters, "model_id");
  options->output = vai_job_dup_parameter (parameters, "output");
  options->title = vai_job_dup_parameter (parameters, "title");
  options->note = vai_job_dup_parameter (parameters, "note");
  return TRUE;
}

static void
vai_job_report_finalize (GObject *object)
{
  VaiJobReport *self = VAI_JOB_REPORT (object);
  g_free (self->options.model_path);
  g_free (self->options.model_id);
  g_free (self->options.output);
  g_free (self->options.title);
  g_free (self->options.note);
  g_free (self->report_id);
  G_OBJECT_CLASS (vai_job_report_parent_class)->finalize (object);
}

static void
vai_job_report_class_init (VaiJobReportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_job_report_finalize;
  VaiJobClass *job_class = VAI_JOB_CLASS (klass);
  job_class->kind = "report";
  job_class->run = vai_job_report_run;
  job_class->dup_parameters = vai_job_report_dup_parameters;
  job_class->set_parameters = vai_job_report_set_parameters;
}

static void
vai_job_report_init (VaiJobReport *self)
{
}
