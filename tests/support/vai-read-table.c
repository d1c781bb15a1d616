/* Reads a file of any kind into a table and says what it found: for tests and timing.
 * vai-read-table [--dump|--records|--preview N] [--threads N] FILE */
#include "vai-error.h"
#include "vai-records.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static gboolean dump, records;
static int preview, threads;

static const GOptionEntry entries[] = {
  { "dump", 0, 0, G_OPTION_ARG_NONE, &dump, "write the table as CSV", NULL },
  { "records", 0, 0, G_OPTION_ARG_NONE, &records, "write the raw records as CSV", NULL },
  { "preview", 0, 0, G_OPTION_ARG_INT, &preview, "read so many rows only", "N" },
  { "threads", 0, 0, G_OPTION_ARG_INT, &threads, "as many threads", "N" },
  { NULL },
};

static void
put (const char *text, gsize length, gboolean last)
{
  putchar ('"');
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '"')
        putchar ('"');
      putchar (text[i]);
    }
  fputs (last ? "\"\n" : "\",", stdout);
}

static void
dump_table (const VaiTable *table)
{
  guint n = table->columns->len;
  for (guint j = 0; j < n; j++)
    put (vai_table_column (table, j)->name, strlen (vai_table_column (table, j)->name), j + 1 == n);
  for (gsize i = 0; i < table->n_rows; i++)
    for (guint j = 0; j < n; j++)
      {
        const VaiColumn *column = vai_table_column (table, j);
        gsize length;
        g_autofree char *text = vai_column_dup_text (column, i);
        if (column->codes != NULL && column->codes[i] >= 0)
          {
            const char *whole = vai_dictionary_get (column->dictionary, column->codes[i], &length);
            put (whole, length, j + 1 == n);
          }
        else
          put (text, strlen (text), j + 1 == n);
      }
}

static int
dump_records (const char *path, const VaiDialect *dialect)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiRecords) reader = vai_records_open (path, dialect, NULL, &error);
  VaiRecord record;
  if (reader == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  const GPtrArray *names = vai_records_get_names (reader);
  for (guint j = 0; j < names->len; j++)
    put (names->pdata[j], strlen (names->pdata[j]), j + 1 == names->len);
  while (vai_records_next (reader, &record, &error))
    for (guint j = 0; j < record.n_fields; j++)
      put (record.fields[j], record.lengths[j], j + 1 == record.n_fields);
  return error != NULL;
}

/* Kilobytes of a line of /proc/self/status. */
static long
status_kb (const char *name)
{
  g_autofree char *text = NULL;
  g_file_get_contents ("/proc/self/status", &text, NULL, NULL);
  const char *line = text == NULL ? NULL : strstr (text, name);
  return line == NULL ? 0 : strtol (line + strlen (name) + 1, NULL, 10);
}

/* What the columns take, with their dictionaries and no room to spare. */
static gsize
typed_bytes (const VaiTable *table)
{
  gsize bytes = 0;
  for (guint j = 0; j < table->columns->len; j++)
    {
      const VaiColumn *column = vai_table_column (table, j);
      bytes += column->n_rows * (column->codes != NULL ? sizeof (gint32) : sizeof (double));
      bytes += column->dictionary == NULL ? 0 : vai_dictionary_get_bytes (column->dictionary);
    }
  return bytes;
}

static void
describe (const VaiImport *import, double seconds, double cpu, long empty_kb)
{
  const VaiDialect *dialect = &import->dialect;
  printf ("format %s encoding %s bom %d gzip %d delimiter %d quote %d wrapped %d preamble %d header %d decimal %c "
          "order %s\n",
          vai_format_name (dialect->format), vai_encoding_name (dialect->encoding), dialect->bom, dialect->gzip,
          dialect->delimiter, dialect->quote, dialect->wrapped_lines, dialect->preamble, dialect->has_header,
          dialect->decimal_mark == '\0' ? '?' : dialect->decimal_mark, vai_date_order_name (dialect->date_order));
  printf ("rows %zu columns %u rejected %" G_GUINT64_FORMAT " totals %" G_GUINT64_FORMAT " sha256 %s\n",
          import->table->n_rows, import->table->columns->len, import->n_rejected, import->totals_line,
          import->file_sha256 != NULL ? import->file_sha256 : "none");
  for (guint j = 0; j < import->table->columns->len; j++)
    {
      const VaiColumn *column = vai_table_column (import->table, j);
      printf ("column %s type %s missing %zu distinct %u unit %s decimals %u time %d\n", column->name,
              vai_type_name (column->type), column->n_missing,
              column->dictionary == NULL ? 0 : vai_dictionary_get_size (column->dictionary),
              column->unit == NULL ? "none" : column->unit, column->decimals, column->has_time);
    }
  for (guint i = 0; i < import->notes->len; i++)
    printf ("note %s\n", (char *) import->notes->pdata[i]);
  for (guint i = 0; i < MIN (import->rejected->len, 20); i++)
    {
      const VaiRejectedRow *row = import->rejected->pdata[i];
      printf ("rejected %" G_GUINT64_FORMAT " %s: %s\n", row->line, row->reason, row->raw);
    }
  for (guint i = 0; import->sheets != NULL && import->sheets[i] != NULL; i++)
    printf ("sheet %s\n", import->sheets[i]);
  printf ("seconds %.4f cpu %.4f\n", seconds, cpu);
  printf ("memory peak_kb %ld typed_kb %zu\n", status_kb ("VmHWM") - empty_kb, typed_bytes (import->table) / 1024);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new ("FILE");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2)
    return 2;
  g_auto (VaiImportOptions) options;
  vai_import_options_init (&options);
  options.rows_max = preview;
  options.threads = threads;
  options.want_sha256 = FALSE;
  long empty_kb = status_kb ("VmHWM");
  gint64 begin = g_get_monotonic_time ();
  clock_t cpu_begin = clock ();
  g_autoptr (VaiImport) import = vai_import_read (argv[1], &options, NULL, NULL, &error);
  double cpu = (double) (clock () - cpu_begin) / CLOCKS_PER_SEC;
  double seconds = (g_get_monotonic_time () - begin) / 1e6;
  if (import == NULL)
    {
      printf ("error %s: %s\n", vai_error_name (error->code), error->message);
      return 1;
    }
  if (records)
    return dump_records (argv[1], &import->dialect);
  if (dump)
    dump_table (import->table);
  else
    describe (import, seconds, cpu, empty_kb);
  return 0;
}
