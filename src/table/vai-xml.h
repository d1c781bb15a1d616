/* XML of a part of a zip file as a stream of events, within limits: no DTD, no entities of its own, no network, no deep
 * nesting. Names come without their prefix and whatever their namespace: strict and transitional workbooks read alike.
 * Private to this layer. */
#pragma once

#include "vai-zip.h"

G_BEGIN_DECLS

/* Real workbooks stay below 20. */
#define VAI_XML_DEPTH_MAX 64
/* Bytes between one "<" and the next: the longest cell of Excel (32,767 characters) with every character escaped, and
 * far longer than any tag. */
#define VAI_XML_RUN_BYTES_MAX (384 * 1024)

typedef struct _VaiXml VaiXml;
typedef struct _VaiXmlAttributes VaiXmlAttributes;

/* FALSE with @error ends the reading. Any of them may be NULL. */
typedef struct
{
  gboolean (*start) (gpointer data, const char *name, const VaiXmlAttributes *attributes, GError **error);
  gboolean (*end) (gpointer data, const char *name, GError **error);
  gboolean (*text) (gpointer data, const char *text, gsize length, GError **error);
} VaiXmlHandler;

/* Value of the attribute @name, not NUL-terminated; NULL when it is not there. "&" may stand as "&#38;". */
const char *vai_xml_attribute (const VaiXmlAttributes *self, const char *name, gsize *length);

/* A copy with every escape resolved, NULL when it is not there. */
char *vai_xml_dup_attribute (const VaiXmlAttributes *self, const char *name);

/* FALSE when it is not there or is no whole number from 0. */
gboolean vai_xml_number_attribute (const VaiXmlAttributes *self, const char *name, guint64 *number);

/* Is an attribute @name there with this very value? Two may differ by their prefix alone. */
gboolean vai_xml_attribute_is (const VaiXmlAttributes *self, const char *name, const char *value);

/* Is it there and "1" or "true"? */
gboolean vai_xml_attribute_is_true (const VaiXmlAttributes *self, const char *name);

/* @name: part of @zip, also what error messages call it. @handler and @data must outlive the reader. */
VaiXml *vai_xml_open (VaiZip *zip,
                      const char *name,
                      const VaiXmlHandler *handler,
                      gpointer data,
                      GCancellable *cancellable,
                      GError **error);

/* Reads a further piece. FALSE without @error after the end. Errors: as vai_zip_part_read(), DAMAGED. */
gboolean vai_xml_step (VaiXml *self, GError **error);
double vai_xml_get_fraction (VaiXml *self);
void vai_xml_free (VaiXml *self);

/* Reads the whole part @name. */
gboolean vai_xml_read (VaiZip *zip,
                       const char *name,
                       const VaiXmlHandler *handler,
                       gpointer data,
                       GCancellable *cancellable,
                       GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiXml, vai_xml_free)

G_END_DECLS
