/* Which columns a training learns from: one row each, with a switch, whether a rep can change it, and which way it may
 * push. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define VAI_TYPE_TRAINING_FEATURES (vai_training_features_get_type ())
G_DECLARE_FINAL_TYPE (VaiTrainingFeatures, vai_training_features, VAI, TRAINING_FEATURES, GtkWidget)

/* @columns: of VaiTrainingColumn. Signal "changed" when what is used has changed. Property "compact": one column holds
 * all. */
void vai_training_features_set_columns (VaiTrainingFeatures *self, GListModel *columns);

G_END_DECLS
