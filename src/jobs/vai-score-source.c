#include "vai-score-source.h"

#include "vai-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _VaiScoreSource
{
  char *path;          /* owned; NULL: a dataset */
  VaiDialect dialect;  /* as the first pass found it */
  VaiTable *table;     /* owned */
  VaiRecords *records; /* owned; NULL: a dataset, or not yet */
  guint n_columns;
  const char **cells;  /* owned array; the texts are the reader's, or @texts' */
  gsize *lengths;      /* owned */
  GPtrArray *texts;    /* of char*: of a dataset's row */
  char *surplus;       /* owned */
  gsize next_row;      /* of the table */
  guint64 totals_line; /* 0: none */
};

/* What the model's columns are, over what the person says of others. */
static void
set_types (VaiImportOptions *options, const VaiImportOptions *given, const VaiSchema *schema)
{
  options->types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer name, type;
  if (given->types != NULL)
    {
      g_hash_table_iter_init (&iter, given->types);
      while (g_hash_table_iter_next (&iter, &name, &type))
        g_hash_table_insert (options->types, g_strdup (name), type);
    }
  for (guint i = 0; i < schema->features->len; i++)
    {
      const VaiFeature *feature = vai_schema_feature (schema, i);
      g_hash_table_insert (options->types, g_strdup (feature->name), GINT_TO_POINTER (feature->type));
    }
}

static gboolean
read_file (VaiScoreSource *self,
           const VaiImportOptions *given,
           const VaiSchema *schema,
           VaiProgress *progress,
           GCancellable *cancellable,
           GError **error)
{
  g_auto (VaiImportOptions) options;
  vai_import_options_init (&options);
  vai_dialect_copy (&options.dialect, &given->dialect);
  /* A few quotes may leave open which number is the day: then it is as it was when the model learned. */
  if (options.dialect.date_order == VAI_DATE_ORDER_UNKNOWN)
    options.dialect.date_order = schema->date_order;
  options.rows_max = given->rows_max;
  options.threads = given->threads;
  options.memory_max_bytes = given->memory_max_bytes;
  set_types (&options, given, schema);
  g_autoptr (VaiImport) import = vai_import_read (self->path, &options, progress, cancellable, error);
  if (import == NULL)
    return FALSE;
  self->table = vai_table_ref (import->table);
  self->totals_line = import->totals_line;
  vai_dialect_copy (&self->dialect, &import->dialect);
  return TRUE;
}

static gboolean
read_dataset (VaiScoreSource *self,
              VaiStore *store,
              const char *dataset_id,
              VaiProgress *progress,
              GCancellable *cancellable,
              GError **error)
{
  if (store == NULL || dataset_id == NULL)
    {
      g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE,
                           _ ("No quotes were given: name a file, or a dataset of a workspace."));
      return FALSE;
    }
  self->table = vai_store_load_table (store, dataset_id, progress, cancellable, error);
  return self->table != NULL;
}

VaiScoreSource *
vai_score_source_new (const char *path,
                      const VaiImportOptions *options,
                      VaiStore *store,
                      const char *dataset_id,
                      const VaiSchema *schema,
                      VaiProgress *progress,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (VaiScoreSource) self = g_new0 (VaiScoreSource, 1);
  vai_dialect_init (&self->dialect);
  self->path = g_strdup (path);
  self->texts = g_ptr_array_new_with_free_func (g_free);
  gboolean good = path != NULL ? read_file (self, options, schema, progress, cancellable, error)
                               : read_dataset (self, store, dataset_id, progress, cancellable, error);
  if (!good)
    return NULL;
  self->n_columns = self->table->columns->len;
  self->cells = g_new0 (const char *, self->n_columns + 1);
  self->lengths = g_new0 (gsize, self->n_columns + 1);
  return g_steal_pointer (&self);
}

void
vai_score_source_free (VaiScoreSource *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  vai_dialect_clear (&self->dialect);
  g_clear_pointer (&self->table, vai_table_unref);
  g_clear_pointer (&self->records, vai_records_free);
  g_free (self->cells);
  g_free (self->lengths);
  g_ptr_array_unref (self->texts);
  g_free (self->surplus);
  g_free (self);
}

VaiTable *
vai_score_source_get_table (VaiScoreSource *self)
{
  return self->table;
}

gboolean
vai_score_source_rewind (VaiScoreSource *self, GCancellable *cancellable, GError **error)
{
  self->next_row = 0;
  g_clear_pointer (&self->records, vai_records_free);
  if (self->path == NULL)
    return TRUE;
  self->records = vai_records_open (self->path, &self->dialect, cancellable, error);
  return self->records != NULL;
}

static gboolean
set_changed (GError **error)
{
  g_set_error_literal (error, VAI_ERROR, VAI_ERROR_FAILED,
                       _ ("The file was changed while it was being read: try again."));
  return FALSE;
}

static gboolean
next_of_table (VaiScoreSource *self, VaiScoreRow *row)
{
  if (self->next_row >= self->table->n_rows)
    return FALSE;
  g_ptr_array_set_size (self->texts, 0);
  for (guint i = 0; i < self->n_columns; i++)
    {
      const VaiColumn *column = vai_table_column (self->table, i);
      gboolean coded = column->dictionary != NULL && !vai_column_is_missing (column, self->next_row);
      if (coded)
        {
          self->cells[i] = vai_dictionary_get (column->dictionary, column->codes[self->next_row], &self->lengths[i]);
          continue;
        }
      char *text = vai_column_dup_text (column, self->next_row);
      g_ptr_array_add (self->texts, text);
      self->cells[i] = text;
      self->lengths[i] = strlen (text);
    }
  *row = (VaiScoreRow){ self->cells, self->lengths, (gssize) self->next_row++, NULL, NULL };
  return TRUE;
}

/* Cells beyond the header have no column to stand in. */
static const char *
join_surplus (VaiScoreSource *self, const VaiRecord *record)
{
  g_clear_pointer (&self->surplus, g_free);
  GString *joined = NULL;
  for (guint i = self->n_columns; i < record->n_fields; i++)
    {
      if (record->lengths[i] == 0)
        continue;
      if (joined == NULL)
        joined = g_string_new (NULL);
      else
        g_string_append (joined, " | ");
      g_string_append (joined, record->fields[i]);
    }
  self->surplus = joined != NULL ? g_string_free (joined, FALSE) : NULL;
  return self->surplus;
}

gboolean
vai_score_source_next (VaiScoreSource *self, VaiScoreRow *row, GError **error)
{
  g_autoptr (GError) local = NULL;
  VaiRecord record;
  if (self->path == NULL)
    return next_of_table (self, row);
  if (!vai_records_next (self->records, &record, &local))
    {
      if (local != NULL)
        g_propagate_error (error, g_steal_pointer (&local));
      else if (self->next_row != self->table->n_rows)
        return set_changed (error);
      return FALSE;
    }
  for (guint i = 0; i < self->n_columns; i++)
    {
      gboolean has = i < record.n_fields;
      self->cells[i] = has ? record.fields[i] : "";
      self->lengths[i] = has ? record.lengths[i] : 0;
    }
  *row = (VaiScoreRow){ self->cells, self->lengths, -1, record.rejected, join_surplus (self, &record) };
  if (record.rejected == NULL && record.line == self->totals_line)
    row->reason = _ ("This row sums up those above it: it is no quote.");
  if (row->reason != NULL)
    return TRUE;
  gsize table_row = self->next_row++;
  if (table_row >= self->table->n_rows || vai_table_line (self->table, table_row) != record.line)
    return set_changed (error);
  row->table_row = table_row;
  return TRUE;
}
