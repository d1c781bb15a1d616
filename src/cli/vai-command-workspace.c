#include "vai-command-objects.h"
#include "vai-json-build.h"
#include "vai-quote-words.h"

#include <glib/gi18n-lib.h>

static gboolean
info (int argc, char **argv, GError **error)
{
  g_auto (VaiObjectWords) words = { 0 };
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  if (!vai_object_words_parse (&words, "workspace info", "", N_ ("Say where the workspace is and what is in it"),
                               entries, 0, 0, VAI_STORE_READ_ONLY, argc, argv, error))
    return FALSE;
  VaiPredictionQuery query = { 0 };
  g_autoptr (GPtrArray) datasets = vai_store_list_datasets (words.store, FALSE, error);
  g_autoptr (GPtrArray) models = datasets == NULL ? NULL : vai_store_list_models (words.store, NULL, FALSE, error);
  g_autoptr (GPtrArray) predictions = models == NULL ? NULL : vai_store_list_predictions (words.store, &query, error);
  g_autoptr (GPtrArray) reports = predictions == NULL ? NULL : vai_store_list_reports (words.store, NULL, FALSE, error);
  g_autoptr (GPtrArray) jobs = reports == NULL ? NULL : vai_store_list_jobs (words.store, "interrupted", error);
  if (jobs == NULL)
    return FALSE;
  if (!words.json)
    {
      vai_print_line (_ ("Workspace: %s"), vai_store_get_path (words.store));
      vai_print_line (_ ("Datasets: %u, models: %u, predictions: %u, reports: %u; interrupted tasks: %u."),
                      datasets->len, models->len, predictions->len, reports->len, jobs->len);
      return TRUE;
    }
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "path", vai_store_get_path (words.store));
  vai_json_add_integer (builder, "datasets", datasets->len);
  vai_json_add_integer (builder, "models", models->len);
  vai_json_add_integer (builder, "predictions", predictions->len);
  vai_json_add_integer (builder, "reports", reports->len);
  vai_json_add_integer (builder, "interrupted_jobs", jobs->len);
  json_builder_end_object (builder);
  return vai_print_json (builder, error);
}

static gboolean
check (int argc, char **argv, GError **error)
{
  g_auto (VaiObjectWords) words = { 0 };
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  g_autoptr (GError) local = NULL;
  if (!vai_object_words_parse (&words, "workspace check", "",
                               N_ ("Read all of the workspace and check that it is whole"), entries, 0, 0,
                               VAI_STORE_READ_ONLY, argc, argv, &local))
    return vai_print_unwhole (NULL, g_steal_pointer (&local), words.json, error);
  g_autoptr (VaiProgress) progress = vai_progress_new ();
  g_autoptr (VaiProgressLine) line = vai_progress_line_start (progress);
  g_autoptr (GPtrArray) faults = vai_store_check (words.store, progress, NULL, &local);
  g_clear_pointer (&line, vai_progress_line_stop);
  if (faults == NULL)
    return vai_print_unwhole (NULL, g_steal_pointer (&local), words.json, error);
  for (guint i = 0; i < faults->len; i++)
    g_printerr ("%s\n", (char *) g_ptr_array_index (faults, i));
  if (faults->len > 0)
    {
      g_set_error_literal (&local, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("The workspace is damaged: go back to a backup."));
      return vai_print_unwhole (faults, g_steal_pointer (&local), words.json, error);
    }
  if (!words.json)
    {
      vai_print_line ("%s", _ ("The workspace is whole."));
      return TRUE;
    }
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  vai_json_add_whole (builder, NULL, NULL);
  json_builder_end_object (builder);
  return vai_print_json (builder, error);
}

static gboolean
backup (int argc, char **argv, GError **error)
{
  g_auto (VaiObjectWords) words = { 0 };
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  return vai_object_words_parse (&words, "workspace backup", "FILE",
                                 N_ ("Copy the workspace, as of now, to a file that does not exist yet"), entries, 1, 0,
                                 VAI_STORE_READ_ONLY, argc, argv, error)
         && vai_store_backup (words.store, words.words[0], error)
         && (!words.json || vai_print_json_member ("output", words.words[0], error));
}

static gboolean
jobs (int argc, char **argv, GError **error)
{
  g_auto (VaiObjectWords) words = { 0 };
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  if (!vai_object_words_parse (&words, "workspace jobs", "", N_ ("List what ran, runs, or was interrupted"), entries, 0,
                               0, VAI_STORE_READ_ONLY, argc, argv, error))
    return FALSE;
  g_autoptr (GPtrArray) rows = vai_store_list_jobs (words.store, NULL, error);
  if (rows == NULL)
    return FALSE;
  if (words.json)
    return vai_print_rows_json (&vai_job_row_kind, rows, error);
  g_autoptr (VaiGrid) grid = vai_grid_new ("llll", _ ("Id"), _ ("Kind"), _ ("State"), _ ("Begun"), NULL);
  for (guint i = 0; i < rows->len; i++)
    {
      const VaiJobRow *row = g_ptr_array_index (rows, i);
      g_autofree char *begun = vai_print_dup_time (row->started_at);
      vai_grid_add (grid, row->id, row->kind, row->state, begun, NULL);
    }
  vai_grid_print (grid);
  return TRUE;
}

static const VaiSubcommand subcommands[] = {
  { "info", "", N_ ("Say where the workspace is and what is in it"), info },
  { "check", "", N_ ("Read all of the workspace and check that it is whole"), check },
  { "backup", "FILE", N_ ("Copy the workspace, as of now, to a file that does not exist yet"), backup },
  { "jobs", "", N_ ("List what ran, runs, or was interrupted"), jobs },
  { 0 },
};

static gboolean
run (int argc, char **argv, GError **error)
{
  return vai_subcommands_run (&vai_command_workspace, NULL, subcommands, argc, argv, error);
}

const VaiCommand vai_command_workspace = {
  .name = "workspace",
  .arguments = "info|check|backup|jobs",
  .summary = N_ ("Look after the workspace: info, check, backup, jobs"),
  .run = run,
};
