#include "vai-cursor.h"

#include <errno.h>

VaiReply *
vai_cursor_read (VaiCall *call, gboolean ascending, VaiCursor *cursor)
{
  *cursor = (VaiCursor){ ascending ? 0 : G_MAXINT64, "", VAI_CURSOR_LIMIT_OTHERWISE };
  VaiReply *refusal = vai_call_read_number (call, "limit", 1, VAI_CURSOR_LIMIT_MAX, &cursor->limit);
  const char *text = vai_call_get_query (call, "cursor");
  if (refusal != NULL || text == NULL)
    return refusal;
  char *rest;
  errno = 0;
  cursor->at = g_ascii_strtoll (text, &rest, 10);
  if (errno != 0 || rest == text || *rest != '.')
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "cursor", "This cursor is not ours.");
  cursor->id = rest + 1;
  return NULL;
}

char *
vai_cursor_make (gint64 at, const char *id)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%s", at, id);
}

VaiReply *
vai_cursor_answer (VaiCall *call, const VaiCursor *from, VaiRows *rows, VaiRowWriter write, int at, int id)
{
  gint64 n = 0;
  g_autofree char *cursor = NULL;
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_begin_list (builder, "items");
  for (; vai_rows_next (rows); n++)
    {
      write (call, rows, builder);
      g_free (cursor);
      cursor = vai_cursor_make (vai_rows_get_integer (rows, at), vai_rows_get_text (rows, id));
    }
  json_builder_end_array (builder);
  vai_json_add_text (builder, "next_cursor", n == from->limit ? cursor : NULL);
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}
