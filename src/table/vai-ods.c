#include "vai-sheet-backend.h"

#include "vai-error.h"
#include "vai-ods-content.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CONTENT "content.xml"
#define MANIFEST "META-INF/manifest.xml"

typedef struct
{
  VaiSheetBackend base;
  VaiZip *zip;
  GCancellable *cancellable; /* owned, nullable */
  GArray *n_rows;            /* of guint64: filled rows of each sheet */
  VaiOdsContent *content;    /* nullable: where the reading stands */
  guint sheet;               /* the one that is read */
  guint64 n_given;           /* rows of it that were given out */
} VaiOds;

/* All sheets stand in one part, one behind the other: a later one is reached by going on. */
static gboolean
start (VaiSheetBackend *backend, guint index, GError **error)
{
  VaiOds *self = (VaiOds *) backend;
  if (self->content == NULL || index <= self->sheet)
    {
      g_clear_pointer (&self->content, vai_ods_content_free);
      self->content = vai_ods_content_open (self->zip, CONTENT, self->cancellable, error);
    }
  self->sheet = index;
  self->n_given = 0;
  return self->content != NULL;
}

static gboolean
next_row (VaiSheetBackend *backend, VaiSheetRow *row, GError **error)
{
  VaiOds *self = (VaiOds *) backend;
  if (!vai_ods_content_next_row (self->content, self->sheet, row, error))
    return FALSE;
  self->n_given++;
  return TRUE;
}

static double
get_fraction (VaiSheetBackend *backend)
{
  VaiOds *self = (VaiOds *) backend;
  guint64 n_rows = g_array_index (self->n_rows, guint64, self->sheet);
  return n_rows > 0 ? (double) self->n_given / (double) n_rows : 0;
}

static void
ods_free (VaiSheetBackend *backend)
{
  VaiOds *self = (VaiOds *) backend;
  g_clear_pointer (&self->content, vai_ods_content_free);
  g_array_unref (self->n_rows);
  g_ptr_array_unref (self->base.sheets);
  vai_zip_free (self->zip);
  g_clear_object (&self->cancellable);
  g_free (self);
}

static gboolean
on_manifest (gpointer data, const char *name, const VaiXmlAttributes *attributes, GError **error)
{
  gboolean *encrypted = data;
  *encrypted = *encrypted || strcmp (name, "encryption-data") == 0;
  return TRUE;
}

static gboolean
check_encrypted (VaiOds *self, const char *path, GError **error)
{
  static const VaiXmlHandler handler = { on_manifest, NULL, NULL };
  gboolean encrypted = FALSE;
  if (vai_zip_find (self->zip, MANIFEST) == NULL)
    return TRUE;
  if (!vai_xml_read (self->zip, MANIFEST, &handler, &encrypted, self->cancellable, error))
    return FALSE;
  if (encrypted)
    g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_READABLE,
                 _ ("“%s” is protected with a password: save it without one and read that."), path);
  return !encrypted;
}

static gboolean
read_document (VaiOds *self, const char *path, GError **error)
{
  self->zip = vai_zip_open (path, self->cancellable, error);
  if (self->zip == NULL)
    return FALSE;
  if (vai_zip_find (self->zip, CONTENT) == NULL)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_A_TABLE,
                   _ ("“%s” is a zip file without a spreadsheet in it: choose a CSV, XLSX, ODS or XLS file."), path);
      return FALSE;
    }
  if (!check_encrypted (self, path, error)
      || !vai_ods_content_list (self->zip, CONTENT, self->base.sheets, self->n_rows, self->cancellable, error))
    return FALSE;
  if (self->base.sheets->len > 0)
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_A_TABLE,
               _ ("“%s” is an office document without sheets: choose a CSV, XLSX, ODS or XLS file."), path);
  return FALSE;
}

VaiSheetBackend *
vai_ods_open (const char *path, GCancellable *cancellable, GError **error)
{
  VaiOds *self = g_new0 (VaiOds, 1);
  self->base = (VaiSheetBackend){ vai_sheet_names_new (), start, next_row, get_fraction, ods_free };
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->n_rows = g_array_new (FALSE, FALSE, sizeof (guint64));
  if (read_document (self, path, error))
    return &self->base;
  ods_free (&self->base);
  return NULL;
}
