#include "vai-job-again.h"

#include "vai-error.h"
#include "vai-job-import.h"
#include "vai-job-private.h"
#include "vai-job-report.h"
#include "vai-job-score.h"
#include "vai-job-train.h"
#include "vai-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

VaiJob *
vai_job_new_again (VaiStore *store, const VaiJobRow *row, GError **error)
{
  const GType types[] = { VAI_TYPE_JOB_IMPORT, VAI_TYPE_JOB_TRAIN, VAI_TYPE_JOB_SCORE, VAI_TYPE_JOB_REPORT };
  const char *parameters = row->parameters != NULL ? row->parameters : "";
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (VaiJob) job = g_object_new (types[i], NULL);
      if (g_strcmp0 (row->kind, vai_job_get_kind (job)) != 0)
        continue;
      g_autoptr (JsonNode) node = vai_json_parse (parameters, strlen (parameters), error);
      JsonObject *object = node != NULL ? vai_json_node_get_object (node, error) : NULL;
      if (object == NULL || !VAI_JOB_GET_CLASS (job)->set_parameters (job, object, error))
        return NULL;
      vai_job_set_store (job, store);
      vai_job_set_replaced (job, row->id);
      return g_steal_pointer (&job);
    }
  g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("A job of the kind “%s” is not begun again."), row->kind);
  return NULL;
}
