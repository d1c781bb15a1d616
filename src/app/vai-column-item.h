/* One column of an import that is being prepared, as a row of a list, and the cells that show it. */
#pragma once

#include "vai-import-draft.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define VAI_TYPE_COLUMN_ITEM (vai_column_item_get_type ())
G_DECLARE_FINAL_TYPE (VaiColumnItem, vai_column_item, VAI, COLUMN_ITEM, GObject)

VaiColumnItem *vai_column_item_new (VaiImportDraft *draft, guint column);
guint vai_column_item_get_index (VaiColumnItem *self);
const char *vai_column_item_get_name (VaiColumnItem *self);

/* The draft says something else of it: its cells show that. */
void vai_column_item_refresh (VaiColumnItem *self);

/* Appends the columns to @view, whose model is a selection of VaiColumnItem. */
void vai_column_item_add_columns (GtkColumnView *view);
/* A narrow window shows what must be seen to choose: the whole name, type and role. */
void vai_column_item_set_compact (GtkColumnView *view, gboolean compact);

G_END_DECLS
