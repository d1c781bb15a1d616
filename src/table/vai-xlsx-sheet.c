#include "vai-xlsx-sheet.h"

#include "vai-error.h"
#include "vai-number.h"
#include "vai-time.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>
#include <string.h>

typedef enum
{
  TYPE_NUMBER,
  TYPE_SHARED,
  TYPE_TEXT, /* of a formula, or inline */
  TYPE_BOOLEAN,
  TYPE_ERROR,
  TYPE_DATE, /* ISO 8601, in strict workbooks */
} CellType;

struct _VaiXlsxSheet
{
  VaiXml *xml;
  const VaiXlsxStrings *strings;
  const GArray *formats;
  gboolean date_1904;
  VaiSheetRows rows;
  /* Where the reading stands. */
  gboolean in_data, in_row, in_cell, in_value;
  guint phonetic;
  guint64 row;  /* from 1 */
  guint column; /* of the present cell, from 0 */
  guint next_column;
  CellType type;
  guint64 style;
  GString *value;
};

static gboolean
set_outside (GError **error)
{
  g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED,
               _ ("a cell stands outside of the %d rows and %d columns of a sheet"), VAI_SHEET_ROWS_MAX,
               VAI_SHEET_COLUMNS_MAX);
  return FALSE;
}

/* A row or a cell may leave out where it stands: then it follows the one before. */
static gboolean
start_row (VaiXlsxSheet *self, const VaiXmlAttributes *attributes, GError **error)
{
  guint64 number;
  if (!vai_xml_number_attribute (attributes, "r", &number) || number <= self->row)
    number = self->row + 1;
  if (number > VAI_SHEET_ROWS_MAX)
    return set_outside (error);
  self->row = number;
  self->next_column = 0;
  self->in_row = TRUE;
  vai_sheet_rows_begin (&self->rows, number);
  return TRUE;
}

/* Column of a reference like "AB12", from 0; VAI_SHEET_COLUMNS_MAX when it is too far right, -1 when it is none. */
static int
column_of (const char *reference, gsize length)
{
  int column = 0;
  gsize i = 0;
  for (; i < length && g_ascii_isalpha (reference[i]); i++)
    {
      column = column * 26 + (g_ascii_toupper (reference[i]) - 'A' + 1);
      if (column > VAI_SHEET_COLUMNS_MAX)
        return VAI_SHEET_COLUMNS_MAX;
    }
  return column - 1;
}

static CellType
type_of (const VaiXmlAttributes *attributes)
{
  static const struct
  {
    const char *name;
    CellType type;
  } types[] = {
    { "s", TYPE_SHARED },  { "n", TYPE_NUMBER }, { "str", TYPE_TEXT }, { "inlineStr", TYPE_TEXT },
    { "b", TYPE_BOOLEAN }, { "e", TYPE_ERROR },  { "d", TYPE_DATE },
  };
  gsize length;
  const char *type = vai_xml_attribute (attributes, "t", &length);
  for (guint i = 0; type != NULL && i < G_N_ELEMENTS (types); i++)
    if (strlen (types[i].name) == length && memcmp (types[i].name, type, length) == 0)
      return types[i].type;
  return TYPE_NUMBER;
}

static gboolean
start_cell (VaiXlsxSheet *self, const VaiXmlAttributes *attributes, GError **error)
{
  gsize length;
  const char *reference = vai_xml_attribute (attributes, "r", &length);
  int column = reference != NULL ? column_of (reference, length) : -1;
  self->column = column >= 0 ? (guint) column : self->next_column;
  if (self->column >= VAI_SHEET_COLUMNS_MAX)
    return set_outside (error);
  self->next_column = self->column + 1;
  self->type = type_of (attributes);
  if (!vai_xml_number_attribute (attributes, "s", &self->style))
    self->style = 0;
  g_string_truncate (self->value, 0);
  self->in_cell = TRUE;
  return TRUE;
}

static gboolean
on_start (gpointer data, const char *name, const VaiXmlAttributes *attributes, GError **error)
{
  VaiXlsxSheet *self = data;
  if (self->in_cell)
    {
      if (strcmp (name, "rPh") == 0)
        self->phonetic++;
      else if (strcmp (name, "v") == 0 || (strcmp (name, "t") == 0 && self->phonetic == 0))
        self->in_value = TRUE;
    }
  else if (self->in_row && strcmp (name, "c") == 0)
    return start_cell (self, attributes, error);
  else if (self->in_data && strcmp (name, "row") == 0)
    return start_row (self, attributes, error);
  else if (strcmp (name, "sheetData") == 0)
    self->in_data = TRUE;
  return TRUE;
}

static gboolean
add_shared (VaiXlsxSheet *self, GError **error)
{
  char *end;
  guint64 index = g_ascii_strtoull (self->value->str, &end, 10);
  gsize length = 0;
  const char *text = NULL;
  if (self->strings != NULL && *end == '\0')
    text = vai_xlsx_strings_get (self->strings, index, &length);
  if (text == NULL)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("row %" PRIu64 " names a text that is not there"),
                   self->row);
      return FALSE;
    }
  vai_sheet_rows_set_text (&self->rows, self->column, VAI_CELL_TEXT, text, length);
  return TRUE;
}

static void
add_text (VaiXlsxSheet *self, VaiCellKind kind)
{
  vai_sheet_rows_set_text (&self->rows, self->column, kind, self->value->str, self->value->len);
}

static void
add_number (VaiXlsxSheet *self)
{
  static const VaiCellFormat general = { 0 };
  double number;
  gboolean styled = self->formats != NULL && self->style < self->formats->len;
  if (!vai_number_parse (self->value->str, &number))
    add_text (self, VAI_CELL_TEXT);
  else
    vai_cell_format_add (styled ? &g_array_index (self->formats, VaiCellFormat, self->style) : &general, &self->rows,
                         self->column, number, self->date_1904);
}

static gboolean
end_cell (VaiXlsxSheet *self, GError **error)
{
  gint64 seconds;
  self->in_cell = FALSE;
  self->phonetic = 0;
  if (self->value->len == 0)
    return TRUE;
  switch (self->type)
    {
    case TYPE_SHARED:
      return add_shared (self, error);
    case TYPE_BOOLEAN:
      g_string_assign (self->value, self->value->str[0] == '1' || self->value->str[0] == 't' ? "TRUE" : "FALSE");
      add_text (self, VAI_CELL_BOOLEAN);
      return TRUE;
    case TYPE_ERROR:
      add_text (self, VAI_CELL_ERROR);
      return TRUE;
    case TYPE_DATE:
      if (vai_time_parse (self->value->str, &seconds))
        vai_sheet_rows_set_date (&self->rows, self->column, seconds);
      else
        add_text (self, VAI_CELL_TEXT);
      return TRUE;
    case TYPE_TEXT:
      vai_xlsx_unescape (self->value);
      add_text (self, VAI_CELL_TEXT);
      return TRUE;
    default:
      add_number (self);
      return TRUE;
    }
}

static gboolean
on_end (gpointer data, const char *name, GError **error)
{
  VaiXlsxSheet *self = data;
  if (self->in_cell)
    {
      if (strcmp (name, "v") == 0 || strcmp (name, "t") == 0)
        self->in_value = FALSE;
      else if (strcmp (name, "rPh") == 0 && self->phonetic > 0)
        self->phonetic--;
      else if (strcmp (name, "c") == 0)
        return end_cell (self, error);
    }
  else if (self->in_row && strcmp (name, "row") == 0)
    {
      self->in_row = FALSE;
      vai_sheet_rows_end (&self->rows, 1);
    }
  else if (strcmp (name, "sheetData") == 0)
    self->in_data = FALSE;
  return TRUE;
}

static gboolean
on_text (gpointer data, const char *text, gsize length, GError **error)
{
  VaiXlsxSheet *self = data;
  if (!self->in_value)
    return TRUE;
  g_string_append_len (self->value, text, length);
  if (self->value->len <= VAI_SHEET_TEXT_BYTES_MAX)
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE,
               _ ("The cell in row %" PRIu64 " holds more than %d bytes of text."), self->row,
               VAI_SHEET_TEXT_BYTES_MAX);
  return FALSE;
}

VaiXlsxSheet *
vai_xlsx_sheet_open (VaiZip *zip,
                     const char *part,
                     const VaiXlsxStrings *strings,
                     const GArray *formats,
                     gboolean date_1904,
                     GCancellable *cancellable,
                     GError **error)
{
  static const VaiXmlHandler handler = { on_start, on_end, on_text };
  g_autoptr (VaiXlsxSheet) self = g_new0 (VaiXlsxSheet, 1);
  self->strings = strings;
  self->formats = formats;
  self->date_1904 = date_1904;
  self->value = g_string_new (NULL);
  vai_sheet_rows_init (&self->rows);
  self->xml = vai_xml_open (zip, part, &handler, self, cancellable, error);
  return self->xml != NULL ? g_steal_pointer (&self) : NULL;
}

gboolean
vai_xlsx_sheet_next_row (VaiXlsxSheet *self, VaiSheetRow *row, GError **error)
{
  while (!vai_sheet_rows_take (&self->rows, row))
    if (!vai_xml_step (self->xml, error))
      return FALSE;
  return TRUE;
}

double
vai_xlsx_sheet_get_fraction (VaiXlsxSheet *self)
{
  return vai_xml_get_fraction (self->xml);
}

void
vai_xlsx_sheet_free (VaiXlsxSheet *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->xml, vai_xml_free);
  vai_sheet_rows_clear (&self->rows);
  g_string_free (self->value, TRUE);
  g_free (self);
}
