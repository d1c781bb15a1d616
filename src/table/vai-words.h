/* The words of a column's name or of a value: without case, accents and endings, split at blanks, signs, digits and capitals. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A name of more words is a sentence: its first ones tell what it is. */
#define VAI_WORDS_MAX 16

/* Longer words are cut: no word of ours is. */
#define VAI_WORD_BYTES 24

typedef struct
{
  guint n;
  char words[VAI_WORDS_MAX][VAI_WORD_BYTES];
} VaiWords;

/* "QuoteTotal (€)" gives "quote", "total"; "%" gives "percent" and "#" gives "number". */
void vai_words_split (VaiWords *self, const char *text);

/* Cuts the endings of English and Italian number, gender and tense, in place: "quotes", "quoted" and "quote" become one word. */
void vai_word_stem (char *word);

/* Does @phrase, words in lower case parted by blanks, stand in @self in this order and without a gap? Endings do not matter. */
gboolean vai_words_contain (const VaiWords *self, const char *phrase);

/* The text in lower case without accents, blanks and signs at its ends made one blank between words. Free with g_free(). */
char *vai_words_fold (const char *text);

G_END_DECLS
