#include "vai-json-text.h"

#include <math.h>
#include <string.h>

#define DEPTH_MAX 64
#define NUMBER_BYTES_MAX 64

typedef struct
{
  const char *at, *end;
} Scan;

static char
peek (const Scan *scan)
{
  return scan->at < scan->end ? *scan->at : '\0';
}

static gboolean
take (Scan *scan, char wanted)
{
  if (peek (scan) != wanted)
    return FALSE;
  scan->at++;
  return TRUE;
}

static void
skip_space (Scan *scan)
{
  while (scan->at < scan->end && strchr (" \t\n\r", *scan->at) != NULL && *scan->at != '\0')
    scan->at++;
}

static gboolean
take_word (Scan *scan, const char *word)
{
  gsize length = strlen (word);
  if ((gsize) (scan->end - scan->at) < length || memcmp (scan->at, word, length) != 0)
    return FALSE;
  scan->at += length;
  return TRUE;
}

static guint
take_digits (Scan *scan)
{
  guint n = 0;
  for (; g_ascii_isdigit (peek (scan)); n++)
    scan->at++;
  return n;
}

static gboolean
take_number (Scan *scan)
{
  const char *start = scan->at;
  take (scan, '-');
  if (!take (scan, '0') && take_digits (scan) == 0)
    return FALSE;
  if (take (scan, '.') && take_digits (scan) == 0)
    return FALSE;
  if (take (scan, 'e') || take (scan, 'E'))
    {
      if (!take (scan, '+'))
        take (scan, '-');
      if (take_digits (scan) == 0)
        return FALSE;
    }
  if (scan->at - start > NUMBER_BYTES_MAX)
    return FALSE;
  char number[NUMBER_BYTES_MAX + 1] = "";
  memcpy (number, start, (gsize) (scan->at - start));
  return isfinite (g_ascii_strtod (number, NULL));
}

/* Four digits behind “\u”; 0 when they are not there, which is no character that we take. */
static guint
take_unit (Scan *scan)
{
  guint unit = 0;
  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (peek (scan));
      if (digit < 0)
        return 0;
      unit = unit * 16 + (guint) digit;
      scan->at++;
    }
  return unit;
}

static gboolean
take_escape (Scan *scan)
{
  if (!take (scan, 'u'))
    {
      gboolean known = peek (scan) != '\0' && strchr ("\"\\/bfnrt", peek (scan)) != NULL;
      scan->at += known;
      return known;
    }
  guint unit = take_unit (scan);
  if (unit < 0xd800 || unit > 0xdfff)
    return unit != 0;
  guint low = unit < 0xdc00 && take (scan, '\\') && take (scan, 'u') ? take_unit (scan) : 0;
  return low >= 0xdc00 && low <= 0xdfff;
}

static gboolean
take_string (Scan *scan)
{
  if (!take (scan, '"'))
    return FALSE;
  while (scan->at < scan->end)
    {
      if (take (scan, '"'))
        return TRUE;
      if ((guchar) *scan->at < ' ')
        return FALSE;
      if (*scan->at++ == '\\' && !take_escape (scan))
        return FALSE;
    }
  return FALSE;
}

static gboolean
take_scalar (Scan *scan)
{
  switch (peek (scan))
    {
    case '"':
      return take_string (scan);
    case 't':
      return take_word (scan, "true");
    case 'f':
      return take_word (scan, "false");
    case 'n':
      return take_word (scan, "null");
    default:
      return take_number (scan);
    }
}

/* The name and the colon before a member's value. */
static gboolean
take_name (Scan *scan)
{
  skip_space (scan);
  if (!take_string (scan))
    return FALSE;
  skip_space (scan);
  return take (scan, ':');
}

/* After a value: what ends with it, up to the next value. */
static gboolean
take_ends (Scan *scan, const char *open, guint *depth)
{
  for (skip_space (scan); *depth > 0; skip_space (scan))
    {
      char kind = open[*depth - 1];
      if (take (scan, ','))
        return kind == '[' || take_name (scan);
      if (!take (scan, kind == '[' ? ']' : '}'))
        return FALSE;
      (*depth)--;
    }
  return TRUE;
}

gboolean
vai_json_text_is_object (const char *text, gsize size, guint depth_max)
{
  char open[DEPTH_MAX];
  guint depth = 0;
  Scan scan = { text, text + size };
  if (!g_utf8_validate_len (text, size, NULL))
    return FALSE;
  skip_space (&scan);
  if (peek (&scan) != '{')
    return FALSE;
  do
    {
      skip_space (&scan);
      char kind = peek (&scan);
      gboolean empty = FALSE;
      if (kind == '{' || kind == '[')
        {
          if (depth == MIN (depth_max, DEPTH_MAX))
            return FALSE;
          open[depth++] = kind;
          scan.at++;
          skip_space (&scan);
          empty = peek (&scan) == (kind == '[' ? ']' : '}');
          if (!empty && (kind == '[' || take_name (&scan)))
            continue;
          if (!empty)
            return FALSE;
        }
      else if (!take_scalar (&scan))
        return FALSE;
      if (!take_ends (&scan, open, &depth))
        return FALSE;
    }
  while (depth > 0);
  return scan.at == scan.end;
}
