/* How a file is written. Every field can be found from the file or given by a person; what is given wins. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  VAI_FORMAT_UNKNOWN,
  VAI_FORMAT_DELIMITED,
  VAI_FORMAT_XLSX,
  VAI_FORMAT_ODS,
  VAI_FORMAT_XLS,
} VaiFormat;

typedef enum
{
  VAI_ENCODING_UNKNOWN,
  VAI_ENCODING_UTF8,
  VAI_ENCODING_UTF16LE,
  VAI_ENCODING_UTF16BE,
  VAI_ENCODING_WINDOWS_1252,
} VaiEncoding;

typedef enum
{
  VAI_DATE_ORDER_UNKNOWN,
  VAI_DATE_ORDER_YMD,
  VAI_DATE_ORDER_DMY,
  VAI_DATE_ORDER_MDY,
} VaiDateOrder;

typedef struct
{
  VaiFormat format;
  gboolean gzip;
  gboolean wrapped_lines; /* each whole line stands in quotes: it was mended */
  VaiEncoding encoding;
  gboolean bom;
  char delimiter; /* '\0': unknown */
  char quote;     /* '\0': none */
  char *sheet;    /* owned, nullable: spreadsheets only */
  /* Lines (rows of a sheet) above the header, which were skipped; -1: unknown. */
  int preamble;
  gboolean has_header;
  /* Marks of the file as a whole; a column may still be found to differ. '\0': unknown. */
  char decimal_mark;
  char thousands_mark;
  VaiDateOrder date_order;
} VaiDialect;

void vai_dialect_init (VaiDialect *self);
void vai_dialect_copy (VaiDialect *to, const VaiDialect *from);
void vai_dialect_clear (VaiDialect *self);

const char *vai_format_name (VaiFormat format);       /* "delimited", "xlsx", "ods", "xls" */
const char *vai_encoding_name (VaiEncoding encoding); /* "utf-8", "utf-16le", "utf-16be", "windows-1252" */
const char *vai_date_order_name (VaiDateOrder order); /* "ymd", "dmy", "mdy", "unknown" */

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VaiDialect, vai_dialect_clear)

G_END_DECLS
