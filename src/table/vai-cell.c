#include "vai-cell.h"

#include <string.h>

/* Blanks beyond ASCII that stand in real files: no-break space, thin spaces, word joiner, byte order mark. */
static const char *const wide_blanks[]
    = { "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x89", "\xe2\x81\xa0", "\xe2\x80\x8b", "\xef\xbb\xbf" };

typedef struct
{
  const char *text;
  gsize length;
} Word;

#define WORD(text)                                                                                                     \
  {                                                                                                                    \
    text, sizeof (text) - 1                                                                                            \
  }

/* In lower case. */
static const Word missing_words[] = {
  WORD ("n/a"),     WORD ("na"),     WORD ("n.a."),         WORD ("n/d"),          WORD ("n.d."),    WORD ("-"),
  WORD ("--"),      WORD ("---"),    WORD ("\xe2\x80\x93"), WORD ("\xe2\x80\x94"), WORD ("null"),    WORD ("none"),
  WORD ("nan"),     WORD ("<na>"),   WORD ("(null)"),       WORD ("#n/a"),         WORD ("#n/d"),    WORD ("#null!"),
  WORD ("#div/0!"), WORD ("#ref!"),  WORD ("#value!"),      WORD ("#name?"),       WORD ("#num!"),   WORD ("#valore!"),
  WORD ("#rif!"),   WORD ("#nome?"), WORD ("(blank)"),      WORD ("(vuoto)"),      WORD ("(empty)"), WORD ("nil"),
  WORD ("?"),       WORD ("."),
};

/* Longest of them. */
#define MISSING_WORD_MAX 8

/* What they begin with. */
#define MISSING_WORD_FIRST "nN-\xe2<(#?."

static gsize
blank_at (const char *text, gsize length)
{
  if (length == 0)
    return 0;
  if (*text == ' ' || *text == '\t' || *text == '\n' || *text == '\r' || *text == '\v' || *text == '\f')
    return 1;
  for (guint i = 0; (guint8) *text >= 0xc2 && i < G_N_ELEMENTS (wide_blanks); i++)
    {
      gsize n = strlen (wide_blanks[i]);
      if (length >= n && memcmp (text, wide_blanks[i], n) == 0)
        return n;
    }
  return 0;
}

static gsize
blank_before (const char *text, gsize length)
{
  for (gsize n = 1; n <= 3 && n <= length; n++)
    if (blank_at (text + length - n, n) == n)
      return n;
  return 0;
}

void
vai_cell_trim (const char **text, gsize *length)
{
  gsize n;
  while ((n = blank_at (*text, *length)) > 0)
    {
      *text += n;
      *length -= n;
    }
  while ((n = blank_before (*text, *length)) > 0)
    *length -= n;
}

gboolean
vai_cell_is_missing (const char *text, gsize length)
{
  if (length == 0)
    return TRUE;
  /* Nearly every text is none: the first letter tells. */
  if (length > MISSING_WORD_MAX || strchr (MISSING_WORD_FIRST, *text) == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (missing_words); i++)
    if (missing_words[i].length == length && g_ascii_strncasecmp (text, missing_words[i].text, length) == 0)
      return TRUE;
  return FALSE;
}
