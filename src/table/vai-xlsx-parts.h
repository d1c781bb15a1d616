/* The parts of an XLSX workbook beside its sheets: shared strings, number formats, relationships. Private to this
 * layer. */
#pragma once

#include "vai-cell-format.h"
#include "vai-xml.h"

G_BEGIN_DECLS

/* All shared strings are held, so they bound the memory of a reading. */
#define VAI_SHARED_STRINGS_BYTES_MAX (1024 * 1024 * 1024)
#define VAI_SHARED_STRINGS_MAX (64 * 1024 * 1024)

typedef struct _VaiXlsxStrings VaiXlsxStrings;

/* Errors: as vai_xml_read(), TOO_LARGE. */
VaiXlsxStrings *vai_xlsx_strings_read (VaiZip *zip, const char *part, GCancellable *cancellable, GError **error);

/* NULL when there is no such string. Owned by @self, @length bytes and a NUL. */
const char *vai_xlsx_strings_get (const VaiXlsxStrings *self, guint64 index, gsize *length);
void vai_xlsx_strings_free (VaiXlsxStrings *self);

/* Number formats by the style index of a cell (of VaiCellFormat). */
GArray *vai_xlsx_styles_read (VaiZip *zip, const char *part, GCancellable *cancellable, GError **error);

typedef struct
{
  char *id;     /* owned */
  char *type;   /* owned: the last piece of the type's address, like "worksheet" */
  char *target; /* owned: name of a part */
} VaiXlsxRelation;

/* Relations of @part, "" for the whole package (of VaiXlsxRelation, owned). None is an empty list. */
GPtrArray *vai_xlsx_relations_read (VaiZip *zip, const char *part, GCancellable *cancellable, GError **error);

/* NULL when there is none. */
const VaiXlsxRelation *vai_xlsx_relations_find_id (const GPtrArray *self, const char *id);
const VaiXlsxRelation *vai_xlsx_relations_find_type (const GPtrArray *self, const char *type);

/* Resolves "_x000A_" and its like, which stand for characters that XML cannot hold. */
void vai_xlsx_unescape (GString *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiXlsxStrings, vai_xlsx_strings_free)

G_END_DECLS
