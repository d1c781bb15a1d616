#include "vai-cell.h"

#include <string.h>

/* Blanks beyond ASCII that stand in real files: no-break space, thin spaces, word joiner, byte order mark. */
static const char *const wide_blanks[]
    = { "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x89", "\xe2\x81\xa0", "\xe2\x80\x8b", "\xef\xbb\xbf" };

static const char *const missing_words[]
    = { "n/a",          "na",           "n.a.",    "n/d",     "n.d.",    "-",      "--",     "---",
        "\xe2\x80\x93", "\xe2\x80\x94", "null",    "none",    "nan",     "<na>",   "(null)", "#n/a",
        "#n/d",         "#null!",       "#div/0!", "#ref!",   "#value!", "#name?", "#num!",  "#valore!",
        "#rif!",        "#nome?",       "(blank)", "(vuoto)", "(empty)", "nil",    "?",      "." };

/* Longest of them. */
#define MISSING_WORD_MAX 8

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
  if (length > MISSING_WORD_MAX)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (missing_words); i++)
    if (strlen (missing_words[i]) == length && g_ascii_strncasecmp (text, missing_words[i], length) == 0)
      return TRUE;
  return FALSE;
}
