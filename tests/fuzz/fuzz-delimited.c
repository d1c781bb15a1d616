/* Any bytes as a file of delimited text: read into a table, then record by record as they stand. */
#include "vai-fuzz.h"

#include "vai-records.h"

/* The table of a fuzzed file is small, or it is refused. */
#define MEMORY_MAX (64 * 1024 * 1024)

static void
read_records (const char *path, const VaiDialect *dialect)
{
  g_autoptr (VaiRecords) records = vai_records_open (path, dialect, NULL, NULL);
  VaiRecord record;
  while (records != NULL && vai_records_next (records, &record, NULL))
    for (guint i = 0; i < record.n_fields; i++)
      g_assert (record.fields[i] != NULL && record.fields[i][record.lengths[i]] == '\0');
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autofree char *path = vai_fuzz_file (data, size);
  g_auto (VaiImportOptions) options;
  vai_import_options_init (&options);
  options.memory_max_bytes = MEMORY_MAX;
  options.want_sha256 = FALSE;
  options.threads = 1;
  g_autoptr (VaiImport) import = vai_import_read (path, &options, NULL, NULL, NULL);
  for (guint i = 0; import != NULL && i < import->table->columns->len; i++)
    for (gsize row = 0; row < MIN (import->table->n_rows, 1000); row++)
      {
        g_autofree char *text = vai_column_dup_text (vai_table_column (import->table, i), row);
        g_assert (g_utf8_validate (text, -1, NULL));
      }
  if (import != NULL)
    read_records (path, &import->dialect);
  return 0;
}
