/* What the kinds of jobs share. */
#pragma once

#include "vai-job.h"
#include "vai-model.h"
#include "vai-output.h"

G_BEGIN_DECLS

/* From here on time counts for @phase (a stable name), until the next one. */
void vai_job_begin_phase (VaiJob *self, const char *phase);

/* Adds a time that was measured elsewhere. */
void vai_job_add_seconds (VaiJob *self, const char *phase, double seconds);

/* In one transaction of the store: @func, if any, the end of the job, and last the file @output (nullable, prepared)
 * appears. When it fails all of it is as before. A process that dies between the renaming and the commit leaves the
 * whole file beside a job that was interrupted: the only order of the two that a second run mends by itself. Without a
 * store the file is all there is. @subject_id is read after @func. */
gboolean vai_job_store_result (VaiJob *self,
                               VaiOutput *output,
                               VaiStoreFunc func,
                               gpointer data,
                               char **subject_id,
                               GError **error);

/* Error USAGE when @output (nullable) is the file @input (nullable), or the workspace of the job. */
gboolean vai_job_check_output (VaiJob *self, const char *output, const char *input, GError **error);

/* The model in the file @path, or with @id in the store of the job. */
VaiModel *vai_job_load_model (VaiJob *self, const char *path, const char *id, GError **error);

/* Error USAGE unless the job has a store. */
gboolean vai_job_require_store (VaiJob *self, GError **error);

/* Sets member @name of a job's parameters to @path (nullable) as it is found from any folder. */
void vai_job_set_path (JsonObject *object, const char *name, const char *path);

/* The text of member @name, a copy; NULL when it has none. */
char *vai_job_dup_parameter (JsonObject *object, const char *name);

/* The job, not yet run, does again what the row @row_id says: as it begins, that row goes. */
void vai_job_set_replaced (VaiJob *self, const char *row_id);

/* The name of a file without its folder and ending. Free with g_free(). */
char *vai_job_name_of_path (const char *path);

G_END_DECLS
