#include "vai-sniff.h"

#include "vai-error.h"
#include "vai-text-source.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Share of control characters above which bytes are no text. A few stand in real exports. */
#define CONTROL_SHARE_MAX 0.02
#define CONTROL_N_MAX 4

typedef enum
{
  KIND_PICTURE,
  KIND_PDF,
  KIND_WEB,
  KIND_JSON,
  KIND_DATABASE,
  KIND_PACKED,
  KIND_PROGRAM,
  KIND_DOCUMENT,
  KIND_MEDIA,
} ForeignKind;

typedef struct
{
  const char *bytes;
  guint length;
  ForeignKind kind;
} Magic;

#define MAGIC(bytes, kind)                                                                                             \
  {                                                                                                                    \
    bytes, sizeof (bytes) - 1, kind                                                                                    \
  }

static const Magic magics[] = {
  MAGIC ("\xff\xd8\xff", KIND_PICTURE),
  MAGIC ("\x89PNG\r\n", KIND_PICTURE),
  MAGIC ("GIF8", KIND_PICTURE),
  MAGIC ("II*\0", KIND_PICTURE),
  MAGIC ("MM\0*", KIND_PICTURE),
  MAGIC ("RIFF", KIND_MEDIA),
  MAGIC ("OggS", KIND_MEDIA),
  MAGIC ("ID3", KIND_MEDIA),
  MAGIC ("\0\0\0\x18"
         "ftyp",
         KIND_MEDIA),
  MAGIC ("\0\0\0\x20"
         "ftyp",
         KIND_MEDIA),
  MAGIC ("%PDF-", KIND_PDF),
  MAGIC ("%!PS", KIND_PDF),
  MAGIC ("{\\rtf", KIND_DOCUMENT),
  MAGIC ("SQLite format 3", KIND_DATABASE),
  MAGIC ("PAR1", KIND_DATABASE),
  MAGIC ("ARROW1", KIND_DATABASE),
  MAGIC ("\0\x01\0\0Standard ", KIND_DATABASE),
  MAGIC ("BZh", KIND_PACKED),
  MAGIC ("\xfd"
         "7zXZ",
         KIND_PACKED),
  MAGIC ("7z\xbc\xaf", KIND_PACKED),
  MAGIC ("\x28\xb5\x2f\xfd", KIND_PACKED),
  MAGIC ("Rar!", KIND_PACKED),
  MAGIC ("\x7f"
         "ELF",
         KIND_PROGRAM),
  MAGIC ("MZ\x90", KIND_PROGRAM),
};

static char *
describe (ForeignKind kind, const char *path)
{
  switch (kind)
    {
    case KIND_PICTURE:
      return g_strdup_printf (_ ("“%s” is a picture, not a table. Export the table as CSV or XLSX."), path);
    case KIND_PDF:
      return g_strdup_printf (_ ("“%s” is a PDF or print file, not a table. Export the table as CSV or XLSX."), path);
    case KIND_WEB:
      return g_strdup_printf (_ ("“%s” is a web page or XML, not a table. Export the table as CSV or XLSX."), path);
    case KIND_JSON:
      return g_strdup_printf (_ ("“%s” is JSON, not a table. Export the table as CSV or XLSX."), path);
    case KIND_DATABASE:
      return g_strdup_printf (_ ("“%s” is a database file. Export the table from it as CSV or XLSX."), path);
    case KIND_PACKED:
      return g_strdup_printf (
          _ ("“%s” is packed in a way that cannot be read here. Unpack it first, or pack it with gzip."), path);
    case KIND_PROGRAM:
      return g_strdup_printf (_ ("“%s” is a program, not a table."), path);
    case KIND_DOCUMENT:
      return g_strdup_printf (_ ("“%s” is a text document, not a table. Export the table as CSV or XLSX."), path);
    default:
      return g_strdup_printf (_ ("“%s” is sound or film, not a table."), path);
    }
}

static gboolean
refuse (const char *path, ForeignKind kind, GError **error)
{
  g_autofree char *message = describe (kind, path);
  g_set_error_literal (error, VAI_ERROR, VAI_ERROR_NOT_A_TABLE, message);
  return FALSE;
}

static const char *
skip_blanks (const char *at, const char *end)
{
  while (at < end && g_ascii_isspace (*at))
    at++;
  return at;
}

/* "<!DOCTYPE", "<html", "<?xml": markup. */
static gboolean
is_markup (const char *at, const char *end)
{
  return end - at > 2 && *at == '<' && (g_ascii_isalpha (at[1]) || at[1] == '!' || at[1] == '?')
         && memchr (at, '>', end - at) != NULL;
}

/* An object or a list that goes on as JSON does. */
static gboolean
is_json (const char *at, const char *end)
{
  if (at == end || (*at != '{' && *at != '['))
    return FALSE;
  const char *next = skip_blanks (at + 1, end);
  if (next == end)
    return FALSE;
  if (*at == '{')
    {
      const char *close = *next == '"' ? memchr (next + 1, '"', end - next - 1) : NULL;
      const char *colon = close == NULL ? end : skip_blanks (close + 1, end);
      return *next == '}' || (colon < end && *colon == ':');
    }
  return strchr ("{[]\"-0123456789tfn", *next) != NULL && *next != '\0' && memchr (next, ']', end - next) != NULL;
}

static gboolean
check_text (const char *path, const char *head, gsize length, GError **error)
{
  const char *end = head + length;
  const char *at = head;
  if (length >= 3 && memcmp (at, "\xef\xbb\xbf", 3) == 0)
    at += 3;
  at = skip_blanks (at, end);
  if (is_markup (at, end))
    return refuse (path, KIND_WEB, error);
  if (is_json (at, end))
    return refuse (path, KIND_JSON, error);
  return TRUE;
}

/* Does a name of a part of the archive stand in its first bytes? Local file headers hold it unpacked. */
static gboolean
has_part (const char *head, gsize length, const char *name)
{
  return memmem (head, length, name, strlen (name)) != NULL;
}

static gboolean
sniff_zip (const char *path, const char *head, gsize length, VaiFormat *format, GError **error)
{
  if (has_part (head, length, "opendocument.spreadsheet"))
    *format = VAI_FORMAT_ODS;
  else if (has_part (head, length, "opendocument.") || has_part (head, length, "word/")
           || has_part (head, length, "ppt/"))
    return refuse (path, KIND_DOCUMENT, error);
  else if (has_part (head, length, "[Content_Types].xml") || has_part (head, length, "xl/")
           || has_part (head, length, "_rels/"))
    *format = VAI_FORMAT_XLSX;
  else
    return refuse (path, KIND_PACKED, error);
  return TRUE;
}

gboolean
vai_sniff_format (const char *path, VaiFormat *format, GError **error)
{
  g_autoptr (VaiTextSource) source = vai_text_source_open (path, VAI_ENCODING_UNKNOWN, error);
  if (source == NULL)
    return FALSE;
  gsize length;
  const char *head = (const char *) vai_text_source_get_head (source, &length);
  *format = VAI_FORMAT_DELIMITED;
  if (length >= 4 && memcmp (head, "PK\x03\x04", 4) == 0)
    return sniff_zip (path, head, length, format, error);
  if (length >= 8 && memcmp (head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0)
    {
      *format = VAI_FORMAT_XLS;
      return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (magics); i++)
    if (length >= magics[i].length && memcmp (head, magics[i].bytes, magics[i].length) == 0)
      return refuse (path, magics[i].kind, error);
  return check_text (path, head, length, error);
}

gboolean
vai_sniff_is_text (const char *text, gsize length)
{
  gsize control = 0;
  for (gsize i = 0; i < length; i++)
    {
      guint8 c = text[i];
      control += c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\v' && c != '\f' && c != 0x1f && c != 0x01;
    }
  return control <= CONTROL_N_MAX || control <= CONTROL_SHARE_MAX * length;
}
