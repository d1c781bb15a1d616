#include "vai-output.h"
#include "vai-print-quotes.h"
#include "vai-quote-words.h"
#include "vai-table-writer.h"

#include <glib/gi18n-lib.h>

static gboolean
write_rejected (const VaiImport *import, const char *path, GError **error)
{
  g_autoptr (VaiTableWriter) writer = vai_table_writer_new (path, error);
  if (writer == NULL || !vai_table_writer_text (writer, "line", -1, error)
      || !vai_table_writer_text (writer, "reason", -1, error) || !vai_table_writer_text (writer, "raw", -1, error)
      || !vai_table_writer_end_row (writer, error))
    return FALSE;
  for (guint i = 0; i < import->rejected->len; i++)
    {
      const VaiRejectedRow *row = g_ptr_array_index (import->rejected, i);
      if (!vai_table_writer_number (writer, row->line, error) || !vai_table_writer_text (writer, row->reason, -1, error)
          || !vai_table_writer_text (writer, row->raw, -1, error) || !vai_table_writer_end_row (writer, error))
        return FALSE;
    }
  return vai_table_writer_commit (writer, error);
}

static gboolean
print (const VaiQuotes *quotes, gboolean json, GError **error)
{
  if (!json)
    {
      vai_print_quotes (quotes);
      return TRUE;
    }
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  vai_json_quotes (builder, quotes);
  json_builder_end_object (builder);
  return vai_print_json (builder, error);
}

static gboolean
run (int argc, char **argv, GError **error)
{
  g_auto (VaiQuoteWords) words = { 0 };
  g_auto (VaiQuotesOptions) options;
  g_auto (GStrv) files = NULL;
  g_autofree char *rejected = NULL;
  gboolean json = FALSE;
  int preview = G_MAXINT;
  vai_quotes_options_init (&options);
  g_autoptr (GArray) entries = vai_quote_words_entries (&words, VAI_WORDS_MEANING);
  vai_entries_add (entries, "preview", G_OPTION_ARG_INT, &preview, N_ ("Read only so many rows"), N_ ("N"));
  vai_entries_add (entries, "rejected", G_OPTION_ARG_FILENAME, &rejected, N_ ("Write the rows that cannot be read"),
                   N_ ("FILE.csv"));
  vai_entries_add (entries, "json", G_OPTION_ARG_NONE, &json, N_ ("One JSON document on standard output"), NULL);
  if (!vai_cli_parse (&vai_command_inspect, vai_entries_end (entries), argc, argv, 1, 0, &files, error)
      || !vai_quote_words_to_quotes (&words, files[0], &options, error)
      || (rejected != NULL && !vai_output_check_apart (rejected, files[0], error)))
    return FALSE;
  if (preview < 1)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("%s cannot be less than %d."), "--preview", 1);
      return FALSE;
    }
  options.import.rows_max = preview < G_MAXINT ? preview : 0;
  g_autoptr (VaiProgress) progress = vai_progress_new ();
  g_autoptr (VaiProgressLine) line = vai_progress_line_start (progress);
  g_autoptr (VaiQuotes) quotes = vai_quotes_load (&options, NULL, progress, NULL, error);
  g_clear_pointer (&line, vai_progress_line_stop);
  return quotes != NULL && (rejected == NULL || write_rejected (quotes->import, rejected, error))
         && print (quotes, json, error);
}

const VaiCommand vai_command_inspect = {
  .name = "inspect",
  .arguments = "FILE",
  .summary = N_ ("Say what is in a file: how it is written, columns, outcome, quality, leaks"),
  .run = run,
};
