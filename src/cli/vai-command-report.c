#include "vai-cli-store.h"
#include "vai-job-report.h"
#include "vai-json-build.h"
#include "vai-print.h"
#include "vai-quote-words.h"

#include <glib/gi18n-lib.h>

static gboolean
print (VaiJobReport *job, const char *output, gboolean json, GError **error)
{
  if (!json)
    {
      vai_print_line (_ ("Report written to %s"), output);
      return TRUE;
    }
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "output", output);
  vai_json_add_text (builder, "report_id", vai_job_report_get_report_id (job));
  json_builder_end_object (builder);
  return vai_print_json (builder, error);
}

static gboolean
run (int argc, char **argv, GError **error)
{
  g_auto (GStrv) names = NULL;
  g_autofree char *output = NULL, *title = NULL, *workspace = NULL;
  gboolean json = FALSE;
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  vai_entries_add (entries, "output", G_OPTION_ARG_FILENAME, &output, N_ ("Report to write"), N_ ("REPORT.pdf|.html"));
  vai_entries_add (entries, "title", G_OPTION_ARG_STRING, &title, N_ ("Its title"), N_ ("TEXT"));
  vai_entries_add (entries, "workspace", G_OPTION_ARG_FILENAME, &workspace, N_ ("Another workspace than the usual one"),
                   N_ ("FILE"));
  vai_entries_add (entries, "json", G_OPTION_ARG_NONE, &json, N_ ("One JSON document on standard output"), NULL);
  if (!vai_cli_parse (&vai_command_report, vai_entries_end (entries), argc, argv, 1, 0, &names, error))
    return FALSE;
  if (output == NULL)
    {
      g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE,
                           _ ("Say where the report goes: --output REPORT.pdf or REPORT.html."));
      return FALSE;
    }
  const char *name = vai_cli_object_name (names[0]);
  g_autoptr (VaiStore) store = name == NULL ? NULL : vai_cli_open_store (workspace, VAI_STORE_EXISTING, error);
  if (name != NULL && store == NULL)
    return FALSE;
  g_autoptr (VaiJobReport) job = vai_job_report_new (store);
  VaiReportOptions *options = vai_job_report_get_options (job);
  options->output = g_strdup (output);
  options->title = g_strdup (title);
  if (name == NULL)
    options->model_path = g_strdup (names[0]);
  else if ((options->model_id = vai_store_resolve (store, VAI_OBJECT_MODEL, name, error)) == NULL)
    return FALSE;
  g_autoptr (VaiProgressLine) line = vai_progress_line_start (vai_job_get_progress (VAI_JOB (job)));
  if (!vai_job_run (VAI_JOB (job), NULL, error))
    return FALSE;
  g_clear_pointer (&line, vai_progress_line_stop);
  return print (job, output, json, error);
}

const VaiCommand vai_command_report = {
  .name = "report",
  .arguments = "MODEL.valutai|@MODEL",
  .summary = N_ ("Write what a model found so that a manager can read it"),
  .run = run,
};
