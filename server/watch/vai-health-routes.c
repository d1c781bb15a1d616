/* Is the process there, can it work, and how does it go. */
#include "vai-json-build.h"
#include "vai-metrics.h"
#include "vai-route.h"
#include "vai-server.h"

#include <string.h>

static VaiReply *
answer (guint status, const char *state, const char *why)
{
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_text (builder, "status", state);
  if (why != NULL)
    {
      vai_json_add_text (builder, "reason", why);
    }
  json_builder_end_object (builder);
  return vai_reply_new_json (status, builder);
}

static VaiReply *
get_healthz (VaiCall *call)
{
  return answer (200, "ok", NULL);
}

static VaiReply *
get_readyz (VaiCall *call)
{
  g_autofree char *why = NULL;
  if (g_atomic_int_get (&call->server->draining))
    return answer (503, "draining", NULL);
  if (!vai_database_can_write (call->server->database, &why))
    return answer (503, "not_writing", why);
  return answer (200, "ready", NULL);
}

static VaiReply *
get_metrics (VaiCall *call)
{
  char *text = vai_metrics_dup_text (call->server);
  return vai_reply_new_bytes (200, "text/plain; version=0.0.4", g_bytes_new_take (text, strlen (text)));
}

/* The description of the interface. */
static VaiReply *
get_openapi (VaiCall *call)
{
  GBytes *text = g_resources_lookup_data ("/com/valutai/server/openapi.json", 0, NULL);
  return vai_reply_new_bytes (200, "application/json", text);
}

const VaiRoute vai_health_routes[] = {
  { "GET", "/healthz", VAI_ACCESS_PUBLIC, VAI_RATE_NONE, 0, NULL, get_healthz, VAI_ROUTE_INLINE },
  { "GET", "/readyz", VAI_ACCESS_PUBLIC, VAI_RATE_NONE, 0, NULL, get_readyz, VAI_ROUTE_INLINE },
  { "GET", "/metrics", VAI_ACCESS_PUBLIC, VAI_RATE_NONE, 0, NULL, get_metrics, VAI_ROUTE_INLINE },
  { "GET", "/api/v1/openapi.json", VAI_ACCESS_PUBLIC, VAI_RATE_READ, 0, NULL, get_openapi, VAI_ROUTE_INLINE },
  { NULL },
};
