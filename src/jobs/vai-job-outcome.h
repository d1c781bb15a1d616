/* What became of scored quotes is recorded in the workspace: one by hand, or all of a file. Needs a store. */
#pragma once

#include "vai-job.h"
#include "vai-quotes.h"

G_BEGIN_DECLS

#define VAI_TYPE_JOB_OUTCOME (vai_job_outcome_get_type ())
G_DECLARE_FINAL_TYPE (VaiJobOutcome, vai_job_outcome, VAI, JOB_OUTCOME, VaiJob)

VaiJobOutcome *vai_job_outcome_new (VaiStore *store);

typedef struct
{
  char *ref;               /* one: id of a prediction, or quote_ref … */
  char *outcome;           /* … "won", "lost" or "none" … */
  VaiQuotesOptions quotes; /* … or all of a file: path, outcome, won and lost as for training */
  char *ref_column;        /* of the file: the quote's identifier; NULL: the column with that role */
} VaiOutcomeOptions;

/* To be filled in before the run. Owned by @self. */
VaiOutcomeOptions *vai_job_outcome_get_options (VaiJobOutcome *self);

/* Results. */
guint64 vai_job_outcome_get_n_changed (VaiJobOutcome *self); /* predictions */
guint64 vai_job_outcome_get_n_unknown (VaiJobOutcome *self); /* decided quotes of the file that nobody had scored */

G_END_DECLS
