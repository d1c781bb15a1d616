/* A model becomes a report that a manager can read: *.pdf or *.html. With a store the report is kept there too. */
#pragma once

#include "vai-job.h"
#include "vai-report.h"

G_BEGIN_DECLS

#define VAI_TYPE_JOB_REPORT (vai_job_report_get_type ())
G_DECLARE_FINAL_TYPE (VaiJobReport, vai_job_report, VAI, JOB_REPORT, VaiJob)

/* @store: where the model comes from and the report is kept; nullable. */
VaiJobReport *vai_job_report_new (VaiStore *store);

typedef struct
{
  char *model_path; /* a model file, or … */
  char *model_id;   /* … a model of the store */
  char *output;     /* *.pdf or *.html; nullable when the report is kept in the store */
  char *title;      /* nullable */
  char *note;       /* nullable: set beside the title */
} VaiReportOptions;

/* To be filled in before the run. Owned by @self. */
VaiReportOptions *vai_job_report_get_options (VaiJobReport *self);

/* Result: NULL without a store. */
const char *vai_job_report_get_report_id (VaiJobReport *self);

/* A kept report, ready to be read and saved; blocking. @model_error, nullable: why its model is not there, and charts
 * may be tables: NOT_FOUND when it was deleted, else why it cannot be read. Errors: those of the store, DAMAGED. */
VaiReport *vai_job_report_load (VaiStore *store, const char *report_id, GError **model_error, GError **error);

G_END_DECLS
