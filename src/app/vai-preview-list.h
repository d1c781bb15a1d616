/* The beginning of a file as a table: line numbers, what is left out grey, the header tinted with the types found under
 * it, and at the end the lines that cannot be read with their reason. */
#pragma once

#include "vai-preview.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define VAI_TYPE_PREVIEW_LIST (vai_preview_list_get_type ())
G_DECLARE_FINAL_TYPE (VaiPreviewList, vai_preview_list, VAI, PREVIEW_LIST, GtkWidget)

/* Both may be NULL. @whole: of the whole file, for lines from anywhere in it. Nothing of them is kept. */
void vai_preview_list_set (VaiPreviewList *self, const VaiPreview *preview, const VaiImport *whole);

/* Only lines that cannot be read, or all. */
void vai_preview_list_set_only_rejected (VaiPreviewList *self, gboolean only);

G_END_DECLS
