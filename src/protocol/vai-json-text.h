/* JSON that is kept as it came, byte for byte, and given back: looked at, never built again. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* TRUE when @text is one JSON object by RFC 8259 to the letter, nested at most @depth_max deep, that both databases
 * and every reader take: valid UTF-8, no NUL and no half of a pair of surrogates behind an escape, no number of more
 * than 64 characters or beyond a double. */
gboolean vai_json_text_is_object (const char *text, gsize size, guint depth_max);

G_END_DECLS
