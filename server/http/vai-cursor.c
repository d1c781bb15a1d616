#include "vai-cursor.h"

gboolean
vai_cursor_read (VaiCall *call, VaiCursor *cursor)
{
  const char *text = vai_call_get_query (call, "cursor");
  *cursor = (VaiCursor){ G_MAXINT64, "" };
  if (text == NULL)
    return TRUE;
  char *rest;
  cursor->at = g_ascii_strtoll (text, &rest, 10);
  if (rest == text || *rest != '.')
    return FALSE;
  cursor->id = rest + 1;
  return TRUE;
}

char *
vai_cursor_make (gint64 at, const char *id)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%s", at, id);
}

VaiReply *
vai_cursor_refuse (void)
{
  return vai_reply_new_refusal (VAI_REFUSAL_INVALID, "cursor", "This cursor is not ours.");
}
