/* How a training learns and is tested: algorithm, effort, hyperparameters for those who ask, validation, seed. */
#pragma once

#include "vai-trainer.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define VAI_TYPE_TRAINING_SETTINGS (vai_training_settings_get_type ())
G_DECLARE_FINAL_TYPE (VaiTrainingSettings, vai_training_settings, VAI, TRAINING_SETTINGS, GtkWidget)

/* Is an opening date known, so that later quotes can test what earlier ones taught? */
void vai_training_settings_set_dated (VaiTrainingSettings *self, gboolean dated);

/* Signal "changed". What is wrong with what was typed, translated; NULL when nothing is. */
const char *vai_training_settings_get_problem (VaiTrainingSettings *self);

/* Only when there is no problem. */
void vai_training_settings_apply (VaiTrainingSettings *self, VaiTrainOptions *options);

G_END_DECLS
