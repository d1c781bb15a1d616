#include "vai-dialect.h"

#include <string.h>

static const char *const format_names[] = { "unknown", "delimited", "xlsx", "ods", "xls" };
static const char *const encoding_names[] = { "unknown", "utf-8", "utf-16le", "utf-16be", "windows-1252" };
static const char *const date_order_names[] = { "unknown", "ymd", "dmy", "mdy" };

void
vai_dialect_init (VaiDialect *self)
{
  memset (self, 0, sizeof *self);
  self->preamble = -1;
}

void
vai_dialect_copy (VaiDialect *to, const VaiDialect *from)
{
  *to = *from;
  to->sheet = g_strdup (from->sheet);
}

void
vai_dialect_clear (VaiDialect *self)
{
  g_clear_pointer (&self->sheet, g_free);
}

const char *
vai_format_name (VaiFormat format)
{
  g_return_val_if_fail (format < G_N_ELEMENTS (format_names), "unknown");
  return format_names[format];
}

const char *
vai_encoding_name (VaiEncoding encoding)
{
  g_return_val_if_fail (encoding < G_N_ELEMENTS (encoding_names), "unknown");
  return encoding_names[encoding];
}

const char *
vai_date_order_name (VaiDateOrder order)
{
  g_return_val_if_fail (order < G_N_ELEMENTS (date_order_names), "unknown");
  return date_order_names[order];
}
