#include "vai-table-writer.h"

#include "vai-csv-writer.h"
#include "vai-error.h"
#include "vai-xlsx-writer.h"

#include <glib/gi18n-lib.h>

struct _VaiTableWriter
{
  VaiCsvWriter *csv; /* one of the two */
  VaiXlsxWriter *xlsx;
};

/* Text with commas under a name that promises something else could be opened by nobody. */
static gboolean
check_ending (const char *folded, const char *path, GError **error)
{
  static const char *const others[]
      = { ".xls", ".xlsm", ".xlsb", ".ods", ".tsv", ".gz", ".zip", ".json", ".html", ".pdf" };
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (g_str_has_suffix (folded, others[i]))
      {
        g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE,
                     _ ("“%s” cannot be written in the format of its ending: give it the ending .csv or .xlsx."), path);
        return FALSE;
      }
  return TRUE;
}

VaiTableWriter *
vai_table_writer_new (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_autoptr (VaiTableWriter) self = g_new0 (VaiTableWriter, 1);
  g_autofree char *folded = g_ascii_strdown (path, -1);
  if (!check_ending (folded, path, error))
    return NULL;
  if (g_str_has_suffix (folded, ".xlsx"))
    self->xlsx = vai_xlsx_writer_new (path, error);
  else
    self->csv = vai_csv_writer_new (path, error);
  if (self->xlsx == NULL && self->csv == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
vai_table_writer_text (VaiTableWriter *self, const char *text, gssize length, GError **error)
{
  g_return_val_if_fail (self != NULL && text != NULL, FALSE);
  if (self->xlsx != NULL)
    return vai_xlsx_writer_text (self->xlsx, text, length, error);
  vai_csv_writer_text (self->csv, text, length);
  return TRUE;
}

gboolean
vai_table_writer_number (VaiTableWriter *self, double number, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  if (self->xlsx != NULL)
    return vai_xlsx_writer_number (self->xlsx, number, error);
  vai_csv_writer_number (self->csv, number);
  return TRUE;
}

gboolean
vai_table_writer_end_row (VaiTableWriter *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return self->xlsx != NULL ? vai_xlsx_writer_end_row (self->xlsx, error) : vai_csv_writer_end_row (self->csv, error);
}

VaiOutput *
vai_table_writer_finish (VaiTableWriter *self, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_autoptr (VaiOutput) output
      = self->xlsx != NULL ? vai_xlsx_writer_finish (self->xlsx, error) : vai_csv_writer_finish (self->csv, error);
  return output != NULL && vai_output_prepare (output, error) ? g_steal_pointer (&output) : NULL;
}

gboolean
vai_table_writer_commit (VaiTableWriter *self, GError **error)
{
  g_autoptr (VaiOutput) output = vai_table_writer_finish (self, error);
  return output != NULL && vai_output_commit (output, error);
}

void
vai_table_writer_free (VaiTableWriter *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->csv, vai_csv_writer_free);
  g_clear_pointer (&self->xlsx, vai_xlsx_writer_free);
  g_free (self);
}
