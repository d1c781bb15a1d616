/* The words of a command that say which quotes are meant and how to read them: the same for inspect, train, score and
 * dataset import. */
#pragma once

#include "vai-cli.h"
#include "vai-quotes.h"

G_BEGIN_DECLS

typedef struct
{
  char *sheet, *delimiter, *encoding, *decimal, *date_order;
  GStrv types;
  char *outcome, *won, *lost, *date;
  GStrv ignore, roles, acts;
} VaiQuoteWords;

typedef enum
{
  VAI_WORDS_READING, /* how the file is written */
  VAI_WORDS_MEANING, /* and what its columns mean */
} VaiWordsExtent;

/* A growing array of GOptionEntry that fill @self; add the command's own, then vai_entries_end(). */
GArray *vai_quote_words_entries (VaiQuoteWords *self, VaiWordsExtent extent);
void vai_entries_add (GArray *entries,
                      const char *name,
                      GOptionArg kind,
                      gpointer target,
                      const char *summary,
                      const char *value);
const GOptionEntry *vai_entries_end (GArray *entries);

void vai_quote_words_clear (VaiQuoteWords *self);

/* Error USAGE. @options are initialised. */
gboolean vai_quote_words_to_import (const VaiQuoteWords *self, VaiImportOptions *options, GError **error);
gboolean
vai_quote_words_to_quotes (const VaiQuoteWords *self, const char *path, VaiQuotesOptions *options, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VaiQuoteWords, vai_quote_words_clear)

G_END_DECLS
