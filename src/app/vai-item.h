/* A row of the workspace as an object for lists: a dataset, model, prediction or report as of when it was read.
 * Immutable. */
#pragma once

#include "vai-store.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define VAI_TYPE_ITEM (vai_item_get_type ())
G_DECLARE_FINAL_TYPE (VaiItem, vai_item, VAI, ITEM, GObject)

/* Takes @row, of the struct that belongs to @kind. */
VaiItem *vai_item_new (VaiObject kind, gpointer row);

VaiObject vai_item_get_kind (VaiItem *self);
const char *vai_item_get_id (VaiItem *self);

/* The name of a dataset or model, the title of a report, the identifier of a quote; never NULL. */
const char *vai_item_get_name (VaiItem *self);

/* Owned by @self. NULL when it is of another kind. */
const VaiDatasetRow *vai_item_get_dataset (VaiItem *self);
const VaiModelRow *vai_item_get_model (VaiItem *self);
const VaiPredictionRow *vai_item_get_prediction (VaiItem *self);
const VaiReportRow *vai_item_get_report (VaiItem *self);

/* The item of @list (of VaiItem) with @id; NULL when there is none. A borrowed reference. */
VaiItem *vai_item_find (GListModel *list, const char *id);

G_END_DECLS
