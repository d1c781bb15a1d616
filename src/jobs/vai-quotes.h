/* Where quotes come from and what a person has said of them: a file or a dataset of the workspace, read and profiled in
 * one way for every job and for a front end that only looks (inspect). */
#pragma once

#include "vai-import.h"
#include "vai-profile.h"
#include "vai-store.h"

G_BEGIN_DECLS

/* All fields are owned and may be NULL. */
typedef struct
{
  char *path;              /* a file, or … */
  char *dataset_id;        /* … a dataset of the store */
  VaiImportOptions import; /* of the file; .types holds --type */
  char *outcome;
  GStrv won, lost;
  char *date;             /* the opening date */
  GStrv ignore;           /* columns left out by the person */
  GHashTable *roles;      /* column name (owned) → GINT_TO_POINTER (VaiRole) */
  GHashTable *actionable; /* column name (owned) → GINT_TO_POINTER (gboolean): what a rep can change */
  GStrv acts;             /* ids of findings to act upon, or "safe" */
} VaiQuotesOptions;

void vai_quotes_options_init (VaiQuotesOptions *self);
void vai_quotes_options_clear (VaiQuotesOptions *self);

typedef struct
{
  gatomicrefcount refs;
  VaiImport *import;      /* NULL when from a dataset; its table is as read */
  VaiDatasetRow *dataset; /* NULL when from a file */
  VaiTable *table;        /* after the acts; owned */
  VaiProfile *profile;    /* of @table, roles as acted upon; owned */
  GPtrArray *acted;       /* of char*: ids of the findings that were acted upon */
  double read_seconds, profile_seconds;
} VaiQuotes;

/* Blocking. What is not given is found; for a dataset, what was stored with it is used unless given here. @store may be
 * NULL with a file. Errors: those of vai_import_read(), vai_profile_new(), vai_profile_act() and
 * vai_store_load_table(). */
VaiQuotes *vai_quotes_load (const VaiQuotesOptions *options,
                            VaiStore *store,
                            VaiProgress *progress,
                            GCancellable *cancellable,
                            GError **error);

/* Profiles @self, which was read from a file, again by what @options now say of its columns, outcome and acts; the file
 * is not read: what they say of it is as it was. The result has no import. */
VaiQuotes *vai_quotes_again (const VaiQuotes *self,
                             const VaiQuotesOptions *options,
                             VaiProgress *progress,
                             GCancellable *cancellable,
                             GError **error);
VaiQuotes *vai_quotes_ref (VaiQuotes *self);
void vai_quotes_unref (VaiQuotes *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VaiQuotesOptions, vai_quotes_options_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiQuotes, vai_quotes_unref)

G_END_DECLS
