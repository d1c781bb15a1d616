/* Lists are answered page by page. A page ends at a number and, among equal ones, an id: the cursor of the next. */
#pragma once

#include "vai-call.h"
#include "vai-json-build.h"

G_BEGIN_DECLS

/* Rows of a page. */
#define VAI_CURSOR_LIMIT_MAX 200
#define VAI_CURSOR_LIMIT_OTHERWISE 50

typedef struct
{
  gint64 at;
  const char *id; /* of the query, or "" */
  gint64 limit;   /* of rows */
} VaiCursor;

/* ?cursor= of @call, else the beginning of a list that goes from the largest number down (or from 0 up, when
 * @ascending); and ?limit=. NULL, or the refusal of what is neither. */
VaiReply *vai_cursor_read (VaiCall *call, gboolean ascending, VaiCursor *cursor);

/* For the next page, after the row @at and @id; free with g_free(). */
char *vai_cursor_make (gint64 at, const char *id);

/* Writes the row that @rows stands on as one value. */
typedef void (*VaiRowWriter) (VaiCall *call, VaiRows *rows, JsonBuilder *builder);

/* The answer to a list that begins at @from: its “items”, each written by @write, and the “next_cursor” when there are
 * as many as its limit. Columns @at and @id of a row say where it stands. */
VaiReply *vai_cursor_answer (VaiCall *call, const VaiCursor *from, VaiRows *rows, VaiRowWriter write, int at, int id);

G_END_DECLS
