/* Where a page of a list ends: a number and, among equal ones, an id. Lists go from the newest to the oldest. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 at;
  const char *id; /* of the query, or "" */
} VaiCursor;

/* ?cursor= of @call, or the beginning. FALSE when it is none of ours. */
gboolean vai_cursor_read (VaiCall *call, VaiCursor *cursor);

/* For the next page, after the row @at and @id; free with g_free(). */
char *vai_cursor_make (gint64 at, const char *id);

VaiReply *vai_cursor_refuse (void);

G_END_DECLS
