#include "vai-tokens.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Bytes looked at together: one bit each in a mask. */
#define GROUP 64

/* In VaiField.length while a record is read: the field has doubled quotes or text after its closing quote. */
#define NEEDS_MENDING (1u << 31)

typedef struct
{
  VaiTokens *tokens;
  const VaiTokenRules *rules;
  gboolean last;
  /* The record being read. */
  gsize record_start;
  gsize field_start;
  gsize first;         /* index of its first field */
  guint32 record_line; /* line ends before it */
  guint32 lines;       /* line ends so far */
  gboolean in_quote;
  gboolean quoted;    /* the field began with a quote */
  gboolean odd;       /* the field has doubled quotes or text after its closing quote */
  gsize closed;       /* position of its closing quote */
  gsize skip;         /* second of a doubled quote */
  gboolean mend;      /* some field of the record needs mending */
  guint32 quote_line; /* line ends before the opening quote of the field */
  gboolean stray;     /* text follows the closing quote of a field of several lines */
  gsize restart;      /* where to begin again after a stray quote; 0: no */
} Cutter;

typedef struct
{
  guint64 ends; /* delimiter or line end */
  guint64 quotes;
} Masks;

#ifdef __SSE2__
static inline Masks
find_marks (const char *text, char delimiter, char quote)
{
  const __m128i delimiters = _mm_set1_epi8 (delimiter), quotes = _mm_set1_epi8 (quote);
  const __m128i feeds = _mm_set1_epi8 ('\n'), returns = _mm_set1_epi8 ('\r');
  Masks masks = { 0, 0 };
  for (guint i = 0; i < GROUP / 16; i++)
    {
      __m128i bytes = _mm_loadu_si128 ((const __m128i *) (const void *) (text + 16 * i));
      __m128i ends = _mm_or_si128 (_mm_cmpeq_epi8 (bytes, delimiters),
                                   _mm_or_si128 (_mm_cmpeq_epi8 (bytes, feeds), _mm_cmpeq_epi8 (bytes, returns)));
      masks.ends |= (guint64) (guint32) _mm_movemask_epi8 (ends) << (16 * i);
      masks.quotes |= (guint64) (guint32) _mm_movemask_epi8 (_mm_cmpeq_epi8 (bytes, quotes)) << (16 * i);
    }
  return masks;
}
#else
static inline Masks
find_marks (const char *text, char delimiter, char quote)
{
  Masks masks = { 0, 0 };
  for (guint i = 0; i < GROUP; i++)
    {
      char c = text[i];
      masks.ends |= (guint64) (c == delimiter || c == '\n' || c == '\r') << i;
      masks.quotes |= (guint64) (c == quote) << i;
    }
  return masks;
}
#endif

/* The same for the end of the text, without reading over it. */
static Masks
find_last_marks (const char *text, gsize n, char delimiter, char quote)
{
  char group[GROUP] = { 0 };
  memcpy (group, text, n);
  Masks masks = find_marks (group, delimiter, quote);
  guint64 valid = n >= GROUP ? G_MAXUINT64 : ((guint64) 1 << n) - 1;
  masks.ends &= valid;
  masks.quotes &= valid;
  return masks;
}

static void
reserve (VaiTokens *self, guint n_columns)
{
  /* A short record is filled up to at most twice its fields. */
  if (self->n_fields + 2 * GROUP + n_columns + 1 > self->fields_capacity)
    {
      self->fields_capacity = 2 * self->fields_capacity + 4 * GROUP + 2 * n_columns;
      self->fields = g_renew (VaiField, self->fields, self->fields_capacity);
    }
  if (self->n_records + GROUP + 1 > self->records_capacity)
    {
      self->records_capacity = 2 * self->records_capacity + 4 * GROUP;
      self->records = g_renew (VaiTokenRecord, self->records, self->records_capacity);
    }
}

static void
begin_record (Cutter *cutter, gsize at)
{
  cutter->record_start = at;
  cutter->field_start = at;
  cutter->first = cutter->tokens->n_fields;
  cutter->record_line = cutter->lines;
  cutter->in_quote = FALSE;
  cutter->quoted = FALSE;
  cutter->odd = FALSE;
  cutter->mend = FALSE;
  cutter->stray = FALSE;
}

static inline void
end_field (Cutter *cutter, gsize at)
{
  VaiField *field = &cutter->tokens->fields[cutter->tokens->n_fields++];
  gsize start = cutter->field_start;
  cutter->field_start = at + 1;
  if (G_LIKELY (!cutter->quoted))
    {
      *field = (VaiField){ start, at - start };
      return;
    }
  gboolean plain = !cutter->odd && cutter->closed == at - 1 && !cutter->in_quote;
  if (plain)
    *field = (VaiField){ start + 1, at - start - 2 };
  else
    *field = (VaiField){ start, (guint32) (at - start) | NEEDS_MENDING };
  cutter->stray |= !cutter->in_quote && cutter->closed != at - 1 && cutter->lines > cutter->quote_line;
  cutter->mend |= !plain;
  cutter->quoted = FALSE;
  cutter->odd = FALSE;
}

/* Undoes the quoting of one field in place. */
static void
mend_field (char *text, VaiField *field, char quote)
{
  gsize end = field->start + (field->length & ~NEEDS_MENDING);
  gsize from = field->start + 1, to = from;
  gboolean inside = TRUE;
  while (from < end)
    {
      char c = text[from++];
      if (inside && c == quote)
        {
          inside = from < end && text[from] == quote;
          if (!inside)
            continue;
          from++;
        }
      text[to++] = c;
    }
  field->start++;
  field->length = to - field->start;
}

static void
mend_record (VaiTokens *self, gsize first, char quote)
{
  for (gsize i = first; i < self->n_fields; i++)
    if ((self->fields[i].length & NEEDS_MENDING) != 0)
      mend_field (self->text, &self->fields[i], quote);
}

static void
reject (Cutter *cutter, gsize end, guint n_fields, VaiReject why)
{
  VaiTokens *tokens = cutter->tokens;
  if (tokens->n_rejected == tokens->rejected_capacity)
    {
      tokens->rejected_capacity = 2 * tokens->rejected_capacity + 16;
      tokens->rejected = g_renew (VaiTokenRecord, tokens->rejected, tokens->rejected_capacity);
    }
  tokens->rejected[tokens->n_rejected++]
      = (VaiTokenRecord){ cutter->record_start, end, cutter->record_line, tokens->n_records, n_fields, why };
  tokens->n_fields = cutter->first;
}

static inline void
keep (Cutter *cutter, gsize end, guint n_fields)
{
  VaiTokens *tokens = cutter->tokens;
  tokens->records[tokens->n_records++]
      = (VaiTokenRecord){ cutter->record_start, end, cutter->record_line, cutter->first, n_fields, VAI_REJECT_NONE };
}

static gsize
end_of_line (const VaiTokens *tokens, gsize at)
{
  while (at < tokens->length && tokens->text[at] != '\n' && tokens->text[at] != '\r')
    at++;
  return at;
}

/* Length of the line end at @at: 0, 1 or 2. */
static inline gsize
line_end_at (const VaiTokens *tokens, gsize at)
{
  if (at >= tokens->length)
    return 0;
  return tokens->text[at] == '\r' && at + 1 < tokens->length && tokens->text[at + 1] == '\n' ? 2 : 1;
}

/* The first line of the record alone is lost: reading goes on behind it. */
static void
give_up_line (Cutter *cutter)
{
  gsize end = end_of_line (cutter->tokens, cutter->record_start);
  cutter->lines = cutter->record_line + 1;
  reject (cutter, end, 0, VAI_REJECT_QUOTE);
  cutter->restart = end + line_end_at (cutter->tokens, end);
}

static gboolean
is_blank (const VaiTokens *tokens, gsize first)
{
  for (gsize i = first; i < tokens->n_fields; i++)
    if ((tokens->fields[i].length & ~NEEDS_MENDING) > 0)
      return FALSE;
  return TRUE;
}

static gboolean
fits (Cutter *cutter, gsize end, guint n_fields)
{
  VaiTokens *tokens = cutter->tokens;
  guint wanted = cutter->rules->n_columns;
  if (n_fields > wanted && !is_blank (tokens, cutter->first + wanted))
    {
      reject (cutter, end, n_fields, VAI_REJECT_TOO_MANY);
      return FALSE;
    }
  if (n_fields < VAI_TOKENS_SHORT_SHARE * wanted)
    {
      reject (cutter, end, n_fields, VAI_REJECT_TOO_FEW);
      return FALSE;
    }
  tokens->n_padded += n_fields < wanted;
  tokens->n_fields = cutter->first + MIN (n_fields, wanted);
  for (guint i = n_fields; i < wanted; i++)
    tokens->fields[tokens->n_fields++] = (VaiField){ end, 0 };
  return TRUE;
}

/* A record that is not just as many plain fields as wanted. */
static void
end_odd_record (Cutter *cutter, gsize end, guint n_fields)
{
  VaiTokens *tokens = cutter->tokens;
  gboolean ragged = cutter->rules->n_columns > 0 && n_fields != cutter->rules->n_columns;
  if (cutter->stray && ragged)
    {
      give_up_line (cutter);
      return;
    }
  if (is_blank (tokens, cutter->first))
    {
      tokens->n_fields = cutter->first;
      tokens->n_blank++;
      return;
    }
  if (ragged && !fits (cutter, end, n_fields))
    return;
  if (cutter->mend)
    mend_record (tokens, cutter->first, cutter->rules->quote);
  keep (cutter, end, n_fields);
}

static inline void
end_record (Cutter *cutter, gsize at)
{
  end_field (cutter, at);
  VaiTokens *tokens = cutter->tokens;
  guint n_fields = tokens->n_fields - cutter->first;
  /* Shorter than a character a field: perhaps nothing but delimiters. */
  gboolean spare = at - cutter->record_start < 3 * (gsize) n_fields;
  if (G_LIKELY (n_fields == cutter->rules->n_columns && !cutter->mend && !spare
                && cutter->lines == cutter->record_line))
    keep (cutter, at, n_fields);
  else
    end_odd_record (cutter, at, n_fields);
  if (G_UNLIKELY (cutter->restart > 0))
    return;
  cutter->lines++;
  begin_record (cutter, at + line_end_at (tokens, at));
}

/* One mark inside a quoted field. */
static void
step_quoted (Cutter *cutter, gsize at)
{
  const VaiTokens *tokens = cutter->tokens;
  char c = tokens->text[at];
  if (c == cutter->rules->quote)
    {
      if (at == cutter->skip)
        return;
      if (at + 1 < tokens->length && tokens->text[at + 1] == c)
        {
          cutter->skip = at + 1;
          cutter->odd = TRUE;
          return;
        }
      cutter->in_quote = FALSE;
      cutter->closed = at;
    }
  else if (c == '\n')
    cutter->lines++;
  else if (c == '\r')
    cutter->lines += at + 1 >= tokens->length || tokens->text[at + 1] != '\n';
}

static inline void
step (Cutter *cutter, gsize at)
{
  if (G_UNLIKELY (cutter->in_quote))
    {
      step_quoted (cutter, at);
      return;
    }
  char c = cutter->tokens->text[at];
  if (c == cutter->rules->delimiter)
    end_field (cutter, at);
  else if (c == '\n' || c == '\r')
    {
      if (at >= cutter->record_start)
        end_record (cutter, at);
    }
  else if (at == cutter->field_start && c == cutter->rules->quote)
    {
      cutter->in_quote = TRUE;
      cutter->quoted = TRUE;
      cutter->quote_line = cutter->lines;
    }
}

/* From @from to the end of the text or to a stray quote. */
static void
cut_from (Cutter *cutter, gsize from)
{
  VaiTokens *tokens = cutter->tokens;
  const VaiTokenRules *rules = cutter->rules;
  /* A line end is looked for anyhow: it stands for "none". */
  char delimiter = rules->delimiter != '\0' ? rules->delimiter : '\n';
  char quote = rules->quote != '\0' ? rules->quote : '\n';
  cutter->restart = 0;
  cutter->skip = G_MAXSIZE;
  begin_record (cutter, from);
  for (gsize base = from; base < tokens->length; base += GROUP)
    {
      gsize left = tokens->length - base;
      Masks masks = left >= GROUP ? find_marks (tokens->text + base, delimiter, quote)
                                  : find_last_marks (tokens->text + base, left, delimiter, quote);
      guint64 bits = masks.ends | masks.quotes;
      if (bits == 0)
        continue;
      reserve (tokens, rules->n_columns);
      do
        {
          step (cutter, base + __builtin_ctzll (bits));
          bits &= bits - 1;
        }
      while (bits != 0 && cutter->restart == 0);
      if (G_UNLIKELY (cutter->restart > 0))
        return;
    }
}

/* The text is over: what is left is the last record, or the beginning of one that the next block ends. */
static void
finish (Cutter *cutter)
{
  VaiTokens *tokens = cutter->tokens;
  tokens->open_quote = cutter->in_quote;
  tokens->open_lines = cutter->lines - cutter->record_line;
  tokens->open_field = tokens->n_fields - cutter->first;
  if (!cutter->last)
    {
      tokens->n_fields = cutter->first;
      tokens->consumed = MIN (cutter->record_start, tokens->length);
      cutter->lines = cutter->record_line;
      return;
    }
  reserve (tokens, cutter->rules->n_columns);
  if (cutter->in_quote && cutter->lines > cutter->record_line)
    give_up_line (cutter);
  else if (cutter->record_start < tokens->length)
    end_record (cutter, tokens->length);
}

void
vai_tokens_cut (VaiTokens *self, const VaiTokenRules *rules, char *text, gsize length, gboolean last)
{
  g_return_if_fail (length < NEEDS_MENDING);
  Cutter cutter = { .tokens = self, .rules = rules, .last = last };
  self->text = text;
  self->length = length;
  self->n_fields = self->n_records = self->n_rejected = 0;
  self->n_blank = self->n_padded = 0;
  self->consumed = length;
  reserve (self, rules->n_columns);
  gsize from = 0;
  if (rules->lose_first_line)
    {
      begin_record (&cutter, 0);
      give_up_line (&cutter);
      from = cutter.restart;
    }
  do
    {
      cut_from (&cutter, from);
      if (cutter.restart == 0)
        finish (&cutter);
      from = cutter.restart;
    }
  while (from > 0 && from < length);
  self->n_lines = cutter.lines;
}

void
vai_tokens_clear (VaiTokens *self)
{
  g_clear_pointer (&self->fields, g_free);
  g_clear_pointer (&self->records, g_free);
  g_clear_pointer (&self->rejected, g_free);
}
