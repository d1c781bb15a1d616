#include "vai-delimited.h"

#include "vai-error.h"
#include "vai-sniff.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* So much text behind a quote that stays open is looked at, to tell what it is. */
#define BEHIND_QUOTE_BYTES (64 * 1024)

struct _VaiDelimited
{
  VaiTextSource *source; /* owned */
  char *buffer;          /* owned */
  gsize capacity;
  char *spare; /* owned: the block before, which may still be in use */
  gsize spare_capacity;
  gsize start; /* what is before was used */
  gsize ready; /* what is before can be cut */
  gsize end;   /* what is between is the beginning of a line that is not unwrapped yet */
  char wrap;   /* quote around each line; '\0': none */
  gboolean ended;
  gboolean rewound;
  gboolean after_return; /* the last used byte was a CR: an LF behind it is the same line end */
  guint64 line;          /* line ends before start */
};

VaiDelimited *
vai_delimited_new (VaiTextSource *source)
{
  VaiDelimited *self = g_new0 (VaiDelimited, 1);
  self->source = source;
  self->capacity = VAI_DELIMITED_BLOCK;
  self->buffer = g_malloc0 (self->capacity + VAI_TOKENS_SLACK);
  self->rewound = TRUE;
  return self;
}

void
vai_delimited_free (VaiDelimited *self)
{
  if (self == NULL)
    return;
  vai_text_source_free (self->source);
  g_free (self->buffer);
  g_free (self->spare);
  g_free (self);
}

static gsize
end_of_last_line (const char *text, gsize length)
{
  while (length > 0 && text[length - 1] != '\n' && text[length - 1] != '\r')
    length--;
  return length;
}

/* Makes whole lines behind "ready" ready. */
static void
make_ready (VaiDelimited *self)
{
  if (self->wrap == '\0')
    {
      self->ready = self->end;
      return;
    }
  char *from = self->buffer + self->ready;
  gsize length = self->end - self->ready;
  gsize whole = self->ended ? length : end_of_last_line (from, length);
  gsize unwrapped = vai_sniff_unwrap (from, whole, self->wrap);
  memmove (from + unwrapped, from + whole, length - whole);
  self->ready += unwrapped;
  self->end = self->ready + length - whole;
}

/* Moves what is left to the front and fills the buffer. */
static gboolean
fill (VaiDelimited *self, GError **error)
{
  memmove (self->buffer, self->buffer + self->start, self->end - self->start);
  self->ready -= self->start;
  self->end -= self->start;
  self->start = 0;
  while (!self->ended && self->capacity - self->end >= 64)
    {
      gssize n = vai_text_source_read (self->source, self->buffer + self->end, self->capacity - self->end, error);
      if (n < 0)
        return FALSE;
      self->ended = n == 0;
      self->end += n;
    }
  make_ready (self);
  return TRUE;
}

/* The block that was given stays as it is: what is left of it goes on in the other buffer. */
static void
change_buffer (VaiDelimited *self)
{
  gsize left = self->end - self->start;
  if (self->spare_capacity < self->capacity)
    {
      self->spare_capacity = self->capacity;
      self->spare = g_realloc (self->spare, self->spare_capacity + VAI_TOKENS_SLACK);
    }
  memcpy (self->spare, self->buffer + self->start, left);
  char *buffer = self->buffer;
  gsize capacity = self->capacity;
  self->buffer = self->spare;
  self->capacity = self->spare_capacity;
  self->spare = buffer;
  self->spare_capacity = capacity;
  self->ready -= self->start;
  self->end = left;
  self->start = 0;
}

const char *
vai_delimited_peek (VaiDelimited *self, gsize *length, gboolean *whole, GError **error)
{
  gboolean filled = fill (self, error);
  *length = filled ? self->ready - self->start : 0;
  *whole = self->ended;
  return self->buffer + self->start;
}

void
vai_delimited_unwrap (VaiDelimited *self, char quote)
{
  self->wrap = quote;
  self->ready = self->start;
  make_ready (self);
}

gboolean
vai_delimited_start (VaiDelimited *self, gsize bytes, guint lines, GError **error)
{
  if (!self->rewound)
    {
      if (!vai_text_source_rewind (self->source, error))
        return FALSE;
      self->start = self->ready = self->end = 0;
      self->ended = FALSE;
      self->after_return = FALSE;
      self->line = 0;
      if (!fill (self, error))
        return FALSE;
    }
  self->start = MIN (bytes, self->ready);
  self->line = lines;
  self->rewound = FALSE;
  return TRUE;
}

/* A quote is open for as long as a field may be. Either nobody closes it, and the lines behind it are records; or they
 * are prose, and all of it is one long text, which must not be taken for rows. */
static gboolean
is_never_closed (const VaiDelimited *self, const VaiTokenRules *rules)
{
  const char *text = self->buffer + self->start;
  const char *end = text + (self->ready - self->start);
  const char *behind = memchr (text, '\n', end - text);
  behind = behind != NULL ? behind : memchr (text, '\r', end - text);
  gsize length = behind != NULL ? MIN (BEHIND_QUOTE_BYTES, end - behind) : 0;
  g_autofree char *copy = g_malloc0 (length + VAI_TOKENS_SLACK);
  g_auto (VaiTokens) tokens = { 0 };
  memcpy (copy, behind != NULL ? behind : text, length);
  vai_tokens_cut (&tokens, rules, copy, length, FALSE);
  gsize n_whole = 0;
  for (gsize i = 0; i < tokens.n_records; i++)
    n_whole += rules->n_columns == 0 || tokens.records[i].n_fields == rules->n_columns;
  return n_whole > 0 && n_whole >= (tokens.n_records + tokens.n_rejected) / 2;
}

static gboolean
grow (VaiDelimited *self, const VaiTokens *tokens, GError **error)
{
  if (self->ready - self->start < VAI_DELIMITED_FIELD_MAX)
    {
      self->capacity *= 2;
      self->buffer = g_realloc (self->buffer, self->capacity + VAI_TOKENS_SLACK);
      return fill (self, error);
    }
  g_set_error (
      error, VAI_ERROR, VAI_ERROR_TOO_LARGE,
      _ ("Line %" PRIu64 ", column %u holds %.0f MB or more; at most %d MB can be read in one field. Is this a table?"),
      self->line + 1, tokens->open_field + 1, (self->ready - self->start) / 1048576.0,
      VAI_DELIMITED_FIELD_MAX / 1048576);
  return FALSE;
}

static void
use (VaiDelimited *self, const VaiTokens *tokens)
{
  if (tokens->consumed > 0)
    self->after_return = tokens->text[tokens->consumed - 1] == '\r';
  self->start += tokens->consumed;
  self->line += tokens->n_lines;
}

gboolean
vai_delimited_next (VaiDelimited *self,
                    const VaiTokenRules *rules,
                    VaiTokens *tokens,
                    guint64 *first_line,
                    GError **error)
{
  VaiTokenRules now = *rules;
  change_buffer (self);
  if (!fill (self, error))
    return FALSE;
  for (;;)
    {
      if (self->after_return && self->start < self->ready && self->buffer[self->start] == '\n')
        self->start++;
      self->after_return = FALSE;
      if (self->ended && self->start == self->ready)
        return FALSE;
      vai_tokens_cut (tokens, &now, self->buffer + self->start, self->ready - self->start, self->ended);
      if (tokens->consumed > 0)
        break;
      now.lose_first_line = tokens->open_quote && tokens->open_lines > 0
                            && self->ready - self->start >= VAI_DELIMITED_FIELD_MAX && is_never_closed (self, rules);
      if (!now.lose_first_line && !grow (self, tokens, error))
        return FALSE;
    }
  *first_line = self->line + 1;
  use (self, tokens);
  return TRUE;
}
