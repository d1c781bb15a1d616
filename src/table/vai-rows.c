#include "vai-rows.h"

#include "vai-delimited.h"
#include "vai-error.h"
#include "vai-sheet-blocks.h"
#include "vai-sniff.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>

struct _VaiRows
{
  char *path; /* owned */
  GCancellable *cancellable;
  VaiDialect dialect;
  VaiLayout layout;
  VaiTokens sample;
  char *sample_text;       /* owned */
  VaiDelimited *delimited; /* owned; NULL for a sheet */
  VaiTextSource *source;   /* owned by delimited */
  VaiSheetBlocks *sheet;   /* owned; NULL for text */
  guint64 file_size;
  VaiTokenRules rules;
  gboolean whole;         /* the sample is all there is */
  gboolean has_long_line; /* not even one record ends in the sample */
};

/* The first block cut without knowing the number of columns. */
static gboolean
cut_sample (VaiRows *self, GError **error)
{
  gsize length;
  const char *text = vai_delimited_peek (self->delimited, &length, &self->whole, error);
  if (length == 0)
    return FALSE;
  g_free (self->sample_text);
  self->sample_text = g_memdup2 (text, length);
  vai_tokens_cut (&self->sample, &self->rules, self->sample_text, length, self->whole);
  self->has_long_line = self->sample.n_records == 0 && !self->whole;
  if (self->has_long_line)
    vai_tokens_cut (&self->sample, &self->rules, self->sample_text, length, TRUE);
  return TRUE;
}

static gboolean
find_dialect (VaiRows *self, GError **error)
{
  gsize length;
  gboolean whole;
  const char *text = vai_delimited_peek (self->delimited, &length, &whole, error);
  if (length == 0 && (error == NULL || *error == NULL))
    g_set_error (error, VAI_ERROR, VAI_ERROR_EMPTY, _ ("“%s” is empty: there is nothing in it to read."), self->path);
  if (length == 0)
    return FALSE;
  if (!vai_sniff_is_text (text, length))
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_A_TABLE,
                   _ ("“%s” is no text and no spreadsheet: it cannot be read as a table."), self->path);
      return FALSE;
    }
  gboolean wrapped = self->dialect.wrapped_lines;
  if (!wrapped && !vai_sniff_delimiter (self->path, text, length, &self->dialect, error))
    return FALSE;
  if (self->dialect.wrapped_lines)
    vai_delimited_unwrap (self->delimited, '"');
  self->rules = (VaiTokenRules){ .delimiter = self->dialect.delimiter, .quote = self->dialect.quote };
  return TRUE;
}

static gboolean
check_layout (VaiRows *self, GError **error)
{
  if (self->layout.n_columns > VAI_ROWS_COLUMNS_MAX)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE,
                   _ ("“%s” has %u columns; at most %d can be read. Leave out columns that say nothing about a quote."),
                   self->path, self->layout.n_columns, VAI_ROWS_COLUMNS_MAX);
      return FALSE;
    }
  if (self->has_long_line)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE,
                   _ ("The first line of “%s” is longer than %d KB, the most that can be read. Is this a table?"),
                   self->path, VAI_DELIMITED_BLOCK / 1024);
      return FALSE;
    }
  if (self->layout.first_row >= self->sample.n_records && self->whole)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_EMPTY, _ ("“%s” has a header and not a single row below it."),
                   self->path);
      return FALSE;
    }
  return TRUE;
}

static gboolean
find_layout (VaiRows *self, const VaiDialect *given, GError **error)
{
  if (self->sample.n_records == 0)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_EMPTY, _ ("“%s” has not a single row that can be read."), self->path);
      return FALSE;
    }
  vai_layout_find (&self->sample, given, self->sheet != NULL, &self->layout);
  if (!check_layout (self, error))
    return FALSE;
  self->dialect.has_header = self->layout.has_header;
  self->dialect.preamble = self->sample.records[self->layout.header].line;
  self->rules.n_columns = self->layout.n_columns;
  return TRUE;
}

static gboolean
open_delimited (VaiRows *self, const VaiDialect *given, GError **error)
{
  self->source = vai_text_source_open (self->path, given->encoding, error);
  if (self->source == NULL)
    return FALSE;
  self->delimited = vai_delimited_new (self->source);
  self->dialect.gzip = vai_text_source_is_gzip (self->source);
  self->dialect.bom = vai_text_source_has_bom (self->source);
  self->file_size = vai_text_source_get_file_size (self->source);
  return find_dialect (self, error) && cut_sample (self, error) && find_layout (self, given, error)
         && vai_rows_start (self, error);
}

static gboolean
open_sheet (VaiRows *self, const VaiDialect *given, GError **error)
{
  struct stat info;
  self->file_size = stat (self->path, &info) == 0 ? info.st_size : 0;
  self->sheet = vai_sheet_blocks_open (self->path, self->dialect.format, given->sheet, self->cancellable, error);
  if (self->sheet == NULL)
    return FALSE;
  g_free (self->dialect.sheet);
  self->dialect.sheet = g_strdup (vai_sheet_blocks_get_sheet (self->sheet));
  /* Cells set apart by tabs: how a rejected row is shown. */
  self->rules = (VaiTokenRules){ .delimiter = '\t' };
  GError *failed = NULL;
  if (!vai_sheet_blocks_start (self->sheet, 0, error))
    return FALSE;
  vai_sheet_blocks_next (self->sheet, 0, &self->sample, &failed);
  if (failed != NULL)
    {
      g_propagate_error (error, failed);
      return FALSE;
    }
  self->sample_text = g_memdup2 (self->sample.text, self->sample.length + 1);
  self->sample.text = self->sample_text;
  self->whole = TRUE;
  return find_layout (self, given, error) && vai_rows_start (self, error);
}

VaiRows *
vai_rows_open (const char *path, const VaiDialect *given, GCancellable *cancellable, GError **error)
{
  g_autoptr (VaiRows) self = g_new0 (VaiRows, 1);
  self->path = g_strdup (path);
  self->cancellable = cancellable == NULL ? NULL : g_object_ref (cancellable);
  vai_dialect_copy (&self->dialect, given);
  if (!vai_sniff_format (path, &self->dialect.format, error))
    return NULL;
  if (self->dialect.format == VAI_FORMAT_DELIMITED && given->sheet != NULL)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("“%s” is text and has no sheets, so “%s” cannot be read."),
                   path, given->sheet);
      return NULL;
    }
  gboolean opened = self->dialect.format == VAI_FORMAT_DELIMITED ? open_delimited (self, given, error)
                                                                 : open_sheet (self, given, error);
  return opened ? g_steal_pointer (&self) : NULL;
}

void
vai_rows_free (VaiRows *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->cancellable);
  vai_delimited_free (self->delimited);
  vai_sheet_blocks_free (self->sheet);
  vai_tokens_clear (&self->sample);
  g_free (self->sample_text);
  vai_layout_clear (&self->layout);
  vai_dialect_clear (&self->dialect);
  g_free (self->path);
  g_free (self);
}

void
vai_rows_set_plain (VaiRows *self)
{
  if (self->sheet != NULL)
    vai_sheet_blocks_set_plain (self->sheet);
}

const VaiDialect *
vai_rows_get_dialect (VaiRows *self)
{
  if (self->source != NULL)
    self->dialect.encoding = vai_text_source_get_encoding (self->source);
  return &self->dialect;
}

const VaiLayout *
vai_rows_get_layout (VaiRows *self)
{
  return &self->layout;
}

const VaiTokens *
vai_rows_get_sample (VaiRows *self)
{
  return &self->sample;
}

GStrv
vai_rows_dup_sheets (VaiRows *self)
{
  return self->sheet == NULL ? NULL : vai_sheet_blocks_dup_sheets (self->sheet);
}

static void
add_note (GPtrArray *notes, char *note)
{
  g_ptr_array_add (notes, note);
}

GPtrArray *
vai_rows_dup_notes (VaiRows *self)
{
  GPtrArray *notes = g_ptr_array_new_with_free_func (g_free);
  if (self->dialect.wrapped_lines)
    add_note (notes, g_strdup (_ ("Each line stood in quotes as a whole: the quotes were taken off.")));
  if (self->dialect.preamble > 0)
    add_note (notes, g_strdup_printf (ngettext ("%d line above the header was left out.",
                                                "%d lines above the header were left out.", self->dialect.preamble),
                                      self->dialect.preamble));
  if (!self->layout.has_header)
    add_note (notes, g_strdup (_ ("There is no header: the columns were given names.")));
  if (self->layout.n_renamed > 0)
    add_note (notes, g_strdup_printf (ngettext ("%u repeated column name was given a number.",
                                                "%u repeated column names were given numbers.", self->layout.n_renamed),
                                      self->layout.n_renamed));
  if (self->layout.n_unnamed > 0)
    add_note (notes, g_strdup_printf (ngettext ("%u column without a name was given one.",
                                                "%u columns without a name were given one.", self->layout.n_unnamed),
                                      self->layout.n_unnamed));
  guint64 n_foreign = self->source == NULL ? 0 : vai_text_source_get_n_foreign (self->source);
  if (n_foreign > 0 && vai_text_source_get_encoding (self->source) == VAI_ENCODING_UTF8)
    add_note (notes,
              g_strdup_printf (_ ("%" PRIu64 " bytes were no valid UTF-8 and were read as Windows-1252."), n_foreign));
  return notes;
}

guint64
vai_rows_get_file_size (VaiRows *self)
{
  return self->file_size;
}

double
vai_rows_get_fraction (VaiRows *self)
{
  return self->source == NULL ? 1 : (double) vai_text_source_get_position (self->source) / MAX (self->file_size, 1);
}

gboolean
vai_rows_start (VaiRows *self, GError **error)
{
  if (self->sheet != NULL)
    return vai_sheet_blocks_start (self->sheet, self->sample.records[self->layout.first_row].line, error);
  if (self->layout.first_row >= self->sample.n_records)
    return vai_delimited_start (self->delimited, self->sample.consumed, self->sample.n_lines, error);
  const VaiTokenRecord *first = &self->sample.records[self->layout.first_row];
  return vai_delimited_start (self->delimited, first->start, first->line, error);
}

gboolean
vai_rows_next (VaiRows *self, VaiTokens *tokens, guint64 *first_line, GError **error)
{
  if (vai_cancelled (self->cancellable, error))
    return FALSE;
  *first_line = 1;
  if (self->sheet != NULL)
    return vai_sheet_blocks_next (self->sheet, self->rules.n_columns, tokens, error);
  return vai_delimited_next (self->delimited, &self->rules, tokens, first_line, error);
}

VaiTokenRules
vai_rows_get_rules (VaiRows *self)
{
  VaiTokenRules rules = self->rules;
  rules.n_columns = 0;
  return rules;
}

char *
vai_rows_dup_reason (VaiRows *self, const VaiTokenRecord *rejected)
{
  switch (rejected->reject)
    {
    case VAI_REJECT_TOO_MANY:
      return g_strdup_printf (_ ("%u cells in a table of %u columns"), rejected->n_fields, self->layout.n_columns);
    case VAI_REJECT_TOO_FEW:
      return g_strdup_printf (_ ("only %u of %u cells"), rejected->n_fields, self->layout.n_columns);
    default:
      return g_strdup (_ ("a quote is opened and never closed"));
    }
}
