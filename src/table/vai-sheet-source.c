#include "vai-sheet-source.h"

#include "vai-error.h"
#include "vai-sheet-backend.h"

#include <glib/gi18n-lib.h>

struct _VaiSheetSource
{
  VaiSheetBackend *backend;
  guint sheet;               /* index of the one that is read */
  GCancellable *cancellable; /* owned, nullable */
};

static void
sheet_name_free (gpointer data)
{
  VaiSheetName *self = data;
  g_free (self->name);
  g_free (self);
}

GPtrArray *
vai_sheet_names_new (void)
{
  return g_ptr_array_new_with_free_func (sheet_name_free);
}

void
vai_sheet_names_add (GPtrArray *self, const char *name, gboolean hidden)
{
  VaiSheetName *sheet = g_new0 (VaiSheetName, 1);
  sheet->name = g_strdup (name);
  sheet->hidden = hidden;
  g_ptr_array_add (self, sheet);
}

static VaiSheetBackend *
open_backend (const char *path, VaiFormat format, GCancellable *cancellable, GError **error)
{
  switch (format)
    {
    case VAI_FORMAT_XLSX:
      return vai_xlsx_open (path, cancellable, error);
    case VAI_FORMAT_ODS:
      return vai_ods_open (path, cancellable, error);
    case VAI_FORMAT_XLS:
      return vai_xls_open (path, cancellable, error);
    default:
      g_return_val_if_reached (NULL);
    }
}

/* Exact, else without regard to case when that is unambiguous; -1 with @error that lists the sheets there are. */
static int
find_sheet (const GPtrArray *sheets, const char *name, GError **error)
{
  int folded_match = -1;
  guint n_folded = 0;
  g_autofree char *folded = g_utf8_casefold (name, -1);
  g_autoptr (GString) known = g_string_new (NULL);
  for (guint i = 0; i < sheets->len; i++)
    {
      const VaiSheetName *sheet = g_ptr_array_index (sheets, i);
      g_autofree char *other = g_utf8_casefold (sheet->name, -1);
      if (g_str_equal (sheet->name, name))
        return i;
      if (g_str_equal (other, folded))
        {
          folded_match = i;
          n_folded++;
        }
      g_string_append_printf (known, "%s“%s”", known->len > 0 ? ", " : "", sheet->name);
    }
  if (n_folded == 1)
    return folded_match;
  g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("There is no sheet “%s”. The sheets are: %s."), name, known->str);
  return -1;
}

VaiSheetSource *
vai_sheet_source_open (const char *path, VaiFormat format, const char *sheet, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  VaiSheetBackend *backend = open_backend (path, format, cancellable, error);
  if (backend == NULL)
    return NULL;
  g_autoptr (VaiSheetSource) self = g_new0 (VaiSheetSource, 1);
  self->backend = backend;
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  int index = sheet != NULL ? find_sheet (backend->sheets, sheet, error) : vai_sheet_backend_choose (backend, error);
  if (index < 0 || !backend->start (backend, index, error))
    return NULL;
  self->sheet = index;
  return g_steal_pointer (&self);
}

const GPtrArray *
vai_sheet_source_get_sheets (VaiSheetSource *self)
{
  return self->backend->sheets;
}

const char *
vai_sheet_source_get_sheet_name (VaiSheetSource *self)
{
  const VaiSheetName *sheet = g_ptr_array_index (self->backend->sheets, self->sheet);
  return sheet->name;
}

gboolean
vai_sheet_source_next_row (VaiSheetSource *self, VaiSheetRow *row, GError **error)
{
  /* A million equal rows may come out of one piece of a file, in which the backend sees no wish to stop. */
  return !vai_cancelled (self->cancellable, error) && self->backend->next_row (self->backend, row, error);
}

void
vai_sheet_source_free (VaiSheetSource *self)
{
  if (self == NULL)
    return;
  self->backend->free (self->backend);
  g_clear_object (&self->cancellable);
  g_free (self);
}
