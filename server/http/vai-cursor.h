/* Lists are answered page by page. A page ends at a number and, among equal ones, an id: the cursor of the next. */
#pragma once

#include "vai-call.h"
#include "vai-json-build.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 at;
  const char *id; /* of the query, or "" */
} VaiCursor;

/* ?cursor= of @call; else the beginning of a list that goes from the largest number down (or from 0 up, when
 * @ascending). FALSE when it is none of ours. */
gboolean vai_cursor_read (VaiCall *call, gboolean ascending, VaiCursor *cursor);

/* For the next page, after the row @at and @id; free with g_free(). */
char *vai_cursor_make (gint64 at, const char *id);

VaiReply *vai_cursor_refuse (void);

/* Writes the row that @rows stands on as one value. */
typedef void (*VaiRowWriter) (VaiCall *call, VaiRows *rows, JsonBuilder *builder);

/* The answer to a list: its “items”, each written by @write, and the “next_cursor” when there are as many as ?limit=
 * lets. Columns @at and @id of a row say where it stands. */
VaiReply *vai_cursor_answer (VaiCall *call, VaiRows *rows, VaiRowWriter write, int at, int id);

G_END_DECLS
