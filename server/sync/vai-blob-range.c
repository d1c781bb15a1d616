#include "vai-blob-range.h"

#include "vai-protocol.h"

gboolean
vai_blob_range_parse_piece (const char *text, gint64 *first, gint64 *last, gint64 *size)
{
  if (text == NULL || !g_str_has_prefix (text, "bytes "))
    return FALSE;
  g_auto (GStrv) parts = g_strsplit_set (text + 6, "-/", 4);
  return g_strv_length (parts) == 3 && g_ascii_string_to_signed (parts[2], 10, 1, VAI_BLOB_BYTES_MAX, size, NULL)
         && g_ascii_string_to_signed (parts[0], 10, 0, *size - 1, first, NULL)
         && g_ascii_string_to_signed (parts[1], 10, *first, *size - 1, last, NULL) && *first % VAI_BLOB_CHUNK_BYTES == 0
         && *last - *first + 1 == MIN (VAI_BLOB_CHUNK_BYTES, *size - *first);
}

gboolean
vai_blob_range_parse_wanted (const char *text, gint64 size, gint64 *first, gint64 *last)
{
  *first = 0;
  *last = size - 1;
  if (text == NULL)
    return TRUE;
  if (!g_str_has_prefix (text, "bytes="))
    return FALSE;
  g_auto (GStrv) parts = g_strsplit (text + 6, "-", 3);
  if (g_strv_length (parts) != 2 || !g_ascii_string_to_signed (parts[0], 10, 0, size - 1, first, NULL))
    return FALSE;
  if (*parts[1] != '\0' && !g_ascii_string_to_signed (parts[1], 10, *first, G_MAXINT64, last, NULL))
    return FALSE;
  *last = MIN (*last, size - 1);
  return TRUE;
}
