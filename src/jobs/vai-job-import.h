/* A file becomes a dataset of the workspace. Needs a store. A cancelled or crashed import leaves no trace but its job
 * row. */
#pragma once

#include "vai-job.h"
#include "vai-quotes.h"

G_BEGIN_DECLS

#define VAI_TYPE_JOB_IMPORT (vai_job_import_get_type ())
G_DECLARE_FINAL_TYPE (VaiJobImport, vai_job_import, VAI, JOB_IMPORT, VaiJob)

VaiJobImport *vai_job_import_new (VaiStore *store);

/* To be filled in before the run: path and whatever else is known. Owned by @self. */
VaiQuotesOptions *vai_job_import_get_options (VaiJobImport *self);

/* NULL, the default: the name of the file without its ending. */
void vai_job_import_set_name (VaiJobImport *self, const char *name);

/* Results, owned by @self. */
const char *vai_job_import_get_dataset_id (VaiJobImport *self);
VaiQuotes *vai_job_import_get_quotes (VaiJobImport *self);

G_END_DECLS
