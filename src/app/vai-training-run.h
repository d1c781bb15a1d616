/* A training under way: how far it is, how wrong it still is, what was tried, and the ways to end it. */
#pragma once

#include "vai-page.h"

G_BEGIN_DECLS

#define VAI_TYPE_TRAINING_RUN (vai_training_run_get_type ())
G_DECLARE_FINAL_TYPE (VaiTrainingRun, vai_training_run, VAI, TRAINING_RUN, GtkWidget)

/* @task has a job with a VaiTrainingWatch. Once. Signal "cancelled": the person gave it up. */
void vai_training_run_set_task (VaiTrainingRun *self, VaiTask *task);

/* Lays its sides out by the width of @page. */
void vai_training_run_set_page (VaiTrainingRun *self, VaiPage *page);

G_END_DECLS
