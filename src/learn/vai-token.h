/* Words of free text: runs of ASCII letters and digits, and of any other characters than ASCII, in lower case. Private
 * to learn. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A longer text is read so far, in bytes: a note, not a book. */
#define VAI_TOKEN_TEXT_MAX 4000

/* The next word of @text from *@at, into @token (cut at @size - 1 bytes); FALSE at the end. */
gboolean vai_token_next (const char *text, gsize length, gsize *at, char *token, gsize size);

/* TRUE when @text has the word @token, given in lower case. */
gboolean vai_token_find (const char *text, gsize length, const char *token);

G_END_DECLS
