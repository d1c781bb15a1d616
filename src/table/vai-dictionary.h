/* Distinct texts of a column, each with a code from 0 in order of first appearance. Texts live in one arena. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VAI_CODE_MISSING (-1)

typedef struct _VaiDictionary VaiDictionary;

VaiDictionary *vai_dictionary_new (void);
void vai_dictionary_free (VaiDictionary *self);

/* The code of @text (@length bytes of UTF-8, may hold NUL), added when new. */
gint32 vai_dictionary_add (VaiDictionary *self, const char *text, gsize length);

/* Texts of one batch: their places are fetched from memory together. */
#define VAI_DICTIONARY_BATCH 64

/* Behind each text 16 bytes can be read, whatever they are. The codes of @n texts, at most VAI_DICTIONARY_BATCH. An
 * empty text, and a new one of which @skip is TRUE, is not added and gives VAI_CODE_MISSING. */
void vai_dictionary_add_batch (VaiDictionary *self,
                               const char *const *texts,
                               const guint32 *lengths,
                               guint n,
                               gboolean (*skip) (const char *text, gsize length),
                               gint32 *codes);

/* Takes the text that was added last away again. */
void vai_dictionary_remove_last (VaiDictionary *self);

/* The code of @text or VAI_CODE_MISSING. */
gint32 vai_dictionary_lookup (const VaiDictionary *self, const char *text, gsize length);

/* The text of @code, NUL-terminated, owned by @self and valid until the next add. @length may be NULL. */
const char *vai_dictionary_get (const VaiDictionary *self, gint32 code, gsize *length);

guint vai_dictionary_get_size (const VaiDictionary *self);

/* Bytes held, for the memory bound of an import. */
gsize vai_dictionary_get_bytes (const VaiDictionary *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiDictionary, vai_dictionary_free)

G_END_DECLS
