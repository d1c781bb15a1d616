#include "vai-ods-content.h"

#include "vai-error.h"
#include "vai-sheet-backend.h"
#include "vai-number.h"
#include "vai-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Blanks written as one element with a count. */
#define BLANKS_MAX 32767

typedef enum
{
  TYPE_TEXT,
  TYPE_NUMBER,
  TYPE_DATE,
  TYPE_TIME,
  TYPE_BOOLEAN,
  TYPE_ERROR,
} CellType;

struct _VaiOdsContent
{
  VaiXml *xml;
  VaiSheetRows rows;
  /* Where the reading stands; depths count open elements, 0: not inside. */
  guint depth, spreadsheet, table, row, cell, paragraph;
  guint skipped; /* depth of what is inside a paragraph and not its text: notes, readings */
  guint n_tables;
  guint64 n_rows; /* of the present table, repeated ones counted */
  guint64 n_columns;
  guint64 row_repeated, cell_repeated;
  CellType type;
  char *typed; /* owned, nullable: value as an attribute */
  gboolean percent;
  const char *currency; /* nullable, static */
  GString *text;
  guint n_paragraphs;
  /* A first pass only lists the sheets. */
  GPtrArray *sheets;     /* nullable */
  GArray *counts;        /* nullable: of guint64, filled rows of each sheet */
  GHashTable *invisible; /* names of table styles that are not displayed */
  char *style;           /* owned, nullable: name of the table style that is being read */
};

static guint64
repeated_of (const VaiXmlAttributes *attributes, const char *name)
{
  guint64 repeated;
  return vai_xml_number_attribute (attributes, name, &repeated) ? MAX (repeated, 1) : 1;
}

static gboolean
start_table (VaiOdsContent *self, const VaiXmlAttributes *attributes, GError **error)
{
  self->table = self->depth;
  self->n_rows = 0;
  self->rows.sheet = self->n_tables++;
  if (self->sheets == NULL)
    return TRUE;
  if (self->n_tables > VAI_ODS_SHEETS_MAX)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE, _ ("The file has more than %d sheets."), VAI_ODS_SHEETS_MAX);
      return FALSE;
    }
  g_autofree char *name = vai_xml_dup_attribute (attributes, "name");
  g_autofree char *style = vai_xml_dup_attribute (attributes, "style-name");
  guint64 none = 0;
  vai_sheet_names_add (self->sheets, name != NULL ? name : "",
                       style != NULL && g_hash_table_contains (self->invisible, style));
  g_array_append_val (self->counts, none);
  return TRUE;
}

static void
start_row (VaiOdsContent *self, const VaiXmlAttributes *attributes)
{
  self->row = self->depth;
  self->row_repeated = repeated_of (attributes, "number-rows-repeated");
  self->n_columns = 0;
  vai_sheet_rows_begin (&self->rows, self->n_rows + 1);
}

static const char *
sign_of_currency (const VaiXmlAttributes *attributes)
{
  static const char *const signs[][2]
      = { { "EUR", "€" }, { "USD", "$" }, { "GBP", "£" }, { "JPY", "¥" }, { "INR", "₹" } };
  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (vai_xml_attribute_is (attributes, "currency", signs[i][0]))
      return signs[i][1];
  return NULL;
}

static void
start_cell (VaiOdsContent *self, const VaiXmlAttributes *attributes)
{
  static const struct
  {
    const char *name;
    CellType type;
    const char *value;
  } types[] = {
    /* An error is also said to be a text, so it comes first. */
    { "error", TYPE_ERROR, NULL },
    { "float", TYPE_NUMBER, "value" },
    { "percentage", TYPE_NUMBER, "value" },
    { "currency", TYPE_NUMBER, "value" },
    { "date", TYPE_DATE, "date-value" },
    { "time", TYPE_TIME, "time-value" },
    { "boolean", TYPE_BOOLEAN, "boolean-value" },
  };
  self->cell = self->depth;
  self->cell_repeated = repeated_of (attributes, "number-columns-repeated");
  self->type = TYPE_TEXT;
  self->n_paragraphs = 0;
  self->percent = vai_xml_attribute_is (attributes, "value-type", "percentage");
  self->currency = sign_of_currency (attributes);
  g_string_truncate (self->text, 0);
  g_clear_pointer (&self->typed, g_free);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (vai_xml_attribute_is (attributes, "value-type", types[i].name))
      {
        self->type = types[i].type;
        self->typed = types[i].value != NULL ? vai_xml_dup_attribute (attributes, types[i].value) : NULL;
        return;
      }
  self->typed = vai_xml_dup_attribute (attributes, "string-value");
}

static void
start_in_cell (VaiOdsContent *self, const char *name, const VaiXmlAttributes *attributes)
{
  if (self->paragraph == 0 && self->depth == self->cell + 1 && strcmp (name, "p") == 0)
    {
      self->paragraph = self->depth;
      if (self->n_paragraphs++ > 0)
        g_string_append_c (self->text, '\n');
    }
  else if (self->paragraph == 0 || self->skipped != 0)
    return;
  else if (strcmp (name, "s") == 0)
    {
      guint64 n = MIN (repeated_of (attributes, "c"), BLANKS_MAX);
      for (guint64 i = 0; i < n && self->text->len < VAI_SHEET_TEXT_BYTES_MAX; i++)
        g_string_append_c (self->text, ' ');
    }
  else if (strcmp (name, "tab") == 0)
    g_string_append_c (self->text, '\t');
  else if (strcmp (name, "line-break") == 0)
    g_string_append_c (self->text, '\n');
  else if (strcmp (name, "annotation") == 0 || strcmp (name, "note") == 0 || strcmp (name, "ruby-text") == 0
           || strcmp (name, "frame") == 0)
    self->skipped = self->depth;
}

static void
see_style (VaiOdsContent *self, const char *name, const VaiXmlAttributes *attributes)
{
  if (strcmp (name, "style") == 0)
    {
      g_free (self->style);
      self->style = vai_xml_dup_attribute (attributes, "name");
    }
  else if (strcmp (name, "table-properties") == 0 && self->style != NULL
           && vai_xml_attribute_is (attributes, "display", "false"))
    g_hash_table_add (self->invisible, g_steal_pointer (&self->style));
}

static gboolean
on_start (gpointer data, const char *name, const VaiXmlAttributes *attributes, GError **error)
{
  VaiOdsContent *self = data;
  self->depth++;
  if (self->cell != 0)
    start_in_cell (self, name, attributes);
  else if (self->row != 0)
    {
      if (strcmp (name, "table-cell") == 0 || strcmp (name, "covered-table-cell") == 0)
        start_cell (self, attributes);
    }
  else if (self->table != 0)
    {
      if (strcmp (name, "table-row") == 0)
        start_row (self, attributes);
    }
  else if (self->spreadsheet != 0)
    {
      if (self->depth == self->spreadsheet + 1 && strcmp (name, "table") == 0)
        return start_table (self, attributes, error);
    }
  else if (strcmp (name, "spreadsheet") == 0)
    self->spreadsheet = self->depth;
  else if (self->sheets != NULL)
    see_style (self, name, attributes);
  return TRUE;
}

/* "PT14H05M00.5S" as "14:05:01"; FALSE when it is something else. */
static gboolean
add_time (VaiOdsContent *self, guint column)
{
  double hours = 0, minutes = 0, seconds = 0;
  const char *p = self->typed + (g_str_has_prefix (self->typed, "PT") ? 2 : 0);
  if (p == self->typed)
    return FALSE;
  while (*p != '\0')
    {
      char *end;
      double value = g_ascii_strtod (p, &end);
      if (end == p || !(value >= 0 && value < 1e9))
        return FALSE;
      if (*end == 'H')
        hours = value;
      else if (*end == 'M')
        minutes = value;
      else if (*end == 'S')
        seconds = value;
      else
        return FALSE;
      p = end + 1;
    }
  static const VaiCellFormat elapsed = { .kind = VAI_CELL_FORMAT_ELAPSED };
  double days = (hours * 3600 + minutes * 60 + seconds) / VAI_SECONDS_PER_DAY;
  vai_cell_format_add (&elapsed, &self->rows, column, days, FALSE);
  return TRUE;
}

static void
add_boolean (VaiOdsContent *self, guint column)
{
  const char *text = g_str_equal (self->typed, "true") ? "TRUE" : "FALSE";
  vai_sheet_rows_set_text (&self->rows, column, VAI_CELL_BOOLEAN, text, strlen (text));
}

/* FALSE when the value is not what its type says; then the cell is its text. */
static gboolean
add_typed (VaiOdsContent *self, guint column)
{
  gint64 seconds;
  if (self->typed == NULL)
    return FALSE;
  switch (self->type)
    {
    case TYPE_NUMBER:
      {
        VaiCellFormat format = { .percent = self->percent, .currency = self->currency };
        double number;
        if (!vai_number_parse (self->typed, &number))
          return FALSE;
        vai_cell_format_add (&format, &self->rows, column, number, FALSE);
        return TRUE;
      }
    case TYPE_DATE:
      if (!vai_time_parse (self->typed, &seconds))
        return FALSE;
      vai_sheet_rows_set_date (&self->rows, column, seconds);
      return TRUE;
    case TYPE_TIME:
      return add_time (self, column);
    case TYPE_BOOLEAN:
      add_boolean (self, column);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
set_outside (GError **error)
{
  g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED,
               _ ("a cell stands outside of the %d rows and %d columns of a sheet"), VAI_SHEET_ROWS_MAX,
               VAI_SHEET_COLUMNS_MAX);
  return FALSE;
}

static gboolean
end_cell (VaiOdsContent *self, GError **error)
{
  guint64 column = self->n_columns;
  gboolean empty = self->text->len == 0 && (self->typed == NULL || *self->typed == '\0');
  self->cell = 0;
  self->n_columns = MIN (self->n_columns + self->cell_repeated, G_MAXUINT32);
  if (empty)
    return TRUE;
  if (self->n_columns > VAI_SHEET_COLUMNS_MAX)
    return set_outside (error);
  if (!add_typed (self, column))
    {
      gboolean shown = self->text->len > 0 || self->typed == NULL;
      const char *text = shown ? self->text->str : self->typed;
      vai_sheet_rows_set_text (&self->rows, column, self->type == TYPE_ERROR ? VAI_CELL_ERROR : VAI_CELL_TEXT, text,
                               strlen (text));
    }
  vai_sheet_rows_repeat (&self->rows, column, self->cell_repeated);
  return TRUE;
}

static gboolean
end_row (VaiOdsContent *self, GError **error)
{
  gboolean filled = vai_sheet_rows_is_filled (&self->rows);
  guint64 n_rows = MIN (self->n_rows + self->row_repeated, G_MAXUINT32);
  self->row = 0;
  if (filled && n_rows > VAI_SHEET_ROWS_MAX)
    return set_outside (error);
  if (filled && self->counts != NULL)
    g_array_index (self->counts, guint64, self->n_tables - 1) += self->row_repeated;
  vai_sheet_rows_end (&self->rows, self->row_repeated);
  self->n_rows = n_rows;
  return TRUE;
}

static gboolean
on_end (gpointer data, const char *name, GError **error)
{
  VaiOdsContent *self = data;
  guint depth = self->depth--;
  if (depth == self->skipped)
    self->skipped = 0;
  else if (depth == self->paragraph)
    self->paragraph = 0;
  else if (depth == self->cell)
    return end_cell (self, error);
  else if (depth == self->row)
    return end_row (self, error);
  else if (depth == self->table)
    self->table = 0;
  else if (depth == self->spreadsheet)
    self->spreadsheet = 0;
  return TRUE;
}

static gboolean
on_text (gpointer data, const char *text, gsize length, GError **error)
{
  VaiOdsContent *self = data;
  if (self->paragraph == 0 || self->skipped != 0)
    return TRUE;
  g_string_append_len (self->text, text, length);
  if (self->text->len <= VAI_SHEET_TEXT_BYTES_MAX)
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE, _ ("A cell holds more than %d bytes of text."),
               VAI_SHEET_TEXT_BYTES_MAX);
  return FALSE;
}

VaiOdsContent *
vai_ods_content_open (VaiZip *zip, const char *part, GCancellable *cancellable, GError **error)
{
  static const VaiXmlHandler handler = { on_start, on_end, on_text };
  g_autoptr (VaiOdsContent) self = g_new0 (VaiOdsContent, 1);
  self->text = g_string_new (NULL);
  vai_sheet_rows_init (&self->rows);
  self->xml = vai_xml_open (zip, part, &handler, self, cancellable, error);
  return self->xml != NULL ? g_steal_pointer (&self) : NULL;
}

gboolean
vai_ods_content_list (VaiZip *zip,
                      const char *part,
                      GPtrArray *sheets,
                      GArray *n_rows,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (VaiOdsContent) self = vai_ods_content_open (zip, part, cancellable, error);
  if (self == NULL)
    return FALSE;
  g_autoptr (GHashTable) invisible = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->invisible = invisible;
  self->sheets = sheets;
  self->counts = n_rows;
  GError *failed = NULL;
  while (vai_xml_step (self->xml, &failed))
    vai_sheet_rows_drop (&self->rows);
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, failed);
  return FALSE;
}

gboolean
vai_ods_content_next_row (VaiOdsContent *self, guint sheet, VaiSheetRow *row, GError **error)
{
  while (TRUE)
    {
      guint next;
      if (vai_sheet_rows_peek (&self->rows, &next) && next > sheet)
        return FALSE;
      gboolean taken = vai_sheet_rows_take (&self->rows, row);
      if (taken && next == sheet)
        return TRUE;
      /* A sheet without rows shows only by the next one. */
      if (!taken && self->n_tables > sheet + 1)
        return FALSE;
      if (!taken && !vai_xml_step (self->xml, error))
        return FALSE;
    }
}

void
vai_ods_content_free (VaiOdsContent *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->xml, vai_xml_free);
  vai_sheet_rows_clear (&self->rows);
  g_string_free (self->text, TRUE);
  g_free (self->typed);
  g_free (self->style);
  g_free (self);
}
