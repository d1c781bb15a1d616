/* The fields of one quote, made from what a model knows of its columns: its facts, and what a rep can change. */
#pragma once

#include "vai-edit.h"
#include "vai-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define VAI_TYPE_QUOTE_FORM (vai_quote_form_get_type ())
G_DECLARE_FINAL_TYPE (VaiQuoteForm, vai_quote_form, VAI, QUOTE_FORM, AdwBin)

/* Signal "changed": a value, or a lock. */
GtkWidget *vai_quote_form_new (void);

/* The fields of @model, all empty; values of the same names are kept. */
void vai_quote_form_set_model (VaiQuoteForm *self, VaiModel *model);

/* One row; owned by @self, NULL without a model. A field that cannot be read is missing in it. */
const VaiFrame *vai_quote_form_get_frame (VaiQuoteForm *self);

/* How the person calls the quote; "" when she did not say. */
const char *vai_quote_form_get_ref (VaiQuoteForm *self);

/* Empties every field, or fills them from a JSON object, feature → text, or from a row of a frame of the model's
 * schema. @ref is nullable. */
void vai_quote_form_clear (VaiQuoteForm *self);
void vai_quote_form_fill (VaiQuoteForm *self, const char *ref, const char *inputs);
void vai_quote_form_fill_row (VaiQuoteForm *self, const char *ref, const VaiFrame *frame, guint row);

/* A text that is the same as long as the number of the quote and its values are; locks do not count. Free with
 * g_free(). */
char *vai_quote_form_dup_state (VaiQuoteForm *self);

/* Is no value given? */
gboolean vai_quote_form_is_empty (VaiQuoteForm *self);

/* What is to be said of @feature when what is written there is no value; NULL when it is one. Free with g_free(). */
char *vai_quote_form_dup_trouble (VaiQuoteForm *self, guint feature);

/* Indexes of locked features. Free with g_array_unref(). */
GArray *vai_quote_form_dup_locked (VaiQuoteForm *self);

/* Locks or frees the field that has the focus; FALSE when it has no lock. */
gboolean vai_quote_form_toggle_lock (VaiQuoteForm *self);

/* Sets one field and marks it with what it was. */
void vai_quote_form_try (VaiQuoteForm *self, guint feature, const char *text);

/* Back to the values before trying; FALSE when nothing was tried. */
gboolean vai_quote_form_is_trying (VaiQuoteForm *self);
gboolean vai_quote_form_stop_trying (VaiQuoteForm *self);

/* What was tried becomes the quote. */
void vai_quote_form_adopt (VaiQuoteForm *self);

/* What can be changed first, for a narrow window. */
void vai_quote_form_set_compact (VaiQuoteForm *self, gboolean compact);

/* A value as people read it: “4 weeks”, “6%”. Free with g_free(). */
char *vai_quote_dup_value (const VaiFrame *frame, guint row, guint feature);

G_END_DECLS
