/* Past quotes become a model: written to a file, kept in the workspace, or both. */
#pragma once

#include "vai-job.h"
#include "vai-quotes.h"
#include "vai-trainer.h"

G_BEGIN_DECLS

#define VAI_TYPE_JOB_TRAIN (vai_job_train_get_type ())
G_DECLARE_FINAL_TYPE (VaiJobTrain, vai_job_train, VAI, JOB_TRAIN, VaiJob)

/* @store: where the dataset comes from, and where the model may be kept; nullable. */
VaiJobTrain *vai_job_train_new (VaiStore *store);

/* To be filled in before the run. Owned by @self. */
VaiQuotesOptions *vai_job_train_get_quotes_options (VaiJobTrain *self);
VaiTrainOptions *vai_job_train_get_options (VaiJobTrain *self);

/* Where the model file goes; NULL, the default: nowhere. */
void vai_job_train_set_output (VaiJobTrain *self, const char *path);

/* The model is kept in the store too; FALSE by default. Needs a store. */
void vai_job_train_set_keep (VaiJobTrain *self, gboolean keep);

/* Name in the workspace; NULL, the default: by the dataset or file. */
void vai_job_train_set_name (VaiJobTrain *self, const char *name);

/* What the training says while it runs (candidate, round, loss); called on the thread of the run. */
void vai_job_train_set_event_func (VaiJobTrain *self, VaiTrainEventFunc func, gpointer user_data);

/* Results, owned by @self. The model's ignored columns come with their reasons. */
VaiQuotes *vai_job_train_get_quotes (VaiJobTrain *self);
VaiModel *vai_job_train_get_model (VaiJobTrain *self);
GBytes *vai_job_train_get_bytes (VaiJobTrain *self);
const char *vai_job_train_get_fingerprint (VaiJobTrain *self); /* vai_model_fingerprint() */
const char *vai_job_train_get_model_id (VaiJobTrain *self);    /* NULL unless kept */

G_END_DECLS
