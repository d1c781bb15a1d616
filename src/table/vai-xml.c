#include "vai-xml.h"

#include "vai-error.h"

#include <glib/gi18n-lib.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

/* One piece of the part; small enough that a stop is seen soon. */
#define CHUNK_BYTES (64 * 1024)

/* As the SAX2 interface gives them: local name, prefix, URI, value, end of the value. */
#define ATTRIBUTE_FIELDS 5

struct _VaiXmlAttributes
{
  const xmlChar **fields;
  int n;
};

struct _VaiXml
{
  VaiZipPart *part;
  xmlParserCtxt *parser;
  const VaiXmlHandler *handler;
  gpointer data;
  char *name;     /* owned */
  GError *failed; /* owned, nullable: what a handler said */
  guint depth;
  gsize run_bytes; /* since the last "<" */
  gboolean ended;
  char chunk[CHUNK_BYTES];
};

const char *
vai_xml_attribute (const VaiXmlAttributes *self, const char *name, gsize *length)
{
  for (int i = 0; i < self->n; i++)
    {
      const xmlChar **fields = self->fields + i * ATTRIBUTE_FIELDS;
      if (strcmp ((const char *) fields[0], name) != 0)
        continue;
      *length = fields[4] - fields[3];
      return (const char *) fields[3];
    }
  return NULL;
}

/* The parser leaves "&amp;" as "&#38;" where it does not replace entities. */
char *
vai_xml_dup_attribute (const VaiXmlAttributes *self, const char *name)
{
  gsize length;
  const char *value = vai_xml_attribute (self, name, &length);
  if (value == NULL)
    return NULL;
  GString *copy = g_string_new_len (value, length);
  g_string_replace (copy, "&#38;", "&", 0);
  return g_string_free (copy, FALSE);
}

gboolean
vai_xml_number_attribute (const VaiXmlAttributes *self, const char *name, guint64 *number)
{
  gsize length;
  const char *value = vai_xml_attribute (self, name, &length);
  if (value == NULL || length == 0 || length > 18)
    return FALSE;
  guint64 found = 0;
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit (value[i]))
        return FALSE;
      found = found * 10 + (value[i] - '0');
    }
  *number = found;
  return TRUE;
}

gboolean
vai_xml_attribute_is (const VaiXmlAttributes *self, const char *name, const char *value)
{
  gsize length = strlen (value);
  for (int i = 0; i < self->n; i++)
    {
      const xmlChar **fields = self->fields + i * ATTRIBUTE_FIELDS;
      if ((gsize) (fields[4] - fields[3]) == length && memcmp (fields[3], value, length) == 0
          && strcmp ((const char *) fields[0], name) == 0)
        return TRUE;
    }
  return FALSE;
}

gboolean
vai_xml_attribute_is_true (const VaiXmlAttributes *self, const char *name)
{
  return vai_xml_attribute_is (self, name, "1") || vai_xml_attribute_is (self, name, "true");
}

static void
stop (VaiXml *self)
{
  if (self->failed == NULL)
    g_set_error (&self->failed, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("its part “%s” could not be understood"), self->name);
  xmlStopParser (self->parser);
}

static void
on_start (void *context,
          const xmlChar *name,
          const xmlChar *prefix,
          const xmlChar *uri,
          int n_namespaces,
          const xmlChar **namespaces,
          int n_attributes,
          int n_defaulted,
          const xmlChar **attributes)
{
  VaiXml *self = context;
  if (self->failed != NULL)
    return;
  if (++self->depth > VAI_XML_DEPTH_MAX)
    {
      g_set_error (&self->failed, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("its part “%s” is nested more than %d deep"),
                   self->name, VAI_XML_DEPTH_MAX);
      stop (self);
      return;
    }
  VaiXmlAttributes list = { attributes, n_attributes };
  if (self->handler->start != NULL && !self->handler->start (self->data, (const char *) name, &list, &self->failed))
    stop (self);
}

static void
on_end (void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
  VaiXml *self = context;
  if (self->failed != NULL)
    return;
  self->depth--;
  if (self->handler->end != NULL && !self->handler->end (self->data, (const char *) name, &self->failed))
    stop (self);
}

static void
on_text (void *context, const xmlChar *text, int length)
{
  VaiXml *self = context;
  if (self->failed == NULL && self->handler->text != NULL
      && !self->handler->text (self->data, (const char *) text, length, &self->failed))
    stop (self);
}

/* Only the five entities that XML itself has. */
static xmlEntity *
on_entity (void *context, const xmlChar *name)
{
  return xmlGetPredefinedEntity (name);
}

/* A document type is where entities are declared; no spreadsheet has one. */
static void
on_doctype (void *context, const xmlChar *name, const xmlChar *external_id, const xmlChar *system_id)
{
  VaiXml *self = context;
  if (self->failed == NULL)
    g_set_error (&self->failed, VAI_ERROR, VAI_ERROR_DAMAGED,
                 _ ("its part “%s” declares a document type, which no spreadsheet does"), self->name);
  stop (self);
}

static xmlParserCtxt *
new_parser (VaiXml *self)
{
  xmlSAXHandler events = {
    .initialized = XML_SAX2_MAGIC,
    .startElementNs = on_start,
    .endElementNs = on_end,
    .characters = on_text,
    .cdataBlock = on_text,
    .getEntity = on_entity,
    .internalSubset = on_doctype,
  };
  xmlParserCtxt *parser = xmlCreatePushParserCtxt (&events, self, NULL, 0, NULL);
  if (parser == NULL)
    g_error ("out of memory");
  xmlCtxtUseOptions (parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  return parser;
}

VaiXml *
vai_xml_open (VaiZip *zip,
              const char *name,
              const VaiXmlHandler *handler,
              gpointer data,
              GCancellable *cancellable,
              GError **error)
{
  VaiZipPart *part = vai_zip_open_part (zip, name, cancellable, error);
  if (part == NULL)
    return NULL;
  VaiXml *self = g_new0 (VaiXml, 1);
  self->part = part;
  self->name = g_strdup (name);
  self->handler = handler;
  self->data = data;
  self->parser = new_parser (self);
  return self;
}

static gboolean
fail (VaiXml *self, GError **error)
{
  self->ended = TRUE;
  if (self->failed == NULL)
    {
      const xmlError *last = xmlCtxtGetLastError (self->parser);
      g_set_error (&self->failed, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("its part “%s” is broken in line %d"), self->name,
                   last != NULL ? last->line : 0);
    }
  if (g_error_matches (self->failed, VAI_ERROR, VAI_ERROR_DAMAGED))
    g_prefix_error (&self->failed, _ ("The spreadsheet is damaged: "));
  g_propagate_error (error, g_steal_pointer (&self->failed));
  return FALSE;
}

/* A tag or a text without end would be gathered in memory, and tags with very many attributes take quadratic time. */
static gboolean
check_run (VaiXml *self, gsize size)
{
  const char *last = memrchr (self->chunk, '<', size);
  self->run_bytes = last != NULL ? (gsize) (self->chunk + size - last) : self->run_bytes + size;
  return self->run_bytes <= VAI_XML_RUN_BYTES_MAX;
}

gboolean
vai_xml_step (VaiXml *self, GError **error)
{
  if (self->ended)
    return FALSE;
  gssize size = vai_zip_part_read (self->part, self->chunk, sizeof self->chunk, error);
  if (size < 0)
    {
      self->ended = TRUE;
      return FALSE;
    }
  if (!check_run (self, size))
    {
      g_set_error (&self->failed, VAI_ERROR, VAI_ERROR_DAMAGED,
                   _ ("its part “%s” holds more than %d bytes without a tag"), self->name, VAI_XML_RUN_BYTES_MAX);
      return fail (self, error);
    }
  xmlParseChunk (self->parser, self->chunk, size, size == 0);
  if (self->failed != NULL || !self->parser->wellFormed)
    return fail (self, error);
  self->ended = size == 0;
  return TRUE;
}

double
vai_xml_get_fraction (VaiXml *self)
{
  return vai_zip_part_get_fraction (self->part);
}

void
vai_xml_free (VaiXml *self)
{
  if (self == NULL)
    return;
  xmlFreeParserCtxt (self->parser);
  vai_zip_part_free (self->part);
  g_clear_error (&self->failed);
  g_free (self->name);
  g_free (self);
}

gboolean
vai_xml_read (VaiZip *zip,
              const char *name,
              const VaiXmlHandler *handler,
              gpointer data,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (VaiXml) self = vai_xml_open (zip, name, handler, data, cancellable, error);
  if (self == NULL)
    return FALSE;
  GError *failed = NULL;
  while (vai_xml_step (self, &failed))
    continue;
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, failed);
  return FALSE;
}
