/* A long task of the engine as one object that can be watched and stopped: what the application and the command line
 * share. Make one, set its options, run it once, read its results. With a store it leaves a job row; its result and its
 * end are one transaction of the store. */
#pragma once

#include "vai-progress.h"
#include "vai-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define VAI_TYPE_JOB (vai_job_get_type ())
G_DECLARE_DERIVABLE_TYPE (VaiJob, vai_job, VAI, JOB, GObject)

struct _VaiJobClass
{
  GObjectClass parent_class;

  /* "import", "train", …; names the worker thread and the job row too. */
  const char *kind;

  /* Does it, on whichever thread. */
  gboolean (*run) (VaiJob *self, GCancellable *cancellable, GError **error);

  /* Nullable: what is kept in the job row to begin it again. */
  JsonNode *(*dup_parameters) (VaiJob *self);

  /* With the one before: sets them on a new job. Error DAMAGED. */
  gboolean (*set_parameters) (VaiJob *self, JsonObject *parameters, GError **error);
};

/* "import", "train", "score", "report", "outcome". */
const char *vai_job_get_kind (VaiJob *self);

/* The workspace it works with; nullable. Before it runs. */
void vai_job_set_store (VaiJob *self, VaiStore *store);
VaiStore *vai_job_get_store (VaiJob *self);

/* Owned by @self; may be read from any thread while it runs. */
VaiProgress *vai_job_get_progress (VaiJob *self);

/* Runs it here and now. On an error nothing is left: no file, no row but that of the job itself. */
gboolean vai_job_run (VaiJob *self, GCancellable *cancellable, GError **error);

/* Runs it on a thread of its own. */
void vai_job_run_async (VaiJob *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean vai_job_run_finish (VaiJob *self, GAsyncResult *result, GError **error);

/* Phase → seconds, char* → double*, in the order that vai_job_get_phases() gives; owned by @self. */
GHashTable *vai_job_get_seconds (VaiJob *self);
const GPtrArray *vai_job_get_phases (VaiJob *self);

/* The most memory this process has held, in bytes, as of the end of the run. */
guint64 vai_job_get_peak_memory (VaiJob *self);

G_END_DECLS
