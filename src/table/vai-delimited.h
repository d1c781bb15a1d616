/* Delimited text of a file, cut into records block by block. Holds one block at a time. */
#pragma once

#include "vai-text-source.h"
#include "vai-tokens.h"

G_BEGIN_DECLS

/* One field, and one record, may be so long: more is a file of another kind, or a quote that never closes. */
#define VAI_DELIMITED_FIELD_MAX (16 * 1024 * 1024)

/* Text that is cut at a time: with its fields it stays in the cache of one core. */
#define VAI_DELIMITED_BLOCK (512 * 1024)

typedef struct _VaiDelimited VaiDelimited;

/* Takes @source, at its beginning. */
VaiDelimited *vai_delimited_new (VaiTextSource *source);
void vai_delimited_free (VaiDelimited *self);

/* The beginning of the text (a block, or all of it when it is shorter), to find delimiter and header in. Only before
 * the first vai_delimited_next(). The length is 0 on @error. */
const char *vai_delimited_peek (VaiDelimited *self, gsize *length, gboolean *whole, GError **error);

/* Lines are wrapped in @quote: takes it off, also in what was peeked at. */
void vai_delimited_unwrap (VaiDelimited *self, char quote);

/* Goes to the beginning and then over @bytes of text with @lines line ends in it, at most what peek gave. */
gboolean vai_delimited_start (VaiDelimited *self, gsize bytes, guint lines, GError **error);

/* The next block. @first_line is that of its text, from 1. FALSE at the end or with @error. The text of
 * @tokens is valid until the call after the next: one block can be worked on while the next is read into other tokens.
 */
gboolean vai_delimited_next (VaiDelimited *self,
                             const VaiTokenRules *rules,
                             VaiTokens *tokens,
                             guint64 *first_line,
                             GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiDelimited, vai_delimited_free)

G_END_DECLS
