/* An import that is being prepared: what a person has said of a file so far, the beginning of it as it reads with that,
 * and, once the whole file was read on another thread, all its quotes. No widgets. Lives on the main thread; everything
 * returns at once. */
#pragma once

#include "vai-preview.h"
#include "vai-quotes.h"

G_BEGIN_DECLS

#define VAI_TYPE_IMPORT_DRAFT (vai_import_draft_get_type ())
G_DECLARE_FINAL_TYPE (VaiImportDraft, vai_import_draft, VAI, IMPORT_DRAFT, GObject)

/* Signals: "previewed", when the preview or the error is another one; "loaded", when the quotes are others, or are no
 * more; "changed", when something was said. */
VaiImportDraft *vai_import_draft_new (void);

/* A local path; forgets all that was said. */
void vai_import_draft_set_path (VaiImportDraft *self, const char *path);
const char *vai_import_draft_get_path (VaiImportDraft *self);

/* How the file is written: takes what is in @dialect (copied), forgets what was said of columns, and reads again. */
void vai_import_draft_set_dialect (VaiImportDraft *self, const VaiDialect *dialect);
/* What a person gave; the rest is to be found. */
const VaiDialect *vai_import_draft_get_dialect (VaiImportDraft *self);

/* NULL until it is read, and when it cannot be read. */
const VaiPreview *vai_import_draft_get_preview (VaiImportDraft *self);

/* Of the whole file as it reads and is profiled now; NULL until then. */
VaiQuotes *vai_import_draft_get_quotes (VaiImportDraft *self);
/* The file as a whole, before acts; NULL until it is read. */
const VaiImport *vai_import_draft_get_import (VaiImportDraft *self);

/* Why there is no preview or there are no quotes; NULL when there is no reason but that it is still being read. */
const GError *vai_import_draft_get_error (VaiImportDraft *self);
/* What @error says, with the name of the file for its whole path: the person chose it a moment ago. Free with g_free().
 */
char *vai_import_draft_dup_message (VaiImportDraft *self, const GError *error);

/* Is the file being read, or profiled again? */
gboolean vai_import_draft_is_busy (VaiImportDraft *self);
double vai_import_draft_get_fraction (VaiImportDraft *self);

/* What was said of columns, else what was found. @column counts in the table of the quotes. */
VaiRole vai_import_draft_get_role (VaiImportDraft *self, guint column);
VaiType vai_import_draft_get_type_of (VaiImportDraft *self, guint column);
void vai_import_draft_set_role (VaiImportDraft *self, const guint *columns, guint n, VaiRole role);
void vai_import_draft_set_type (VaiImportDraft *self, const guint *columns, guint n, VaiType type);
gboolean vai_import_draft_get_actionable (VaiImportDraft *self, guint column);
void vai_import_draft_set_actionable (VaiImportDraft *self, guint column, gboolean actionable);

/* Of the outcome's values, in the order of the profile. */
VaiOutcome vai_import_draft_get_outcome (VaiImportDraft *self, guint value);
void vai_import_draft_set_outcome (VaiImportDraft *self, guint value, VaiOutcome outcome);

/* Acts that are to be taken: ids of findings. */
gboolean vai_import_draft_is_acted (VaiImportDraft *self, const char *finding_id);
void vai_import_draft_set_acted (VaiImportDraft *self, const char *finding_id, gboolean acted);

/* Why it cannot go on from the file (0) or from the columns (1); NULL when it can. Translated, static. */
const char *vai_import_draft_get_obstacle (VaiImportDraft *self, guint step);

/* All that was said, for the job. @options was init'ed. */
void vai_import_draft_fill (VaiImportDraft *self, VaiQuotesOptions *options);

G_END_DECLS
