/* Train a model: a wizard that takes the whole window. */
#pragma once

#include "vai-page.h"

G_BEGIN_DECLS

#define VAI_TYPE_TRAINING_WIZARD (vai_training_wizard_get_type ())
G_DECLARE_FINAL_TYPE (VaiTrainingWizard, vai_training_wizard, VAI, TRAINING_WIZARD, VaiPage)

/* @dataset_id, nullable: what to learn from. */
VaiPage *vai_training_wizard_new (const char *dataset_id);

/* At its last step, on a training that was left. */
VaiPage *vai_training_wizard_new_for_task (VaiTask *task);

G_END_DECLS
