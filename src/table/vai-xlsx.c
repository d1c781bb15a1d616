#include "vai-sheet-backend.h"

#include "vai-error.h"
#include "vai-xlsx-sheet.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A workbook: its sheets by name and part, and what they share. */
typedef struct
{
  VaiSheetBackend base;
  VaiZip *zip;
  GCancellable *cancellable; /* owned, nullable */
  GPtrArray *relations;      /* of the workbook */
  GPtrArray *parts;          /* of char*, one per sheet */
  gboolean date_1904;
  VaiXlsxStrings *strings; /* nullable */
  GArray *formats;         /* nullable */
  VaiXlsxSheet *sheet;     /* nullable: the one that is read */
} VaiXlsx;

static void
add_sheet (VaiXlsx *self, const VaiXmlAttributes *attributes)
{
  g_autofree char *name = vai_xml_dup_attribute (attributes, "name");
  g_autofree char *id = vai_xml_dup_attribute (attributes, "id");
  const VaiXlsxRelation *relation = id != NULL ? vai_xlsx_relations_find_id (self->relations, id) : NULL;
  /* Sheets of one chart, of macros and of old dialogs hold no cells. */
  if (name == NULL || relation == NULL || strcmp (relation->type, "worksheet") != 0)
    return;
  if (self->parts->len >= VAI_ZIP_PARTS_MAX)
    return;
  gboolean hidden = vai_xml_attribute_is (attributes, "state", "hidden")
                    || vai_xml_attribute_is (attributes, "state", "veryHidden");
  vai_sheet_names_add (self->base.sheets, name, hidden);
  g_ptr_array_add (self->parts, g_strdup (relation->target));
}

static gboolean
on_start (gpointer data, const char *name, const VaiXmlAttributes *attributes, GError **error)
{
  VaiXlsx *self = data;
  if (strcmp (name, "workbookPr") == 0)
    self->date_1904 = vai_xml_attribute_is_true (attributes, "date1904");
  else if (strcmp (name, "sheet") == 0)
    add_sheet (self, attributes);
  return TRUE;
}

static gboolean
start (VaiSheetBackend *backend, guint index, GError **error)
{
  VaiXlsx *self = (VaiXlsx *) backend;
  g_clear_pointer (&self->sheet, vai_xlsx_sheet_free);
  self->sheet = vai_xlsx_sheet_open (self->zip, g_ptr_array_index (self->parts, index), self->strings, self->formats,
                                     self->date_1904, self->cancellable, error);
  return self->sheet != NULL;
}

static gboolean
next_row (VaiSheetBackend *backend, VaiSheetRow *row, GError **error)
{
  return vai_xlsx_sheet_next_row (((VaiXlsx *) backend)->sheet, row, error);
}

static double
get_fraction (VaiSheetBackend *backend)
{
  return vai_xlsx_sheet_get_fraction (((VaiXlsx *) backend)->sheet);
}

static void
xlsx_free (VaiSheetBackend *backend)
{
  VaiXlsx *self = (VaiXlsx *) backend;
  g_clear_pointer (&self->sheet, vai_xlsx_sheet_free);
  g_clear_pointer (&self->strings, vai_xlsx_strings_free);
  g_clear_pointer (&self->formats, g_array_unref);
  g_clear_pointer (&self->relations, g_ptr_array_unref);
  g_ptr_array_unref (self->parts);
  g_ptr_array_unref (self->base.sheets);
  vai_zip_free (self->zip);
  g_clear_object (&self->cancellable);
  g_free (self);
}

/* The part of the workbook itself; NULL with @error when this zip is something else. */
static char *
find_workbook (VaiXlsx *self, const char *path, GError **error)
{
  g_autoptr (GPtrArray) relations = vai_xlsx_relations_read (self->zip, "", self->cancellable, error);
  if (relations == NULL)
    return NULL;
  const VaiXlsxRelation *main = vai_xlsx_relations_find_type (relations, "officeDocument");
  const char *name = vai_zip_find (self->zip, main != NULL ? main->target : "xl/workbook.xml");
  if (name != NULL && g_str_has_suffix (name, ".bin"))
    g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_A_TABLE,
                 _ ("“%s” is a binary workbook (XLSB): save it as XLSX or CSV and read that."), path);
  else if (name == NULL || strstr (name, "workbook") == NULL)
    g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_A_TABLE,
                 _ ("“%s” is a zip file without a spreadsheet in it: choose a CSV, XLSX, ODS or XLS file."), path);
  else
    return g_strdup (name);
  return NULL;
}

/* The shared parts by their relations. */
static gboolean
read_shared (VaiXlsx *self, GError **error)
{
  const VaiXlsxRelation *strings = vai_xlsx_relations_find_type (self->relations, "sharedStrings");
  const VaiXlsxRelation *styles = vai_xlsx_relations_find_type (self->relations, "styles");
  if (strings != NULL && vai_zip_find (self->zip, strings->target) != NULL)
    {
      self->strings = vai_xlsx_strings_read (self->zip, strings->target, self->cancellable, error);
      if (self->strings == NULL)
        return FALSE;
    }
  if (styles != NULL && vai_zip_find (self->zip, styles->target) != NULL)
    {
      self->formats = vai_xlsx_styles_read (self->zip, styles->target, self->cancellable, error);
      if (self->formats == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_workbook (VaiXlsx *self, const char *path, GError **error)
{
  static const VaiXmlHandler handler = { on_start, NULL, NULL };
  self->zip = vai_zip_open (path, self->cancellable, error);
  g_autofree char *workbook = self->zip != NULL ? find_workbook (self, path, error) : NULL;
  if (workbook == NULL)
    return FALSE;
  self->relations = vai_xlsx_relations_read (self->zip, workbook, self->cancellable, error);
  return self->relations != NULL && vai_xml_read (self->zip, workbook, &handler, self, self->cancellable, error)
         && read_shared (self, error);
}

VaiSheetBackend *
vai_xlsx_open (const char *path, GCancellable *cancellable, GError **error)
{
  VaiXlsx *self = g_new0 (VaiXlsx, 1);
  self->base = (VaiSheetBackend){ vai_sheet_names_new (), start, next_row, get_fraction, xlsx_free };
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->parts = g_ptr_array_new_with_free_func (g_free);
  if (read_workbook (self, path, error))
    return &self->base;
  xlsx_free (&self->base);
  return NULL;
}
