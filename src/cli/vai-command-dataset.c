#include "vai-command-objects.h"
#include "vai-format.h"
#include "vai-job-import.h"
#include "vai-json-build.h"
#include "vai-print-quotes.h"
#include "vai-quote-words.h"
#include "vai-output.h"
#include "vai-table-writer.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  VaiQuoteWords quotes;
  char *workspace, *name;
  gboolean json;
} ImportWords;

static void
import_words_clear (ImportWords *self)
{
  vai_quote_words_clear (&self->quotes);
  g_free (self->workspace);
  g_free (self->name);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ImportWords, import_words_clear)

static gboolean
print_import (VaiJobImport *job, gboolean json, GError **error)
{
  VaiQuotes *quotes = vai_job_import_get_quotes (job);
  if (!json)
    {
      vai_print_quotes (quotes);
      vai_print_line (_ ("\nKept in the workspace as dataset %s"), vai_job_import_get_dataset_id (job));
      return TRUE;
    }
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "dataset_id", vai_job_import_get_dataset_id (job));
  vai_json_quotes (builder, quotes);
  json_builder_end_object (builder);
  return vai_print_json (builder, error);
}

static gboolean
import (int argc, char **argv, GError **error)
{
  g_auto (ImportWords) words = { 0 };
  g_auto (GStrv) files = NULL;
  const VaiCommand form
      = { .name = "dataset import", .arguments = "FILE", .summary = N_ ("Keep the quotes of a file in the workspace") };
  g_autoptr (GArray) entries = vai_quote_words_entries (&words.quotes, VAI_WORDS_MEANING);
  vai_entries_add (entries, "name", G_OPTION_ARG_STRING, &words.name, N_ ("Its name there"), N_ ("NAME"));
  vai_entries_add (entries, "workspace", G_OPTION_ARG_FILENAME, &words.workspace,
                   N_ ("Another workspace than the usual one"), N_ ("FILE"));
  vai_entries_add (entries, "json", G_OPTION_ARG_NONE, &words.json, N_ ("One JSON document on standard output"), NULL);
  if (!vai_cli_parse (&form, vai_entries_end (entries), argc, argv, 1, 0, &files, error))
    return FALSE;
  g_autoptr (VaiStore) store = vai_cli_open_store (words.workspace, VAI_STORE_CREATE, error);
  if (store == NULL)
    return FALSE;
  g_autoptr (VaiJobImport) job = vai_job_import_new (store);
  if (!vai_quote_words_to_quotes (&words.quotes, files[0], vai_job_import_get_options (job), error))
    return FALSE;
  vai_job_import_set_name (job, words.name);
  g_autoptr (VaiProgressLine) line = vai_progress_line_start (vai_job_get_progress (VAI_JOB (job)));
  if (!vai_job_run (VAI_JOB (job), NULL, error))
    return FALSE;
  g_clear_pointer (&line, vai_progress_line_stop);
  return print_import (job, words.json, error);
}

static void
print_list (const GPtrArray *rows)
{
  g_autoptr (VaiGrid) grid = vai_grid_new ("llrrl", _ ("Id"), _ ("Name"), _ ("Rows"), _ ("Open"), _ ("Made"), NULL);
  for (guint i = 0; i < rows->len; i++)
    {
      const VaiDatasetRow *row = g_ptr_array_index (rows, i);
      g_autofree char *n = vai_format_count (row->row_count);
      g_autofree char *open = vai_format_count (row->open_count);
      g_autofree char *made = vai_print_dup_time (row->created_at);
      vai_grid_add (grid, row->id, row->name != NULL ? row->name : "", n, open, made, NULL);
    }
  vai_grid_print (grid);
}

static gpointer
get_dataset (VaiStore *store, const char *id, GError **error)
{
  return vai_store_get_dataset (store, id, error);
}

static gboolean
write_table (const VaiTable *table, const char *path, GError **error)
{
  g_autoptr (VaiTableWriter) writer = vai_table_writer_new (path, error);
  if (writer == NULL)
    return FALSE;
  for (guint i = 0; i < table->columns->len; i++)
    if (!vai_table_writer_text (writer, vai_table_column (table, i)->name, -1, error))
      return FALSE;
  if (!vai_table_writer_end_row (writer, error))
    return FALSE;
  for (gsize row = 0; row < table->n_rows; row++)
    {
      for (guint i = 0; i < table->columns->len; i++)
        {
          const VaiColumn *column = vai_table_column (table, i);
          g_autofree char *text = column->type == VAI_TYPE_NUMBER ? NULL : vai_column_dup_text (column, row);
          if (text == NULL ? !vai_table_writer_number (writer, column->numbers[row], error)
                           : !vai_table_writer_text (writer, text, -1, error))
            return FALSE;
        }
      if (!vai_table_writer_end_row (writer, error))
        return FALSE;
    }
  return vai_table_writer_commit (writer, error);
}

static gboolean
export_dataset (int argc, char **argv, GError **error)
{
  g_auto (VaiObjectWords) words = { 0 };
  g_autofree char *output = NULL;
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  vai_entries_add (entries, "output", G_OPTION_ARG_FILENAME, &output, N_ ("File to write"), N_ ("OUT.csv|.xlsx"));
  if (!vai_object_words_parse (&words, "dataset export", "NAME|ID", N_ ("Write a dataset to a file"), entries, 1, 0,
                               VAI_STORE_READ_ONLY, argc, argv, error))
    return FALSE;
  if (output == NULL)
    {
      g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("Say where it goes: --output OUT.csv."));
      return FALSE;
    }
  if (!vai_output_check_apart (output, vai_store_get_path (words.store), error))
    return FALSE;
  g_autofree char *id = vai_store_resolve (words.store, VAI_OBJECT_DATASET, words.words[0], error);
  g_autoptr (VaiTable) table = id == NULL ? NULL : vai_store_load_table (words.store, id, NULL, NULL, error);
  return table != NULL && write_table (table, output, error)
         && (!words.json || vai_print_json_member ("output", output, error));
}

static const VaiSubcommand subcommands[] = {
  { "import", "FILE", N_ ("Keep the quotes of a file in the workspace"), import },
  { "export", "NAME|ID --output OUT.csv", N_ ("Write a dataset to a file"), export_dataset },
  { 0 },
};

static const VaiObjectForm object_form = {
  .object = VAI_OBJECT_DATASET,
  .kind = &vai_dataset_row_kind,
  .list_summary = N_ ("List the datasets of the workspace"),
  .list = vai_store_list_datasets,
  .print_list = print_list,
  .show_summary = N_ ("Say all that is known of a dataset"),
  .get = get_dataset,
};

static gboolean
run (int argc, char **argv, GError **error)
{
  return vai_subcommands_run (&vai_command_dataset, &object_form, subcommands, argc, argv, error);
}

const VaiCommand vai_command_dataset = {
  .name = "dataset",
  .arguments = "import|list|show|export|delete|restore|purge",
  .summary = N_ ("Keep quotes in the workspace: import, list, show, export, delete, restore, purge"),
  .run = run,
};
