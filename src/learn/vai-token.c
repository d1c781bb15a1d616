#include "vai-token.h"

#include <string.h>

/* Longer words are cut to it. */
#define TOKEN_SIZE 48

static inline gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || (guchar) c >= 0x80;
}

gboolean
vai_token_next (const char *text, gsize length, gsize *at, char *token, gsize size)
{
  gsize i = *at, n = 0;
  length = MIN (length, VAI_TOKEN_TEXT_MAX);
  while (i < length && !is_word (text[i]))
    i++;
  for (; i < length && is_word (text[i]); i++)
    if (n + 1 < size)
      token[n++] = g_ascii_tolower (text[i]);
  token[n] = '\0';
  *at = i;
  if (n == 0)
    return FALSE;
  /* A cut must not leave half a character. */
  const char *valid;
  if (!g_utf8_validate (token, n, &valid))
    token[valid - token] = '\0';
  return TRUE;
}

gboolean
vai_token_find (const char *text, gsize length, const char *token)
{
  char word[TOKEN_SIZE];
  gsize at = 0;
  while (vai_token_next (text, length, &at, word, sizeof word))
    if (strcmp (word, token) == 0)
      return TRUE;
  return FALSE;
}
