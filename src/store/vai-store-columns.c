/* A column is stored as plain little-endian arrays in chunks, each with a checksum over its bytes, seeded with its
 * place, so that a chunk at the wrong place is damage too. Nothing is compressed: reading back at the speed of memory
 * is worth more than the disk. */
#include "vai-store-columns.h"

#include "vai-checksum.h"
#include "vai-error.h"
#include "vai-store-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#if G_BYTE_ORDER != G_LITTLE_ENDIAN
#error "Chunks are written as they stand in memory: a machine of the other byte order must swap them here."
#endif

/* The column number under which the lines of the file are kept. */
#define LINES_COLUMN (-1)

/* SQLite holds no larger value. */
#define DICTIONARY_BYTES_MAX 1000000000

/* Columns and rows that a stored dataset may claim to have; a damaged number must not become an allocation. */
#define COLUMNS_MAX 100000
#define ROWS_MAX G_MAXINT32

static guint64
seed_of (gint64 column, gint64 chunk)
{
  return ((guint64) (column + 1) << 32) | (guint32) chunk;
}

static gsize
width_of (VaiType type)
{
  return type == VAI_TYPE_NUMBER || type == VAI_TYPE_DATE ? 8 : 4;
}

static const void *
cells_of (const VaiColumn *column)
{
  if (column->type == VAI_TYPE_NUMBER)
    return column->numbers;
  return column->type == VAI_TYPE_DATE ? (const void *) column->times : column->codes;
}

static gboolean
add_chunks (VaiStore *self,
            const char *dataset_id,
            int column,
            const void *cells,
            gsize width,
            gsize n_rows,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (VaiStatement) insert = vai_db_prepare (
      vai_store_get_db (self),
      "INSERT INTO column_chunk (dataset_id, \"column\", chunk, rows, checksum, data) VALUES (?, ?, ?, ?, ?, ?)",
      error);
  if (insert == NULL)
    return FALSE;
  for (gsize first = 0, chunk = 0; first < n_rows; first += VAI_CHUNK_ROWS, chunk++)
    {
      if (vai_cancelled (cancellable, error))
        return FALSE;
      gsize rows = MIN (VAI_CHUNK_ROWS, n_rows - first);
      const char *data = (const char *) cells + first * width;
      vai_statement_bind_text (insert, 1, dataset_id);
      vai_statement_bind_integer (insert, 2, column);
      vai_statement_bind_integer (insert, 3, chunk);
      vai_statement_bind_integer (insert, 4, rows);
      vai_statement_bind_integer (insert, 5, (gint64) vai_checksum (data, rows * width, seed_of (column, chunk)));
      vai_statement_bind_blob (insert, 6, data, rows * width);
      if (!vai_statement_run (insert, error))
        return FALSE;
    }
  return TRUE;
}

/* NULL with @error TOO_LARGE. */
static GByteArray *
pack_dictionary (const VaiColumn *column, GError **error)
{
  guint32 n = vai_dictionary_get_size (column->dictionary);
  GByteArray *packed = g_byte_array_new ();
  g_byte_array_append (packed, (const guint8 *) &n, sizeof n);
  gsize total = sizeof n + (gsize) n * sizeof (guint32);
  for (guint32 i = 0; i < n; i++)
    {
      gsize length;
      vai_dictionary_get (column->dictionary, i, &length);
      guint32 stored = length;
      total += length;
      g_byte_array_append (packed, (const guint8 *) &stored, sizeof stored);
      if (total > DICTIONARY_BYTES_MAX)
        {
          g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE,
                       _ ("The texts of column “%s” have more than %d bytes together: leave the column out."),
                       column->name, DICTIONARY_BYTES_MAX);
          g_byte_array_unref (packed);
          return NULL;
        }
    }
  for (guint32 i = 0; i < n; i++)
    {
      gsize length;
      const char *text = vai_dictionary_get (column->dictionary, i, &length);
      g_byte_array_append (packed, (const guint8 *) text, length);
    }
  return packed;
}

static gboolean
add_column (VaiStore *self,
            const char *dataset_id,
            int position,
            const VaiColumn *column,
            const char *role,
            GError **error)
{
  g_autoptr (VaiStatement) insert
      = vai_db_prepare (vai_store_get_db (self),
                        "INSERT INTO dataset_column (dataset_id, position, name, type, role, unit, has_time, decimals, "
                        "dictionary_checksum, dictionary) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        error);
  if (insert == NULL)
    return FALSE;
  g_autoptr (GByteArray) dictionary = column->dictionary != NULL ? pack_dictionary (column, error) : NULL;
  if (column->dictionary != NULL && dictionary == NULL)
    return FALSE;
  vai_statement_bind_text (insert, 1, dataset_id);
  vai_statement_bind_integer (insert, 2, position);
  vai_statement_bind_text (insert, 3, column->name);
  vai_statement_bind_text (insert, 4, vai_type_name (column->type));
  vai_statement_bind_text (insert, 5, role);
  vai_statement_bind_text (insert, 6, column->unit);
  vai_statement_bind_integer (insert, 7, column->has_time != FALSE);
  vai_statement_bind_integer (insert, 8, column->decimals);
  if (dictionary != NULL)
    {
      vai_statement_bind_integer (insert, 9,
                                  (gint64) vai_checksum (dictionary->data, dictionary->len, seed_of (position, 0)));
      vai_statement_bind_blob (insert, 10, dictionary->data, dictionary->len);
    }
  return vai_statement_run (insert, error);
}

gboolean
vai_store_add_columns (VaiStore *self,
                       const char *dataset_id,
                       const VaiTable *table,
                       const char *const *roles,
                       VaiProgress *progress,
                       GCancellable *cancellable,
                       GError **error)
{
  if (table->lines != NULL
      && !add_chunks (self, dataset_id, LINES_COLUMN, table->lines, sizeof (guint64), table->n_rows, cancellable,
                      error))
    return FALSE;
  for (guint i = 0; i < table->columns->len; i++)
    {
      const VaiColumn *column = vai_table_column (table, i);
      if (!add_column (self, dataset_id, i, column, roles[i], error)
          || !add_chunks (self, dataset_id, i, cells_of (column), width_of (column->type), table->n_rows, cancellable,
                          error))
        return FALSE;
      vai_progress_set (progress, (i + 1.0) / table->columns->len, NULL);
    }
  return TRUE;
}

static gboolean
set_damaged (const VaiDatasetRow *dataset, const char *column, GError **error)
{
  g_set_error (
      error, VAI_ERROR, VAI_ERROR_DAMAGED,
      _ ("Column “%s” of dataset “%s” is damaged: import the file again, or use a copy of the workspace from before."),
      column, dataset->name);
  return FALSE;
}

/* Copies the chunk that @query stands on to its place in @cells; FALSE when it is not what was stored. */
static gboolean
take_chunk (VaiStatement *query, int column, gsize chunk, gsize width, gsize n_rows, char *cells)
{
  gsize first = chunk * VAI_CHUNK_ROWS;
  if (first >= n_rows || vai_statement_get_integer (query, 0) != (gint64) chunk)
    return FALSE;
  gsize rows = MIN (VAI_CHUNK_ROWS, n_rows - first);
  gsize size;
  const void *data = vai_statement_get_blob (query, 3, &size);
  if (vai_statement_get_integer (query, 1) != (gint64) rows || size != rows * width)
    return FALSE;
  if ((guint64) vai_statement_get_integer (query, 2) != vai_checksum (data, size, seed_of (column, chunk)))
    return FALSE;
  memcpy (cells + first * width, data, size);
  return TRUE;
}

/* The cells of @column, n_rows × @width, or NULL. No chunk at all gives NULL without @error when @optional. */
static gpointer
read_cells (VaiStore *self,
            const VaiDatasetRow *dataset,
            int column,
            const char *name,
            gsize width,
            gboolean optional,
            GCancellable *cancellable,
            GError **error)
{
  gsize n_rows = dataset->row_count;
  g_autoptr (GError) local = NULL;
  g_autoptr (VaiStatement) query = vai_db_prepare (
      vai_store_get_db (self),
      "SELECT chunk, rows, checksum, data FROM column_chunk WHERE dataset_id = ?1 AND \"column\" = ?2 "
      "ORDER BY chunk",
      error);
  if (query == NULL)
    return NULL;
  vai_statement_bind_text (query, 1, dataset->id);
  vai_statement_bind_integer (query, 2, column);
  g_autofree char *cells = NULL;
  gsize chunk = 0;
  for (; vai_statement_step (query, &local); chunk++)
    {
      if (vai_cancelled (cancellable, error))
        return NULL;
      if (chunk == 0)
        cells = g_try_malloc_n (n_rows, width);
      if (cells == NULL || !take_chunk (query, column, chunk, width, n_rows, cells))
        {
          set_damaged (dataset, name, error);
          return NULL;
        }
    }
  if (local != NULL && !g_error_matches (local, VAI_ERROR, VAI_ERROR_DAMAGED))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (local == NULL && optional && chunk == 0)
    return NULL;
  if (local == NULL && chunk == (n_rows + VAI_CHUNK_ROWS - 1) / VAI_CHUNK_ROWS)
    return g_steal_pointer (&cells);
  set_damaged (dataset, name, error);
  return NULL;
}

/* FALSE when the bytes are not a dictionary. */
static gboolean
unpack_dictionary (VaiDictionary *dictionary, const guint8 *data, gsize size)
{
  guint32 n;
  if (size < sizeof n)
    return FALSE;
  memcpy (&n, data, sizeof n);
  if (n > G_MAXINT32 || (size - sizeof n) / sizeof (guint32) < n)
    return FALSE;
  const guint8 *lengths = data + sizeof n;
  const guint8 *text = lengths + (gsize) n * sizeof (guint32);
  const guint8 *end = data + size;
  for (guint32 i = 0; i < n; i++)
    {
      guint32 length;
      memcpy (&length, lengths + (gsize) i * sizeof length, sizeof length);
      if (length > (gsize) (end - text) || vai_dictionary_add (dictionary, (const char *) text, length) != (gint32) i)
        return FALSE;
      text += length;
    }
  return text == end;
}

/* The column without its cells; NULL when something in the row is not what was stored. */
static VaiColumn *
take_column (VaiStatement *query, int position)
{
  VaiType type;
  const char *name = vai_statement_get_text (query, 1);
  if (vai_statement_get_integer (query, 0) != position || name == NULL
      || !vai_type_from_name (vai_statement_get_text (query, 2), &type))
    return NULL;
  g_autoptr (VaiColumn) column = vai_column_new (name, type);
  column->unit = g_strdup (vai_statement_get_text (query, 3));
  column->has_time = vai_statement_get_integer (query, 4) != 0;
  column->decimals = CLAMP (vai_statement_get_integer (query, 5), 0, G_MAXINT);
  if (column->dictionary == NULL)
    return g_steal_pointer (&column);
  gsize size;
  const void *data = vai_statement_get_blob (query, 7, &size);
  guint64 checksum = vai_statement_get_integer (query, 6);
  if (data == NULL || checksum != vai_checksum (data, size, seed_of (position, 0))
      || !unpack_dictionary (column->dictionary, data, size))
    return NULL;
  return g_steal_pointer (&column);
}

/* Counts what is missing; FALSE when a code is not in the dictionary. */
static gboolean
check_codes (VaiColumn *column)
{
  gint32 size = vai_dictionary_get_size (column->dictionary);
  gsize n_missing = 0;
  gboolean good = TRUE;
  for (gsize i = 0; i < column->n_rows; i++)
    {
      n_missing += column->codes[i] == VAI_CODE_MISSING;
      good &= column->codes[i] >= VAI_CODE_MISSING && column->codes[i] < size;
    }
  column->n_missing = n_missing;
  return good;
}

static gboolean
give_cells (VaiColumn *column, gpointer cells, gsize n_rows)
{
  column->n_rows = n_rows;
  switch (column->type)
    {
    case VAI_TYPE_NUMBER:
      column->numbers = cells;
      for (gsize i = 0; i < n_rows; i++)
        column->n_missing += isnan (column->numbers[i]);
      return TRUE;
    case VAI_TYPE_DATE:
      column->times = cells;
      for (gsize i = 0; i < n_rows; i++)
        column->n_missing += column->times[i] == VAI_TIME_MISSING;
      return TRUE;
    default:
      column->codes = cells;
      return check_codes (column);
    }
}

/* All columns with their dictionaries, still without cells. */
static GPtrArray *
read_columns (VaiStore *self, const VaiDatasetRow *dataset, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (VaiStatement) query
      = vai_db_prepare (vai_store_get_db (self),
                        "SELECT position, name, type, unit, has_time, decimals, dictionary_checksum, dictionary "
                        "FROM dataset_column WHERE dataset_id = ?1 ORDER BY position",
                        error);
  if (query == NULL)
    return NULL;
  vai_statement_bind_text (query, 1, dataset->id);
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_column_free);
  while (vai_statement_step (query, &local))
    {
      VaiColumn *column = columns->len < COLUMNS_MAX ? take_column (query, columns->len) : NULL;
      if (column == NULL)
        {
          const char *name = vai_statement_get_text (query, 1);
          set_damaged (dataset, name != NULL ? name : "?", error);
          return NULL;
        }
      g_ptr_array_add (columns, column);
    }
  if (local == NULL)
    return g_steal_pointer (&columns);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

VaiTable *
vai_store_read_columns (VaiStore *self,
                        const VaiDatasetRow *dataset,
                        VaiProgress *progress,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GError) local = NULL;
  if (dataset->row_count < 0 || dataset->row_count > ROWS_MAX)
    {
      set_damaged (dataset, "?", error);
      return NULL;
    }
  g_autoptr (GPtrArray) columns = read_columns (self, dataset, error);
  if (columns == NULL)
    return NULL;
  g_autoptr (VaiTable) table = vai_table_new ();
  table->n_rows = dataset->row_count;
  guint n_columns = columns->len;
  for (guint i = 0; i < n_columns; i++)
    {
      g_autoptr (VaiColumn) column = g_steal_pointer (&columns->pdata[i]);
      gpointer cells = read_cells (self, dataset, i, column->name, width_of (column->type), FALSE, cancellable, &local);
      if (local != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      if (!give_cells (column, cells, table->n_rows))
        {
          set_damaged (dataset, column->name, error);
          return NULL;
        }
      vai_table_add (table, g_steal_pointer (&column));
      vai_progress_set (progress, (i + 1.0) / n_columns, NULL);
    }
  table->lines = read_cells (self, dataset, LINES_COLUMN, _ ("line"), sizeof (guint64), TRUE, cancellable, &local);
  if (local == NULL)
    return g_steal_pointer (&table);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}
