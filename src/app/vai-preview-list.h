/* The beginning of a file as a table: line numbers, what is left out grey, the header tinted with the types found under
 * it, and at the end the lines that cannot be read with their reason. */
#pragma once

#include "vai-preview.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define VAI_TYPE_PREVIEW_LIST (vai_preview_list_get_type ())
G_DECLARE_FINAL_TYPE (VaiPreviewList, vai_preview_list, VAI, PREVIEW_LIST, GtkWidget)

/* @preview, nullable, is not kept. */
void vai_preview_list_set (VaiPreviewList *self, const VaiPreview *preview);

/* The odd lines from anywhere in the file that was previewed, in place of those of its beginning. */
void vai_preview_list_set_odd (VaiPreviewList *self, const VaiImport *import);

/* Only lines that cannot be read, or all. */
void vai_preview_list_set_only_rejected (VaiPreviewList *self, gboolean only);

/* Takes a few of the last lines away; FALSE when there were none. */
gboolean vai_preview_list_shed (VaiPreviewList *self);

G_END_DECLS
