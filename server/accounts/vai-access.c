#include "vai-access.h"

#include "vai-route.h"

gboolean
vai_access_start (VaiServer *server, GError **error)
{
  return TRUE;
}

void
vai_access_stop (VaiServer *server)
{
}

VaiReply *
vai_access_check (VaiCall *call)
{
  if (call->route->access == VAI_ACCESS_PUBLIC)
    return NULL;
  return vai_reply_new_refusal (VAI_REFUSAL_UNAUTHENTICATED, NULL, "Sign in first.");
}
