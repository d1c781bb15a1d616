/* Delimited text cut into fields, a block at a time. Reads as Python's csv module does: a quote is special at the start
 * of a field only, a doubled quote inside stands for one, what follows a closing quote belongs to the field, and CR, LF
 * and CRLF each end a record outside quotes. One thing more: a quote that is opened and never closed costs its own
 * line, not the rest of the file. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes behind the text of a block that may be read, whatever they are: short fields are then loaded without a look at
 * their length. */
#define VAI_TOKENS_SLACK 16

typedef struct
{
  guint32 start; /* in the text of the block */
  guint32 length;
} VaiField;

typedef enum
{
  VAI_REJECT_NONE,
  VAI_REJECT_TOO_MANY,
  VAI_REJECT_TOO_FEW,
  VAI_REJECT_QUOTE,
} VaiReject;

typedef struct
{
  guint32 start, end; /* in the text, without the line end */
  guint32 line;       /* line ends before it in the block */
  guint32 first;      /* its first field */
  guint32 n_fields;   /* as they stand in the file */
  VaiReject reject;
} VaiTokenRecord;

typedef struct
{
  char delimiter;           /* '\0': none, each record is one field */
  char quote;               /* '\0': none */
  guint n_columns;          /* 0: any number; else only fitting records are kept, each with exactly so many fields */
  gboolean lose_first_line; /* the first line opens a quote that is known not to close */
} VaiTokenRules;

typedef struct
{
  char *text; /* borrowed and written to: doubled quotes are undone in place */
  gsize length;
  VaiField *fields; /* owned */
  gsize n_fields, fields_capacity;
  VaiTokenRecord *records; /* owned */
  gsize n_records, records_capacity;
  VaiTokenRecord *rejected; /* owned; their text is as it was */
  gsize n_rejected, rejected_capacity;
  gsize consumed;      /* bytes of whole records; what follows belongs to the next block */
  guint32 n_lines;     /* line ends in them */
  guint32 n_blank;     /* records without any text, left out */
  guint32 n_padded;    /* records that lacked fields at their end */
  gboolean open_quote; /* the rest stands in a quote that was opened */
  guint32 open_lines;  /* line ends in it */
  guint32 open_field;  /* number of its field, from 0 */
} VaiTokens;

/* A record that lacks fields is taken as short, with the rest missing, when it has at least this share of them; below
 * it is rejected. */
#define VAI_TOKENS_SHORT_SHARE 0.5

void vai_tokens_clear (VaiTokens *self);

/* Cuts @text; what @self held before is replaced, its memory used again. @last: the text ends here, so its last record
 * is whole. */
void vai_tokens_cut (VaiTokens *self, const VaiTokenRules *rules, char *text, gsize length, gboolean last);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VaiTokens, vai_tokens_clear)

G_END_DECLS
