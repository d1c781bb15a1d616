/* Which dataset a training learns from, and what it predicts. */
#pragma once

#include "vai-quotes.h"
#include "vai-workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define VAI_TYPE_TRAINING_DATA (vai_training_data_get_type ())
G_DECLARE_FINAL_TYPE (VaiTrainingData, vai_training_data, VAI, TRAINING_DATA, GtkWidget)

/* @dataset_id, nullable: chosen at first; else the newest. Signal "changed". */
void vai_training_data_set_workspace (VaiTrainingData *self, VaiWorkspace *workspace, const char *dataset_id);

/* Why it cannot be learned from, translated; NULL when it can. */
const char *vai_training_data_get_hindrance (VaiTrainingData *self);

/* Read and profiled; NULL until they are. */
VaiQuotes *vai_training_data_get_quotes (VaiTrainingData *self);

/* Gives its hold of them back; they are read again when it is shown again. */
void vai_training_data_forget (VaiTrainingData *self);

G_END_DECLS
