#include "vai-xls-book.h"

#include "vai-xls-container.h"

#include <math.h>
#include <string.h>

/* Record types of [MS-XLS]. */
enum
{
  RECORD_FORMULA = 0x0006,
  RECORD_EOF = 0x000a,
  RECORD_DATE_MODE = 0x0022,
  RECORD_FILE_PASS = 0x002f,
  RECORD_BOUND_SHEET = 0x0085,
  RECORD_STYLE = 0x00e0,
  RECORD_BOOL_ERROR = 0x0205,
  RECORD_STRING = 0x0207,
  RECORD_FORMAT = 0x041e,
  RECORD_BEGIN = 0x0809,
};

#define BIFF8_VERSION 0x0600
#define STYLES_MAX 70000

typedef struct
{
  guint16 type, size;
  const guint8 *data;
  guint32 end; /* where the next one begins */
} Record;

/* The record at @position; FALSE at the end or when it is cut off. */
static gboolean
record_at (const GByteArray *stream, guint32 position, Record *record)
{
  if (position > stream->len || stream->len - position < 4)
    return FALSE;
  record->type = vai_xls_u16 (stream->data + position);
  record->size = vai_xls_u16 (stream->data + position + 2);
  if (stream->len - position - 4 < record->size)
    return FALSE;
  record->data = stream->data + position + 4;
  record->end = position + 4 + record->size;
  return TRUE;
}

/* @n characters behind a byte of flags: Latin-1 or UTF-16 by its lowest bit. NULL when they do not fit. */
static char *
dup_characters (const guint8 *data, gsize size, gsize n)
{
  if (size < 1 || (data[0] & 1 ? 2 * n : n) > size - 1)
    return NULL;
  GString *text = g_string_sized_new (n);
  for (gsize i = 0; i < n; i++)
    {
      gunichar c = data[0] & 1 ? vai_xls_u16 (data + 1 + 2 * i) : data[1 + i];
      gboolean pair = c >= 0xd800 && c < 0xdc00 && i + 1 < n;
      if (pair)
        c = 0x10000 + ((c - 0xd800) << 10) + ((vai_xls_u16 (data + 3 + 2 * i++) - 0xdc00) & 0x3ff);
      g_string_append_unichar (text, c == 0 ? ' ' : g_unichar_validate (c) ? c : 0xfffd);
    }
  return g_string_free (text, FALSE);
}

static void
see_format (GHashTable *own, const Record *record)
{
  if (record->size < 5 || g_hash_table_size (own) >= STYLES_MAX)
    return;
  g_autofree char *code = dup_characters (record->data + 4, record->size - 4, vai_xls_u16 (record->data + 2));
  if (code == NULL)
    return;
  VaiCellFormat *format = g_new (VaiCellFormat, 1);
  vai_cell_format_parse (format, code);
  g_hash_table_insert (own, GUINT_TO_POINTER (vai_xls_u16 (record->data)), format);
}

static void
see_style (VaiXlsBook *self, GHashTable *own, const Record *record)
{
  if (record->size < 4 || self->formats->len >= STYLES_MAX)
    return;
  guint id = vai_xls_u16 (record->data + 2);
  const VaiCellFormat *found = g_hash_table_lookup (own, GUINT_TO_POINTER (id));
  VaiCellFormat format;
  if (found != NULL)
    format = *found;
  else
    vai_cell_format_builtin (&format, id);
  g_array_append_val (self->formats, format);
}

static void
see_sheet (VaiXlsBook *self, const Record *record)
{
  if (record->size < 6)
    return;
  VaiXlsSheet sheet = {
    .position = vai_xls_u32 (record->data),
    .hidden = (record->data[4] & 3) != 0,
    .worksheet = record->data[5] == 0,
  };
  g_array_append_val (self->sheets, sheet);
}

/* What holds for the whole workbook stands before its sheets. */
static void
read_globals (VaiXlsBook *self)
{
  g_autoptr (GHashTable) own = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  Record record;
  for (guint32 at = 0; record_at (self->records, at, &record) && record.type != RECORD_EOF; at = record.end)
    switch (record.type)
      {
      case RECORD_FILE_PASS:
        self->encrypted = TRUE;
        return;
      case RECORD_DATE_MODE:
        self->date_1904 = record.size >= 2 && vai_xls_u16 (record.data) == 1;
        break;
      case RECORD_FORMAT:
        see_format (own, &record);
        break;
      case RECORD_STYLE:
        see_style (self, own, &record);
        break;
      case RECORD_BOUND_SHEET:
        see_sheet (self, &record);
        break;
      default:
        break;
      }
}

VaiXlsBook *
vai_xls_book_new (const guint8 *data, gsize size)
{
  GByteArray *records = vai_xls_container_read (data, size, "Workbook");
  if (records == NULL)
    return NULL;
  VaiXlsBook *self = g_new0 (VaiXlsBook, 1);
  self->records = records;
  self->sheets = g_array_new (FALSE, FALSE, sizeof (VaiXlsSheet));
  self->formats = g_array_new (FALSE, FALSE, sizeof (VaiCellFormat));
  Record first;
  if (record_at (records, 0, &first) && first.type == RECORD_BEGIN && first.size >= 2
      && vai_xls_u16 (first.data) == BIFF8_VERSION)
    {
      read_globals (self);
      return self;
    }
  vai_xls_book_free (self);
  return NULL;
}

gboolean
vai_xls_is_encrypted_package (const guint8 *data, gsize size)
{
  return vai_xls_container_has (data, size, "EncryptedPackage");
}

static void
value_free (gpointer data)
{
  VaiXlsValue *self = data;
  g_free (self->text);
  g_free (self);
}

static const char *
error_text (guint8 code)
{
  static const struct
  {
    guint8 code;
    const char *text;
  } errors[] = {
    { 0x00, "#NULL!" }, { 0x07, "#DIV/0!" }, { 0x0f, "#VALUE!" }, { 0x17, "#REF!" },
    { 0x1d, "#NAME?" }, { 0x24, "#NUM!" },   { 0x2a, "#N/A" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    if (errors[i].code == code)
      return errors[i].text;
  return "#N/A";
}

static VaiXlsValue *
value_new_flag (gboolean is_error, guint8 value)
{
  VaiXlsValue *self = g_new0 (VaiXlsValue, 1);
  self->kind = is_error ? VAI_CELL_ERROR : VAI_CELL_BOOLEAN;
  self->text = g_strdup (is_error ? error_text (value) : value != 0 ? "TRUE" : "FALSE");
  return self;
}

static VaiXlsValue *
value_new_number (const VaiXlsBook *book, guint style, double number)
{
  gint64 seconds;
  VaiXlsValue *self = g_new0 (VaiXlsValue, 1);
  self->kind = isfinite (number) ? VAI_CELL_NUMBER : VAI_CELL_EMPTY;
  self->number = number;
  if (style < book->formats->len && g_array_index (book->formats, VaiCellFormat, style).kind == VAI_CELL_FORMAT_DATE
      && vai_serial_to_seconds (number, book->date_1904, &seconds))
    {
      self->kind = VAI_CELL_DATE;
      self->number = seconds;
    }
  return self;
}

/* The stored value of a formula; NULL when it is a text, which stands in a record of its own further on. */
static VaiXlsValue *
value_new_formula (const VaiXlsBook *book, const Record *record)
{
  const guint8 *result = record->data + 6;
  if (vai_xls_u16 (result + 6) != 0xffff)
    {
      guint64 bits = vai_xls_u32 (result) | (guint64) vai_xls_u32 (result + 4) << 32;
      double number;
      memcpy (&number, &bits, sizeof number);
      return value_new_number (book, vai_xls_u16 (record->data + 4), number);
    }
  if (result[0] == 1 || result[0] == 2)
    return value_new_flag (result[0] == 2, result[2]);
  return NULL;
}

static VaiXlsValue *
value_new_text (const Record *record)
{
  char *text
      = record->size >= 3 ? dup_characters (record->data + 2, record->size - 2, vai_xls_u16 (record->data)) : NULL;
  if (text == NULL)
    return NULL;
  VaiXlsValue *self = g_new0 (VaiXlsValue, 1);
  self->kind = *text != '\0' ? VAI_CELL_TEXT : VAI_CELL_EMPTY;
  self->text = text;
  return self;
}

GHashTable *
vai_xls_book_read_values (const VaiXlsBook *self, guint index)
{
  GHashTable *values = g_hash_table_new_full (NULL, NULL, NULL, value_free);
  if (index >= self->sheets->len)
    return values;
  Record record;
  int depth = 0;
  guint32 key = 0;
  guint32 at = g_array_index (self->sheets, VaiXlsSheet, index).position;
  /* Charts inside of a sheet are streams of records inside of its own. */
  for (; record_at (self->records, at, &record); at = record.end)
    {
      VaiXlsValue *value = NULL;
      depth += record.type == RECORD_BEGIN ? 1 : record.type == RECORD_EOF ? -1 : 0;
      if (depth <= 0)
        break;
      if (depth > 1)
        continue;
      if ((record.type == RECORD_FORMULA && record.size >= 14)
          || (record.type == RECORD_BOOL_ERROR && record.size >= 8))
        key = vai_xls_u16 (record.data) * VAI_XLS_COLUMNS_MAX + vai_xls_u16 (record.data + 2) % VAI_XLS_COLUMNS_MAX;
      if (record.type == RECORD_FORMULA && record.size >= 14)
        value = value_new_formula (self, &record);
      else if (record.type == RECORD_BOOL_ERROR && record.size >= 8)
        value = value_new_flag (record.data[7] != 0, record.data[6]);
      else if (record.type == RECORD_STRING)
        value = value_new_text (&record);
      if (value != NULL)
        g_hash_table_insert (values, GUINT_TO_POINTER (key), value);
    }
  return values;
}

void
vai_xls_book_free (VaiXlsBook *self)
{
  if (self == NULL)
    return;
  g_byte_array_unref (self->records);
  g_array_unref (self->sheets);
  g_array_unref (self->formats);
  g_free (self);
}
