#include "vai-export-scores.h"

#include "vai-error.h"
#include "vai-table-writer.h"
#include "vai-time.h"

#include <math.h>

/* Rows held at once. */
#define BLOCK 512

static const char *const names[] = {
  "quote",   "win_probability", "probability_low", "probability_high", "verdict",
  "outcome", "outcome_at",      "total_price",     "currency",         "scored_at",
};

static gboolean
write_text (VaiTableWriter *writer, const char *text, GError **error)
{
  return vai_table_writer_text (writer, text != NULL ? text : "", -1, error);
}

static gboolean
write_time (VaiTableWriter *writer, gint64 ms, GError **error)
{
  g_autofree char *text = ms != 0 ? vai_time_format (ms / 1000, TRUE) : g_strdup ("");

  return write_text (writer, text, error);
}

static gboolean
write_row (VaiTableWriter *writer, const VaiPredictionRow *row, GError **error)
{
  double price = row->total_price != VAI_ROW_NO_PRICE ? row->total_price / 100.0 : NAN;

  return write_text (writer, row->quote_ref, error) && vai_table_writer_number (writer, row->win_probability, error)
         && vai_table_writer_number (writer, row->probability_low, error)
         && vai_table_writer_number (writer, row->probability_high, error) && write_text (writer, row->verdict, error)
         && write_text (writer, row->outcome, error) && write_time (writer, row->outcome_at, error)
         && vai_table_writer_number (writer, price, error) && write_text (writer, row->currency, error)
         && write_time (writer, row->created_at, error) && vai_table_writer_end_row (writer, error);
}

static gboolean
write_block (VaiTableWriter *writer, VaiStore *store, const gint64 *keys, gsize n, GError **error)
{
  g_autoptr (GPtrArray) rows = vai_store_read_predictions (store, keys, n, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    if (g_ptr_array_index (rows, i) != NULL && !write_row (writer, g_ptr_array_index (rows, i), error))
      return FALSE;
  return rows != NULL;
}

gboolean
vai_export_scores (VaiStore *store,
                   const gint64 *keys,
                   gsize n,
                   const char *path,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (VaiTableWriter) writer = vai_table_writer_new (path, error);

  if (writer == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (!write_text (writer, names[i], error))
      return FALSE;
  if (!vai_table_writer_end_row (writer, error))
    return FALSE;
  for (gsize from = 0; from < n; from += BLOCK)
    if (vai_cancelled (cancellable, error) || !write_block (writer, store, keys + from, MIN (BLOCK, n - from), error))
      return FALSE;
  return vai_table_writer_commit (writer, error);
}
