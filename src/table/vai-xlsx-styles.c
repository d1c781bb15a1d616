#include "vai-xlsx-parts.h"

#include <string.h>

/* Excel allows 65,490 cell styles. */
#define STYLES_MAX 70000

typedef struct
{
  GHashTable *own;   /* format id → VaiCellFormat of the workbook's own formats */
  GArray *formats;   /* of VaiCellFormat, one per cell style */
  gboolean in_cells; /* inside of cellXfs */
} Styles;

static void
add_own_format (Styles *self, const VaiXmlAttributes *attributes)
{
  guint64 id;
  g_autofree char *code = vai_xml_dup_attribute (attributes, "formatCode");
  if (code == NULL || !vai_xml_number_attribute (attributes, "numFmtId", &id) || id > G_MAXINT)
    return;
  if (g_hash_table_size (self->own) >= STYLES_MAX)
    return;
  VaiCellFormat *format = g_new (VaiCellFormat, 1);
  vai_cell_format_parse (format, code);
  g_hash_table_insert (self->own, GUINT_TO_POINTER ((guint) id), format);
}

static void
add_cell_style (Styles *self, const VaiXmlAttributes *attributes)
{
  guint64 id;
  VaiCellFormat format = { 0 };
  if (vai_xml_number_attribute (attributes, "numFmtId", &id) && id <= G_MAXINT)
    {
      const VaiCellFormat *own = g_hash_table_lookup (self->own, GUINT_TO_POINTER ((guint) id));
      if (own != NULL)
        format = *own;
      else
        vai_cell_format_builtin (&format, id);
    }
  g_array_append_val (self->formats, format);
}

static gboolean
on_start (gpointer data, const char *name, const VaiXmlAttributes *attributes, GError **error)
{
  Styles *self = data;
  if (strcmp (name, "numFmt") == 0)
    add_own_format (self, attributes);
  else if (strcmp (name, "cellXfs") == 0)
    self->in_cells = TRUE;
  else if (self->in_cells && strcmp (name, "xf") == 0 && self->formats->len < STYLES_MAX)
    add_cell_style (self, attributes);
  return TRUE;
}

static gboolean
on_end (gpointer data, const char *name, GError **error)
{
  Styles *self = data;
  if (strcmp (name, "cellXfs") == 0)
    self->in_cells = FALSE;
  return TRUE;
}

GArray *
vai_xlsx_styles_read (VaiZip *zip, const char *part, GCancellable *cancellable, GError **error)
{
  static const VaiXmlHandler handler = { on_start, on_end, NULL };
  g_autoptr (GHashTable) own = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (GArray) formats = g_array_new (FALSE, FALSE, sizeof (VaiCellFormat));
  Styles self = { own, formats, FALSE };
  if (!vai_xml_read (zip, part, &handler, &self, cancellable, error))
    return NULL;
  return g_steal_pointer (&formats);
}
