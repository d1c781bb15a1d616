/* The words of a column's name or of a value: without case, accents and endings, split at blanks, signs, digits and
 * capitals. */
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

/* Cuts the endings of English and Italian number, gender and tense, in place: "quotes", "quoted" and "quote" become one
 * word. */
void vai_word_stem (char *word);

/* As vai_words_split(), with every word cut by vai_word_stem(). */
void vai_words_split_stems (VaiWords *self, const char *text);

/* A list of phrases parted by "|", read once. */
typedef struct _VaiPhrases VaiPhrases;

VaiPhrases *vai_phrases_new (const char *list);

/* Does one of the phrases stand in @stems, its words in order and with at most @gap other words between two of them? */
gboolean vai_phrases_match (const VaiPhrases *self, const VaiWords *stems, guint gap);

/* The text in lower case without accents, blanks and signs at its ends made one blank between words. Free with
 * g_free(). */
char *vai_words_fold (const char *text);

G_END_DECLS
