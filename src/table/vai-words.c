#include "vai-words.h"

#include <string.h>

/* Names and values are short; what stands after so many bytes of a text does not name it. */
#define TEXT_BYTES_MAX 400

/* Letters without accents, still with their case; everything else as it is. */
static char *
without_accents (const char *text)
{
  g_autofree char *cut = g_utf8_make_valid (text, strnlen (text, TEXT_BYTES_MAX));
  g_autofree char *split = g_utf8_normalize (cut, -1, G_NORMALIZE_ALL);
  if (split == NULL)
    return g_strdup ("");
  GString *plain = g_string_new (NULL);
  for (const char *p = split; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (!g_unichar_ismark (c))
        g_string_append_unichar (plain, c);
    }
  return g_string_free (plain, FALSE);
}

static void
add_word (VaiWords *self, const char *start, gsize length)
{
  if (length == 0 || self->n == VAI_WORDS_MAX)
    return;
  g_autofree char *lower = g_utf8_strdown (start, length);
  g_strlcpy (self->words[self->n++], lower, VAI_WORD_BYTES);
}

static gboolean
begins_word (gunichar before, gunichar c, gunichar after)
{
  if (!g_unichar_isupper (c))
    return FALSE;
  return g_unichar_islower (before) || (g_unichar_isupper (before) && g_unichar_islower (after));
}

void
vai_words_split (VaiWords *self, const char *text)
{
  self->n = 0;
  g_autofree char *plain = without_accents (text);
  const char *start = NULL;
  gunichar before = 0;
  for (const char *p = plain; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gunichar after = g_utf8_get_char (g_utf8_next_char (p));
      gboolean letter = g_unichar_isalpha (c);
      if (start != NULL && (!letter || begins_word (before, c, after)))
        {
          add_word (self, start, p - start);
          start = NULL;
        }
      if (letter && start == NULL)
        start = p;
      if (c == '%')
        add_word (self, "percent", strlen ("percent"));
      if (c == '#')
        add_word (self, "number", strlen ("number"));
      before = c;
    }
  if (start != NULL)
    add_word (self, start, strlen (start));
}

static gboolean
cut_ending (char *word, const char *ending, gsize keep_min)
{
  gsize length = strlen (word), cut = strlen (ending);
  if (length < cut + keep_min || !g_str_has_suffix (word, ending))
    return FALSE;
  word[length - cut] = '\0';
  return TRUE;
}

void
vai_word_stem (char *word)
{
  /* A part of a country is not how things stand, nor a forecast a project. */
  if (g_str_equal (word, "state") || g_str_equal (word, "projection"))
    return;
  if (!g_str_has_suffix (word, "ss"))
    cut_ending (word, "s", 3);
  if (!cut_ending (word, "ment", 4) && !cut_ending (word, "ing", 4) && !cut_ending (word, "ed", 3))
    cut_ending (word, "ion", 4);
  gsize length = strlen (word);
  while (length >= 5 && strchr ("aeiou", word[length - 1]) != NULL)
    word[--length] = '\0';
}

void
vai_words_split_stems (VaiWords *self, const char *text)
{
  vai_words_split (self, text);
  for (guint i = 0; i < self->n; i++)
    vai_word_stem (self->words[i]);
}

struct _VaiPhrases
{
  guint n;
  VaiWords phrases[];
};

VaiPhrases *
vai_phrases_new (const char *list)
{
  g_auto (GStrv) parts = g_strsplit (list, "|", -1);
  guint n = g_strv_length (parts);
  VaiPhrases *self = g_malloc (sizeof *self + n * sizeof *self->phrases);
  self->n = n;
  for (guint i = 0; i < n; i++)
    vai_words_split_stems (&self->phrases[i], parts[i]);
  return self;
}

/* From word @at on, with at most @gap words between two of the phrase. */
static gboolean
stands_at (const VaiWords *phrase, const VaiWords *stems, guint at, guint gap)
{
  guint found = 0, skipped = 0;
  for (; at < stems->n && found < phrase->n && skipped <= gap; at++)
    if (g_str_equal (phrase->words[found], stems->words[at]))
      {
        found++;
        skipped = 0;
      }
    else if (found == 0)
      return FALSE;
    else
      skipped++;
  return found == phrase->n;
}

gboolean
vai_phrases_match (const VaiPhrases *self, const VaiWords *stems, guint gap)
{
  for (guint p = 0; p < self->n; p++)
    for (guint at = 0; at + self->phrases[p].n <= stems->n; at++)
      if (stands_at (&self->phrases[p], stems, at, gap))
        return TRUE;
  return FALSE;
}

char *
vai_words_fold (const char *text)
{
  g_autofree char *plain = without_accents (text);
  g_autofree char *lower = g_utf8_strdown (plain, -1);
  GString *folded = g_string_new (NULL);
  gboolean gap = FALSE;
  for (const char *p = lower; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (!g_unichar_isalnum (c))
        {
          gap = folded->len > 0;
          continue;
        }
      if (gap)
        g_string_append_c (folded, ' ');
      gap = FALSE;
      g_string_append_unichar (folded, c);
    }
  return g_string_free (folded, FALSE);
}
