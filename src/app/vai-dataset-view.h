/* One stored dataset: what it is, what is worth a look, its first rows. */
#pragma once

#include "vai-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define VAI_TYPE_DATASET_VIEW (vai_dataset_view_get_type ())
G_DECLARE_FINAL_TYPE (VaiDatasetView, vai_dataset_view, VAI, DATASET_VIEW, GtkWidget)

/* @item, nullable: a dataset. */
void vai_dataset_view_set (VaiDatasetView *self, VaiWorkspace *workspace, VaiItem *item);

/* The lines of it that cannot be read, into a file. */
void vai_dataset_view_export_rejected (VaiDatasetView *self);

G_END_DECLS
