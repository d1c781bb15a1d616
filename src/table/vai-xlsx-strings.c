#include "vai-xlsx-parts.h"

#include "vai-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _VaiXlsxStrings
{
  GString *arena; /* all texts, each with a NUL behind it */
  GArray *starts; /* guint32 offsets in @arena */
  GString *text;  /* of the string that is being read */
  gboolean inside;
  guint phonetic; /* depth inside of readings for sorting, which are not shown */
};

/* Value of "_xHHHH_" at @text, or -1. */
static int
escape_value (const char *text)
{
  int value = 0;
  if (text[0] != '_' || text[1] != 'x')
    return -1;
  for (guint i = 2; i < 6; i++)
    {
      int digit = g_ascii_xdigit_value (text[i]);
      if (digit < 0)
        return -1;
      value = value * 16 + digit;
    }
  return text[6] == '_' ? value : -1;
}

void
vai_xlsx_unescape (GString *text)
{
  const char *found = strstr (text->str, "_x");
  if (found == NULL)
    return;
  GString *plain = g_string_new_len (text->str, found - text->str);
  while (*found != '\0')
    {
      int value = escape_value (found);
      if (value < 0)
        {
          g_string_append_c (plain, *found++);
          continue;
        }
      gboolean surrogate = value >= 0xd800 && value < 0xe000;
      g_string_append_unichar (plain, value == 0 ? ' ' : surrogate ? 0xfffd : (gunichar) value);
      found += 7;
    }
  g_string_assign (text, plain->str);
  g_string_free (plain, TRUE);
}

static gboolean
on_start (gpointer data, const char *name, const VaiXmlAttributes *attributes, GError **error)
{
  VaiXlsxStrings *self = data;
  if (strcmp (name, "si") == 0)
    g_string_truncate (self->text, 0);
  else if (strcmp (name, "rPh") == 0)
    self->phonetic++;
  else if (strcmp (name, "t") == 0)
    self->inside = self->phonetic == 0;
  return TRUE;
}

static gboolean
add_string (VaiXlsxStrings *self, GError **error)
{
  guint32 start = self->arena->len;
  if (self->starts->len >= VAI_SHARED_STRINGS_MAX || start + self->text->len >= VAI_SHARED_STRINGS_BYTES_MAX)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE,
                   _ ("The texts of this workbook take more than %d MB: save the sheet as CSV and read that."),
                   VAI_SHARED_STRINGS_BYTES_MAX >> 20);
      return FALSE;
    }
  vai_xlsx_unescape (self->text);
  g_array_append_val (self->starts, start);
  g_string_append_len (self->arena, self->text->str, self->text->len);
  g_string_append_c (self->arena, '\0');
  return TRUE;
}

static gboolean
on_end (gpointer data, const char *name, GError **error)
{
  VaiXlsxStrings *self = data;
  if (strcmp (name, "t") == 0)
    self->inside = FALSE;
  else if (strcmp (name, "rPh") == 0 && self->phonetic > 0)
    self->phonetic--;
  else if (strcmp (name, "si") == 0)
    return add_string (self, error);
  return TRUE;
}

static gboolean
on_text (gpointer data, const char *text, gsize length, GError **error)
{
  VaiXlsxStrings *self = data;
  if (!self->inside)
    return TRUE;
  g_string_append_len (self->text, text, length);
  if (self->text->len <= VAI_SHEET_TEXT_BYTES_MAX)
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE, _ ("A cell holds more than %d bytes of text."),
               VAI_SHEET_TEXT_BYTES_MAX);
  return FALSE;
}

VaiXlsxStrings *
vai_xlsx_strings_read (VaiZip *zip, const char *part, GCancellable *cancellable, GError **error)
{
  static const VaiXmlHandler handler = { on_start, on_end, on_text };
  g_autoptr (VaiXlsxStrings) self = g_new0 (VaiXlsxStrings, 1);
  self->arena = g_string_new (NULL);
  self->starts = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->text = g_string_new (NULL);
  if (!vai_xml_read (zip, part, &handler, self, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

const char *
vai_xlsx_strings_get (const VaiXlsxStrings *self, guint64 index, gsize *length)
{
  if (index >= self->starts->len)
    return NULL;
  guint32 start = g_array_index (self->starts, guint32, index);
  guint32 end = index + 1 < self->starts->len ? g_array_index (self->starts, guint32, index + 1) : self->arena->len;
  *length = end - start - 1;
  return self->arena->str + start;
}

void
vai_xlsx_strings_free (VaiXlsxStrings *self)
{
  if (self == NULL)
    return;
  g_string_free (self->arena, TRUE);
  g_string_free (self->text, TRUE);
  g_array_unref (self->starts);
  g_free (self);
}
